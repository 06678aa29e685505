"""What to listen for and what to ask next."""

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from bot.practices.checkins.rules import OurRole, Signal
from bot.practices.listening.rules import BANK, Heard, last_time, openings, shares, two_to_ask

TODAY = dt.date(2026, 5, 12)
PRIYA, OMAR = uuid.UUID(int=1), uuid.UUID(int=2)
QUESTIONS = [uuid.UUID(int=100 + place) for place in range(len(BANK))]


def heard(days_ago, *signals, people=(PRIYA,), unsaid=""):
    return Heard(TODAY - dt.timedelta(days=days_ago), frozenset(people), frozenset(signals), unsaid)


def test_the_last_conversation_with_each_person_there_is_listened_to():
    with_priya, with_omar = heard(1, Signal.PAUSED), heard(3, Signal.MAY_LEAVE, people=(OMAR,))
    older = heard(9, Signal.AVOIDED_TOPIC)
    assert last_time([with_priya, with_omar, older], {PRIYA, OMAR}) == [with_priya, with_omar]
    assert last_time([with_priya, with_omar, older], {OMAR}) == [with_omar]
    assert last_time([with_priya, with_omar, older], set()) == [with_priya]


def test_a_later_conversation_without_a_sign_ends_it():
    assert last_time([heard(1), heard(3, Signal.PAUSED)], {PRIYA}) == []
    assert last_time([heard(1, Signal.OCCASION), heard(3, Signal.PAUSED)], set()) == []


def test_two_unsaid_signals_in_45_days_on_one_person_suggest_an_open_question():
    assert openings([heard(0, Signal.PAUSED)], TODAY) == {}
    found = openings([heard(0, Signal.PAUSED), heard(45, unsaid="the budget")], TODAY)
    assert set(found) == {PRIYA}
    assert (found[PRIYA].topic, found[PRIYA].noticed, found[PRIYA].count) == ("the budget", (Signal.PAUSED,), 2)
    assert openings([heard(0, Signal.PAUSED), heard(46, Signal.PAUSED)], TODAY) == {}
    assert openings([heard(0, Signal.PAUSED), heard(1, Signal.PAUSED, people=(OMAR,))], TODAY) == {}
    assert openings([heard(0, Signal.BLOCKER), heard(1, Signal.OCCASION)], TODAY) == {}


def test_the_newest_words_for_what_was_not_said_are_the_topic():
    found = openings([heard(1, Signal.PAUSED), heard(2, unsaid="her boss"), heard(3, unsaid="the budget")], TODAY)
    assert found[PRIYA].topic == "her boss"


def test_a_day_has_its_two_questions_and_the_next_day_others():
    first = two_to_ask(QUESTIONS, {}, [PRIYA], set(), TODAY)
    assert first == two_to_ask(QUESTIONS, {}, [PRIYA], set(), TODAY)
    following = two_to_ask(QUESTIONS, {}, [PRIYA], set(), TODAY + dt.timedelta(days=1))
    assert len({question for question, _ in [*first, *following]}) == 4


def test_an_answer_leaves_the_days_other_question_where_it_is():
    first, second = two_to_ask(QUESTIONS, {}, [PRIYA], set(), TODAY)
    assert second in two_to_ask(QUESTIONS, {}, [PRIYA], {first}, TODAY)


def test_a_persons_own_question_comes_before_everybodys_list():
    own = uuid.UUID(int=7)
    first, second = two_to_ask(QUESTIONS, {PRIYA: [own]}, [PRIYA, OMAR], set(), TODAY)
    assert first == (own, PRIYA)
    assert second[0] in QUESTIONS


def test_without_anybody_to_ask_the_list_is_offered_all_the_same():
    assert [person for _, person in two_to_ask(QUESTIONS, {}, [], set(), TODAY)] == [None, None]
    assert two_to_ask([], {}, [PRIYA], set(), TODAY) == []


PAIRS = st.sets(st.tuples(st.sampled_from(QUESTIONS), st.sampled_from([PRIYA, OMAR])))


@given(PAIRS, st.dates(), st.integers(0, len(QUESTIONS)))
def test_nobody_is_ever_offered_what_they_answered(answered, today, kept):
    found = two_to_ask(QUESTIONS[:kept], {PRIYA: QUESTIONS[kept:]}, [PRIYA, OMAR], answered, today)
    assert len(found) <= 2
    assert not set(found) & answered
    assert len(set(found)) == len(found)


@given(st.dictionaries(st.sampled_from(list(OurRole)), st.integers(0, 500)))
def test_the_mix_of_roles_sums_to_a_hundred(counts):
    found = shares(counts)
    assert sum(found.values()) == (100 if sum(counts.values()) else 0)
    assert all(abs(share - 100 * counts[role] / sum(counts.values())) < 1 for role, share in found.items())


def test_every_question_is_open_and_offered_once():
    assert len(set(BANK)) == len(BANK) == 12
    assert all(question.endswith("?") and len(question) <= 75 for question in BANK)
