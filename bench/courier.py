"""What speaking first costs, and whether everybody gets their turn: `python -m bench.courier` prints one table.

Fairness: one workspace with 1,200 messages waiting beside 20 with one each.  Pace: the shortest time between two
messages of a channel.  Idle: the share of a core that ticking costs while nothing is due.
"""

import argparse
import asyncio
import datetime as dt
import itertools
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bench.delivery import SECRET, TOKEN
from bot.clock import Clock
from bot.courier import ledger
from bot.courier.desk import Courier
from bot.courier.engines.embedded import EmbeddedEngine
from bot.courier.guard import Clear
from bot.courier.kinds import Message, Occurrence, Speech
from bot.playground.server import StandIn
from bot.slack.client import SlackClients
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.workspaces import installs

BIG, BIG_LANES, SMALL = 1_200, 60, 20
DAY = dt.timedelta(days=1)


@dataclass
class Office:
    """A courier between an empty database and the stand-in; `commits` counts what was written."""

    store: Store
    slack: StandIn
    courier: Courier
    commits: int = 0

    async def queue(self, workspace: str, channel: str, count: int = 1) -> None:
        now, names = Clock().now(), {"name": "Example", "address": "https://example.slack.com/"}
        async with self.store.work(None) as session:
            own = await installs.install(session, slack_id=workspace, **names, bot_slack_id="U0BOT", now=now)
        async with self.store.work(own.id) as session:
            for _ in range(count):
                one = Occurrence(channel, "note", now.date(), now, now + DAY, uuid.uuid4())
                await ledger.enqueue(session, one, now)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Office]:
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN) as slack:
        slack.latency = (0.08, 0.15)
        store, clients = Store(url), SlackClients(slack.url, TOKEN)
        await clients.open()
        courier = Courier(store, clients.posting, Clock(), [Speech("note", _render)], _clear)
        office = Office(store, slack, courier)

        @event.listens_for(store.engines[0].sync_engine, "commit")
        def _count(_connection: object) -> None:
            office.commits += 1

        yield office
        await clients.close()
        await store.close()


async def _render(_session, delivery, _now):
    return Message(str(delivery.id))


async def _clear(_workspace, _recipient, _now):
    return Clear()


async def busy(url: str) -> list[tuple[str, str, str]]:
    """Say what waits in one big workspace and many small ones, until the small ones and a tenth of it are through."""
    async with opened(url) as office:
        world = office.slack.world
        lanes = [world.add_channel(f"big-{number}") for number in range(BIG_LANES)]
        for lane in lanes:
            await office.queue("T0BIG", lane.id, BIG // BIG_LANES)
        smalls = [world.add_channel(f"small-{number}") for number in range(SMALL)]
        for number, channel in enumerate(smalls):
            await office.queue(f"T{number}", channel.id)
        office.commits, started = 0, Clock().now().timestamp()
        engine = EmbeddedEngine(office.courier)
        await engine.start()
        await office.slack.until_posted(SMALL + BIG // 10, within=120)
        while not all(office.slack.posted(channel) for channel in smalls):
            await asyncio.sleep(0.1)
        await engine.stop()
        waits = [float(office.slack.posted(channel)[0].ts) - started for channel in smalls]
        times = [[float(message.ts) for message in office.slack.posted(lane)] for lane in lanes]
        gaps = [after - before for each in times for before, after in itertools.pairwise(each)]
        said = len(office.slack.posted())
    return [
        ("a small workspace's message, p95", f"{np.percentile(waits, 95):.2f} s", "3 s at most"),
        ("least time between two in a channel", f"{min(gaps):.2f} s", "1 s at least"),
        ("commits for a message", f"{office.commits / said:.2f}", "4 at most"),
    ]


async def idle(url: str, seconds: float) -> list[tuple[str, str, str]]:
    """Tick while nothing is due."""
    async with opened(url) as office:
        engine = EmbeddedEngine(office.courier)
        await engine.start()
        await asyncio.sleep(2)
        before = time.process_time()
        await asyncio.sleep(seconds)
        share = (time.process_time() - before) / seconds
        await engine.stop()
    return [("idle, share of a core", f"{share:.2%}", "0.50% at most")]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.courier", description=__doc__)
    parser.add_argument("--idle-seconds", type=float, default=30)
    given = parser.parse_args()
    table = Table("measured", "found", "wanted", title="speaking first, SQLite, one process")
    with tempfile.TemporaryDirectory(prefix="ember-courier-") as folder:
        urls = [f"sqlite+aiosqlite:///{Path(folder)}/{name}.db" for name in ("idle", "busy")]
        for url in urls:
            upgrade(url)
        for row in [*asyncio.run(busy(urls[1])), *asyncio.run(idle(urls[0], given.idle_seconds))]:
            table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
