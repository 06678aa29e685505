"""Your morning: the one message a day that Ember sends a person by itself, with all of theirs that has a date."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.courier import policies, said
from bot.courier.gate import Drop, gate
from bot.courier.kinds import A_MORNING, Delivery, Message, Occurrence, Schedule, Speech
from bot.courier.rows import Op
from bot.courier.times import expires_at
from bot.practices.blockers import showing as blockers
from bot.practices.clients import service as clients
from bot.practices.fading import service as fading
from bot.practices.milestones import speaking
from bot.practices.milestones.duty import on_duty
from bot.practices.promises import digest as promises
from bot.store.session import Work
from bot.surfaces import morning_panel, unasked
from bot.surfaces.idea import ideas
from bot.surfaces.morning_panel import Item, Morning
from bot.surfaces.outcome import outcomes
from bot.surfaces.unasked import midday
from bot.surfaces.worth import CALLS, Place, places_of
from bot.workspaces import settings
from bot.workspaces.away import away_now, away_on
from bot.workspaces.directory import Member, find_members
from bot.workspaces.holidays import working_day_before
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import reader

KIND: Final = A_MORNING


async def decide(session: Work, schedules: Sequence[Schedule], now: dt.datetime) -> list[Occurrence]:
    """Return a morning for each person who has one today, and what comes in a message of its own that day."""
    alone = await speaking.decide(session, schedules, now)
    members = await find_members(session, [schedule.recipient for schedule in schedules])
    by_day: dict[dt.date, dict[Member, Schedule]] = {}
    for schedule in schedules:
        if schedule.recipient in members:
            by_day.setdefault(schedule.local_date, {})[members[schedule.recipient]] = schedule
    mornings = [one for on, asking in by_day.items() for one in await _mornings(session, asking, on, now)]
    return [*mornings, *alone]


async def _mornings(
    session: Work, asking: Mapping[Member, Schedule], on: dt.date, now: dt.datetime
) -> list[Occurrence]:
    """Return the mornings of a day of those who can be told in time, and for whom `read` finds anything."""
    stirred = await unasked.stirred(session, on)
    duty = await on_duty(session, stirred, on)
    taken = [one for one in (await fading.open_of(session, stirred)).values() if one.taken_by is not None]
    maybe = {*duty.values(), *(one.taken_by for one in taken), *await promises.carriers(session, on)}
    maybe |= await speaking.writers(session, on, duty)
    maybe |= await blockers.writers(session, on)
    told = await _in_time(session, {one: asking[one] for one in asking if one.id in maybe}, on, now)
    mine = {member: {one for one, who in duty.items() if who == member.id} for member in told}
    asked = {member: _asked(taken, member, since, on) for member, since in told.items()}
    ids = {one for theirs in (*mine.values(), *asked.values()) for one in theirs}
    calls = await unasked.worth_a_call(session, ids, on)
    return [
        Occurrence(asking[member].recipient, KIND, on, asking[member].due_at, _until(asking[member]))
        for member in told
        if calls & (mine[member] | asked[member])
        or await _anything(session, member, mine[member], midday(on, member.tz))
    ]


async def _anything(session: Work, member: Member, mine: Collection[uuid.UUID], noon: dt.datetime) -> bool:
    return await unasked.anything(session, "morning", mine, await reader(session, member, noon), noon)


def _asked(taken: Sequence[fading.Fading], member: Member, since: dt.date, on: dt.date) -> set[uuid.UUID]:
    """Return the clients that a member is asked about: `_taken_before`, of alerts that were read for all of them."""
    theirs = [one for one in taken if one.taken_by == member.id]
    return {one.client_id for one in theirs if one.taken_on is not None and since <= one.taken_on < on}


async def _in_time(
    session: Work, asking: Mapping[Member, Schedule], on: dt.date, now: dt.datetime
) -> dict[Member, dt.date]:
    """Return who wants a morning and can be told no later than that day, with their last working day before it."""
    if not asking:
        return {}
    known, absent = await settings.read(session), await away_now(session, asking, now)
    chosen = await settings.preferences(session, [member.id for member in asking])
    told = {}
    for member, schedule in asking.items():
        choice = chosen[member.id]
        how = policies.for_person(known, choice, member, absent.get(member.id))
        how = replace(how, is_wanted=choice.wants_morning, comes_daily=True)
        if not isinstance(gate(how, schedule.due_at, now, expires_at=_until(schedule)), Drop):
            told[member] = working_day_before(on, known.workdays, choice.country or known.country)
    return told


def _until(schedule: Schedule) -> dt.datetime:
    """Return until when a morning is worth saying; its schedule lasts longer, for what is today."""
    return expires_at(schedule.due_at, schedule.local_time, schedule.tz)


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write a morning as things stand now; rows that it showed keep their place.  None where there is nothing."""
    member, on = (await find_members(session, [delivery.recipient])).get(delivery.recipient), delivery.local_date
    if member is None or not member.is_ours or member.id in await away_on(session, [member.id], on):
        return None
    if delivery.op is Op.POST and not (await settings.preferences(session, [member.id]))[member.id].wants_morning:
        return None
    posted = (await said.first(session, delivery.id)).body if delivery.op is Op.UPDATE else None
    duty = await on_duty(session, await unasked.stirred(session, on), on)
    found = await read(session, member, on, duty, now, shown=morning_panel.shown_on(posted))
    return morning_panel.draw(found) if posted is not None or found.is_worth_saying else None


async def read(
    session: Work,
    member: Member,
    on: dt.date,
    duty: Mapping[uuid.UUID, uuid.UUID],
    now: dt.datetime,
    *,
    shown: Sequence[uuid.UUID] = (),
) -> Morning:
    """Return what a person's morning says; clients that are `shown` already keep their place.

    duty: who looks after each client on the day of whom there may be anything to say, by our ids.
    """
    me = await reader(session, member, midday(on, member.tz))
    mine = {one for one, who in duty.items() if who == member.id}
    asked = {one.client_id: one for one in await _taken_before(session, member, on)}
    listed = await clients.listed(session, list((await clients.get_many(session, mine | {*asked, *shown})).values()))
    places = await places_of(session, listed, me, on)
    ranked = sorted((one for one in places.values() if one.is_worth_a_call), key=lambda one: one.urgency)
    first = [one for one in ranked if one.client.id in asked]
    others = [one for one in ranked if one.client.id not in asked]
    kept = [places[one] for one in shown if one in places] or [*first, *others][:CALLS]
    ids = [one.client.id for one in kept]
    values = await unasked.contributed(session, "morning", mine, me, midday(on, member.tz))
    told = sorted(
        ((value, client_id) for client_id, theirs in values.items() for value in theirs),
        key=lambda pair: (pair[0].section, pair[0].on or on, -pair[0].weight),
    )
    about = await ideas(session, ids, me, on, coming={})  # dates have rows of their own
    covered = await _covered(session, kept, member.id)
    found = await outcomes(session, kept, me, now)
    return Morning(
        on=on,
        rows=[
            Item(one, about[one.place.client.id], _taken_on(one.place, asked), covered.get(one.place.client.id, ""))
            for one in found
        ],
        more=len({one.client.id for one in ranked} - set(ids)),
        values=[value for value, _ in told],
        about=[client_id for _, client_id in told],
    )


def _taken_on(place: Place, asked: Mapping[uuid.UUID, fading.Fading]) -> dt.date | None:
    one = asked.get(place.client.id)
    return one.taken_on if one is not None else None


async def _taken_before(session: Work, member: Member, on: dt.date) -> list[fading.Fading]:
    """Return the alerts that a member took on since their last working day, and nothing was logged for."""
    known = await settings.read(session)
    country = (await settings.preferences(session, [member.id]))[member.id].country or known.country
    since = working_day_before(on, known.workdays, country)
    return await fading.taken_before(session, member.id, on, since=since)


async def _covered(session: Work, kept: Sequence[Place], me: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return, for clients that somebody else looks after, who that is."""
    roles = await teams(session, [place.client.id for place in kept])
    others = {one.client.id for one in kept if roles[one.client.id].get(me) is not Role.OWNER}
    return {one.client.id: one.owner for one in kept if one.client.id in others and one.owner}


async def stirring(session: Work, schedules: Collection[Schedule], now: dt.datetime) -> set[uuid.UUID]:
    """Return the schedules of the people in whose workspace there may be anything to say."""
    _ = now
    return await unasked.stirring(session, schedules)


MORNING: Final = Speech(KIND, render, decide, stirring)
