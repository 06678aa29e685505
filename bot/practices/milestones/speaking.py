"""What is said about dates that matter by itself: on cards, in digests and mornings, and in a message of its own.

That message says what is today, and ahead of time what was asked to come alone.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.courier import policies
from bot.courier.gate import Drop, Policy, gate
from bot.courier.kinds import Delivery, Message, Occurrence, Schedule, Speech
from bot.courier.rows import Op
from bot.courier.times import day_ends
from bot.practices.milestones import ahead, drawing, duty, reminding, rows, service, wording
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.reminding import HORIZON, Due
from bot.practices.practice import Section, Value
from bot.slack.blocks import button, section
from bot.slack.text import Markup, lines, markup
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces import directory, settings
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, Person

KIND: Final = reminding.ALONE
DIGEST_DAYS: Final = 7
ON_CARD: Final = 3


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what comes round next for each client: "Coming up: Tue 21, Priya, 5 years at Northwind"."""
    today = now.date()
    by_client: dict[uuid.UUID, list[Coming]] = {}
    for one in await ahead.coming(session, audience, today, None, client_ids=client_ids):
        by_client.setdefault(one.client.id, []).append(one)
    return {client_id: _on_card(client_id, theirs, today) for client_id, theirs in by_client.items()}


def _on_card(client_id: uuid.UUID, theirs: Sequence[Coming], today: dt.date) -> list[Value]:
    shown = theirs if len(theirs) <= ON_CARD + 1 else theirs[:ON_CARD]
    values = []
    for place, one in enumerate(shown):
        said = lines([_in_short(one, today, one.what), one.answered], " · ")
        text = lines([Markup("*Coming up:*"), said], " ") if place == 0 else said
        values.append(Value(Section.COMING, text, -place, one.milestone.id, drawing.edit_button(one), on=one.on))
    if len(shown) < len(theirs):
        every = button("All dates", "milestone.list", value=str(client_id))
        more = Markup(f"and {len(theirs) - len(shown)} more dates")
        values.append(Value(Section.COMING, more, -ON_CARD, accessory=every))
    return values


def _in_short(one: Coming, today: dt.date, what: str) -> Markup:
    return markup("{when}, {what}", when=wording.short_day(one.on, today), what=what)


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what comes round within a week, for a room to read: the day and what it is, nothing else."""
    today = now.date()
    found: dict[uuid.UUID, list[Value]] = {}
    for one in await ahead.coming(session, audience, today, DIGEST_DAYS, client_ids=client_ids):
        if not one.is_skipped:
            text = _in_short(one, today, wording.with_client(one.what, one.client.name))
            value = Value(Section.COMING, text, -(one.on - today).days, one.milestone.id, on=one.on)
            found.setdefault(one.client.id, []).append(value)
    return found


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what one person is reminded of ahead of time, dates they wrote about any client among it.

    What is today is said alone, and so is what was asked to be.
    """
    today = now.date()
    member = await _person(session, audience)
    if member is None:
        return {}
    written = await rows.authors(session, today + dt.timedelta(days=HORIZON), of=member.id)
    asked_of = {*client_ids, *(client_id for _, client_id, _ in written)}
    due = (await reminding.due(session, {member: today}, alone=False, client_ids=asked_of)).get(member.id, Due())
    found: dict[uuid.UUID, list[Value]] = {}
    for one in due.dates:
        row = drawing.buttons(one, today, works_that_day=one.on not in due.days_off)
        text, weight = drawing.line(one, today), -(one.on - today).days
        value = Value(Section.COMING, text, weight, one.milestone.id, buttons=row, on=one.on)
        found.setdefault(one.client.id, []).append(value)
    return found


async def _person(session: Work, audience: Audience) -> Member | None:
    if not isinstance(audience, Person):
        return None
    return (await directory.members_by_id(session, [audience.id])).get(audience.id)


async def stirring(session: Work, on: dt.date) -> Collection[uuid.UUID]:
    """Return the clients with a date near enough for a reminder, by the index of what comes round next."""
    return await rows.near(session, on + dt.timedelta(days=HORIZON))


async def stirring_workspaces(
    session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date
) -> Collection[uuid.UUID]:
    """Return those among many workspaces that have a date near enough for a reminder."""
    return await rows.near_in(session, workspace_ids, on + dt.timedelta(days=HORIZON))


async def writers(session: Work, on: dt.date, duty: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the members who may be reminded on a day of what they wrote: for themselves alone, or with nobody on duty.

    By our ids; duty: the clients that somebody looks after on that day.
    """
    written = await rows.authors(session, on + dt.timedelta(days=HORIZON))
    return {author for author, client_id, seen in written if seen is Visibility.ME or client_id not in duty}


async def all_writers(session: Work) -> set[uuid.UUID]:
    """Return the members, by our ids, who wrote any date that is still to come round."""
    return {author for author, _, _ in await rows.authors(session, dt.date.max)}


async def decide(session: Work, schedules: Sequence[Schedule], now: dt.datetime) -> Sequence[Occurrence]:
    """Return one message for each person for whom something is today or said alone, due until their day is over.

    However many dates those are, it is one message: nobody gets a second one beside their morning.
    """
    until = max((one.local_date for one in schedules), default=dt.date.min) + dt.timedelta(days=HORIZON)
    if not await rows.near(session, until):  # nothing has passed either
        return []
    await service.advance(session, now)
    known = await directory.find_members(session, [schedule.recipient for schedule in schedules])
    asked = {known[one.recipient]: one for one in schedules if one.recipient in known}
    how = await policies.person_policies(session, asked, now)
    asked = {member: one for member, one in asked.items() if _is_in_time(how[member.id], one, now)}
    dates = {member: schedule.local_date for member, schedule in asked.items()}
    due = await reminding.due(session, dates, alone=True)
    found = [(schedule, due[member.id]) for member, schedule in asked.items() if member.id in due]
    return [_occurrence(schedule) for schedule, theirs in found if any(not one.is_skipped for one in theirs.dates)]


def _is_in_time(policy: Policy, schedule: Schedule, now: dt.datetime) -> bool:
    """Return whether somebody can be told before the day is over: they are there, and quiet hours end by then."""
    over = day_ends(schedule.local_date, schedule.tz)
    return not isinstance(gate(policy, schedule.due_at, now, expires_at=over), Drop)


def _occurrence(schedule: Schedule) -> Occurrence:
    return occurrence(schedule.recipient, schedule.local_date, schedule.tz, schedule.due_at)


def occurrence(recipient: str, on: dt.date, tz: str, due_at: dt.datetime) -> Occurrence:
    """Return the message to somebody (Slack's id) about what is said alone on a day, of use until it is over."""
    return Occurrence(recipient, KIND, on, due_at, day_ends(on, tz))


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write the message about a day's dates; None where there are none, once it stands there a line that says so."""
    member = (await directory.find_members(session, [delivery.recipient])).get(delivery.recipient)
    if member is None:
        return None
    past = delivery.local_date < member.day(now)
    due = await todays(session, member, delivery.local_date, past=past)
    found = list(due.dates)
    if delivery.op is Op.POST:
        found = [one for one in found if not one.is_skipped]
    elif not found and (await settings.preferences(session, [member.id]))[member.id].wants_dates:
        return Message(drawing.REMOVED, (section(Markup(drawing.REMOVED)),))
    if not found:
        return None
    panel = drawing.todays(found, delivery.local_date, due.days_off)
    return Message(panel.text, tuple(panel.blocks))


async def todays(
    session: Work, member: Member, on: dt.date, *, since: dt.date | None = None, past: bool = False
) -> Due:
    """Return what a member is told about on a day, those that were answered on it included.

    since: up to which day they were told before (None: as the messages say that reached them); past: whether the day
    has gone by.
    """
    return (await reminding.due(session, {member: on}, alone=True, since=since, past=past)).get(member.id, Due())


async def late(session: Work, one: Coming, on: dt.date, now: dt.datetime, *, but: Member) -> list[Occurrence]:
    """Return the message about a date that was kept on a day on which it is said alone, for whoever else is to hear.

    Each of them is told only if that is so on the day it is where they are.
    """
    found = []
    for member in await hearers(session, one, on):
        today = member.day(now)
        is_theirs = any(each.milestone == one.milestone for each in (await todays(session, member, today)).dates)
        if member.id != but.id and is_theirs:
            found.append(occurrence(member.slack_id, today, member.tz, now))
    return found


async def hearers(session: Work, one: Coming, on: dt.date) -> list[Member]:
    """Return who hears of a date on a day: whoever looks after the client, its author where it is theirs alone."""
    on_duty = (await duty.on_duty(session, [one.client.id], on)).get(one.client.id)
    author = one.milestone.author_id
    theirs = author if on_duty is None or one.milestone.details.visibility is Visibility.ME else on_duty
    return list((await directory.members_by_id(session, [theirs])).values())


MILESTONE: Final = Speech(KIND, render, decide)
