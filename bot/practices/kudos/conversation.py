"""The button that thanks a colleague for a conversation, and the one that takes it back."""

import uuid
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins.digest import conversation
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.kudos import service
from bot.practices.practice import clicks
from bot.slack.blocks import Block, Element, actions, button, context, section
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.text import Markup, markup
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.here import Here, as_id

DONE = "That is noted."
TAKEN_BACK = "Taken back. What a digest has said by now may have been read."
SAID_TO_ALL = Markup(
    "If the team has a digest on the next working day, the newest thanks stand in it; if not, in the one of Friday."
)


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action(clicks("kudos.give"))(give)
    app.action(clicks("kudos.undo"))(undo)


async def give(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Thank the author of a button's check-in."""
    async with here.work() as session:
        checkin = await service.thank(session, as_id(action.get("value")), by=here.member, on=here.local.date())
        author, client = await _called(session, checkin)
    says = markup("Thanked {author} for {what}.", author=author, what=conversation(checkin, client, here.local.date()))
    row = button("Undo", "kudos.undo", value=str(checkin.id)), _back(checkin.client_id)
    await _show(ack, here, says, [section(says), context(SAID_TO_ALL)], row, checkin)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take one's thanks back."""
    async with here.work() as session:
        checkin = await service.take_back(session, as_id(action.get("value")), by=here.member)
    if checkin is None:
        raise Refused(TAKEN_BACK)
    says = Markup(TAKEN_BACK)
    row = button("Say thanks", "kudos.give", value=str(checkin.id)), _back(checkin.client_id)
    await _show(ack, here, says, [section(says)], row, checkin)


async def _called(session: Work, checkin: Checkin) -> tuple[str, str]:
    known = await members_by_id(session, [checkin.author_id])
    author = known[checkin.author_id].name if checkin.author_id in known else "a colleague"
    return author, (await clients.get(session, checkin.client_id)).name


def _back(client_id: uuid.UUID) -> Element:
    return button("Back to the card", "card.tab:notes", value=str(client_id))


async def _show(
    ack: AsyncAck, here: Here, says: Markup, blocks: list[Block], row: tuple[Element, ...], checkin: Checkin
) -> None:
    await here.show(ack, Panel("Thanks", says, [*blocks, actions(*row)], outcome=DONE))
    here.changed(checkin.client_id)
