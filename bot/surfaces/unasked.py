"""What the messages have in common that Ember starts by itself: whom there is anything to say about, and what."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.courier.kinds import Schedule
from bot.courier.policies import channel_policy
from bot.practices.catalogue import PRACTICES
from bot.practices.clients import service as clients
from bot.practices.clients.service import Listed
from bot.practices.practice import Contribution, Value
from bot.store.session import Work
from bot.surfaces.worth import places_of
from bot.workspaces.holidays import is_working_day
from bot.workspaces.visibility import Audience, Room

NOBODY: Final = Room(frozenset())
DAYS: Final = 7
LONGEST_WEEK: Final = 21
"""Days: a last working day that is longer ago was before a long rest."""


def midday(on: dt.date, tz: str = "UTC") -> dt.datetime:
    """Return an instant whose date is a day: what practices say goes by the date at the reader's, not by the hour."""
    return dt.datetime.combine(on, dt.time(12), ZoneInfo(tz))


async def today_in(session: Work, recipient: str, now: dt.datetime) -> dt.date:
    """Return the date in a team channel (Slack's id), in the zone that its digest comes in."""
    return now.astimezone(ZoneInfo((await channel_policy(session, recipient)).tz)).date()


def is_last_working_day(on: dt.date, workdays: int, country: str | None) -> bool:
    """Return whether a day is the last working day of its week, which ends before the longest rest: mostly a Friday."""
    ahead = range(1, (_last_weekday(workdays) - on.weekday()) % DAYS + 1)
    rest = (on + dt.timedelta(days=days) for days in ahead)
    return is_working_day(on, workdays, country) and not any(is_working_day(day, workdays, country) for day in rest)


def last_working_day_before(on: dt.date, workdays: int, country: str | None) -> dt.date:
    """Return the last working day of the week before the one that a day is in."""
    days = (on - dt.timedelta(days=ago) for ago in range(1, LONGEST_WEEK + 1))
    return next((day for day in days if is_last_working_day(day, workdays, country)), on - dt.timedelta(days=DAYS))


def _last_weekday(workdays: int) -> int:
    """Return the weekday on which a week ends; the later one where two rests are as long."""
    worked = [weekday for weekday in range(DAYS) if workdays >> weekday & 1]
    rests = {one: min((other - one - 1) % DAYS for other in worked) for one in worked}
    return max(worked, key=lambda weekday: (rests[weekday], weekday), default=DAYS - 1)


async def stirring(session: Work, schedules: Collection[Schedule]) -> set[uuid.UUID]:
    """Return the schedules in whose workspace some practice has somebody to speak of, in a session over all of them."""
    found: set[uuid.UUID] = set()
    by_day: dict[dt.date, list[Schedule]] = {}
    for schedule in schedules:
        by_day.setdefault(schedule.local_date, []).append(schedule)
    for on, theirs in by_day.items():
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


async def worth_a_call(session: Work, client_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among these clients that somebody should be in touch with on a day: the same ones for everybody."""
    if not client_ids:
        return set()
    found = [Listed(one, owner="") for one in (await clients.get_many(session, client_ids)).values()]
    places = await places_of(session, found, NOBODY, on)
    return {client_id for client_id, place in places.items() if place.is_worth_a_call}


async def anything(
    session: Work,
    what: Literal["digest", "morning"],
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    at: dt.datetime,
) -> bool:
    """Return whether `contributed` finds anything; once it is known that it does, no other practice is asked."""
    for contribution in _contributions(what):
        if any((await contribution(session, client_ids, audience, at)).values()):
            return True
    return False


async def contributed(
    session: Work,
    what: Literal["digest", "morning"],
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    at: dt.datetime,
) -> dict[uuid.UUID, list[Value]]:
    """Return what every practice has to say about clients, as an audience may read it, by client."""
    found: dict[uuid.UUID, list[Value]] = {}
    for contribution in _contributions(what):
        for client_id, values in (await contribution(session, client_ids, audience, at)).items():
            found.setdefault(client_id, []).extend(values)
    return found


def _contributions(what: Literal["digest", "morning"]) -> list[Contribution]:
    offered = [practice.digest if what == "digest" else practice.morning for practice in PRACTICES]
    return [contribution for contribution in offered if contribution is not None]
