"""Whether what is due each day comes each day: every time zone, around the clock, for two years, ours beside cron's.

`python -m bench.zones [--every 60] [--years 2] [--zones 0] [--skip-cron]`.  A morning is missed when nothing comes for
a local date, doubled when two do.  Zones whose clocks agree throughout are walked once and counted as often as they
are.  No network, no database; one core.
"""

import argparse
import datetime as dt
import random
import time
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from rich.console import Console
from rich.table import Table

from bot.courier.times import has_date, local_date, next_occurrence

START = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
DAY, HALF_HOUR = dt.timedelta(days=1), dt.timedelta(minutes=30)
UNKEPT = {"localtime", "Factory"}

Dates = Iterator[dt.date]
Walk = Callable[[str, dt.time, dt.datetime], Dates]


def zones() -> list[str]:
    """Return every zone that the machine's data names."""
    return sorted(zoneinfo.available_timezones() - UNKEPT)


def alike(names: list[str], last: dt.datetime) -> dict[tuple[object, ...], list[str]]:
    """Return the zones by what their clocks do from the start to an instant, looked at every half hour."""
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    looks = int((last - START + 3 * DAY) / HALF_HOUR)
    looked = [START - DAY + HALF_HOUR * look for look in range(looks)]
    for name in names:
        zone = ZoneInfo(name)
        offsets = [at.astimezone(zone).utcoffset() for at in looked]
        turns = [(place, offset) for place, offset in enumerate(offsets) if not place or offset != offsets[place - 1]]
        found[tuple(turns)].append(name)
    return found


def ours(name: str, at: dt.time, last: dt.datetime) -> Dates:
    """Yield the dates that something comes for, as Ember computes them."""
    due = next_occurrence(START, at, name)
    while due <= last:
        yield local_date(due, at, name)
        due = next_occurrence(due, at, name)


def crons(name: str, at: dt.time, last: dt.datetime) -> Dates:
    """Yield the dates on which a cron trigger fires."""
    zone = ZoneInfo(name)
    cron = CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)
    due = cron.get_next_fire_time(None, START)
    while due <= last:
        yield due.astimezone(zone).date()
        due = cron.get_next_fire_time(due, due)


def faults(walk: Walk, name: str, at: dt.time, last: dt.datetime) -> tuple[int, int, int]:
    """Return how many dates there are, how many of them are missed and how many doubled."""
    came = Counter(walk(name, at, last))
    first, end = min(came), max(came)
    dates = [first + DAY * ahead for ahead in range((end - first).days + 1)]
    there = [on for on in dates if has_date(on, name)]
    return len(there), sum(came[on] == 0 for on in there), sum(came[on] > 1 for on in there)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=60, help="minutes between the times of day that are tried")
    asked.add_argument("--years", type=int, default=2)
    asked.add_argument("--zones", type=int, default=0, help="try only so many, drawn by chance; 0 tries all")
    asked.add_argument("--skip-cron", action="store_true")
    args = asked.parse_args()

    names = random.Random(7).sample(zones(), args.zones) if args.zones else zones()
    last = START + DAY * 365 * args.years
    groups = list(alike(names, last).values())
    minutes = [*range(0, 24 * 60, args.every)]
    times = sorted({dt.time(minute // 60, minute % 60) for minute in minutes} | {dt.time(0, 30), dt.time(2, 30)})

    table = Table(title=f"{len(names)} zones ({len(groups)} unlike), {len(times)} times of day, {args.years} years")
    for column in ("", "zone-days", "missed", "doubled", "seconds"):
        table.add_column(column, justify="right" if column else "left")
    walks: list[tuple[str, Walk]] = [("Ember", ours)] + ([] if args.skip_cron else [("cron trigger", crons)])
    totals = {}
    for title, walk in walks:
        began, total = time.perf_counter(), [0, 0, 0]
        for group in groups:
            for at in times:
                for place, count in enumerate(faults(walk, group[0], at, last)):
                    total[place] += count * len(group)
        totals[title] = total
        table.add_row(title, *(f"{count:,}" for count in total), f"{time.perf_counter() - began:.0f}")
    Console().print(table)
    if totals["Ember"][1:] != [0, 0]:
        raise SystemExit("a morning was missed or came twice")


if __name__ == "__main__":
    main()
