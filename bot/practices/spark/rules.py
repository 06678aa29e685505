"""How bright a client's spark is: what is remembered of its contact days, and what that says on a morning.

A day is a whole number on the client's own clock, which stands still while the client is paused (see clock.py); a
contact day is one with any conversation.  The pace of contacts is a Gamma-Poisson process whose past is discounted by
half every 45 days (Fader, Hardie and Lee 2005); three terms, pace, gap and history, were weighted on real contact data
other than those they were measured on.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

EDGES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 21, 25, 30, 36, 45, 55, 70, 90, 120, 180, 365)
"""Lower edges of the histogram of gaps, in days."""
LONGEST = 366
"""Where the last bin ends: a longer gap counts as one of a year."""
HALF_LIFE = 45.0
MEMORY = HALF_LIFE / math.log(2)
PRIOR = 1.5
"""How many contact days at the planned rhythm a client's own pace starts from."""
PSEUDO_GAPS = 2
SHARE_PRIOR = 16.0
INTERCEPT, PACE, GAP, HISTORY = 0.106, 0.318, -0.456, -0.257
SLOW, FAST = 0.1, 0.4
NEUTRAL_RATING = 4.0

OPENS = 0.59
"""The probability of fading at which an alert opens, as long as a workspace has not learned another."""
LOWEST = 0.5
"""The lowest probability of fading that a workspace may learn to have alerts open at."""
BRIGHT, FADED = 0.61, 0.41
ENOUGH_CONTACT_DAYS, ENOUGH_HISTORY = 4, 28
ENOUGH_FOR_A_SHARE = 8
TOO_LONG = 2
"""While still learning, nothing logged for more than this many rhythms is too long."""


START = round(100 / (1 + math.exp(INTERCEPT)))
"""The level, in percent, that the parts begin with."""


class Band(StrEnum):
    """How a spark is called."""

    BRIGHT = "bright"
    DIMMING = "dimming"
    FADING = "fading"
    LEARNING = "still learning"


class Part(StrEnum):
    """What a level is made of, in the order of counting."""

    GAP = "gap"
    PACE = "pace"
    HISTORY = "history"
    RATINGS = "ratings"


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of a client's contact days.

    first, last: days; contacts: contact days, discounted; exposure: days in which they fell, discounted; gaps: how
    many gaps fell into each bin of EDGES; slow, fast: the averages of the days' ratings, None while there is none.
    """

    count: int = 0
    first: int = 0
    last: int = 0
    contacts: float = 0.0
    exposure: float = 0.0
    gaps: tuple[int, ...] = (0,) * len(EDGES)
    slow: float | None = None
    fast: float | None = None


EMPTY = State()


def touch(state: State, day: int, rating: float | None = None) -> State:
    """Return the state after one more contact day and its mean rating; the last day once more changes nothing.

    Raises ValueError for a day before the last one: the state is rebuilt then.
    """
    if not state.count:
        return State(1, day, day, 1.0, 0.0, EMPTY.gaps, rating, rating)
    if day < state.last:
        raise ValueError("an earlier day changes what came after it")
    if day == state.last:
        return state
    kept = _kept(day - state.last)
    gaps = list(state.gaps)
    gaps[_bin(day - state.last)] += 1
    return State(
        state.count + 1,
        state.first,
        day,
        state.contacts * kept + 1.0,
        state.exposure * kept + (1.0 - kept) * MEMORY,
        tuple(gaps),
        _towards(state.slow, rating, SLOW),
        _towards(state.fast, rating, FAST),
    )


def _kept(days: int) -> float:
    return math.exp2(-days / HALF_LIFE)


def _bin(gap: float) -> int:
    return bisect_right(EDGES, gap) - 1


def _towards(average: float | None, rating: float | None, weight: float) -> float | None:
    if rating is None or average is None:
        return rating if average is None else average
    return average + weight * (rating - average)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a client's contact days say on a morning.

    p_fade: the probability that the contact is fading; p_slow: that today's pace is under half of the client's own;
    typical: the usual gap in days; cadence: the planned one; share: how often a gap is as long as this one;
    quiet_days: days with nothing logged; paused: days since the last contact that do not count; pace: the last six
    weeks' as a part of the usual; contact_days: how many there are; history: days since the first; warmth: what the
    ratings add to the odds of fading, None while there are none.
    """

    p_fade: float
    p_slow: float
    typical: float
    cadence: float
    share: float
    quiet_days: int
    paused: int
    pace: float
    contact_days: int
    history: int
    warmth: float | None = None

    @property
    def level(self) -> float:
        """The spark, 0 to 1."""
        return 1.0 - self.p_fade

    @property
    def percent(self) -> int:
        """The spark as it is shown."""
        return _percent(self.p_fade)

    def parts(self) -> dict[Part, int]:
        """Return what each part takes from the level or adds to it, in points, one after the other.

        START and all of them make `percent`.
        """
        terms = _terms(self.share, self.p_slow, max(1, self.contact_days), self.warmth)
        reached = [*(_percent(_odds_of(z)) for z in accumulate(terms[:-1], initial=INTERCEPT)), self.percent]
        return {part: later - earlier for part, (earlier, later) in zip(Part, pairwise(reached), strict=True)}

    @property
    def is_learning(self) -> bool:
        """Whether there is too little to go by."""
        return self.contact_days < ENOUGH_CONTACT_DAYS or self.history < ENOUGH_HISTORY

    @property
    def band(self) -> Band:
        """How the spark is called."""
        if self.is_learning:
            return Band.LEARNING
        if self.level >= BRIGHT:
            return Band.BRIGHT
        return Band.DIMMING if self.level > FADED else Band.FADING

    def is_too_quiet_at(self, probability: float = OPENS) -> bool:
        """Whether an alert would open that opens at a probability of fading; while learning, only silence counts."""
        return self.quiet_days > TOO_LONG * self.cadence if self.is_learning else self.p_fade >= probability

    def sentence(self) -> str:
        """Say all that the level is made of, in one sentence."""
        if not self.contact_days:
            return self.reason()
        shown = f"{self._usual(' days')}, {self._logged()}{self._share()}"
        return f"{shown}; last 6 weeks' pace is {self.pace:.0%} of the usual"

    def reason(self) -> str:
        """Say how long nothing was logged and what is usual, as rows and alerts do."""
        return f"{self._logged()}; {self._usual()}{self._share()}"

    def _usual(self, unit: str = "") -> str:
        has_gaps = self.contact_days > 1
        days = round(self.typical if has_gaps else self.cadence)
        word = "usually" if has_gaps else "planned"
        return f"{word} every day" if days == 1 else f"{word} every {days}{unit}"

    def _logged(self) -> str:
        pause = ", not counting the pause" if self.paused else ""
        if not self.contact_days:
            since = f", {in_days(self.quiet_days)} since the start{pause}" if self.quiet_days else ""
            return f"nothing logged yet{since}"
        return f"nothing logged for {in_days(self.quiet_days)}{pause}" if self.quiet_days else "logged today"

    def _share(self) -> str:
        if self.contact_days < ENOUGH_FOR_A_SHARE or not self.quiet_days:
            return ""
        percent = round(self.share * 100)
        return f" (a gap that long happens {f'{percent}%' if percent else 'under 1%'} of the time)"


def in_days(count: int) -> str:
    """Return a number of days in words: "1 day", "19 days"."""
    return "1 day" if count == 1 else f"{count} days"


def reading(state: State, cadence: float, day: int, *, start: int, paused: int = 0) -> Reading:
    """Say on a day what a client's contact days so far mean; before the first one, the start stands in for it.

    cadence: the planned days between conversations; start: the day the relationship started; paused: days since the
    last contact that do not count.
    """
    known = state if state.count else touch(EMPTY, start)
    quiet = max(0, day - known.last)
    gap = max(1, quiet)
    kept = _kept(gap)
    contacts = known.contacts * kept
    exposure = known.exposure * kept + (1.0 - kept) * MEMORY
    usual = (PRIOR + known.count - 1) / (PRIOR * cadence + known.last - known.first)
    p_slow = _lower_gamma(1.0 + contacts, 0.5 * usual * (1.0 / usual + exposure))
    typical = typical_gap(known.gaps, cadence)
    share = _share_of(known, gap, typical)
    warm = warmth(known.slow, known.fast)
    return Reading(
        p_fade=_odds_of(INTERCEPT + sum(_terms(share, p_slow, known.count, warm))),
        p_slow=p_slow,
        typical=typical,
        cadence=cadence,
        share=share,
        quiet_days=quiet,
        paused=paused,
        pace=(1.0 + contacts) / (1.0 / usual + exposure) / usual,
        contact_days=state.count,
        history=max(0, day - known.first),
        warmth=warm,
    )


def _terms(share: float, p_slow: float, contact_days: int, warm: float | None) -> tuple[float, float, float, float]:
    """Return what the parts add to the log odds of fading, in their order."""
    pace = PACE * math.log(p_slow / (1.0 - p_slow))
    return GAP * math.log(share), pace, HISTORY * math.log(contact_days), warm or 0.0


def _odds_of(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def _percent(p_fade: float) -> int:
    return round(100 * (1.0 - p_fade))


def is_loaded() -> bool:
    """Whether readings come at once, without a second for loading what they are calculated with."""
    return bool(_gammainc.cache_info().currsize)


@cache
def _gammainc() -> Callable[..., Any]:
    from scipy.special import gammainc

    return gammainc


def _lower_gamma(shape: float, at: float) -> float:
    """Return the regularised lower incomplete gamma function, kept off 0 and 1."""
    return min(max(float(_gammainc()(shape, at)), 0.001), 0.999)


def typical_gap(gaps: tuple[int, ...], cadence: float) -> float:
    """Return the median of the gaps and two more at the planned cadence, in days, linear between a bin's days."""
    counts = list(gaps)
    counts[_bin(cadence)] += PSEUDO_GAPS
    half = sum(counts) / 2
    up_to = list(accumulate(counts))
    place = bisect_left(up_to, half)
    low, before = EDGES[place], up_to[place] - counts[place]
    return low + (half - before) / counts[place] * (_end(place) - 1 - low)


def _share_of(state: State, gap: int, typical: float) -> float:
    """Return how often this client has a gap of so many days or more, few gaps leaning on what is typical anywhere."""
    place = _bin(gap)
    low, end = EDGES[place], _end(place)
    in_bin = state.gaps[place] * max(0.0, (end - gap) / (end - low))
    longer = sum(state.gaps[place + 1 :]) + in_bin
    return (longer + SHARE_PRIOR / (1.0 + math.pow(gap / typical, 1.2))) / (state.count - 1 + SHARE_PRIOR)


def _end(place: int) -> int:
    return EDGES[place + 1] if place + 1 < len(EDGES) else LONGEST


def warmth(slow: float | None, fast: float | None) -> float | None:
    """Return what the ratings add to the odds of fading, -1 (glowing and getting better) to 1; None while unrated."""
    if slow is None or fast is None:
        return None
    return min(max(0.5 * (slow - fast) + 0.25 * (NEUTRAL_RATING - fast), -1.0), 1.0)
