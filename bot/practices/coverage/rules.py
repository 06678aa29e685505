"""Whether a relationship hangs on one person there: pure decisions."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

WINDOW = dt.timedelta(days=60)
FEWEST = 2
"""One conversation says nothing about with whom we speak."""
SETTLES = dt.timedelta(days=14)
"""How long somebody has been spoken with before it is brought up that there are others."""
SAID_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Spoken:
    """How often somebody was spoken with within the last 60 days, and when first and last."""

    lately: int
    first_on: dt.date
    last_on: dt.date


def single_thread(spoken: Mapping[uuid.UUID, Spoken], there: Collection[uuid.UUID]) -> uuid.UUID | None:
    """Return with whom alone a client was spoken with lately, though others are there; None where that is not so.

    there: everybody who has not left.
    """
    if len(there) < 2:
        return None
    lately = [one for one in there if one in spoken and spoken[one].lately]
    return lately[0] if len(lately) == 1 and spoken[lately[0]].lately >= FEWEST else None


def warned_on(
    thread: uuid.UUID, spoken: Mapping[uuid.UUID, Spoken], there: Collection[uuid.UUID], today: dt.date
) -> dt.date | None:
    """Return the first day of the week in which a single thread is brought up, None outside of it: once in 60 days.

    It is counted from the day on which the last conversation with anybody else was 60 days ago.
    """
    others = [spoken[one].last_on for one in there if one != thread and one in spoken]
    began = max(others) + WINDOW if others else spoken[thread].first_on + SETTLES
    if today < began:
        return None
    day = today - (today - began) % WINDOW
    return day if today - day < SAID_FOR else None
