"""What a client will need next: on the card and in the brief until it is done or dropped, for those who may read it."""

import pytest

from bot.practices.anticipations import service
from bot.practices.anticipations.service import Outcome
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.support import NOW, ON_SQLITE

pytestmark = ON_SQLITE


async def test_it_stands_in_the_brief_until_it_is_done_and_a_private_one_only_in_its_authors(desk):
    async def listed(audience):
        return [text for _, text in await desk.in_a_brief(service.brief, audience)]

    async def add(what, by, seen, key=None):
        return await desk.do(service.add, desk.northwind, what, seen, by=by, key=key or str(new_id()), now=NOW)

    one = await add("a plan for the launch", desk.tom, Visibility.TEAM, "view:1")
    assert (await add("a plan for the launch", desk.tom, Visibility.TEAM, "view:1")).id == one.id
    hidden = await add("a new agency", desk.tom, Visibility.ME)
    plan = "*They'll need next:* a plan for the launch"
    assert await listed(Person(desk.ana.id)) == await listed(Room(frozenset({desk.northwind}))) == [plan]
    assert await listed(Person(desk.tom.id)) == ["*They'll need next:* a new agency · a plan for the launch"]
    assert await listed(Person(desk.sam.id)) == await listed(Room(frozenset())) == []
    with pytest.raises(Refused):
        await desk.do(service.settle, hidden.id, Outcome.DONE, by=desk.ana, now=NOW)
    with pytest.raises(Refused):
        await desk.do(service.forget, one.id, by=desk.sam)
    for outcome in (Outcome.DONE, Outcome.DROPPED):
        await desk.do(service.settle, one.id, outcome, by=desk.ana, now=NOW)
        assert await listed(Person(desk.ana.id)) == []
        await desk.do(service.settle, one.id, Outcome.OPEN, by=desk.tom, now=NOW)
        assert await listed(Person(desk.ana.id)) == [plan]
