"""Who speaks where: claiming free lanes, and finishing what was claimed.

A claim is a lease with a token.  Nothing is written about a lane's messages but by whoever's token it carries; a lease
that ran out can be taken by another, who leaves the first one's token worth nothing.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bot.courier.guard import PERSON
from bot.courier.kinds import Delivery
from bot.courier.moments import from_now
from bot.courier.rows import DeliveryEventRow, DeliveryRow, LaneRow, Op, PostingRow, State
from bot.courier.timing import Timing
from bot.store.base import new_id, table_of
from bot.store.session import Work
from bot.store.types import UtcDateTime

SHARE: Final = 4
EVERYWHERE: Final = {"all_workspaces": "the courier serves every workspace in turn", "synchronize_session": False}


IN_SIGHT: Final = sa.select(
    sa.exists().where(DeliveryRow.state == State.QUEUED, DeliveryRow.due_at <= sa.bindparam("now", type_=UtcDateTime()))
    | sa.exists().where(DeliveryRow.state.in_((State.SENDING, State.UNKNOWN)))
).execution_options(**EVERYWHERE)
"""Whether anything is due or under way; built once, since an idle Ember asks it every second."""


@dataclass(frozen=True)
class Claim:
    """The message at the head of a lane that is ours for the time of a lease.

    row_id: the delivery's row, a change's own; unknown: whether it stands at Slack's has to be found out first.
    stands: channel and time of the message that a change is for.  body: what was sent at the last try.
    """

    lane_id: uuid.UUID
    token: uuid.UUID
    channel: str
    row_id: uuid.UUID
    target_id: uuid.UUID | None
    delivery: Delivery
    unknown: bool
    failures: int
    body: dict[str, Any] | None
    first_try_at: dt.datetime | None
    stands: tuple[str, str] | None

    @property
    def workspace_id(self) -> uuid.UUID:
        """Whose message it is."""
        return self.delivery.workspace_id

    @property
    def to_person(self) -> bool:
        """Whether it is a direct message."""
        return self.channel.startswith(PERSON)

    @property
    def is_plain(self) -> bool:
        """Whether Slack refused its blocks, so that only its text can go."""
        return self.body is not None and "blocks" not in self.body


def _unleased() -> sa.ColumnElement[bool]:
    return sa.or_(LaneRow.lease_until.is_(None), LaneRow.lease_until < from_now())


def _free() -> sa.ColumnElement[bool]:
    return sa.and_(LaneRow.paused_at.is_(None), _unleased(), LaneRow.next_ok_at <= from_now())


def _orphans() -> sa.Select[uuid.UUID]:
    """Return the lanes whose lease ran out or is gone."""
    return sa.select(LaneRow.id).where(_unleased())


def _has_work(now: dt.datetime, timing: Timing) -> sa.ColumnElement[bool]:
    """Return that a lane has something to say or to find out, and its workspace may speak."""
    row = DeliveryRow
    settled = from_now(-timing.settle)
    is_due = sa.select(row.lane_id).where(row.state == State.QUEUED, row.due_at <= now)
    is_settled = sa.select(row.lane_id).where(row.state == State.UNKNOWN, row.last_try_at <= settled)
    is_open = sa.or_(row.state == State.SENDING, sa.and_(row.state == State.UNKNOWN, row.last_try_at > settled))
    still = sa.or_(PostingRow.suspended_reason.is_not(None), PostingRow.blocked_until > from_now())
    return sa.and_(
        LaneRow.id.in_(sa.union_all(is_due, is_settled)),
        LaneRow.id.not_in(sa.select(row.lane_id).where(is_open)),
        LaneRow.workspace_id.not_in(sa.select(PostingRow.workspace_id).where(still)),
    )


def _ready(now: dt.datetime, timing: Timing, *, most: int, share: int) -> sa.Select[uuid.UUID]:
    """Return free lanes with work, each workspace's first before anybody's second."""
    taken = (
        sa.select(LaneRow.workspace_id, sa.func.count().label("lanes"))
        .where(LaneRow.lease_until >= from_now())
        .group_by(LaneRow.workspace_id)
        .subquery()
    )
    turn = sa.func.row_number().over(
        partition_by=LaneRow.workspace_id, order_by=(LaneRow.next_ok_at, LaneRow.id)
    ) + sa.func.coalesce(taken.c.lanes, 0)
    ranked = (
        sa.select(LaneRow.id, LaneRow.next_ok_at, turn.label("turn"))
        .outerjoin(taken, taken.c.workspace_id == LaneRow.workspace_id)
        .where(_free(), _has_work(now, timing))
        .subquery()
    )
    by_turn = sa.select(ranked.c.id).where(ranked.c.turn <= share)
    return by_turn.order_by(ranked.c.turn, ranked.c.next_ok_at, ranked.c.id).limit(most)


async def next_turn(session: Work, now: dt.datetime, timing: Timing) -> float | None:
    """Return in how many seconds the next lane with work may be used; None without one; read only."""
    waiting = sa.select(sa.func.min(LaneRow.next_ok_at, type_=UtcDateTime()), from_now().label("here"))
    waiting = waiting.where(LaneRow.paused_at.is_(None), _unleased(), _has_work(now, timing))
    row = (await session.execute(waiting, execution_options=EVERYWHERE)).one()
    soonest: dt.datetime | None = row[0]
    return (soonest - row.here).total_seconds() if soonest is not None else None


async def anything_to_do(session: Work, now: dt.datetime, timing: Timing) -> bool:
    """Return whether a claim would find anything; read only, and cheap while nothing is due."""
    if not (await session.execute(IN_SIGHT, {"now": now})).scalar_one():
        return False
    lost = sa.exists().where(DeliveryRow.state == State.SENDING, DeliveryRow.lane_id.in_(_orphans()))
    ready = _ready(now, timing, most=1, share=SHARE)
    found = await session.execute(sa.select(lost | sa.exists(ready)), execution_options=EVERYWHERE)
    return bool(found.scalar_one())


async def claim(session: Work, now: dt.datetime, timing: Timing, *, most: int, share: int = SHARE) -> list[Claim]:
    """Take free lanes, at most so many of each workspace; return the message at the head of each.

    A message that was being sent under a lease that ran out becomes unknown; one whose time is over expires.
    """
    await _declare_unknown(session, now)
    ready = _ready(now, timing, most=most, share=share)
    free = sa.select(LaneRow.id).where(LaneRow.id.in_(ready), _free())
    locked = await session.execute(free.with_for_update(skip_locked=True, key_share=True), execution_options=EVERYWHERE)
    lanes = list(locked.scalars())
    if not lanes:
        return []
    await _expire(session, now, DeliveryRow.lane_id.in_(lanes))
    claims = await _heads(session, lanes, now, timing, token=uuid.uuid4())
    if claims:
        take = sa.update(LaneRow).where(LaneRow.id.in_([one.lane_id for one in claims]))
        take = take.values(lease_token=claims[0].token, lease_until=from_now(timing.lease))
        await session.execute(take, execution_options=EVERYWHERE)
    return claims


async def _heads(
    session: Work, lanes: Sequence[uuid.UUID], now: dt.datetime, timing: Timing, *, token: uuid.UUID
) -> list[Claim]:
    """Return what is next in each lane: what is unknown, else what has been due the longest."""
    row, target = DeliveryRow, aliased(DeliveryRow)
    is_unknown = (row.state == State.UNKNOWN).label("is_unknown")
    order = (sa.case((row.state == State.UNKNOWN, 0), else_=1), row.due_at, row.id)
    place = sa.func.row_number().over(partition_by=row.lane_id, order_by=order).label("place")
    can_go = sa.or_(
        sa.and_(row.state == State.QUEUED, row.due_at <= now),
        sa.and_(row.state == State.UNKNOWN, row.last_try_at <= from_now(-timing.settle)),
    )
    ranked = sa.select(row.id, place).where(row.lane_id.in_(lanes), can_go).subquery()
    heads = (
        sa.select(row, LaneRow.channel, target.revision, target.sent_channel, target.sent_ts, is_unknown)
        .join(ranked, ranked.c.id == row.id)
        .join(LaneRow, LaneRow.id == row.lane_id)
        .outerjoin(target, target.id == row.target_id)
        .where(ranked.c.place == 1)
        .order_by(row.due_at, row.id)
    )
    found = await session.execute(heads, execution_options=EVERYWHERE)
    return [
        _claimed(one, channel, token, unknown=unknown, revision=revision, where=(sent_channel, sent_ts))
        for one, channel, revision, sent_channel, sent_ts, unknown in found
    ]


def _claimed(
    row: DeliveryRow,
    channel: str,
    token: uuid.UUID,
    *,
    unknown: bool,
    revision: int | None,
    where: tuple[str | None, str | None],
) -> Claim:
    is_change = row.op is Op.UPDATE
    delivery = Delivery(
        id=row.target_id or row.id,
        workspace_id=row.workspace_id,
        recipient=channel,
        kind=row.kind,
        subject=row.subject,
        local_date=row.local_date,
        op=row.op,
        revision=revision if is_change and revision is not None else row.revision,
        due_at=row.due_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
    )
    return Claim(
        lane_id=row.lane_id,
        token=token,
        channel=channel,
        row_id=row.id,
        target_id=row.target_id,
        delivery=delivery,
        unknown=unknown,
        failures=row.attempts,
        body=row.body,
        first_try_at=row.first_try_at,
        stands=(where[0], where[1]) if where[0] and where[1] else None,
    )


async def _declare_unknown(session: Work, now: dt.datetime) -> None:
    lost = sa.update(DeliveryRow).where(DeliveryRow.state == State.SENDING, DeliveryRow.lane_id.in_(_orphans()))
    lost = lost.values(state=State.UNKNOWN, last_error="lease ran out")
    await _move(session, lost, State.UNKNOWN, "lease ran out", now)


async def expire_everywhere(session: Work, now: dt.datetime) -> int:
    """Give up what has waited past its time, in paused lanes too; return how many messages that were."""
    return await _expire(session, now)


async def _expire(session: Work, now: dt.datetime, *which: sa.ColumnElement[bool]) -> int:
    over = sa.update(DeliveryRow).where(DeliveryRow.state == State.QUEUED, DeliveryRow.expires_at <= now, *which)
    return await _move(session, over.values(state=State.EXPIRED), State.EXPIRED, "its time was over", now)


async def _move(session: Work, change: sa.Update, state: State, why: str, now: dt.datetime) -> int:
    changed = change.returning(DeliveryRow.id, DeliveryRow.workspace_id)
    moved = (await session.execute(changed, execution_options=EVERYWHERE)).all()
    steps = [
        {"id": new_id(), "delivery_id": one, "workspace_id": owner, "at": now, "state": state, "why": why}
        for one, owner in moved
    ]
    if steps:
        await session.execute(sa.insert(table_of(DeliveryEventRow)), steps)
    return len(steps)
