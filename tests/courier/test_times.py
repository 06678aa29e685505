"""The laws of local time: what is due comes on every date that a zone has, once, at the first moment it can."""

import datetime as dt
import zoneinfo
from bisect import bisect_left
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.courier.times import (
    EVERY_DAY,
    at_local,
    day_ends,
    expires_at,
    falls_on,
    has_date,
    is_late,
    local_date,
    mask,
    newest_due,
    newest_occurrence,
    next_occurrence,
)

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
WORKDAYS = mask(range(5))
NINE = dt.time(9)

zones = st.sampled_from(ZONES)
clock_times = st.times(max_value=dt.time(23, 59)).map(lambda time: time.replace(second=0, microsecond=0))


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


instants = st.integers(0, 48 * 365 * 24 * 60).map(lambda minutes: utc(1990, 1, 1) + minutes * MINUTE)


def on_the_wall(instant, tz):
    return instant.astimezone(ZoneInfo(tz)).replace(tzinfo=None)


def changes(tz, first, last):
    """Return the instants at which clocks in a zone change between two, found by looking once a day."""
    zone, found = ZoneInfo(tz), []
    days = [first + DAY * ahead for ahead in range((last - first).days + 1)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    for place, (before, after) in enumerate(pairwise(offsets)):
        if before != after:
            seconds = range(int(DAY.total_seconds()))
            changed = bisect_left(seconds, True, key=lambda second: offset(days[place], second, zone) != before)
            found.append(days[place] + dt.timedelta(seconds=changed))
    return found


def offset(day, second, zone):
    return (day + dt.timedelta(seconds=second)).astimezone(zone).utcoffset()


def unlike_changes(first, last):
    """Return every change of clocks between two instants, with one of the zones that change alike."""
    return {
        (change, on_the_wall(change - MINUTE, tz), on_the_wall(change, tz)): tz
        for tz in ZONES
        for change in changes(tz, first, last)
    }


def is_first(instant, wall, tz):
    """Return whether clocks show a time or a later one at an instant, and did not in the four hours before it."""
    steps = [dt.timedelta(seconds=1), *(MINUTE * 10 * step for step in range(1, 25))]
    return on_the_wall(instant, tz) >= wall and all(on_the_wall(instant - step, tz) < wall for step in steps)


@given(instants, clock_times, zones)
def test_the_next_comes_later_and_nothing_of_another_date_comes_between(after, time, tz):
    due = next_occurrence(after, time, tz)
    assert due > after
    of = local_date(due, time, tz)
    before = newest_occurrence(due - dt.timedelta(seconds=1), time, tz)
    assert before <= after < due
    skipped = [of - DAY * back for back in range(1, 4) if local_date(before, time, tz) < of - DAY * back]
    assert not any(has_date(on, tz) for on in skipped)


@given(instants, clock_times, zones)
def test_it_comes_at_the_first_moment_that_clocks_show_its_time(after, time, tz):
    due = next_occurrence(after, time, tz)
    wall = dt.datetime.combine(local_date(due, time, tz), time)
    assert on_the_wall(due, tz) >= wall > on_the_wall(due - dt.timedelta(seconds=1), tz)


@given(instants, clock_times, zones, st.integers(1, EVERY_DAY))
def test_only_the_chosen_weekdays_count_and_one_always_comes(after, time, tz, weekdays):
    due = next_occurrence(after, time, tz, weekdays)
    assert falls_on(local_date(due, time, tz), weekdays)
    assert newest_occurrence(due, time, tz, weekdays) == due


@given(instants, clock_times, zones, st.integers(1, EVERY_DAY), st.timedeltas(MINUTE, DAY))
def test_what_is_due_lies_within_its_grace_and_its_own_day(now, time, tz, weekdays, grace):
    due = newest_due(now, time, tz, weekdays, grace)
    newest = newest_occurrence(now, time, tz, weekdays)
    assert due in {None, newest}
    assert (due is not None) == (newest <= now < expires_at(newest, time, tz, grace))
    assert newest < expires_at(newest, time, tz, grace) <= newest + grace


@given(instants, clock_times, zones, st.lists(st.timedeltas(-2 * HOUR, 30 * HOUR), min_size=1, max_size=12))
@settings(max_examples=50)
def test_a_clock_that_steps_back_and_leaps_says_nothing_twice_and_never_goes_back(now, time, tz, steps):
    planned, next_due, said = [], next_occurrence(now, time, tz), set()
    for step in steps:
        now += step
        if next_due <= now:
            due = newest_occurrence(now, time, tz)
            if local_date(due, time, tz) not in said:
                planned.append(due)
            said.add(local_date(due, time, tz))
            next_due = next_occurrence(max(next_due, now), time, tz)
    assert planned == sorted(set(planned))
    assert len({local_date(due, time, tz) for due in planned}) == len(planned)


def test_every_zone_around_every_change_of_two_years_misses_no_date_and_doubles_none():
    tried = 0
    for (change, _before, wall), tz in unlike_changes(utc(2025, 1, 1), utc(2027, 1, 1)).items():
        dates = [wall.date() + DAY * near for near in (-2, -1, 0, 1, 2)]
        for time in {NINE, dt.time(0), (wall - HOUR // 2).time(), wall.time(), (wall + HOUR // 2).time()}:
            due, found = at_local(dates[0], time, tz) - MINUTE, []
            while len(found) < len(dates):
                due = next_occurrence(due, time, tz)
                found.append(due)
            assert [local_date(each, time, tz) for each in found] == dates, (tz, change, time)
            assert is_first(found[2], dt.datetime.combine(dates[2], time), tz), (tz, change, time)
            tried += 1
    assert tried > 200


@pytest.mark.parametrize(
    ("tz", "on", "time", "comes"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), dt.time(2, 30), utc(2026, 3, 29, 1)),
        ("Europe/Berlin", dt.date(2026, 10, 25), dt.time(2, 30), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", dt.date(2026, 3, 8), dt.time(2), utc(2026, 3, 8, 7)),
        ("America/Sao_Paulo", dt.date(2018, 11, 4), dt.time(0), utc(2018, 11, 4, 3)),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), dt.time(2, 15), utc(2026, 10, 3, 15, 30)),
        ("America/Nuuk", dt.date(2026, 3, 28), dt.time(23, 30), utc(2026, 3, 29, 1)),
        ("Africa/Casablanca", dt.date(2026, 2, 15), dt.time(2, 30), utc(2026, 2, 15, 1, 30)),
    ],
)
def test_a_gap_gives_the_first_moment_after_it_and_an_overlap_its_first(tz, on, time, comes):
    assert at_local(on, time, tz) == comes
    assert next_occurrence(comes - MINUTE, time, tz) == comes
    assert local_date(comes, time, tz) == on


def test_a_gap_past_midnight_belongs_to_the_day_it_began_on():
    saturday = next_occurrence(utc(2026, 3, 28, 23), dt.time(23, 30), "America/Nuuk")
    sunday = next_occurrence(saturday, dt.time(23, 30), "America/Nuuk")
    assert on_the_wall(saturday, "America/Nuuk").isoformat() == "2026-03-29T00:00:00"
    dates = [local_date(due, dt.time(23, 30), "America/Nuuk") for due in (saturday, sunday)]
    assert dates == [dt.date(2026, 3, 28), dt.date(2026, 3, 29)]


@pytest.mark.parametrize(
    ("tz", "skipped", "before"),
    [("Pacific/Apia", dt.date(2011, 12, 30), NINE), ("Pacific/Kwajalein", dt.date(1993, 8, 21), NINE)],
)
def test_a_date_that_a_zone_skipped_has_nothing_due(tz, skipped, before):
    assert not has_date(skipped, tz)
    last = at_local(skipped - DAY, before, tz)
    assert local_date(next_occurrence(last, before, tz), before, tz) == skipped + DAY
    assert newest_occurrence(at_local(skipped + DAY, before, tz) - MINUTE, before, tz) == last


@pytest.mark.parametrize(
    ("up_at", "said"),
    [
        ("08:59", "not yet"),
        ("09:00", "today"),
        ("11:30", "today, late"),
        ("17:59", "today, late"),
        ("18:00", "expired"),
        ("23:59", "expired"),
    ],
)
def test_a_missed_morning(up_at, said):
    berlin, tuesday = "Europe/Berlin", dt.date(2026, 5, 12)
    now = at_local(tuesday, dt.time.fromisoformat(up_at), berlin)
    due, newest = newest_due(now, NINE, berlin, WORKDAYS), newest_occurrence(now, NINE, berlin, WORKDAYS)
    is_todays = local_date(newest, NINE, berlin) == tuesday
    if due is None:
        assert said == ("expired" if is_todays else "not yet")
    else:
        assert is_todays
        assert said == ("today, late" if is_late(due, now) else "today")


def test_after_a_week_away_only_todays_is_left():
    now = at_local(dt.date(2026, 5, 12), dt.time(9, 10), "Europe/Berlin")
    due = newest_due(now, NINE, "Europe/Berlin", WORKDAYS)
    assert due == at_local(dt.date(2026, 5, 12), NINE, "Europe/Berlin")
    saturday = at_local(dt.date(2026, 5, 16), dt.time(10), "Europe/Berlin")
    assert newest_due(saturday, NINE, "Europe/Berlin", WORKDAYS) is None


def test_what_comes_in_the_evening_is_over_at_midnight():
    due = at_local(dt.date(2026, 5, 12), dt.time(20), "Europe/Berlin")
    assert expires_at(due, dt.time(20), "Europe/Berlin") == day_ends(dt.date(2026, 5, 12), "Europe/Berlin")


def test_no_weekday_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one weekday"):
        next_occurrence(utc(2026, 5, 12), NINE, "Europe/Berlin", 0)


@pytest.mark.parametrize(
    ("time", "first", "theirs"),
    [
        (dt.time(0, 30), utc(2026, 3, 28, 12), [29, 31]),
        (dt.time(2, 30), utc(2026, 10, 24, 12), [25, 25, 26]),
    ],
)
def test_the_schedulers_own_cron_misses_a_monday_and_doubles_a_sunday(time, first, theirs):
    berlin, last = ZoneInfo("Europe/Berlin"), first + DAY * 3
    cron = CronTrigger(hour=time.hour, minute=time.minute, timezone=berlin)
    fired, ours = [cron.get_next_fire_time(None, first)], [next_occurrence(first, time, berlin.key)]
    while (due := cron.get_next_fire_time(fired[-1], fired[-1])) < last:
        fired.append(due)
    while (due := next_occurrence(ours[-1], time, berlin.key)) < last:
        ours.append(due)
    assert [due.astimezone(berlin).day for due in fired][: len(theirs)] == theirs
    first_day = local_date(ours[0], time, berlin.key)
    assert [local_date(due, time, berlin.key) for due in ours] == [first_day + DAY * ahead for ahead in range(3)]
