import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.fading.rules import (
    HIGHEST,
    PER_MORNING,
    Answer,
    Candidate,
    Ending,
    Standing,
    ending,
    has_spoken,
    learned,
    openings,
    ranked,
)
from bot.practices.spark.rules import LOWEST, OPENS, Reading

TODAY = dt.date(2026, 5, 12)
DAY = dt.timedelta(days=1)


def said(p_fade=0.7, *, quiet_days=19, contact_days=18, cadence=7):
    return Reading(
        p_fade=p_fade,
        p_slow=0.5,
        typical=7.0,
        cadence=cadence,
        share=0.1,
        quiet_days=quiet_days,
        paused=0,
        pace=0.5,
        contact_days=contact_days,
        history=120,
    )


def candidate(number=1, *, opened_on=None, weight=1.0, reading=None):
    return Candidate(uuid.UUID(int=number), reading or said(), opened_on=opened_on, weight=weight)


def numbers(found):
    return [one.client_id.int for one in found]


# --- opening ---------------------------------------------------------------------------------------------------------


def test_three_open_on_a_morning_the_likeliest_first():
    five = [candidate(number, reading=said(0.6 + number / 100)) for number in range(1, 6)]
    assert numbers(openings(five, TODAY, OPENS)) == [5, 4, 3]
    assert numbers(ranked(five, OPENS)) == [5, 4, 3, 2, 1]
    assert numbers(openings(five, TODAY, OPENS, cap=0)) == []


def test_a_client_that_counts_more_comes_first():
    some = [candidate(1, reading=said(0.9)), candidate(2, reading=said(0.7), weight=1.5)]
    assert numbers(openings(some, TODAY, OPENS)) == [2, 1]


def test_among_equals_the_longest_quiet_comes_first():
    some = [candidate(1), candidate(3, reading=said(quiet_days=30)), candidate(2, reading=said(quiet_days=30))]
    assert numbers(openings(some, TODAY, OPENS)) == [2, 3, 1]


@pytest.mark.parametrize(("p_fade", "fade_at", "opens"), [(0.59, 0.59, True), (0.59, 0.6, False), (0.52, 0.5, True)])
def test_an_alert_opens_where_the_workspace_has_it_open(p_fade, fade_at, opens):
    assert bool(openings([candidate(reading=said(p_fade))], TODAY, fade_at)) is opens


@pytest.mark.parametrize(("ago", "opens"), [(1, False), (27, False), (28, True), (400, True)])
def test_a_client_has_28_days_of_peace_after_an_alert(ago, opens):
    assert bool(openings([candidate(opened_on=TODAY - ago * DAY)], TODAY, OPENS)) is opens


@pytest.mark.parametrize(("quiet_days", "opens"), [(14, False), (15, True)])
def test_while_learning_only_more_than_two_rhythms_open_an_alert(quiet_days, opens):
    reading = said(0.99 if not opens else 0.01, quiet_days=quiet_days, contact_days=3)
    assert bool(openings([candidate(reading=reading)], TODAY, OPENS)) is opens


def test_nobody_is_called_fading_on_the_day_of_a_conversation():
    assert not openings([candidate(reading=said(0.8, quiet_days=0))], TODAY, OPENS)


# --- closing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "over"),
    [
        (Standing(said()), None),
        (Standing(said(), has_spoken=True), Ending.LOGGED),
        (Standing(said(), has_spoken=True, is_bare=True), Ending.SPOKEN),
        (Standing(said(), has_spoken=True, is_active=False, is_aside=True), Ending.LOGGED),
        (Standing(said(), is_active=False, is_aside=True), Ending.PAUSED),
        (Standing(said(), is_aside=True), Ending.NOT_NOW),
        (Standing(said(0.52)), Ending.RECOVERED),
        (Standing(said(0.54)), None),
        (Standing(said(0.1, quiet_days=15, contact_days=3)), None),
        (Standing(said(0.9, quiet_days=9, contact_days=3)), Ending.RECOVERED),
    ],
)
def test_why_an_alert_is_over(standing, over):
    assert ending(standing, OPENS) is over


@given(st.floats(LOWEST, HIGHEST), st.floats(0, 1))
def test_an_alert_never_flickers(fade_at, p_fade):
    opens = bool(openings([candidate(reading=said(p_fade))], TODAY, fade_at))
    assert not (opens and ending(Standing(said(p_fade)), fade_at))


def test_only_a_newer_contact_day_than_was_known_ends_an_alert():
    assert has_spoken(TODAY, None)
    assert has_spoken(TODAY, TODAY - DAY)
    assert not has_spoken(TODAY, TODAY)
    assert not has_spoken(TODAY - DAY, TODAY)
    assert not has_spoken(None, None)


# --- learning --------------------------------------------------------------------------------------------------------

answers = st.lists(st.sampled_from(Answer), max_size=80)


@given(answers)
def test_a_workspace_learns_within_bounds(given_answers):
    assert LOWEST <= learned(OPENS, given_answers) <= HIGHEST


def test_not_now_has_alerts_open_later_and_taking_one_on_sooner():
    assert learned(OPENS, [Answer.TAKEN]) < OPENS < learned(OPENS, [Answer.NOT_NOW])
    assert learned(OPENS, [Answer.NOT_NOW] * 15) < HIGHEST == learned(OPENS, [Answer.NOT_NOW] * 17)
    assert learned(OPENS, [Answer.TAKEN] * 19) == LOWEST


def test_it_rests_where_two_of_three_alerts_are_taken_on():
    assert learned(OPENS, [Answer.TAKEN, Answer.TAKEN, Answer.NOT_NOW] * 30) == pytest.approx(OPENS)


def test_no_answer_says_that_somebody_spoke_with_the_client():
    assert set(Answer) == {Answer.TAKEN, Answer.NOT_NOW}
    assert PER_MORNING == 3
