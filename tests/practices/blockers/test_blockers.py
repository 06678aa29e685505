"""Blockers: another way round is asked for once, on the seventh day; a room hears nothing of them."""

import pytest

from bot.practices.blockers import service, showing
from bot.practices.blockers.rules import Side
from bot.practices.blockers.service import Details
from bot.practices.clients import service as clients
from bot.practices.practice import Section
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces import away
from bot.workspaces.visibility import Person, Room
from bot.workspaces.workdays import first_working_day
from tests.desk import Desk
from tests.support import DAY, NOW, ON_SQLITE, TODAY


class Blocked(Desk):
    async def note(self, what="Legal holds the brief back", *, by=None, way=None, on=TODAY, seen=Visibility.TEAM):
        details = Details(what, None, Side.THEIRS, way, on, seen)
        return await self.do(service.add, self.northwind, details, by=by or self.tom, key=str(new_id()), now=NOW)

    async def asked(self, member, on, *, looks_after=()):
        """Return what somebody is asked on a morning."""
        return await self.in_a_morning(showing.morning, member, on, looks_after)

    async def brief(self, audience):
        return await self.in_a_brief(showing.brief, audience)


@pytest.fixture
async def desk(store, workspace, people):
    return await Blocked(store, workspace, people).open()


@ON_SQLITE
async def test_a_blocker_without_another_way_round_is_asked_about_once_after_a_week(desk):
    one = await desk.note()
    days = [TODAY + number * DAY for number in range(30)]
    said = {on: await desk.asked(desk.ana, on, looks_after=[desk.northwind]) for on in days}
    question = "*Northwind:* “Legal holds the brief back”, since Tue 12 May. Is there another way round?"
    assert {on: lines for on, lines in said.items() if lines} == {TODAY + 7 * DAY: [question]}
    assert [await desk.asked(desk.tom, TODAY + number * DAY) for number in range(30)] == [[]] * 30
    stirred = [on for on in days if desk.northwind in await desk.do(showing.stirring, on)]
    assert min(stirred) == TODAY + 7 * DAY
    answered = Details(one.details.what, None, Side.THEIRS, "ring", TODAY, Visibility.TEAM)
    await desk.do(service.edit, one.id, answered, by=desk.ana)
    assert await desk.asked(desk.ana, TODAY + 7 * DAY, looks_after=[desk.northwind]) == []


@ON_SQLITE
async def test_a_blocker_that_was_there_for_long_before_it_was_noted_is_asked_about_the_day_after(desk):
    await desk.note(on=TODAY - 30 * DAY)
    days = [TODAY + number * DAY for number in range(30)]
    asked = [on for on in days if await desk.asked(desk.ana, on, looks_after=[desk.northwind])]
    assert asked == [TODAY + DAY]
    for on in asked:
        assert desk.northwind in await desk.do(showing.stirring, on)
        assert await desk.do(showing.writers, on) == await desk.do(showing.all_writers) == {desk.tom.id}


@ON_SQLITE
async def test_a_blocker_that_is_over_is_not_asked_about_and_a_day_off_puts_the_question_off(desk):
    over = await desk.note()
    await desk.do(service.close, over.id, "ring the boss", None, by=desk.ana, today=TODAY)
    saturday = TODAY + 4 * DAY
    await desk.note("Their server is down", on=saturday)
    monday = saturday + 9 * DAY
    assert await desk.asked(desk.ana, saturday + 7 * DAY, looks_after=[desk.northwind]) == []
    assert len(await desk.asked(desk.ana, monday, looks_after=[desk.northwind])) == 1
    assert await desk.asked(desk.ana, monday + DAY, looks_after=[desk.northwind]) == []


@ON_SQLITE
async def test_its_author_is_asked_where_nobody_on_duty_may_read_it(desk):
    await desk.note("between us", seen=Visibility.ME)
    week_on = TODAY + 7 * DAY
    assert await desk.asked(desk.ana, week_on, looks_after=[desk.northwind]) == []
    assert len(await desk.asked(desk.tom, week_on)) == 1
    assert await desk.do(showing.writers, week_on) == {desk.tom.id}
    await desk.note()
    span = {"from_on": TODAY, "back_on": TODAY + 20 * DAY, "cover_id": desk.sam.id}
    await desk.do(away.set_away, desk.ana.id, **span, today=TODAY, now=NOW)
    assert await desk.asked(desk.sam, week_on, looks_after=[desk.northwind]) == []
    assert len(await desk.asked(desk.tom, week_on)) == 2


@ON_SQLITE
async def test_a_brief_has_what_is_in_the_way_with_the_other_way_round_and_a_room_has_nothing(desk):
    await desk.note(way="their agency sends it")
    await desk.note("between us", by=desk.tom, seen=Visibility.ME)
    said = "*In the way:* Legal holds the brief back, since Tue 12 May (another way round: their agency sends it)"
    assert await desk.brief(Person(desk.ana.id)) == [(Section.NEEDS, said)]
    assert await desk.brief(Person(desk.tom.id)) == [(Section.NEEDS, f"{said} · between us, since Tue 12 May")]
    assert await desk.brief(Person(desk.sam.id)) == []
    assert await desk.brief(Room(frozenset({desk.northwind}))) == []


@ON_SQLITE
async def test_only_its_author_and_the_clients_team_change_a_blocker(desk):
    one = await desk.note(by=desk.tom, seen=Visibility.EVERYONE)
    with pytest.raises(clients.NotTheirs):
        await desk.do(service.close, one.id, "ring", None, by=desk.sam, today=TODAY)
    hidden = await desk.note(by=desk.tom, seen=Visibility.ME)
    with pytest.raises(Refused, match="not kept here"):
        await desk.do(service.drop, hidden.id, by=desk.ana)
    closed = await desk.do(service.close, one.id, "ring", "fine", by=desk.ana, today=TODAY)
    again = await desk.do(service.close, one.id, "write", "fine", by=desk.ana, today=TODAY + DAY)
    assert (closed.closed_on, again.closed_on, again.details.other_way) == (TODAY, TODAY, "write")
    back = await desk.do(service.reopen, one.id, by=desk.ana)
    assert (back.closed_on, back.details.other_way, back.ended) == (None, "write", "fine")


def test_a_rest_that_never_ends_does_not_lose_the_day():
    assert first_working_day(TODAY, lambda _: False) == TODAY
    assert first_working_day(TODAY, lambda on: on.weekday() == 6) == TODAY + 5 * DAY
