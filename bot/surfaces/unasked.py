"""What the messages have in common that Ember starts by itself: whom there is anything to say about, and what."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.courier.kinds import Schedule
from bot.practices.catalogue import PRACTICES
from bot.practices.practice import Value
from bot.store.session import Work
from bot.workspaces.holidays import is_working_day
from bot.workspaces.visibility import Audience

LAST_DAY_OF_A_WEEK: Final = 6


def midday(on: dt.date, tz: str = "UTC") -> dt.datetime:
    """Return an instant whose date is a day: what practices say goes by the date at the reader's, not by the hour."""
    return dt.datetime.combine(on, dt.time(12), ZoneInfo(tz))


def is_last_working_day(on: dt.date, workdays: int, country: str | None) -> bool:
    """Return whether a working day is the last one of its week: most often a Friday."""
    rest = (on + dt.timedelta(days=ahead) for ahead in range(1, LAST_DAY_OF_A_WEEK - on.weekday() + 1))
    return not any(is_working_day(day, workdays, country) for day in rest)


async def stirring(
    session: Work, schedules: Collection[Schedule], *, always_on: Collection[int] = ()
) -> set[uuid.UUID]:
    """Return the schedules in whose workspace some practice has somebody to speak of, in a session over all of them.

    always_on: weekdays on which nobody is asked.
    """
    found: set[uuid.UUID] = set()
    by_day: dict[dt.date, list[Schedule]] = {}
    for schedule in schedules:
        by_day.setdefault(schedule.local_date, []).append(schedule)
    for on, theirs in by_day.items():
        if on.weekday() in always_on:
            found |= {schedule.id for schedule in theirs}
            continue
        waiting = {schedule.workspace_id for schedule in theirs}
        stirred: set[uuid.UUID] = set()
        for practice in PRACTICES:
            if practice.stirring_workspaces is not None and waiting - stirred:
                stirred |= {*await practice.stirring_workspaces(session, waiting - stirred, on)}
        found |= {schedule.id for schedule in theirs if schedule.workspace_id in stirred}
    return found


async def stirred(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients of the workspace about whom there may be something to say on a day."""
    found: set[uuid.UUID] = set()
    for practice in PRACTICES:
        if practice.stirring is not None:
            found |= {*await practice.stirring(session, on)}
    return found


async def contributed(
    session: Work,
    what: Literal["digest", "morning"],
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    at: dt.datetime,
) -> dict[uuid.UUID, list[Value]]:
    """Return what every practice has to say about clients, as an audience may read it, by client."""
    found: dict[uuid.UUID, list[Value]] = {}
    for practice in PRACTICES:
        contribution = practice.digest if what == "digest" else practice.morning
        if contribution is not None:
            for client_id, values in (await contribution(session, client_ids, audience, at)).items():
                found.setdefault(client_id, []).extend(values)
    return found
