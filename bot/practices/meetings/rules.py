"""Whose meeting one is, before whom they speak there, when a calendar is read again: pure decisions."""

import datetime as dt
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.practices.clients.rules import fold

BRIEF_AHEAD: Final = dt.timedelta(minutes=15)
READ_EVERY: Final = dt.timedelta(minutes=30)
READ_WHOLE_EVERY: Final = dt.timedelta(hours=12)
"""After that a calendar is read anew even if it is the same: what lies ahead of now has moved on."""

LONGEST_REST: Final = dt.timedelta(hours=12)
JITTER: Final = 0.1
TOLD_AFTER: Final = 3
BELIEVED_FOR: Final = dt.timedelta(days=1)
"""For how long what a calendar said is gone by while it can't be read."""

NOBODYS: Final = "calendar.google.com"
"""Whose e-mails are those of calendars and rooms, not of people."""

FULL_NAME: Final = 2
"""Words: a first name alone in a title may be anybody's."""

SERIES: Final = 32
"""Characters of a key that say which series; a test ties it to the process that makes keys."""


class Why(StrEnum):
    """Why a calendar could not be read."""

    NOT_ALLOWED = "not_allowed"
    UNENCRYPTED = "unencrypted"
    UNKNOWN_SITE = "unknown_site"
    NO_ANSWER = "no_answer"
    BROKEN_OFF = "broken_off"
    TOO_SLOW = "too_slow"
    TOO_BIG = "too_big"
    LEADS_ON = "leads_on"
    CERTIFICATE = "certificate"
    NO_ENTRY = "no_entry"
    GONE = "gone"
    BUSY = "busy"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_MUCH = "too_much"
    SEALED = "sealed"
    OURS = "ours"


LASTING: Final = frozenset({Why.NOT_ALLOWED, Why.UNENCRYPTED, Why.NO_ENTRY, Why.GONE, Why.NOT_A_CALENDAR, Why.SEALED})
"""What does not pass by itself: somebody is told at once."""


class State(StrEnum):
    """What became of a meeting."""

    AHEAD = "ahead"
    HELD = "held"
    DID_NOT_HAPPEN = "did_not_happen"
    CANCELLED = "cancelled"


class Before(StrEnum):
    """Before whom they speak, in a check-in's words."""

    ONE_TO_ONE = "one_to_one"
    WITH_TEAM = "with_team"
    IN_FRONT_OF_BOSS = "in_front_of_boss"


@dataclass(frozen=True)
class Event:
    """A meeting as a calendar has it: what it is called is read, and never kept.

    key: which one it is, whenever it is moved to; attendees: those who have not declined, by e-mail, folded.
    """

    key: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    attendees: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """Somebody at a client, as far as calendars tell who that is; name: folded."""

    id: uuid.UUID
    client_id: uuid.UUID
    name: str
    email: str = ""
    reports_to: uuid.UUID | None = None


@dataclass(frozen=True)
class Match:
    """With whom a meeting is: a client, those of theirs who are there, before whom (None where nobody is known).

    counts: whether it is a conversation with them, not only one about them.
    """

    client_id: uuid.UUID
    people: frozenset[uuid.UUID] = frozenset()
    before: Before | None = None
    counts: bool = True


def series(key: str) -> str:
    """Return what the keys of all that come round together begin with; one that comes once is alone in its series."""
    return key[:SERIES]


class Book:
    """Everybody at the clients, and what the clients are called: looked up by what a calendar says.

    names: clients by folded name or alias.
    """

    def __init__(self, known: Collection[Known], names: Mapping[str, uuid.UUID]) -> None:
        self.by_email = defaultdict[str, list[Known]](list)
        self.by_name = defaultdict[str, list[Known]](list)
        for one in known:
            if one.email:
                self.by_email[one.email].append(one)
            if len(one.name.split()) >= FULL_NAME:
                self.by_name[one.name].append(one)
        self.names = names
        self._longest = max((len(name.split()) for name in (*names, *self.by_name)), default=0)

    def said_in(self, title: str) -> list[str]:
        """Return the names that stand in a title, whole words in their order, the longest first."""
        words = fold(title).split()
        runs = {
            " ".join(words[start : start + count])
            for start in range(len(words))
            for count in range(1, min(self._longest, len(words) - start) + 1)
        }
        return sorted(
            (run for run in runs if run in self.names or run in self.by_name), key=lambda run: (-len(run), run)
        )


def match(event: Event, book: Book) -> Match | None:
    """Return with whom a meeting is, None where it is with no client.

    By the attendees' e-mails, the client with most of them; else by the title, which holds the exact name of a client
    or the full name of somebody there: the longest one said.  By its title alone, it does not count where those who
    attend are all of one house: that is ours.
    """
    there = [one for mail in sorted(event.attendees) for one in book.by_email.get(mail, ())]
    said = book.said_in(event.title)
    titled = _titled(said, book)
    if there:
        counts = Counter(one.client_id for one in there)
        client_id = max(counts, key=lambda one: (counts[one], one == titled, str(one)))
    elif titled is not None:
        client_id = titled
    else:
        return None
    called = [one for name in said for one in book.by_name.get(name, ())]
    people = [one for one in [*there, *called] if one.client_id == client_id]
    is_theirs = bool(there) or len(_houses(event.attendees)) != 1
    return Match(client_id, frozenset(one.id for one in people), before(people), is_theirs)


def _houses(mails: Collection[str]) -> set[str]:
    return {house for house in (mail.rpartition("@")[2] for mail in mails) if not house.endswith(NOBODYS)}


def _titled(said: Collection[str], book: Book) -> uuid.UUID | None:
    """Return the client that a title is about; None where it says nothing, or as much of several."""
    longest = max((len(name) for name in said), default=0)
    found = set[uuid.UUID]()
    for name in said:
        if len(name) == longest:
            found |= {one.client_id for one in book.by_name.get(name, ())}
            found |= {book.names[name]} if name in book.names else set()
    return next(iter(found)) if len(found) == 1 else None


def before(people: Collection[Known]) -> Before | None:
    """Return before whom people speak: their boss where one of them reports to another who is there."""
    ids = {one.id for one in people}
    if not ids:
        return None
    if any(one.reports_to in ids - {one.id} for one in people):
        return Before.IN_FRONT_OF_BOSS
    return Before.ONE_TO_ONE if len(ids) == 1 else Before.WITH_TEAM


def next_read(now: dt.datetime, failures: int, chance: random.Random) -> dt.datetime:
    """Return when a calendar is read again: every half hour or so; twice as late after each failure, twice a day."""
    times: int = 2 ** min(failures, 10)
    rest = min(READ_EVERY * times, LONGEST_REST)
    jitter: float = chance.uniform(-JITTER, JITTER)
    return now + rest * (1 + jitter)


def is_worth_telling(why: Why, failures: int) -> bool:
    """Return whether somebody should hear that their calendar can't be read: it lasts, or it was tried three times."""
    return why in LASTING or failures >= TOLD_AFTER


def is_believed(failing_since: dt.datetime | None, now: dt.datetime) -> bool:
    """Return whether what a calendar said when it was read last is still gone by."""
    return failing_since is None or now - failing_since <= BELIEVED_FOR


def reads_whole(parsed_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Return whether a calendar is read even if nothing in it has changed."""
    return parsed_at is None or now - parsed_at >= READ_WHOLE_EVERY


def novelty(shown: Collection[str], before: Collection[str]) -> bool:
    """Return whether a brief says something that the last one did not."""
    return not set(shown) <= set(before)
