"""What the names of people may be, and how a place on earth is found by typing: pure decisions."""

import datetime as dt
import functools
import uuid
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, available_timezones

from bot.practices.clients.rules import LONGEST_FOLDED, LONGEST_NAME, fold

LONGEST_JOB = 120
PLACES = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class BadName(ValueError):
    """A name that nobody can have; says what to do."""


class UnknownZone(ValueError):
    """Not a time zone; says what to do."""


class BadBoss(ValueError):
    """Nobody this person can report to; says what to do."""


def check_name(name: str) -> str:
    """Return a person's name with single spaces.  Raises BadName with a sentence for its field."""
    clean = " ".join(name.split())
    folded = fold(clean)
    if not folded:
        raise BadName("A name needs at least one letter.")
    if len(clean) > LONGEST_NAME or len(folded) > LONGEST_FOLDED:
        raise BadName(f"Please keep the name to {LONGEST_NAME} characters.")
    return clean


def check_zone(tz: str | None) -> str | None:
    """Return an IANA time zone, None for none.  Raises UnknownZone."""
    if not tz:
        return None
    if tz not in available():
        raise UnknownZone("Pick a time zone from the list: type a city.")
    return tz


def check_email(email: str | None) -> str | None:
    """Return an e-mail address as it is compared, None for none."""
    return (email or "").strip().lower() or None


def check_boss(contact_id: uuid.UUID, boss_id: uuid.UUID | None, bosses: Mapping[uuid.UUID, uuid.UUID | None]) -> None:
    """Let through somebody else at the same client who does not report to this person, directly or not.

    bosses: of everybody at the client, by id.  Raises BadBoss.
    """
    if boss_id is not None and boss_id not in bosses:
        raise BadBoss("That person is not at this client. Pick again.")
    above, met = boss_id, set[uuid.UUID]()
    while above is not None and above not in met:
        if above == contact_id:
            raise BadBoss("They would report to themselves that way. Pick somebody else.")
        met.add(above)
        above = bosses.get(above)


def fits(name: str, typed: str) -> bool:
    """Return whether each word typed starts a word of a name."""
    return _starts(fold(name).split(), fold(typed).split())


def _starts(words: Sequence[str], typed: Sequence[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in typed)


@functools.cache
def available() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())


@functools.cache
def _cities() -> dict[str, list[str]]:
    places = (zone for zone in available() if zone.startswith(tuple(f"{place}/" for place in PLACES)))
    return {zone: fold(zone).split() for zone in ("UTC", *sorted(places))}


def zones(typed: str, *, first: str = "", limit: int = 100) -> list[str]:
    """Return the time zones that fit what is typed ("new y", "europe"), a preferred one first."""
    starts = fold(typed).split()
    found = [zone for zone, words in _cities().items() if _starts(words, starts)]
    return sorted(found, key=lambda zone: zone != first)[:limit]


def local_time(tz: str, now: dt.datetime) -> str:
    """Return where somebody is and how far ahead of the reader: "Madrid, 2 h ahead".

    now: aware, in the reader's zone.
    """
    city = tz.rsplit("/", 1)[-1].replace("_", " ")
    ours, theirs = now.utcoffset(), now.astimezone(ZoneInfo(tz)).utcoffset()
    minutes = ((theirs or dt.timedelta()) - (ours or dt.timedelta())) // dt.timedelta(minutes=1)
    if minutes == 0:
        return f"{city}, same time"
    hours = f"{abs(minutes) / 60:g} h"
    return f"{city}, {hours} {'ahead' if minutes > 0 else 'behind'}"
