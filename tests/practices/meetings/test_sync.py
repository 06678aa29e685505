"""Meetings kept as a calendar has them: once or ten times, moved, cancelled, held."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

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
from bot.workspaces import away
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


class Diary:
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

    async def does(self, use_case, which, *args, now):
        async with self.work() as session:
            return await use_case(session, which.id, *args, by=self.ana, now=now)

    async def writes(self, feeling, now):
        note = checkins.Note(self.northwind, feeling, "she liked the plan", Via.LINE)
        async with self.work() as session:
            return await checkins.record(session, note, by=self.ana, key=str(now), now=now)

    async def answer(self, which):
        async with self.work() as session:
            found = await service.noted_as(session, which, by=self.ana)
            return found.checkin.feeling if found is not None else None

    async def noted(self):
        async with self.work() as session:
            return await checkins.noted(session, self.northwind, SOON.date(), by=self.ana)


@pytest.fixture
async def desk(store, workspace, people):
    return await Diary(store, workspace, people).open()


async def test_once_or_ten_times_comes_to_the_same(desk):
    events = (meeting("one", SOON, "Plan", "priya@northwind.example"), meeting("two", SOON + HOUR, "lunch"))
    for _ in range(3):
        assert await desk.sync(*events) == 1
    (one,) = await desk.kept()
    assert (one.state, one.turn, one.people) == (State.AHEAD, 0, {desk.priya.id})
    assert await desk.planned(A_BRIEF) == [SOON - HOUR / 4]


@ON_SQLITE
async def test_what_a_calendar_calls_a_meeting_is_kept_nowhere(desk):
    await desk.sync(meeting("one", SOON, "Northwind, and what Priya must not read"))
    async with desk.store.look(desk.workspace.id) as session:
        (kept,) = (await session.execute(sa.select(rows.MeetingRow))).scalars()
    assert kept.client_id == desk.northwind
    assert "Northwind" not in repr(vars(kept))


@ON_SQLITE
async def test_a_brief_is_compared_with_meetings_of_the_last_half_year(desk):
    old, lately = SOON - dt.timedelta(days=200), SOON - dt.timedelta(days=100)
    for key, at in (("old", old), ("lately", lately), ("next", SOON)):
        async with desk.work() as session:
            await syncing.sync(session, desk.ana, [meeting(key, at)], linked_at=at - HOUR, now=at - HOUR)
    async with desk.work() as session:
        assert len(await rows.ids_with(session, desk.ana.id, desk.northwind, since=NOW - service.REMEMBERED)) == 2


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
async def test_where_one_of_two_did_not_happen_the_other_still_counts(desk):
    over = SOON + 9 * HOUR
    await desk.sync(meeting("one"), meeting("two", SOON + 2 * HOUR))
    await desk.settle(over)
    one, _ = await desk.kept()
    await desk.does(service.did_not_happen, one, now=over)
    (bare,) = await desk.noted()
    assert [each.checkin_id for each in await desk.kept()] == [None, bare.id]
    await desk.sync(meeting("one"), meeting("two", SOON + 48 * HOUR), now=over)
    assert await desk.noted() == []


@ON_SQLITE
async def test_one_put_off_leaves_the_day_to_the_other(desk):
    over = SOON + 9 * HOUR
    await desk.sync(meeting("one"), meeting("two", SOON + 2 * HOUR))
    await desk.settle(over)
    await desk.sync(meeting("one", SOON + 48 * HOUR), meeting("two", SOON + 2 * HOUR), now=over)
    assert len(await desk.noted()) == 1


async def test_one_called_off_as_it_began_was_none(desk):
    await desk.sync(meeting())
    await desk.sync(now=SOON + HOUR / 2)
    await desk.settle(SOON + HOUR)
    assert await desk.noted() == []
    assert [one.state for one in await desk.kept()] == [State.CANCELLED]


@ON_SQLITE
async def test_one_that_is_there_again_while_it_runs_is_held(desk):
    await desk.sync(meeting())
    await desk.sync(now=SOON + HOUR / 4)
    await desk.sync(meeting(), now=SOON + HOUR / 2)
    await desk.settle(SOON + HOUR)
    assert len(await desk.noted()) == 1


@ON_SQLITE
async def test_while_somebody_is_away_nothing_in_their_calendar_is_theirs(desk):
    days = {"from_on": SOON.date(), "back_on": SOON.date() + dt.timedelta(days=1), "today": NOW.date()}
    async with desk.work() as session:
        await away.set_away(session, desk.ana.id, **days, cover_id=desk.tom.id, now=NOW)
    await desk.sync(meeting("one"), meeting("after", SOON + 24 * HOUR))
    await desk.settle(SOON + 48 * HOUR)
    assert await desk.noted() == []
    assert [one.state for one in await desk.kept()] == [State.CANCELLED, State.HELD]


@ON_SQLITE
async def test_a_meeting_of_ours_about_a_client_is_no_conversation_with_them(desk):
    await desk.sync(meeting("prep", SOON, "Northwind prep", "ana@ours.example", "tom@ours.example"))
    assert await desk.planned(A_BRIEF) == [SOON - HOUR / 4]
    await desk.settle(SOON + HOUR)
    assert await desk.noted() == []
    assert await desk.planned(AFTERWARDS) == []


@ON_SQLITE
async def test_what_was_written_meanwhile_is_the_answer_and_a_tap_adds_no_second_one(desk):
    await desk.sync(meeting())
    over = SOON + HOUR
    await desk.settle(over)
    await desk.writes(4, over + HOUR / 60)
    (held,) = await desk.kept()
    assert await desk.answer(held) == 4
    tapped = await desk.does(service.rate, held, 1, now=over + HOUR / 30)
    assert (tapped.repeated, tapped.checkin.feeling) == (True, 4)
    assert [one.feeling for one in await desk.noted() if not one.is_bare] == [4]
    with pytest.raises(Refused):
        await desk.does(service.did_not_happen, held, now=over + HOUR / 30)
    assert (await desk.does(service.take_back, held, now=over + HOUR / 20)).text == "she liked the plan"
    assert [one.is_bare for one in await desk.noted()] == [True]


@ON_SQLITE
async def test_what_is_written_is_about_the_last_meeting_before_it(desk):
    await desk.sync(meeting("one"), meeting("two", SOON + 2 * HOUR))
    await desk.settle(SOON + HOUR)
    one, _ = await desk.kept()
    await desk.does(service.rate, one, 2, now=SOON + 3 * HOUR)
    await desk.settle(SOON + 3 * HOUR)
    assert len(await desk.planned(AFTERWARDS)) == 2
    one, two = await desk.kept()
    assert (await desk.answer(one), await desk.answer(two)) == (2, None)
    await desk.writes(5, SOON + 4 * HOUR)
    assert (await desk.answer(one), await desk.answer(two)) == (2, 5)


@ON_SQLITE
async def test_a_series_that_goes_to_another_time_is_not_held_twice(desk):
    series, over = "s" * 32, SOON + 4 * HOUR
    await desk.sync(meeting(f"{series}1"))
    await desk.settle(SOON + HOUR)
    await desk.sync(meeting(f"{series}2", SOON + HOUR), meeting("else", SOON + HOUR, "Northwind"), now=over)
    assert [one.key for one in await desk.kept()] == [f"{series}1", "else"]
    again = (meeting(f"{series}1"), meeting(f"{series}3", SOON + 2 * HOUR), meeting(f"{series}4", over + HOUR))
    await desk.sync(*again, now=over)
    assert {f"{series}3", f"{series}4"} < {one.key for one in await desk.kept()}


@ON_SQLITE
async def test_undo_does_nothing_about_a_meeting_that_is_ahead_again(desk):
    await desk.sync(meeting())
    over = SOON + HOUR
    await desk.settle(over)
    (held,) = await desk.kept()
    await desk.does(service.did_not_happen, held, now=over)
    await desk.sync(meeting(at=over + HOUR), now=over)
    with pytest.raises(Refused, match="still ahead"):
        await desk.does(service.take_back, held, now=over)
    assert [one.state for one in await desk.kept()] == [State.AHEAD]


@ON_SQLITE
async def test_another_end_alone_is_no_reason_for_another_brief(desk):
    await desk.sync(meeting())
    await desk.sync(meeting(takes=2 * HOUR))
    (one,) = await desk.kept()
    assert (one.ends_at, one.turn) == (SOON + 2 * HOUR, 0)
    assert len(await desk.planned(A_BRIEF)) == 1


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


async def test_a_meeting_counts_only_once_its_calendar_was_read_since_it_began(going, site):
    desk, page = going.desk, calendar(event("weekly", "20260512T100000Z", "20260512T101500Z"))
    await going.link(desk.ana, site.page(page))
    await going.rounds.look()
    site.page(b"", status="503 Busy")
    going.clock.advance(HOUR)
    await going.rounds.look()
    assert [one.state for one in await desk.kept()] == [State.AHEAD]
    assert await going.rounds.settle_due() == 0
    site.page(page)
    going.clock.advance(2 * HOUR)
    await going.rounds.look()
    assert [one.state for one in await desk.kept()] == [State.HELD]


@ON_SQLITE
async def test_a_calendar_is_read_early_for_a_meeting_that_is_over_and_may_have_been_called_off(going, site):
    desk, page = going.desk, calendar(event("short", "20260512T094000Z", "20260512T094500Z"))
    await going.link(desk.ana, site.page(page))
    await going.rounds.look()
    site.page(calendar())
    going.clock.advance(HOUR / 4)
    await going.rounds.look()
    assert (len(site.asked), [one.state for one in await desk.kept()]) == (2, [State.CANCELLED])


@ON_SQLITE
async def test_what_nobody_could_read_for_days_is_not_taken_as_held(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event())))
    await going.rounds.look()
    going.clock.advance(240 * HOUR)
    await going.rounds.look()
    assert [one.state for one in await desk.kept()] == [State.CANCELLED]


@ON_SQLITE
async def test_unlinked_while_a_meeting_runs_it_is_forgotten(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event())))
    await going.rounds.look()
    async with desk.work() as session:
        assert await links.unlink(session, desk.ana, now=SOON + 5 * HOUR)
    assert await desk.kept() == []


@ON_SQLITE
async def test_two_replicas_read_a_calendar_once(going, site):
    await going.link(going.desk.ana, site.page(calendar(event())))
    other = Rounds(going.desk.store, going.clock, going.seal, fetcher=site.fetcher())
    other.reader = SameProcess
    await asyncio.gather(going.rounds.read_due(), other.read_due())
    assert len(site.asked) == 1


@ON_SQLITE
async def test_a_calendar_that_is_being_read_is_read_by_nobody_else(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event())))
    site.pages["/calendar.ics"].insert(0, 0.2)
    ids = desk.workspace.id, desk.ana.id
    await asyncio.gather(*(going.rounds.read(*ids) for _ in range(10)), going.rounds.read_due())
    assert len(site.asked) == 1
    going.clock.advance(HOUR / 60)
    assert await going.rounds.read(*ids) is None
    assert len(site.asked) == 2


@ON_SQLITE
async def test_whoever_took_too_long_over_a_calendar_has_nothing_to_say_any_more(going):
    desk = going.desk
    await going.link(desk.ana, "https://calendar.example.com/a.ics")
    first = await going.of(desk.ana)
    async with desk.work() as session:
        slow = await rows.claim_link(session, first, now=NOW, until=NOW + HOUR)
        assert await rows.claim_link(session, first, now=NOW, until=NOW + HOUR) is None
        quick = await rows.claim_link(session, first, now=NOW + HOUR, until=NOW + 2 * HOUR)
        assert not await rows.change_link(session, slow, failures=9)
        assert await rows.change_link(session, quick, claimed_until=None)
    assert (await going.of(desk.ana)).failures == 0


class Broken(SameProcess):
    """Has a fault that nobody thought of."""

    async def read(self, body, now, zone):
        raise LookupError(zone)


@ON_SQLITE
async def test_a_fault_of_our_own_is_said_and_tried_later_and_later(going, site):
    desk = going.desk
    await going.link(desk.ana, site.page(calendar(event())))
    going.rounds.reader = Broken
    for failures in (1, 2):
        assert await going.rounds.read_due() == 1
        ana = await going.of(desk.ana)
        assert (ana.wrong, ana.failures, ana.told, ana.claimed_until) == (Why.OURS, failures, True, None)
        assert ana.next_read_at > going.clock.now() + HOUR * failures * 0.8
        going.clock.advance(ana.next_read_at - going.clock.now())
    going.rounds.reader = SameProcess
    await going.rounds.read_due()
    assert (await going.of(desk.ana)).wrong is None


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
