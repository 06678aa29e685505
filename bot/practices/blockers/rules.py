"""What stands in a client's way, and when another way round is asked for: pure decisions."""

import datetime as dt
from enum import StrEnum

LONGEST = 500
ASKED_AFTER = dt.timedelta(days=7)


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
