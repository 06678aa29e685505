"""What is said about dates that matter by itself: on cards, in digests and mornings, and alone on the day itself."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.courier.kinds import Delivery, Message, Occurrence, Schedule, Speech
from bot.courier.rows import Op
from bot.courier.times import day_ends
from bot.practices.milestones import ahead, drawing, duty, reminding, rows, service, wording
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.reminding import HORIZON, Due, Reader
from bot.practices.practice import Section, Value
from bot.slack.blocks import button
from bot.slack.text import Markup, lines, markup
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, Person

KIND: Final = "milestone"
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
    """Return what one person is reminded of ahead of time; what is today is said alone."""
    today = now.date()
    member = await _person(session, audience)
    if member is None:
        return {}
    asking = await reminding.readers(session, {member: today})
    due = (await reminding.due(session, asking, client_ids=client_ids)).get(member.id, Due())
    found: dict[uuid.UUID, list[Value]] = {}
    for one in due.ahead:
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


async def decide(session: Work, schedules: Sequence[Schedule], now: dt.datetime) -> Sequence[Occurrence]:
    """Return one message for each person for whom something is today, due until their day is over.

    However many dates fall on the day, it is one message: nobody gets a second one beside their morning.
    """
    await service.advance(session, now)
    known = await directory.find_members(session, [schedule.recipient for schedule in schedules])
    asked = {known[one.recipient]: one for one in schedules if one.recipient in known and known[one.recipient].is_ours}
    asking = [Reader(member, schedule.local_date, schedule.local_date) for member, schedule in asked.items()]
    due = await reminding.due(session, asking, days=0)
    found = [(schedule, due[member.id]) for member, schedule in asked.items() if member.id in due]
    return [_occurrence(schedule) for schedule, theirs in found if any(not one.is_skipped for one in theirs.today)]


def _occurrence(schedule: Schedule) -> Occurrence:
    return occurrence(schedule.recipient, schedule.local_date, schedule.tz, schedule.due_at)


def occurrence(recipient: str, on: dt.date, tz: str, due_at: dt.datetime) -> Occurrence:
    """Return the message to somebody (Slack's id) about what is today, of use until their day is over."""
    return Occurrence(recipient, KIND, on, due_at, day_ends(on, tz))


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write the message about what is today; None once nothing of it is left."""
    _ = now  # it is about its own day, whenever it is written
    member = (await directory.find_members(session, [delivery.recipient])).get(delivery.recipient)
    if member is None:
        return None
    found = await todays(session, member, delivery.local_date)
    if delivery.op is Op.POST:
        found = [one for one in found if not one.is_skipped]
    if not found:
        return None
    panel = drawing.todays(found, delivery.local_date)
    return Message(panel.text, tuple(panel.blocks))


async def todays(session: Work, member: Member, on: dt.date) -> list[Coming]:
    """Return what a member is told about on a day, those that were answered on it included."""
    due = await reminding.due(session, [Reader(member, on, on)], days=0)
    return list(due.get(member.id, Due()).today)


async def late(session: Work, one: Coming, now: dt.datetime, *, but: Member) -> list[Occurrence]:
    """Return the message about a date that was kept on its own day, for whoever else is to hear of it still."""
    on_duty = (await duty.on_duty(session, [one.client.id], one.on)).get(one.client.id)
    if on_duty is None or on_duty == but.id:
        return []
    member = (await directory.members_by_id(session, [on_duty]))[on_duty]
    today = now.astimezone(ZoneInfo(member.tz)).date()
    if today != one.on or all(each.milestone != one.milestone for each in await todays(session, member, today)):
        return []
    return [occurrence(member.slack_id, today, member.tz, now)]


MILESTONE: Final = Speech(KIND, render, decide)
