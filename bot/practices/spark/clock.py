"""A client's own clock: it counts calendar days and stands still while the client is paused."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Pause: TypeAlias = tuple[dt.date, dt.date | None]
"""The first day that does not count, and the first that counts again (None: paused without an end)."""


def running_day(on: dt.date, pauses: Sequence[Pause]) -> int:
    """Return a date as a day on the client's own clock; no two pauses overlap.

    The clock stands still from the day after a pause begins until the day it ends, so that the morning of the day on
    which somebody pauses a client reads as it did before.
    """
    return on.toordinal() - sum((min(until or on, on) - since).days for since, until in pauses if since < on)


def paused_days(since: dt.date, on: dt.date, pauses: Iterable[Pause]) -> int:
    """Return how many of the days from one date until another were paused; a day in two pauses counts once."""
    count, counted = 0, since
    for begin, end in sorted(pauses, key=lambda pause: pause[0]):
        first, last = max(begin, counted), min(end or on, on)
        if last > first:
            count += (last - first).days
            counted = last
    return count


def is_paused(on: dt.date, pauses: Sequence[Pause]) -> bool:
    """Whether a date lies in a pause."""
    return any(since <= on and (until is None or on < until) for since, until in pauses)


def date_of(day: int, pauses: Sequence[Pause]) -> dt.date | None:
    """Return the first date, not a paused one, on which a client's clock shows a day or a later one; None for never."""
    ordinal = day
    for since, until in sorted(pauses, key=lambda pause: pause[0]):
        if since.toordinal() > ordinal:
            break
        if until is None:
            return None
        ordinal += max(0, (until - since).days)
    return dt.date.fromordinal(ordinal) if ordinal <= dt.date.max.toordinal() else None
