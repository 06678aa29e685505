"""When the next conversation with a client is due: pure decisions."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.practices.spark.clock import Pause, paused_days
from bot.practices.spark.rules import in_days

State = Literal["calm", "due", "overdue", "long_overdue"]


class Reason(StrEnum):
    """Why a client is not to be brought up for a while."""

    AWAY = "away"
    AGREED = "agreed"
    OTHER = "other"

    @property
    def label(self) -> str:
        """How people read it."""
        return _LABELS[self]


class Span(StrEnum):
    """For how long a client is set aside."""

    TOMORROW = "tomorrow"
    WEEK = "week"
    MONTH = "month"
    DAY = "day"


_LABELS = {Reason.AWAY: "they're away", Reason.AGREED: "we agreed to pause", Reason.OTHER: "other"}
_STATES: dict[State, str] = {
    "calm": "calm",
    "due": "due today",
    "overdue": "overdue",
    "long_overdue": "long overdue",
}
LONGEST_DAYS = 365


class NoDay(ValueError):
    """A day was to be picked, and none was; says what to do."""


class DayPassed(ValueError):
    """The day that a client is set aside until is not ahead; says what to do."""


class TooFar(ValueError):
    """The day that a client is set aside until is too far ahead; says what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands in its rhythm.

    due_on: the local date the next conversation is due; days: since the last one, or since the start where there is
    none, without paused ones; because: the reason, as people read it.
    """

    state: State
    due_on: dt.date
    days: int
    because: str

    @property
    def label(self) -> str:
        """The state, as people read it."""
        return _STATES[self.state]


def due_on(last: dt.date | None, started: dt.date, rhythm_days: int, paused: int = 0) -> dt.date:
    """Return the day the next conversation is due: a rhythm after the last contact day, or after the start."""
    return (last or started) + dt.timedelta(days=rhythm_days + paused)


def standing(
    last: dt.date | None, started: dt.date, rhythm_days: int, today: dt.date, *, pauses: Iterable[Pause] = ()
) -> Standing:
    """Say where a client stands today: due on the day itself, overdue from the next, long overdue at twice the rhythm.

    last: the newest contact day, None before the first; all dates are local.  Paused days do not count.  A rhythm of
    one day is overdue and long overdue on the same day: long overdue it is.
    """
    since = last or started
    paused = paused_days(since, today, pauses)
    days = max(0, (today - since).days)
    state = _state(days - paused, rhythm_days)
    due = due_on(last, started, rhythm_days, paused)
    return Standing(state, due, days - paused, _because(last, days, paused, rhythm_days))


def set_aside_until(span: Span, picked: dt.date | None, today: dt.date) -> dt.date:
    """Return the first day on which a client is brought up again; a day that was picked counts before the span.

    Raises NoDay, DayPassed or TooFar with a sentence for the field.
    """
    if picked is None:
        return _after(span, today)
    if picked <= today:
        raise DayPassed("Pick a day after today.")
    if picked > today + dt.timedelta(days=LONGEST_DAYS):
        raise TooFar("Pick a day within a year, or pause the client on its card.")
    return picked


def _after(span: Span, today: dt.date) -> dt.date:
    if span is Span.DAY:
        raise NoDay("Pick the day, or choose another answer above.")
    if span is Span.MONTH:
        year, month = (today.year, today.month + 1) if today.month < 12 else (today.year + 1, 1)
        return dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    return today + dt.timedelta(days=1 if span is Span.TOMORROW else 7)


def _state(days: int, rhythm_days: int) -> State:
    if days >= 2 * rhythm_days:
        return "long_overdue"
    if days > rhythm_days:
        return "overdue"
    return "due" if days == rhythm_days else "calm"


def _because(last: dt.date | None, days: int, paused: int, rhythm_days: int) -> str:
    usual = f"(usually {rhythm_days})"
    still = f", {paused} of them paused" if paused else ""
    if last is None:
        return f"nothing logged yet, {in_days(days)} since the start{still} {usual}"
    return f"nothing logged for {in_days(days)}{still} {usual}" if days else f"logged today {usual}"
