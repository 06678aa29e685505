"""Whose meeting one is, before whom they speak, when a calendar is read again."""

import datetime as dt
import random
import uuid

import pytest

from bot.practices.meetings import parsing
from bot.practices.meetings.rules import (
    LONGEST_REST,
    SERIES,
    Before,
    Book,
    Event,
    Known,
    Match,
    Why,
    before,
    is_believed,
    is_worth_telling,
    match,
    next_read,
    novelty,
    reads_whole,
)

NORTHWIND, HALDEN, ORCHARD = (uuid.UUID(int=number) for number in (1, 2, 3))
PRIYA, OMAR, LENA, MAX = (uuid.UUID(int=number) for number in (11, 12, 13, 14))
NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
KNOWN = (
    Known(PRIYA, NORTHWIND, "priya shah", "priya@northwind.example", OMAR),
    Known(OMAR, NORTHWIND, "omar", "omar@northwind.example"),
    Known(LENA, HALDEN, "lena", "lena@halden.example"),
    Known(MAX, HALDEN, "max mustermann"),
)
NAMES = {"northwind": NORTHWIND, "nw": NORTHWIND, "halden": HALDEN, "orchard": ORCHARD, "orchard halden": ORCHARD}


def meets(title, *mails):
    return match(Event("key", title, NOW, NOW, frozenset(mails)), Book(KNOWN, NAMES))


def test_a_meeting_is_with_the_client_whose_people_attend():
    assert meets("Weekly", "priya@northwind.example", "ana@ours.example") == Match(
        NORTHWIND, frozenset({PRIYA}), Before.ONE_TO_ONE
    )


def test_of_several_clients_it_is_the_one_with_most_people_there():
    theirs = ("lena@halden.example", "priya@northwind.example", "omar@northwind.example")
    assert meets("Halden", *theirs).client_id == NORTHWIND
    assert meets("Halden", *theirs[:2]).client_id == HALDEN


@pytest.mark.parametrize(
    ("title", "client_id"),
    [
        ("Northwind: plan", NORTHWIND),
        ("weekly NW sync", NORTHWIND),
        ("Orchard/Halden", ORCHARD),
        ("Nörthwind", NORTHWIND),
        ("Call with Max Mustermann", HALDEN),
    ],
)
def test_else_the_title_says_so_by_an_exact_name(title, client_id):
    assert meets(title).client_id == client_id


@pytest.mark.parametrize("title", ["", "Northwinds", "Lena", "Max", "lunch", "priya"])
def test_a_part_of_a_name_a_first_name_and_nothing_at_all_say_nothing(title):
    assert meets(title) is None


@pytest.mark.parametrize(
    ("mails", "counts"),
    [
        ((), True),
        (("priya@northwind.example", "ana@ours.example"), True),
        (("sam@northwind.example", "ana@ours.example"), True),
        (("ana@ours.example", "tom@ours.example"), False),
        (("ana@ours.example",), False),
        (("ana@ours.example", "c_1@resource.calendar.google.com"), False),
        (("team@group.calendar.google.com",), True),
    ],
)
def test_named_in_the_title_alone_it_counts_unless_only_ours_attend(mails, counts):
    found = meets("Northwind prep", *mails)
    assert (found.client_id, found.counts) == (NORTHWIND, counts)


def test_two_clients_with_names_as_long_leave_it_open():
    assert match(Event("key", "Ab and Cd", NOW, NOW), Book((), {"ab": NORTHWIND, "cd": HALDEN})) is None


def test_before_a_boss_who_is_there_it_is_in_front_of_them():
    priya, omar, lena, _ = KNOWN
    assert before([priya, omar]) is Before.IN_FRONT_OF_BOSS
    assert before([priya]) is Before.ONE_TO_ONE
    assert before([omar, lena]) is Before.WITH_TEAM
    assert before([]) is None


def test_a_calendar_that_fails_is_read_later_and_later_but_twice_a_day():
    chance = random.Random(1)
    waits = [next_read(NOW, failures, chance) - NOW for failures in (0, 1, 3, 50)]
    assert dt.timedelta(minutes=27) <= waits[0] <= dt.timedelta(minutes=33)
    assert waits[0] < waits[1] < waits[2] < waits[3] <= LONGEST_REST * 1.1
    assert len({next_read(NOW, 0, chance) for _ in range(9)}) == 9


def test_somebody_is_told_of_what_lasts_at_once_and_of_the_rest_the_third_time():
    assert is_worth_telling(Why.GONE, 1)
    assert [is_worth_telling(Why.TOO_SLOW, failures) for failures in (1, 2, 3)] == [False, False, True]


def test_a_calendar_that_cannot_be_read_is_believed_for_a_day():
    assert is_believed(None, NOW)
    assert is_believed(NOW - dt.timedelta(hours=24), NOW)
    assert not is_believed(NOW - dt.timedelta(hours=25), NOW)


def test_a_calendar_is_read_whole_twice_a_day_however_still_it_is():
    assert reads_whole(None, NOW)
    assert not reads_whole(NOW - dt.timedelta(hours=11), NOW)
    assert reads_whole(NOW - dt.timedelta(hours=12), NOW)


def test_something_new_is_what_the_last_brief_did_not_say():
    assert novelty(["a", "b"], ["a"])
    assert not novelty(["a"], ["a", "b"])
    assert not novelty([], [])


def test_a_series_is_the_half_of_a_key_that_the_process_made_of_its_uid():
    assert parsing.HALF == SERIES
