"""Which dates somebody is reminded of today: ahead of time in their morning, and alone on the day itself.

Ahead of time, too, those that were asked to be a message of their own are said alone.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

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

ALONE: Final = "milestone"
"""The kind of the message about dates that are said alone."""
TELLING_AHEAD: Final = (A_MORNING,)
"""The messages that say that somebody was told of all that was due by then in their morning."""
TELLING_ALONE: Final = (A_MORNING, ALONE)
"""Those that say so of what comes alone: on a day with nothing of the kind, the morning."""
MADE_UP_FOR = 14
"""Days: mornings that were missed for longer are not made up for."""
DAYS_OFF = 10
HORIZON = LONGEST_LEAD + DAYS_OFF
"""Days: the furthest a reminder looks ahead, with days off before it."""


@dataclass(frozen=True)
class Reader:
    """Somebody on their own today, and the last day before it on which they were told of what was due by then."""

    member: Member
    today: dt.date
    since: dt.date


@dataclass(frozen=True)
class Due:
    """What one reader is reminded of, the first one first.

    days_off: those among the days of these dates on which the reader does not work.
    """

    dates: tuple[Coming, ...] = ()
    days_off: frozenset[dt.date] = frozenset()


async def due(
    session: Work,
    asking: Mapping[Member, dt.date],
    *,
    alone: bool,
    client_ids: Collection[uuid.UUID] | None = None,
    since: dt.date | None = None,
    past: bool = False,
) -> dict[uuid.UUID, Due]:
    """Return what each of these is reminded of on a date of theirs, by our id, of these clients (None: of all).

    alone: in a message of its own, else in their morning; since: up to which day they were told before (None: as the
    messages say that reached them); past: whether their dates have gone by.  Who has nothing is absent.
    """
    choices = await settings.preferences(session, {member.id for member in asking})
    wanted = {member: today for member, today in asking.items() if choices[member.id].wants_dates}
    house = await settings.read(session) if wanted else Settings()
    found: dict[uuid.UUID, Due] = {}
    for today in sorted(set(wanted.values())):
        coming = await ahead.coming(session, None, today, HORIZON, client_ids=client_ids, alone=alone, past=past)
        if not coming:
            continue
        on_duty = await duty.on_duty(session, {one.client.id for one in coming}, today)
        members = [member for member, its in wanted.items() if its == today]
        for reader in await _readers(session, members, today, since, alone=alone):
            is_off = _days_off(house, choices[reader.member.id])
            theirs = [one for one in coming if _is_for(one, reader.member, on_duty)]
            told = tuple(one for one in theirs if _is_told(one, reader, is_off, alone=alone))
            if told:
                found[reader.member.id] = Due(told, frozenset(one.on for one in told if is_off(one.on)))
    return found


async def _readers(
    session: Work, members: Collection[Member], today: dt.date, since: dt.date | None, *, alone: bool
) -> list[Reader]:
    """Return members with the last day before today on which each of them was told, alone or in their morning.

    A morning that came is no word about what was to come alone that day and did not.
    """
    floor = today - dt.timedelta(days=MADE_UP_FOR)
    if since is not None:
        return [Reader(member, today, since) for member in members]
    who = [member.slack_id for member in members]
    last: dict[str, dt.date] = {}
    missed = await said.missed(session, who, ALONE, since=floor) if alone else set()
    for recipient, on in await said.dates(session, who, TELLING_ALONE if alone else TELLING_AHEAD, since=floor):
        if on < today and (recipient, on) not in missed:
            last[recipient] = max(on, last.get(recipient, on))
    return [Reader(member, today, last.get(member.slack_id, floor)) for member in members]


def _is_told(one: Coming, reader: Reader, is_off: Callable[[dt.date], bool], *, alone: bool) -> bool:
    """Return whether somebody is told of a date today: in a message of its own, else in their morning."""
    comes_alone = one.milestone.details.alone
    if not alone:
        return not comes_alone and _is_ahead(one, reader, is_off)
    return _is_today(one, reader, is_off) or (comes_alone and _is_ahead(one, reader, is_off))


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
    """Return whether somebody is told today what comes round later; what was answered from today on stays in sight."""
    if one.on <= reader.today:
        return False
    written_on = one.milestone.created_at.date() - dt.timedelta(days=1)
    since = max(reader.since, written_on)
    leads = one.milestone.details.leads
    step = one.said.step if one.said is not None else None
    if step is not None and _answered_before(one, reader):
        leads = (0,) if is_due_on_the_day(leads, step) else ()
    elif step in {Step.MARKING, Step.PLANNED, Step.ON_THE_DAY}:
        leads = (*leads, 0)
    return bool(due_leads(leads, one.on, since=since, today=reader.today, is_off=is_off))


def _answered_on(one: Coming, reader: Reader) -> bool:
    return _answered(one, reader) == reader.today


def _answered_before(one: Coming, reader: Reader) -> bool:
    answered = _answered(one, reader)
    return answered is not None and answered < reader.today


def _answered(one: Coming, reader: Reader) -> dt.date | None:
    return reader.member.day(one.said.at) if one.said is not None else None
