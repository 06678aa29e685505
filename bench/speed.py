"""How fast Ember acknowledges, beside the least that could do the same work, and beside Bolt's hello-world.

`python -m bench.speed [--seconds 6] [--rounds 3]`.  All sides run at once and take turns; Slack's Web API answers in
80–150 ms.  Every side is checked: rows and calls are counted, or nothing is printed.
"""

import argparse
import asyncio
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from bench.load import SECRET, TOKEN, Body, Took, command, flat_out, steady, submission
from bench.seed import counted, seed
from bot.practices.checkins.rows import CheckinRow

RATES = (60, 94)
WORKERS = 16
JS = Path(__file__).parent / "bolt_js"


@dataclass
class Side:
    name: str
    url: str
    process: subprocess.Popen[bytes]
    bodies: dict[str, Body]
    database: str = ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(stack: ExitStack, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(arguments, env={**os.environ, **environment})
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


async def until_answers(url: str, seconds: float = 30) -> None:
    async with aiohttp.ClientSession() as session:
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            try:
                async with session.get(url) as response:
                    if response.status < 500:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.005)
    raise TimeoutError(url)


async def start(stack: ExitStack, folder: Path) -> tuple[list[Side], str, float, float]:
    stub = f"http://127.0.0.1:{(port := free_port())}"
    run(stack, sys.executable, "-m", "bench.slack_stub", str(port))
    await until_answers(f"{stub}/counts")
    sides = []

    ours = await asyncio.to_thread(seed, f"sqlite+aiosqlite:///{folder / 'ember.db'}")
    port = free_port()
    began = time.perf_counter()
    process = run(
        stack,
        *(sys.executable, "-m", "bot", "serve"),
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_BOT_TOKEN=TOKEN,
        SLACK_API_URL=f"{stub}/api/",
        EMBER_DATABASE_URL=ours.url,
        EMBER_PORT=str(port),
    )
    await until_answers(f"http://127.0.0.1:{port}/readyz")
    cold = time.perf_counter() - began
    await asyncio.sleep(1)
    idle = psutil.Process(process.pid).memory_info().rss / 1e6
    bodies = {"command": command, "submission": submission(ours.client_id)}
    sides.append(Side("Ember", f"http://127.0.0.1:{port}/slack/events", process, bodies, ours.url))

    bare = await asyncio.to_thread(seed, f"sqlite+aiosqlite:///{folder / 'bare.db'}")
    port = free_port()
    process = run(stack, sys.executable, "-m", "bench.bare", str(port), bare.url)
    bodies = {"command": command, "submission": submission(bare.client_id)}
    sides.append(Side("(a) bare ASGI", f"http://127.0.0.1:{port}/slack/events", process, bodies, bare.url))

    port = free_port()
    process = run(stack, sys.executable, "-m", "bench.stock_bolt", str(port), f"{stub}/api/")
    sides.append(Side("(b) Bolt for Python", f"http://127.0.0.1:{port}/slack/events", process, {"command": command}))

    if (JS / "node_modules" / "@slack" / "bolt").is_dir():
        port = free_port()
        process = run(stack, "node", str(JS / "app.js"), str(port), f"{stub}/api/", SECRET, TOKEN)
        sides.append(Side("(c) Bolt for JS", f"http://127.0.0.1:{port}/slack/events", process, {"command": command}))
    for side in sides[1:]:
        await until_answers(side.url)
    return sides, stub, cold, idle


def raw_sqlite(folder: Path) -> float:
    """Return the median milliseconds of a bare INSERT and COMMIT, fully durable."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT)")
    took = []
    for _ in range(300):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO note(body) VALUES ('Paused when asked about Q3')")
        connection.execute("COMMIT")
        took.append(time.perf_counter() - began)
    connection.close()
    return 1000 * median(took)


async def measure(sides: list[Side], rounds: int, seconds: float) -> tuple[dict[Any, Took], dict[str, list[float]]]:
    took: dict[Any, Took] = defaultdict(Took)
    saved: dict[str, list[float]] = defaultdict(list)
    for side in sides:
        for make in side.bodies.values():
            await steady(side.url, make, rate=30, seconds=1)
    for number in range(rounds):
        turn = sides[number % len(sides) :] + sides[: number % len(sides)]
        for rate in RATES:
            for kind in ("command", "submission"):
                for side in turn:
                    if kind in side.bodies:
                        found = await steady(side.url, side.bodies[kind], rate=rate, seconds=seconds)
                        took[side.name, kind, rate].seconds += found.seconds
                        took[side.name, kind, rate].refused += found.refused
        for side in turn:
            if "submission" in side.bodies:
                rate = await flat_out(side.url, side.bodies["submission"], workers=WORKERS, seconds=seconds)
                saved[side.name].append(rate)
    return took, saved


def table_of(took: dict[Any, Took]) -> Table:
    table = Table(
        "what", "a second", "side", "answered", "p50 ms", "p95 ms", "p99 ms", "p50 ÷ (a)", "p99 ÷ (a)", "p50 ÷ (b)"
    )
    for (name, kind, rate), found in sorted(took.items(), key=lambda item: (item[0][1], item[0][2])):
        bare, bolt = took["(a) bare ASGI", kind, rate], took.get(("(b) Bolt for Python", kind, rate))
        table.add_row(
            kind,
            str(rate),
            name,
            str(len(found.seconds)),
            *(f"{found.at(share):.2f}" for share in (0.5, 0.95, 0.99)),
            f"{found.at(0.5) / bare.at(0.5):.2f}",
            f"{found.at(0.99) / bare.at(0.99):.2f}",
            f"{found.at(0.5) / bolt.at(0.5):.2f}" if bolt else "",
        )
    return table


async def check(sides: list[Side], stub: str, took: dict[Any, Took], console: Console) -> None:
    """Say what each side really did; raise if it did not do its work."""
    async with aiohttp.ClientSession() as session, session.get(f"{stub}/counts") as response:
        counts = await response.json()
    calls = sum(counts["calls"].values())
    console.print(f"Slack's Web API: {counts['calls']}, {calls} calls over {counts['connections']} connections")
    ember = sum(len(found.seconds) for (name, kind, _), found in took.items() if name == "Ember" and kind == "command")
    if counts["calls"].get("views.open", 0) < ember or any(found.refused for found in took.values()):
        raise SystemExit("a side did not do its work: a form was not opened or a request was refused")
    for side in sides:
        if side.database:
            rows = await counted(side.database, CheckinRow)
            answered = sum(
                len(f.seconds) for (name, kind, _), f in took.items() if name == side.name and kind == "submission"
            )
            console.print(f"{side.name}: {rows} check-ins in the database, {answered} acknowledged at a steady rate")
            if rows < answered:
                raise SystemExit("acknowledged check-ins are missing")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    console = Console(width=140)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ember-bench-")))
        sides, stub, cold, idle = await start(stack, folder)
        took, saved = await measure(sides, options.rounds, options.seconds)
        console.print(table_of(took))
        for name, rates in saved.items():
            share = median(rates) / median(saved["(a) bare ASGI"])
            console.print(f"{name}: {median(rates):.0f} check-ins saved a second ({share:.0%} of (a))")
        console.print(f"raw sqlite, INSERT and COMMIT: {raw_sqlite(folder):.2f} ms")
        console.print(f"cold start {cold:.2f} s, idle {idle:.0f} MB")
        await asyncio.sleep(1)
        await check(sides, stub, took, console)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    console.print(f"the load generator itself used {usage.ru_utime + usage.ru_stime:.0f} s of processor time")


if __name__ == "__main__":
    asyncio.run(main())
