"""When an alert that a spark is fading opens and closes, and how a workspace learns from answers: pure decisions."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.practices.spark.rules import LOWEST, Reading

HIGHEST = 0.75
"""The highest probability of fading that a workspace may learn to have alerts open at; the lowest is the spark's."""
STAYS_FOR = 0.06
"""How far the probability falls, from where alerts open, before one closes by itself."""
COOL_DOWN = dt.timedelta(days=28)
"""No two alerts about one client open within this time."""
PER_MORNING = 3


class Ending(StrEnum):
    """Why an alert is over."""

    LOGGED = "logged"
    SPOKEN = "spoken"
    NOT_NOW = "not_now"
    PAUSED = "paused"
    RECOVERED = "recovered"


class Answer(StrEnum):
    """What somebody answered to an alert that says whether it was worth opening; "We've spoken" says nothing of that.

    That button says that a note was missing, so it moves nothing.
    """

    TAKEN = "taken"
    NOT_NOW = "not_now"


MOVES = {Answer.NOT_NOW: 0.01, Answer.TAKEN: -0.005}
"""How far an answer moves the probability at which alerts open.

There, a weekly client's probability grows by .008 a day: one "Not now" has alerts open about a day later, one "I'll
do it today" half a day earlier.  Twice as far up as down, it rests where two of three answers are "I'll do it today",
as many as were right on real contacts (.67).  It takes 16 answers of one kind to get from .59 to .75.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A client on whom an alert may open.

    last_on: the newest contact day; opened_on: when the latest alert opened; weight: how much the client counts when
    more alerts could open than may.
    """

    client_id: uuid.UUID
    reading: Reading
    last_on: dt.date | None = None
    opened_on: dt.date | None = None
    weight: float = 1.0

    @property
    def rank(self) -> tuple[float, int, uuid.UUID]:
        """What to sort by: the likely ones that count first, then the longest quiet."""
        return -self.reading.p_fade * self.weight, -self.reading.quiet_days, self.client_id


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the client of an open alert stands now.

    has_spoken: somebody spoke with the client after what was known when it opened; is_bare: all that is known of that
    is that it happened.
    """

    reading: Reading
    has_spoken: bool = False
    is_bare: bool = False
    is_active: bool = True
    is_aside: bool = False


def ranked(candidates: Iterable[Candidate], fade_at: float) -> list[Candidate]:
    """Return those that are too quiet where alerts open at a probability of fading, the most likely first.

    None with whom somebody spoke today.
    """
    quiet = (one for one in candidates if one.reading.quiet_days > 0 and one.reading.is_too_quiet_at(fade_at))
    return sorted(quiet, key=lambda one: one.rank)


def openings(
    candidates: Iterable[Candidate], today: dt.date, fade_at: float, *, cap: int = PER_MORNING
) -> Sequence[Candidate]:
    """Return on whom alerts open today, at most `cap` of them: the others wait in the digest."""
    return [one for one in ranked(candidates, fade_at) if has_rested(one.opened_on, today)][: max(0, cap)]


def has_rested(opened_on: dt.date | None, today: dt.date) -> bool:
    """Whether it is long enough since an alert about a client opened for another one."""
    return opened_on is None or today - opened_on >= COOL_DOWN


def ending(standing: Standing, fade_at: float) -> Ending | None:
    """Return why an open alert is over; None while it is not."""
    if standing.has_spoken:
        return Ending.SPOKEN if standing.is_bare else Ending.LOGGED
    if not standing.is_active:
        return Ending.PAUSED
    if standing.is_aside:
        return Ending.NOT_NOW
    return None if standing.reading.is_too_quiet_at(fade_at - STAYS_FOR) else Ending.RECOVERED


def has_spoken(last_on: dt.date | None, known_on: dt.date | None) -> bool:
    """Whether the newest contact day is another than was known when an alert opened."""
    return last_on is not None and (known_on is None or last_on > known_on)


def learned(fade_at: float, answers: Iterable[Answer]) -> float:
    """Return the probability at which alerts open after some answers to alerts, within its bounds."""
    for answer in answers:
        fade_at = min(max(fade_at + MOVES[answer], LOWEST), HIGHEST)
    return fade_at
