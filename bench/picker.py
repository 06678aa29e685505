"""How long the client picker takes to answer among 10,000 clients.

`python -m bench.picker [DATABASE_URL]`: a SQLite file by default; a named database must be empty.
"""

import asyncio
import random
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.seed import TEAM, USER, seed
from bot.practices.clients import service as clients
from bot.store.base import new_id
from bot.store.engine import Store
from bot.workspaces import directory, installs

CLIENTS, ROUNDS = 10_000, 40
SYLLABLES = ("nor", "hal", "den", "wind", "or", "chard", "mel", "ba", "ti", "ko", "ra", "sun", "lake", "pine")
TYPED = ("n", "no", "north", "hald", "sun la", "orchard", "pine ko", "zz")


async def fill(store: Store, workspace_id: uuid.UUID, owner: uuid.UUID, now: object) -> None:
    chance = random.Random(7)
    for start in range(0, CLIENTS, 500):
        async with store.work(workspace_id) as session:
            for number in range(start, start + 500):
                words = ["".join(chance.choices(SYLLABLES, k=2)).capitalize() for _ in range(2)]
                details = clients.Details(f"{' '.join(words)} {number}", owner, 7)
                await clients.set_up(session, details, by=owner, key=str(new_id()), now=now, today=now.date())


async def measure(url: str) -> Table:
    from bot.clock import Clock

    store, now = Store(url), Clock().now()
    async with store.look(None) as session:
        workspace = await installs.find_workspace(session, TEAM)
    assert workspace is not None
    async with store.look(workspace.id) as session:
        owner = (await directory.find_members(session, [USER]))[USER].id
    await fill(store, workspace.id, owner, now)
    table = Table("typed", "offered", "p50 ms", "slowest ms", title=f"{CLIENTS:,} clients, {store.dialect}")
    for typed in TYPED:
        took, offered = [], 0
        for _ in range(ROUNDS):
            began = time.perf_counter()
            async with store.look(workspace.id) as session:
                offered = len(await clients.offer(session, typed))
            took.append(1000 * (time.perf_counter() - began))
        table.add_row(typed, str(offered), f"{median(took):.1f}", f"{max(took):.1f}")
    await store.close()
    return table


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ember-bench-") as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite+aiosqlite:///{Path(folder) / 'picker.db'}"
        seed(url)
        Console().print(asyncio.run(measure(url)))


if __name__ == "__main__":
    main()
