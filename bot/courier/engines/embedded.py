"""One process: APScheduler's ticks.  A tick only asks; what is due the database knows."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.courier.engines.port import Port

log = structlog.get_logger(__name__)

PLAN_SECONDS: Final = 30
DISPATCH_SECONDS: Final = 1
HOUSEKEEP_SECONDS: Final = 600
NUDGE_SECONDS: Final = 0.05
STOPPING_SECONDS: Final = 2.0

Question: TypeAlias = Callable[[], Awaitable[object]]


class EmbeddedEngine:
    """Drives a port from the running loop.  dispatch_seconds: how often it looks for what is waiting."""

    def __init__(self, port: Port, *, dispatch_seconds: float = DISPATCH_SECONDS) -> None:
        self._port = port
        self._dispatch_seconds = dispatch_seconds
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._running: dict[Question, asyncio.Task[None]] = {}
        self._nudged: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to ask: what is due at once, the rest at its time."""
        self._every(PLAN_SECONDS, self._plan)
        self._every(self._dispatch_seconds, self._port.dispatch)
        self._every(HOUSEKEEP_SECONDS, self._port.housekeep)
        self._scheduler.start()
        await self._begin(self._plan)

    async def stop(self) -> None:
        """Stop asking; what was begun is finished, though after a moment nothing new is taken on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._nudged is not None:
            self._nudged.cancel()
        if self._running:
            _, still = await asyncio.wait(list(self._running.values()), timeout=STOPPING_SECONDS)
            for task in still:
                task.cancel()
            await asyncio.gather(*still, return_exceptions=True)

    def nudge(self) -> None:
        """Ask soon: something is waiting."""
        if self._nudged is None or self._nudged.done():
            self._nudged = asyncio.create_task(self._soon())

    async def _plan(self) -> None:
        await self._port.plan()
        await self._port.dispatch()

    async def _soon(self) -> None:
        await asyncio.sleep(NUDGE_SECONDS)
        await self._begin(self._port.dispatch)

    def _every(self, seconds: float, ask: Question) -> None:
        self._scheduler.add_job(
            self._begin,
            "interval",
            [ask],
            seconds=seconds,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    async def _begin(self, ask: Question) -> None:
        """Ask in a task of its own, unless the same is being asked already: the tick itself is over at once."""
        if ask not in self._running:
            self._running[ask] = task = asyncio.create_task(self._asked(ask))
            task.add_done_callback(lambda _: self._running.pop(ask))

    async def _asked(self, ask: Question) -> None:
        try:
            await ask()
        except Exception:  # the courier's boundary: the next tick asks again
            log.exception("a tick failed")
