"""What is written about a claimed message: right before it goes to Slack, and when it is known what became of it.

What every message needs is built once; each statement names its workspace.
"""

import datetime as dt
import random
from typing import Any, Final

import sqlalchemy as sa

from bot.courier.lanes import Claim
from bot.courier.ledger import LOOSE, note, queue_change
from bot.courier.moments import from_now
from bot.courier.outcomes import Outcome
from bot.courier.rows import DeliveryRow, LaneRow, Op, PostingRow, State
from bot.courier.timing import Timing
from bot.courier.turns import LANE, ROW
from bot.store.base import table_of
from bot.store.session import PREPARED, Work

JITTER: Final = 0.25
SECONDS: Final = sa.bindparam("seconds", type_=sa.Float())
ITS_WORKSPACE: Final = sa.bindparam("its_workspace", type_=ROW.workspace_id.type)

_ITS_LANE = (
    LANE.workspace_id == ITS_WORKSPACE,
    LANE.id == sa.bindparam("its_lane", type_=LANE.id.type),
    LANE.lease_token == sa.bindparam("its_token", type_=LANE.lease_token.type),
)
_ITS_ROW = (ROW.workspace_id == ITS_WORKSPACE, ROW.id == sa.bindparam("its_id", type_=ROW.id.type))
_UNDER_WAY = ROW.state.in_((State.SENDING, State.UNKNOWN, State.QUEUED))

RENEW: Final = sa.update(table_of(LaneRow)).where(*_ITS_LANE).values(lease_until=from_now(SECONDS)).returning(LANE.id)
KEEP: Final = (
    sa.update(table_of(DeliveryRow))
    .where(*_ITS_ROW, ROW.state == State.QUEUED)
    .values(
        state=State.SENDING,
        body=sa.bindparam("said", type_=ROW.body.type),
        first_try_at=sa.func.coalesce(ROW.first_try_at, from_now()),
        last_try_at=from_now(),
    )
    .returning(ROW.id)
)
RELEASE: Final = (
    sa.update(table_of(LaneRow)).where(*_ITS_LANE).values(lease_token=None, lease_until=None).returning(LANE.id)
)
REST: Final = RELEASE.values(next_ok_at=from_now(SECONDS))
SETTLE: Final = sa.update(table_of(DeliveryRow)).where(*_ITS_ROW, _UNDER_WAY).returning(ROW.revision)
STANDS: Final = SETTLE.values(
    state=State.SENT,
    sent_channel=sa.bindparam("there", type_=ROW.sent_channel.type),
    sent_ts=sa.bindparam("at", type_=ROW.sent_ts.type),
    last_error=None,
)
NEWEST: Final = sa.select(ROW.revision).where(*_ITS_ROW).with_for_update()


async def freeze(session: Work, claim: Claim, body: dict[str, Any], now: dt.datetime, timing: Timing) -> bool:
    """Keep what is about to be posted and renew the lease; False if the lane or the message is not ours any more."""
    if not await _run(session, RENEW, **_lane(claim), seconds=timing.lease):
        return False
    if not await _run(session, KEEP, **_row(claim), said=body):
        return False
    await note(session, claim.row_id, State.SENDING, None, now)
    return True


async def finish(session: Work, claim: Claim, outcome: Outcome, now: dt.datetime, timing: Timing) -> bool:
    """Write what became of a message and let its lane go; False, with nothing written, if the lane is another's now.

    A message that changed while it was on its way is changed at Slack's too.
    """
    wait = timing.pace if outcome.wait is None else outcome.wait
    wait += random.uniform(0, JITTER * wait) if outcome.limited else 0.0  # noqa: S311  no secret
    rest = REST
    if outcome.limited:
        rest = rest.values(limited_at=from_now())
    if outcome.pauses:
        rest = rest.values(paused_at=now, paused_reason=outcome.why)
    if not await _run(session, rest, **_lane(claim), seconds=wait):
        return False
    await _settle(session, claim, outcome, now)
    if outcome.suspends:
        suspend = sa.update(PostingRow).values(suspended_reason=outcome.why)
        await session.execute(suspend, execution_options=LOOSE)
    if outcome.limited:
        await _hold_up_the_workspace(session, claim, wait, timing)
    return True


async def release(session: Work, claim: Claim) -> None:
    """Let a lane go in which there was nothing to say."""
    await _run(session, RELEASE, **_lane(claim))


async def _settle(session: Work, claim: Claim, outcome: Outcome, now: dt.datetime) -> None:
    written = 0 if claim.unknown else claim.delivery.revision
    is_sent, is_change = outcome.state is State.SENT, claim.delivery.op is Op.UPDATE
    again = is_sent and is_change and await _newest(session, claim) > written
    if outcome.sent is None:
        revision = await _run(session, SETTLE.values(**_values(claim, outcome)), **_row(claim))
    else:
        stands, (there, at) = STANDS.values(state=State.QUEUED) if again else STANDS, outcome.sent
        revision = await _run(session, stands, **_row(claim), there=there, at=at)
    if revision is None or (claim.unknown and outcome.state is State.UNKNOWN):
        return
    await note(session, claim.row_id, outcome.state, outcome.why, now)
    if again:
        await note(session, claim.row_id, State.QUEUED, "changed again", now)
    elif is_sent and not is_change and revision > written:
        await queue_change(session, claim.row_id, now)


def _values(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    values: dict[str, Any] = {"state": outcome.state}
    if outcome.state is State.UNKNOWN and not claim.unknown:
        values["last_try_at"] = from_now()
    if outcome.why is not None:
        values["last_error"] = outcome.why[:120]
    if outcome.failed:
        values["attempts"] = ROW.attempts + 1
    if outcome.plain:
        values["body"] = {"text": ""}
    if outcome.due_at is not None:
        values["due_at"] = outcome.due_at
    return values


async def _newest(session: Work, claim: Claim) -> int:
    """Return which revision a message has that a change is for; waits for whoever is changing it."""
    found: int | None = await _run(session, NEWEST, **_row(claim) | {"its_id": claim.delivery.id})
    return 0 if found is None else found


async def _hold_up_the_workspace(session: Work, claim: Claim, wait: float, timing: Timing) -> None:
    """Have a workspace wait if Slack slowed down a second lane of it."""
    others = sa.exists().where(
        LaneRow.workspace_id == session.workspace_id,
        LaneRow.id != claim.lane_id,
        LaneRow.limited_at > from_now(-timing.limited),
    )
    hold = sa.update(PostingRow).where(others).values(blocked_until=from_now(wait))
    await session.execute(hold, execution_options=LOOSE)


def _lane(claim: Claim) -> dict[str, Any]:
    return {"its_workspace": claim.workspace_id, "its_lane": claim.lane_id, "its_token": claim.token}


def _row(claim: Claim) -> dict[str, Any]:
    return {"its_workspace": claim.workspace_id, "its_id": claim.row_id}


async def _run(session: Work, statement: Any, **values: Any) -> Any:
    """Run one of the statements above; return what it found or changed, None if that was nothing."""
    return (await session.execute(statement, values, execution_options={PREPARED: True})).scalar_one_or_none()
