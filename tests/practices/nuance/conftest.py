import datetime as dt

import pytest

from bot.practices.nuance import briefing, card, service
from bot.practices.nuance.rules import MANY
from bot.practices.nuance.service import Said
from bot.practices.people import service as people_service
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.desk import Desk
from tests.support import NOW


class Profiles(Desk):
    """Priya and her boss Omar are at Northwind."""

    async def furnish(self):
        self.room = Room(frozenset({self.northwind}))
        self.omar = await self.person("Omar")
        priya = await self.person("Priya")
        self.priya = await self.do(people_service.edit, priya.id, "Priya", None, None, reports_to=self.omar.id)

    async def know(self, field, text, why=None, *, of=None, by=None, days=0, seen_by=Visibility.TEAM, **more):
        """Keep something about Priya, so many days before today."""
        contact, by, now = of or self.priya, by or self.ana, NOW - dt.timedelta(days=days)
        said = Said(text, why)
        async with self.work() as session:
            if field in MANY:
                return await service.add(
                    session, contact.id, field, said, seen_by, by=by, key=str(new_id()), now=now, **more
                )
            known = await service.write(session, contact.id, {field: said}, by=by, now=now)
            return known.one(field)

    async def page(self, by=None, of=None):
        async with self.store.look(self.workspace.id) as session:
            return await service.profile(session, (of or self.priya).id, Person((by or self.ana).id))

    async def reads(self, by, of=None):
        """Return what somebody reads about a person, by field."""
        return {fact.field: fact.text for fact in (await self.page(by, of)).facts}

    async def brief(self, *there, setting="", audience=None, now=NOW):
        """Return what a brief has to say, as (section, text), the heaviest first."""
        occasion = Occasion(self.northwind, frozenset(one.id for one in there), setting)
        async with self.store.look(self.workspace.id) as session:
            found = await briefing.brief(session, [occasion], audience or Person(self.ana.id), now)
        values = sorted(found[self.northwind], key=lambda value: (value.section, -value.weight))
        return [(value.section, str(value.text)) for value in values]

    async def says(self, section, *there, **more):
        return [text for found, text in await self.brief(*there, **more) if found is section]

    async def card(self, by=None, section=Section.PEOPLE):
        async with self.store.look(self.workspace.id) as session:
            found = await card.card(session, [self.northwind], Person((by or self.ana).id), NOW)
        return [str(value.text) for value in found[self.northwind] if value.section is section]


@pytest.fixture
async def desk(store, workspace, people):
    return await Profiles(store, workspace, people).open()
