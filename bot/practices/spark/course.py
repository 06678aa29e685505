"""Where a spark is going and where it has been: the days it is due and has faded, and its course over a year."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from bot.practices.spark.clock import Pause, date_of, running_day
from bot.practices.spark.rules import (
    EMPTY,
    ENOUGH_CONTACT_DAYS,
    ENOUGH_HISTORY,
    LOWEST,
    TOO_LONG,
    State,
    reading,
    touch,
)

FURTHEST = 3653
"""Days ahead: what would take more than ten years is not expected at all."""
YEAR = 365


def rebuild(days: Iterable[dt.date], ratings: Mapping[dt.date, float], pauses: Sequence[Pause]) -> State:
    """Return the state after these contact days, in whatever order they come; ratings: a day's mean, 1 to 5.

    The days of one pause are the same day on the client's own clock: the first of them counts.
    """
    state = EMPTY
    for on in sorted(set(days)):
        state = touch(state, running_day(on, pauses), ratings.get(on))
    return state


def due_on(
    state: State, cadence: int, started_on: dt.date, pauses: Sequence[Pause], *, running: bool = True
) -> dt.date | None:
    """Return the date on which the next conversation is due: a rhythm after the last contact day, or after the start.

    None for a relationship that has ended and one that is paused without an end.
    """
    if not running or _stands(pauses):
        return None
    last = state.last if state.count else running_day(started_on, pauses)
    return date_of(last + cadence, pauses)


def fade_on(
    state: State,
    cadence: float,
    started_on: dt.date,
    pauses: Sequence[Pause],
    *,
    running: bool = True,
    at: float = LOWEST,
) -> dt.date | None:
    """Return the first date without a contact on which an alert would open that opens at a probability of fading.

    None for a relationship that has ended, one that is paused without an end, and where it would take ten years.
    """
    if not running or _stands(pauses):
        return None
    start = running_day(started_on, pauses)
    last = state.last if state.count else start
    learned = max(last, state.first + ENOUGH_HISTORY) if state.count >= ENOUGH_CONTACT_DAYS else last + FURTHEST
    day = last + int(TOO_LONG * cadence) + 1  # while learning
    if day >= learned:  # from then on the level only falls
        days = range(learned, last + FURTHEST)
        place = bisect_left(days, True, key=lambda day: reading(state, cadence, day, start=start).is_too_quiet_at(at))
        if place == len(days):
            return None
        day = days[place]
    return date_of(day, pauses)


def _stands(pauses: Sequence[Pause]) -> bool:
    return any(until is None for _, until in pauses)


def course(
    days: Sequence[dt.date],
    ratings: Mapping[dt.date, float],
    cadence: float,
    pauses: Sequence[Pause],
    today: dt.date,
    points: int = 20,
) -> list[tuple[dt.date, float | None]]:
    """Return a spark's level at even steps from a year ago, or from the first contact day, until today.

    None while there was too little to go by; nothing without a contact day before today.  Two points or more.
    """
    known = sorted({day for day in days if day <= today})
    if not known or known[0] == today:
        return []
    since = max(known[0], today - dt.timedelta(days=YEAR))
    length = (today - since).days
    steps = min(points - 1, length)
    state, seen = EMPTY, 0
    found: list[tuple[dt.date, float | None]] = []
    for on in (since + dt.timedelta(days=round(length * step / steps)) for step in range(steps + 1)):
        while seen < len(known) and known[seen] <= on:
            state = touch(state, running_day(known[seen], pauses), ratings.get(known[seen]))
            seen += 1
        said = reading(state, cadence, running_day(on, pauses), start=state.first)
        found.append((on, None if said.is_learning else said.level))
    return found
