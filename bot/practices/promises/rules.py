"""Where a promise stands, and what is guessed from a note."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class PromiseState(StrEnum):
    """Where a promise stands; dropped: nobody waits for it any more."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    EXCEEDED = "exceeded"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Guess:
    """A promise read from a note, to be confirmed by a person.  theirs: they owe it to us."""

    what: str
    due: dt.date
    theirs: bool
