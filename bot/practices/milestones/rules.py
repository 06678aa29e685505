"""When a date that matters comes round, and on which days somebody is reminded: pure decisions."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

EARLIEST_YEAR = 1900
FURTHEST_YEARS = 20
YOUNGEST = 14
"""Nobody at a client is younger: a birthday with a later year was picked for its day alone."""
LONGEST_LEAD = 14
LONGEST_TITLE = 160
LONGEST_NOTE = 1000
LEADS = (14, 7, 2, 0)
MOST_DAYS_OFF = 30
LEAP_YEAR = 2000

IsOff = Callable[[dt.date], bool]


class Occasion(StrEnum):
    """What a date is about."""

    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    LAUNCH = "launch"
    FUNDING = "funding"
    PROMOTION = "promotion"
    RENEWAL = "renewal"
    EXAM = "exam"
    OTHER = "other"


class LeapDay(StrEnum):
    """When 29 February is kept in other years."""

    BEFORE = "feb28"
    AFTER = "mar1"


class Step(StrEnum):
    """What somebody said about one occurrence of a date."""

    MARKING = "marking"
    PLANNED = "planned"
    ON_THE_DAY = "on_the_day"
    SKIPPED = "skipped"


class BadDate(ValueError):
    """A date that cannot be kept; says what to do."""


@dataclass(frozen=True)
class Calendar:
    """A day of the year, kept without one where none is known: never a made-up year.

    year: of the first time.  A date that does not repeat has one.
    """

    month: int
    day: int
    year: int | None = None
    repeats: bool = True
    leap_day: LeapDay = LeapDay.BEFORE

    @property
    def is_leap_day(self) -> bool:
        """Whether this is 29 February."""
        return (self.month, self.day) == (2, 29)

    def in_year(self, year: int) -> dt.date:
        """Return the date on which it is kept in a year: 29 February by choice, where there is none."""
        if self.is_leap_day and not _is_leap(year):
            return dt.date(year, 2, 28) if self.leap_day is LeapDay.BEFORE else dt.date(year, 3, 1)
        return dt.date(year, self.month, self.day)

    def next_on(self, today: dt.date) -> dt.date | None:
        """Return when it comes round next, today included; None for one that is over."""
        if not self.repeats and self.year is not None:
            only = self.in_year(self.year)
            return only if only >= today else None
        year = max(today.year, self.year or today.year)
        coming = self.in_year(year)
        return coming if coming >= today else self.in_year(year + 1)

    def years_on(self, on: dt.date) -> int | None:
        """Return how many years it has been on a day when it comes round; None where no year is known, or none yet."""
        years = on.year - self.year if self.year is not None else 0
        return years if years > 0 else None


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def calendar(
    picked: dt.date, occasion: Occasion, *, year_counts: bool, repeats: bool, leap_day: LeapDay, today: dt.date
) -> Calendar:
    """Return a date as it is kept, from the day that somebody picked.

    What was picked for its day alone keeps no year: a birthday of the last years, a work anniversary to come.
    Raises BadDate for one that is over, or beyond anybody's planning.
    """
    if not EARLIEST_YEAR <= picked.year <= today.year + FURTHEST_YEARS:
        raise BadDate(f"Pick a day between {EARLIEST_YEAR} and {today.year + FURTHEST_YEARS}.")
    if not repeats:
        return _once(picked, leap_day, year_counts=year_counts, today=today)
    year = picked.year if year_counts and _starts(picked, occasion, today) else None
    return Calendar(picked.month, picked.day, year, repeats=True, leap_day=leap_day)


def _once(picked: dt.date, leap_day: LeapDay, *, year_counts: bool, today: dt.date) -> Calendar:
    year: int | None = picked.year
    if not year_counts:
        coming = Calendar(picked.month, picked.day, leap_day=leap_day).next_on(today)
        year = coming.year if coming is not None else None
    elif picked < today:
        raise BadDate("That day has passed. Pick one to come, or have it come round every year.")
    return Calendar(picked.month, picked.day, year, repeats=False, leap_day=leap_day)


def _starts(picked: dt.date, occasion: Occasion, today: dt.date) -> bool:
    """Return whether a picked day may be the first of its kind, from which years are counted."""
    if occasion is Occasion.BIRTHDAY:
        return picked.year <= today.year - YOUNGEST
    return occasion is not Occasion.ANNIVERSARY or picked <= today


def said_on(lead: int, occurs_on: dt.date, is_off: IsOff) -> dt.date:
    """Return the day on which somebody is reminded so many days ahead: on a day off, the last working day before."""
    nominal = occurs_on - dt.timedelta(days=lead)
    back = (nominal - dt.timedelta(days=days) for days in range(MOST_DAYS_OFF))
    return next((one for one in back if not is_off(one)), nominal)


def due_leads(
    leads: Collection[int], occurs_on: dt.date, *, since: dt.date, today: dt.date, is_off: IsOff
) -> tuple[int, ...]:
    """Return which reminders of an occurrence fall after a day and up to today, the furthest ahead first.

    since: the day up to which somebody has been reminded already, so that a morning that was missed is made up for.
    """
    if occurs_on < today:
        return ()
    found = {lead for lead in leads if since < said_on(lead, occurs_on, is_off) <= today}
    return tuple(sorted(found, reverse=True))


def is_due_on_the_day(leads: Collection[int], step: Step | None) -> bool:
    """Return whether somebody is told on the day itself: they asked for it, or said that they would do something."""
    return step is not Step.SKIPPED and (0 in leads or step is not None)


@dataclass(frozen=True)
class Roles:
    """Who looks after a client, and who does when they can't: our ids."""

    owner: uuid.UUID | None
    backup: uuid.UUID | None


def responsible(
    roles: Roles, *, present: Collection[uuid.UUID], away: Mapping[uuid.UUID, uuid.UUID | None]
) -> uuid.UUID | None:
    """Return who is reminded: whoever looks after the client, their cover while away, the backup when they are gone.

    present: who is still a full member here; away: who is away, and who covers (None: nobody).
    """
    for one in (roles.owner, roles.backup):
        if one is None or one not in present:
            continue
        if one not in away:
            return one
        cover = away[one]
        if cover in present and cover not in away:
            return cover
    return next((one for one in (roles.owner, roles.backup) if one in present), None)
