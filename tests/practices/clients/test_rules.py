import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.clients.rules import (
    LONGEST_FOLDED,
    RESERVED,
    BadName,
    BadRhythm,
    Stage,
    Status,
    check_name,
    fold,
    paused,
    resumed,
    rhythm,
    split_name,
    words,
)

KNOWN = {fold(name): name for name in ("Northwind", "Northwind Nordic", "Müller & Søn", "Yahoo!", "4 Seasons", "東京")}


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Northwind", "northwind"),
        ("  Müller\t&  Søn ", "muller son"),
        ("MU\u0308LLER", "muller"),
        ("Straße", "strasse"),
        ("O'Neil-Café, Ltd.", "o neil cafe ltd"),
        ("ACME™ №4", "acmetm no4"),
        ("İzmir ılık", "izmir ilik"),
        ("Ёлка Άλφα", "елка αλφα"),
        ("東京ガス", "東京ガス"),
        ("한국", "한국"),
        ("हिन्दी", "हिन्दी"),
        ("a\u200bb\u202ec", "abc"),
        ("🔥❤️", ""),
        ("", ""),
    ],
)
def test_a_name_is_compared_without_accents_case_and_punctuation(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text())
def test_spaces_and_case_around_a_name_do_not_matter(name: str) -> None:
    assert fold(f"  {name} \n") == fold(name) == " ".join(fold(name).split())


def test_a_name_is_found_by_each_of_its_words_once() -> None:
    assert words("Duran & Duran Müller") == ("duran", "muller")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("northwind 4 called about the launch", ("Northwind", "4 called about the launch")),
        ("NORTHWIND: 4 called,  twice", ("Northwind", "4 called,  twice")),
        ("northwind - 4 called", ("Northwind", "4 called")),
        ("northwind — warm", ("Northwind", "warm")),
        ("northwind 😀 lovely", ("Northwind", "😀 lovely")),
        ("northwind nordic 4", ("Northwind Nordic", "4")),
        ("northwind", ("Northwind", "")),
        ("muller & son, 4", ("Müller & Søn", "4")),
        ("muller son 4", ("Müller & Søn", "4")),
        ("yahoo! 4", ("Yahoo!", "4")),
        ("4 seasons 4 great", ("4 Seasons", "4 great")),
        ("東京 4", ("東京", "4")),
        ("we met northwind", None),
        ("northwinds 4", None),
        ("", None),
        ("- : ,", None),
        ("a b c d e f g h northwind", None),
    ],
)
def test_a_line_is_split_after_the_longest_name_it_opens_with(text: str, split: tuple[str, str] | None) -> None:
    assert split_name(text, KNOWN.get) == split


def test_a_name_of_more_than_eight_words_is_not_looked_for() -> None:
    asked: list[str] = []
    assert split_name("a b c d e f g h i j", asked.append) is None
    assert asked[0] == "a b c d e f g h"
    assert len(asked) == 8


@given(st.text())
def test_splitting_loses_nothing_but_separators(rest: str) -> None:
    found = split_name(f"Northwind {rest}", {"northwind": 1}.get)
    assert found is not None
    assert rest.endswith(found[1])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Northwind \n Ltd ", "Northwind Ltd"), ("Müller & Søn", "Müller & Søn"), ("List & Co", "List & Co"), ("7", "7"),
     ("North\u202ewind", "Northwind"), ("WOOLWORTHS", "WOOLWORTHS"), ("x" * 80, "x" * 80)],
)  # fmt: skip
def test_a_good_name_is_kept_with_single_spaces(typed: str, kept: str) -> None:
    assert check_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "give the client a name"),
        (" \n\u200b", "give the client a name"),
        ("x" * 81, "80 characters"),
        ("ﷺ" * 80, "80 characters"),
        ("!?…", "letter or digit"),
        ("🔥", "letter or digit"),
        ("<@U0123456789>", "mention"),
        ("<#C0123456789|general>", "mention"),
        ("@ana", "mention"),
        ("U0123456789", "mention"),
        *((word, "Ember listens to") for word in sorted(RESERVED)),
        (" HELP! ", "Ember listens to"),
    ],
)
def test_a_bad_name_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(BadName, match=sentence):
        check_name(typed)


@given(st.text(max_size=120))
def test_a_name_that_passes_passes_again_unchanged(typed: str) -> None:
    try:
        kept = check_name(typed)
    except BadName:
        return
    assert check_name(kept) == kept
    assert 0 < len(fold(kept)) <= LONGEST_FOLDED


@pytest.mark.parametrize("days", [1, 7, 365])
def test_a_rhythm_is_a_day_to_a_year(days: int) -> None:
    assert rhythm(days) == days


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_another_rhythm_is_refused(days: int) -> None:
    with pytest.raises(BadRhythm, match="between 1 and 365"):
        rhythm(days)


def test_the_words_of_a_client_are_these() -> None:
    assert list(Stage) == ["onboarding", "steady", "renewal", "winding_down"]
    assert list(Status) == ["active", "paused", "ended"]


def may(day: int) -> dt.date:
    return dt.date(2026, 5, 1) + dt.timedelta(days=day)


def test_a_pause_opens_today_and_closes_on_the_day_the_client_is_resumed() -> None:
    opened = paused((), may(3), None)
    assert opened == ((may(3), None),)
    assert paused(opened, may(5), may(9)) == ((may(3), may(9)),)
    assert resumed(opened, may(7)) == ((may(3), may(7)),)
    assert resumed(opened, may(3)) == ()


def test_a_pause_that_ended_by_itself_stays() -> None:
    over = paused((), may(3), may(9))
    assert resumed(over, may(20)) == over
    assert paused(over, may(20), None) == (*over, (may(20), None))
    assert paused(over, may(9), None) == ((may(3), may(9)), (may(9), None))


changes = st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(-2, 30), st.booleans()), max_size=12)


@given(changes)
def test_pauses_never_overlap(told: list[tuple[int, int | None, bool]]) -> None:
    pauses: tuple[tuple[dt.date, dt.date | None], ...] = ()
    today = may(0)
    for days, length, pausing in told:
        today += dt.timedelta(days=days)
        until = None if length is None else today + dt.timedelta(days=length)
        pauses = paused(pauses, today, until) if pausing else resumed(pauses, today)
        stands_still = any(since <= today and (end is None or today < end) for since, end in pauses)
        assert stands_still is (pausing and (until is None or until > today))
        assert all(end is not None and end <= since for (_, end), (since, _) in pairwise(pauses))
        assert all(end is None or since < end for since, end in pauses)
