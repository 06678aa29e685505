"""Whole portfolios read at once: the same numbers as `rules.reading`, a million clients in about a second.

Loads numpy and scipy, so nothing that starts with the bot imports it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from bot.practices.spark.rules import (
    EDGES,
    ENOUGH_CONTACT_DAYS,
    ENOUGH_HISTORY,
    GAP,
    HALF_LIFE,
    HISTORY,
    INTERCEPT,
    LONGEST,
    MEMORY,
    NEUTRAL_RATING,
    OPENS,
    PACE,
    PRIOR,
    PSEUDO_GAPS,
    SHARE_PRIOR,
    TOO_LONG,
    State,
)

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

AT_ONCE = 8192
"""Clients in one step: what they need stays in a core's own cache."""
LOW = np.array(EDGES, dtype=np.float64)
END = np.array([*EDGES[1:], LONGEST], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The states of n clients, an array for each column of `rules.State`.

    gaps: n × 23 counts; slow, fast: NaN while unrated; cadence: the planned days between conversations; start: the day
    each relationship started, on the client's own clock as `first` and `last` are.
    """

    count: Ints
    first: Ints
    last: Ints
    contacts: Floats
    exposure: Floats
    gaps: NDArray[np.integer]
    slow: Floats
    fast: Floats
    cadence: Floats
    start: Ints

    def __len__(self) -> int:
        return len(self.count)

    def part(self, which: slice | Ints) -> "Portfolio":
        """Return some of the clients."""
        return Portfolio(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Levels:
    """What n clients' contact days say on a day: as `rules.Reading`, an array for each."""

    p_fade: Floats
    quiet_days: Ints
    is_learning: Flags
    cadence: Floats

    @property
    def level(self) -> Floats:
        """The sparks, 0 to 1."""
        return 1.0 - self.p_fade

    def is_too_quiet_at(self, probability: float = OPENS) -> Flags:
        """Whether an alert would open that opens at a probability of fading; while learning, only silence counts."""
        is_silent = self.quiet_days > TOO_LONG * self.cadence
        return np.where(self.is_learning, is_silent, self.p_fade >= probability)


def portfolio(states: Sequence[State], cadences: Sequence[float], starts: Sequence[int]) -> Portfolio:
    """Return the states of clients as arrays; so do rows of the table, column by column."""
    unrated = float("nan")
    return Portfolio(
        count=np.array([state.count for state in states], dtype=np.int64),
        first=np.array([state.first for state in states], dtype=np.int64),
        last=np.array([state.last for state in states], dtype=np.int64),
        contacts=np.array([state.contacts for state in states], dtype=np.float64),
        exposure=np.array([state.exposure for state in states], dtype=np.float64),
        gaps=np.array([state.gaps for state in states], dtype=np.int64).reshape(-1, len(EDGES)),
        slow=np.array([unrated if state.slow is None else state.slow for state in states], dtype=np.float64),
        fast=np.array([unrated if state.fast is None else state.fast for state in states], dtype=np.float64),
        cadence=np.array(cadences, dtype=np.float64),
        start=np.array(starts, dtype=np.int64),
    )


def levels(known: Portfolio, day: int | Ints) -> Levels:
    """Return what the clients' contact days say on a day of their own clocks, one for all or one for each."""
    days = np.broadcast_to(np.asarray(day, dtype=np.int64), (len(known),))
    p_fade = np.empty(len(known))
    for since in range(0, len(known), AT_ONCE):
        some = slice(since, since + AT_ONCE)
        p_fade[some] = _p_fade(known.part(some), days[some])
    first, last = _first(known), _last(known)
    return Levels(
        p_fade=p_fade,
        quiet_days=np.maximum(0, days - last),
        is_learning=(known.count < ENOUGH_CONTACT_DAYS) | (np.maximum(0, days - first) < ENOUGH_HISTORY),
        cadence=known.cadence,
    )


def _first(known: Portfolio) -> Ints:
    return np.where(known.count == 0, known.start, known.first)


def _last(known: Portfolio) -> Ints:
    return np.where(known.count == 0, known.start, known.last)


def _p_fade(known: Portfolio, days: Ints) -> Floats:
    """Return the probabilities that contact is fading; before the first contact day, the start stands in for it."""
    is_new = known.count == 0
    count = np.maximum(1, known.count)
    last = _last(known)
    gap = np.maximum(1, days - last).astype(np.float64)
    kept = np.exp2(-gap / HALF_LIFE)
    contacts = np.where(is_new, 1.0, known.contacts) * kept
    exposure = known.exposure * kept + (1.0 - kept) * MEMORY
    usual = (PRIOR + count - 1) / (PRIOR * known.cadence + last - _first(known))
    p_slow = np.clip(gammainc(1.0 + contacts, 0.5 * usual * (1.0 / usual + exposure)), 0.001, 0.999)
    share = _share(known, count, gap)
    z = GAP * np.log(share) + PACE * np.log(p_slow / (1.0 - p_slow)) + HISTORY * np.log(count) + _warmth(known)
    p_fade: Floats = 1.0 / (1.0 + np.exp(-(INTERCEPT + z)))
    return p_fade


def _share(known: Portfolio, count: Ints, gap: Floats) -> Floats:
    """Return how often each client has a gap of so many days or more, by its histogram and what is typical anywhere."""
    each = np.arange(len(known))
    planned = np.searchsorted(LOW, known.cadence, side="right") - 1
    counts = known.gaps.T.astype(np.int64)  # a row for each bin: sums run along the clients
    counts[planned, each] += PSEUDO_GAPS
    up_to = np.cumsum(counts, axis=0)
    total = up_to[-1]
    place = (2 * up_to < total).sum(axis=0)
    here = counts[place, each]
    typical = LOW[place] + (total / 2 - (up_to[place, each] - here)) / here * (END[place] - 1 - LOW[place])
    place = np.searchsorted(LOW, gap, side="right") - 1
    own = counts[place, each] - PSEUDO_GAPS * (planned == place)
    beyond = total - up_to[place, each] - PSEUDO_GAPS * (planned > place)
    longer = beyond + own * np.maximum(0.0, (END[place] - gap) / (END[place] - LOW[place]))
    share: Floats = (longer + SHARE_PRIOR / (1.0 + np.power(gap / typical, 1.2))) / (count - 1 + SHARE_PRIOR)
    return share


def _warmth(known: Portfolio) -> Floats:
    """Return what the ratings add to the odds of fading; 0 while unrated."""
    warm = np.clip(0.5 * (known.slow - known.fast) + 0.25 * (NEUTRAL_RATING - known.fast), -1.0, 1.0)
    return np.where(np.isnan(warm), 0.0, warm)
