"""Whose turn it is: the questions about lanes, each built once, since a busy Ember asks them many times a second.

All of them go over every workspace.
"""

import datetime as dt
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.courier.moments import from_now
from bot.courier.rows import DeliveryRow, LaneRow, PostingRow, State
from bot.store.base import table_of
from bot.store.session import ALL_WORKSPACES
from bot.store.types import UtcDateTime

Query: TypeAlias = sa.Select[*tuple[Any, ...]]

EVERYWHERE: Final = {ALL_WORKSPACES: "the courier serves every workspace in turn", "synchronize_session": False}
NOW: Final = sa.bindparam("now", type_=UtcDateTime())
ROW, LANE, POSTING = table_of(DeliveryRow).c, table_of(LaneRow).c, table_of(PostingRow).c
_ONE, _TARGET = table_of(DeliveryRow).alias(), table_of(DeliveryRow).alias()

_IS_DUE = sa.and_(ROW.state == State.QUEUED, ROW.due_at <= NOW)
_UNLEASED = sa.or_(LANE.lease_until.is_(None), LANE.lease_until < from_now())
_FREE = sa.and_(LANE.paused_at.is_(None), _UNLEASED, LANE.next_ok_at <= from_now())
_HELD_UP = sa.or_(POSTING.suspended_reason.is_not(None), POSTING.blocked_until > from_now())
_HAS_WORK = sa.and_(
    # as one union, PostgreSQL would read all that is due again for each lane; so it reads it once
    sa.or_(*[LANE.id.in_(sa.select(ROW.lane_id).where(one)) for one in (_IS_DUE, ROW.state == State.UNKNOWN)]),
    LANE.id.not_in(sa.select(ROW.lane_id).where(ROW.state == State.SENDING)),
    LANE.workspace_id.not_in(sa.select(POSTING.workspace_id).where(_HELD_UP)),
)

ORPHANED: Final = sa.and_(ROW.state == State.SENDING, ROW.lane_id.in_(sa.select(LANE.id).where(_UNLEASED)))
"""That nobody sends a message any more: its lane's lease ran out or is gone."""

_LEASE_END = sa.select(LANE.lease_until).where(LANE.id == ROW.lane_id).correlate(table_of(DeliveryRow))
OVER_BY: Final = sa.case(
    (_LEASE_END.scalar_subquery() > ROW.last_try_at, _LEASE_END.scalar_subquery()), else_=ROW.last_try_at
)
"""When a call was over at the latest that nobody saw the end of; never before it began."""

IN_SIGHT: Final = sa.select(
    sa.exists().where(_IS_DUE) | sa.exists().where(ROW.state.in_((State.SENDING, State.UNKNOWN)))
).execution_options(**EVERYWHERE)
"""Whether anything is due or under way."""


async def in_sight(engine: AsyncEngine, now: dt.datetime) -> bool:
    """Return whether anything is due or under way; an idle Ember asks it every second, hence without a session."""
    async with engine.connect() as connection:
        return bool((await connection.execute(IN_SIGHT, {"now": now})).scalar_one())


def _ready() -> Query:
    """Return free lanes with work, each workspace's first before anybody's second."""
    taken = (
        sa.select(LANE.workspace_id, sa.func.count().label("lanes"))
        .where(LANE.lease_until >= from_now())
        .group_by(LANE.workspace_id)
        .subquery()
    )
    turn = sa.func.row_number().over(
        partition_by=LANE.workspace_id, order_by=(LANE.next_ok_at, LANE.id)
    ) + sa.func.coalesce(taken.c.lanes, 0)
    ranked = (
        sa.select(LANE.id, LANE.next_ok_at, turn.label("turn"))
        .outerjoin(taken, taken.c.workspace_id == LANE.workspace_id)
        .where(_FREE, _HAS_WORK)
        .subquery()
    )
    by_turn = sa.select(ranked.c.id).where(ranked.c.turn <= sa.bindparam("share", type_=sa.Integer()))
    by_turn = by_turn.order_by(ranked.c.turn, ranked.c.next_ok_at, ranked.c.id)
    return by_turn.limit(sa.bindparam("most", type_=sa.Integer()))


def _head(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """Return the id of the message of a lane that comes first."""
    first = sa.select(_ONE.c.id).where(_ONE.c.lane_id == LANE.id, *which)
    return first.order_by(_ONE.c.due_at, _ONE.c.id).limit(1).correlate(table_of(LaneRow)).scalar_subquery()


LOST_OR_READY: Final = sa.select(sa.exists().where(ORPHANED).label("lost"), sa.exists(_ready()).label("ready"))
"""Whether a message was lost on its way, and whether a lane is free that has something to say or to find out."""

FREE_LANES: Final = (
    sa.select(LANE.id).where(LANE.id.in_(_ready()), _FREE).with_for_update(skip_locked=True, key_share=True)
)
"""Locks at most `most` lanes, at most `share` of a workspace, others' leases counted."""

TAKE: Final = (
    sa.update(table_of(LaneRow))
    .where(LANE.id.in_(sa.bindparam("lanes", expanding=True)))
    .values(
        lease_token=sa.bindparam("token", type_=LANE.lease_token.type),
        lease_until=from_now(sa.bindparam("lease", type_=sa.Float())),
    )
)

NEXT_TURN: Final = sa.select(
    sa.func.min(LANE.next_ok_at, type_=UtcDateTime()).label("soonest"), from_now().label("here")
).where(LANE.paused_at.is_(None), _UNLEASED, _HAS_WORK)
"""When the next lane with work may be used, and what time it is there."""

HEADS: Final = (
    sa.select(
        *table_of(DeliveryRow).c,
        LANE.channel,
        _TARGET.c.revision.label("target_revision"),
        _TARGET.c.sent_channel.label("stands_in"),
        _TARGET.c.sent_ts.label("stands_at"),
        from_now().label("here"),
    )
    .select_from(table_of(LaneRow))
    .join(
        table_of(DeliveryRow),
        ROW.id
        == sa.func.coalesce(
            _head(_ONE.c.state == State.UNKNOWN), _head(_ONE.c.state == State.QUEUED, _ONE.c.due_at <= NOW)
        ),
    )
    .outerjoin(_TARGET, _TARGET.c.id == ROW.target_id)
    .where(LANE.id.in_(sa.bindparam("lanes", expanding=True)))
    .order_by(ROW.due_at, ROW.id)
)
"""What is next in each lane: what is unknown, else what has been due the longest."""
