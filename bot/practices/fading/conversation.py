"""“I'll do it today”: somebody takes a client on that has gone quiet."""

from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.fading import service
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.here import Here, as_id

OVER: Final = "Nothing is open about {client} any more. Its card shows where things stand."
THEIRS: Final = "{name} is on it today already."
NOT_YOURS: Final = (
    "Kind of you. {client}'s team takes this on: tell {whom} that you would. If you speak with them anyway,"
    " press “We've spoken”."
)


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("fading.take"))(take)


async def take(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that the member will speak with a button's client today.

    Raises Refused where it is over, taken, or neither theirs nor covered by them.
    """
    async with here.work() as session:
        client = await clients.get(session, as_id(action.get("value")))
        await _require_theirs(session, client, here)
        found = await service.take(session, client.id, by=here.member, now=here.now)
        who = found.taken_by if found is not None else None
        names = await members_by_id(session, [who]) if who is not None else {}
    here.changed(client.id)
    if found is None:
        raise Refused(OVER.format(client=client.name))
    if who is not None and who != here.member.id and who in names:
        raise Refused(THEIRS.format(name=names[who].name))
    await ack()


async def _require_theirs(session: Work, client: Client, here: Here) -> None:
    """Let through whoever may change the client; what they say moves alerts."""
    try:
        await clients.require_editor(session, client, here.member)
    except clients.NotTheirs as error:
        owner = (await clients.owners(session, [client.id])).get(client.id)
        raise Refused(NOT_YOURS.format(client=client.name, whom=owner or "an admin")) from error
