"""Nothing is posted where somebody reads along who is not one of us: the whole table, over the stand-in."""

import datetime as dt
import shutil
from dataclasses import dataclass

import pytest

from bot.clock import MovableClock
from bot.courier.guard import GUESTS, LEFT, NOT_OURS, SHARED, Clear, Exposed, Guard, Unsure, judge
from bot.playground.server import StandIn
from bot.slack.client import SlackClients
from bot.store.base import new_id
from bot.store.engine import Store
from bot.workspaces import allowance, audit, directory
from bot.workspaces.directory import Channel, Exposure, Member
from bot.workspaces.installs import Workspace, install
from bot.workspaces.lookup import Lookup

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
SOON = NOW + dt.timedelta(minutes=1)
LATER = NOW + dt.timedelta(minutes=6)
ELSEWHERE = "T0000OTHER"


@pytest.fixture
def database_url(migrated_sqlite, tmp_path):
    path = tmp_path / "ember.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite+aiosqlite:///{path}"


@dataclass
class Door:
    """A guard before a channel of two colleagues, and an admin."""

    slack: StandIn
    store: Store
    workspace: Workspace
    guard: Guard
    lookup: Lookup

    def __post_init__(self):
        world = self.slack.world
        self.world = world
        self.ana, self.tom = world.add_member("Ana", admin=True), world.add_member("Tom")
        self.channel = world.add_channel("northwind-team", members=[self.ana, self.tom])

    async def ask(self, recipient="", now=NOW):
        return await self.guard(self.workspace, recipient or self.channel.id, now)

    def joins(self, **flags):
        self.channel.members.append(self.world.add_member("Gia", **flags).id)

    async def allows(self):
        [admin] = (await self.lookup.members(self.workspace, [self.ana.id], now=NOW)).values()
        [channel] = (await self.lookup.channels(self.workspace, [self.channel.id], now=NOW)).values()
        async with self.store.work(self.workspace.id) as session:
            await allowance.allow(session, channel.id, admin.id, NOW)
        return channel.id, admin.id

    async def decisions(self):
        async with self.store.look(self.workspace.id) as session:
            return await audit.tail(session)

    async def hears(self, use, *args):
        async with self.store.work(self.workspace.id) as session:
            await use(session, *args)


@pytest.fixture
async def door(store):
    async with StandIn(signing_secret="secret", bot_token="xoxb-test", clock=MovableClock(NOW)) as slack:
        clients = SlackClients(slack.url, "xoxb-test")
        await clients.open()
        team, bot = slack.world.team, slack.world.bot
        async with store.work(None) as session:
            workspace = await install(
                session, slack_id=team.id, name=team.name, address="https://e.slack.com/", bot_slack_id=bot.id, now=NOW
            )
        lookup = Lookup(store, clients.reading)
        yield Door(slack, store, workspace, Guard(lookup), lookup)
        await clients.close()


def nothing(_door):
    pass


def shared(door):
    door.channel.shared = True


def pending(door):
    door.channel.pending = True


def a_guest(door):
    door.joins(guest=True)


def a_stranger(door):
    door.joins(team=ELSEWHERE)


def both(door):
    shared(door)
    a_guest(door)


def a_robot(door):
    door.joins(bot=True)


def nobody_known(door):
    door.channel.members.append("U404")


def not_let_in(door):
    door.channel.kind = "private"
    door.channel.members.remove(door.world.bot.id)


def refused(*methods):
    def change(door):
        for method in methods:
            door.slack.faults.add(method, "refused", error="fatal_error", times=9)

    return change


def no_line(door):
    door.slack.faults.add("conversations.info", "dropped_before_store", times=9)


MATRIX = [
    (nothing, Clear()),
    (a_robot, Clear()),
    (shared, Exposed(SHARED)),
    (pending, Exposed(SHARED)),
    (a_guest, Exposed(GUESTS)),
    (a_stranger, Exposed(SHARED)),
    (both, Exposed(SHARED)),
    (nobody_known, Unsure()),
    (not_let_in, Unsure("channel_not_found")),
    (refused("conversations.info"), Unsure("fatal_error")),
    (refused("conversations.members"), Unsure()),
    (refused("users.info"), Unsure()),
    (no_line, Unsure("no answer")),
]


def called(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("change", "verdict"), MATRIX, ids=called)
async def test_a_channel_seen_for_the_first_time(door, change, verdict):
    change(door)
    assert await door.ask() == verdict


@pytest.mark.parametrize(("change", "verdict"), MATRIX, ids=called)
async def test_what_changed_between_plan_and_send_although_its_event_got_lost(door, change, verdict):
    assert await door.ask() == Clear()
    change(door)
    if change.__qualname__.startswith("refused"):
        await door.hears(directory.member_went_stale, door.tom.id)
    assert await door.ask(now=LATER) == verdict


@pytest.mark.parametrize(("change", "verdict"), [row for row in MATRIX if isinstance(row[1], Exposed)], ids=called)
async def test_what_changed_a_moment_ago_and_slack_said_so(door, change, verdict):
    assert await door.ask() == Clear()
    change(door)
    await door.hears(directory.channel_went_stale, door.channel.id)
    assert await door.ask(now=SOON) == verdict


@pytest.mark.parametrize(
    ("allowed", "then", "verdict"),
    [
        (a_guest, nothing, Clear()),
        (a_guest, a_guest, Clear()),
        (a_guest, shared, Exposed(SHARED)),
        (a_guest, a_stranger, Exposed(SHARED)),
        (shared, nothing, Clear()),
        (shared, a_guest, Clear()),
        (a_guest, refused("conversations.info"), Unsure("fatal_error")),
    ],
    ids=called,
)
async def test_an_admin_allows_those_who_read_along_then(door, allowed, then, verdict):
    allowed(door)
    await door.allows()
    assert await door.ask() == Clear()
    then(door)
    assert await door.ask(now=LATER) == verdict


async def test_leave_given_for_guests_does_not_come_back_once_the_channel_was_shared(door):
    a_guest(door)
    await door.allows()
    door.channel.shared = True
    assert await door.ask(now=LATER) == Exposed(SHARED)
    door.channel.shared = False
    assert await door.ask(now=LATER + dt.timedelta(minutes=6)) == Exposed(GUESTS)
    assert (await door.decisions())[0] == audit.Decision(LATER, None, directory.LAPSED, "#northwind-team")


async def test_leave_can_be_taken_back_and_each_step_is_on_record(door):
    a_guest(door)
    channel_id, admin_id = await door.allows()
    await door.hears(allowance.disallow, channel_id, admin_id, SOON)
    await door.hears(allowance.disallow, channel_id, admin_id, SOON)
    assert await door.ask() == Exposed(GUESTS)
    about = "#northwind-team, guests read along"
    assert await door.decisions() == [
        audit.Decision(SOON, admin_id, allowance.DISALLOWED, about),
        audit.Decision(NOW, admin_id, allowance.ALLOWED, about),
    ]


async def test_a_channel_is_asked_about_once_in_five_minutes(door):
    for now, times in ((NOW, 1), (SOON, 1), (LATER, 2), (NOW, 3)):
        assert await door.ask(now=now) == Clear()
        assert len(door.slack.calls("conversations.info")) == times


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ({}, Clear()),
        ({"guest": True}, Exposed(NOT_OURS)),
        ({"team": ELSEWHERE}, Exposed(NOT_OURS)),
        ({"bot": True}, Exposed(NOT_OURS)),
        ({"deleted": True}, Exposed(LEFT)),
    ],
)
async def test_a_dm_is_for_a_full_present_member(door, flags, verdict):
    assert await door.ask(door.world.add_member("Gia", **flags).id) == verdict


async def test_a_colleague_who_became_a_guest_is_noticed_once_the_directory_is_read_again(door):
    assert await door.ask() == Clear()
    door.tom.guest = True
    await door.lookup.read_everyone(door.workspace, now=SOON)
    assert await door.ask(now=LATER) == Exposed(GUESTS)


async def test_a_person_who_left_is_noticed_although_slack_did_not_say_so(door):
    assert await door.ask(door.tom.id) == Clear()
    door.tom.deleted = True
    assert await door.ask(door.tom.id, LATER) == Exposed(LEFT)


async def test_a_person_slack_does_not_tell_about_gets_nothing_yet(door):
    assert await door.ask(door.tom.id) == Clear()
    door.slack.faults.add("users.info", "refused", times=2)
    assert await door.ask(door.tom.id, LATER) == Unsure()
    assert await door.ask("U404") == Unsure()
    assert await door.ask(door.tom.id, LATER) == Clear()


async def test_a_dm_known_by_its_own_id_is_embers_with_one_of_us(door):
    guest = door.world.add_member("Gia", guest=True)
    assert await door.ask(door.world.dm(door.ana).id) == Clear()
    assert await door.ask(door.world.dm(guest).id) == Exposed(NOT_OURS)
    assert await door.ask(door.world.other_dm(door.ana, guest).id) == Unsure("channel_not_found")


@pytest.mark.parametrize("exposure", Exposure)
def test_no_admin_can_allow_a_dm_and_nothing_stale_is_counted_on(exposure):
    channel = Channel(new_id(), "D1", "", exposure, False, is_shared=False, allowed_shared=True)
    assert (judge(channel, is_direct=True, person=None) == Clear()) is (exposure is Exposure.INTERNAL)
    stale = Channel(new_id(), "C1", "", exposure, False, allowed_shared=True, stale=True)
    for is_direct in (True, False):
        assert judge(stale, is_direct=is_direct, person=None) == Unsure()
    assert judge(None, is_direct=False, person=None) == Unsure()
    person = Member(new_id(), "U1", "Ana", "UTC", stale=True)
    assert judge(None, is_direct=True, person=person) == Unsure()


@pytest.mark.parametrize(
    ("is_shared", "allowed_shared", "verdict"),
    [
        (False, None, Exposed(GUESTS)),
        (False, False, Clear()),
        (False, True, Clear()),
        (True, None, Exposed(SHARED)),
        (True, False, Exposed(SHARED)),
        (True, True, Clear()),
    ],
)
def test_leave_covers_those_it_was_given_for(is_shared, allowed_shared, verdict):
    channel = Channel(
        new_id(), "C1", "team", Exposure.VISIBLE, False, is_shared=is_shared, allowed_shared=allowed_shared
    )
    assert judge(channel, is_direct=False, person=None) == verdict
