"""Does the morning cost what is due, or what exists?  One plan of everything due at 9:00, on PostgreSQL.

`python -m bench.morning [--agencies 10000] [--clients 50]` prints two tables: the same agencies with 0 %, 1 %, 10 % and
100 % of them having something due, and the same that is due with ten times the clients beside it.

Every agency has a team channel and three people whose local time has come, and 50 clients, each with a rhythm, an open
promise and a date that are far off.  In one that has something due, one client is due by its rhythm: that makes a
digest and one person's morning, two messages.  With `--friday` it is a Friday on which nobody is due, every team wants
to hear of its week, and those that have something due have kept one promise: a digest each.

"statements", "rows" and "pages" are what PostgreSQL was asked and what it read: unlike seconds, they do not depend on
who else uses this machine.  `--scale 0.1` makes everything smaller, `--shares 0 1` and `--more 0` leave out lines.
"""

import argparse
import asyncio
import datetime as dt
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bench.agencies import FAR, TODAY, Size, fresh, make_due, server
from bot.clock import MovableClock
from bot.courier.plan import plan
from bot.practices.spark import service as spark
from bot.store.engine import Store
from bot.surfaces.speeches import SPEECHES

NINE = dt.datetime.combine(TODAY, dt.time(9), dt.UTC)
FRIDAY = NINE + dt.timedelta(days=3)
SHARES = (0.0, 0.01, 0.1, 1.0)
FLUSHED_SECONDS = 5.0
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
"""Connections that are still there: each hands in what it has read when it is closed."""


KEEP_NONE = "UPDATE promise SET state = 'open', due_on = %(far)s, settled_at = NULL WHERE state = 'kept'"
KEEP = """
UPDATE promise SET state = 'kept', due_on = %(on)s, settled_at = %(at)s
FROM generate_series(1, %(due)s::bigint) n WHERE promise.id = id_of('0e', n)
"""


def make_told(address: str, size: Size, due: int) -> None:
    """Have a promise be kept this week in each of so many agencies, everybody's time come, and nobody due."""
    make_due(address, size, 0)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(KEEP_NONE, {"far": FAR})
        connection.execute(KEEP, {"on": TODAY, "at": NINE, "due": due})
        connection.execute("VACUUM ANALYZE promise")


@dataclass
class Took:
    """What one plan took: seconds by the wall and of this process, statements, rows and pages that the server read."""

    size: Size
    due: int
    messages: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    statements: int = 0
    rows: int = 0
    pages: int = 0


async def measure(address: str, size: Size, due: int, now: dt.datetime = NINE) -> Took:
    """Plan once, with something due in so many agencies; the plan after it writes nothing, or this raises."""
    await asyncio.to_thread(make_told if now == FRIDAY else make_due, address, size, due)
    spark.warm()
    took = Took(size, due)
    url = address.replace("postgresql://", "postgresql+psycopg://")
    store = Store(url)

    @event.listens_for(store.engines[0].sync_engine, "before_cursor_execute")
    def _count(*_given: object) -> None:
        took.statements += 1

    speeches = {speech.kind: speech for speech in SPEECHES}
    rows, pages = await asyncio.to_thread(_read_so_far, address)
    wall, cpu = time.perf_counter(), time.process_time()
    took.messages = await plan(store, speeches, MovableClock(now))
    took.seconds, took.cpu = time.perf_counter() - wall, time.process_time() - cpu
    await store.close()
    after = await asyncio.to_thread(_read_so_far, address)
    took.rows, took.pages = after[0] - rows, after[1] - pages
    if took.messages < due:
        raise SystemExit(f"{due} agencies have something due, and only {took.messages} messages were planned")
    store = Store(url)
    if await plan(store, speeches, MovableClock(now)):
        raise SystemExit("the same morning was planned twice")
    await store.close()
    return took


def _read_so_far(address: str) -> tuple[int, int]:
    """Return how many rows and pages the server has read in user's tables and their indexes."""
    with psycopg.connect(address, autocommit=True) as connection:
        until = time.perf_counter() + FLUSHED_SECONDS
        while time.perf_counter() < until and connection.execute(OTHERS).fetchone() != (0,):
            time.sleep(0.02)
        read = connection.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
        ).fetchone()
        pages = connection.execute(
            "SELECT sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0))"
            " FROM pg_statio_user_tables"
        ).fetchone()
    return int(read[0]), int(pages[0])


def drawn(title: str, found: list[Took]) -> Table:
    """Return a table of plans; what each thing due costs is counted from the plan before it of nothing due, if any."""
    table = Table("clients", "agencies", "with anything due", "messages", "seconds", "our CPU, s", "statements",
                  "rows read", "pages read", "CPU ms each due", "statements each due", title=title)  # fmt: skip
    cpu, statements = 0.0, 0
    for one in found:
        if one.due:
            each = (f"{1000 * (one.cpu - cpu) / one.due:.1f}", f"{(one.statements - statements) / one.due:.0f}")
        else:
            (cpu, statements), each = (one.cpu, one.statements), ("", "")
        numbers = (one.size.all_clients, one.size.agencies, one.due, one.messages)
        timed = (f"{one.seconds:.2f}", f"{one.cpu:.2f}", f"{one.statements:,}", f"{one.rows:,}", f"{one.pages:,}")
        table.add_row(*(f"{number:,}" for number in numbers), *timed, *each)
    return table


def by_share(desk: str, size: Size, shares: list[float], now: dt.datetime) -> list[Took]:
    """Plan the same agencies with more and more of them having something due."""
    address = fresh(desk, "shares", size)
    return [asyncio.run(measure(address, size, round(size.agencies * share), now)) for share in shares]


def by_size(desk: str, sizes: list[Size], due: int, now: dt.datetime) -> list[Took]:
    """Plan nothing, then what is due in so many agencies, beside more and more clients."""
    found = []
    for number, size in enumerate(sizes):
        address = fresh(desk, f"size{number}", size)
        found += [asyncio.run(measure(address, size, many, now)) for many in (0, due)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.morning", description=__doc__)
    parser.add_argument("--agencies", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=50, help="of each agency")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--shares", type=float, nargs="*", default=SHARES)
    parser.add_argument("--more", type=int, default=10, help="how many times the clients, in the second table")
    parser.add_argument("--friday", action="store_true")
    given = parser.parse_args()
    console, now = Console(width=170), FRIDAY if given.friday else NINE
    agencies = max(1, round(given.agencies * given.scale))
    few = max(1, agencies // 10)
    sizes = [Size(few, given.clients), Size(few, given.more * given.clients)]
    with tempfile.TemporaryDirectory(prefix="ember-morning-") as name, server(Path(name)) as desk:
        if given.shares:
            found = by_share(desk, Size(agencies, given.clients), given.shares, now)
            console.print(drawn("what is due grows", found))
        if given.more:
            console.print(drawn("what exists grows", by_size(desk, sizes, max(1, few // 10), now)))
    console.print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
