"""Where it stands what a client will need next."""

from enum import StrEnum

LONGEST = 500


class Outcome(StrEnum):
    """Where something stands that a client will need."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
