"""What is typed for a brief, "Priya, Omar tomorrow 2:30 pm": who is there and when, and what was not understood."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.practices.clients.rules import fold
from bot.practices.people.rules import fits
from bot.practices.people.service import Contact

__all__ = ["Line", "read"]

CLOCK: Final = r"(?<!\w)[0-9][^\s,&–-]*(?:\s*[ap]\.?m\b\.?)?"
"""Whatever starts with a digit: it may be a time."""

TIME: Final = re.compile(rf"(?:\bat\s+)?({CLOCK})", re.IGNORECASE)
ON_THE_CLOCK: Final = re.compile(r"([0-9]{1,2})(?:[:.h]([0-5][0-9]))?(h)?\s*(?:([ap])\.?m)?", re.IGNORECASE)
DAY: Final = re.compile(r"\b(?:today|(tomorrow))\b", re.IGNORECASE)
WEEKDAY: Final = re.compile(
    r"(?:\b(?:on|next)\s+)?(\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu|thurs?|fri|sat|sun)\b"
    rf"(?:[\s,]+(?:at\s+)?{CLOCK})?)",
    re.IGNORECASE,
)
BETWEEN: Final = re.compile(r"\s*(?:,|&|\band\b|\bwith\b)\s*", re.IGNORECASE)
NOON: Final = 12
HOURS: Final = 24


@dataclass(frozen=True)
class Line:
    """Who was named and for when.

    unknown: names that fit nobody there, or several people; odd: what looks like a time or a day that can be told, and
    is none.
    """

    people: Sequence[Contact]
    at: dt.datetime | None
    unknown: Sequence[str]
    odd: Sequence[str]


def read(said: str, theirs: Sequence[Contact], now: dt.datetime) -> Line:
    """Return what was typed about a client's people and a time of today or tomorrow.

    now: in the speaker's zone.
    """
    weekdays = _weekdays(said, theirs)
    odd = [found[1] for found in weekdays]
    for found in reversed(weekdays):
        said = f"{said[: found.start()]}, {said[found.end() :]}"
    times = [(found[1], _time(found[1])) for found in TIME.finditer(said)]
    odd += [words for words, time in times if time is None]
    at = next((_instant(said, time, now) for _, time in times if time is not None), None)
    people, unknown = _people(DAY.sub(",", TIME.sub(",", said)), theirs)
    return Line(people, at, unknown, odd)


def _weekdays(said: str, theirs: Sequence[Contact]) -> list[re.Match[str]]:
    """Find the days of the week, but for what somebody there is called: "fri" alone may be Frida."""
    names = {word for one in theirs for word in fold(one.name).split()}
    return [
        found
        for found in WEEKDAY.finditer(said)
        if fold(found[1]).split()[0] not in names and not any(fits(one.name, found[1]) for one in theirs)
    ]


def _time(words: str) -> dt.time | None:
    """Return the time that some words say: "14:00", "9.30", "2:30 pm", "9am", "14h"; None where they say none."""
    found = ON_THE_CLOCK.fullmatch(words.rstrip(".;!?)"))
    if found is None or not any(found.group(2, 3, 4)):
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and not 1 <= hour <= NOON:
        return None
    hour = hour % NOON + NOON * (half == "p") if half else hour
    return dt.time(hour, int(found[2] or 0)) if hour < HOURS else None


def _instant(said: str, time: dt.time, now: dt.datetime) -> dt.datetime:
    day = DAY.search(said)
    on = now.date() + dt.timedelta(days=1 if day is not None and day[1] else 0)
    return dt.datetime.combine(on, time, now.tzinfo)


def _people(said: str, theirs: Sequence[Contact]) -> tuple[list[Contact], list[str]]:
    """Return the people that are named, each by words that fit nobody else; and the names that are no such words."""
    found: dict[uuid.UUID, Contact] = {}
    unknown = []
    for name in (each for each in BETWEEN.split(said) if any(map(str.isalnum, each))):
        named = _named(name.split(), theirs)
        found |= {one.id: one for one in named}
        if not named:
            unknown.append(name.strip())
    return list(found.values()), unknown


def _named(words: Sequence[str], theirs: Sequence[Contact]) -> list[Contact]:
    """Return whom some words name, one person or several after each other; empty where a word is left over."""
    for count in range(len(words), 0, -1):
        fitting = [one for one in theirs if fits(one.name, " ".join(words[:count]))]
        if len(fitting) == 1:
            rest = _named(words[count:], theirs)
            if rest or count == len(words):
                return [*fitting, *rest]
    return []
