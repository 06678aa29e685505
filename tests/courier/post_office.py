"""A courier between a real database and the stand-in, with hands to move both."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.clock import MovableClock
from bot.courier import ledger
from bot.courier.desk import Courier
from bot.courier.dispatch import Carrier
from bot.courier.guard import Clear, Verdict
from bot.courier.kinds import Delivery, Message, Occurrence, Speech
from bot.courier.lanes import Claim
from bot.courier.moments import from_now
from bot.courier.rows import DeliveryEventRow, DeliveryRow, LaneRow, PostingRow, State
from bot.courier.timing import Timing
from bot.playground.server import StandIn
from bot.slack import blocks
from bot.slack.text import markup
from bot.store.engine import Store
from bot.workspaces.installs import Workspace

HOURS = dt.timedelta(hours=1)
QUICK = Timing(pace=0.0, unsure=0.0, backoff=0.0)
LOOSE = {"synchronize_session": False}


@dataclass
class Words:
    """What there is to say, by a message's `part` in its key, and how often it was written."""

    said: dict[uuid.UUID | None, str | None] = field(default_factory=dict)
    written: int = 0
    thread_ts: str = ""
    broken: bool = False

    async def render(self, _session, delivery: Delivery, _now) -> Message | None:
        self.written += 1
        if self.broken:
            raise ZeroDivisionError
        text = self.said.get(delivery.subject, f"about {delivery.kind}")
        if text is None:
            return None
        return Message(text, [blocks.section(markup("{text}", text=text))], self.thread_ts)


class Guard:
    """Clear, until it is told otherwise."""

    def __init__(self) -> None:
        self.verdict: Verdict = Clear()
        self.asked: list[str] = []

    async def __call__(self, _workspace: Workspace, recipient: str, _now: dt.datetime) -> Verdict:
        self.asked.append(recipient)
        return self.verdict


class PostOffice:
    """Queues messages, lets the courier work, and shows what is kept."""

    def __init__(self, store: Store, workspace: Workspace, slack: StandIn, client, clock: MovableClock) -> None:
        self.store, self.workspace, self.slack, self.client, self.clock = store, workspace, slack, client, clock
        self.words, self.guard = Words(), Guard()
        self.courier = self.another()

    def another(self, *speeches: Speech, **more) -> Courier:
        """A courier of another process."""
        given = speeches or (Speech("note", self.words.render), Speech("digest", self.words.render))
        more = {"timing": QUICK} | more
        return Courier(self.store, self.client, self.clock, given, self.guard, **more)

    @property
    def carrier(self) -> Carrier:
        return self.courier.carrier

    async def queue(self, channel: str, text: str | None = None, *, kind="note", after=dt.timedelta(), life=8 * HOURS):
        """Queue a message with a subject of its own; returns its id."""
        subject, now = uuid.uuid4(), self.clock.now()
        if text is not None:
            self.words.said[subject] = text
        one = Occurrence(channel, kind, now.date(), now + after, now + after + life, subject)
        async with self.store.work(self.workspace.id) as session:
            delivery_id = await ledger.enqueue(session, one, now)
        assert delivery_id is not None
        return delivery_id

    async def subject(self, delivery_id) -> uuid.UUID:
        return (await self.row(delivery_id)).subject

    async def bump(self, **which) -> int:
        async with self.store.work(self.workspace.id) as session:
            return await ledger.bump(session, now=self.clock.now(), **which)

    async def claim_one(self) -> Claim:
        [claim] = await self.courier.claim()
        return claim

    async def row(self, delivery_id) -> DeliveryRow:
        async with self.store.look(self.workspace.id) as session:
            return (await session.execute(sa.select(DeliveryRow).where(DeliveryRow.id == delivery_id))).scalar_one()

    async def rows(self, **which) -> list[DeliveryRow]:
        async with self.store.look(self.workspace.id) as session:
            query = sa.select(DeliveryRow).filter_by(**which).order_by(DeliveryRow.due_at, DeliveryRow.id)
            return list((await session.execute(query)).scalars())

    async def state(self, delivery_id) -> State:
        return (await self.row(delivery_id)).state

    async def steps(self, delivery_id) -> list[str]:
        async with self.store.look(self.workspace.id) as session:
            query = sa.select(DeliveryEventRow.state).where(DeliveryEventRow.delivery_id == delivery_id)
            return [str(one) for one in (await session.execute(query.order_by(DeliveryEventRow.id))).scalars()]

    async def lane(self, channel: str) -> LaneRow:
        async with self.store.look(self.workspace.id) as session:
            return (await session.execute(sa.select(LaneRow).where(LaneRow.channel == channel))).scalar_one()

    async def posting(self) -> PostingRow:
        async with self.store.look(self.workspace.id) as session:
            return (await session.execute(sa.select(PostingRow))).scalar_one()

    async def lease_runs_out(self) -> None:
        await self._set(sa.update(LaneRow).values(lease_until=from_now(-1)))
        tried = sa.update(DeliveryRow).where(DeliveryRow.last_try_at > from_now(-16))
        await self._set(tried.values(last_try_at=from_now(-16)))

    async def settles(self) -> None:
        """Let the settle time of every try go by, and with it what a lane waits until then."""
        await self._set(sa.update(DeliveryRow).values(last_try_at=from_now(-41)))
        await self._set(sa.update(LaneRow).values(next_ok_at=from_now(-1)))

    async def lanes_are_rested(self) -> None:
        await self._set(sa.update(LaneRow).values(next_ok_at=from_now(-1)))
        await self._set(sa.update(PostingRow).values(blocked_until=None))

    async def _set(self, change) -> None:
        async with self.store.work(self.workspace.id) as session:
            await session.execute(change, execution_options=LOOSE)

    def texts(self, channel=None) -> list[str]:
        """What stands in a channel, or everywhere, oldest first."""
        return [message.text for message in self.slack.posted(channel)]
