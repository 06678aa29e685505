"""Who may say that a promise is done, and that it is open after all."""

import datetime as dt

import pytest

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.practices.promises import service as promises
from bot.practices.promises.rules import Guess, PromiseState
from bot.slack.errors import Refused
from bot.store.search import Visibility
from bot.workspaces.visibility import Room
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 14, 8, 30, tzinfo=dt.UTC)


@ON_SQLITE
async def test_its_author_and_the_clients_team_may_and_others_may_not(store, workspace, people):
    ana, tom, sam = [await people.member(f"U0{name.upper()}", name) for name in ("Ana", "Tom", "Sam")]
    async with store.work(workspace.id) as session:
        details = clients.Details("Northwind", ana.id, 7)
        client = await clients.set_up(session, details, by=ana.id, key="a client", now=NOW, today=NOW.date())
        guess = Guess("media plan", NOW.date(), theirs=False)
        note = Note(client.id, 4, "We send it", Via.LINE, promise=guess, visibility=Visibility.EVERYONE)
        receipt = await checkins.record(session, note, by=tom, key="a note", now=NOW)
        promise = receipt.promise or (await promises.of_checkins(session, [receipt.checkin.id]))[receipt.checkin.id]
        room = Room(frozenset({client.id}))

        async def kept():
            return [one.what for one in await promises.kept(session, [client.id], room, since=NOW, limit=9)]

        for member in (tom, ana):
            done = await promises.settle(session, promise.id, by=member, state=PromiseState.KEPT, now=NOW)
            assert done.state is PromiseState.KEPT
            assert await kept() == ["media plan"]
            again = await promises.settle(session, promise.id, by=member, state=PromiseState.OPEN, now=NOW)
            assert again.state is PromiseState.OPEN
            assert await kept() == []
        with pytest.raises(clients.NotTheirs, match="Ana can"):
            await promises.settle(session, promise.id, by=sam, state=PromiseState.KEPT, now=NOW)
        with pytest.raises(Refused, match="not kept here"):
            await promises.settle(session, client.id, by=tom, state=PromiseState.KEPT, now=NOW)
