"""What a client will need next: on the card and in the brief until it is done or dropped, for those who may read it."""

import datetime as dt

import pytest

from bot.practices.anticipations import service
from bot.practices.anticipations.service import Outcome
from bot.practices.clients import service as clients
from bot.practices.practice import Occasion
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_it_stands_in_the_brief_until_it_is_done_and_a_private_one_only_in_its_authors(store, workspace, people):
    ana, tom, sam = [await people.member(f"U0{name.upper()}", name) for name in ("Ana", "Tom", "Sam")]
    async with store.work(workspace.id) as session:
        details = clients.Details("Northwind", ana.id, 7, team=frozenset({tom.id}))
        client = await clients.set_up(session, details, by=ana.id, key="c", now=NOW, today=NOW.date())

        async def listed(audience):
            found = await service.brief(session, [Occasion(client.id)], audience, NOW)
            return [str(value.text) for value in found.get(client.id, ())]

        async def add(what, by, seen, key=None):
            return await service.add(session, client.id, what, seen, by=by, key=key or str(new_id()), now=NOW)

        one = await add("a plan for the launch", tom, Visibility.TEAM, "view:1")
        assert (await add("a plan for the launch", tom, Visibility.TEAM, "view:1")).id == one.id
        hidden = await add("a new agency", tom, Visibility.ME)
        plan = "*They'll need next:* a plan for the launch"
        assert await listed(Person(ana.id)) == await listed(Room(frozenset({client.id}))) == [plan]
        assert await listed(Person(tom.id)) == ["*They'll need next:* a new agency · a plan for the launch"]
        assert await listed(Person(sam.id)) == await listed(Room(frozenset())) == []
        with pytest.raises(Refused):
            await service.settle(session, hidden.id, Outcome.DONE, by=ana, now=NOW)
        with pytest.raises(Refused):
            await service.forget(session, one.id, by=sam)
        for outcome in (Outcome.DONE, Outcome.DROPPED):
            await service.settle(session, one.id, outcome, by=ana, now=NOW)
            assert await listed(Person(ana.id)) == []
            await service.settle(session, one.id, Outcome.OPEN, by=tom, now=NOW)
            assert await listed(Person(ana.id)) == [plan]
