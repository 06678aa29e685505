"""A team's digest: one message a working morning to each team channel, whatever the number of its clients.

It is written from the database each time it goes out, so what somebody did about a client meanwhile shows in it.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.courier import ledger, policies, said
from bot.courier.gate import Drop, gate
from bot.courier.kinds import Delivery, Message, Occurrence, Schedule, Speech
from bot.courier.policies import channel_policy
from bot.courier.rows import Op
from bot.courier.times import expires_at, is_late
from bot.practices.clients import service as clients
from bot.practices.fading import service as fading
from bot.practices.fading.service import Fading
from bot.practices.practice import Section, Value
from bot.slack.text import Markup
from bot.store.session import Work
from bot.surfaces import alert, digest_panel, unasked, wrap
from bot.surfaces.digest_panel import Digest
from bot.surfaces.outcome import outcomes
from bot.surfaces.unasked import midday
from bot.surfaces.worth import CALLS, places_of
from bot.workspaces import settings
from bot.workspaces.settings import FadeFirst, Settings
from bot.workspaces.visibility import Room

KIND: Final = "digest"
ALERTS: Final = 3
LATELY: Final = dt.timedelta(days=2)
"""Whatever was open on a morning was open since then, wherever it is."""
NEWS: Final = dt.timedelta(days=90)
"""For how long an alert that nobody heard is said after all: for less than the ledger remembers what was said."""


@dataclass(frozen=True)
class Channel:
    """A team channel on a day: its clients, its time zone, and two kinds of those clients.

    alone: those with a message of their own there; not_yet: those it does not hear of yet.
    """

    clients: frozenset[uuid.UUID]
    on: dt.date
    tz: str
    alone: frozenset[uuid.UUID] = frozenset()
    not_yet: frozenset[uuid.UUID] = frozenset()

    def waiting(self, stirred: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
        """Return the clients that may have a row, among those of whom there may be anything to say."""
        return self.clients.intersection(stirred) - self.alone - self.not_yet


async def stirring(session: Work, schedules: Collection[Schedule], now: dt.datetime) -> set[uuid.UUID]:
    """Return the schedules in whose workspace there may be anything to say, of a day or of a week that ends on it."""
    _ = now
    found = await unasked.stirring(session, schedules)
    return found | await _stirring_wraps(session, [one for one in schedules if one.id not in found])


async def _stirring_wraps(session: Work, schedules: Collection[Schedule]) -> set[uuid.UUID]:
    chosen = await settings.of_all(session, {one.workspace_id for one in schedules})
    weeks: dict[tuple[dt.date, dt.date], list[Schedule]] = {}
    for one in schedules:
        known, on = chosen[one.workspace_id], one.local_date
        if _is_wrap(known, on):
            weeks.setdefault((_week_before(known, on), on), []).append(one)
    found: set[uuid.UUID] = set()
    for (since, on), theirs in weeks.items():
        told = await wrap.stirring(session, {one.workspace_id for one in theirs}, since, on)
        found |= {one.id for one in theirs if one.workspace_id in told}
    return found


def _is_wrap(known: Settings, on: dt.date) -> bool:
    return known.wants_wrap and unasked.is_last_working_day(on, known.workdays, known.country)


def _week_before(known: Settings, on: dt.date) -> dt.date:
    """Return the day of the wrap before: what came on it after its digest is told in the next one."""
    return unasked.last_working_day_before(on, known.workdays, known.country)


async def decide(session: Work, schedules: Sequence[Schedule], now: dt.datetime) -> list[Occurrence]:
    """Open the alerts of a morning; return them, and a digest for each channel that has something to hear."""
    known = await settings.read(session)
    theirs = await clients.digest_channels(session, known.team_channel_id)
    due: list[Occurrence] = []
    stirred: dict[dt.date, set[uuid.UUID]] = {}
    alerted = await fading.alerted(session, now - LATELY)
    for schedule in schedules:
        on = schedule.local_date
        if schedule.recipient not in theirs or not _is_in_time(schedule, known, now):
            continue
        if on not in stirred:
            await _close_what_is_over(session, known, on, now)
            stirred[on] = await unasked.stirred(session, on)
        ids = theirs[schedule.recipient]
        due += await _decide(session, schedule, ids, ids & stirred[on], ids & alerted, known, now)
    return due


def _is_in_time(schedule: Schedule, known: Settings, now: dt.datetime) -> bool:
    """Return whether a channel can be spoken to before its digest is of no use: a working day, and not quiet."""
    policy = replace(policies.for_channel(known, schedule.tz), comes_daily=True)
    until = expires_at(schedule.due_at, schedule.local_time, schedule.tz, schedule.grace)
    return not isinstance(gate(policy, schedule.due_at, now, expires_at=until), Drop)


async def _close_what_is_over(session: Work, known: Settings, on: dt.date, now: dt.datetime) -> None:
    """Close alerts that nobody could close when they ended; most are closed as soon as somebody answers."""
    for one in await fading.recover(session, today=on, now=now, fade_at=known.fade_at):
        about, since = one.client_id, one.opened_on
        await ledger.bump(session, kind=alert.KIND, subject=about, local_date=since, lasting=True, now=now)


async def _decide(
    session: Work,
    schedule: Schedule,
    ids: frozenset[uuid.UUID],
    theirs: frozenset[uuid.UUID],
    alerted: frozenset[uuid.UUID],
    known: Settings,
    now: dt.datetime,
) -> list[Occurrence]:
    """Return what one channel is told.

    theirs: its clients of whom there may be anything to say; alerted: those with an alert, open or lately so.
    """
    on, recipient = schedule.local_date, schedule.recipient
    until = expires_at(schedule.due_at, schedule.local_time, schedule.tz, schedule.grace)
    waiting = await _unheard(session, alerted, on)
    cap = ALERTS if known.fade_first is FadeFirst.OWNER else ALERTS - len(waiting)
    about = theirs | alerted
    opened = await fading.open_today(session, about, today=on, now=now, fade_at=known.fade_at, cap=cap)
    fresh = [one for one in opened if one.is_open] if known.fade_first is FadeFirst.CHANNEL else []
    alerts = [*waiting, *fresh][:ALERTS]
    alone = frozenset(one.client_id for one in alerts)
    channel = Channel(ids, on, schedule.tz, alone, await _not_yet(session, about, known, on))
    is_news = bool(await unasked.worth_a_call(session, channel.waiting(theirs), on))  # mostly so, and soon known
    if not is_news:
        is_news = (await read(session, channel, known, now, stirred=theirs, among=theirs)).is_worth_saying
    news = [Occurrence(recipient, KIND, on, schedule.due_at, until)] if is_news else []
    return [
        *news,
        *(_alert(one, schedule, until) for one in alerts),
    ]


def _alert(one: Fading, schedule: Schedule, until: dt.datetime) -> Occurrence:
    """Return the message about an alert; one that is said on a later morning than it opened is told apart by that."""
    part = "" if one.opened_on == schedule.local_date else f":{schedule.local_date.isoformat()}"
    return Occurrence(schedule.recipient, alert.KIND, one.opened_on, schedule.due_at, until, one.client_id, part)


async def _unheard(session: Work, ids: Collection[uuid.UUID], on: dt.date) -> list[Fading]:
    """Return the open alerts of mornings before that no channel has heard, three at most.

    Their owners were to hear of them first, or their message was held back or came too late.
    """
    waiting = [one for one in (await fading.open_of(session, ids)).values() if on - NEWS < one.opened_on < on]
    heard = await said.standing(session, alert.KIND, [one.client_id for one in waiting])
    episodes = {(one.subject, one.local_date) for one in heard}
    unheard = [one for one in waiting if (one.client_id, one.opened_on) not in episodes]
    return (await fading.ranked(session, unheard))[:ALERTS]


async def _not_yet(session: Work, ids: Collection[uuid.UUID], known: Settings, on: dt.date) -> frozenset[uuid.UUID]:
    """Return the clients of whom the owner hears first, this morning."""
    if known.fade_first is FadeFirst.CHANNEL:
        return frozenset()
    return frozenset(one.client_id for one in (await fading.open_of(session, ids)).values() if one.opened_on == on)


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write a digest as things stand now; rows that it showed keep their place.  None where there is nothing to say."""
    known = await settings.read(session)
    theirs = await clients.digest_channels(session, known.team_channel_id)
    ids, on = theirs.get(delivery.recipient, frozenset()), delivery.local_date
    first = await said.first(session, delivery.id)
    posted = first.body if delivery.op is Op.UPDATE else None
    own = await said.planned_with(session, delivery.recipient, alert.KIND, first.created_at)
    alone = frozenset(one.subject for one in own if one.subject is not None)
    tz = (await channel_policy(session, delivery.recipient)).tz
    channel = Channel(ids, on, tz, alone, await _not_yet(session, ids, known, on))
    stirred = await unasked.stirred(session, on)
    shown = digest_panel.shown_on(posted)
    found = await read(session, channel, known, now, stirred=stirred, among=ids, shown=shown)
    if posted is None and not found.is_worth_saying:
        return None
    late = is_late(delivery.due_at, now) if posted is None else digest_panel.was_late(posted)
    return digest_panel.draw(found, late_since=delivery.due_at if late else None)


async def read(
    session: Work,
    channel: Channel,
    known: Settings,
    now: dt.datetime,
    *,
    stirred: Collection[uuid.UUID],
    among: Collection[uuid.UUID],
    shown: Sequence[uuid.UUID] = (),
) -> Digest:
    """Return what a team channel hears on a day.

    stirred: of whom there may be anything to say; among: of whom practices are asked; shown: who stays where they are.
    """
    room, on = Room(channel.clients), channel.on
    waiting = channel.waiting(stirred)
    over = channel.alone.difference(await fading.open_of(session, channel.alone))
    listed = await clients.listed(session, list((await clients.get_many(session, waiting | over | {*shown})).values()))
    places = await places_of(session, listed, room, on)
    asking = [place for place in places.values() if place.is_worth_a_call and place.client.id not in over]
    ranked = sorted(asking, key=lambda place: place.urgency)
    kept = [places[one] for one in shown if one in places] or ranked[:CALLS]
    said_by_client = await unasked.contributed(session, "digest", among, room, midday(on))
    values = [value for theirs in said_by_client.values() for value in theirs]
    promised = _of(values, Section.PROMISES)
    named = await clients.get_many(session, channel.alone)
    ends = await _wrap(session, channel, known)
    return Digest(
        on=on,
        rows=await outcomes(session, kept, room, now),
        more=len({place.client.id for place in ranked} - {place.client.id for place in kept}),
        alone=sorted(client.name for client in named.values() if client.id not in over),
        answered=await outcomes(session, [places[one] for one in sorted(over) if one in places], room, now),
        quiet=sorted(channel.alone),
        promised=promised,
        coming=sorted(_of(values, Section.COMING), key=lambda value: value.on or on),
        nice=[one for one in _of(values, Section.NICE) if one.text not in ends],
        owed=[one for value in promised for one, theirs in said_by_client.items() if value in theirs],
        wrap=ends,
    )


async def _wrap(session: Work, channel: Channel, known: Settings) -> Sequence[Markup]:
    """Return the wrap of a week that ends on a day: of all that came since the last one's day."""
    if not _is_wrap(known, channel.on):
        return ()
    since = _week_before(known, channel.on)
    return await wrap.read(session, channel.clients, since, channel.on, channel.tz)


def _of(values: Sequence[Value], section: Section) -> list[Value]:
    return sorted((value for value in values if value.section is section), key=lambda value: -value.weight)


DIGEST: Final = Speech(KIND, render, decide, stirring)
