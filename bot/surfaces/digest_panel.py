"""How a team's digest is drawn: for a phone, names as plain text, nobody mentioned, calm where somebody answered."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.courier.kinds import Message
from bot.practices.practice import Value
from bot.slack.blocks import Block, actions, button, context, header, section
from bot.slack.text import Markup, day, escape, lines, markup, when
from bot.surfaces.calls import menu
from bot.surfaces.outcome import Outcome
from bot.surfaces.worth import CARRIED, carry, shown_in

CARRIES: Final = "digest"
OWED: Final = "promised"
QUIET: Final = "quiet"
LATE: Final = "digest.late"
PROMISES_SHOWN: Final = 5
COMING_SHOWN: Final = 3
WORTH_A_WORD: Final = {0, 1, 7}
"""How many days ahead a date is worth a digest; on the days between it stands in those that come anyway."""


@dataclass(frozen=True)
class Digest:
    """All that a team channel hears on a day.

    alone: names of clients that have a message of their own; answered: those of them whose message is over; quiet: all
    of them; owed: the client that each of the promises is about, in their order.
    """

    on: dt.date
    rows: Sequence[Outcome] = ()
    more: int = 0
    alone: Sequence[str] = ()
    answered: Sequence[Outcome] = ()
    quiet: Sequence[uuid.UUID] = ()
    promised: Sequence[Value] = ()
    coming: Sequence[Value] = ()
    nice: Sequence[Value] = ()
    wrap: Sequence[Markup] = ()
    owed: Sequence[uuid.UUID] = ()

    @property
    def is_worth_saying(self) -> bool:
        """Whether it is worth an interruption: something nice alone is not, nor a date that was said before."""
        is_news = any(value.on is not None and (value.on - self.on).days in WORTH_A_WORD for value in self.coming)
        return bool(self.rows or self.promised or self.wrap) or is_news


def draw(found: Digest, *, late_since: dt.datetime | None = None) -> Message:
    """Return the digest; late_since: when it was due, where it says that it is late."""
    blocks: list[Block] = [header(f"Good morning · {day(found.on)}")]
    if late_since is not None:
        blocks.append(context(_late(late_since), block_id=LATE))
    if found.quiet:
        blocks.append(section(_gone_quiet(found), block_id=carry(QUIET, found.quiet[:CARRIED])))
    blocks += _rows(found)
    if found.promised:
        blocks.append(section(_promised(found), block_id=carry(OWED, dict.fromkeys(found.owed[:PROMISES_SHOWN]))))
    blocks += [section(part) for part in (_coming(found), _nice(found), _wrap(found)) if part]
    ids = [row.place.client.id for row in found.rows]
    ways_on = button("Log a check-in", "checkin.log"), button("What is mine?", "call.today")
    blocks.append(actions(*ways_on, block_id=carry(CARRIES, ids)))
    return Message(escape(in_a_sentence(found)), blocks)


def shown_on(posted: Mapping[str, Any] | None) -> list[uuid.UUID]:
    """Return the clients that a digest showed as it was posted, in order."""
    return next((shown_in(one) for one in _block_ids(posted) if one.startswith(f"{CARRIES}:")), [])


def was_late(posted: Mapping[str, Any] | None) -> bool:
    """Return whether a digest said, as it was posted, that it was late."""
    return LATE in _block_ids(posted)


def _block_ids(posted: Mapping[str, Any] | None) -> list[str]:
    return [str(block.get("block_id", "")) for block in (posted or {}).get("blocks", ())]


def _late(due_at: dt.datetime) -> Markup:
    at = when(due_at, f"{due_at:%H:%M} UTC", "{time}")
    return markup("Later than usual: Ember could not post at {at}.", at=at)


def _gone_quiet(found: Digest) -> Markup:
    """Return who has a message of their own, then what became of those whose message is over."""
    names = lines(found.alone, ", ")
    own = "a message of its own" if len(found.alone) == 1 else "messages of their own"
    head = markup("*Gone quiet:* {names} ({own} below)", names=names, own=own) if found.alone else ""
    return lines([head, *(_answered(one, found.on) for one in found.answered)])


def _answered(row: Outcome, on: dt.date) -> Markup:
    return markup("✓ {name} · {says}", name=row.place.client.name, says=row.says(on))


def _rows(found: Digest) -> list[Block]:
    blocks: list[Block] = []
    for number, row in enumerate(found.rows):
        says = lines([Markup("*Worth a call*") if not number else "", _row(row, found.on)])
        is_waiting = row.place.is_worth_a_call
        blocks.append(section(says, accessory=menu(row.place.client.id) if is_waiting else None))
    if found.more:
        blocks.append(context(Markup(f"and {found.more} more")))
    return blocks


def _row(row: Outcome, on: dt.date) -> Markup:
    """Return "Northwind · Ana · nothing logged for 19 days (usually 7)", or what became of it."""
    place = row.place
    if not place.is_worth_a_call:
        return _answered(row, on)
    whose = f"{row.on_it}'s on it today" if row.is_taken else place.owner
    return lines([place.client.name, whose, place.due.because], " · ")


def _promised(found: Digest) -> Markup:
    more = len(found.promised) - PROMISES_SHOWN
    said = [value.text for value in found.promised[:PROMISES_SHOWN]]
    return lines([Markup("*Promised*"), *_listed(said), f"and {more} more" if more > 0 else ""])


def _coming(found: Digest) -> Markup:
    if not found.coming:
        return Markup("")
    more = len(found.coming) - COMING_SHOWN
    said = [value.text for value in found.coming[:COMING_SHOWN]]
    return lines([Markup("*Coming up*"), *_listed(said), f"and {more} more" if more > 0 else ""])


def _listed(said: Sequence[Markup]) -> list[Markup]:
    return [lines(["•", one], " ") for one in said]


def _nice(found: Digest) -> Markup:
    return lines([Markup("*Nice:*"), found.nice[0].text], " ") if found.nice else Markup("")


def _wrap(found: Digest) -> Markup:
    return lines(found.wrap) if found.wrap else Markup("")


def in_a_sentence(found: Digest) -> str:
    """Return what the digest says, for a notification and for who has it read aloud."""
    waiting = [row.place.client.name for row in found.rows if row.place.is_worth_a_call]
    parts = []
    if waiting:
        count = len(waiting) + found.more
        others = {1: "", 2: " and 1 other"}.get(count, f" and {count - 1} others")
        parts.append(f"Worth a call: {waiting[0]}{others}.")
    elif found.rows:
        parts.append("Everyone on this list has been seen to.")
    if found.promised:
        count = len(found.promised)
        parts.append("1 promise is due." if count == 1 else f"{count} promises are due.")
    if found.coming:
        count = len(found.coming)
        parts.append("1 date is coming up." if count == 1 else f"{count} dates are coming up.")
    if found.wrap:
        parts.append("This is how the week was.")
    return " ".join(["Good morning.", *parts])
