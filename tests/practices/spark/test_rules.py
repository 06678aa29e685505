import datetime as dt
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.cadence.rules import standing
from bot.practices.spark.clock import date_of, is_paused, paused_days, running_day
from bot.practices.spark.course import course, due_on, fade_on, rebuild
from bot.practices.spark.rules import (
    EDGES,
    EMPTY,
    ENOUGH_FOR_A_SHARE,
    LOWEST,
    OPENS,
    Band,
    reading,
    touch,
    typical_gap,
    warmth,
)

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
START = dt.date(2025, 1, 6)
WEEKLY = [START + dt.timedelta(days=7 * week) for week in range(18)]
SHARE = re.compile(r" \(a gap that long happens \S+% of the time\)")
CLOSE = 1e-9


def on(day):
    return START + dt.timedelta(days=day)


def read(days, today, *, ratings=None, cadence=7, pauses=(), started_on=START):
    """Return what a client's contact days until a date say on it."""
    known = [day for day in days if day <= today]
    rated = {day: rating for day, rating in (ratings or {}).items() if day <= today}
    state = rebuild(known, rated, pauses)
    return reading(state, cadence, running_day(today, pauses), start=running_day(started_on, pauses))


@st.composite
def pauses(draw, *, open_ended=True):
    """Pauses that do not overlap, the last one with an end or without."""
    edges = sorted(draw(st.sets(st.integers(0, 700), max_size=6)))
    closed = [(on(first), on(last)) for first, last in zip(edges[::2], edges[1::2], strict=False)]
    return [*closed, (on(edges[-1]), None)] if len(edges) % 2 and open_ended else closed


offsets = st.sets(st.integers(0, 700), min_size=1, max_size=60)
dates = offsets.map(lambda days: sorted(map(on, days)))
rated_dates = st.dictionaries(st.integers(0, 700).map(on), st.none() | st.floats(1, 5), min_size=1, max_size=60)
cadences = st.integers(1, 365)


def split(rated):
    return list(rated), {day: rating for day, rating in rated.items() if rating is not None}


# --- cases worked out by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_the_golden_cases(case):
    said = read(map(on, case["days"]), on(case["now"]), cadence=case["cadence"])

    assert said.p_fade == pytest.approx(case["p_fade"], abs=1e-4)
    assert said.level == pytest.approx(case["spark"], abs=1e-4)
    assert said.p_slow == pytest.approx(case["p_slow"], abs=1e-4)
    assert said.share == pytest.approx(case["q"], abs=1e-4)
    assert said.typical == case["typical"]
    few = len(case["days"]) < ENOUGH_FOR_A_SHARE
    assert said.sentence() == (SHARE.sub("", case["text"]) if few else case["text"])


@pytest.mark.parametrize(
    ("silent", "level", "band"),
    [(13, 0.621, Band.BRIGHT), (14, 0.608, Band.DIMMING), (32, 0.416, Band.DIMMING), (33, 0.408, Band.FADING)],
)
def test_a_spark_is_bright_then_dims_then_fades(silent, level, band):
    said = read(WEEKLY, WEEKLY[-1] + dt.timedelta(days=silent))
    assert (round(said.level, 3), said.band) == (level, band)
    assert said.is_too_quiet_at() is (band is Band.FADING)


@pytest.mark.parametrize(
    ("days", "today", "band"),
    [
        ([], 90, Band.LEARNING),
        ([0, 20, 40], 60, Band.LEARNING),
        ([0, 2, 4, 6, 8, 10], 27, Band.LEARNING),
        ([0, 2, 4, 6, 8, 10], 28, Band.FADING),
        ([0, 10, 20, 30], 31, Band.BRIGHT),
    ],
)
def test_ember_is_still_learning_before_four_contact_days_and_four_weeks(days, today, band):
    assert read(map(on, days), on(today)).band is band


def test_while_learning_only_more_than_two_rhythms_are_too_long():
    assert [read([START], on(day)).is_too_quiet_at() for day in (14, 15)] == [False, True]
    assert [read([], on(day)).is_too_quiet_at() for day in (14, 15)] == [False, True]


@pytest.mark.parametrize(
    ("days", "today", "reason"),
    [
        (
            range(0, 120, 7),
            138,
            "nothing logged for 19 days; usually every 7 (a gap that long happens 11% of the time)",
        ),
        (range(0, 120, 7), 119, "logged today; usually every 7"),
        (range(0, 120, 7), 120, "nothing logged for 1 day; usually every 7 (a gap that long happens 96% of the time)"),
        (range(40), 48, "nothing logged for 9 days; usually every day (a gap that long happens 2% of the time)"),
        (
            range(400),
            700,
            "nothing logged for 301 days; usually every day (a gap that long happens under 1% of the time)",
        ),
        ([0, 7, 14], 33, "nothing logged for 19 days; usually every 7"),
        ([0], 19, "nothing logged for 19 days; planned every 7"),
        ([], 19, "nothing logged yet, 19 days since the start; planned every 7"),
        ([], 1, "nothing logged yet, 1 day since the start; planned every 7"),
        ([], 0, "nothing logged yet; planned every 7"),
    ],
)
def test_the_reason_is_a_short_sentence(days, today, reason):
    assert read(map(on, days), on(today)).reason() == reason


def test_a_daily_rhythm_is_planned_every_day():
    assert read([], on(3), cadence=1).reason() == "nothing logged yet, 3 days since the start; planned every day"


def test_the_sentence_of_a_client_without_a_contact_names_no_pace():
    assert read([], on(3)).sentence() == "nothing logged yet, 3 days since the start; planned every 7"
    assert read(WEEKLY, WEEKLY[-1]).sentence() == (
        "usually every 7 days, logged today; last 6 weeks' pace is 105% of the usual"
    )


def test_a_sentence_says_that_a_pause_does_not_count():
    state = rebuild(WEEKLY, {}, ())
    said = reading(state, 7, state.last + 9, start=state.first, paused=30)
    assert said.reason().startswith("nothing logged for 9 days, not counting the pause; usually every 7")


def test_a_day_before_the_last_one_needs_the_state_to_be_rebuilt():
    with pytest.raises(ValueError, match="earlier day"):
        touch(touch(EMPTY, 10), 9)


def test_what_is_typical_lies_inside_the_days_of_a_bin():
    assert typical_gap(EMPTY.gaps, 7) == 7
    assert typical_gap(EMPTY.gaps, 14) == 15
    assert typical_gap((*EMPTY.gaps[:-1], 9), 7) == 365


def test_a_gap_of_more_than_a_year_is_counted_as_one_of_a_year():
    assert touch(touch(EMPTY, 1), 5000).gaps[-1] == 1
    shares = [read([START, on(600)], on(600 + gap)).share for gap in (364, 365, 366, 2000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[1] - shares[2] > 1 / 17


# --- ratings ---------------------------------------------------------------------------------------------------------


def test_warmth_says_how_it_was_left_and_where_it_is_going():
    assert warmth(None, None) is None
    assert warmth(4, 4) == 0
    assert warmth(5, 5) == -0.25
    assert warmth(4.5, 3) == 1
    assert warmth(1, 1) == 0.75


def test_cooling_conversations_dim_a_spark_and_glowing_ones_brighten_it():
    def level(*last):
        ratings = {**dict.fromkeys(WEEKLY, 4.0), **dict(zip(WEEKLY[-3:], last, strict=True))}
        return read(WEEKLY, on(123), ratings=ratings).level

    assert level(3, 2, 2) < level(4, 4, 4) == read(WEEKLY, on(123)).level < level(5, 5, 5)


# --- laws ------------------------------------------------------------------------------------------------------------


@given(rated_dates, cadences, pauses(), st.integers(0, 400))
def test_a_spark_never_rises_while_nothing_is_logged(rated, cadence, stood, further):
    days, ratings = split(rated)
    last = max(days)
    levels = [
        read(days, last + dt.timedelta(days=day), ratings=ratings, cadence=cadence, pauses=stood).level
        for day in (further, further + 1, further + 2, further + 50)
    ]
    assert all(later <= earlier + CLOSE for earlier, later in pairwise(levels))


@given(rated_dates, cadences, pauses(), st.integers(0, 800))
def test_the_past_does_not_change_when_the_future_arrives(rated, cadence, stood, morning):
    days, ratings = split(rated)
    today = on(morning)
    known = [pause for pause in stood if pause[0] < today]
    then = read(
        [day for day in days if day <= today],
        today,
        ratings={day: rating for day, rating in ratings.items() if day <= today},
        cadence=cadence,
        pauses=[(since, None if until is None or until > today else until) for since, until in known],
    )
    assert then == read(days, today, ratings=ratings, cadence=cadence, pauses=stood)


@given(rated_dates, pauses(), st.randoms())
def test_neither_the_order_of_arrival_nor_a_day_said_twice_matters(rated, stood, random):
    days, ratings = split(rated)
    again = [*days, *days[:3]]
    random.shuffle(again)
    rerated = dict(random.sample(list(ratings.items()), len(ratings)))
    assert rebuild(again, rerated, stood) == rebuild(sorted(days), ratings, stood)


@given(dates, pauses())
def test_a_touch_on_the_last_day_changes_nothing(days, stood):
    state = rebuild(days, {}, stood)
    assert touch(state, state.last, 1.0) is state


@given(dates, cadences, st.integers(0, 800))
def test_every_number_stays_in_its_range(days, cadence, silent):
    said = read(days, days[-1] + dt.timedelta(days=silent), cadence=cadence)
    assert 0 < said.level < 1
    assert 0.001 <= said.p_slow <= 0.999
    assert 0 < said.share <= 1
    assert 1 <= said.typical <= EDGES[-1]
    assert said.pace > 0
    assert said.sentence()
    assert said.reason()


# --- the client's own clock ------------------------------------------------------------------------------------------


@given(st.integers(0, 800), pauses())
def test_a_clock_counts_the_days_before_a_date_that_are_not_paused(day, stood):
    counted = sum(not is_paused(on(before), stood) for before in range(day))
    assert running_day(on(day), stood) - running_day(START, stood) == counted
    assert paused_days(START, on(day), stood) == day - counted


@given(dates, cadences, st.integers(0, 60), st.integers(1, 300))
def test_while_a_client_is_paused_its_spark_stands_still_and_goes_on_after(days, cadence, silent, length):
    since = days[-1] + dt.timedelta(days=silent)
    until = since + dt.timedelta(days=length)
    stood = [(since, until)]
    before = read(days, since, cadence=cadence)
    assert read(days, since, cadence=cadence, pauses=stood) == before
    assert read(days, since + dt.timedelta(days=length // 2), cadence=cadence, pauses=stood) == before
    assert read(days, until, cadence=cadence, pauses=stood) == before
    after = dt.timedelta(days=5)
    assert read(days, until + after, cadence=cadence, pauses=stood) == read(days, since + after, cadence=cadence)


def test_the_days_of_one_pause_are_one_contact_day():
    stood = [(on(10), on(40))]
    assert rebuild([on(0), on(10), on(15), on(30), on(40), on(41)], {}, stood).count == 3


def test_a_day_on_a_clock_has_a_date_unless_it_is_never_reached():
    day = START.toordinal()
    assert date_of(day, [(on(3), on(9))]) == START
    assert date_of(day + 2, [(on(3), on(9))]) == on(2)
    assert date_of(day + 3, [(on(3), on(9))]) == on(9)
    assert date_of(day + 4, [(on(3), on(9))]) == on(10)
    assert date_of(day + 4, [(on(20), on(30)), (on(3), on(9)), (on(10), None)]) is None
    assert date_of(dt.date.max.toordinal() + 1, []) is None


# --- the day a spark will have faded ---------------------------------------------------------------------------------


@given(dates, cadences, pauses(open_ended=False), st.sampled_from((LOWEST, OPENS)))
def test_the_day_of_fading_is_the_first_on_which_an_alert_would_open(days, cadence, stood, at):
    expected = fade_on(rebuild(days, {}, stood), cadence, START, stood, at=at)
    morning = days[-1]
    while is_paused(morning, stood) or not read(days, morning, cadence=cadence, pauses=stood).is_too_quiet_at(at):
        morning += dt.timedelta(days=1)
        if expected is None and (morning - days[-1]).days > 3653:
            return
    assert expected == morning


@given(rated_dates, cadences)
def test_ratings_move_the_day_of_fading_as_they_move_the_spark(rated, cadence):
    days, ratings = split(rated)
    expected = fade_on(rebuild(days, ratings, ()), cadence, START, (), at=OPENS)
    assert expected is not None
    assert read(days, expected, ratings=ratings, cadence=cadence).is_too_quiet_at()
    day_before = expected - dt.timedelta(days=1)
    assert day_before < max(days) or not read(days, day_before, ratings=ratings, cadence=cadence).is_too_quiet_at()


def test_a_client_that_is_still_learned_fades_after_two_rhythms():
    assert fade_on(EMPTY, 14, START, ()) == on(29)
    assert fade_on(rebuild([on(5)], {}, ()), 14, START, ()) == on(34)


def test_a_pause_without_an_end_and_an_ended_relationship_never_fade():
    state = rebuild(WEEKLY, {}, ())
    faded = fade_on(state, 7, START, (), at=OPENS)
    assert faded == dt.date(2025, 6, 7)
    assert fade_on(state, 7, START, ()) == dt.date(2025, 5, 29)
    assert fade_on(state, 7, START, [(dt.date(2025, 5, 10), None)]) is None
    assert fade_on(state, 7, START, [(dt.date(2025, 7, 1), None)]) is None
    assert fade_on(state, 7, START, (), running=False) is None
    assert fade_on(state, 7, START, [(dt.date(2025, 5, 10), dt.date(2025, 5, 20))]) == dt.date(2025, 6, 8)


def test_a_conversation_is_due_a_rhythm_after_the_last_one_or_after_the_start():
    state = rebuild(WEEKLY, {}, ())
    assert due_on(EMPTY, 14, START, ()) == on(14)
    assert due_on(state, 7, START, ()) == WEEKLY[-1] + dt.timedelta(days=7)
    assert due_on(state, 7, START, (), running=False) is None
    assert due_on(state, 7, START, [(WEEKLY[-1], None)]) is None
    assert due_on(state, 7, START, [(on(300), None)]) is None
    paused = [(WEEKLY[-1] + dt.timedelta(days=2), WEEKLY[-1] + dt.timedelta(days=12))]
    assert due_on(state, 7, START, paused) == WEEKLY[-1] + dt.timedelta(days=17)


@given(dates, cadences, pauses(open_ended=False))
def test_a_conversation_is_due_when_the_rhythm_says_so(days, cadence, stood):
    due = due_on(rebuild(days, {}, stood), cadence, START, stood)
    assert due is not None
    assert not is_paused(due, stood)
    on_the_day = standing(days[-1], START, cadence, due, pauses=stood)
    day_before = standing(days[-1], START, cadence, due - dt.timedelta(days=1), pauses=stood)
    assert on_the_day.state != "calm"
    assert day_before.state == "calm" or is_paused(due - dt.timedelta(days=1), stood)


def test_what_would_take_ten_years_is_not_expected():
    days = [on(day) for day in (0, 1, 2, *range(100, 8000, 700))]
    cooled = dict(zip(days, [1.0] * 8, strict=False))
    assert fade_on(rebuild(days, cooled, ()), 365, START, ()) is not None
    assert fade_on(rebuild(days, cooled | dict.fromkeys(days[8:], 5.0), ()), 365, START, ()) is None


# --- its course ------------------------------------------------------------------------------------------------------


def test_the_course_has_twenty_points_over_the_last_year_at_most():
    days = [START + dt.timedelta(days=7 * week) for week in range(90)]
    today = days[-1] + dt.timedelta(days=3)
    points = course(days, {}, 7, (), today)
    assert len(points) == 20
    assert (points[0][0], points[-1][0]) == (today - dt.timedelta(days=365), today)
    assert points[-1][1] == read(days, today).level
    assert all(level is not None for _, level in points)


def test_the_course_begins_with_the_first_conversation_and_says_nothing_while_learning():
    points = course(WEEKLY, {}, 7, (), on(60))
    assert points[0] == (START, None)
    assert [on_day for on_day, level in points if level is None][-1] < on(28)
    assert all(level is not None for on_day, level in points if on_day >= on(28))
    assert course([], {}, 7, (), on(60)) == course([on(60)], {}, 7, (), on(60)) == []
    assert [day for day, _ in course([on(0)], {}, 7, (), on(3))] == [on(0), on(1), on(2), on(3)]


@given(rated_dates, cadences, pauses(), st.integers(1, 800))
def test_each_point_of_the_course_is_what_was_read_on_that_day(rated, cadence, stood, morning):
    days, ratings = split(rated)
    for day, level in course(days, ratings, cadence, stood, on(morning), points=5):
        said = read(days, day, ratings=ratings, cadence=cadence, pauses=stood)
        assert level == (None if said.is_learning else said.level)
