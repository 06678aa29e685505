"""When the next conversation with a client is due: pure decisions."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

State = Literal["calm", "due", "overdue", "long_overdue"]


class Reason(StrEnum):
    """Why a client is not to be brought up for a while."""

    AWAY = "away"
    AGREED = "agreed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client stands in its rhythm.

    due_on: the local date the next conversation is due; days: since the last one, or since the start where there is
    none; because: the reason, as people read it.
    """

    state: State
    due_on: dt.date
    days: int
    because: str


def due_on(last: dt.date | None, started: dt.date, rhythm_days: int) -> dt.date:
    """Return the day the next conversation is due: a rhythm after the last contact day, or after the start."""
    return (last or started) + dt.timedelta(days=rhythm_days)


def standing(last: dt.date | None, started: dt.date, rhythm_days: int, today: dt.date) -> Standing:
    """Say where a client stands today: due on the day itself, overdue from the next, long overdue at twice the rhythm.

    last: the newest contact day, None before the first; all dates are local.  A rhythm of one day is overdue and long
    overdue on the same day: long overdue it is.
    """
    days = max(0, (today - (last or started)).days)
    return Standing(
        _state(days, rhythm_days), due_on(last, started, rhythm_days), days, _because(last, days, rhythm_days)
    )


def _state(days: int, rhythm_days: int) -> State:
    if days >= 2 * rhythm_days:
        return "long_overdue"
    if days > rhythm_days:
        return "overdue"
    return "due" if days == rhythm_days else "calm"


def _because(last: dt.date | None, days: int, rhythm_days: int) -> str:
    usual = f"(usually {rhythm_days})"
    if last is None:
        return f"nothing logged yet, {_days(days)} since the start {usual}"
    return f"nothing logged for {_days(days)} {usual}" if days else f"logged today {usual}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
