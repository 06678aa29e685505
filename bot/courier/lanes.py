"""Who speaks where: claiming free lanes.

A claim is a lease with a token.  Nothing is written about a lane's messages but by whoever's token it carries; a lease
that ran out can be taken by another, who leaves the first one's token worth nothing.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.courier import turns
from bot.courier.guard import PERSON
from bot.courier.kinds import Delivery
from bot.courier.rows import DeliveryEventRow, DeliveryRow, Op, State
from bot.courier.timing import Timing
from bot.courier.turns import EVERYWHERE
from bot.store.base import new_id, table_of
from bot.store.session import Work

SHARE: Final = 4


@dataclass(frozen=True)
class Waiting:
    """Whether a message was being sent under a lease that ran out, and whether a free lane has something to do."""

    lost: bool
    ready: bool


@dataclass(frozen=True)
class Claim:
    """The message at the head of a lane that is ours for the time of a lease.

    row_id: the delivery's row, a change's own; unknown: whether it stands at Slack's has to be found out first.
    age: seconds since its last call was over.  stands: channel and time of the message that a change is for.
    body: what was sent at the last try.
    """

    lane_id: uuid.UUID
    token: uuid.UUID
    channel: str
    row_id: uuid.UUID
    target_id: uuid.UUID | None
    delivery: Delivery
    unknown: bool
    age: float
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


async def next_turn(session: Work, now: dt.datetime) -> float | None:
    """Return in how many seconds the next lane with work may be used; None without one; read only."""
    row = (await session.execute(turns.NEXT_TURN, {"now": now}, execution_options=EVERYWHERE)).one()
    return (row.soonest - row.here).total_seconds() if row.soonest is not None else None


async def anything_to_do(session: Work, now: dt.datetime) -> Waiting:
    """Return what a claim would find; read only."""
    asked = {"now": now, "most": 1, "share": SHARE}
    row = (await session.execute(turns.LOST_OR_READY, asked, execution_options=EVERYWHERE)).one()
    return Waiting(lost=bool(row.lost), ready=bool(row.ready))


async def claim(
    session: Work, now: dt.datetime, timing: Timing, *, most: int, share: int = SHARE, lost: bool = True
) -> list[Claim]:
    """Take free lanes, at most so many of each workspace; return the message at the head of each.

    A message whose time is over expires; where some were `lost`, those become unknown first.
    """
    if lost:
        await _move(session, LOST, State.UNKNOWN, "lease ran out", now)
    asked = {"now": now, "most": most, "share": share}
    lanes = list((await session.execute(turns.FREE_LANES, asked, execution_options=EVERYWHERE)).scalars())
    if not lanes:
        return []
    claims = await _heads(session, lanes, now)
    if any(one.delivery.expires_at <= now and not one.unknown for one in claims):
        await _expire(session, now, DeliveryRow.lane_id.in_(lanes))
        claims = await _heads(session, lanes, now)
    if claims:
        taken = {"lanes": [one.lane_id for one in claims], "token": claims[0].token, "lease": timing.lease}
        await session.execute(turns.TAKE, taken, execution_options=EVERYWHERE)
    return claims


async def _heads(session: Work, lanes: Sequence[uuid.UUID], now: dt.datetime) -> list[Claim]:
    """Return what is next in each lane, under a new token."""
    token = uuid.uuid4()
    found = await session.execute(turns.HEADS, {"now": now, "lanes": lanes}, execution_options=EVERYWHERE)
    return [_claimed(row, token) for row in found]


def _claimed(row: sa.Row[*tuple[Any, ...]], token: uuid.UUID) -> Claim:
    is_change = row.op is Op.UPDATE and row.target_revision is not None
    delivery = Delivery(
        id=row.target_id or row.id,
        workspace_id=row.workspace_id,
        recipient=row.channel,
        kind=row.kind,
        subject=row.subject,
        local_date=row.local_date,
        op=row.op,
        revision=row.target_revision if is_change else row.revision,
        due_at=row.due_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
    )
    return Claim(
        lane_id=row.lane_id,
        token=token,
        channel=row.channel,
        row_id=row.id,
        target_id=row.target_id,
        delivery=delivery,
        unknown=row.state is State.UNKNOWN,
        age=(row.here - row.last_try_at).total_seconds() if row.last_try_at is not None else 0.0,
        failures=row.attempts,
        body=row.body,
        first_try_at=row.first_try_at,
        stands=(row.stands_in, row.stands_at) if row.stands_in and row.stands_at else None,
    )


async def expire_everywhere(session: Work, now: dt.datetime) -> int:
    """Give up what has waited past its time, in paused lanes too; return how many messages that were."""
    return await _expire(session, now)


async def _expire(session: Work, now: dt.datetime, *which: sa.ColumnElement[bool]) -> int:
    over = sa.update(DeliveryRow).where(DeliveryRow.state == State.QUEUED, DeliveryRow.expires_at <= now, *which)
    over = over.values(state=State.EXPIRED).returning(DeliveryRow.id, DeliveryRow.workspace_id)
    return await _move(session, over, State.EXPIRED, "its time was over", now)


async def _move(session: Work, change: Any, state: State, why: str, now: dt.datetime) -> int:
    moved = (await session.execute(change, execution_options=EVERYWHERE)).all()
    steps = [
        {"id": new_id(), "delivery_id": one, "workspace_id": owner, "at": now, "state": state, "why": why}
        for one, owner in moved
    ]
    if steps:
        await session.execute(sa.insert(table_of(DeliveryEventRow)), steps)
    return len(steps)


LOST: Final = (
    sa.update(table_of(DeliveryRow))
    .where(turns.ORPHANED)
    .values(state=State.UNKNOWN, last_error="lease ran out", last_try_at=turns.OVER_BY)
    .returning(turns.ROW.id, turns.ROW.workspace_id)
)
