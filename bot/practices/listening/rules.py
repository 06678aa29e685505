"""What to listen for and what to ask next: pure decisions."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.practices.checkins.rules import OurRole, Signal

UNSAID = (Signal.PAUSED, Signal.TONE_CHANGED, Signal.AVOIDED_TOPIC)
LISTEN_FOR = (*UNSAID, Signal.EMOTIONAL_DECISION, Signal.OUTSIDE_WORLD, Signal.MAY_LEAVE)
WITHIN = dt.timedelta(days=45)
ENOUGH = 2
ASKED_AT_ONCE = 2
LONGEST_QUESTION = 300
LONGEST_LINE = 500

BANK = (
    "What would make this a good month for you?",
    "What is on your desk that nobody outside sees?",
    "What are you asked about most inside your company at the moment?",
    "When did working with us last feel easy, and what made it so?",
    "What do you wish we asked you more often?",
    "What would you stop doing if it were only up to you?",
    "Who has to be happy with this besides you, and what do they look at?",
    "What are you proud of this year that has nothing to do with us?",
    "What worries you about the next three months?",
    "Where did we surprise you lately, for better or worse?",
    "How do you know for yourself that a project went well?",
    "If we started over tomorrow, what would you want to keep?",
)
"""What is offered until a team makes the list its own."""

T = TypeVar("T")


@dataclass(frozen=True)
class Heard:
    """What one conversation left between the lines: its day, who was there (our ids), what was noticed and not said."""

    on: dt.date
    people: frozenset[uuid.UUID]
    signals: frozenset[Signal]
    unsaid: str = ""
    note: str = ""

    @property
    def is_worth_hearing(self) -> bool:
        """Whether anything was noticed that the next conversation should listen for."""
        return bool(self.unsaid or self.signals.intersection(LISTEN_FOR))

    @property
    def unsaid_signals(self) -> int:
        """How many signs there were of something that stayed unsaid; what it was, in words, is one of them."""
        return len(self.signals.intersection(UNSAID)) + bool(self.unsaid)


@dataclass(frozen=True)
class Opening:
    """Why somebody should be asked an open question: about what (empty: not known), what was noticed, how often."""

    topic: str
    noticed: tuple[Signal, ...]
    count: int


def last_time(heard: Sequence[Heard], people: Collection[uuid.UUID]) -> list[Heard]:
    """Return the last conversation with each of these people in which anything was noticed, each once.

    heard: newest first.  Where nobody is named, it is the last conversation of all.  A later conversation in which
    nothing was noticed ends it.
    """
    if not people:
        newest = heard[:1]
    else:
        firsts = [next((one for one in heard if person in one.people), None) for person in sorted(people)]
        newest = [one for one in heard if any(one is first for first in firsts)]
    return [one for one in newest if one.is_worth_hearing]


def openings(heard: Sequence[Heard], today: dt.date) -> dict[uuid.UUID, Opening]:
    """Return whom to ask an open question: twice in 45 days something about them stayed unsaid.

    heard: newest first; the newest words for what was not said are the topic.
    """
    lately = [one for one in heard if today - WITHIN <= one.on]
    found: dict[uuid.UUID, Opening] = {}
    for person in sorted({person for one in lately for person in one.people}):
        theirs = [one for one in lately if person in one.people]
        count = sum(one.unsaid_signals for one in theirs)
        if count >= ENOUGH:
            noticed = tuple(signal for signal in UNSAID if any(signal in one.signals for one in theirs))
            topic = next((one.unsaid for one in theirs if one.unsaid), "")
            found[person] = Opening(topic, noticed, count)
    return found


def two_to_ask(
    bank: Sequence[uuid.UUID],
    own: Mapping[uuid.UUID, Sequence[uuid.UUID]],
    people: Sequence[uuid.UUID],
    answered: Collection[tuple[uuid.UUID, uuid.UUID]],
    today: dt.date,
) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Return two questions, each with whom to ask: one of their own first, then from everybody's list.

    bank, own: ids of questions, in an order that stays; answered: (question, person).  The same day gives the same two,
    and an answer changes neither's neighbour; the next day goes on in the list.  Nobody is asked what they answered.
    """
    turn = today.toordinal()
    theirs = [(question, person) for person in people for question in own.get(person, ())]
    waiting = [pair for pair in _from(theirs, turn) if pair not in answered]
    chosen: list[tuple[uuid.UUID, uuid.UUID | None]] = [*waiting[:1]]
    for step, question in enumerate(_from(bank, ASKED_AT_ONCE * turn)):
        if len(chosen) == ASKED_AT_ONCE:
            break
        still = [person for person in _from(people, turn + step) if (question, person) not in answered]
        if still or not people:
            chosen.append((question, still[0] if still else None))
    return [*chosen, *waiting[1:]][:ASKED_AT_ONCE]


def _from(items: Sequence[T], start: int) -> Iterator[T]:
    """Yield all items, beginning with one in the middle and going round."""
    return (items[(start + step) % len(items)] for step in range(len(items)))


def shares(counts: Mapping[OurRole, int]) -> dict[OurRole, int]:
    """Return each count as a percentage of all, rounded so that they sum to 100; {} where there is nothing to count."""
    total = sum(counts.values())
    if not total:
        return {}
    exact = {role: 100 * counts[role] / total for role in OurRole if counts.get(role)}
    rounded = {role: int(share) for role, share in exact.items()}
    by_remainder = sorted(exact, key=lambda role: rounded[role] - exact[role])
    for role in by_remainder[: 100 - sum(rounded.values())]:
        rounded[role] += 1
    return rounded
