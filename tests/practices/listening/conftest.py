import datetime as dt

import pytest

from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.listening import brief, service
from bot.practices.listening.card import card
from bot.practices.listening.service import Said
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.desk import Desk
from tests.support import NOW


class Listening(Desk):
    """Priya and Omar are at Northwind."""

    async def furnish(self):
        self.priya, self.omar = [await self.person(name) for name in ("Priya", "Omar")]
        self.room = Room(frozenset({self.northwind}))

    async def note(self, text="Went through the numbers", *signals, there=(), by=None, days=0, feeling=3, **more):
        """Log a conversation so many days ago; return it."""
        now = NOW - dt.timedelta(days=days)
        who = Details(frozenset(one.id for one in there), frozenset(signals))
        note = Note(self.northwind, feeling, text, Via.MODAL, said_on=now.date(), details=who, **more)
        receipt = await self.do(checkins.record, note, by=by or self.ana, key=str(new_id()), now=now)
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
        return await self.do(service.answer, said, by=by or self.ana, key=str(new_id()), now=NOW)

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
    return await Listening(store, workspace, people).open()
