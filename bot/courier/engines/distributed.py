"""Many replicas: Procrastinate on the same PostgreSQL hands out the ticks, so that each is taken by one of them.

Which replica takes a tick never decides what is sent: the lease of a lane does.
"""

import asyncio
import contextlib
from typing import Final

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from bot.courier.engines.port import Port
from bot.courier.engines.queue_schema import OPTIONS, conninfo

log = structlog.get_logger(__name__)

QUEUE: Final = "ember"
CONNECTIONS: Final = 4
AT_ONCE: Final = 3
POLL_SECONDS: Final = 1.0
STOPPING_SECONDS: Final = 12.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a worker that failed is started again: twice as many each time, until one lasts longer than that."""

EVERY_SECOND, EVERY_HALF_MINUTE, EVERY_TEN_MINUTES = "* * * * * *", "* * * * * */30", "*/10 * * * *"
"""Croniter's fields, the sixth are the seconds."""


class DistributedEngine:
    """Drives a port on every replica that starts one; goes on by itself once a database that was away is back."""

    def __init__(self, port: Port, database_url: str) -> None:
        self._port = port
        address, its_schema = conninfo(database_url), {"options": OPTIONS}
        self._app = App(
            connector=PsycopgConnector(conninfo=address, kwargs=its_schema, min_size=1, max_size=CONNECTIONS)
        )
        self._worker: asyncio.Task[None] | None = None
        self._stopping = False
        self._nudges: set[asyncio.Task[None]] = set()
        self._plan = self._app.task(name="ember.plan", queue=QUEUE)(self._planned)
        self._dispatch = self._app.task(name="ember.dispatch", queue=QUEUE)(self._dispatched)
        self._housekeep = self._app.task(name="ember.housekeep", queue=QUEUE)(self._housekept)
        for cron, task in (
            (EVERY_HALF_MINUTE, self._plan),
            (EVERY_SECOND, self._dispatch),
            (EVERY_TEN_MINUTES, self._housekeep),
        ):
            self._app.periodic(cron=cron)(task)

    async def start(self) -> None:
        """Open the queue and begin to take from it."""
        await self._app.open_async()
        self._stopping = False
        self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """Take from the queue; the library's worker ends for good when any part of it fails, so start another."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._stopping:
            began = loop.time()
            try:
                await self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=STOPPING_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            except Exception:  # whatever ended it, another one is started
                log.exception("the queue's worker failed")
            if not self._stopping:
                pause = FIRST_PAUSE if loop.time() - began > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
                log.warning("the queue's worker is started again", in_seconds=pause)
                await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Finish what was taken, then close the queue; whatever fails there is logged, and the rest is still done."""
        if self._worker is None:
            return
        self._stopping = True
        self._worker.cancel()
        await asyncio.gather(self._worker, *self._nudges, return_exceptions=True)
        self._worker = None
        try:
            await self._app.close_async()
        except Exception:  # stopping goes on with the rest of the house
            log.exception("the queue could not be closed")

    def nudge(self) -> None:
        """Have what is due looked at soon, by whichever replica is free."""
        if self._worker is not None:
            task = asyncio.create_task(self._ask())
            self._nudges.add(task)
            task.add_done_callback(self._nudges.discard)

    async def _ask(self) -> None:
        try:
            with contextlib.suppress(AlreadyEnqueued):
                await self._dispatch.configure(queueing_lock="nudge").defer_async(timestamp=0)
        except ConnectorException:
            log.warning("the queue did not take a nudge; the next tick looks anyway")

    async def _planned(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.plan()
        await self._port.dispatch()

    async def _dispatched(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.dispatch()

    async def _housekept(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.housekeep()
