"""“I'll do it today”: somebody takes a client on that has gone quiet."""

from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.fading import service
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.workspaces.directory import members_by_id
from bot.workspaces.here import Here, as_id

OVER: Final = "Nothing is open about {client} any more. Its card shows where things stand."
THEIRS: Final = "{name} is on it today already."


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("fading.take"))(take)


async def take(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that the member will speak with a button's client today.  Raises Refused where it is over or taken."""
    async with here.work() as session:
        client = await clients.get(session, as_id(action.get("value")))
        found = await service.take(session, client.id, by=here.member.id, today=here.local.date())
        who = found.taken_by if found is not None else None
        names = await members_by_id(session, [who]) if who is not None else {}
    here.changed(client.id)
    if found is None:
        raise Refused(OVER.format(client=client.name))
    if who is not None and who != here.member.id and who in names:
        raise Refused(THEIRS.format(name=names[who].name))
    await ack()
