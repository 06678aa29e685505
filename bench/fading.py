"""How well fading clients are noticed: Ember's model against a number of days, a multiple of the own gap, and BG/NBD.

`python -m bench.fading [--clients 400] [--tuning 5] [--seeds 5]`.  On generated portfolios with a known day from which
each fading client fades (bench/generator.py), over two years.

A morning counts for AUC and PR-AUC weekly, until 90 days after the onset.  An alarm is a morning at or above a
threshold, 28 days at least after the client's last one; before the onset it is false.  Recall: fading clients with an
alarm within 90 days of the onset; delay: the median of days from it to the first; both at the threshold with one false
alarm per client-year on that portfolio.  The thresholds in the first column (N, k) and BG/NBD's parameters are tuned on
other seeds; the last column says how many false alarms a client-year such a threshold brings.  Brackets: the lowest and
the highest of the seeds.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.detectors import Floats, Ints, Mornings, ember, fitted, mornings, own_gaps, silent_days
from bench.generator import Life, lives
from bot.practices.fading.rules import COOL_DOWN
from bot.practices.spark.rules import OPENS

Score = Callable[[Sequence[Life], Mornings], Floats]
WEEK = 7
ALLOWED = 1.0
"""False alarms per client-year."""


@dataclass(frozen=True)
class Portfolio:
    """Generated clients and the mornings on which they are judged."""

    lives: Sequence[Life]
    at: Mornings

    @classmethod
    def of(cls, clients: int, seed: int) -> "Portfolio":
        """Return a generated portfolio."""
        found = lives(clients, seed=seed)
        return cls(found, mornings(found))


@dataclass(frozen=True)
class Result:
    """How a detector did on one portfolio; delay: the median, in days; false: alarms per client-year at `threshold`."""

    auc: float
    pr_auc: float
    recall: float
    delay: float
    false: float


def alarms(scores: Floats, at: Mornings, threshold: float) -> Ints:
    """Return the mornings, as indices, on which an alarm opens."""
    found: list[int] = []
    client, open_until = -1, 0
    for place in np.flatnonzero(scores >= threshold).tolist():
        if at.client[place] != client:
            client, open_until = at.client[place], 0
        if at.day[place] >= open_until:
            found.append(place)
            open_until = at.day[place] + COOL_DOWN.days
    return np.array(found, dtype=np.int64)


def false_rate(opened: Ints, at: Mornings) -> float:
    """Return the false alarms per client-year."""
    return float((~at.is_fading[opened]).sum() / ((~at.is_fading).sum() / 365))


def tuned(scores: Sequence[Floats], tuning: Sequence[Portfolio]) -> float:
    """Return the lowest threshold with at most one false alarm per client-year."""
    possible = np.unique(np.concatenate(scores))
    low, high = 0, possible.size - 1
    while low < high:
        middle = (low + high) // 2
        rates = [
            false_rate(alarms(one, known.at, possible[middle]), known.at)
            for one, known in zip(scores, tuning, strict=True)
        ]
        low, high = (low, middle) if np.mean(rates) <= ALLOWED else (middle + 1, high)
    return float(possible[low])


def measured(scores: Floats, known: Portfolio, threshold: float, *, as_it_is: bool = False) -> Result:
    """Return how a detector's scores do on a portfolio, at the portfolio's own threshold unless told otherwise."""
    at = known.at
    opened = alarms(scores, at, threshold if as_it_is else tuned([scores], [known]))
    weekly = at.day % WEEK == 0
    first: dict[int, int] = {}
    for place in opened[at.is_fading[opened]].tolist():
        first.setdefault(int(at.client[place]), int(at.day[place]))
    fading = np.unique(at.client[at.is_fading]).tolist()
    delays = [day - (known.lives[client].onset or 0) for client, day in first.items()]
    return Result(
        auc=auc(scores[weekly], at.is_fading[weekly]),
        pr_auc=average_precision(scores[weekly], at.is_fading[weekly]),
        recall=len(first) / len(fading),
        delay=float(np.median(delays)) if delays else float("nan"),
        false=false_rate(alarms(scores, at, threshold), at),
    )


def auc(scores: Floats, is_fading: np.ndarray) -> float:
    """Return how likely a fading morning scores above another one; a tie is half."""
    from scipy.stats import rankdata  # loads for a second

    ranks = rankdata(scores)[is_fading]
    positive, negative = is_fading.sum(), (~is_fading).sum()
    return float((ranks.sum() - positive * (positive + 1) / 2) / (positive * negative))


def average_precision(scores: Floats, is_fading: np.ndarray) -> float:
    """Return the mean precision over the recalls that are reached; equal scores are reached together."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(is_fading[order])
    ends = np.append(np.flatnonzero(np.diff(scores[order])), order.size - 1)
    recall = hits[ends] / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * hits[ends] / (ends + 1)))


def compared(tuning: Sequence[Portfolio], held_out: Sequence[Portfolio]) -> dict[str, list[Result]]:
    """Return how each detector did on each portfolio that it was not tuned on."""
    everyone = [life for known in tuning for life in known.lives]
    detectors: dict[str, Score] = {
        "Ember": ember,
        "N days": silent_days,
        "k × own gap": own_gaps,
        "BG/NBD, fixed": fitted(everyone),
    }
    found = {}
    for name, score in detectors.items():
        threshold = tuned([score(known.lives, known.at) for known in tuning], tuning)
        scores = [score(known.lives, known.at) for known in held_out]
        pairs = list(zip(scores, held_out, strict=True))
        found[f"{name} ≥ {threshold:.3g}"] = [measured(one, known, threshold) for one, known in pairs]
        if name == "Ember":
            found[f"{name} ≥ {OPENS}, untuned"] = [measured(one, known, OPENS, as_it_is=True) for one, known in pairs]
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=400)
    asked.add_argument("--tuning", type=int, default=5)
    asked.add_argument("--seeds", type=int, default=5)
    args = asked.parse_args()

    tuning = [Portfolio.of(args.clients, seed) for seed in range(args.tuning)]
    held_out = [Portfolio.of(args.clients, 1000 + seed) for seed in range(args.seeds)]
    fading = np.mean([known.at.is_fading[known.at.day % WEEK == 0].mean() for known in held_out])
    title = f"{args.seeds} portfolios of {args.clients}; {fading:.0%} of mornings are after an onset"
    table = Table("detector", *COLUMNS.values(), title=title)
    for name, results in compared(tuning, held_out).items():
        table.add_row(name, *(_said([getattr(one, column) for one in results]) for column in COLUMNS))
    Console(width=132).print(table)


COLUMNS = {"auc": "AUC", "pr_auc": "PR-AUC", "recall": "recall", "delay": "delay, days", "false": "false at tuned"}


def _said(numbers: Sequence[float]) -> str:
    places = 0 if max(numbers) > 5 else 3
    mean, low, high = (f"{number:.{places}f}" for number in (np.mean(numbers), min(numbers), max(numbers)))
    return f"{mean} [{low}, {high}]"


if __name__ == "__main__":
    main()
