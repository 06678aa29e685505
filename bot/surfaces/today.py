"""`/ember today`: what is worth doing now for one person, and the buttons on it.

Every press is answered with the whole panel, read afresh; the rows that were shown stay where they were.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.cadence import conversation as cadence
from bot.practices.checkins import conversation, spoken
from bot.practices.checkins import service as checkins
from bot.practices.checkins.answers import TOO_LATE
from bot.practices.checkins.panels import YESTERDAY
from bot.practices.checkins.spoken import Asked, day_of
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.surfaces import why
from bot.surfaces.card import Cards
from bot.surfaces.redraw import Redrawing
from bot.surfaces.today_panel import draw
from bot.surfaces.worth import read, shown_in
from bot.workspaces.here import Here, as_id

WORD: Final = "today"
GONE: Final = "That is taken back already. `/ember today` shows what is worth doing now."
OnChange = Callable[[Here, uuid.UUID], None]


def register(app: AsyncApp, cards: Cards) -> OnChange:
    """Connect the buttons of the panel; return who wants to know that something about a client has changed."""
    desk = Desk(cards)
    app.action(clicks("today.open"))(desk.open)
    app.action("today.spoken")(desk.spoken)
    app.action("today.yesterday")(desk.yesterday)
    app.action(clicks("today.on"))(desk.on)
    app.action("today.more")(desk.more)
    app.action("today.undo")(desk.undo)
    app.action("today.log")(desk.log)
    app.action("today.not_now")(desk.not_now)
    app.action("today.note")(desk.note)
    return desk.redrawing.changed


def is_asked_for(text: str) -> bool:
    """Return whether somebody typed nothing but the word."""
    return text.casefold().strip(" \t\n/.!?") == WORD


async def today(here: Here, shown: Sequence[uuid.UUID] = (), *, picking: uuid.UUID | None = None) -> Panel:
    """Return the panel; clients that are `shown` already keep their rows."""
    async with here.look() as session:
        found = await read(session, here, shown)
    return draw(found, now=here.now, picking=picking)


class Desk:
    """Answers the presses on the panel."""

    def __init__(self, cards: Cards) -> None:
        self.redrawing = Redrawing(today)
        self._cards = cards

    async def open(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Show the panel, or go back to it."""
        await here.show(ack, await today(here, _shown(action)))

    async def spoken(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Note that the member spoke with a client today."""
        await self._spoken(ack, here, action, Asked(as_id(action.get("value"))))

    async def yesterday(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Have what was just noted count for yesterday."""
        client_id, moves = _noted(action.get("value"))
        await self._spoken(ack, here, action, Asked(client_id, day_of(here, YESTERDAY), moves))

    async def on(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Note that it was on the day that was picked, or have what was just noted count for it."""
        client_id, moves = _noted(str(action.get("action_id")).partition(":")[2])
        picked = action.get("selected_date")
        if not picked:
            await here.show(ack, await today(here, _shown(action)))
            return
        await self._spoken(ack, here, action, Asked(client_id, day_of(here, str(picked)), moves))

    async def more(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Do what was chosen in a row's menu."""
        chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
        client_id = as_id(key)
        if chosen == YESTERDAY:
            await self._spoken(ack, here, action, Asked(client_id, day_of(here, YESTERDAY)))
        elif chosen == "pick":
            await here.show(ack, await today(here, _shown(action), picking=client_id))
        elif chosen == "why":
            await here.show(ack, await why.explain(here, client_id, back_to=str(action.get("block_id", ""))))
        else:
            await here.show(ack, await self._cards.card(here, client_id))

    async def log(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Open the form for a row's client; the row follows once it is saved."""
        self.redrawing.leave(here, as_id(action.get("value")), _shown(action))
        await conversation.log_for(ack, here, action)

    async def not_now(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Ask until when a row's client is set aside; the row follows once that is said."""
        client_id = as_id(action.get("value"))
        self.redrawing.leave(here, client_id, _shown(action))
        await cadence.ask(ack, here, client_id)

    async def note(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Open what was noted with one tap, to say more about it; the row follows once that is saved."""
        client_id, checkin_id = _noted(action.get("value"))
        self.redrawing.leave(here, client_id, _shown(action))
        await conversation.open_edit(ack, here, {**action, "value": checkin_id})

    async def undo(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Take back that the member spoke with a client; what says more by now stays, and the panel shows it."""
        self.redrawing.forget(here)
        try:
            async with here.work() as session:
                gone = await checkins.take_back(session, as_id(action.get("value")), by=here.member, now=here.now)
        except checkins.TooLateToUndo:
            raise Refused(TOO_LATE) from None
        except (checkins.UnknownCheckin, checkins.NotTheAuthor):
            raise Refused(GONE) from None
        outcome = "That is taken back." if gone is not None else ""
        await here.show(ack, replace(await today(here, _shown(action)), outcome=outcome))
        if gone is not None:
            here.changed(gone.client_id)

    async def _spoken(self, ack: AsyncAck, here: Here, action: dict[str, Any], about: Asked) -> None:
        self.redrawing.forget(here)
        await spoken.note(here, about)
        await here.show(ack, replace(await today(here, _shown(action)), outcome="That is noted."))


def _shown(action: dict[str, Any]) -> list[uuid.UUID]:
    return shown_in(action.get("block_id"))


def _noted(carried: object) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Return the client that a button is about, and the check-in where one was noted already."""
    client_id, _, checkin_id = str(carried).partition(":")
    return as_id(client_id), as_id(checkin_id) if checkin_id else None
