"""Planning: which local times have come, who has something to say, and what.

Any replica may plan at any time, and several at once: a schedule moves on by compare-and-set in the transaction that
writes down its messages, and a message's key makes it one.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfoNotFoundError

import sqlalchemy as sa
import structlog

from bot.courier import times
from bot.courier.health import LOOKED_AT
from bot.courier.kinds import Occurrence, Schedule, Speech
from bot.courier.ledger import LOOSE, enqueue, record_missed
from bot.courier.rows import PlannerRow, PostingRow, ScheduleRow
from bot.store.base import table_of
from bot.store.engine import Store
from bot.store.session import Work

log = structlog.get_logger(__name__)

Row: TypeAlias = sa.Row[*tuple[Any, ...]]
Place: TypeAlias = tuple[dt.datetime, uuid.UUID, uuid.UUID]

BATCH: Final = 500
THE_ONE: Final = 1
HEARTBEAT: Final = dt.timedelta(minutes=1)
PUT_OFF: Final = dt.timedelta(days=1)
UNREADABLE: Final = (ZoneInfoNotFoundError, OSError, ValueError)
"""What a schedule raises that has a zone unknown to this machine, or no weekday."""

EVERYWHERE: Final = {"all_workspaces": "planning looks at every workspace's local times", "synchronize_session": False}
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
MOVE_ON: Final = (
    sa.update(table_of(ScheduleRow))
    .where(
        table_of(ScheduleRow).c.id == sa.bindparam("one"), table_of(ScheduleRow).c.next_due_at == sa.bindparam("was")
    )
    .values(next_due_at=sa.bindparam("then"))
)


@dataclass(frozen=True)
class Come:
    """A schedule whose time has come: the newest one, the instant it waited for, its next one, if it is too late."""

    schedule: Schedule
    was: dt.datetime
    then: dt.datetime
    missed: bool


async def plan(store: Store, speeches: Mapping[str, Speech], now: dt.datetime) -> int:
    """Write down what is due at an instant; return how many messages are new."""
    count, after = 0, None
    stuck: set[uuid.UUID] = set()
    while True:
        async with store.look(None) as session:
            batch = await _batch(session, now, after)
        come = await _readable(store, batch, now)
        count += await _plan_batch(store, speeches, come, now, stuck)
        if len(batch) < BATCH:
            break
        after = (batch[-1].next_due_at, batch[-1].workspace_id, batch[-1].id)
    await _show_life(store, stuck, now)
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
    for row in batch:
        try:
            come.append(_come(row, now))
        except UNREADABLE:
            log.exception("a schedule cannot be read", schedule=str(row.id), tz=row.tz, put_off=str(PUT_OFF))
            put_off.append({"one": row.id, "was": row.next_due_at, "then": now + PUT_OFF})
    await _move_on(store, put_off)
    return come


async def _move_on(store: Store, moves: Sequence[Mapping[str, Any]]) -> None:
    if moves:
        async with store.work(None) as session:
            await session.execute(MOVE_ON, moves, execution_options=EVERYWHERE)


def _come(row: Row, now: dt.datetime) -> Come:
    when = (row.local_time, row.tz, row.weekdays)
    grace = dt.timedelta(minutes=row.grace_minutes)
    due = times.newest_occurrence(now, *when)
    schedule = Schedule(row.id, row.workspace_id, row.recipient, row.kind, *when, grace=grace, due_at=due)
    missed = now >= times.expires_at(due, row.local_time, row.tz, grace)
    return Come(schedule, row.next_due_at, times.next_occurrence(now, *when), missed)


async def _plan_batch(
    store: Store, speeches: Mapping[str, Speech], come: Sequence[Come], now: dt.datetime, stuck: set[uuid.UUID]
) -> int:
    """Plan schedules, each in a transaction of its own: on SQLite, answers wait for the one that writes.

    stuck: takes up the workspaces of those that could not be planned.
    """
    stirring = await _stirring(store, speeches, [one.schedule for one in come], now)
    quiet = [one for one in come if one.schedule.id not in stirring]
    await _move_on(store, [{"one": one.schedule.id, "was": one.was, "then": one.then} for one in quiet])
    count = 0
    for one in come:
        if one.schedule.id not in stirring:
            continue
        workspace_id = one.schedule.workspace_id
        try:
            async with store.work(workspace_id) as session:
                count += await _plan_one(session, speeches, one, now)
        except Exception:  # one workspace never keeps the others from being planned; health shows it as stuck
            log.exception("a schedule could not be planned", workspace=str(workspace_id), kind=one.schedule.kind)
            stuck.add(workspace_id)
    return count


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


async def _plan_one(session: Work, speeches: Mapping[str, Speech], one: Come, now: dt.datetime) -> int:
    """Move a schedule on, unless somebody else has, and write down what is due; return how many messages are new."""
    if not await _moved(session, one):
        return 0
    if one.missed:
        await record_missed(session, _missed(one.schedule), now)
        return 0
    due = await decide(session, speeches, [one.schedule], now)
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


async def _moved(session: Work, one: Come) -> bool:
    here = (ScheduleRow.id == one.schedule.id, ScheduleRow.next_due_at == one.was)
    move = sa.update(ScheduleRow).where(*here).values(next_due_at=one.then).returning(ScheduleRow.id)
    return bool((await session.execute(move, execution_options=LOOSE)).all())


def _missed(schedule: Schedule) -> Occurrence:
    due = schedule.due_at
    over = times.expires_at(due, schedule.local_time, schedule.tz, schedule.grace)
    return Occurrence(schedule.recipient, schedule.kind, schedule.local_date, due, over)


def _by_kind(schedules: Iterable[Schedule]) -> dict[str, list[Schedule]]:
    kinds = defaultdict[str, list[Schedule]](list)
    for one in schedules:
        kinds[one.kind].append(one)
    return kinds


async def _show_life(store: Store, stuck: set[uuid.UUID], now: dt.datetime) -> None:
    """Keep that somebody looked, once a minute at most (also after the clock was set back), and who is stuck."""
    was_stuck = sa.select(PostingRow.workspace_id).where(PostingRow.stuck_since.is_not(None))
    async with store.look(None) as session:
        looked_at = (await session.execute(LOOKED_AT, execution_options=EVERYWHERE)).scalar_one_or_none()
        known = set((await session.execute(was_stuck, execution_options=EVERYWHERE)).scalars())
    if looked_at is not None and now - HEARTBEAT < looked_at <= now and known == stuck:
        return
    async with store.work(None) as session:
        await session.put_row(PlannerRow, key=("id",), id=THE_ONE, planned_at=now)
        for ids, since in ((stuck - known, now), (known - stuck, None)):
            if ids:
                mark = sa.update(PostingRow).where(PostingRow.workspace_id.in_(ids)).values(stuck_since=since)
                await session.execute(mark, execution_options=EVERYWHERE)
