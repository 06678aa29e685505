"""When an alert that a spark is fading opens and closes: pure decisions."""

from enum import StrEnum


class Ending(StrEnum):
    """Why an alert is over."""

    LOGGED = "logged"
    SPOKEN = "spoken"
    NOT_NOW = "not_now"
    PAUSED = "paused"
    RECOVERED = "recovered"
