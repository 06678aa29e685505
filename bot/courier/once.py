"""One round by hand: plan for an instant, say what is due, wait until it is settled."""

import asyncio
import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from bot.courier.desk import Courier
from bot.courier.health import watch
from bot.courier.rows import DeliveryEventRow, DeliveryRow, LaneRow, Op, State
from bot.store.engine import Store
from bot.store.session import ALL_WORKSPACES

PATIENCE_SECONDS = 120.0
AGAIN_SECONDS = 0.5
ANYWHERE = {ALL_WORKSPACES: "whoever runs Ember has asked for one round everywhere"}


@dataclass(frozen=True)
class Result:
    """What became of one message: to whom (Slack's id), of which kind, since when it was due, and Slack's word."""

    recipient: str
    kind: str
    due_at: dt.datetime
    state: State
    why: str


async def once(courier: Courier, store: Store, now: dt.datetime, patience: float = PATIENCE_SECONDS) -> list[Result]:
    """Plan and say what is due now by the courier's clock; return what became of every message that moved.

    patience: seconds to wait for what Slack does not take at once.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    await courier.plan()
    while True:
        await courier.dispatch()
        async with store.look(None) as session:
            is_settled = (await watch(session, now)).oldest_due_at is None
        if is_settled or loop.time() >= until:
            return await _results(store, now)
        await asyncio.sleep(AGAIN_SECONDS)


async def _results(store: Store, now: dt.datetime) -> list[Result]:
    row = DeliveryRow
    moved = sa.select(DeliveryEventRow.delivery_id).where(DeliveryEventRow.at == now)
    query = sa.select(LaneRow.channel, row.kind, row.due_at, row.state, row.last_error)
    query = query.join(LaneRow, LaneRow.id == row.lane_id).where(row.id.in_(moved), row.op == Op.POST)
    async with store.look(None) as session:
        found = await session.execute(query.order_by(row.due_at, row.id), execution_options=ANYWHERE)
        return [Result(channel, kind, due_at, state, why or "") for channel, kind, due_at, state, why in found]
