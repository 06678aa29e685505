"""Their words: the newest that a reader may see; to a room none beside which something was noticed."""

import datetime as dt
from dataclasses import replace

from bot.practices.checkins import quotes
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Signal, Via
from bot.practices.checkins.service import Details, Note
from bot.practices.clients import service as clients
from bot.practices.people import keeping
from bot.practices.people import service as contacts
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
pytestmark = ON_SQLITE


async def test_a_reader_sees_the_newest_words_they_may_and_a_room_none_that_was_marked(store, workspace, people):
    ana, tom = [await people.member(f"U0{name.upper()}", name) for name in ("Ana", "Tom")]
    async with store.work(workspace.id) as session:
        details = clients.Details("Northwind", ana.id, 7, team=frozenset({tom.id}))
        client = await clients.set_up(session, details, by=ana.id, key="c", now=NOW, today=NOW.date())
        priya = await contacts.add(session, client.id, "Priya", None, None, by=ana.id, key="p", now=NOW)

        async def say(words, ago, **more):
            on, told = (NOW - ago * DAY).date(), more.pop("details", Details())
            note = Note(client.id, 4, "we spoke", Via.LINE, quote=words, said_on=on, details=told, **more)
            await checkins.record(session, note, by=ana, key=str(new_id()), now=NOW)

        await say("only for Ana", 1, visibility=Visibility.ME)
        await say("we may move on", 2, details=Details(signals=frozenset({Signal.MAY_LEAVE})))
        await say("ideas our own team cannot see", 3, details=Details(people=frozenset({priya.id})))
        await say("long ago", 40)

        async def said(audience, since=dt.date.min):
            found = await checkins.quotes(session, [client.id], audience, since, limit=9)
            return [one.quote for one in found]

        room, lately = Room(frozenset({client.id})), (NOW - 9 * DAY).date()
        assert await said(Person(ana.id), lately) == [
            "only for Ana", "we may move on", "ideas our own team cannot see"
        ]  # fmt: skip
        assert await said(Person(tom.id), lately) == ["we may move on", "ideas our own team cannot see"]
        assert await said(room, lately) == ["ideas our own team cannot see"]
        assert await said(room) == ["ideas our own team cannot see", "long ago"]
        assert await said(Room(frozenset())) == []
        [value, _] = (await quotes.brief(session, [Occasion(client.id)], room, NOW))[client.id]
        assert (value.section, value.person) == (Section.WORDS, priya.id)
        assert str(value.text) == "*Their words:* “ideas our own team cannot see” Priya, Sat 9 May"


async def test_words_said_by_one_of_two_are_not_put_in_the_others_mouth_once_one_is_forgotten(store, workspace, people):
    ana = await people.member("U0ANA", "Ana")
    async with store.work(workspace.id) as session:
        details = clients.Details("Northwind", ana.id, 7)
        client = await clients.set_up(session, details, by=ana.id, key="c", now=NOW, today=NOW.date())
        priya, omar = [
            await contacts.add(session, client.id, name, None, None, by=ana.id, key=name, now=NOW)
            for name in ("Priya", "Omar")
        ]
        both = Details(people=frozenset({priya.id, omar.id}))
        note = Note(client.id, 4, "we spoke", Via.LINE, quote="we may move on", details=both)
        kept = await checkins.record(session, note, by=ana, key="n", now=NOW)
        await keeping.forget(session, omar.id)

        async def speaker():
            [value] = (await quotes.brief(session, [Occasion(client.id)], Person(ana.id), NOW))[client.id]
            return value.person

        assert await speaker() is None
        left = replace(note, details=Details(people=frozenset({priya.id})))
        await checkins.edit(session, kept.checkin.id, replace(left, text="we spoke at length"), by=ana, now=NOW)
        assert await speaker() is None
        await checkins.edit(session, kept.checkin.id, replace(left, details=Details()), by=ana, now=NOW)
        await checkins.edit(session, kept.checkin.id, left, by=ana, now=NOW)
        assert await speaker() == priya.id
