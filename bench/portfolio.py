"""What it takes to read a whole portfolio at once: a million clients on one core.

`python -m bench.portfolio [--clients 1000000] [--rounds 5] [--limit 1.5]`.  Arrays in, levels out, no database; the
best of the rounds.  Rows come from the database as they do in `spark.rows`, and `portfolio()` turns states into arrays:
measured on a hundredth of the clients, since it is done once for each and by Python.  Fails when it takes longer than
the limit, in seconds.
"""

import argparse
import sys

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.spark import CADENCES, best
from bot.practices.spark.portfolio import Portfolio, levels, portfolio
from bot.practices.spark.rules import EDGES, HALF_LIFE, MEMORY, State, reading

START = 738_000
DAYS = 730


def clients(count: int, seed: int = 7) -> Portfolio:
    """Return random clients with up to two years behind them."""
    chance = np.random.default_rng(seed)
    cadence = chance.choice(CADENCES, count).astype(np.float64)
    first = START + chance.integers(0, DAYS, count)
    last = first + (chance.random(count) * (START + DAYS - first)).astype(np.int64)
    contact_days = 1 + chance.poisson((last - first) / cadence)
    pace = contact_days / (last - first + cadence)
    seen = 1.0 - np.exp2(-(last - first) / HALF_LIFE)
    place = np.searchsorted(EDGES, chance.lognormal(np.log(cadence)[:, None], 0.8, (count, 8)), side="right") - 1
    gaps = np.zeros((count, len(EDGES)), dtype=np.int32)
    for column in range(place.shape[1]):
        gaps[np.arange(count), np.maximum(0, place[:, column])] += contact_days // 8
    rated = chance.random(count) < 0.8
    slow, fast = (np.where(rated, chance.uniform(2, 5, count), np.nan) for _ in range(2))
    start = first
    return Portfolio(
        contact_days, first, last, 1 + pace * MEMORY * seen, MEMORY * seen, gaps, slow, fast, cadence, start
    )


def states(known: Portfolio) -> list[State]:
    """Return clients one by one, as rows come."""
    rated = [(None, None) if np.isnan(a) else (a, b) for a, b in zip(known.slow, known.fast, strict=True)]
    columns = (known.count, known.first, known.last, known.contacts, known.exposure)
    each = zip(*(column.tolist() for column in columns), map(tuple, known.gaps.tolist()), rated, strict=True)
    return [State(*numbers, *ratings) for *numbers, ratings in each]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--limit", type=float, default=1.5)
    args = asked.parse_args()

    known, today = clients(args.clients), START + DAYS
    some = known.part(slice(max(1, args.clients // 100)))
    few, cadences, starts = states(some), some.cadence.tolist(), some.start.tolist()
    together = best(args.rounds, lambda: levels(known, today))

    def one_by_one() -> None:
        for state, cadence, start in zip(few, cadences, starts, strict=True):
            reading(state, cadence, today, start=start)

    each = {
        "read together": together / args.clients,
        "read one by one": best(args.rounds, one_by_one) / len(few),
        "states to arrays": best(args.rounds, lambda: portfolio(few, cadences, starts)) / len(few),
    }
    fading = levels(known, today).is_too_quiet_at()
    table = Table("what", "µs each", f"seconds for {args.clients:,}", title=f"{fading.mean():.0%} too quiet")
    for name, seconds in each.items():
        table.add_row(name, f"{seconds * 1e6:.2f}", f"{seconds * args.clients:.2f}")
    Console().print(table)
    sys.exit(together > args.limit)


if __name__ == "__main__":
    main()
