"""Which dates somebody is reminded of today: ahead of time in their morning, and alone on the day itself."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.courier import said
from bot.courier.kinds import A_MORNING
from bot.practices.milestones import ahead, duty
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.rules import LONGEST_LEAD, Step, due_leads, is_due_on_the_day
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import Member
from bot.workspaces.holidays import is_working_day
from bot.workspaces.settings import Preference, Settings

MADE_UP_FOR = 14
"""Days: mornings that were missed for longer are not made up for."""
DAYS_OFF = 10
HORIZON = LONGEST_LEAD + DAYS_OFF
"""Days: the furthest a reminder looks ahead, with days off before it."""


@dataclass(frozen=True)
class Reader:
    """Somebody on their own today, and the last day on which they had their morning before it."""

    member: Member
    today: dt.date
    since: dt.date


@dataclass(frozen=True)
class Due:
    """What one reader is reminded of: ahead of time, and what is today."""

    ahead: tuple[Coming, ...] = ()
    today: tuple[Coming, ...] = ()
    days_off: frozenset[dt.date] = frozenset()
    """Those among the days ahead on which the reader does not work."""


async def readers(session: Work, members: Mapping[Member, dt.date]) -> list[Reader]:
    """Return members on their own dates of today, with the last morning that reached each of them."""
    if not members:
        return []
    by_slack_id = {member.slack_id: member for member in members}
    furthest = min(members.values()) - dt.timedelta(days=MADE_UP_FOR)
    last: dict[uuid.UUID, dt.date] = {}
    for recipient, on in await said.dates(session, by_slack_id, A_MORNING, since=furthest):
        member = by_slack_id[recipient]
        if on < members[member]:
            last[member.id] = max(on, last.get(member.id, on))
    return [
        Reader(member, today, last.get(member.id, today - dt.timedelta(days=MADE_UP_FOR)))
        for member, today in members.items()
    ]


async def due(
    session: Work,
    asking: Collection[Reader],
    *,
    client_ids: Collection[uuid.UUID] | None = None,
    days: int = HORIZON,
) -> dict[uuid.UUID, Due]:
    """Return what each of these is reminded of, by our id, of these clients (None: of all) within so many days.

    Who has nothing is absent.
    """
    choices = await settings.preferences(session, {reader.member.id for reader in asking})
    wanted = [reader for reader in asking if choices[reader.member.id].wants_dates]
    house = await settings.read(session) if wanted else Settings()
    found: dict[uuid.UUID, Due] = {}
    for today in sorted({reader.today for reader in wanted}):
        coming = await ahead.coming(session, None, today, days, client_ids=client_ids)
        on_duty = await duty.on_duty(session, {one.client.id for one in coming}, today) if coming else {}
        for reader in (reader for reader in wanted if reader.today == today):
            theirs = [one for one in coming if _is_for(one, reader.member, on_duty)]
            is_off = _days_off(house, choices[reader.member.id])
            later = tuple(one for one in theirs if _is_ahead(one, reader, is_off))
            now = tuple(one for one in theirs if _is_today(one, reader, is_off))
            if later or now:
                off = frozenset(one.on for one in later if is_off(one.on))
                found[reader.member.id] = Due(later, now, off)
    return found


def _is_for(one: Coming, member: Member, on_duty: Mapping[uuid.UUID, uuid.UUID]) -> bool:
    """Return whether a member hears of a date: its author where nobody looks after the client any more."""
    if one.milestone.details.visibility is Visibility.ME:
        return one.milestone.author_id == member.id
    return on_duty.get(one.client.id, one.milestone.author_id) == member.id


def _days_off(house: Settings, choice: Preference) -> Callable[[dt.date], bool]:
    country = choice.country or house.country
    return lambda on: not is_working_day(on, house.workdays, country)


def _is_today(one: Coming, reader: Reader, is_off: Callable[[dt.date], bool]) -> bool:
    """Return whether somebody is told today that it is today; on a day off they were told before."""
    if one.on != reader.today or is_off(one.on):
        return False
    return _answered_on(one, reader) or is_due_on_the_day(
        one.milestone.details.leads, one.said.step if one.said is not None else None
    )


def _is_ahead(one: Coming, reader: Reader, is_off: Callable[[dt.date], bool]) -> bool:
    """Return whether somebody is told today what comes round later; what was answered today stays in sight."""
    if one.on <= reader.today:
        return False
    written_on = one.milestone.created_at.date() - dt.timedelta(days=1)
    since = max(reader.since, written_on)
    leads = one.milestone.details.leads
    step = one.said.step if one.said is not None else None
    if step is not None and not _answered_on(one, reader):
        leads = (0,) if is_due_on_the_day(leads, step) else ()
    elif step in {Step.MARKING, Step.PLANNED, Step.ON_THE_DAY}:
        leads = (*leads, 0)
    return bool(due_leads(leads, one.on, since=since, today=reader.today, is_off=is_off))


def _answered_on(one: Coming, reader: Reader) -> bool:
    return one.said is not None and one.said.at.astimezone(ZoneInfo(reader.member.tz)).date() == reader.today
