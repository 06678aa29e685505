"""Open differences: when to settle one, and when it is brought up: pure decisions."""

import datetime as dt
from collections.abc import Callable

LONGEST_TEXT = 500
LONGEST_RESOLUTION = 300
FURTHEST_DAYS = 366
LONGEST_REST = 30
BROUGHT_UP_FOR = dt.timedelta(days=14)
"""How long a difference whose day has passed stays in somebody's mornings; its client's card goes on showing it."""

IsWorkingDay = Callable[[dt.date], bool]


class BadDay(ValueError):
    """Not a day by which anything can be settled; says what to do."""


def check_day(resolve_by: dt.date, today: dt.date) -> dt.date:
    """Return the day by which to settle a difference.  Raises BadDay for one that has passed or is far away."""
    if resolve_by < today:
        raise BadDay("That day has passed. Pick today or a later day.")
    if (resolve_by - today).days > FURTHEST_DAYS:
        raise BadDay("That is more than a year away. Pick an earlier day.")
    return resolve_by


def brought_up_on(resolve_by: dt.date, is_working_day: IsWorkingDay) -> dt.date:
    """Return the one day on which a team hears that a difference is overdue: the first working day after its last."""
    days = (resolve_by + dt.timedelta(days=days) for days in range(1, LONGEST_REST + 1))
    return next((day for day in days if is_working_day(day)), resolve_by + dt.timedelta(days=1))


def when(resolve_by: dt.date, today: dt.date) -> str:
    """Return how a day stands to today, past ones in days: "today", "tomorrow", "3 days late"; empty for later ones."""
    ahead = (resolve_by - today).days
    if ahead < 0:
        return "1 day late" if ahead == -1 else f"{-ahead} days late"
    return {0: "today", 1: "tomorrow"}.get(ahead, "")
