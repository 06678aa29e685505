import datetime as dt

import pytest

from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.practices.listening import brief, service
from bot.practices.listening.card import card
from bot.practices.listening.service import Said
from bot.practices.people import service as people_service
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()


class Desk:
    """Ana looks after Northwind, where Priya and Omar are; Tom covers; Sam is not in the team."""

    def __init__(self, store, workspace, people):
        self.store, self.workspace, self._people = store, workspace, people

    async def open(self):
        self.ana = await self._people.member("U0ANA", "Ana")
        self.tom = await self._people.member("U0TOM", "Tom")
        self.sam = await self._people.member("U0SAM", "Sam")
        details = clients.Details("Northwind", self.ana.id, 7, team=frozenset({self.tom.id}))
        self.northwind = (
            await self.change(clients.set_up, details, by=self.ana.id, key="northwind", now=NOW, today=TODAY)
        ).id
        self.priya, self.omar = [await self.person(name) for name in ("Priya", "Omar")]
        self.room = Room(frozenset({self.northwind}))
        return self

    async def person(self, name):
        key = {"by": self.ana.id, "key": name, "now": NOW}
        return await self.change(people_service.add, self.northwind, name, None, None, **key)

    async def change(self, use_case, *args, **more):
        async with self.store.work(self.workspace.id) as session:
            return await use_case(session, *args, **more)

    async def look(self, use_case, *args, **more):
        async with self.store.look(self.workspace.id) as session:
            return await use_case(session, *args, **more)

    async def note(self, text="Went through the numbers", *signals, there=(), by=None, days=0, feeling=3, **more):
        """Log a conversation so many days ago; return it."""
        now = NOW - dt.timedelta(days=days)
        who = Details(frozenset(one.id for one in there), frozenset(signals))
        note = Note(self.northwind, feeling, text, Via.MODAL, said_on=now.date(), details=who, **more)
        receipt = await self.change(checkins.record, note, by=by or self.ana, key=str(new_id()), now=now)
        return receipt.checkin

    def occasion(self, *there):
        return Occasion(self.northwind, frozenset(one.id for one in there))

    async def values(self, *there, member=None, audience=None, days=0):
        """Return what a brief has to say about who is there, by listening alone."""
        reader, now = audience or Person((member or self.ana).id), NOW + dt.timedelta(days=days)
        return (await self.look(brief.brief, [self.occasion(*there)], reader, now))[self.northwind]

    async def says(self, section, *there, **more):
        return [str(value.text) for value in await self.values(*there, **more) if value.section is section]

    async def asks(self, *there, **more):
        """Return the questions of a brief, as (question, person)."""
        found = [value for value in await self.values(*there, **more) if value.accessory is not None]
        return [(value.subject, value.person) for value in found if value.section is Section.ASK]

    async def hints(self, member=None, audience=None):
        reader = audience or Person((member or self.ana).id)
        found = (await self.look(card, [self.northwind], reader, NOW)).get(self.northwind, ())
        return [str(value.text) for value in found]

    async def answer(self, question_id, who=None, text="Fewer surprises", *, by=None, **more):
        visibility = more.pop("visibility", Visibility.TEAM)
        said = Said(question_id, self.northwind, (who or self.priya).id, text, visibility, **more)
        return await self.change(service.answer, said, by=by or self.ana, key=str(new_id()), now=NOW)

    async def everything_in_a_channel(self):
        """Return all that any practice says to the client's channel: digest and shared brief, as one text."""
        said = []
        for practice in PRACTICES:
            if practice.digest is not None:
                for days in (0, 1, 2, 6):
                    now = NOW + dt.timedelta(days=days)
                    said.append(await self.look(practice.digest, [self.northwind], self.room, now))
            if practice.brief is not None:
                said.append(await self.look(practice.brief, [self.occasion()], self.room, NOW))
        return repr(said)


@pytest.fixture
async def desk(store, workspace, people):
    return await Desk(store, workspace, people).open()
