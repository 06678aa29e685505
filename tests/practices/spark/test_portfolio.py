import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.portfolio import DAYS, clients, states
from bench.portfolio import START as SINCE
from bot.practices.spark.course import rebuild
from bot.practices.spark.portfolio import AT_ONCE, levels, portfolio
from bot.practices.spark.rules import EMPTY, LOWEST, OPENS, reading

START = dt.date(2025, 1, 6)

histories = st.dictionaries(st.integers(0, 900), st.none() | st.floats(1, 5), max_size=50)
drawn_clients = st.tuples(histories, st.integers(1, 365), st.integers(0, 1500))


def state_of(history):
    on = {START + dt.timedelta(days=day): rating for day, rating in history.items()}
    return rebuild(on, {day: rating for day, rating in on.items() if rating is not None}, ())


@settings(max_examples=50)
@given(st.lists(drawn_clients, min_size=1, max_size=12))
def test_a_portfolio_reads_as_each_of_its_clients(drawn):
    states = [state_of(history) for history, _, _ in drawn]
    cadences = [cadence for _, cadence, _ in drawn]
    days = [(state.last or START.toordinal()) + quiet for state, (_, _, quiet) in zip(states, drawn, strict=True)]
    starts = [START.toordinal()] * len(drawn)
    said = levels(portfolio(states, cadences, starts), np.array(days))
    one_by_one = [
        reading(state, cadence, day, start=start)
        for state, cadence, day, start in zip(states, cadences, days, starts, strict=True)
    ]
    assert said.p_fade == pytest.approx([one.p_fade for one in one_by_one], abs=1e-12)
    assert said.level == pytest.approx([one.level for one in one_by_one], abs=1e-12)
    assert said.quiet_days.tolist() == [one.quiet_days for one in one_by_one]
    assert said.is_learning.tolist() == [one.is_learning for one in one_by_one]
    for at in (LOWEST, OPENS):
        assert said.is_too_quiet_at(at).tolist() == [one.is_too_quiet_at(at) for one in one_by_one]


def test_more_clients_than_are_read_in_one_step():
    state = state_of(dict.fromkeys(range(0, 120, 7), 4.0))
    many = AT_ONCE + 3
    said = levels(portfolio([state, EMPTY] * many, [7, 14] * many, [START.toordinal()] * 2 * many), state.last + 19)
    assert np.unique(said.p_fade[::2]) == pytest.approx([reading(state, 7, state.last + 19, start=0).p_fade], abs=1e-12)
    assert np.unique(said.p_fade[1::2]).size == 1


def test_an_empty_portfolio_says_nothing():
    assert levels(portfolio([], [], []), 1).p_fade.size == 0


def test_the_clients_of_the_bench_read_the_same_one_by_one():
    known = clients(60)
    said = levels(known, SINCE + DAYS)
    each = zip(states(known), known.cadence.tolist(), strict=True)
    one_by_one = [reading(state, cadence, SINCE + DAYS, start=state.first).p_fade for state, cadence in each]
    assert said.p_fade == pytest.approx(one_by_one, abs=1e-12)
