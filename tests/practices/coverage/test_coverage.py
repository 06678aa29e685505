import uuid
from itertools import pairwise

import pytest

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.coverage.rules import Spoken, single_thread, warned_on
from bot.practices.coverage.showing import brief, card
from bot.practices.people import service as people_service
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.support import DAY, NOW, TODAY

PRIYA, OMAR = uuid.UUID(int=1), uuid.UUID(int=2)


def test_a_client_of_two_with_a_ten_to_none_split_warns_once_in_60_days():
    spoken = {PRIYA: Spoken(10, TODAY - 70 * DAY, TODAY)}
    days = [warned_on(PRIYA, spoken, {PRIYA, OMAR}, TODAY + ahead * DAY) for ahead in range(180)]
    weeks = sorted({day for day in days if day is not None})
    assert len(weeks) == 3
    assert {later - earlier for earlier, later in pairwise(weeks)} == {60 * DAY}
    assert sum(day is not None for day in days) == 21


def test_it_is_counted_from_the_last_conversation_with_somebody_else():
    spoken = {PRIYA: Spoken(10, TODAY - 300 * DAY, TODAY), OMAR: Spoken(0, TODAY - 200 * DAY, TODAY - 60 * DAY)}
    assert warned_on(PRIYA, spoken, {PRIYA, OMAR}, TODAY) == TODAY
    assert warned_on(PRIYA, spoken, {PRIYA, OMAR}, TODAY - DAY) is None
    assert warned_on(PRIYA, spoken, {PRIYA, OMAR}, TODAY + 7 * DAY) is None


@pytest.mark.parametrize(
    ("priya", "omar", "there", "thread"),
    [
        (10, 0, {PRIYA, OMAR}, PRIYA),
        (10, 1, {PRIYA, OMAR}, None),
        (10, 0, {PRIYA}, None),
        (1, 0, {PRIYA, OMAR}, None),
        (0, 0, {PRIYA, OMAR}, None),
    ],
)
def test_a_single_thread_is_everything_with_one_while_others_are_there(priya, omar, there, thread):
    spoken = {PRIYA: Spoken(priya, TODAY, TODAY), OMAR: Spoken(omar, TODAY, TODAY)}
    assert single_thread(spoken, there) == thread


async def test_the_card_says_with_whom_we_speak_and_warns_of_a_single_thread(desk):
    priya, omar = [await desk.person(name) for name in ("Priya", "Omar")]

    async def spoke(ago, *with_them, by=desk.ana, seen_by=Visibility.TEAM):
        there = Details(frozenset(one.id for one in with_them))
        said_on = TODAY - ago * DAY
        note = Note(desk.northwind, 4, "spoke", Via.LINE, said_on=said_on, details=there, visibility=seen_by)
        await desk.do(checkins.record, note, by=by, key=str(new_id()), now=NOW)

    async def says(member=desk.ana, ahead=0):
        found = await desk.look(card, [desk.northwind], Person(member.id), NOW + ahead * DAY)
        return [str(value.text) for value in found.get(desk.northwind, ())]

    assert await says() == []
    for ago in (15, 8, 1):
        await spoke(ago, priya)
    warning = "*One thread:* all 3 conversations of the last 60 days were with Priya. Omar is there too."
    assert await says() == [warning]
    assert [text for _, text in await desk.in_a_brief(brief, Person(desk.ana.id))] == [warning]
    assert await desk.in_a_brief(brief, Room(frozenset({desk.northwind}))) == []
    assert await says(ahead=10) == ["Last 60 days, spoken with: Priya 3, Omar 0"]
    await spoke(2, omar, by=desk.tom, seen_by=Visibility.ME)
    assert await says() == [warning]
    assert await says(desk.tom) == ["Last 60 days, spoken with: Priya 3, Omar 1"]
    await desk.do(people_service.mark_left, omar.id)
    assert await says(desk.tom) == []
