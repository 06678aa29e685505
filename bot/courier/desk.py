"""The courier: plans, dispatches, keeps house.  Engines drive it; which one never changes what is said."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterable
from typing import Final

import sqlalchemy as sa
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.courier import history, lanes, turns
from bot.courier.dispatch import Carrier
from bot.courier.engines.port import Engine
from bot.courier.kinds import Guarding, Hold, Speech
from bot.courier.plan import plan
from bot.courier.rows import DeliveryRow, State
from bot.courier.timing import Timing
from bot.store.engine import Store

log = structlog.get_logger(__name__)

IN_FLIGHT: Final = 24
IN_HAND: Final = 4
"""How many of those may wait for this process or the database instead of Slack: where these are what is slow, more
would not go faster, and would stand still if the process died."""

GLANCE_SECONDS: Final = 0.05
"""After which the free lanes are looked at again while some messages are still on their way."""

SHORTEST_PAUSE: Final = 0.05
KEPT: Final = dt.timedelta(days=180)
OLD_AT_ONCE: Final = 500
OVER: Final = (State.SENT, State.DEAD, State.EXPIRED, State.CANCELLED, State.PARKED)


class Courier:
    """Speaks first, for every workspace.

    engine: what drives it, once there is one; `nudge()` goes there.
    """

    def __init__(
        self,
        store: Store,
        slack: AsyncWebClient,
        clock: Clock,
        speeches: Iterable[Speech],
        guard: Guarding,
        *,
        hold: Hold | None = None,
        timing: Timing | None = None,
        look: history.Look = history.look,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine: Engine | None = None
        self.speeches = {speech.kind: speech for speech in speeches}
        self.timing = timing or Timing()
        self.carrier = Carrier(store, slack, clock, self.speeches, guard, hold, self.timing, look, elapsed)
        self._store, self._clock = store, clock
        self._planning, self._dispatching = asyncio.Lock(), asyncio.Lock()

    async def plan(self) -> int:
        """Write down what is due; return how many messages are new.

        One after the other in a process: whoever asks while it goes on asks about a later instant.
        """
        async with self._planning:
            return await plan(self._store, self.speeches, self._clock)

    async def dispatch(self) -> int:
        """Say what is due and may be said by now; return how many lanes were served.

        Ends when nothing is left but what has to wait longer than a lane's pace, and takes on nothing new after a
        while.  One round at a time in a process: a second call returns at once.
        """
        if self._dispatching.locked():
            return 0
        async with self._dispatching:
            is_idle = not await turns.in_sight(self._store.engines[-1], self._clock.now())
            return 0 if is_idle else await self._round()

    async def _round(self) -> int:
        loop, served = asyncio.get_running_loop(), 0
        until = loop.time() + self.timing.busy
        carrying: set[asyncio.Task[None]] = set()
        is_more = False
        try:
            while True:
                room = self._room(len(carrying)) if loop.time() < until else 0
                claims = await self.claim(room, is_more=is_more)
                if room:
                    is_more = len(claims) == room
                served += len(claims)
                carrying |= {asyncio.create_task(self._carry(one)) for one in claims}
                if not carrying:
                    pause = await self._pause() if served and loop.time() < until else None
                    if pause is None:
                        return served
                    await asyncio.sleep(pause)
                    continue
                _, carrying = await asyncio.wait(carrying, timeout=GLANCE_SECONDS)
        finally:
            await asyncio.gather(*carrying)

    def _room(self, carrying: int) -> int:
        """Return how many lanes to take: some at once, or none."""
        in_hand = carrying - self.carrier.at_slack
        room = min(IN_FLIGHT - carrying, IN_HAND - in_hand)
        return room if room >= IN_HAND // 2 else 0

    async def _pause(self) -> float | None:
        """Return for how long to wait where a lane only keeps its pace; None if there is nothing to wait for."""
        async with self._store.look(None) as session:
            seconds = await lanes.next_turn(session, self._clock.now())
        if seconds is None or seconds > self.timing.pace:
            return None
        return max(seconds, SHORTEST_PAUSE)

    async def claim(self, most: int = IN_FLIGHT, *, is_more: bool = False) -> list[lanes.Claim]:
        """Take free lanes that have something to say; where more waited a moment ago, without asking first."""
        now = self._clock.now()
        if most <= 0:
            return []
        found = lanes.Waiting(lost=False, ready=True) if is_more else await self._waiting(now)
        if not (found.lost or found.ready):
            return []
        async with self._store.work(None) as session:
            return await lanes.claim(session, now, self.timing, most=most, lost=found.lost)

    async def _waiting(self, now: dt.datetime) -> lanes.Waiting:
        async with self._store.look(None) as session:
            return await lanes.anything_to_do(session, now)

    async def _carry(self, claim: lanes.Claim) -> None:
        """Carry one message; what fails here leaves it to the lease that runs out, and to the history."""
        try:
            await self.carrier.carry(claim)
        except Exception:  # the courier's boundary: one message never takes the round along
            log.exception("a message was left on its way", delivery=str(claim.row_id))

    async def housekeep(self) -> int:
        """Give up what has waited past its time, forget what is long over; return how many rows that were."""
        now = self._clock.now()
        async with self._store.work(None) as session:
            expired = await lanes.expire_everywhere(session, now)
        return expired + await self._forget(now)

    async def _forget(self, now: dt.datetime) -> int:
        """Delete what is long over, so much in each transaction that nobody has to wait for it."""
        row = DeliveryRow
        old = sa.select(row.id).where(row.state.in_(OVER), row.due_at < now - KEPT, row.expires_at < now)
        some = sa.delete(row).where(row.id.in_(old.limit(OLD_AT_ONCE))).returning(row.id)
        forgotten, gone = 0, OLD_AT_ONCE
        while gone == OLD_AT_ONCE:
            async with self._store.work(None) as session:
                gone = len((await session.execute(some, execution_options=turns.EVERYWHERE)).all())
            forgotten += gone
        return forgotten

    def nudge(self) -> None:
        """Have what is waiting said soon: something was queued."""
        if self.engine is not None:
            self.engine.nudge()
