"""Thanks among colleagues: once, in the team's next digest and Friday's, taken back at will, and nobody is ranked."""

import pytest

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Medium, Via
from bot.practices.kudos import service, speaking
from bot.practices.practice import Section
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Room
from tests.desk import Desk
from tests.support import DAY, NOW, ON_SQLITE, TODAY

TOMORROW = NOW + DAY


class Thanking(Desk):
    async def note(self, by, visibility=Visibility.TEAM):
        note = checkins.Note(self.northwind, 4, "we met", Via.MODAL, visibility, said_on=TODAY, medium=Medium.CALL)
        return (await self.do(checkins.record, note, by=by, key=str(new_id()), now=NOW)).checkin

    async def digest(self, at=TOMORROW):
        room = Room(frozenset({self.northwind}))
        said = await self.do(speaking.digest, [self.northwind], room, at)
        return [(value.section, str(value.text)) for value in said.get(self.northwind, ())]


@pytest.fixture
async def desk(store, workspace, people):
    return await Thanking(store, workspace, people).open()


async def test_thanks_stand_in_the_digest_of_the_next_working_day_and_in_no_other(desk):
    call = await desk.note(desk.tom)
    await desk.do(service.thank, call.id, by=desk.ana, on=TODAY)
    says = "Ana thanks Tom for the call with Northwind, Tue 12 May."
    assert await desk.digest() == [(Section.NICE, says)]
    assert await desk.digest(NOW) == []
    assert await desk.digest(TOMORROW + DAY) == []


@ON_SQLITE
async def test_the_same_twice_is_said_once_and_can_be_taken_back(desk):
    call = await desk.note(desk.tom)
    for _ in range(2):
        await desk.do(service.thank, call.id, by=desk.ana, on=TODAY)
    assert len(await desk.digest()) == 1
    await desk.do(service.take_back, call.id, by=desk.ana)
    assert await desk.digest() == []


@ON_SQLITE
async def test_nobody_thanks_themselves_or_for_what_they_may_not_read(desk):
    call = await desk.note(desk.tom)
    mine_alone = await desk.note(desk.tom, Visibility.ME)
    with pytest.raises(Refused, match="That was you"):
        await desk.do(service.thank, call.id, by=desk.tom, on=TODAY)
    for hidden, reader in ((call, desk.sam), (mine_alone, desk.ana)):
        with pytest.raises(Refused, match="not there any more"):
            await desk.do(service.thank, hidden.id, by=reader, on=TODAY)


@ON_SQLITE
async def test_a_note_that_is_narrowed_later_takes_its_thanks_out_of_the_digest(desk):
    call = await desk.note(desk.tom)
    await desk.do(service.thank, call.id, by=desk.ana, on=TODAY)
    note = checkins.Note(desk.northwind, 4, "we met", Via.MODAL, Visibility.ME, said_on=TODAY)
    await desk.do(checkins.edit, call.id, note, by=desk.tom, now=NOW)
    assert await desk.digest() == []


@ON_SQLITE
async def test_many_thanks_rank_nobody(desk):
    for by, thanked_by in ((desk.tom, desk.ana), (desk.tom, desk.ana), (desk.ana, desk.tom)):
        call = await desk.note(by)
        await desk.do(service.thank, call.id, by=thanked_by, on=TODAY)
    room = Room(frozenset({desk.northwind}))
    said = await desk.do(speaking.week, [desk.northwind], room, TODAY - DAY, TODAY)
    assert sorted(said) == sorted(
        [
            "Tom thanks Ana for the call with Northwind, Tue 12 May.",
            *["Ana thanks Tom for the call with Northwind, Tue 12 May."] * 2,
        ]
    )
    assert not any(character.isdigit() for line in said for character in line.replace("12 May", ""))
