import datetime as dt
import uuid

import pytest

from bot.practices.nuance.rules import LONGEST_WORDS, BadFact, Field, avoided, completeness, opener, tone, word_list
from bot.practices.nuance.wording import ASKED, BRIEFLY, LABELS
from bot.practices.people.rules import BadBoss, check_boss

TODAY = dt.date(2026, 5, 12)


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("We will LEVERAGE the trial", ["leverage"]),
        ("Leveraging what we have, leveraged twice", ["leverage"]),
        ("Let us circle back on Friday", ["circle back"]),
        ("circling back!", ["circle back"]),
        ("a circle; the back", []),
        ("Synergies, and a lever", ["synergy"]),
        ("Überlegt", []),
        ("", []),
    ],
)
def test_an_avoided_word_is_found_in_any_case_and_with_any_ending(draft, found):
    assert avoided(draft, ["leverage", "circle back", "synergy"]) == found


def test_words_are_kept_once_each_with_commas():
    assert word_list("leverage;  circle   back,\nLeverage, “synergy”, ,") == "leverage, circle back, synergy"


def test_words_that_outgrow_their_field_with_commas_are_refused():
    typed = ",".join(f"{number:02}" + "x" * 17 for number in range(30))
    assert len(typed) <= LONGEST_WORDS < len(typed) + 29
    with pytest.raises(BadFact, match="600 characters"):
        word_list(typed)


@pytest.mark.parametrize(
    ("setting", "boss", "there", "note"),
    [
        ("in_front_of_boss", False, 1, Field.TONE_BOSS),
        ("one_to_one", True, 2, Field.TONE_ALONE),
        ("with_team", False, 1, Field.TONE_WITH_TEAM),
        ("", True, 2, Field.TONE_BOSS),
        ("", False, 3, Field.TONE_WITH_TEAM),
        ("", False, 1, Field.TONE_ALONE),
        ("", False, None, None),
        ("nowhere", True, 1, None),
    ],
)
def test_the_note_on_tone_is_the_one_for_before_whom_they_speak(setting, boss, there, note):
    assert tone(setting, boss_is_there=boss, there=there) is note


def test_a_conversation_opens_with_what_is_new_and_else_with_each_in_its_week():
    days = [TODAY - dt.timedelta(days=ago) for ago in (3, 40, 50)]
    assert opener(days, TODAY) == 0
    old = days[1:]
    weeks = [opener(old, TODAY + dt.timedelta(weeks=week)) for week in range(4)]
    assert sorted(weeks) == [0, 0, 1, 1]
    assert weeks[0] != weeks[1]
    assert opener([], TODAY) is None


def test_completeness_counts_the_six_questions_and_nothing_else():
    assert completeness([]) == "0/6"
    assert completeness([Field.LIKES, Field.UP_AT_NIGHT, Field.DETAIL, Field.AVOIDS]) == "2/6"


def test_every_field_has_its_words():
    assert set(LABELS) == set(Field)
    assert set(BRIEFLY) < set(ASKED) < set(Field)


def test_nobody_reports_to_themselves_however_far_up():
    priya, omar, noor = (uuid.UUID(int=number) for number in (1, 2, 3))
    bosses = {priya: omar, omar: noor, noor: None}
    check_boss(priya, noor, bosses)
    check_boss(priya, None, bosses)
    for boss in (noor, priya):
        with pytest.raises(BadBoss, match="report to themselves"):
            check_boss(noor, priya if boss is noor else noor, bosses)
    with pytest.raises(BadBoss, match="not at this client"):
        check_boss(priya, uuid.UUID(int=4), bosses)
