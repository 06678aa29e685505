"""Days that do not count, and the day that "not now" ends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.cadence.rules import (
    DayPassed,
    NoDay,
    Span,
    TooFar,
    set_aside_until,
    standing,
)
from bot.practices.spark.clock import paused_days

START = dt.date(2024, 1, 1)
LAST = dt.date(2024, 5, 1)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2022, 1, 1))
PAUSES = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=5)


def _may(number: int) -> dt.date:
    return dt.date(2024, 5, number)


@pytest.mark.parametrize(
    ("pauses", "days"),
    [
        ([], 0),
        ([(_may(3), _may(6))], 3),
        ([(_may(3), None)], 17),
        ([(_may(3), _may(28))], 17),
        ([(START, _may(4))], 3),
        ([(START, LAST)], 0),
        ([(_may(25), None)], 0),
        ([(_may(3), _may(6)), (_may(10), _may(12))], 5),
        ([(_may(3), _may(8)), (_may(5), _may(10))], 7),
    ],
)
def test_only_paused_days_since_the_last_conversation_are_counted(pauses, days):
    assert paused_days(LAST, _may(20), pauses) == days


def test_a_pause_moves_the_due_day_and_is_named():
    where = standing(LAST, START, 7, _may(20), pauses=[(_may(3), _may(15))])
    assert (where.state, where.due_on, where.days) == ("due", _may(20), 7)
    assert where.because == "nothing logged for 19 days, 12 of them paused (usually 7)"


def test_a_pause_before_the_first_conversation_is_named_too():
    where = standing(None, LAST, 7, _may(20), pauses=[(_may(3), _may(15))])
    assert where.because == "nothing logged yet, 19 days since the start, 12 of them paused (usually 7)"


@given(PAUSES, DAYS, st.integers(0, 900), st.integers(1, 365))
def test_a_pause_never_makes_anything_more_urgent(pauses, last, days, every):
    order = ["calm", "due", "overdue", "long_overdue"]
    today = last + dt.timedelta(days=days)
    with_pauses, without = (standing(last, last, every, today, pauses=each) for each in (pauses, ()))
    assert 0 <= with_pauses.days <= without.days
    assert order.index(with_pauses.state) <= order.index(without.state)
    assert with_pauses.due_on >= without.due_on


@pytest.mark.parametrize(
    ("span", "today", "until"),
    [
        (Span.TOMORROW, dt.date(2024, 2, 28), dt.date(2024, 2, 29)),
        (Span.WEEK, dt.date(2024, 12, 28), dt.date(2025, 1, 4)),
        (Span.MONTH, dt.date(2024, 1, 31), dt.date(2024, 2, 29)),
        (Span.MONTH, dt.date(2024, 12, 31), dt.date(2025, 1, 31)),
        (Span.MONTH, dt.date(2024, 5, 12), dt.date(2024, 6, 12)),
    ],
)
def test_a_client_is_set_aside_for_a_span(span, today, until):
    assert set_aside_until(span, None, today) == until


def test_a_day_that_was_picked_counts():
    assert set_aside_until(Span.WEEK, _may(3), LAST) == _may(3)
    assert set_aside_until(Span.DAY, _may(2), LAST) == _may(2)


def test_a_day_has_to_be_picked_ahead_and_within_a_year():
    with pytest.raises(NoDay, match="Pick the day"):
        set_aside_until(Span.DAY, None, LAST)
    with pytest.raises(DayPassed, match="after today"):
        set_aside_until(Span.DAY, LAST, LAST)
    with pytest.raises(TooFar, match="within a year"):
        set_aside_until(Span.DAY, dt.date(2025, 5, 2), LAST)
    assert set_aside_until(Span.DAY, dt.date(2025, 5, 1), LAST) == dt.date(2025, 5, 1)
