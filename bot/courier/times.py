"""When a local time comes: on every date that a zone has, once.

A date's occurrence is the first instant at which clocks there show that time or a later one.  So where clocks go
forward over it, it comes as soon as they have; where they show it twice, it comes the first time.  A date that a zone
skipped altogether (Samoa's 30 December 2011) has none.  Weekdays are a bit each, Monday's is 1 and Sunday's 64.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

EVERY_DAY = 0b1111111
DIGEST_GRACE = dt.timedelta(hours=9)
LATE_AFTER = dt.timedelta(minutes=15)

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)
_REACH = 15
"""Dates among which a weekday comes, though its date may be skipped in one week and a gap may lead past midnight."""


def mask(weekdays: Collection[int]) -> int:
    """Return weekdays (Monday is 0, as in `date.weekday`) as bits."""
    return sum({1 << weekday for weekday in weekdays})


def falls_on(on: dt.date, weekdays: int) -> bool:
    """Return whether a date is one of these weekdays."""
    return bool(weekdays >> on.weekday() & 1)


def at_local(on: dt.date, local_time: dt.time, tz: str) -> dt.datetime:
    """Return the first instant at which clocks in a zone show a date and time, or a later one; in UTC."""
    zone, wall = ZoneInfo(tz), dt.datetime.combine(on, local_time.replace(fold=0))
    early = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    if _wall(early, zone) == wall:
        return early
    low = wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC).replace(microsecond=0)
    high = early.replace(microsecond=0)
    while high - low > _SECOND:  # clocks go forward between the two, on a full second
        middle = low + (high - low) // 2 // _SECOND * _SECOND
        if _wall(middle, zone) < wall:
            low = middle
        else:
            high = middle
    return high


def has_date(on: dt.date, tz: str) -> bool:
    """Return whether clocks in a zone ever showed a date."""
    return at_local(on, dt.time.min, tz).astimezone(ZoneInfo(tz)).date() == on


def day_ends(on: dt.date, tz: str) -> dt.datetime:
    """Return the first instant after a date in a zone."""
    return at_local(on + _DAY, dt.time.min, tz)


def next_occurrence(after: dt.datetime, local_time: dt.time, tz: str, weekdays: int = EVERY_DAY) -> dt.datetime:
    """Return the first occurrence strictly after an instant, in UTC.  Raises ValueError for no weekdays at all."""
    _require_some(weekdays)
    first = after.astimezone(ZoneInfo(tz)).date() - _DAY
    dates = (first + _DAY * ahead for ahead in range(_REACH + 1))
    return next(due for due in _occurrences(dates, local_time, tz, weekdays) if due > after)


def newest_occurrence(now: dt.datetime, local_time: dt.time, tz: str, weekdays: int = EVERY_DAY) -> dt.datetime:
    """Return the last occurrence at or before an instant, in UTC.  Raises ValueError for no weekdays at all."""
    _require_some(weekdays)
    last = now.astimezone(ZoneInfo(tz)).date() + _DAY
    dates = (last - _DAY * ago for ago in range(_REACH + 2))
    return next(due for due in _occurrences(dates, local_time, tz, weekdays) if due <= now)


def newest_due(
    now: dt.datetime, local_time: dt.time, tz: str, weekdays: int = EVERY_DAY, grace: dt.timedelta = DIGEST_GRACE
) -> dt.datetime | None:
    """Return the last occurrence in (now - grace, now] whose own date has not ended yet, in UTC; None without one.

    So after days of standing still only today's is left, and after its grace none.
    """
    due = newest_occurrence(now, local_time, tz, weekdays)
    return due if now < expires_at(due, local_time, tz, grace) else None


def local_date(due: dt.datetime, local_time: dt.time, tz: str) -> dt.date:
    """Return the date that an occurrence is of: the one before its own where a gap led past midnight."""
    shown = due.astimezone(ZoneInfo(tz)).date()
    return shown if at_local(shown, local_time, tz) == due else shown - _DAY


def expires_at(due: dt.datetime, local_time: dt.time, tz: str, grace: dt.timedelta = DIGEST_GRACE) -> dt.datetime:
    """Return until when an occurrence is still worth saying: for its grace, and no longer than the day it came on."""
    shown = due.astimezone(ZoneInfo(tz)).date()
    return min(due + grace, day_ends(max(shown, local_date(due, local_time, tz)), tz))


def is_late(due: dt.datetime, now: dt.datetime) -> bool:
    """Return whether something is said so long after its time that it says so."""
    return now - due >= LATE_AFTER


def _occurrences(dates: Iterator[dt.date], local_time: dt.time, tz: str, weekdays: int) -> Iterator[dt.datetime]:
    zone = ZoneInfo(tz)
    for on in dates:
        if falls_on(on, weekdays):
            due = at_local(on, local_time, tz)
            if due.astimezone(zone).date() == on or has_date(on, tz):
                yield due


def _require_some(weekdays: int) -> None:
    if not weekdays & EVERY_DAY:
        raise ValueError("what comes at all comes on at least one weekday")


def _wall(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
