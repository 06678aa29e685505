import datetime as dt
import zoneinfo
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.checkins.rules import (
    Feeling,
    FutureDay,
    Medium,
    Purpose,
    Setting,
    Signal,
    TooLongAgo,
    Via,
    contact_day,
    infer_purpose,
    may_change,
    may_undo,
    next_medium,
)

NOW = dt.datetime(2024, 5, 14, 12, tzinfo=dt.UTC)
ZONES = st.sampled_from(sorted(zoneinfo.available_timezones()))


def test_five_words_say_how_it_left_them() -> None:
    assert [(int(feeling), feeling.word) for feeling in Feeling] == [
        (1, "cold"),
        (2, "cool"),
        (3, "neutral"),
        (4, "warm"),
        (5, "glowing"),
    ]


@pytest.mark.parametrize("words", [Medium, Setting, Signal, Purpose, Via])
def test_each_value_has_its_own_label_for_people(words: type[Medium | Setting | Signal | Purpose | Via]) -> None:
    labels = [value.label for value in words]
    assert issubclass(words, StrEnum)
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "_" in label or len(label) > 75]


@pytest.mark.parametrize(
    "note",
    [
        *(
            "status call, all on time",
            "Weekly status: nothing new",
            "stand-up",
            "Standup with Omar",
            "sprint review went ok",
        ),
        *("timeline update for the launch", "Project update", "*weekly stand-up*", "our weekly project status meeting"),
        *("Status: green", "weekly: two tickets left", "the monthly status report", "today’s status call", "weekly"),
    ],
)
def test_a_status_meeting_is_about_the_project(note: str) -> None:
    assert infer_purpose(note) is Purpose.PROJECT


@pytest.mark.parametrize(
    "note",
    [
        *("paused when asked about Q3", "after the status call she opened up", "Weekly coffee with Priya", "", "call"),
        *(
            "project worries keep her up",
            "statuses",
            "she asked for a project update",
            "stand up for Priya",
            "weekly joy",
        ),
    ],
)
def test_everything_else_is_about_them(note: str) -> None:
    assert infer_purpose(note) is Purpose.SERVICE


@pytest.mark.parametrize(("seconds", "may"), [(0, True), (600, True), (601, False)])
def test_undo_lasts_ten_minutes(seconds: int, may: bool) -> None:
    assert may_undo(NOW, NOW + dt.timedelta(seconds=seconds)) is may


def test_only_the_author_may_change_a_checkin() -> None:
    assert may_change("ana", "ana")
    assert not may_change("ana", "tom")


@pytest.mark.parametrize(("tz", "day"), [("UTC", 14), ("Pacific/Kiritimati", 15), ("Pacific/Pago_Pago", 14)])
def test_the_contact_day_is_local_to_the_author(tz: str, day: int) -> None:
    assert contact_day(NOW, tz, None) == dt.date(2024, 5, day)


def test_a_day_that_was_said_is_kept() -> None:
    assert contact_day(NOW, "UTC", dt.date(2024, 5, 10)) == dt.date(2024, 5, 10)


def test_a_day_ahead_says_what_to_do() -> None:
    with pytest.raises(FutureDay, match="Pick today or an earlier day"):
        contact_day(NOW, "UTC", dt.date(2024, 5, 15))


def test_tomorrow_here_may_be_today_there() -> None:
    assert contact_day(NOW, "Pacific/Kiritimati", dt.date(2024, 5, 15)) == dt.date(2024, 5, 15)


def test_more_than_ten_years_back_says_what_to_do() -> None:
    assert contact_day(NOW, "UTC", dt.date(2014, 5, 14)) == dt.date(2014, 5, 14)
    with pytest.raises(TooLongAgo, match="Check the year"):
        contact_day(NOW, "UTC", dt.date(2014, 5, 13))


@given(st.integers(0, 4_000_000_000), ZONES)
def test_without_a_day_it_is_always_today_there(seconds: int, tz: str) -> None:
    now = dt.datetime.fromtimestamp(seconds, dt.UTC)
    day = contact_day(now, tz, None)
    assert day == contact_day(now, tz, day)
    assert abs(day - now.date()) <= dt.timedelta(days=1)


C, V, P, N = Medium.CALL, Medium.VIDEO, Medium.IN_PERSON, Medium.NOTE


@pytest.mark.parametrize(
    ("mediums", "suggested"),
    [
        ([], None),
        ([C, C, C], None),
        ([C, C, V, C, C], None),
        ([C, C, None, C, C], None),
        ([None, None, None, None], None),
        ([C, C, C, C], V),
        ([V, P, C, C, C, C], Medium.MESSAGE),
        ([V, P, Medium.MESSAGE, Medium.EMAIL, V, C, C, C, C], P),
        ([N, N, N, N], C),
    ],
)
def test_after_four_of_a_kind_the_least_used_way_is_suggested(
    mediums: list[Medium | None], suggested: Medium | None
) -> None:
    assert next_medium(mediums) is suggested


@given(st.lists(st.sampled_from([None, *Medium])))
def test_a_suggestion_is_never_a_note_nor_the_same_again(mediums: list[Medium | None]) -> None:
    suggested = next_medium(mediums)
    assert suggested is None or suggested not in {Medium.NOTE, mediums[-1]}
