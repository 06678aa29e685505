"""Portfolios whose clients are known to fade, or not to: what detectors of fading are measured on.

Each client has a rhythm of its own, one of four ways to keep it, holidays without a word, often a busier beginning, and
a plan that is only about right.  Some fade from a known day on: at once, little by little, or for good.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLANS = np.array((7, 14, 30))
FADES = 0.4
"""The share of clients that fade."""
EARLIEST, LATEST = 120, 60
"""Days after the start, and before the end, between which contact begins to fade."""
RHYTHM, SPREAD = 11.0, 0.7
"""The median of the clients' usual gaps, in days, and the spread of their logarithms."""
SLOWER = (3.0, 6.0)
"""How many times as long gaps become."""
RAMP = (45, 120)
"""Days it takes, little by little."""
BUSY, BUSY_DAYS = 1.5, 60

Gaps = Callable[[np.random.Generator, int], NDArray[np.float64]]


def _bursty(chance: np.random.Generator, count: int) -> NDArray[np.float64]:
    is_short = chance.random(count) < 0.6
    return np.where(is_short, chance.exponential(0.2, count), chance.exponential(2.2, count))


KINDS: dict[str, Gaps] = {
    "by chance": lambda chance, count: chance.exponential(1.0, count),
    "regular": lambda chance, count: chance.gamma(4.0, 0.25, count),
    "uneven": lambda chance, count: chance.lognormal(-0.32, 0.8, count),
    "in bursts": _bursty,
}
"""Gaps of mean one, by how a client keeps its rhythm."""
FADING = ("at once", "little by little", "for good")
OFTEN = (0.35, 0.4, 0.25)


@dataclass(frozen=True)
class Life:
    """A client: its contact days, the planned cadence, the day it begins to fade (None: never), and how it does."""

    days: NDArray[np.int64]
    cadence: int
    onset: int | None
    kind: str
    fading: str | None


def lives(count: int, *, seed: int, length: int = 730) -> list[Life]:
    """Return clients over so many days; the same seed, the same ones."""
    chance = np.random.default_rng(seed)
    found: list[Life] = []
    while len(found) < count:
        life = _life(chance, length)
        if life.days.size:
            found.append(life)
    return found


def _life(chance: np.random.Generator, length: int) -> Life:
    rhythm = float(np.clip(chance.lognormal(np.log(RHYTHM), SPREAD), 2, 60))
    plan = PLANS[np.abs(np.log(PLANS / (rhythm * chance.lognormal(0, 0.3)))).argmin()]
    start = int(chance.integers(0, length // 3))
    pace = _holidays(chance, length)
    pace[:start] = 0.0
    if chance.random() < 0.4:
        pace[start : start + BUSY_DAYS] *= BUSY
    onset, fading = None, None
    if chance.random() < FADES:
        onset = int(chance.integers(start + EARLIEST, length - LATEST))
        fading = str(chance.choice(FADING, p=OFTEN))
        pace[onset:] *= _slower(chance, fading, length - onset)
    kind = str(chance.choice(list(KINDS)))
    passed = np.cumsum(pace) / rhythm  # contacts come evenly by this clock, whatever becomes of the pace
    told = np.cumsum(KINDS[kind](chance, int(passed[-1] * 2) + 20))
    days = np.searchsorted(passed, told[told < passed[-1]])
    return Life(np.unique(np.concatenate(([start], days))), int(plan), onset, kind, fading)


def _holidays(chance: np.random.Generator, length: int) -> NDArray[np.float64]:
    """Return 1 for each day, and 0 for those in which nobody is there: most winters, some summers."""
    pace = np.ones(length)
    for year in range(0, length, 365):
        if chance.random() < 0.7:
            pace[year + 354 : year + 354 + int(chance.integers(8, 17))] = 0.0
        if chance.random() < 0.4:
            since = year + int(chance.integers(182, 230))
            pace[since : since + int(chance.integers(10, 25))] = 0.0
    return pace


def _slower(chance: np.random.Generator, fading: str, days: int) -> NDArray[np.float64]:
    """Return the pace from the first day of fading on, as a part of the usual."""
    if fading == "for good":
        return np.zeros(days)
    longer = chance.uniform(*SLOWER)
    if fading == "at once":
        return np.full(days, 1.0 / longer)
    ramp = int(chance.integers(*RAMP))
    return longer ** -np.minimum(1.0, np.arange(days) / ramp)
