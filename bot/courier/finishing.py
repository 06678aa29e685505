"""What is written about a claimed message: right before it goes to Slack, and when it is known what became of it."""

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
from bot.store.session import Work

JITTER: Final = 0.25
BEING_SAID: Final = (State.SENDING, State.UNKNOWN)


async def freeze(session: Work, claim: Claim, body: dict[str, Any], now: dt.datetime, timing: Timing) -> bool:
    """Keep what is about to be posted and renew the lease; False if the lane or the message is not ours any more."""
    lane = sa.update(LaneRow).where(*_ours(claim), LaneRow.lease_until > from_now())
    if not await _changed(session, lane.values(lease_until=from_now(timing.lease)).returning(LaneRow.id)):
        return False
    row = sa.update(DeliveryRow).where(DeliveryRow.id == claim.row_id, DeliveryRow.state == State.QUEUED)
    first = sa.func.coalesce(DeliveryRow.first_try_at, from_now())
    row = row.values(state=State.SENDING, body=body, first_try_at=first, last_try_at=from_now())
    if not await _changed(session, row.returning(DeliveryRow.id)):
        return False
    await note(session, claim.row_id, State.SENDING, None, now)
    return True


async def finish(session: Work, claim: Claim, outcome: Outcome, now: dt.datetime, timing: Timing) -> bool:
    """Write what became of a message and let its lane go; False, with nothing written, if the lane is another's now.

    A message that changed while it was on its way is changed at Slack's too.
    """
    wait = timing.pace if outcome.wait is None else outcome.wait
    wait += random.uniform(0, JITTER * wait) if outcome.limited else 0.0  # noqa: S311  no secret
    lane: dict[str, Any] = {"lease_token": None, "lease_until": None, "next_ok_at": from_now(wait)}
    if outcome.limited:
        lane["limited_at"] = from_now()
    if outcome.pauses:
        lane |= {"paused_at": now, "paused_reason": outcome.why}
    released = sa.update(LaneRow).where(*_ours(claim)).values(**lane)
    if not await _changed(session, released.returning(LaneRow.id)):
        return False
    stale = outcome.state is State.SENT and await _is_stale(session, claim)
    await _settle(session, claim, outcome, now, stale=stale)
    if outcome.suspends:
        suspend = sa.update(PostingRow).values(suspended_reason=outcome.why)
        await session.execute(suspend, execution_options=LOOSE)
    if outcome.limited:
        await _hold_up_the_workspace(session, claim, wait, timing)
    return True


async def release(session: Work, claim: Claim) -> None:
    """Let a lane go in which there was nothing to say."""
    free = sa.update(LaneRow).where(*_ours(claim)).values(lease_token=None, lease_until=None)
    await session.execute(free, execution_options=LOOSE)


async def _settle(session: Work, claim: Claim, outcome: Outcome, now: dt.datetime, *, stale: bool) -> None:
    again = stale and claim.delivery.op is Op.UPDATE
    values: dict[str, Any] = {"state": State.QUEUED if again else outcome.state}
    if outcome.why is not None:
        values["last_error"] = outcome.why[:120]
    if outcome.failed:
        values["attempts"] = DeliveryRow.attempts + 1
    if outcome.plain:
        values["body"] = {"text": ""}
    if outcome.sent is not None:
        values |= {"sent_channel": outcome.sent[0], "sent_ts": outcome.sent[1], "last_error": None}
    if outcome.due_at is not None:
        values["due_at"] = outcome.due_at
    from_states = (*BEING_SAID, State.QUEUED)
    row = sa.update(DeliveryRow).where(DeliveryRow.id == claim.row_id, DeliveryRow.state.in_(from_states))
    if not await _changed(session, row.values(**values).returning(DeliveryRow.id)):
        return
    await note(session, claim.row_id, outcome.state, outcome.why, now)
    if again:
        await note(session, claim.row_id, State.QUEUED, "changed again", now)
    elif stale:
        await queue_change(session, claim.row_id, now)


async def _is_stale(session: Work, claim: Claim) -> bool:
    """Return whether a message changed since it was written; waits for whoever is changing it."""
    said = sa.select(DeliveryRow.revision).where(DeliveryRow.id == claim.delivery.id).with_for_update()
    newest = (await session.execute(said)).scalar_one_or_none()
    written = 0 if claim.unknown else claim.delivery.revision
    return newest is not None and newest > written


async def _hold_up_the_workspace(session: Work, claim: Claim, wait: float, timing: Timing) -> None:
    """Have a workspace wait if Slack slowed down a second lane of it."""
    others = sa.exists().where(
        LaneRow.workspace_id == session.workspace_id,
        LaneRow.id != claim.lane_id,
        LaneRow.limited_at > from_now(-timing.limited),
    )
    hold = sa.update(PostingRow).where(others).values(blocked_until=from_now(wait))
    await session.execute(hold, execution_options=LOOSE)


def _ours(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return LaneRow.id == claim.lane_id, LaneRow.lease_token == claim.token


async def _changed(session: Work, change: Any) -> bool:
    return bool((await session.execute(change, execution_options=LOOSE)).all())
