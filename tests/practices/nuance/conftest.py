import datetime as dt

import pytest

from bot.practices.clients import service as clients
from bot.practices.nuance import briefing, card, service
from bot.practices.nuance.rules import MANY
from bot.practices.nuance.service import Said
from bot.practices.people import service as people_service
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.conftest import NOW

TODAY = NOW.date()


class Desk:
    """Ana looks after Northwind, Tom is in its team, Sam is not; Priya and her boss Omar are there."""

    def __init__(self, store, workspace, members):
        self.store, self.workspace, self._members = store, workspace, members

    async def open(self):
        self.ana, self.tom, self.sam = [await self._members.member(f"U0{n.upper()}", n) for n in ("Ana", "Tom", "Sam")]
        async with self.work() as session:
            details = clients.Details("Northwind", self.ana.id, 7, team=frozenset({self.tom.id}))
            made = await clients.set_up(session, details, by=self.ana.id, key="northwind", now=NOW, today=TODAY)
        self.northwind = made.id
        self.room = Room(frozenset({self.northwind}))
        self.omar = await self.person("Omar")
        self.priya = await self.person("Priya")
        async with self.work() as session:
            self.priya = await people_service.edit(session, self.priya.id, "Priya", None, None, reports_to=self.omar.id)
        return self

    def work(self):
        return self.store.work(self.workspace.id)

    async def person(self, name):
        async with self.work() as session:
            return await people_service.add(
                session, self.northwind, name, None, None, by=self.ana.id, key=name, now=NOW
            )

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

    async def change(self, use_case, *args, **more):
        async with self.work() as session:
            return await use_case(session, *args, **more)


@pytest.fixture
async def desk(store, workspace, people):
    return await Desk(store, workspace, people).open()
