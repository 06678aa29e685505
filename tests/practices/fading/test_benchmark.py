"""The benchmark of detectors, on portfolios too small to tell anything but that it works."""

import datetime as dt
from dataclasses import asdict

import numpy as np
import pytest

from bench.detectors import BgNbd, ember, mornings, own_gaps, silent_days
from bench.fading import Portfolio, alarms, auc, average_precision, compared, false_rate, tuned
from bench.generator import lives
from bot.practices.spark.course import rebuild
from bot.practices.spark.rules import reading


@pytest.fixture(scope="module")
def known():
    return Portfolio.of(40, seed=3)


def test_portfolios_come_from_their_seed_and_fade_from_their_day(known):
    again = lives(40, seed=3)
    assert [life.days.tolist() for life in again] == [life.days.tolist() for life in known.lives]
    gone = [life for life in lives(200, seed=4) if life.fading == "for good"]
    assert gone
    assert all(life.days[-1] < life.onset for life in gone)
    assert 0.2 < np.mean([life.onset is not None for life in known.lives]) < 0.6


def test_embers_score_is_the_reading_of_that_morning(known):
    scores = ember(known.lives, known.at)
    for place in range(0, len(scores), 997):
        life, day = known.lives[known.at.client[place]], int(known.at.day[place])
        state = rebuild([dt.date.fromordinal(1 + on) for on in life.days.tolist() if on <= day], {}, ())
        said = reading(state, life.cadence, day + 1, start=0)
        assert scores[place] == pytest.approx(said.p_fade, abs=1e-12)
        assert not said.is_learning
        assert said.quiet_days == known.at.silence[place]


def test_others_score_silence_too(known):
    at = known.at
    one = np.flatnonzero(at.client == at.client[0])
    silent, same = silent_days(known.lives, at)[one], at.contact[one] == at.contact[one][0]
    for score in (own_gaps, BgNbd(1.0, 10.0, 1.0, 5.0)):
        while_silent = score(known.lives, at)[one][same]
        assert (np.diff(while_silent) > 0).all() == (np.diff(silent[same]) > 0).all()


def test_an_alarm_waits_28_days_after_the_last_and_false_ones_are_before_the_onset(known):
    at = mornings(known.lives[:1])
    opened = alarms(np.ones(len(at.day)), at, 0.5)
    assert (np.diff(at.day[opened]) == 28).all()
    threshold = tuned([silent_days(known.lives, known.at)], [known])
    at_one = [
        false_rate(alarms(silent_days(known.lives, known.at), known.at, each), known.at)
        for each in (threshold, threshold - 1)
    ]
    assert at_one[0] <= 1 < at_one[1]


def test_curves_are_measured_as_they_should_be():
    is_fading = np.array([True, False, True, False])
    assert auc(np.array([4.0, 3.0, 2.0, 1.0]), is_fading) == 0.75
    assert auc(np.zeros(4), is_fading) == 0.5
    assert average_precision(np.array([4.0, 3.0, 2.0, 1.0]), is_fading) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.zeros(4), is_fading) == 0.5


def test_every_detector_tells_something(known):
    results = compared([Portfolio.of(40, seed=5)], [known])
    assert len(results) == 5
    for (result,) in results.values():
        assert result.auc > 0.55
        assert all(np.isfinite(number) for number in asdict(result).values())
