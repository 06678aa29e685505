"""Promises, blockers, differences and what will be needed: whose words they are, and who changes them."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.practices.anticipations import service as anticipations
from bot.practices.blockers import service as blockers
from bot.practices.blockers.rules import Side
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.differences import service as differences
from bot.practices.promises import service as promises
from bot.practices.promises.rules import PromiseState
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility, find_entries
from bot.surfaces.find import readable_by
from bot.workspaces.visibility import Person
from tests.desk import Desk
from tests.support import NOW, ON_SQLITE, TODAY


class Promises:
    drop, readable = staticmethod(promises.forget), staticmethod(promises.readable)

    @staticmethod
    def _said(client_id, what, seen, by):
        return promises.Details(client_id, what, TODAY, by.id, False, seen)

    async def add(self, session, client_id, what, seen, by):
        return await promises.make(session, self._said(client_id, what, seen, by), by=by, key=str(new_id()), now=NOW)

    async def edit(self, session, one, what, seen, by):
        said = replace(self._said(one.client_id, what, seen, by), carrier_id=one.carrier_id)
        return await promises.edit(session, one.id, said, by=by, now=NOW)

    async def end(self, session, one, by):
        return await promises.settle(session, one.id, by=by, state=PromiseState.KEPT, now=NOW)


class Blockers:
    drop, readable = staticmethod(blockers.drop), staticmethod(blockers.readable)

    @staticmethod
    def _said(what, seen):
        return blockers.Details(what, None, Side.THEIRS, None, TODAY, seen)

    async def add(self, session, client_id, what, seen, by):
        return await blockers.add(session, client_id, self._said(what, seen), by=by, key=str(new_id()), now=NOW)

    async def edit(self, session, one, what, seen, by):
        return await blockers.edit(session, one.id, self._said(what, seen), by=by)

    async def end(self, session, one, by):
        return await blockers.close(session, one.id, "ring the boss", None, by=by, today=TODAY)


class Differences:
    drop, readable = staticmethod(differences.drop), staticmethod(differences.readable)

    async def add(self, session, client_id, what, seen, by):
        said = differences.Details(client_id, what, TODAY, seen)
        return await differences.add(session, said, by=by, key=str(new_id()), now=NOW, today=TODAY)

    async def edit(self, session, one, what, seen, by):
        said = differences.Details(one.client_id, what, TODAY, seen)
        return await differences.edit(session, one.id, said, by=by, today=TODAY)

    async def end(self, session, one, by):
        return await differences.close(session, one.id, "one market", by=by, now=NOW)


class Anticipations:
    drop, readable = staticmethod(anticipations.forget), staticmethod(anticipations.readable)

    async def add(self, session, client_id, what, seen, by):
        return await anticipations.add(session, client_id, what, seen, by=by, key=str(new_id()), now=NOW)

    async def edit(self, session, one, what, seen, by):
        return await anticipations.edit(session, one.id, what, seen, by=by)

    async def end(self, session, one, by):
        return await anticipations.settle(session, one.id, anticipations.Outcome.DONE, by=by, now=NOW)


ROOMS = pytest.mark.parametrize(
    "room", [Promises(), Blockers(), Differences(), Anticipations()], ids=lambda room: type(room).__name__.lower()
)


class Writing(Desk):
    async def reads(self, room, one, by):
        return one.id in await self.do(room.readable, [one.id], Person(by.id))

    async def finds(self, words, by):
        found = await self.do(find_entries, words, allowed=readable_by(Person(by.id)), limit=10)
        return [hit.ref for hit in found]


@pytest.fixture
async def desk(store, workspace, people):
    return await Writing(store, workspace, people).open()


@ROOMS
async def test_the_team_changes_what_is_written_down_and_an_author_changes_their_own(desk, room):
    seen = await desk.do(room.add, desk.northwind, "a plan", Visibility.EVERYONE, desk.ana)
    for change in (
        desk.do(room.edit, seen, "no plan", Visibility.EVERYONE, desk.sam),
        desk.do(room.end, seen, desk.sam),
        desk.do(room.drop, seen.id, by=desk.sam),
    ):
        with pytest.raises(clients.NotTheirs, match="Ana can"):
            await change
    own = await desk.do(room.add, desk.northwind, "a dog, Otto", Visibility.TEAM, desk.sam)
    await desk.do(room.edit, own, "a dog, Bruno", Visibility.TEAM, desk.sam)
    assert await desk.finds("bruno", desk.tom) == [own.id]
    assert await desk.finds("otto", desk.tom) == []
    await desk.do(room.end, own, desk.tom)
    assert await desk.finds("bruno", desk.sam) == [own.id]
    await desk.do(room.drop, own.id, by=desk.tom)
    assert await desk.finds("bruno", desk.sam) == []
    with pytest.raises(Refused):
        await desk.do(room.end, own, desk.sam)


@ON_SQLITE
@ROOMS
async def test_a_colleague_cannot_make_somebody_elses_words_their_own_secret(desk, room):
    kept = await desk.do(room.add, desk.northwind, "oat milk", Visibility.TEAM, desk.ana)
    with pytest.raises(NotTheirsAlone, match=r"^Only Ana can make this theirs alone\.$"):
        await desk.do(room.edit, kept, "oat milk, hot", Visibility.ME, desk.tom)
    await desk.do(room.edit, kept, "oat milk, hot", Visibility.EVERYONE, desk.tom)
    assert await desk.finds("hot", desk.sam) == [kept.id]
    await desk.do(room.edit, kept, "oat milk", Visibility.ME, desk.ana)
    assert [await desk.reads(room, kept, member) for member in (desk.ana, desk.tom)] == [True, False]
    assert await desk.finds("oat", desk.tom) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_second_save_waits_for_the_first_one_and_reads_what_that_wrote(desk):
    room = Blockers()
    one = await desk.do(room.add, desk.northwind, "a plan", Visibility.TEAM, desk.ana)
    begun, seen = asyncio.Event(), []

    async def second():
        async with desk.store.work(desk.workspace.id) as session:

            async def read():
                found = (await room.readable(session, [one.id], Person(desk.tom.id)))[one.id]
                begun.set()
                seen.append(found)
                return found

            return await whose.held(session, read)

    async with desk.store.work(desk.workspace.id) as session:
        await whose.held(session, partial(read_one, session, room, one, desk.ana))
        later = asyncio.create_task(second())
        await begun.wait()
        await room.edit(session, one, "the whole plan", Visibility.TEAM, desk.ana)
    assert "the whole plan" in repr(await later)
    assert "the whole plan" not in repr(seen[0])


async def read_one(session, room, one, by):
    return (await room.readable(session, [one.id], Person(by.id)))[one.id]


@ON_SQLITE
@ROOMS
async def test_whoever_covers_for_the_team_changes_and_ends_what_the_team_may(desk, room):
    kept = await desk.do(room.add, desk.northwind, "a plan", Visibility.TEAM, desk.ana)
    hidden = await desk.do(room.add, desk.northwind, "between us", Visibility.ME, desk.ana)
    with pytest.raises(Refused):
        await desk.do(room.end, kept, desk.sam)
    cover = replace(desk.sam, covers=frozenset({desk.northwind}))
    await desk.do(room.edit, kept, "the whole plan", Visibility.TEAM, cover)
    await desk.do(room.end, kept, cover)
    assert await desk.finds("whole", desk.ana) == [kept.id]
    with pytest.raises(Refused):
        await desk.do(room.end, hidden, cover)
