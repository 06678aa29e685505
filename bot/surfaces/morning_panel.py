"""How somebody's own morning is drawn: for a phone, each line with what can be done about it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.courier.kinds import Message
from bot.practices.practice import Section, Value
from bot.slack.blocks import Block, Element, actions, button, context, header, section
from bot.slack.text import WEEKDAYS, Markup, bold, day, escape, lines, markup
from bot.surfaces.calls import menu, spoken_button
from bot.surfaces.outcome import Outcome
from bot.surfaces.worth import CARRIED, carry, shown_in

CARRIES: Final = "morning"
VALUES_SHOWN: Final = CARRIED
ABOUT: Final = "about"


@dataclass(frozen=True)
class Item:
    """A client in a morning; asked_on: when the reader said that they would call; owner: whose client it is else."""

    outcome: Outcome
    idea: Markup
    asked_on: dt.date | None = None
    owner: str = ""


@dataclass(frozen=True)
class Morning:
    """All that somebody's morning says; about: the client that each of the values is about, in their order."""

    on: dt.date
    rows: Sequence[Item] = ()
    more: int = 0
    values: Sequence[Value] = ()
    about: Sequence[uuid.UUID] = ()

    @property
    def is_worth_saying(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.rows or self.values)


def draw(found: Morning) -> Message:
    """Return the message."""
    title = f"Your {WEEKDAYS[found.on.weekday()]}"
    blocks: list[Block] = [header(title)]
    for item in found.rows:
        blocks += _row(item, found.on)
    if found.more:
        blocks.append(context(Markup(f"and {found.more} more of your clients")))
    blocks += _values(found.values[:VALUES_SHOWN], found.about[:VALUES_SHOWN])
    if len(found.values) > VALUES_SHOWN:
        blocks.append(context(Markup(f"and {len(found.values) - VALUES_SHOWN} more")))
    ids = [item.outcome.place.client.id for item in found.rows]
    ways_on = button("Log a check-in", "checkin.log"), button("All of today", "call.today")
    blocks.append(actions(*ways_on, block_id=carry(CARRIES, ids)))
    return Message(escape(f"{title}. {_in_a_sentence(found)}"), blocks)


def shown_on(posted: Mapping[str, Any] | None) -> list[uuid.UUID]:
    """Return the clients that a morning showed as it was posted, in order."""
    found = (str(block.get("block_id", "")) for block in (posted or {}).get("blocks", ()))
    return next((shown_in(one) for one in found if one.startswith(f"{CARRIES}:")), [])


def _row(item: Item, on: dt.date) -> list[Block]:
    one = item.outcome
    client = one.place.client
    if not one.place.is_worth_a_call:
        return [section(lines([lines(["✓", bold(client.name)], " "), one.says(on)], " · "))]
    owner = f"{item.owner}'s client" if item.owner else ""
    because = lines([bold(client.name), owner, one.place.due.because], " · ")
    on_it = "You're" if one.on_it == "you" else f"{one.on_it}'s"
    taken = bold(f"{on_it} on it today") if one.is_taken else ""
    says = [_you_said(item, on), because, markup("*One idea:* {idea}", idea=item.idea), taken]
    return [section(lines(says)), actions(*_buttons(item))]


def _you_said(item: Item, on: dt.date) -> Markup:
    if item.asked_on is None:
        return Markup("")
    ago = "yesterday" if (on - item.asked_on).days == 1 else f"on {day(item.asked_on, on)}"
    return markup("You said {ago} that you'd do it. Did you speak?", ago=ago)


def _buttons(item: Item) -> list[Element]:
    client = item.outcome.place.client
    may_take = item.outcome.alert is not None and not item.outcome.is_taken
    take = [button("I'll do it today", "fading.take", value=str(client.id))] if may_take else []
    return [spoken_button(client.id, client.name), *take, menu(client.id, spoken_too=False)]


def _values(values: Sequence[Value], about: Sequence[uuid.UUID]) -> list[Block]:
    """Return the lines of the practices: those with nothing to press in one paragraph.

    The first one carries whom they are about, so that they are written anew when something about them changes.
    """
    blocks: list[Block] = []
    waiting: list[Markup] = []
    for value in values:
        if value.accessory is None and not value.buttons:
            waiting.append(value.text)
            continue
        blocks += [section(lines(waiting))] if waiting else []
        waiting = []
        blocks.append(section(value.text, accessory=value.accessory))
        if value.buttons:
            blocks.append(actions(*value.buttons))
    blocks += [section(lines(waiting))] if waiting else []
    if blocks and about:
        blocks[0] = {**blocks[0], "block_id": carry(ABOUT, dict.fromkeys(about))}
    return blocks


def _in_a_sentence(found: Morning) -> str:
    waiting = [item.outcome.place.client.name for item in found.rows if item.outcome.place.is_worth_a_call]
    count = len(waiting) + found.more
    parts = []
    if waiting:
        others = {1: "", 2: " and 1 other"}.get(count, f" and {count - 1} others")
        parts.append(f"Worth a call: {waiting[0]}{others}.")
    promised = sum(value.section is Section.PROMISES for value in found.values)
    dates = sum(value.section is Section.COMING for value in found.values)
    if promised:
        parts.append("1 promise is due." if promised == 1 else f"{promised} promises are due.")
    if dates:
        parts.append("1 date is coming up." if dates == 1 else f"{dates} dates are coming up.")
    if asked := len(found.values) - promised - dates:
        parts.append("1 question for you." if asked == 1 else f"{asked} questions for you.")
    return " ".join(parts) or "Everything on it has been seen to."
