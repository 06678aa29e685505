"""Promises kept on their own: carried, moved, settled in four ways, theirs with how long we have waited."""

import pytest

from bot.practices.clients import service as clients
from bot.practices.practice import Section
from bot.practices.promises import digest, showing
from bot.practices.promises import service as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.promises.service import Details
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.away import set_away
from bot.workspaces.visibility import Person, Room
from tests.desk import Desk
from tests.support import DAY, NOW, ON_SQLITE, TODAY

pytestmark = ON_SQLITE


class Keeping(Desk):
    async def make(self, what="media plan", due=TODAY, *, by=None, carrier=None, theirs=False, **more):
        by, readers = by or self.ana, more.pop("visibility", Visibility.TEAM)
        details = Details(self.northwind, what, due, (carrier or by).id, theirs, readers)
        key, now = more.pop("key", str(new_id())), more.pop("now", NOW)
        return await self.do(promises.make, details, by=by, key=key, now=now)

    async def card(self, reader=None, now=NOW):
        found = await self.look(showing.card, [self.northwind], Person((reader or self.ana).id), now)
        return [str(value.text) for value in found[self.northwind]]

    async def brief(self, audience):
        return await self.in_a_brief(showing.brief, audience)

    async def morning(self, member, on=TODAY, client_ids=()):
        return await self.in_a_morning(digest.morning, member, on, client_ids)


@pytest.fixture
async def desk(store, workspace, people):
    return await Keeping(store, workspace, people).open()


@pytest.mark.parametrize("state", ["kept", "missed", "exceeded", "dropped"])
async def test_a_promise_ends_in_one_of_four_ways_and_who_said_so_when_is_known(desk, state):
    one = await desk.make()
    later = NOW + DAY
    done = await desk.do(promises.settle, one.id, by=desk.tom, state=PromiseState(state), now=later)
    again = await desk.do(promises.settle, one.id, by=desk.ana, state=PromiseState(state), now=later + DAY)
    assert (done.state, again.state) == (state, state)
    [event] = await desk.do(promises.events, one.id)
    assert (event.state, event.member_id, event.at) == (state, desk.tom.id, later)
    assert await desk.card() == []
    kept = await desk.do(promises.kept, [desk.northwind], Person(desk.ana.id), since=NOW, limit=9)
    assert [found.id for found in kept] == ([one.id] if state in {"kept", "exceeded"} else [])
    await desk.do(promises.settle, one.id, by=desk.ana, state=PromiseState.OPEN, now=later)
    assert await desk.card() == ["media plan · today · Ana"]


async def test_whoever_carries_a_promise_has_it_in_their_morning_and_its_author_has_not(desk):
    await desk.make(by=desk.ana, carrier=desk.tom)
    assert await desk.morning(desk.tom) == ["*You promised* *Northwind* media plan, today"]
    assert await desk.morning(desk.ana) == []
    assert await desk.do(digest.carriers, TODAY) == {desk.tom.id}


async def test_nobody_carries_what_they_cannot_read(desk):
    with pytest.raises(promises.CannotRead):
        await desk.make(carrier=desk.sam)
    with pytest.raises(promises.CannotRead):
        await desk.make(carrier=desk.tom, visibility=Visibility.ME)
    one = await desk.make(carrier=desk.sam, visibility=Visibility.EVERYONE)
    assert await desk.morning(desk.sam) == ["*You promised* *Northwind* media plan, today"]
    narrowed = Details(desk.northwind, "media plan", TODAY, desk.sam.id, False, Visibility.TEAM)
    with pytest.raises(promises.CannotRead):
        await desk.do(promises.edit, one.id, narrowed, by=desk.ana, now=NOW)


async def test_whoever_covers_for_the_team_today_is_given_a_promise(desk):
    away = {"from_on": TODAY, "back_on": TODAY + 2 * DAY, "today": TODAY, "now": NOW}
    await desk.do(set_away, desk.ana.id, cover_id=desk.sam.id, **away)
    one = await desk.make(by=desk.ana, carrier=desk.sam)
    assert one.carrier_id == desk.sam.id
    said = Details(desk.northwind, "media plan", TODAY, desk.sam.id, False, Visibility.TEAM)
    with pytest.raises(promises.CannotRead):
        await desk.do(promises.edit, one.id, said, by=desk.ana, now=NOW + 2 * DAY)


async def test_whoever_may_not_read_a_promise_any_more_does_not_hear_of_it_and_it_comes_back_to_its_author(desk):
    one = await desk.make(by=desk.ana, carrier=desk.tom)
    await desk.do(clients.edit, desk.northwind, clients.Details("Northwind", desk.ana.id, 7))
    assert await desk.morning(desk.tom) == []
    with pytest.raises(Refused, match="not kept here"):
        await desk.do(promises.settle, one.id, by=desk.tom, state=PromiseState.KEPT, now=NOW)
    await desk.do(promises.change, one, one, by=desk.ana.id, now=NOW)
    assert await desk.morning(desk.ana) == ["*You promised* *Northwind* media plan, today"]


async def test_a_move_keeps_the_first_day_and_how_often_and_can_be_taken_back(desk):
    one = await desk.make()
    _, earlier = await desk.do(promises.move, one.id, TODAY + 3 * DAY, "waiting for legal", by=desk.tom, now=NOW)
    moved, last = await desk.do(promises.move, one.id, TODAY + 8 * DAY, None, by=desk.ana, now=NOW + DAY)
    assert (moved.moved_from, moved.times_moved, moved.due_on) == (TODAY, 2, TODAY + 8 * DAY)
    assert await desk.card() == ["media plan · by Wed 20 May · Ana · moved twice, first Tue 12 May"]
    first, _ = await desk.do(promises.events, one.id)
    assert (first.why, first.member_id, first.from_on) == ("waiting for legal", desk.tom.id, TODAY)
    back = await desk.do(promises.unmove, one.id, last, by=desk.ana)
    assert (back.due_on, back.times_moved, back.moved_from) == (TODAY + 3 * DAY, 1, TODAY)
    assert (await desk.do(promises.unmove, one.id, earlier, by=desk.ana)).moved_from is None
    assert await desk.card() == ["media plan · today · Ana"]
    await desk.do(promises.settle, one.id, by=desk.ana, state=PromiseState.KEPT, now=NOW)
    with pytest.raises(Refused, match="settled already"):
        await desk.do(promises.move, one.id, TODAY + DAY, None, by=desk.ana, now=NOW)


async def test_only_its_author_its_carrier_and_the_clients_team_change_a_promise(desk):
    one = await desk.make(by=desk.tom, visibility=Visibility.EVERYONE)
    for change in (
        desk.do(promises.settle, one.id, by=desk.sam, state=PromiseState.KEPT, now=NOW),
        desk.do(promises.move, one.id, TODAY + DAY, None, by=desk.sam, now=NOW),
        desk.do(promises.unmove, one.id, new_id(), by=desk.sam),
        desk.do(promises.forget, one.id, by=desk.sam),
    ):
        with pytest.raises(clients.NotTheirs, match="Ana can"):
            await change
    hidden = await desk.make(by=desk.tom, visibility=Visibility.ME)
    with pytest.raises(Refused, match="not kept here"):
        await desk.do(promises.forget, hidden.id, by=desk.ana)
    await desk.do(promises.forget, one.id, by=desk.ana)
    assert await desk.card(desk.sam) == []


async def test_theirs_are_waited_on_with_their_age_and_nobody_carries_them_in_a_morning(desk):
    asked = NOW - 9 * DAY
    await desk.make("brand files", TODAY - 6 * DAY, theirs=True, now=asked)
    await desk.make("sign-off", TODAY + DAY, theirs=True)
    assert await desk.card() == [
        "Waiting on them for 9 days: brand files · 6 days late",
        "Waiting on them: sign-off · by Wed 13 May",
    ]
    assert await desk.morning(desk.ana) == []
    assert await desk.morning(desk.ana, client_ids=[desk.northwind]) == [
        "*Northwind* promised us brand files, 6 days late"
    ]


async def test_a_brief_says_what_both_sides_owe_and_a_room_hears_nothing_private(desk):
    await desk.make()
    await desk.make("brief files", TODAY - 6 * DAY, theirs=True, now=NOW - 9 * DAY)
    await desk.make("my own list", TODAY + DAY, visibility=Visibility.ME)
    said = "*We owe:* media plan, today · my own list, by Wed 13 May. *They owe:* brief files, 6 days"
    assert await desk.brief(Person(desk.ana.id)) == [(Section.PROMISES, said)]
    for audience in (Person(desk.tom.id), Room(frozenset({desk.northwind}))):
        said = "*We owe:* media plan, today. *They owe:* brief files, 6 days"
        assert await desk.brief(audience) == [(Section.PROMISES, said)]
    assert await desk.brief(Person(desk.sam.id)) == []


async def test_a_form_pressed_twice_makes_one_promise(desk):
    first = await desk.make(key="view:1")
    second = await desk.make("another", key="view:1")
    assert second.id == first.id
    assert await desk.card() == ["media plan · today · Ana"]
