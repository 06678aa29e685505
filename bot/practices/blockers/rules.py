"""What stands in a client's way, and when another way round is asked for: pure decisions."""

import datetime as dt
from enum import StrEnum

LONGEST = 500
DAY = dt.timedelta(days=1)
ASKED_AFTER = 7 * DAY


class Side(StrEnum):
    """On whose side a blocker is."""

    OURS = "ours"
    THEIRS = "theirs"
    OUTSIDE = "outside"
    NOT_KNOWN = "not_known"


LABELS = {
    Side.OURS: "our side",
    Side.THEIRS: "their side",
    Side.OUTSIDE: "outside",
    Side.NOT_KNOWN: "not known yet",
}


def asked_from(opened_on: dt.date, noted_on: dt.date) -> dt.date:
    """Return from which day another way round is asked for: a week on, and never on the day on which it was noted."""
    return max(opened_on + ASKED_AFTER, noted_on + DAY)
