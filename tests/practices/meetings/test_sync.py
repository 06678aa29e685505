"""Meetings kept as a calendar has them: once or ten times, moved, cancelled, held."""

import asyncio
import datetime as dt

import pytest

from bot.clock import MovableClock
from bot.courier.kinds import A_BRIEF, AFTERWARDS
from bot.courier.rows import DeliveryRow
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.clients import service as clients
from bot.practices.meetings import links, rows, service, syncing
from bot.practices.meetings.rounds import Rounds
from bot.practices.meetings.rules import Event, State, Why
from bot.practices.people import service as people_service
from bot.slack.errors import Refused
from bot.workspaces.sealing import Seal, Unreadable
from tests.calendars import SameProcess, calendar, event
from tests.front_door import KEY
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOON = NOW + 24 * HOUR
OTHER_KEY = "another-example-key-that-seals-no-secrets-o="


def meeting(key="one", at=SOON, title="Northwind", *mails, takes=HOUR):
    return Event(key, title, at, at + takes, frozenset(mails))


class Desk:
    def __init__(self, store, workspace, people):
        self.store, self.workspace, self.people = store, workspace, people

    async def open(self):
        self.ana = await self.people.member("U0ANA", "Ana")
        self.tom = await self.people.member("U0TOM", "Tom")
        async with self.work() as session:
            details = clients.Details("Northwind", self.ana.id, 7)
            made = await clients.set_up(
                session, details, by=self.ana.id, key="n", now=NOW, today=NOW.date() - dt.timedelta(days=9)
            )
            self.northwind = made.id
            self.priya = await people_service.add(
                session, made.id, "Priya", None, None, email="priya@northwind.example", by=self.ana.id, key="p", now=NOW
            )
        return self

    def work(self):
        return self.store.work(self.workspace.id)

    async def sync(self, *events, now=NOW, member=None):
        async with self.work() as session:
            return await syncing.sync(session, member or self.ana, events, linked_at=NOW - HOUR, now=now)

    async def kept(self, member=None):
        async with self.store.look(self.workspace.id) as session:
            return await rows.of_member(session, (member or self.ana).id, since=NOW - 48 * HOUR)

    async def planned(self, kind):
        async with self.store.look(self.workspace.id) as session:
            from sqlalchemy import select

            found = await session.execute(select(DeliveryRow.due_at).where(DeliveryRow.kind == kind))
            return sorted(found.scalars())

    async def settle(self, now):
        async with self.work() as session:
            for one in await rows.of_member(session, self.ana.id, since=NOW - 48 * HOUR):
                await service.settle(session, one.id, now)

    async def noted(self):
        async with self.work() as session:
            return await checkins.noted(session, self.northwind, SOON.date(), by=self.ana)


@pytest.fixture
async def desk(store, workspace, people):
    return await Desk(store, workspace, people).open()


async def test_once_or_ten_times_comes_to_the_same(desk):
    events = (meeting("one", SOON, "Plan", "priya@northwind.example"), meeting("two", SOON + HOUR, "lunch"))
    for _ in range(3):
        assert await desk.sync(*events) == 1
    (one,) = await desk.kept()
    assert (one.state, one.turn, one.people) == (State.AHEAD, 0, {desk.priya.id})
    assert await desk.planned(A_BRIEF) == [SOON - HOUR / 4]


async def test_one_that_moves_moves_and_one_that_is_gone_is_cancelled_until_it_is_back(desk):
    await desk.sync(meeting())
    await desk.sync(meeting(at=SOON + HOUR))
    await desk.sync(meeting())
    (one,) = await desk.kept()
    assert (one.starts_at, one.turn) == (SOON, 2)
    await desk.sync()
    assert [each.state for each in await desk.kept()] == [State.CANCELLED]
    await desk.sync(meeting())
    assert [(each.state, each.turn) for each in await desk.kept()] == [(State.AHEAD, 3)]
    assert len(await desk.planned(A_BRIEF)) == 4


async def test_who_is_asked_besides_changes_who_is_there(desk):
    await desk.sync(meeting())
    await desk.sync(meeting("one", SOON, "Northwind", "priya@northwind.example"))
    (one,) = await desk.kept()
    assert (one.people, one.turn) == ({desk.priya.id}, 0)


@ON_SQLITE
async def test_before_their_boss_who_is_asked_too_it_is_in_front_of_them(desk):
    async with desk.work() as session:
        omar = await people_service.add(
            session,
            desk.northwind,
            "Omar",
            None,
            None,
            email="omar@northwind.example",
            by=desk.ana.id,
            key="o",
            now=NOW,
        )
        await people_service.edit(
            session, desk.priya.id, "Priya", None, None, email="priya@northwind.example", reports_to=omar.id
        )
    await desk.sync(meeting("one", SOON, "Plan", "priya@northwind.example", "omar@northwind.example"))
    (one,) = await desk.kept()
    about = service.upcoming(one)
    assert (about.setting, about.people, about.starts_at) == ("in_front_of_boss", {desk.priya.id, omar.id}, SOON)


async def test_what_was_over_before_the_calendar_was_linked_counts_for_nothing(desk):
    await desk.sync(meeting("old", NOW - 3 * HOUR), meeting("new", NOW - HOUR, takes=HOUR / 2))
    assert [one.key for one in await desk.kept()] == ["new"]


@ON_SQLITE
async def test_held_it_is_a_conversation_and_put_off_afterwards_it_is_none(desk):
    await desk.sync(meeting("one", SOON, "Northwind", "priya@northwind.example"))
    over = SOON + HOUR
    for _ in range(2):
        await desk.settle(over)
    (bare,) = await desk.noted()
    assert (bare.is_bare, bare.via, bare.author_id) == (True, Via.CALENDAR, desk.ana.id)
    assert await desk.planned(AFTERWARDS) == [over]
    await desk.sync(meeting("one", SOON, "renamed"), now=over)
    assert len(await desk.noted()) == 1
    await desk.sync(meeting("one", SOON + 48 * HOUR, "Northwind"), now=over)
    assert await desk.noted() == []
    assert [one.state for one in await desk.kept()] == [State.AHEAD]


@ON_SQLITE
async def test_a_tap_is_taken_back_within_ten_minutes_and_asked_again(desk):
    await desk.sync(meeting("one", SOON, "Northwind", "priya@northwind.example"))
    over = SOON + HOUR
    await desk.settle(over)
    (kept,) = await desk.kept()

    async def does(use_case, *args, now=over):
        async with desk.work() as session:
            return await use_case(session, kept.id, *args, by=desk.ana, now=now)

    first = await does(service.rate, 2)
    await does(service.take_back)
    assert [one.is_bare for one in await desk.noted()] == [True]
    second = await does(service.rate, 5)
    again = await does(service.rate, 1)
    assert (first.checkin.feeling, second.checkin.feeling) == (2, 5)
    assert (again.repeated, again.checkin.id) == (True, second.checkin.id)
    assert [one.feeling for one in await desk.noted()] == [5]
    with pytest.raises(checkins.TooLateToUndo):
        await does(service.take_back, now=over + HOUR)
    with pytest.raises(Refused):
        await does(service.did_not_happen)


@ON_SQLITE
async def test_two_meetings_on_a_day_are_one_contact_day(desk):
    await desk.sync(meeting("one"), meeting("two", SOON + 2 * HOUR))
    await desk.settle(SOON + 9 * HOUR)
    assert len(await desk.noted()) == 1


@ON_SQLITE
async def test_a_meeting_is_its_members_alone(desk):
    await desk.sync(meeting())
    await desk.sync(meeting("theirs", SOON + HOUR, "Northwind"), member=desk.tom)
    assert [one.key for one in await desk.kept()] == ["one"]
    await desk.sync(member=desk.tom)
    assert [one.state for one in await desk.kept()] == [State.AHEAD]


class Going:
    """Rounds over a desk's workspace, with a site of this machine."""

    def __init__(self, desk, site):
        self.desk, self.clock, self.seal = desk, MovableClock(NOW), Seal([KEY])
        self.rounds = Rounds(desk.store, self.clock, self.seal, fetcher=site.fetcher())
        self.rounds.reader = SameProcess

    async def link(self, member, address):
        async with self.desk.work() as session:
            await links.link(session, member, self.seal.close(address), now=NOW)

    async def of(self, member):
        async with self.desk.store.look(self.desk.workspace.id) as session:
            return await links.of(session, member)


@pytest.fixture
async def going(desk, site):
    return Going(desk, site)


async def test_a_round_reads_what_is_due_and_one_that_fails_is_nobody_elses(going, site):
    desk = going.desk
    site.page(calendar(event()), path="/ana")
    await going.link(desk.tom, site.address("/nothing-there"))
    await going.link(desk.ana, site.address("/ana"))
    assert await going.rounds.read_due() == 2
    assert len(await desk.kept()) == 1
    tom, ana = await going.of(desk.tom), await going.of(desk.ana)
    assert (tom.wrong, tom.failures, tom.told) == (Why.GONE, 1, True)
    assert (ana.wrong, ana.read_at, ana.failures) == (None, NOW, 0)
    assert await going.rounds.read_due() == 0
    going.clock.advance(HOUR / 2 * 1.1)
    assert await going.rounds.read_due() == 1


@ON_SQLITE
async def test_a_calendar_that_is_the_same_is_read_whole_twice_a_day_only(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event()), etag='"v1"'))
    for wait in (HOUR, HOUR, 12 * HOUR):
        await going.rounds.read_due()
        going.clock.advance(wait)
    await going.rounds.read_due()
    asked = ["if-none-match" in head.lower() for head in site.asked]
    assert asked == [False, True, True, False]


@ON_SQLITE
async def test_two_replicas_read_a_calendar_once(going, site):
    await going.link(going.desk.ana, site.page(calendar(event())))
    other = Rounds(going.desk.store, going.clock, going.seal, fetcher=site.fetcher())
    other.reader = SameProcess
    await asyncio.gather(going.rounds.read_due(), other.read_due())
    assert len(site.asked) == 1


@ON_SQLITE
async def test_a_calendar_of_somebody_who_has_left_is_forgotten_unread(going, site):
    await going.link(going.desk.tom, site.page(calendar(event())))
    await going.desk.people.member("U0TOM", "Tom", is_gone=True)
    await going.rounds.read_due()
    assert site.asked == []
    assert await going.of(going.desk.tom) is None


@ON_SQLITE
async def test_a_lost_key_is_said_and_a_new_one_before_the_old_loses_nothing(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event())))
    for keys, wrong in (([OTHER_KEY], Why.SEALED), ([OTHER_KEY, KEY], None)):
        rounds = Rounds(desk.store, going.clock, Seal(keys), fetcher=site.fetcher())
        rounds.reader = SameProcess
        assert await rounds.read(desk.workspace.id, desk.ana.id) is wrong


def test_what_is_sealed_opens_with_its_own_key_only():
    sealed = Seal([KEY]).close("https://calendar.example.com/secret")
    assert "secret" not in sealed
    with pytest.raises(Unreadable):
        Seal([OTHER_KEY]).open(sealed)
