"""Ember speaking first in tests: a courier beside the front door, moved by hand from morning to morning."""

import datetime as dt
import uuid
from dataclasses import replace

from bot.courier import policies
from bot.courier.desk import Courier
from bot.courier.guard import Guard
from bot.courier.rows import DeliveryRow
from bot.courier.timing import Timing
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.store.base import new_id
from bot.surfaces import timetable
from bot.surfaces.changes import refresh
from bot.surfaces.speeches import SPEECHES
from bot.workspaces import directory, settings
from tests.front_door import Place
from tests.rhythm import move

WEDNESDAY_AT_NINE = dt.datetime(2026, 5, 13, 7, 0, 30, tzinfo=dt.UTC)
"""9:00 in Berlin, the morning after the tests' own."""
QUICK = Timing(pace=0.0, unsure=0.0, backoff=0.0)


class Voice:
    """The courier of a place, and what it has said."""

    def __init__(self, place: Place, team) -> None:
        self.place, self.team = place, team
        ember = place.ember
        ember.courier.engine = None
        guard = Guard(ember.lookup)
        self.courier = Courier(
            ember.store, ember.clients.posting, place.clock, SPEECHES, guard, hold=policies.hold, timing=QUICK
        )

    @property
    def workspace(self):
        return next(iter(self.place.ember.workspaces.values()))

    async def choose(self, **wanted) -> None:
        """Keep some settings of the workspace, the team's channel among them, and have nothing tick but this."""
        await self.place.ember.engine.stop()
        await self.place.has_been_in(self.team)
        async with self.place.ember.store.work(self.workspace.id) as session:
            channel = (await directory.find_channels(session, [self.team.id]))[self.team.id]
            members = await directory.find_members(session, [self.place.ana.id])
            admin = replace(members[self.place.ana.id], is_admin=True)
            known = await settings.read(session)
            wanted = {"team_channel_id": channel.id, "tz": "Europe/Berlin", **wanted}
            await settings.change(session, replace(known, **wanted), by=admin, now=self.place.clock.now())

    async def refresh(self, session, client_id) -> None:
        """Bring what stands up to date, as after a change."""
        await refresh(session, client_id, self.place.clock.now())

    async def timetable(self) -> None:
        """Work out when everyone is spoken to."""
        async with self.place.ember.store.work(self.workspace.id) as session:
            await timetable.keep(session, self.place.clock.now())

    async def speak(self) -> None:
        """Plan and say what is due by now."""
        await self.place.quiet()
        await self.courier.plan()
        await self.courier.dispatch()

    async def at(self, instant: dt.datetime) -> None:
        """Move to an instant, and say what is due."""
        move(self.place, instant)
        await self.speak()

    async def settle(self) -> None:
        """Finish what Ember does behind an answer, and bring what stands up to date."""
        await self.place.quiet()
        await self.courier.dispatch()
        await self.place.quiet()

    async def deliveries(self, **which):
        return await self.place.rows(DeliveryRow, **which)

    async def member(self, person):
        """Somebody as Ember knows them."""
        async with self.place.ember.store.look(self.workspace.id) as session:
            return (await directory.find_members(session, [person.id]))[person.id]

    async def client(
        self, name: str, *ago: int, by=None, backup=None, words="talked about the plan", began=None, **more
    ):
        """Set up a client that was spoken with so many days before the clock's today; return its id."""
        now = self.place.clock.now()
        owner = await self.member(by or self.place.ana)
        started = began or now.date() - dt.timedelta(days=max(ago, default=0))
        about = {"backup": (await self.member(backup)).id} if backup is not None else {}
        details = clients.Details(name, owner.id, 7, started_on=started, **about, **more)
        async with self.place.ember.store.work(self.workspace.id) as session:
            made = await clients.set_up(session, details, by=owner.id, key=str(new_id()), now=now, today=now.date())
            for days in sorted(ago, reverse=True):
                await self._note(session, owner, made.id, 4, f"{words}, {days} days before", days)
        return made.id

    async def note(self, client_id, words: str, *, by=None, feeling=4, days=0, **more):
        """Log a conversation so many days before the clock's today; return its receipt."""
        author = await self.member(by or self.place.ana)
        async with self.place.ember.store.work(self.workspace.id) as session:
            return await self._note(session, author, client_id, feeling, words, days, **more)

    async def _note(self, session, author, client_id, feeling, words, days, **more):
        now = self.place.clock.now() - dt.timedelta(days=days)
        note = Note(client_id, feeling, words, Via.LINE, said_on=now.date(), **more)
        return await checkins.record(session, note, by=author, key=str(new_id()), now=now)

    async def channel(self, slack_id: str) -> uuid.UUID:
        """Keep a channel of ours; return our id of it."""
        async with self.place.ember.store.work(self.workspace.id) as session:
            facts = directory.ChannelFacts(slack_id, "a client", directory.Exposure.INTERNAL, is_archived=False)
            await directory.keep_channel(session, facts, now=self.place.clock.now())
            return (await directory.find_channels(session, [slack_id]))[slack_id].id

    def said_in(self, channel):
        """The messages by Ember that everyone in a channel reads, oldest first."""
        messages = self.place.slack.world.messages()
        return [one for one in messages if one.channel_id == channel.id and one.app and one.ephemeral_to is None]
