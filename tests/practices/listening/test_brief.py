"""What a brief says about what was noticed, and whom to ask what; no channel hears any of it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rules import Signal
from bot.practices.listening import reflections
from bot.practices.listening.reflections import Lines
from bot.practices.practice import Section
from bot.store.search import Visibility
from tests.support import NOW, ON_SQLITE

pytestmark = ON_SQLITE  # tests/store/test_rows.py runs each statement on both
LISTEN, ASK = Section.LISTEN, Section.ASK
LINES = Lines("afraid of the board", "the trial went well", "What would the board need to see?")


async def test_what_was_noticed_is_in_the_next_brief_and_never_in_a_channel(desk):
    await desk.note("Paused when asked about Q3", Signal.PAUSED, there=[desk.priya])
    said = await desk.says(LISTEN, desk.priya)
    assert said == ["Last time, Tue 12 May, Priya: paused · “Paused when asked about Q3”"]
    assert (await desk.says(LISTEN), await desk.says(LISTEN, desk.omar)) == (said, [])
    assert await desk.says(LISTEN, audience=desk.room) == []
    heard = await desk.everything_in_a_channel()
    assert "paused" not in heard.lower()


async def test_what_was_not_said_stands_beside_it_and_is_for_those_who_may_read_the_note(desk):
    await desk.note(unsaid="whether the *budget* <stays>", there=[desk.priya], visibility=Visibility.ME)
    (said,) = await desk.says(LISTEN, desk.priya)
    assert "not said: whether the *budget* &lt;stays&gt;" in said
    assert await desk.says(LISTEN, desk.priya, member=desk.tom) == []


async def test_their_newest_struggle_is_at_hand(desk):
    await desk.note("About Q2", struggle="two people short", days=3)
    await desk.note("About Q3", struggle="the board wants cuts")
    assert await desk.says(LISTEN) == ["Their struggle, Tue 12 May: “the board wants cuts”"]
    assert await desk.says(LISTEN, audience=desk.room) == []


async def test_two_unsaid_signals_suggest_an_open_question_in_the_brief_and_on_the_card(desk):
    suggestion = "Ask Priya an open question about “the budget”"
    await desk.note("About Q2", Signal.PAUSED, there=[desk.priya], days=30)
    assert suggestion not in await desk.says(ASK, desk.priya)
    await desk.note("About Q3", unsaid="the budget", there=[desk.priya])
    assert suggestion in await desk.says(ASK, desk.priya)
    assert suggestion in await desk.hints()
    assert suggestion in await desk.hints(desk.tom)
    assert suggestion not in await desk.hints(desk.sam)
    assert await desk.hints(audience=desk.room) == []
    assert suggestion not in await desk.says(ASK, audience=desk.room)
    assert suggestion not in await desk.says(ASK, desk.priya, days=16)


async def test_without_words_for_it_the_question_is_about_what_is_on_their_mind(desk):
    await desk.note("About Q3", Signal.PAUSED, Signal.AVOIDED_TOPIC, there=[desk.omar])
    said = await desk.says(ASK, desk.omar)
    assert "Ask Omar an open question about what is on their mind (paused, avoided a topic lately)" in said


async def test_three_lines_about_a_decision_are_in_their_authors_brief_alone_until_asked(desk):
    checkin = await desk.note("They chose the louder one", Signal.EMOTIONAL_DECISION)
    kept = await desk.do(reflections.keep, checkin.id, LINES, by=desk.ana, now=NOW)
    asks = "What would the board need to see? (they feel: afraid of the board · the fact: the trial went well)"
    assert (await desk.says(ASK))[0] == asks
    assert asks not in await desk.says(ASK, member=desk.tom)
    await desk.do(reflections.asked, kept.id, by=desk.ana, at=NOW)
    assert asks not in await desk.says(ASK)
    await desk.do(reflections.asked, kept.id, by=desk.ana, at=None)
    assert asks in await desk.says(ASK)


async def test_i_asked_is_offered_to_who_wrote_the_lines_and_to_nobody_else(desk):
    checkin = await desk.note("They chose the louder one", Signal.EMOTIONAL_DECISION, visibility=Visibility.TEAM)
    lines = Lines(LINES.feeling, LINES.fact, LINES.question, Visibility.TEAM)
    kept = await desk.do(reflections.keep, checkin.id, lines, by=desk.ana, now=NOW)
    for member, offered in ((desk.ana, True), (desk.tom, False)):
        (value,) = [one for one in await desk.values(member=member) if one.subject == kept.id]
        assert (value.accessory is not None) is offered, member.name


async def test_a_question_that_was_asked_stays_asked_until_its_own_words_change(desk):
    checkin = await desk.note("They chose the louder one", Signal.EMOTIONAL_DECISION)
    kept = await desk.do(reflections.keep, checkin.id, LINES, by=desk.ana, now=NOW)
    await desk.do(reflections.asked, kept.id, by=desk.ana, at=NOW)
    fixed = replace(LINES, fact="the trial went very well")
    await desk.do(reflections.keep, checkin.id, fixed, by=desk.ana, now=NOW)
    assert not [said for said in await desk.says(ASK) if "the board" in said]
    other = replace(fixed, question="Who has the last word?")
    await desk.do(reflections.keep, checkin.id, other, by=desk.ana, now=NOW)
    assert "Who has the last word?" in (await desk.says(ASK))[0]


async def test_an_emotional_decision_is_absent_from_every_channel_whoever_may_read_it(desk):
    for visibility in Visibility:
        checkin = await desk.note("They chose the louder one", Signal.EMOTIONAL_DECISION, visibility=visibility)
        lines = Lines(LINES.feeling, LINES.fact, LINES.question, visibility)
        await desk.do(reflections.keep, checkin.id, lines, by=desk.ana, now=NOW)
    heard = await desk.everything_in_a_channel()
    for words in ("emotional", "louder", LINES.feeling, LINES.fact, LINES.question):
        assert words not in heard


async def test_two_questions_a_day_for_who_is_there_and_others_the_next_day(desk):
    first = await desk.asks(desk.priya)
    assert len(first) == 2
    assert {person for _, person in first} == {desk.priya.id}
    assert await desk.asks(desk.priya) == first
    assert not set(await desk.asks(desk.priya, days=1)) & set(first)
    assert len(await desk.says(ASK, audience=desk.room)) == 2


async def test_a_brief_takes_the_same_number_of_queries_however_much_there_is(desk, counting):
    await desk.note("About Q3", Signal.PAUSED, there=[desk.priya])
    before = await counting(desk.values, desk.priya)
    for day in range(1, 5):
        await desk.note("About Q3", Signal.PAUSED, there=[desk.priya, desk.omar], days=day)
        await desk.answer((await desk.asks(desk.priya))[0][0], raises=f"And what about {day}?")
    assert await counting(desk.values, desk.priya) == before


@pytest.fixture
def counting(desk):
    async def count(read, *args):
        seen = []

        def note(_conn, _cursor, statement, *_):
            seen.append(statement)

        engines = {id(engine): engine.sync_engine for engine in desk.store.engines}.values()
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", note)
        await read(*args)
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    return count
