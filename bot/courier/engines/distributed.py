"""Many replicas: Procrastinate on the same PostgreSQL hands out the ticks, so that each is taken by one of them.

Which replica takes a tick never decides what is sent: the lease of a lane does.
"""

import asyncio
import contextlib
from typing import Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from bot.courier.engines.port import Port
from bot.courier.engines.queue_schema import OPTIONS, conninfo

QUEUE: Final = "ember"
CONNECTIONS: Final = 4
AT_ONCE: Final = 3
POLL_SECONDS: Final = 1.0
STOPPING_SECONDS: Final = 12.0
EVERY_SECOND, EVERY_HALF_MINUTE, EVERY_TEN_MINUTES = "* * * * * *", "* * * * * */30", "*/10 * * * *"
"""Croniter's fields, the sixth are the seconds."""


class DistributedEngine:
    """Drives a port on every replica that starts one."""

    def __init__(self, port: Port, database_url: str) -> None:
        self._port = port
        address, its_schema = conninfo(database_url), {"options": OPTIONS}
        self._app = App(
            connector=PsycopgConnector(conninfo=address, kwargs=its_schema, min_size=1, max_size=CONNECTIONS)
        )
        self._worker: asyncio.Task[None] | None = None
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
        self._worker = asyncio.create_task(
            self._app.run_worker_async(
                queues=[QUEUE],
                concurrency=AT_ONCE,
                fetch_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=STOPPING_SECONDS,
                delete_jobs="always",
                install_signal_handlers=False,
            )
        )

    async def stop(self) -> None:
        """Finish what was taken, then close the queue."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
            await asyncio.gather(*self._nudges)
            await self._app.close_async()
            self._worker = None

    def nudge(self) -> None:
        """Have what is due looked at soon, by whichever replica is free."""
        if self._worker is not None:
            task = asyncio.create_task(self._ask())
            self._nudges.add(task)
            task.add_done_callback(self._nudges.discard)

    async def _ask(self) -> None:
        with contextlib.suppress(AlreadyEnqueued):
            await self._dispatch.configure(queueing_lock="nudge").defer_async(timestamp=0)

    async def _planned(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.plan()
        await self._port.dispatch()

    async def _dispatched(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.dispatch()

    async def _housekept(self, timestamp: int) -> None:  # noqa: ARG002  the queue's tick
        await self._port.housekeep()
