"""What a spark costs: an event, a rebuilt history, the day of fading, a reading, and a morning of 500 clients.

`python -m bench.spark [--clients 500] [--rounds 7]`.  Rules only, on one core, no database; each figure is the best of
the rounds.
"""

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from bot.practices.spark.course import course, fade_on, rebuild
from bot.practices.spark.rules import EMPTY, State, reading, touch

START = dt.date(2024, 1, 1)
DAYS = 365
CADENCES = (7, 14, 30)


def history(chance: random.Random, cadence: int) -> list[dt.date]:
    """Return two years of contact days around a cadence."""
    days, on = [], START
    while (on - START).days < 2 * DAYS:
        days.append(on)
        on += dt.timedelta(days=max(1, round(chance.expovariate(1 / cadence))))
    return days


def best(rounds: int, what: Callable[[], object]) -> float:
    """Return the seconds of the fastest round."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        what()
        took.append(time.perf_counter() - began)
    return min(took)


def touch_all(days: list[int]) -> State:
    state = EMPTY
    for day in days:
        state = touch(state, day, 4.0)
    return state


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=500)
    asked.add_argument("--rounds", type=int, default=7)
    args = asked.parse_args()

    chance = random.Random(7)
    plans = [chance.choice(CADENCES) for _ in range(args.clients)]
    days = [history(chance, cadence) for cadence in plans]
    states = [rebuild(one, {}, ()) for one in days]
    today = START.toordinal() + 2 * DAYS + 9
    events = sum(map(len, days))
    own = [[on.toordinal() for on in one] for one in days]
    known = list(zip(states, plans, strict=True))

    def read_all() -> None:
        for state, cadence in known:
            reading(state, cadence, today, start=state.first)

    measured = {
        "one contact day (touch)": (best(args.rounds, lambda: [touch_all(one) for one in own]) / events, "µs", 1e6),
        f"a client rebuilt from {events // args.clients} contact days": (
            best(args.rounds, lambda: [rebuild(one, {}, ()) for one in days]) / args.clients,
            "µs",
            1e6,
        ),
        "the day it will have faded": (
            best(args.rounds, lambda: [fade_on(state, cadence, START, ()) for state, cadence in known]) / args.clients,
            "µs",
            1e6,
        ),
        "its course, 20 points": (
            best(args.rounds, lambda: course(days[0], {}, plans[0], (), dt.date.fromordinal(today))),
            "µs",
            1e6,
        ),
        "one reading": (best(args.rounds, read_all) / args.clients, "µs", 1e6),
        f"the readings of {args.clients} clients": (best(args.rounds, read_all), "ms", 1e3),
    }
    table = Table("what", "took", "")
    for name, (seconds, unit, per) in measured.items():
        table.add_row(name, f"{seconds * per:,.1f}", unit)
    Console().print(table)


if __name__ == "__main__":
    main()
