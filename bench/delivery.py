"""Is every message said exactly once and in order, while Slack fails and processes are killed?

`python -m bench.delivery` queues messages in 40 channels of 5 workspaces, has one or three processes say them to a
Slack that limits, fails, drops the line and stores late, kills one of them -9 again and again, and prints one table.
With `--blind` nobody looks into the history: the same suite then finds duplicates, which is what it is for.
`--speed 4` makes every wait a quarter as long.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from bot.clock import Clock
from bot.courier import ledger
from bot.courier.kinds import Occurrence
from bot.courier.rows import DeliveryRow, State
from bot.courier.timing import Timing
from bot.playground.faults import Fault, Faults
from bot.playground.people import Channel
from bot.playground.server import StandIn
from bot.store.engine import Store
from bot.workspaces import installs

ROOT = Path(__file__).resolve().parent.parent
SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"
WORKSPACES = 5
WHY = {"all_workspaces": "the bench counts"}
DAY = dt.timedelta(days=1)
MOST_SECONDS = 300


class Chances(Faults):
    """Faults by chance, as often as the suite says; delays in seconds."""

    MIX = (
        (0.03, "rate_limited"),
        (0.02, "error_500_not_stored"),
        (0.01, "error_500_stored"),
        (0.03, "dropped_after_store"),
        (0.01, "slow"),
    )

    def __init__(self, chance: random.Random, late: float, *, calm: bool) -> None:
        super().__init__()
        self._chance, self._late, self._calm = chance, late, calm
        self.met: Counter[str] = Counter()

    def take(self, method: str) -> Fault | None:
        if method != "chat.postMessage" or self._calm:
            return None
        drawn = self._chance.random()
        for share, kind in self.MIX:
            if drawn < share:
                self.met[kind] += 1
                return Fault(method, kind, 1, 1, self._late, "")
            drawn -= share
        return None


@dataclass(frozen=True)
class Setting:
    """What one run is like."""

    database: str
    engine: str
    replicas: int
    messages: int
    channels: int
    kills: int
    speed: float
    blind: bool = False
    calm: bool = False

    @property
    def timing(self) -> Timing:
        return Timing().times(1 / self.speed)


@dataclass
class Tally:
    """What came of one run; seconds until the last message was settled."""

    seed: int
    seconds: float = 0.0
    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    least_gap: float = 0.0
    kills: int = 0
    states: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)


class Workers:
    """The processes, each under a new identity."""

    def __init__(self, setting: Setting, url: str, slack_url: str, log: Path) -> None:
        blind = ["--blind"] if setting.blind else []
        self._command = [sys.executable, "-m", "bench.worker", url, slack_url, TOKEN, *blind]
        self._command += ["--speed", str(setting.speed), "--engine", setting.engine]
        self._log = log
        self._running = [self._start() for _ in range(setting.replicas)]

    def _start(self) -> subprocess.Popen:
        with self._log.open("ab") as sink:
            return subprocess.Popen(self._command, cwd=ROOT, env=dict(os.environ), stderr=sink)

    async def kill_one(self, chance: random.Random) -> None:
        """Kill one of them -9 and start another."""
        victim = chance.randrange(len(self._running))
        self._running[victim].kill()
        await asyncio.to_thread(self._running[victim].wait)
        self._running[victim] = self._start()

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait()


async def play(setting: Setting, seed: int, url: str, log: Path) -> Tally:
    """Run once on a migrated, empty database."""
    chance, tally = random.Random(seed), Tally(seed)
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN) as slack:
        slack.ground.remember(100)
        slack.ground.faults = faults = Chances(chance, late=1.2 * setting.timing.timeout, calm=setting.calm)
        slack.latency = (0.0, 0.01)
        channels = [slack.world.add_channel(f"room-{number}") for number in range(setting.channels)]
        store = Store(url)
        await queue(store, setting, channels)
        workers, started = Workers(setting, url, slack.url, log), time.perf_counter()
        try:
            await _through(store, setting, chance, workers, slack, tally)
        finally:
            workers.end()
        tally.seconds, tally.met = time.perf_counter() - started, faults.met
        await count(store, slack, channels, setting, tally)
        await store.close()
    return tally


async def _through(
    store: Store, setting: Setting, chance: random.Random, workers: Workers, slack: StandIn, tally: Tally
) -> None:
    """Kill now and then, evenly over the messages, and wait until every message is settled."""
    marks = sorted(chance.randrange(1, setting.messages) for _ in range(setting.kills))
    deadline = time.perf_counter() + MOST_SECONDS
    while time.perf_counter() < deadline:
        if marks and len(slack.posted()) >= marks[0]:
            marks.pop(0)
            tally.kills += 1
            await workers.kill_one(chance)
        elif len(slack.posted()) >= setting.messages and not await _open(store):
            return
        await asyncio.sleep(0.05 if marks else 0.2)


async def _open(store: Store) -> int:
    waiting = (State.QUEUED, State.SENDING, State.UNKNOWN)
    async with store.look(None) as session:
        query = sa.select(sa.func.count()).where(DeliveryRow.state.in_(waiting)).select_from(DeliveryRow)
        return int((await session.execute(query, execution_options=WHY)).scalar_one())


async def queue(store: Store, setting: Setting, channels: list[Channel]) -> None:
    """Queue the messages, so many for each channel, numbered in their order."""
    now, numbers = Clock().now(), itertools.count(1)
    for place in range(WORKSPACES):
        names = {"slack_id": f"T{place}", "name": "Example", "address": "https://example.slack.com/"}
        async with store.work(None) as session:
            workspace = await installs.install(session, **names, bot_slack_id="U0BOT", now=now)
        async with store.work(workspace.id) as session:
            for channel in channels[place::WORKSPACES]:
                for _ in range(setting.messages // len(channels)):
                    subject = uuid.UUID(int=next(numbers))
                    due_at = now + dt.timedelta(microseconds=subject.int) - DAY / 24
                    one = Occurrence(channel.id, "count", now.date(), due_at, now + DAY, subject)
                    await ledger.enqueue(session, one, now)


async def count(store: Store, slack: StandIn, channels: list[Channel], setting: Setting, tally: Tally) -> None:
    """Compare what stands at Slack's with what is in the ledger."""
    gaps = []
    for channel in channels:
        said = slack.posted(channel)
        numbers = [int(message.text) for message in said]
        first = list(dict.fromkeys(numbers))
        tally.duplicated += len(numbers) - len(first)
        tally.disordered += sum(one > other for one, other in itertools.pairwise(first))
        gaps += [float(after.ts) - float(before.ts) for before, after in itertools.pairwise(said)]
        tally.lost += setting.messages // len(channels) - len(first)
    tally.least_gap = min(gaps, default=0.0) * setting.speed
    async with store.look(None) as session:
        query = sa.select(DeliveryRow.state, sa.func.count()).group_by(DeliveryRow.state)
        tally.states.update({str(state): n for state, n in await session.execute(query, execution_options=WHY)})


Fresh = Callable[[str], contextlib.AbstractAsyncContextManager[str]]


@contextlib.contextmanager
def fresh_databases(folder: Path) -> Iterator[Fresh]:
    """Hands out a migrated, empty database of a kind, by copying."""
    from bench.kill import databases

    numbers = itertools.count(1)
    with databases(folder) as urls:
        head, mark, tail = urls["postgresql"].partition("?")
        base, _, template = head.rpartition("/")
        desk = f"{base}/template1{mark}{tail}".replace("+psycopg", "")

        @contextlib.asynccontextmanager
        async def fresh(database: str) -> AsyncIterator[str]:
            name = f"run{next(numbers)}"
            if database == "sqlite":
                shutil.copy(folder / "ember.db", folder / f"{name}.db")
                yield f"sqlite+aiosqlite:///{folder}/{name}.db"
                return
            with psycopg.connect(desk, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
            yield f"{base}/{name}{mark}{tail}"

        yield fresh


SETTINGS = (
    ("sqlite", "embedded", 1),
    ("postgresql", "embedded", 1),
    ("postgresql", "embedded", 3),
    ("postgresql", "distributed", 3),
)


def settings_of(given: argparse.Namespace) -> Iterator[Setting]:
    """Yield what was asked for, everything by default."""
    for database, engine, replicas in SETTINGS:
        wanted = (given.database, given.engine, given.replicas)
        if all(one in {None, other} for one, other in zip(wanted, (database, engine, replicas), strict=True)):
            size = (given.messages, given.channels, given.kills, given.speed)
            yield Setting(database, engine, replicas, *size, given.blind, given.calm)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.delivery", description=__doc__)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--channels", type=int, default=40)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--speed", type=float, default=4.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--engine", choices=["embedded", "distributed"])
    parser.add_argument("--replicas", type=int, choices=[1, 3])
    parser.add_argument("--calm", action="store_true", help="Slack does not fail")
    parser.add_argument("--blind", action="store_true", help="nobody looks into the history")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    title = f"{given.messages:,} messages, {given.channels} channels, {WORKSPACES} workspaces, {given.speed:g}× time"
    table = Table(*COLUMNS, title=title + (", nobody looks into the history" if given.blind else ""))
    harm = 0
    with tempfile.TemporaryDirectory(prefix="ember-delivery-") as name, fresh_databases(Path(name)) as fresh:
        for setting in settings_of(given):
            for seed in range(given.seeds):
                tally = asyncio.run(_one(setting, seed, fresh, Path(name) / "log"))
                harm += tally.lost + tally.duplicated + tally.disordered
                table.add_row(setting.database, setting.engine, str(setting.replicas), *shown(tally))
    Console(width=150).print(table)
    sys.exit(1 if harm else 0)


async def _one(setting: Setting, seed: int, fresh: Fresh, log: Path) -> Tally:
    async with fresh(setting.database) as url:
        if setting.engine == "distributed":
            from bot.courier.engines.queue_schema import prepare

            prepare(url)
        return await play(setting, seed, url, log)


COLUMNS = ("database", "engine", "processes", "seed", "kill -9", "faults met", "lost", "duplicated", "out of order",
           "least gap (s)", "in the ledger", "seconds")  # fmt: skip


def shown(tally: Tally) -> list[str]:
    ledger_says = ", ".join(f"{n:,} {state}" for state, n in tally.states.items())
    numbers = (tally.seed, tally.kills, sum(tally.met.values()), tally.lost, tally.duplicated, tally.disordered)
    return [*map(str, numbers), f"{tally.least_gap:.2f}", ledger_says, f"{tally.seconds:.0f}"]


if __name__ == "__main__":
    main()
