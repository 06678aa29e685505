import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.cadence.rules import Standing, due_on, standing

START = dt.date(2024, 1, 1)
LAST = dt.date(2024, 5, 1)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1))
RHYTHMS = st.integers(1, 365)


def _day(number: int) -> dt.date:
    return dt.date(2024, 5, number)


def test_a_conversation_is_due_a_rhythm_after_the_last_or_after_the_start() -> None:
    assert due_on(LAST, START, 7) == _day(8)
    assert due_on(None, START, 30) == dt.date(2024, 1, 31)


@pytest.mark.parametrize(
    ("today", "state", "because"),
    [
        (1, "calm", "logged today (usually 7)"),
        (2, "calm", "nothing logged for 1 day (usually 7)"),
        (7, "calm", "nothing logged for 6 days (usually 7)"),
        (8, "due", "nothing logged for 7 days (usually 7)"),
        (9, "overdue", "nothing logged for 8 days (usually 7)"),
        (14, "overdue", "nothing logged for 13 days (usually 7)"),
        (15, "long_overdue", "nothing logged for 14 days (usually 7)"),
        (20, "long_overdue", "nothing logged for 19 days (usually 7)"),
    ],
)
def test_a_client_stands_where_its_rhythm_says(today: int, state: str, because: str) -> None:
    days = today - 1
    assert vars_of(standing(LAST, START, 7, _day(today))) == (state, _day(8), days, because)


def vars_of(where: Standing) -> tuple[str, dt.date, int, str]:
    return where.state, where.due_on, where.days, where.because


def test_before_the_first_conversation_the_start_counts() -> None:
    where = standing(None, LAST, 7, _day(9))
    assert (where.state, where.because) == ("overdue", "nothing logged yet, 8 days since the start (usually 7)")


def test_a_relationship_that_starts_later_is_calm() -> None:
    where = standing(None, _day(20), 7, _day(9))
    assert (where.state, where.days) == ("calm", 0)


@given(st.none() | DAYS, DAYS, RHYTHMS, DAYS)
def test_the_state_follows_the_due_day(last: dt.date | None, started: dt.date, every: int, today: dt.date) -> None:
    where = standing(last, started, every, today)
    assert (where.state == "calm") == (today < where.due_on)
    assert (where.state == "due") == (today == where.due_on)
    assert (where.state == "long_overdue") == (today >= where.due_on + dt.timedelta(days=every))
    assert "silence" not in where.because


@given(DAYS, RHYTHMS, st.integers(0, 800))
def test_waiting_never_makes_it_better(last: dt.date, every: int, days: int) -> None:
    order = ["calm", "due", "overdue", "long_overdue"]
    today = last + dt.timedelta(days=days)
    after = standing(last, last, every, today + dt.timedelta(days=1))
    assert order.index(after.state) >= order.index(standing(last, last, every, today).state)
