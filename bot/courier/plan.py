"""Planning: which local times have come, who has something to say, and what.

Any replica may plan at any time, and several at once: a schedule moves on by compare-and-set in the transaction that
writes down its messages, and a message's key makes it one.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
import structlog

from bot.courier import times
from bot.courier.kinds import Occurrence, Schedule, Speech
from bot.courier.ledger import LOOSE, enqueue, record_missed
from bot.courier.rows import PostingRow, ScheduleRow
from bot.store.base import table_of
from bot.store.engine import Store
from bot.store.session import Work

log = structlog.get_logger(__name__)

BATCH: Final = 500
HEARTBEAT: Final = dt.timedelta(minutes=1)
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
    while True:
        async with store.look(None) as session:
            batch = await _batch(session, now, after)
        count += await _plan_batch(store, speeches, batch, now)
        if len(batch) < BATCH:
            break
        after = (batch[-1].was, batch[-1].schedule.id)
    await _show_life(store, now)
    return count


async def _batch(session: Work, now: dt.datetime, after: tuple[dt.datetime, uuid.UUID] | None) -> list[Come]:
    query = sa.select(*COLUMNS).where(ScheduleRow.next_due_at <= now)
    if after is not None:
        place = sa.tuple_(ScheduleRow.next_due_at, ScheduleRow.id)
        query = query.where(place > sa.tuple_(sa.literal(after[0], ScheduleRow.next_due_at.type), after[1]))
    query = query.order_by(ScheduleRow.next_due_at, ScheduleRow.id).limit(BATCH)
    return [_come(row, now) for row in await session.execute(query, execution_options=EVERYWHERE)]


def _come(row: sa.Row[*tuple[Any, ...]], now: dt.datetime) -> Come:
    when = (row.local_time, row.tz, row.weekdays)
    grace = dt.timedelta(minutes=row.grace_minutes)
    due = times.newest_occurrence(now, *when)
    schedule = Schedule(row.id, row.workspace_id, row.recipient, row.kind, *when, grace=grace, due_at=due)
    missed = now >= times.expires_at(due, row.local_time, row.tz, grace)
    return Come(schedule, row.next_due_at, times.next_occurrence(now, *when), missed)


async def _plan_batch(store: Store, speeches: Mapping[str, Speech], batch: Sequence[Come], now: dt.datetime) -> int:
    stirring = await _stirring(store, speeches, [one.schedule for one in batch], now)
    quiet = [one for one in batch if one.schedule.id not in stirring]
    if quiet:
        async with store.work(None) as session:
            moves = [{"one": one.schedule.id, "was": one.was, "then": one.then} for one in quiet]
            await session.execute(MOVE_ON, moves, execution_options=EVERYWHERE)
    by_workspace = defaultdict[uuid.UUID, list[Come]](list)
    for one in batch:
        if one.schedule.id in stirring:
            by_workspace[one.schedule.workspace_id].append(one)
    count = 0
    for workspace_id, come in by_workspace.items():
        try:
            async with store.work(workspace_id) as session:
                count += len(await _plan_workspace(session, speeches, come, now))
        except Exception:
            log.exception("a workspace could not be planned", workspace=str(workspace_id))
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


async def _plan_workspace(
    session: Work, speeches: Mapping[str, Speech], come: Sequence[Come], now: dt.datetime
) -> list[uuid.UUID]:
    """Move one workspace's schedules on and write down what is due at those that nobody else has moved."""
    ours = [one for one in come if await _moved(session, one)]
    for one in ours:
        if one.missed:
            await record_missed(session, _missed(one.schedule), now)
    due = [one.schedule for one in ours if not one.missed]
    new = []
    for occurrence in await decide(session, speeches, due, now):
        delivery_id = await enqueue(session, occurrence, now)
        if delivery_id is not None:
            new.append(delivery_id)
    return new


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


async def _show_life(store: Store, now: dt.datetime) -> None:
    """Keep that somebody looked, once a minute at most; also after the clock was set back."""
    at = PostingRow.planned_at
    old = sa.or_(at.is_(None), at <= now - HEARTBEAT, at > now)
    async with store.look(None) as session:
        query = sa.select(sa.exists().where(old))
        if not (await session.execute(query, execution_options=EVERYWHERE)).scalar_one():
            return
    async with store.work(None) as session:
        await session.execute(sa.update(PostingRow).where(old).values(planned_at=now), execution_options=EVERYWHERE)
