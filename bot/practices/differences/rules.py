"""Open differences: when to settle one, and when it is brought up: pure decisions."""

import datetime as dt

LONGEST_TEXT = 500
LONGEST_RESOLUTION = 300
FURTHEST_DAYS = 366
BROUGHT_UP_FOR = dt.timedelta(days=14)
"""How long a difference whose day has passed stays in somebody's mornings; its client's card goes on showing it."""


class BadDay(ValueError):
    """Not a day by which anything can be settled; says what to do."""


def check_day(resolve_by: dt.date, today: dt.date) -> dt.date:
    """Return the day by which to settle a difference.  Raises BadDay for one that has passed or is far away."""
    if resolve_by < today:
        raise BadDay("That day has passed. Pick today or a later day.")
    if (resolve_by - today).days > FURTHEST_DAYS:
        raise BadDay("That is more than a year away. Pick an earlier day.")
    return resolve_by


def when(resolve_by: dt.date, today: dt.date) -> str:
    """Return how a day stands to today, past ones in days: "today", "tomorrow", "3 days late"; empty for later ones."""
    ahead = (resolve_by - today).days
    if ahead < 0:
        return "1 day late" if ahead == -1 else f"{-ahead} days late"
    return {0: "today", 1: "tomorrow"}.get(ahead, "")
