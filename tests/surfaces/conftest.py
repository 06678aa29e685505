import datetime as dt
from dataclasses import dataclass

import pytest

from bot.clock import MovableClock
from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups
from bot.store.base import new_id
from bot.surfaces.card import Cards
from bot.workspaces.here import Here, Host
from bot.workspaces.lookup import Lookup
from tests.front_door import agency
from tests.voice import Voice

NOW = dt.datetime(2026, 5, 14, 8, 30, tzinfo=dt.UTC)


@dataclass
class Office:
    """A workspace with people in it, and a way to ask as one of them."""

    host: Host
    workspace: object
    people: dict
    cards: Cards

    def here(self, name):
        envelope = Envelope(Kind.COMMAND, team="T0001", user=self.people[name].slack_id)
        return Here(self.host, self.workspace, self.people[name], envelope, NOW, is_among_us=True)

    async def client(self, name, owner="Ana", *, rhythm=7, started=dt.date(2026, 5, 10), **more):
        details = clients.Details(name, self.people[owner].id, rhythm, started_on=started, **more)
        async with self.host.store.work(self.workspace.id) as session:
            made = await clients.set_up(
                session, details, by=self.people[owner].id, key=str(new_id()), now=NOW, today=NOW.date()
            )
        return made.id

    async def note(self, client_id, text, by="Ana", **more):
        note = Note(client_id, 4, text, Via.LINE, **more)
        async with self.host.store.work(self.workspace.id) as session:
            receipt = await checkins.record(session, note, by=self.people[by], key=str(new_id()), now=NOW)
        return receipt.checkin.id

    async def change(self, use_case, *args, **more):
        async with self.host.store.work(self.workspace.id) as session:
            return await use_case(session, *args, **more)


@pytest.fixture
async def office(store, workspace, people):
    slack = SlackClients("http://127.0.0.1:9/api/", "xoxb-example")
    host = Host(store, slack, Followups(), MovableClock(NOW), Lookup(store, slack.reading))
    known = {name: await people.member(f"U0{name.upper()}", name) for name in ("Ana", "Tom", "Sam")}
    yield Office(host, workspace, known, Cards(PRACTICES))
    await host.followups.drain(1)


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        yield place


@pytest.fixture
async def voice(place):
    voice = Voice(place, place.elsewhere)
    await voice.choose()
    return voice
