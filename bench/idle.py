"""What does an Ember cost that has nothing to do?

`python -m bench.idle [--seconds 60] [--limit 0.5]` starts `ember serve` with an agency whose clients are all in touch,
lets it settle, and prints which share of one core the process took over the next minute, as the kernel counts it.  Its
clock ticks as it always does: it looks every second for what is waiting.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.kill import SECRET, TOKEN, served
from bench.seed import seed
from bot.playground.server import StandIn

SETTLE_SECONDS = 5.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Idle:
    """Seconds of a core that a process took, of so many that went by; how often it woke up."""

    cpu: float
    seconds: float
    wakes: int

    @property
    def share(self) -> float:
        """The share of one core, in percent."""
        return 100 * self.cpu / self.seconds


def spent(process: int) -> tuple[float, int]:
    """Return the seconds of a core that a process took so far, and how often its threads gave it up by themselves."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    wakes = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        [line] = [one for one in (thread / "status").read_text().splitlines() if one.startswith("voluntary_ctxt")]
        wakes += int(line.split()[1])
    return (int(fields[11]) + int(fields[12])) / TICKS, wakes


async def idle(folder: Path, seconds: float, settle: float = SETTLE_SECONDS) -> Idle:
    """Have an Ember do nothing; return what that took."""
    seeded = await asyncio.to_thread(seed, f"sqlite+aiosqlite:///{folder}/ember.db")
    async with (
        StandIn(signing_secret=SECRET, bot_token=TOKEN) as slack,
        served(slack, seeded.url, folder / "log") as (process, _),
    ):
        await asyncio.sleep(settle)
        (before, woke), loop = spent(process.pid), asyncio.get_running_loop()
        since = loop.time()
        await asyncio.sleep(seconds)
        (after, wakes), until = spent(process.pid), loop.time()
    return Idle(after - before, until - since, wakes - woke)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.idle", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--limit", type=float, default=0.5, help="percent of a core")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ember-idle-") as folder:
        found = asyncio.run(idle(Path(folder), given.seconds))
    table = Table("seconds", "CPU, s", "share of a core", "wanted", "wakes a second", title="an idle Ember, SQLite")
    cells = (f"{found.seconds:.0f}", f"{found.cpu:.2f}", f"{found.share:.2f} %", f"{given.limit:g} % at most")
    table.add_row(*cells, f"{found.wakes / found.seconds:.1f}")
    Console().print(table)
    Console().print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    sys.exit(found.share > given.limit)


if __name__ == "__main__":
    main()
