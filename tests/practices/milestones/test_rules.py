"""The laws of a date that comes round, and of its reminders."""

import calendar as months
import datetime as dt
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.practices.milestones.rules import (
    LEADS,
    BadDate,
    Calendar,
    LeapDay,
    Occasion,
    Roles,
    Step,
    calendar,
    due_leads,
    is_due_on_the_day,
    responsible,
    said_on,
)

TODAY = dt.date(2026, 5, 12)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2070, 12, 31))
OF_A_YEAR = st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31))
LEAPS = st.sampled_from(LeapDay)
YEARLY = st.builds(
    lambda day, year, leap: Calendar(day.month, day.day, year, leap_day=leap),
    OF_A_YEAR,
    st.none() | st.integers(1900, 2026),
    LEAPS,
)


def weekend(on):
    return on.weekday() >= 5


@given(YEARLY, DAYS)
@example(Calendar(2, 29), dt.date(2027, 2, 28))
@example(Calendar(2, 29, leap_day=LeapDay.AFTER), dt.date(2100, 3, 1))
def test_the_next_time_is_never_past_and_within_a_year(when, today):
    on = when.next_on(today)
    assert today <= on <= max(today, dt.date(when.year or 1, when.month, min(when.day, 28))) + dt.timedelta(days=366)
    assert when.next_on(on) == on


@given(YEARLY, DAYS)
def test_the_day_after_it_moves_on_by_one_year_and_never_back(when, today):
    on = when.next_on(today)
    following = when.next_on(on + dt.timedelta(days=1))
    assert following > on
    assert following.year == on.year + 1


@given(YEARLY, DAYS, st.lists(st.integers(0, 800), max_size=20))
def test_whatever_days_are_skipped_it_never_goes_back(when, today, skipped):
    on = when.next_on(today)
    for days in skipped:
        today += dt.timedelta(days=days)
        later = when.next_on(today)
        assert later >= on
        on = later


@pytest.mark.parametrize(("leap_day", "kept"), [(LeapDay.BEFORE, (2, 28)), (LeapDay.AFTER, (3, 1))])
def test_29_february_in_every_year(leap_day, kept):
    for year in range(1896, 2108):
        on = Calendar(2, 29, leap_day=leap_day).in_year(year)
        assert (on.month, on.day) == ((2, 29) if months.isleap(year) else kept)
        assert on.year == year


def test_28_february_is_the_choice_of_whoever_makes_none():
    assert Calendar(2, 29).in_year(2027) == dt.date(2027, 2, 28)


def test_today_counts():
    assert Calendar(5, 12).next_on(TODAY) == TODAY
    assert Calendar(5, 11).next_on(TODAY) == dt.date(2027, 5, 11)


def test_what_comes_once_is_over_after_its_day():
    launch = Calendar(5, 12, 2026, repeats=False)
    assert [launch.next_on(TODAY + dt.timedelta(days=days)) for days in (-300, 0, 1)] == [TODAY, TODAY, None]


def test_what_begins_in_a_year_to_come_waits_for_it():
    assert Calendar(3, 1, 2028).next_on(TODAY) == dt.date(2028, 3, 1)


@pytest.mark.parametrize(("year", "years"), [(2021, 5), (2025, 1), (2026, None), (None, None)])
def test_years_are_counted_only_from_a_known_year(year, years):
    assert Calendar(5, 12, year).years_on(TODAY) == years


@given(DAYS, st.sampled_from(LEADS), st.sets(st.integers(0, 6), max_size=5), st.sets(DAYS, max_size=3))
def test_a_reminder_is_said_on_a_working_day_and_never_late(on, lead, rest, holidays):
    def is_off(day):
        return day.weekday() in rest or day in holidays

    said = said_on(lead, on, is_off)
    assert said <= on - dt.timedelta(days=lead)
    assert not is_off(said)
    between = (said + dt.timedelta(days=days) for days in range(1, (on - said).days - lead + 1))
    assert all(is_off(day) for day in between)


@given(
    st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)),
    st.sets(st.sampled_from(LEADS), min_size=1),
    st.lists(st.integers(1, 5), min_size=10, max_size=40),
)
def test_each_lead_is_said_once_for_each_time_whatever_mornings_are_missed(on, leads, gaps):
    """Mornings come on some days only; what falls between two of them is said by the later one, if it is in time."""
    last, told = on - dt.timedelta(days=30), []
    for gap in gaps:
        today = last + dt.timedelta(days=gap)
        told += [(lead, today) for lead in due_leads(leads, on, since=last, today=today, is_off=weekend)]
        last = today
    said = [lead for lead, _ in told]
    assert len(said) == len(set(said))
    assert all(said_on(lead, on, weekend) <= today <= on for lead, today in told)
    if last >= on:
        mornings = {on - dt.timedelta(days=30) + dt.timedelta(days=sum(gaps[: n + 1])) for n in range(len(gaps))}
        for lead in leads - set(said):
            assert not any(said_on(lead, on, weekend) <= morning <= on for morning in mornings)


def test_a_saturday_is_said_on_friday():
    saturday = dt.date(2026, 5, 16)
    friday = saturday - dt.timedelta(days=1)
    assert said_on(0, saturday, weekend) == friday
    assert due_leads((14, 2, 0), saturday, since=dt.date(2026, 5, 13), today=friday, is_off=weekend) == (2, 0)


@pytest.mark.parametrize(
    ("leads", "step", "due"),
    [
        ((7,), None, False),
        ((7, 0), None, True),
        ((7,), Step.ON_THE_DAY, True),
        ((7,), Step.MARKING, True),
        ((), Step.PLANNED, True),
        ((7, 0), Step.SKIPPED, False),
    ],
)
def test_the_day_itself_is_said_to_who_asked_or_does_something(leads, step, due):
    assert is_due_on_the_day(leads, step) is due


def keep(picked, occasion=Occasion.OTHER, *, year_counts=True, repeats=True):
    return calendar(picked, occasion, year_counts=year_counts, repeats=repeats, leap_day=LeapDay.BEFORE, today=TODAY)


@pytest.mark.parametrize(
    ("picked", "occasion", "year"),
    [
        (dt.date(1986, 3, 14), Occasion.BIRTHDAY, 1986),
        (dt.date(2027, 3, 14), Occasion.BIRTHDAY, None),
        (dt.date(2021, 5, 21), Occasion.ANNIVERSARY, 2021),
        (dt.date(2026, 5, 21), Occasion.ANNIVERSARY, None),
        (dt.date(2026, 9, 1), Occasion.LAUNCH, 2026),
    ],
)
def test_a_year_that_was_picked_for_its_day_alone_is_not_kept(picked, occasion, year):
    assert keep(picked, occasion) == Calendar(picked.month, picked.day, year)
    assert keep(picked, occasion, year_counts=False).year is None


def test_what_comes_once_without_a_year_comes_next():
    assert keep(dt.date(2020, 5, 11), year_counts=False, repeats=False).year == 2027
    assert keep(TODAY, year_counts=False, repeats=False).year == 2026


@pytest.mark.parametrize("picked", [dt.date(1899, 12, 31), dt.date(2047, 1, 1)])
def test_a_day_beyond_anybodys_planning_is_refused(picked):
    with pytest.raises(BadDate, match="between 1900 and 2046"):
        keep(picked)


def test_once_and_over_is_refused_and_today_is_not():
    with pytest.raises(BadDate, match="has passed"):
        keep(TODAY - dt.timedelta(days=1), repeats=False)
    assert keep(TODAY, repeats=False).next_on(TODAY) == TODAY


OWNER, BACKUP, COVER = (uuid.UUID(int=number) for number in (1, 2, 3))
ALL = {OWNER, BACKUP, COVER}


@pytest.mark.parametrize(
    ("present", "away", "who"),
    [
        (ALL, {}, OWNER),
        (ALL, {OWNER: COVER}, COVER),
        (ALL, {OWNER: None}, BACKUP),
        (ALL, {OWNER: COVER, COVER: None}, BACKUP),
        (ALL - {OWNER}, {}, BACKUP),
        (ALL - {OWNER}, {BACKUP: COVER}, COVER),
        (ALL - {COVER}, {OWNER: COVER}, BACKUP),
        (ALL, {OWNER: None, BACKUP: None}, OWNER),
        ({COVER}, {}, None),
    ],
)
def test_somebody_who_is_there_is_reminded(present, away, who):
    assert responsible(Roles(OWNER, BACKUP), present=present, away=away) == who
