"""By when a difference can be settled, and how late it is."""

import datetime as dt

import pytest

from bot.practices.differences.rules import BadDay, check_day, when

FRIDAY = dt.date(2026, 5, 15)
DAY = dt.timedelta(days=1)


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
