import datetime as dt
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.promises.clauses import Phrase, find_phrases, is_date_phrase, theirs
from bot.practices.promises.dates import due_date, names_a_day, warm
from bot.practices.promises.recognise import guess, in_line
from bot.practices.promises.rules import Guess
from tests.practices.promises.phrases import NOTHING, PROMISES, TODAY, Promised

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))
SOME_WORDS = st.sampled_from(
    [
        *(
            "we owe her",
            "they will send us",
            "the plan",
            "on",
            "by",
            "before",
            "until",
            "Friday",
            "next",
            "the",
            "end of",
        ),
        *(
            "week",
            "month",
            "14",
            "14th",
            "14.5.",
            "May",
            "may",
            "31",
            "5pm",
            "12:30",
            "Q3",
            "2025",
            ",",
            ".",
            "?",
            "\n",
        ),
        *(
            "48 hours",
            "two",
            "weeks",
            "days",
            "9999",
            "years",
            "from now",
            "0",
            "29",
            "February",
            "and",
            "3/3",
            "’s",
            "-",
        ),
    ]
)
LINES = st.one_of(st.text(max_size=200), st.lists(SOME_WORDS, max_size=14).map(" ".join))


@pytest.fixture(scope="module", autouse=True)
def _warmed_up() -> None:
    warm()  # hypothesis times each example; the first would pay for the import


@pytest.mark.parametrize("line", PROMISES, ids=lambda line: line.text)
def test_a_promise_is_read_with_its_day_and_its_side(line: Promised) -> None:
    assert guess(line.text, TODAY) == Guess(line.what, line.due, line.theirs)


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_read_where_nothing_is_promised(text: str) -> None:
    assert guess(text, TODAY) is None


def test_the_fixture_is_large_and_has_no_line_twice() -> None:
    texts = [*(line.text for line in PROMISES), *NOTHING]
    assert len(texts) == len(set(texts)) >= 60


def test_a_phrase_keeps_the_clause_the_words_and_the_preposition_as_written() -> None:
    assert list(find_phrases("we owe her the plan by Friday")) == [Phrase("we owe her the plan", "Friday", "by")]


def test_every_promise_of_a_note_is_found_in_order() -> None:
    found = find_phrases("we owe her the plan by Friday. They owe us the files before 20 May")
    assert [phrase.when for phrase in found] == ["Friday", "20 May"]


def test_a_date_that_cannot_be_read_does_not_hide_the_next() -> None:
    found = guess("we owe her a list by 31 June, we owe her the plan by Friday", TODAY)
    assert found == Guess("we owe her the plan", dt.date(2024, 5, 17), theirs=False)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("noon", "2024-05-14"),
        ("the morning", "2024-05-15"),
        ("this afternoon", "2024-05-14"),
        ("Friday at 5 p.m.", "2024-05-17"),
        ("the day after tomorrow", "2024-05-16"),
        ("in two weeks", "2024-05-28"),
        ("2 weeks from today", "2024-05-28"),
        ("a fortnight", "2024-05-28"),
        ("a couple of days", "2024-05-16"),
        ("one month", "2024-06-14"),
        ("a year", "2025-05-14"),
        ("3 working days", "2024-05-17"),
        ("5 business days", "2024-05-21"),
        ("this Friday", "2024-05-17"),
        ("next week Thursday", "2024-05-23"),
        ("this week", "2024-05-17"),
        ("next week", "2024-05-24"),
        ("next month", "2024-06-30"),
        ("start of next month", "2024-06-01"),
        ("middle of next week", "2024-05-22"),
        ("mid June", "2024-06-15"),
        ("end of April", "2025-04-30"),
        ("Q1", "2025-03-31"),
        ("Q3 2025", "2025-09-30"),
        ("EOM", "2024-05-31"),
        ("May", "2025-05-01"),
        ("Sept 1", "2024-09-01"),
        ("1st of September", "2024-09-01"),
        ("the 31st", "2024-05-31"),
        ("the 14th of next month", "2024-06-14"),
        ("14. May", "2024-05-14"),
        ("14/5", "2024-05-14"),
        ("5/14", "2024-05-14"),
        ("6/6/25", "2025-06-06"),
        ("New Year", "2025-01-01"),
        ("New Year's Eve", "2024-12-31"),
        ("next weekend", "2024-05-24"),
        ("48 hours", "2024-05-16"),
        ("14 May 2026", "2026-05-14"),
        ("15 May 2026", None),
        ("Q3 2023", None),
        ("29 February 2025", None),
        ("29 February", None),
        ("Monday this week", None),
        ("Friday the 18th", None),
        ("0th", None),
        ("24 hours after", None),
        *(
            (words, None)
            for words in ("we", "may", "march", "the board", "Priya", "3", "12", "2025", "week", "the", "")
        ),
    ],
)
def test_a_phrase_names_a_day_or_none(phrase: str, due: str | None) -> None:
    assert due_date(phrase, TODAY) == (dt.date.fromisoformat(due) if due else None)


def test_the_week_that_ends_on_friday_is_the_next_one_at_the_weekend() -> None:
    saturday = dt.date(2024, 5, 18)
    assert due_date("end of the week", saturday) == dt.date(2024, 5, 24)


def test_the_31st_skips_a_month_that_has_none() -> None:
    assert due_date("the 31st", dt.date(2024, 6, 1)) == dt.date(2024, 7, 31)


def test_a_leap_day_is_found_when_it_is_near() -> None:
    assert due_date("29 Feb", dt.date(2027, 3, 1)) == dt.date(2028, 2, 29)


def test_what_is_due_before_a_day_is_due_the_day_before_and_never_before_today() -> None:
    friday = dt.date(2024, 5, 17)
    assert [guess("call her before Friday", day) for day in (TODAY, friday)] == [
        Guess("call her", dt.date(2024, 5, 16), theirs=False),
        Guess("call her", friday, theirs=False),
    ]


@pytest.mark.parametrize(
    ("phrase", "a_day"), [("Friday", True), ("June", True), ("end of the week", False), ("Friday noon", False)]
)
def test_an_hour_or_an_end_is_not_a_whole_day(phrase: str, a_day: bool) -> None:
    assert names_a_day(phrase) is a_day


@pytest.mark.parametrize(
    ("what", "is_theirs"),
    [
        ("they owe us the files", True),
        ("Priya owes us an answer", True),
        ("Priya to send the files back to us", True),
        ("she was promised the plan", False),
        ("she'll need the plan", False),
        ("Ana will send the plan", False),
        ("we'll remind them to send us the files", False),
    ],
)
def test_whose_promise_it_is(what: str, is_theirs: bool) -> None:
    assert theirs(what) is is_theirs


@given(LINES, DAYS)
def test_any_text_gives_nothing_or_a_day_from_today_on(text: str, today: dt.date) -> None:
    found = guess(text, today)
    assert found is None or (found.due >= today and found.what)


@given(LINES, DAYS)
def test_any_phrase_gives_nothing_or_a_day_within_two_years(phrase: str, today: dt.date) -> None:
    due = due_date(phrase, today)
    assert due is None or (today <= due <= today + dt.timedelta(days=731) and is_date_phrase(phrase.strip()))


@given(LINES)
def test_a_text_without_a_preposition_promises_nothing(text: str) -> None:
    assert list(find_phrases(re.sub(r"\b(?:by|before|on|until)\b", "", text, flags=re.IGNORECASE))) == []


@given(LINES)
def test_the_parts_of_a_phrase_stand_in_the_text(text: str) -> None:
    for phrase in find_phrases(text):
        assert phrase.what in text
        assert phrase.when in text
        assert is_date_phrase(phrase.when)


@pytest.mark.parametrize("part", ["by ", "by Friday ", "the end of ", ", and we ", "on 14. ", " ", "'s ", "*"])
def test_a_long_note_is_read_quickly(part: str) -> None:
    began = time.perf_counter()
    guess(part * (20_000 // len(part)), TODAY)
    assert time.perf_counter() - began < 3


def test_a_rare_phrase_is_read_quickly_once_warm() -> None:
    began = time.perf_counter()
    assert due_date("48 hours", TODAY) == dt.date(2024, 5, 16)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("the plan, the list and the invoice by Friday", "the plan, the list and the invoice"),
        ("two things: the plan. The list by Friday.", "two things: the plan. The list"),
        ("the plan\nthe list, by Friday at the latest, and the invoice", "the plan the list, and the invoice"),
        (
            "send the plan (by Friday), then we send the list by Monday",
            "send the plan, then we send the list by Monday",
        ),
        ("the plan *by Friday*: a draft", "the plan: a draft"),
    ],
)
def test_a_line_that_is_a_promise_keeps_all_its_words_but_the_day(line: str, what: str) -> None:
    assert in_line(line, TODAY) == Guess(what, dt.date(2024, 5, 17), theirs=False)


@given(LINES)
def test_no_word_of_a_line_is_lost(line: str) -> None:
    found = in_line(line, TODAY)
    rests = [line[: phrase.span[0]] + " " + line[phrase.span[1] :] for phrase in find_phrases(line)]
    assert found is None or re.findall(r"[^\W_]+", found.what) in [re.findall(r"[^\W_]+", rest) for rest in rests]
