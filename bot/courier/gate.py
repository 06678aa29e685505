"""Whether now is the time to speak: one gate for channels and people, when something is planned and when it is sent.

Whatever is only badly timed waits for its moment; whatever is not wanted is dropped, and so is what has a successor of
its own by then.  Planning asks about all of it; right before a message goes only about its time, since whoever writes
it asks again whether it is wanted, and the guard whether they are still one of us.  Paused clients and caps are none of
the gate's business: practices bring up no paused client, and a message's key makes it one a day.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.courier.times import EVERY_DAY, at_local, falls_on, next_occurrence

_DAY = dt.timedelta(days=1)
LONGEST_WAIT = 400
"""Steps, each at least to the end of a day or of quiet hours."""


class Why(StrEnum):
    """Why something is not said at all, in the ledger's words."""

    GONE = "they have left"
    UNWANTED = "they chose not to get it"
    NOT_TODAY = "not on a day off"
    TOO_LATE = "it would come too late"


def no_holidays(_on: dt.date) -> bool:
    """Say of no day that it is a holiday."""
    return False


@dataclass(frozen=True)
class Policy:
    """How one recipient is spoken to, at one moment, about one thing; the defaults let everything through.

    Times are local in `tz`; quiet hours may cross midnight, and where both ends are the same there are none; workdays:
    a bit each, Monday's is 1; back_on: the first day back of whoever is away; comes_daily: there is another one on the
    next working day, so this one is not kept until then.
    """

    tz: str
    quiet_from: dt.time = dt.time.min
    quiet_until: dt.time = dt.time.min
    workdays: int = EVERY_DAY
    is_holiday: Callable[[dt.date], bool] = no_holidays
    back_on: dt.date | None = None
    is_wanted: bool = True
    is_gone: bool = False
    comes_daily: bool = False


@dataclass(frozen=True)
class Send:
    """It is time."""


@dataclass(frozen=True)
class HoldUntil:
    """It is not time yet."""

    at: dt.datetime


@dataclass(frozen=True)
class Drop:
    """It is not said."""

    why: Why


Verdict: TypeAlias = Send | HoldUntil | Drop


def gate(policy: Policy, due: dt.datetime, now: dt.datetime, *, expires_at: dt.datetime | None = None) -> Verdict:
    """Return what to do now about something that is due at an instant and of no use from `expires_at` on."""
    unwanted = _unwanted(policy)
    if unwanted is not None:
        return Drop(unwanted)
    wanted_at = max(due, now)
    at = next_moment(policy, wanted_at)
    if at is None or (expires_at is not None and at >= expires_at):
        return Drop(Why.TOO_LATE)
    if policy.comes_daily and _date(policy, at) != _date(policy, wanted_at):
        return Drop(Why.NOT_TODAY)
    return HoldUntil(at) if at > now else Send()


def next_moment(policy: Policy, at: dt.datetime) -> dt.datetime | None:
    """Return the first instant from one on at which people are there and it is not quiet; None if none comes."""
    if policy.back_on is not None:
        at = max(at, at_local(policy.back_on, dt.time.min, policy.tz))
    for _ in range(LONGEST_WAIT):
        today = _date(policy, at)
        if not falls_on(today, policy.workdays) or policy.is_holiday(today):
            at = next_occurrence(at, dt.time.min, policy.tz)
            continue
        quiet_until = _quiet_until(policy, today, at)
        if quiet_until is None:
            return at
        at = quiet_until
    return None


def _unwanted(policy: Policy) -> Why | None:
    if policy.is_gone:
        return Why.GONE
    return None if policy.is_wanted else Why.UNWANTED


def _quiet_until(policy: Policy, today: dt.date, at: dt.datetime) -> dt.datetime | None:
    """Return when the quiet hours end that hold at an instant: as instants, since clocks may show a time twice."""
    if policy.quiet_from == policy.quiet_until:
        return None
    nights = _DAY if policy.quiet_until < policy.quiet_from else dt.timedelta()
    for begins_on in (today - _DAY, today):
        starts = at_local(begins_on, policy.quiet_from, policy.tz)
        ends = at_local(begins_on + nights, policy.quiet_until, policy.tz)
        if starts <= at < ends:
            return ends
    return None


def _date(policy: Policy, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(policy.tz)).date()
