"""What the tests of many practices begin with: Ana looks after Northwind with Tom, Sam does not."""

import datetime as dt

from bot.practices.clients import service as clients
from bot.practices.people import service as people_service
from bot.practices.practice import Occasion
from bot.store.base import new_id
from bot.workspaces.visibility import Person
from tests.support import NOW, TODAY


async def set_up(session, by, name="Northwind", **more):
    """Set up a client of somebody's, spoken with every week."""
    details = clients.Details(name, by.id, 7, **more)
    return await clients.set_up(session, details, by=by.id, key=str(new_id()), now=NOW, today=TODAY)


class Desk:
    """Ana looks after Northwind with Tom; Sam does not."""

    def __init__(self, store, workspace, people):
        self.store, self.workspace, self.people = store, workspace, people

    async def open(self):
        self.ana, self.tom, self.sam = [await self.people.member(f"U0{n.upper()}", n) for n in ("Ana", "Tom", "Sam")]
        self.northwind = await self.client("Northwind", team=frozenset({self.tom.id}))
        await self.furnish()
        return self

    async def furnish(self):
        """Add what the tests of one practice need besides."""

    def work(self):
        return self.store.work(self.workspace.id)

    async def do(self, use_case, *args, **more):
        async with self.work() as session:
            return await use_case(session, *args, **more)

    async def look(self, use_case, *args, **more):
        async with self.store.look(self.workspace.id) as session:
            return await use_case(session, *args, **more)

    async def client(self, name, **more):
        """Set up a client of Ana's; return its id."""
        return (await self.do(set_up, self.ana, name, **more)).id

    async def person(self, name):
        """Add somebody at Northwind."""
        return await self.do(people_service.add, self.northwind, name, None, None, by=self.ana.id, key=name, now=NOW)

    async def in_a_morning(self, says, member, on=TODAY, client_ids=()):
        """Return the lines that a practice adds to somebody's morning on a day."""
        at = dt.datetime.combine(on, dt.time(12), dt.UTC)
        found = await self.look(says, client_ids, Person(member.id), at)
        return [str(value.text) for values in found.values() for value in values]

    async def in_a_brief(self, says, audience):
        """Return what a practice adds to a brief about Northwind, as (section, text)."""
        found = await self.look(says, [Occasion(self.northwind)], audience, NOW)
        return [(value.section, str(value.text)) for value in found.get(self.northwind, ())]
