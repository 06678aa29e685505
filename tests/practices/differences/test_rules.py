"""By when a difference can be settled, and on which one day a team hears that it is overdue."""

import datetime as dt

import pytest

from bot.practices.differences.rules import BadDay, brought_up_on, check_day, when

FRIDAY = dt.date(2026, 5, 15)
DAY = dt.timedelta(days=1)


def works(day):
    return day.weekday() < 5


def test_it_is_brought_up_on_the_first_working_day_after_its_last():
    assert brought_up_on(FRIDAY - DAY, works) == FRIDAY
    assert {brought_up_on(FRIDAY + days * DAY, works) for days in range(3)} == {FRIDAY + 3 * DAY}
    assert brought_up_on(FRIDAY, lambda _: False) == FRIDAY + DAY


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_that_has_passed_or_is_far_away_is_refused(days):
    with pytest.raises(BadDay):
        check_day(FRIDAY + days * DAY, FRIDAY)


def test_today_and_a_year_ahead_are_fine():
    assert [check_day(FRIDAY + days * DAY, FRIDAY) for days in (0, 366)] == [FRIDAY, FRIDAY + 366 * DAY]


def test_late_is_said_in_days():
    assert [when(FRIDAY - days * DAY, FRIDAY) for days in (2, 1, 0, -1, -2)] == [
        "2 days late",
        "1 day late",
        "today",
        "tomorrow",
        "",
    ]
