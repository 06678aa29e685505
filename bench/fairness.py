"""Does everybody get their turn, does every channel keep its pace, and what does a message cost the database?

`python -m bench.fairness [--database sqlite|postgresql]` prints one table.  One workspace has 1,200 messages waiting in
60 channels.  20 others have one each: once waiting from the start, once coming while the big one is being served; and
once the big one has no more channels than it may speak in at once, so that nothing but their pace holds it up.  The
stand-in answers in 50–150 ms.  Waiting is counted from when a message is due to when it stands at Slack's, by Slack's
clock; pace likewise, and by when calls arrive; commits are those of transactions that write.
"""

import argparse
import asyncio
import datetime as dt
import itertools
import os
import random
import sys
import tempfile
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bench.agencies import migrated, server
from bot.clock import Clock
from bot.courier import ledger
from bot.courier.desk import Courier
from bot.courier.engines.embedded import EmbeddedEngine
from bot.courier.guard import Clear
from bot.courier.kinds import Message, Occurrence, Speech
from bot.playground.people import Channel
from bot.playground.server import StandIn
from bot.slack.client import SlackClients
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.workspaces import installs

SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"
DAY = dt.timedelta(days=1)
WRITES = ("INSERT", "UPDATE", "DELETE")
LATENCY = (0.05, 0.15)
WAITS_AT_MOST, PACE_AT_LEAST, COMMITS_AT_MOST = 3.0, 1.0, 4.0


@dataclass(frozen=True)
class Crowd:
    """How many messages one workspace has, in how many channels, and how many workspaces have one each.

    over: seconds within which the latter come while the big one is being served.
    """

    big: int = 1_200
    lanes: int = 60
    small: int = 20
    over: float = 15.0

    @property
    def enough(self) -> int:
        """How many messages have to be said until it is over: the big one's queue never runs dry before."""
        return self.small + self.big // 5


@dataclass
class Found:
    """What came of it; waits in seconds, of the small ones; gaps between two messages of a channel."""

    waits: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)
    limited: int = 0
    said: int = 0
    commits: int = 0
    seconds: float = 0.0

    @property
    def p95(self) -> float:
        return sorted(self.waits)[int(0.95 * (len(self.waits) - 1) + 0.5)]

    @property
    def too_soon(self) -> int:
        """How many calls came within a second of the one before, to the same channel."""
        return sum(gap < PACE_AT_LEAST for gap in self.arrivals) + self.limited

    @property
    def commits_each(self) -> float:
        return self.commits / self.said

    @property
    def is_good(self) -> bool:
        paced = min(self.gaps) >= PACE_AT_LEAST and not self.too_soon
        return self.p95 <= WAITS_AT_MOST and paced and self.commits_each <= COMMITS_AT_MOST


@dataclass
class Office:
    """A courier between a migrated database and the stand-in; `commits` counts what was written."""

    store: Store
    slack: StandIn
    courier: Courier
    commits: int = 0

    async def queue(self, workspace: str, channel: Channel, count: int = 1) -> dt.datetime:
        """Have messages be due now; return when that was."""
        now, names = Clock().now(), {"name": "Example", "address": "https://example.slack.com/"}
        async with self.store.work(None) as session:
            own = await installs.install(session, slack_id=workspace, **names, bot_slack_id="U0BOT", now=now)
        async with self.store.work(own.id) as session:
            for _ in range(count):
                one = Occurrence(channel.id, "note", now.date(), now, now + DAY, uuid.uuid4())
                await ledger.enqueue(session, one, now)
        return now


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Office]:
    """Open an office on a migrated, empty database."""
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN, clock=Clock()) as slack:
        slack.latency = LATENCY
        store, clients = Store(url), SlackClients(slack.url, TOKEN)
        await clients.open()
        courier = Courier(store, clients.posting, Clock(), [Speech("note", _render)], _clear)
        office = Office(store, slack, courier)
        engine = store.engines[0].sync_engine

        @event.listens_for(engine, "before_cursor_execute")
        def _note(connection: sa.Connection, _cursor: Any, statement: str, *_rest: object) -> None:
            connection.info["writes"] = connection.info.get("writes", False) or statement.lstrip().startswith(WRITES)

        @event.listens_for(engine, "commit")
        def _count(connection: sa.Connection) -> None:
            office.commits += bool(connection.info.pop("writes", False))

        try:
            yield office
        finally:
            await clients.close()
            await store.close()


async def _render(_session, delivery, _now):
    return Message(str(delivery.id))


async def _clear(_workspace, _recipient, _now):
    return Clear()


async def serve(url: str, crowd: Crowd, *, later: bool) -> Found:
    """Say all of the small ones and enough of the big one's; with `later`, theirs come while the big one is served."""
    found, chance = Found(), random.Random(5)
    async with opened(url) as office:
        world = office.slack.world
        lanes = [world.add_channel(f"big-{number}") for number in range(crowd.lanes)]
        smalls = [world.add_channel(f"small-{number}") for number in range(crowd.small)]
        for lane in lanes:
            await office.queue("T0BIG", lane, crowd.big // crowd.lanes)
        due = {} if later else {one.id: await office.queue(f"T{one.id}", one) for one in smalls}
        engine = EmbeddedEngine(office.courier)
        office.commits, since = 0, Clock().now()
        await engine.start()

        async def come(one: Channel) -> None:
            await asyncio.sleep(chance.uniform(0.1, 1.0) * crowd.over)
            due[one.id] = await office.queue(f"T{one.id}", one)

        if later:
            await asyncio.gather(*[come(one) for one in smalls])
        await office.slack.until_posted(crowd.enough, within=600)
        while not all(office.slack.posted(one) for one in smalls):
            await asyncio.sleep(0.1)
        await engine.stop()
        found.said = len(office.slack.posted())
        found.seconds = (Clock().now() - since).total_seconds()
        # what is queued later is written by this bench: two transactions each, not the courier's
        found.commits = office.commits - (2 * crowd.small if later else 0)
        for one in smalls:
            asked = due[one.id] if later else since
            found.waits.append(float(office.slack.posted(one)[0].ts) - asked.timestamp())
        found.gaps = list(_gaps(office.slack, [*lanes, *smalls]))
        found.arrivals, found.limited = _arrivals(office.slack)
    return found


def _gaps(slack: StandIn, channels: list[Channel]) -> Iterator[float]:
    for channel in channels:
        times = [float(message.ts) for message in slack.posted(channel)]
        yield from (after - before for before, after in itertools.pairwise(times))


def _arrivals(slack: StandIn) -> tuple[list[float], int]:
    """Return the seconds between two calls for a channel, by when they came, and how many were answered with 429."""
    came, limited = defaultdict[str, list[float]](list), 0
    for call in slack.calls("chat.postMessage"):
        came[call.args["channel"]].append(call.at.timestamp() - call.elapsed)
        limited += call.status == 429
    return [after - before for each in came.values() for before, after in itertools.pairwise(sorted(each))], limited


@contextmanager
def fresh_urls(database: str, folder: Path) -> Iterator[Iterator[str]]:
    """Hand out addresses of migrated, empty databases."""
    names = (f"run{number}" for number in itertools.count())
    if database == "postgresql":
        with server(folder / "postgres") as desk:
            yield (migrated(desk, name).replace("postgresql://", "postgresql+psycopg://") for name in names)
        return

    def files() -> Iterator[str]:
        for name in names:
            url = f"sqlite+aiosqlite:///{folder}/{name}.db"
            upgrade(url)
            yield url

    yield files()


def drawn(database: str, crowd: Crowd, found: dict[str, Found]) -> Table:
    """Return the table."""
    title = (
        f"{crowd.big:,} messages of one workspace in {crowd.lanes} channels beside {crowd.small} with one, {database}"
    )
    table, paced = Table("measured", *found, "wanted", title=title), f"{PACE_AT_LEAST:.1f} s at least"
    rows = (
        ("small ones' waiting, p50", "", lambda one: f"{median(one.waits):.2f} s"),
        ("small ones' waiting, p95", f"{WAITS_AT_MOST:g} s at most", lambda one: f"{one.p95:.2f} s"),
        ("least gap in a channel, as it stands", paced, lambda one: f"{min(one.gaps):.3f} s"),
        ("least gap in a channel, as calls come", paced, lambda one: f"{min(one.arrivals):.3f} s"),
        ("429 of our own making", "0", lambda one: str(one.too_soon)),
        ("commits a message", f"{COMMITS_AT_MOST:g} at most", lambda one: f"{one.commits_each:.2f}"),
        ("said meanwhile", "", lambda one: f"{one.said}, {one.said / one.seconds:.0f} a second"),
    )  # fmt: skip
    for name, wanted, shown in rows:
        table.add_row(name, *(shown(one) for one in found.values()), wanted)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--big", type=int, default=Crowd.big)
    given = parser.parse_args()
    crowd = Crowd(big=given.big)
    with (
        tempfile.TemporaryDirectory(prefix="ember-fairness-") as name,
        fresh_urls(given.database, Path(name)) as urls,
    ):
        found = {
            "all from the start": asyncio.run(serve(next(urls), crowd, later=False)),
            "small ones later": asyncio.run(serve(next(urls), crowd, later=True)),
            "few channels": asyncio.run(serve(next(urls), replace(crowd, big=100, lanes=2), later=False)),
        }
    console = Console(width=120)
    console.print(drawn(given.database, crowd, found))
    console.print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    sys.exit(not all(one.is_good for one in found.values()))


if __name__ == "__main__":
    main()
