"""The ledger: what is to be said, and what has to be said anew.

Written in the transaction of whoever decides it.  Nothing here talks to Slack.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot.courier.health import UNDER_WAY, Health, health
from bot.courier.kinds import Occurrence
from bot.courier.moments import EPOCH
from bot.courier.rows import DeliveryEventRow, DeliveryRow, LaneRow, Op, PostingRow, ScheduleRow, State
from bot.courier.times import day_ends, local_date, newest_due, next_occurrence
from bot.store.base import new_id
from bot.store.session import Work, prepared

__all__ = ["Health", "Times", "bump", "enqueue", "health", "outdate", "record_missed", "resume"]
__all__ += ["resume_all", "schedules", "set_schedules"]

STANDING = (*UNDER_WAY, State.SENT)
LONGEST_WAIT = dt.timedelta(days=1)
LOOSE = {"synchronize_session": False}
FIND_LANE = prepared(sa.select(LaneRow.id).where(LaneRow.channel == sa.bindparam("channel", type_=sa.String())))


@dataclass(frozen=True)
class Times:
    """A recipient's local time: on which weekdays (Monday's bit is 1), and for how long it is worth saying late."""

    local_time: dt.time
    tz: str
    weekdays: int
    grace: dt.timedelta


async def enqueue(session: Work, occurrence: Occurrence, now: dt.datetime) -> uuid.UUID | None:
    """Have a message said once; return its id, or None if it is known already."""
    return await _add(session, occurrence, State.QUEUED, None, now)


async def record_missed(session: Work, occurrence: Occurrence, now: dt.datetime) -> uuid.UUID | None:
    """Keep that a message was due and its time went by."""
    return await _add(session, occurrence, State.EXPIRED, "nobody was there to say it", now)


async def _add(
    session: Work, occurrence: Occurrence, state: State, why: str | None, now: dt.datetime
) -> uuid.UUID | None:
    lane_id = await _lane(session, occurrence.recipient)
    delivery_id = new_id()
    added = await session.add_once(
        DeliveryRow,
        id=delivery_id,
        lane_id=lane_id,
        occurrence_key=occurrence.key,
        op=Op.POST,
        revision=0,
        kind=occurrence.kind,
        subject=occurrence.subject,
        local_date=occurrence.local_date,
        due_at=occurrence.due_at,
        expires_at=occurrence.expires_at,
        state=state,
        attempts=0,
        created_at=now,
    )
    if not added:
        return None
    await note(session, delivery_id, state, why, now)
    return delivery_id


async def _lane(session: Work, channel: str) -> uuid.UUID:
    lane_id: uuid.UUID | None = (await session.run(FIND_LANE, channel=channel)).scalar_one_or_none()
    if lane_id is not None:
        return lane_id
    await session.add_once(PostingRow)
    await session.add_once(LaneRow, id=new_id(), channel=channel, next_ok_at=EPOCH)
    added: uuid.UUID = (await session.run(FIND_LANE, channel=channel)).scalar_one()
    return added


async def note(session: Work, delivery_id: uuid.UUID, state: State, why: str | None, now: dt.datetime) -> None:
    """Append a step to a delivery's life."""
    await session.add_row(DeliveryEventRow, id=new_id(), delivery_id=delivery_id, at=now, state=state, why=why)


async def bump(
    session: Work,
    *,
    kind: str | None = None,
    subject: uuid.UUID | None = None,
    recipient: str | None = None,
    local_date: dt.date | None = None,
    lasting: bool = False,
    now: dt.datetime,
) -> int:
    """Have every matching message that stands at Slack's written anew; return how many changes were queued.

    Messages whose time is over stay as they are, unless `lasting`.  One change at most waits for each message, and it
    shows what holds when it goes out; a message being posted just now is changed as soon as it stands.  Raises
    ValueError if nothing says which messages are meant.
    """
    which = _matching(kind=kind, subject=subject, recipient=recipient)
    which += [DeliveryRow.local_date == local_date] if local_date is not None else []
    which += [] if lasting else [DeliveryRow.expires_at > now]
    posts = sa.select(DeliveryRow.id).where(DeliveryRow.op == Op.POST, DeliveryRow.state.in_(STANDING), *which)
    touched = list((await session.execute(posts.order_by(DeliveryRow.id).with_for_update())).scalars())
    if not touched:
        return 0
    revise = sa.update(DeliveryRow).where(DeliveryRow.id.in_(touched)).values(revision=DeliveryRow.revision + 1)
    await session.execute(revise, execution_options=LOOSE)
    change = sa.orm.aliased(DeliveryRow)
    on_its_way = sa.select(change.target_id).where(change.target_id.in_(touched), change.state.in_(UNDER_WAY))
    waiting = set((await session.execute(on_its_way)).scalars())
    stand = sa.select(DeliveryRow.id).where(DeliveryRow.id.in_(touched), DeliveryRow.state == State.SENT)
    bare = [one for one in (await session.execute(stand)).scalars() if one not in waiting]
    for target_id in bare:
        await queue_change(session, target_id, now)
    return len(bare)


async def outdate(session: Work, kinds: Collection[str], *, since: dt.datetime) -> None:
    """Take note that messages of some kinds, due since an instant, that are not out yet may be written by now.

    One that is being prepared just now is changed as soon as it stands; the others cost nothing more.
    """
    waiting = (DeliveryRow.op == Op.POST, DeliveryRow.state == State.QUEUED)
    which = (*waiting, DeliveryRow.kind.in_(set(kinds)), DeliveryRow.due_at >= since)
    locked = sa.select(DeliveryRow.id).where(*which).order_by(DeliveryRow.id).with_for_update()
    ids = list((await session.execute(locked)).scalars())
    revise = sa.update(DeliveryRow).where(DeliveryRow.id.in_(ids))
    await session.execute(revise.values(revision=DeliveryRow.revision + 1), execution_options=LOOSE)


async def queue_change(session: Work, target_id: uuid.UUID, now: dt.datetime) -> None:
    """Queue a change of a message that stands at Slack's; whoever calls has locked the message's row."""
    target = (await session.execute(sa.select(*COPIED).where(DeliveryRow.id == target_id))).one()._asdict()
    revision, key = target["revision"], target.pop("occurrence_key")
    change_id = new_id()
    added = await session.add_once(
        DeliveryRow,
        **target
        | {
            "id": change_id,
            "occurrence_key": f"{key}:update:{revision}",
            "op": Op.UPDATE,
            "target_id": target_id,
            "due_at": now,
            "expires_at": max(target["expires_at"], now + LONGEST_WAIT),
            "state": State.QUEUED,
            "attempts": 0,
            "created_at": now,
        },
    )
    if added:
        await note(session, change_id, State.QUEUED, None, now)


COPIED = (
    DeliveryRow.lane_id,
    DeliveryRow.occurrence_key,
    DeliveryRow.revision,
    DeliveryRow.kind,
    DeliveryRow.subject,
    DeliveryRow.local_date,
    DeliveryRow.expires_at,
)


def _matching(*, kind: str | None, subject: uuid.UUID | None, recipient: str | None) -> list[sa.ColumnElement[bool]]:
    which: list[sa.ColumnElement[bool]] = []
    if kind is not None:
        which.append(DeliveryRow.kind == kind)
    if subject is not None:
        which.append(DeliveryRow.subject == subject)
    if recipient is not None:
        which.append(DeliveryRow.lane_id.in_(sa.select(LaneRow.id).where(LaneRow.channel == recipient)))
    if not which:
        raise ValueError("say which messages are meant")
    return which


async def schedules(session: Work, kind: str) -> dict[str, Times]:
    """Return the schedules of one kind as they are, by recipient."""
    columns = (ScheduleRow.recipient, ScheduleRow.local_time, ScheduleRow.tz, ScheduleRow.weekdays)
    found = await session.execute(sa.select(*columns, ScheduleRow.grace_minutes).where(ScheduleRow.kind == kind))
    return {recipient: Times(at, tz, days, dt.timedelta(minutes=grace)) for recipient, at, tz, days, grace in found}


async def set_schedules(session: Work, kind: str, wanted: Mapping[str, Times], now: dt.datetime) -> None:
    """Keep exactly these schedules of one kind, by recipient; one that stays as it was keeps what is due.

    A new one is next due at its first local time after now, a changed one too, unless today's was still to come.
    """
    row = ScheduleRow
    columns = (row.recipient, row.local_time, row.tz, row.weekdays, row.grace_minutes, row.next_due_at)
    found = (await session.execute(sa.select(*columns).where(row.kind == kind))).all()
    kept = {one.recipient: tuple(one)[1:-1] for one in found}
    was_due = {one.recipient: one.next_due_at for one in found}
    given = {recipient: times for recipient, times in wanted.items() if times.weekdays}
    gone = kept.keys() - given.keys()
    if gone:
        which = (row.kind == kind, row.recipient.in_(gone))
        await session.execute(sa.delete(row).where(*which), execution_options=LOOSE)
    if given.keys() - kept.keys():
        await session.add_once(PostingRow)
    for recipient, times in sorted(given.items(), key=lambda item: item[0]):
        minutes = int(times.grace.total_seconds() // 60)
        values = (times.local_time, times.tz, times.weekdays, minutes)
        if kept.get(recipient) == values:
            continue
        await session.put_row(
            row,
            key=("workspace_id", "recipient", "kind"),
            id=new_id(),
            recipient=recipient,
            kind=kind,
            local_time=times.local_time,
            tz=times.tz,
            weekdays=times.weekdays,
            grace_minutes=minutes,
            next_due_at=_next_due(times, was_due.get(recipient), now),
        )


def _next_due(times: Times, was_due: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return when a schedule is due with its new times: today, if today's has not been planned and is not too late."""
    when = (times.local_time, times.tz, times.weekdays)
    todays = newest_due(now, *when, times.grace)
    if todays is None or was_due is None:
        return next_occurrence(now, *when)
    is_open = was_due < day_ends(local_date(todays, times.local_time, times.tz), times.tz)
    return todays if is_open else next_occurrence(now, *when)


async def resume(session: Work, channel: str) -> bool:
    """Let a channel's messages go out again (Ember was invited, the channel is back); return whether they had not."""
    paused = (LaneRow.channel == channel, LaneRow.paused_at.is_not(None))
    change = sa.update(LaneRow).where(*paused).values(paused_at=None, paused_reason=None)
    done = await session.execute(change.returning(LaneRow.id), execution_options=LOOSE)
    return bool(done.all())


async def resume_all(session: Work) -> None:
    """Let a workspace's messages go out again: its token works."""
    await session.execute(sa.update(PostingRow).values(suspended_reason=None), execution_options=LOOSE)
