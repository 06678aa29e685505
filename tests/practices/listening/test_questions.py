"""Questions and answers: everybody's list and people's own, each asked once of each person."""

from dataclasses import replace

import pytest

from bot.practices.clients.service import NotTheirs
from bot.practices.listening import keeping, reflections, service
from bot.practices.listening.rows import QuestionRow
from bot.practices.listening.rules import BANK
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import SearchEntry, Visibility
from bot.workspaces.visibility import Person
from tests.support import NOW, ON_SQLITE, count

pytestmark = ON_SQLITE  # tests/store/test_rows.py runs each statement on both


async def add(desk, text, who=None, by=None, visibility=Visibility.TEAM):
    key = {"by": by or desk.ana, "key": str(new_id()), "now": NOW}
    return await desk.do(service.add, desk.northwind, text, who.id if who else None, visibility, **key)


async def test_an_answered_question_is_never_offered_to_the_same_person_again_by_anybody(desk):
    for days in range(len(BANK) // 2):
        for question_id, person in await desk.asks(desk.priya, days=days):
            assert person == desk.priya.id
            await desk.answer(question_id, visibility=Visibility.ME)
    for days in range(len(BANK)):
        assert await desk.asks(desk.priya, days=days, member=desk.tom) == []
    offered = {question for days in range(len(BANK)) for question, _ in await desk.asks(desk.omar, days=days)}
    assert len(offered) == len(BANK)


async def test_an_answer_raises_the_next_question_for_the_same_person(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    kept = await desk.answer(question_id, raises="What would fewer surprises look like?")
    first, _ = await desk.asks(desk.priya)
    assert first == (kept.raised.id, desk.priya.id)
    assert kept.raised.id not in {question for question, _ in await desk.asks(desk.omar)}
    await desk.do(service.drop_answer, kept.answer.id, by=desk.ana)
    assert (question_id, desk.priya.id) in await desk.asks(desk.priya)
    assert kept.raised.id not in {question for question, _ in await desk.asks(desk.priya)}


async def test_a_private_answers_next_question_is_private_too(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    kept = await desk.answer(question_id, raises="Is she leaving?", visibility=Visibility.ME)
    assert kept.raised.id not in {question for question, _ in await desk.asks(desk.priya, member=desk.tom)}
    assert "Is she leaving?" not in await desk.everything_in_a_channel()
    with pytest.raises(Refused):
        await desk.look(service.question, kept.raised.id, by=desk.tom)


async def test_an_answer_is_found_by_those_who_may_read_it_and_forgotten_when_taken_back(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    kept = await desk.answer(question_id, text="Fewer surprises", visibility=Visibility.ME)
    assert await desk.look(count, SearchEntry) == 1
    for member, found in ((desk.ana, {kept.answer.id}), (desk.tom, set())):
        assert set(await desk.look(service.readable_answers, [kept.answer.id], Person(member.id))) == found
    with pytest.raises(Refused):
        await desk.do(service.drop_answer, kept.answer.id, by=desk.tom)
    await desk.do(service.drop_answer, kept.answer.id, by=desk.ana)
    assert await desk.look(count, SearchEntry) == 0


async def test_the_list_is_embers_own_until_somebody_changes_it(desk):
    offered = await desk.look(service.bank)
    assert [question.text for question in offered] == list(BANK)
    assert await desk.look(count, QuestionRow) == 0
    added = await add(desk, "What did we teach you?")
    kept = await desk.look(service.bank)
    assert [question.id for question in kept] == [*(question.id for question in offered), added.id]
    await desk.do(service.retire, offered[0].id, by=desk.sam, now=NOW)
    assert await desk.look(count, QuestionRow) == len(BANK) + 1
    asked = {question for days in range(len(BANK)) for question, _ in await desk.asks(desk.priya, days=days)}
    assert asked == {question.id for question in kept} - {offered[0].id}
    await desk.do(service.unretire, offered[0].id, by=desk.sam)
    assert [question.retired_at for question in await desk.look(service.bank)] == [None] * (len(BANK) + 1)


async def test_a_persons_question_is_retired_by_its_author_or_the_team(desk):
    kept = await add(desk, "How is the new role?", desk.priya, by=desk.sam, visibility=Visibility.EVERYONE)
    other = await desk.people.member("U0EVE", "Eve")
    with pytest.raises(NotTheirs):
        await desk.do(service.retire, kept.id, by=other, now=NOW)
    await desk.do(service.retire, kept.id, by=desk.tom, now=NOW)
    assert await desk.look(service.questions_of, [desk.northwind], Person(desk.ana.id)) == []


async def test_nobody_answers_for_somebody_elsewhere(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    own = await add(desk, "How is the new role?", desk.priya)
    for asked, who in ((question_id, desk.ana), (own.id, desk.omar)):
        with pytest.raises(service.NotTheirPerson):
            await desk.answer(asked, who)


async def test_the_same_submission_keeps_one_answer(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    said = service.Said(question_id, desk.northwind, desk.priya.id, "Fewer surprises", Visibility.TEAM)
    kept = [await desk.do(service.answer, said, by=desk.ana, key="view:1", now=NOW) for _ in range(2)]
    assert kept[0].answer == kept[1].answer


async def test_a_question_is_answered_once_unless_the_answer_is_somebodys_own_secret(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    await desk.answer(question_id, visibility=Visibility.ME)
    with pytest.raises(service.AnsweredAlready):
        await desk.answer(question_id, text="More calls")
    kept = await desk.answer(question_id, text="More calls", by=desk.tom)
    with pytest.raises(service.AnsweredAlready) as caught:
        await desk.answer(question_id, by=desk.ana)
    assert caught.value.answer == kept.answer
    await desk.answer(question_id, desk.omar)


async def test_a_person_who_is_forgotten_leaves_neither_questions_nor_answers(desk):
    ((question_id, _), _) = await desk.asks(desk.priya)
    kept = await desk.answer(question_id, raises="Who could she talk to?")
    assert await desk.do(service.forget_person, desk.priya.id) == 1
    assert await desk.look(count, SearchEntry) == 0
    assert await desk.look(service.questions_of, [desk.northwind], Person(desk.ana.id)) == []
    assert await desk.look(service.readable_answers, [kept.answer.id], Person(desk.ana.id)) == {}


async def test_a_cover_answers_a_question_and_retires_one_as_the_team_does(desk):
    own = await add(desk, "How is the new role?", desk.priya)
    with pytest.raises(Refused):
        await desk.answer(own.id, by=desk.sam)
    covers = replace(desk.sam, covers=frozenset({desk.northwind}))
    kept = await desk.answer(own.id, by=covers)
    assert (kept.answer.author_id, kept.answer.text) == (desk.sam.id, "Fewer surprises")
    await desk.do(service.retire, own.id, by=covers, now=NOW)
    assert await desk.look(service.questions_of, [desk.northwind], Person(desk.ana.id)) == []


async def test_nobody_learns_what_somebody_asked_heard_or_thought_for_themselves(desk):
    checkin = await desk.note("They chose the louder one", there=[desk.priya])
    lines = reflections.Lines("afraid", "it went well", "What would help?")
    await desk.do(reflections.keep, checkin.id, lines, by=desk.ana, now=NOW)
    await add(desk, "Is she leaving?", desk.priya, visibility=Visibility.ME)
    await desk.answer((await desk.look(service.bank))[0].id, visibility=Visibility.ME)
    for audience, many in ((Person(desk.ana.id), 3), (Person(desk.tom.id), 0), (None, 3)):
        assert len(await desk.look(keeping.holds, desk.priya.id, audience)) == many
