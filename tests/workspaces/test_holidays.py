"""Public holidays and working days, by country and region."""

import datetime as dt

import pytest

from bot.workspaces.holidays import UnknownCountry, code_of, is_holiday, is_working_day, working_day_before
from bot.workspaces.settings import MONDAY_TO_FRIDAY
from bot.workspaces.workdays import first_working_day

CORPUS_CHRISTI = dt.date(2026, 6, 4)
MONDAY_AND_FRIDAY = 0b10001


@pytest.mark.parametrize(
    ("on", "country", "is_one"),
    [
        (dt.date(2026, 12, 25), "DE", True),
        (CORPUS_CHRISTI, "DE", False),
        (CORPUS_CHRISTI, "DE-BY", True),
        (dt.date(2026, 7, 3), "US", True),
        (dt.date(2026, 3, 31), "US-CA", True),
        (dt.date(2026, 3, 31), "US", False),
        (dt.date(2026, 12, 25), None, False),
        (dt.date(2026, 12, 25), "ZZ", False),
    ],
)
def test_holidays_follow_the_country_and_its_region(on, country, is_one):
    assert is_holiday(on, country) is is_one
    assert is_working_day(on, 0b1111111, country) is not is_one


def test_weekends_are_what_the_workspace_says():
    saturday = dt.date(2026, 5, 16)
    assert not is_working_day(saturday, MONDAY_TO_FRIDAY)
    assert is_working_day(saturday, 0b1111111)


@pytest.mark.parametrize(
    ("typed", "code"), [("DE", "DE"), (" de ", "DE"), ("de-by", "DE-BY"), ("US - ca", "US-CA"), ("gb-eng", "GB-ENG")]
)
def test_a_code_is_kept_in_one_spelling(typed, code):
    assert code_of(typed) == code


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("XX", "knows no holidays for “XX”"),
        ("Germany", "two letters"),
        ("DEU", "two letters"),
        ("", "two letters"),
        ("DE-ZZ", "It knows: DE-BB, DE-BE"),
        ("DE-BY-X", "It knows"),
    ],
)
def test_what_no_calendar_is_known_for_says_what_to_write(typed, told):
    with pytest.raises(UnknownCountry, match=told):
        code_of(typed)


def test_working_days_on_both_sides_of_the_longest_rest_find_each_other():
    before, after = dt.date(2026, 3, 30), dt.date(2026, 4, 10)  # with Good Friday and Easter Monday between
    assert working_day_before(after, MONDAY_AND_FRIDAY, "DE") == before
    begins = before + dt.timedelta(days=1)
    assert first_working_day(begins, lambda on: is_working_day(on, MONDAY_AND_FRIDAY, "DE")) == after
