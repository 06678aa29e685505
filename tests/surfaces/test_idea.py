"""The one idea: what they care about where nothing else is at hand, never what a room may not read."""

from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.people import service as people
from bot.store.search import Visibility
from bot.surfaces.idea import PLAIN, ideas
from bot.workspaces.visibility import Room
from tests.surfaces.conftest import NOW


async def test_a_cause_they_care_about_is_the_idea_where_nothing_else_is_at_hand(office):
    northwind = await office.client("Northwind")
    ana = office.people["Ana"]
    room = Room(frozenset({northwind}))

    async def idea(audience=room):
        async with office.host.store.look(office.workspace.id) as session:
            return (await ideas(session, [northwind], audience, NOW.date(), coming={}))[northwind]

    assert await idea() == PLAIN
    priya = await office.change(people.add, northwind, "Priya", "", None, by=ana.id, key="p", now=NOW)
    cause = nuance.Said("the harbour clean-up", None)
    await office.change(nuance.add, priya.id, Field.CAUSE, cause, Visibility.TEAM, by=ana, key="c", now=NOW)
    assert await idea() == "ask what you could do for what they care about: the harbour clean-up"
    assert await idea(Room(frozenset())) == PLAIN
    await office.note(northwind, "we spoke about the launch", "Ana")
    assert "pick up from “we spoke about the launch”" in await idea()
