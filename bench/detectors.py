"""Ways to tell that a client fades: Ember's, and those that others use.  Each scores every morning; higher is worse."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from bench.generator import Life
from bot.practices.spark.portfolio import levels, portfolio
from bot.practices.spark.rules import EMPTY, ENOUGH_CONTACT_DAYS, ENOUGH_HISTORY, touch

WATCHED = 90
"""Days after the onset in which a client should be noticed; later mornings are left out."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Mornings:
    """Mornings of many clients, one after the other: each an array of the same length.

    client: which one; day; contact: which of all contacts was the client's last, an index; is_fading: at or after the
    onset; silence: days since the last contact; count: contact days; known: days from the first contact to the last.
    """

    client: Ints
    day: Ints
    contact: Ints
    is_fading: NDArray[np.bool_]
    silence: Ints
    count: Ints
    known: Ints


def mornings(found: Sequence[Life], length: int = 730) -> Mornings:
    """Return the mornings on which there is enough to go by, until 90 days after the onset."""
    columns: list[tuple[Ints, ...]] = []
    before = 0
    for number, life in enumerate(found):
        since = max(life.days[0] + ENOUGH_HISTORY, life.days[min(ENOUGH_CONTACT_DAYS, life.days.size) - 1])
        end = length if life.onset is None else min(length, life.onset + WATCHED)
        if life.days.size >= ENOUGH_CONTACT_DAYS and since < end:
            day = np.arange(since, end)
            last = np.searchsorted(life.days, day, side="right") - 1
            onset = length if life.onset is None else life.onset
            silence, known = day - life.days[last], life.days[last] - life.days[0]
            columns.append((np.full(day.size, number), day, before + last, day >= onset, silence, last + 1, known))
        before += life.days.size
    return Mornings(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def ember(found: Sequence[Life], at: Mornings) -> Floats:
    """Score by Ember's probability of fading; nobody is rated."""
    states, plans = [], []
    for life in found:
        state = EMPTY
        for day in life.days.tolist():
            state = touch(state, day)
            states.append(state)
            plans.append(life.cadence)
    return levels(portfolio(states, plans, [0] * len(states)).part(at.contact), at.day).p_fade


def silent_days(_: Sequence[Life], at: Mornings) -> Floats:
    """Score by days without a contact."""
    return at.silence.astype(np.float64)


def own_gaps(found: Sequence[Life], at: Mornings) -> Floats:
    """Score by days without a contact, in the client's own median gaps so far."""
    medians: list[float] = []
    for life in found:
        gaps = np.diff(life.days)
        medians += [1.0, *(float(np.median(gaps[: place + 1])) for place in range(gaps.size))]
    return at.silence / np.array(medians)[at.contact]


@dataclass(frozen=True)
class BgNbd:
    """The beta-geometric model of customers who come back until they do not (Fader, Hardie and Lee 2005)."""

    r: float
    alpha: float
    a: float
    b: float

    def __call__(self, _: Sequence[Life], at: Mornings) -> Floats:
        """Score by the odds, as a logarithm, that a client is gone."""
        again = at.count - 1
        since = np.log((self.alpha + at.known + at.silence) / (self.alpha + at.known))
        return np.log(self.a / (self.b + again - 1)) + (self.r + again) * since


def fitted(found: Sequence[Life], length: int = 730) -> BgNbd:
    """Return the model that fits these clients best, as they are known at the end; its parameters stay from then on."""
    from scipy.optimize import minimize  # loads for a second

    again = np.array([life.days.size - 1 for life in found], dtype=np.float64)
    known = np.array([life.days[-1] - life.days[0] for life in found], dtype=np.float64)
    whole = np.array([length - 1 - life.days[0] for life in found], dtype=np.float64)
    came = again > 0

    def surprise(logs: Floats) -> float:
        r, alpha, a, b = np.exp(logs)
        same = gammaln(r + again) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
        there = betaln(a, b + again) - (r + again) * np.log(alpha + whole)
        last = np.where(came, again, 1.0)
        gone = betaln(a + 1, b + last - 1) - (r + again) * np.log(alpha + known)
        return -float(np.sum(same + np.where(came, np.logaddexp(there, gone), there)))

    best = minimize(surprise, np.log([1.0, 10.0, 1.0, 5.0]), method="Nelder-Mead", options={"maxiter": 4000})
    return BgNbd(*np.exp(best.x).tolist())
