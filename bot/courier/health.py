"""How speaking first is doing: in a workspace, for Home, and everywhere, for those who watch over it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from bot.courier.guard import GUESTS, SHARED
from bot.courier.rows import DeliveryRow, LaneRow, Op, PlannerRow, PostingRow, State
from bot.store.session import ALL_WORKSPACES, Work

RECENT: Final = dt.timedelta(days=7)
UNDER_WAY: Final = (State.QUEUED, State.SENDING, State.UNKNOWN)
EVERYWHERE: Final = {ALL_WORKSPACES: "who runs Ember watches over all of them"}
WAITING_SINCE = sa.case((DeliveryRow.created_at > DeliveryRow.due_at, DeliveryRow.created_at), else_=DeliveryRow.due_at)
"""When a message could first have been said: one planned late, after Ember was down, has waited since then only."""
LOOKED_AT = sa.select(PlannerRow.planned_at)
HELD_BACK = sa.and_(DeliveryRow.state == State.CANCELLED, DeliveryRow.last_error.in_((GUESTS, SHARED)))


@dataclass(frozen=True)
class Paused:
    """A conversation in which Slack does not let Ember speak just now: Slack's id, and Slack's word for why."""

    channel: str
    reason: str
    since: dt.datetime


@dataclass(frozen=True)
class Health:
    """What is going on: when Ember last looked at what is due, what waits, what failed in the last seven days.

    planned_at: where what is due can't be planned, since when.  waiting: due and not said yet; oldest_due_at: since
    when the first of those could have been said, in conversations that are not paused.  parked: sent or not, Slack
    does not let us look.  held_back: others read along there.  suspended: Slack's word for why nothing may be said at
    all.
    """

    planned_at: dt.datetime | None
    waiting: int
    oldest_due_at: dt.datetime | None
    failed: int
    parked: int
    paused: Sequence[Paused]
    suspended: str | None
    held_back: int = 0


@dataclass(frozen=True)
class Trouble:
    """A message that was not said, or of which nobody knows: where (Slack's id), of which kind, when, and why."""

    channel: str
    kind: str
    state: State
    due_at: dt.datetime
    why: str


@dataclass(frozen=True)
class Watch:
    """All workspaces together: who was looked at the longest ago, what waits by state, and since when.

    planned_at: where what is due in some workspace can't be planned, since when.
    Suspended workspaces and paused conversations wait for somebody of theirs, so they are left out of both instants.
    """

    planned_at: dt.datetime | None
    oldest_due_at: dt.datetime | None
    depth: dict[State, int]
    paused: int
    suspended: int


async def health(session: Work, now: dt.datetime) -> Health:
    """Return how a workspace's messages are doing."""
    posting = (await session.execute(sa.select(PostingRow.stuck_since, PostingRow.suspended_reason))).one_or_none()
    looked_at = (await session.execute(LOOKED_AT)).scalar_one_or_none()
    ended = sa.select(DeliveryRow.state, sa.func.count()).join(LaneRow, LaneRow.id == DeliveryRow.lane_id)
    ended = ended.where(
        sa.or_(DeliveryRow.state.in_((State.DEAD, State.PARKED)), HELD_BACK),
        DeliveryRow.op == Op.POST,
        DeliveryRow.due_at > now - RECENT,
    )
    counts = await _counts(session, ended.group_by(DeliveryRow.state))
    oldest = sa.func.min(sa.case((LaneRow.paused_at.is_(None), WAITING_SINCE)))
    queue = sa.select(sa.func.count(), oldest).join(LaneRow, LaneRow.id == DeliveryRow.lane_id).where(_is_due(now))
    waiting, oldest_due_at = (await session.execute(queue)).one()
    held = sa.select(LaneRow.channel, LaneRow.paused_reason, LaneRow.paused_at).where(LaneRow.paused_at.is_not(None))
    return Health(
        planned_at=posting.stuck_since or looked_at if posting is not None else None,
        waiting=waiting,
        oldest_due_at=oldest_due_at,
        failed=counts.get(State.DEAD, 0),
        parked=counts.get(State.PARKED, 0),
        held_back=counts.get(State.CANCELLED, 0),
        paused=[
            Paused(channel, reason or "", since)
            for channel, reason, since in await session.execute(held.order_by(LaneRow.channel))
            if since is not None
        ],
        suspended=posting.suspended_reason if posting is not None else None,
    )


async def troubles(session: Work, now: dt.datetime, limit: int = 10) -> list[Trouble]:
    """Return the newest messages of the last seven days that failed, are parked, or were held back."""
    columns = (LaneRow.channel, DeliveryRow.kind, DeliveryRow.state, DeliveryRow.due_at, DeliveryRow.last_error)
    wanted = sa.select(*columns).join(LaneRow, LaneRow.id == DeliveryRow.lane_id)
    wanted = wanted.where(
        sa.or_(DeliveryRow.state.in_((State.DEAD, State.PARKED)), HELD_BACK),
        DeliveryRow.op == Op.POST,
        DeliveryRow.due_at > now - RECENT,
    )
    found = await session.execute(wanted.order_by(DeliveryRow.due_at.desc(), DeliveryRow.id.desc()).limit(limit))
    return [Trouble(channel, kind, state, due_at, why or "") for channel, kind, state, due_at, why in found]


async def watch(session: Work, now: dt.datetime) -> Watch:
    """Return how all workspaces are doing; the session is over all of them."""
    well = PostingRow.suspended_reason.is_(None)
    looked_at = (await session.execute(LOOKED_AT, execution_options=EVERYWHERE)).scalar_one_or_none()
    postings = sa.select(
        sa.func.min(sa.case((well, PostingRow.stuck_since))),
        sa.func.count(sa.case((PostingRow.suspended_reason.is_not(None), 1))),
    )
    stuck_since, suspended = (await session.execute(postings, execution_options=EVERYWHERE)).one()
    by_state = sa.select(DeliveryRow.state, sa.func.count()).where(_is_due(now)).group_by(DeliveryRow.state)
    depth = await _counts(session, by_state, execution_options=EVERYWHERE)
    oldest = (
        sa.select(sa.func.min(WAITING_SINCE))
        .select_from(DeliveryRow)
        .join(LaneRow, LaneRow.id == DeliveryRow.lane_id)
        .join(PostingRow, PostingRow.workspace_id == DeliveryRow.workspace_id)
        .where(_is_due(now), LaneRow.paused_at.is_(None), well)
    )
    paused = sa.select(sa.func.count()).select_from(LaneRow).where(LaneRow.paused_at.is_not(None))
    return Watch(
        planned_at=stuck_since or looked_at,
        oldest_due_at=(await session.execute(oldest, execution_options=EVERYWHERE)).scalar_one(),
        depth=dict.fromkeys(UNDER_WAY, 0) | depth,
        paused=(await session.execute(paused, execution_options=EVERYWHERE)).scalar_one(),
        suspended=suspended,
    )


async def _counts(
    session: Work, query: sa.Select[State, int], execution_options: Mapping[str, str] = {}
) -> dict[State, int]:
    found = await session.execute(query, execution_options=execution_options)
    return {row[0]: row[1] for row in found}


def _is_due(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(DeliveryRow.state.in_(UNDER_WAY), DeliveryRow.due_at <= now, DeliveryRow.expires_at > now)
