"""Planning: which local times have come, who has something to say, and what.

Any replica may plan at any time, and several at once: a schedule moves on by compare-and-set in the transaction that
writes down its messages, and a message's key makes it one.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfoNotFoundError

import sqlalchemy as sa
import structlog

from bot.clock import Clock
from bot.courier import times
from bot.courier.health import LOOKED_AT
from bot.courier.kinds import Occurrence, Schedule, Speech
from bot.courier.ledger import LOOSE, enqueue, record_missed
from bot.courier.rows import PlannerRow, PostingRow, ScheduleRow
from bot.store.base import table_of
from bot.store.engine import Store
from bot.store.session import ALL_WORKSPACES, Work

log = structlog.get_logger(__name__)

Row: TypeAlias = sa.Row[*tuple[Any, ...]]
Place: TypeAlias = tuple[dt.datetime, uuid.UUID, uuid.UUID]

BATCH: Final = 500
TOGETHER: Final = 50
"""How many schedules are planned in one transaction at most."""

THE_ONE: Final = 1
HEARTBEAT: Final = dt.timedelta(minutes=1)
PUT_OFF: Final = dt.timedelta(days=1)
UNREADABLE: Final = (ZoneInfoNotFoundError, OSError, ValueError)
"""What a schedule raises that has a zone unknown to this machine, or no weekday."""

EVERYWHERE: Final = {ALL_WORKSPACES: "planning looks at every workspace's local times", "synchronize_session": False}
COLUMNS: Final = (
    ScheduleRow.id,
    ScheduleRow.workspace_id,
    ScheduleRow.recipient,
    ScheduleRow.kind,
    ScheduleRow.local_time,
    ScheduleRow.tz,
    ScheduleRow.weekdays,
    ScheduleRow.grace_minutes,
    ScheduleRow.next_due_at,
)
ORDER: Final = (ScheduleRow.next_due_at, ScheduleRow.workspace_id, ScheduleRow.id)
SCHEDULE: Final = table_of(ScheduleRow).c
THIS_ONE: Final = (SCHEDULE.id == sa.bindparam("one"), SCHEDULE.next_due_at == sa.bindparam("was"))
MOVE_ON: Final = (
    sa.update(table_of(ScheduleRow))
    .where(
        *THIS_ONE,
        SCHEDULE.id.in_(sa.select(SCHEDULE.id).where(*THIS_ONE).correlate(None).with_for_update(skip_locked=True)),
    )
    .values(next_due_at=sa.bindparam("then"))
)
"""Waits for nobody: what is being changed just now is looked at again soon, and two never wait for each other."""


@dataclass(frozen=True)
class Come:
    """A schedule whose time has come: the newest one, the instant it waited for, its next one, if it is too late."""

    schedule: Schedule
    was: dt.datetime
    then: dt.datetime
    missed: bool


async def plan(store: Store, speeches: Mapping[str, Speech], clock: Clock) -> int:
    """Write down what is due at a clock's instant; return how many messages are new.

    However long it takes, all of it is planned for the instant at which it began; the clock shows that it goes on.
    """
    now, count, after = clock.now(), 0, None
    stuck: set[uuid.UUID] = set()
    while True:
        async with store.look(None) as session:
            batch = await _batch(session, now, after)
        try:
            come = await _readable(store, batch, now)
            count += await _plan_batch(store, speeches, come, now, stuck)
        except Exception:  # what fails here fails again at every look, and must not hide those that come after it
            log.exception("schedules could not be planned", schedules=len(batch))
            stuck |= {row.workspace_id for row in batch}
        await _show_life(store, clock.now())
        if len(batch) < BATCH:
            break
        after = (batch[-1].next_due_at, batch[-1].workspace_id, batch[-1].id)
    await _show_stuck(store, stuck, now)
    return count


async def _batch(session: Work, now: dt.datetime, after: Place | None) -> Sequence[Row]:
    """Return the next schedules whose time has come; those of a workspace at one instant lie side by side."""
    query = sa.select(*COLUMNS).where(ScheduleRow.next_due_at <= now)
    if after is not None:
        since, *ids = after
        query = query.where(sa.tuple_(*ORDER) > sa.tuple_(sa.literal(since, ScheduleRow.next_due_at.type), *ids))
    query = query.order_by(*ORDER).limit(BATCH)
    return (await session.execute(query, execution_options=EVERYWHERE)).all()


async def _readable(store: Store, batch: Sequence[Row], now: dt.datetime) -> list[Come]:
    """Return schedules with their times; one whose times cannot be worked out is put off and stops no other."""
    come: list[Come] = []
    put_off = []
    when = cache(partial(_when, now))  # most have their times in common
    for row in batch:
        times_of = (row.local_time, row.tz, row.weekdays, dt.timedelta(minutes=row.grace_minutes))
        try:
            due, then, missed = when(*times_of)
            schedule = Schedule(row.id, row.workspace_id, row.recipient, row.kind, *times_of, due_at=due)
            come.append(Come(schedule, row.next_due_at, then, missed))
        except UNREADABLE:
            log.exception("a schedule cannot be read", schedule=str(row.id), tz=row.tz, put_off=str(PUT_OFF))
            put_off.append({"one": row.id, "was": row.next_due_at, "then": now + PUT_OFF})
    await _move_on(store, put_off)
    return come


async def _move_on(store: Store, moves: Sequence[Mapping[str, Any]]) -> None:
    if moves:
        async with store.work(None) as session:
            await session.execute(MOVE_ON, moves, execution_options=EVERYWHERE)


def _when(
    now: dt.datetime, local_time: dt.time, tz: str, weekdays: int, grace: dt.timedelta
) -> tuple[dt.datetime, dt.datetime, bool]:
    """Return the newest occurrence of a local time, its next one, and whether it is too late for the former."""
    due = times.newest_occurrence(now, local_time, tz, weekdays)
    missed = now >= times.expires_at(due, local_time, tz, grace)
    return due, times.next_occurrence(now, local_time, tz, weekdays), missed


async def _plan_batch(
    store: Store, speeches: Mapping[str, Speech], come: Sequence[Come], now: dt.datetime, stuck: set[uuid.UUID]
) -> int:
    """Plan schedules; stuck: takes up the workspaces of those that could not be planned."""
    stirring = await _stirring(store, speeches, [one.schedule for one in come], now)
    quiet = [one for one in come if one.schedule.id not in stirring]
    await _move_on(store, [{"one": one.schedule.id, "was": one.was, "then": one.then} for one in quiet])
    some = [one for one in come if one.schedule.id in stirring]
    groups = [[one] for one in some] if store.dialect == "sqlite" else _together(some)
    return sum([await _plan_group(store, speeches, group, now, stuck) for group in groups])


def _together(come: Iterable[Come]) -> list[list[Come]]:
    """Return what is planned in one transaction: what of one kind has come in a workspace.

    So many at most that others need not wait for long; not so on SQLite, where answers wait for the one that writes.
    """
    groups = defaultdict[tuple[uuid.UUID, str], list[Come]](list)
    for one in come:
        groups[one.schedule.workspace_id, one.schedule.kind].append(one)
    return [ones[at : at + TOGETHER] for ones in groups.values() for at in range(0, len(ones), TOGETHER)]


async def _plan_group(
    store: Store, speeches: Mapping[str, Speech], group: Sequence[Come], now: dt.datetime, stuck: set[uuid.UUID]
) -> int:
    """Plan schedules of one kind in one workspace; if they can't be together, each alone, so that the others are."""
    schedule = group[0].schedule
    try:
        async with store.work(schedule.workspace_id) as session:
            return await _plan_here(session, speeches, group, now)
    except Exception:  # one workspace never keeps the others from being planned; health shows it as stuck
        about = {"workspace": str(schedule.workspace_id), "kind": schedule.kind, "schedules": len(group)}
        log.exception("a schedule could not be planned", **about)
    if len(group) > 1:
        return sum([await _plan_group(store, speeches, [one], now, stuck) for one in group])
    stuck.add(schedule.workspace_id)
    return 0


async def _stirring(
    store: Store, speeches: Mapping[str, Speech], schedules: Sequence[Schedule], now: dt.datetime
) -> set[uuid.UUID]:
    """Return which schedules may have anything to say, by id."""
    found: set[uuid.UUID] = set()
    for kind, ones in _by_kind(schedules).items():
        speech = speeches.get(kind)
        if speech is None or speech.decide is None:
            continue
        if speech.stirring is None:
            found |= {one.id for one in ones}
            continue
        async with store.look(None) as session:
            found |= await speech.stirring(session, ones, now)
    return found


async def _plan_here(session: Work, speeches: Mapping[str, Speech], group: Sequence[Come], now: dt.datetime) -> int:
    """Move schedules on, but those that somebody else has, and write down what is due; return how many are new."""
    ours = await _moved(session, group)
    for one in ours:
        if one.missed:
            await record_missed(session, _missed(one.schedule), now)
    due = await decide(session, speeches, [one.schedule for one in ours if not one.missed], now)
    return sum([await enqueue(session, occurrence, now) is not None for occurrence in due])


async def decide(
    session: Work, speeches: Mapping[str, Speech], due: Sequence[Schedule], now: dt.datetime
) -> list[Occurrence]:
    """Return what one workspace has to say at local times that have come."""
    found: list[Occurrence] = []
    for kind, schedules in _by_kind(due).items():
        ask = speeches[kind].decide
        if ask is not None:
            found += await ask(session, schedules, now)
    return found


async def _moved(session: Work, group: Sequence[Come]) -> list[Come]:
    """Move schedules on, all with the same times at once; return those that nobody else has moved or is changing."""
    same = defaultdict[tuple[dt.datetime, dt.datetime], list[uuid.UUID]](list)
    for one in group:
        same[one.was, one.then].append(one.schedule.id)
    moved: set[uuid.UUID] = set()
    for (was, then), ids in same.items():
        here = (ScheduleRow.id.in_(ids), ScheduleRow.next_due_at == was)
        free = sa.select(ScheduleRow.id).where(*here).correlate(None).with_for_update(skip_locked=True)
        move = sa.update(ScheduleRow).where(*here, ScheduleRow.id.in_(free)).values(next_due_at=then)
        move = move.returning(ScheduleRow.id)
        moved |= set((await session.execute(move, execution_options=LOOSE)).scalars())
    return [one for one in group if one.schedule.id in moved]


def _missed(schedule: Schedule) -> Occurrence:
    due = schedule.due_at
    over = times.expires_at(due, schedule.local_time, schedule.tz, schedule.grace)
    return Occurrence(schedule.recipient, schedule.kind, schedule.local_date, due, over)


def _by_kind(schedules: Iterable[Schedule]) -> dict[str, list[Schedule]]:
    kinds = defaultdict[str, list[Schedule]](list)
    for one in schedules:
        kinds[one.kind].append(one)
    return kinds


async def _show_life(store: Store, now: dt.datetime) -> None:
    """Keep that somebody looks, once a minute at most; also after the clock was set back."""
    async with store.look(None) as session:
        looked_at = (await session.execute(LOOKED_AT, execution_options=EVERYWHERE)).scalar_one_or_none()
    if looked_at is None or not now - HEARTBEAT < looked_at <= now:
        async with store.work(None) as session:
            await session.put_row(PlannerRow, key=("id",), id=THE_ONE, planned_at=now)


async def _show_stuck(store: Store, stuck: set[uuid.UUID], now: dt.datetime) -> None:
    """Keep in which workspaces something could not be planned, and since when."""
    was_stuck = sa.select(PostingRow.workspace_id).where(PostingRow.stuck_since.is_not(None))
    async with store.look(None) as session:
        known = set((await session.execute(was_stuck, execution_options=EVERYWHERE)).scalars())
    if known == stuck:
        return
    async with store.work(None) as session:
        for ids, since in ((stuck - known, now), (known - stuck, None)):
            if ids:
                mark = sa.update(PostingRow).where(PostingRow.workspace_id.in_(ids)).values(stuck_since=since)
                await session.execute(mark, execution_options=EVERYWHERE)
