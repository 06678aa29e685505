"""Slack's directory read through our rows, over real sockets: what can't be read is never counted on."""

import asyncio
import datetime as dt
import shutil

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.playground.server import StandIn
from bot.slack.client import SlackClients
from bot.workspaces import directory, lookup
from bot.workspaces.directory import Exposure
from bot.workspaces.installs import Workspace, install
from bot.workspaces.lookup import Lookup, is_shared, member_facts
from tests.listening import listening

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
BOT = "xoxb-test"


@pytest.fixture
def database_url(migrated_sqlite, tmp_path):
    """One kind of database is enough here: the statements are tried on both elsewhere."""
    path = tmp_path / "ember.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def slack():
    async with StandIn(signing_secret="secret", bot_token=BOT, clock=MovableClock(NOW)) as running:
        yield running


@pytest.fixture
def world(slack):
    return slack.world


@pytest.fixture
async def lookup_(store, slack):
    clients = SlackClients(slack.url, BOT)
    await clients.open()
    yield Lookup(store, clients.reading)
    await clients.close()


@pytest.fixture
async def here(store, slack) -> Workspace:
    team, bot = slack.world.team, slack.world.bot
    async with store.work(None) as session:
        return await install(
            session, slack_id=team.id, name=team.name, address="https://e.slack.com/", bot_slack_id=bot.id, now=NOW
        )


class Directory:
    """What tests ask the lookup, in one workspace."""

    def __init__(self, asks: Lookup, store, here: Workspace, slack: StandIn) -> None:
        self._asks, self._store, self._here, self._slack = asks, store, here, slack

    async def members(self, *slack_ids: str, now: dt.datetime = NOW):
        return await self._asks.members(self._here, slack_ids, now=now)

    async def channel(self, slack_id: str, *, afresh: bool = False) -> directory.Channel:
        return (await self._asks.channels(self._here, [slack_id], now=NOW, afresh=afresh))[slack_id]

    async def read_everyone(self) -> int:
        return await self._asks.read_everyone(self._here, now=NOW)

    async def kept(self, *slack_ids: str):
        async with self._store.look(self._here.id) as session:
            return await directory.find_members(session, slack_ids)

    async def stale(self, *, member: str = "", channel: str = "") -> None:
        async with self._store.work(self._here.id) as session:
            await directory.member_went_stale(session, member)
            await directory.channel_went_stale(session, channel)

    def asked(self, method: str) -> int:
        return len(self._slack.calls(method))


@pytest.fixture
def slack_directory(lookup_, store, here, slack) -> Directory:
    return Directory(lookup_, store, here, slack)


async def test_a_member_is_asked_about_once_and_kept(slack_directory, world):
    ana = world.add_member("Ana", tz="Europe/Berlin", admin=True)
    for _ in range(2):
        found = (await slack_directory.members(ana.id, ana.id))[ana.id]
        assert (found.name, found.tz, found.is_ours, found.is_admin, found.stale) == (
            "Ana",
            "Europe/Berlin",
            True,
            True,
            False,
        )
    assert slack_directory.asked("users.info") == 1
    assert await slack_directory.kept(ana.id) == {ana.id: found}


async def test_a_stale_member_is_asked_about_again_and_keeps_their_id(slack_directory, world):
    ana = world.add_member("Ana")
    before = (await slack_directory.members(ana.id))[ana.id]
    ana.name, ana.guest = "Anna", True
    await slack_directory.stale(member=ana.id)
    assert (await slack_directory.kept(ana.id))[ana.id].stale
    after = (await slack_directory.members(ana.id, now=LATER))[ana.id]
    assert (after.id, after.name, after.is_ours, after.stale) == (before.id, "Anna", False, False)


async def test_who_is_not_one_of_us_is_told_apart(slack_directory, world):
    people = {
        "is_guest": world.add_member("Guest", guest=True),
        "is_stranger": world.add_member("Omar", team="T0000OTHER"),
        "is_bot": world.add_member("Robot", bot=True),
        "is_gone": world.add_member("Gone", deleted=True),
    }
    found = await slack_directory.members(*[member.id for member in people.values()])
    for flag, member in people.items():
        raised = {name for name in people if getattr(found[member.id], name)}
        assert (raised, found[member.id].is_ours) == ({flag}, False)


async def test_slackbot_is_a_bot_although_slack_does_not_say_so(slack_directory, world):
    assert world.members["USLACKBOT"].bot is False
    found = (await slack_directory.members("USLACKBOT"))["USLACKBOT"]
    assert (found.is_bot, found.is_ours) == (True, False)


@pytest.mark.parametrize("fault", ["rate_limited", "error_500_not_stored", "refused"])
async def test_a_member_slack_does_not_tell_about_is_absent_and_nothing_is_kept(slack_directory, world, slack, fault):
    ana, tom = world.add_member("Ana"), world.add_member("Tom")
    slack.faults.add("users.info", fault, retry_after=9)
    found = await slack_directory.members(ana.id, tom.id, "U404")
    assert len(found) == 1
    assert await slack_directory.kept(ana.id, tom.id, "U404") == found
    assert set(await slack_directory.members(ana.id, tom.id)) == {ana.id, tom.id}


async def test_a_stale_member_is_not_relied_on_while_slack_does_not_answer(slack_directory, world, slack):
    ana = world.add_member("Ana")
    await slack_directory.members(ana.id)
    await slack_directory.stale(member=ana.id)
    slack.faults.add("users.info", "refused")
    assert await slack_directory.members(ana.id) == {}
    assert (await slack_directory.kept(ana.id))[ana.id].stale


async def test_a_line_that_drops_once_is_tried_again_and_then_given_up(slack_directory, world, slack):
    ana = world.add_member("Ana")
    slack.faults.add("users.info", "dropped_before_store", times=9)
    assert await slack_directory.members(ana.id) == {}
    slack.faults.clear()
    slack.faults.add("users.info", "dropped_before_store")
    assert set(await slack_directory.members(ana.id)) == {ana.id}


@pytest.fixture
def impatient(monkeypatch):
    """Waiting for Slack a tenth of a second instead of almost two."""
    monkeypatch.setattr(lookup, "PATIENCE_SECONDS", 0.1)


async def test_a_slow_slack_is_not_waited_for(slack_directory, world, slack, impatient):
    ana = world.add_member("Ana")
    northwind = world.add_channel("northwind", members=[ana])
    slack.faults.add("*", "slow", times=9, delay=0.4)
    started = asyncio.get_running_loop().time()
    assert await slack_directory.members(ana.id) == {}
    assert (await slack_directory.channel(northwind.id)).exposure is Exposure.UNKNOWN
    assert asyncio.get_running_loop().time() - started < 0.39 + 0.39


async def test_a_channel_of_ours_is_internal_and_asked_about_once(slack_directory, world):
    ana, robot, gone = (
        world.add_member("Ana"),
        world.add_member("Robot", bot=True),
        world.add_member("Gone", deleted=True),
    )
    northwind = world.add_channel("northwind", members=[ana, robot, gone])
    for _ in range(2):
        found = await slack_directory.channel(northwind.id)
        assert (found.name, found.exposure, found.is_archived, found.stale) == (
            "northwind",
            Exposure.INTERNAL,
            False,
            False,
        )
    assert slack_directory.asked("conversations.info") == 1
    assert (await slack_directory.channel(northwind.id, afresh=True)).id == found.id
    assert slack_directory.asked("conversations.info") == 2


async def test_an_archived_channel_is_kept_as_such(slack_directory, world):
    old = world.add_channel("old", members=[world.add_member("Ana")], archived=True)
    assert (await slack_directory.channel(old.id)).is_archived


@pytest.mark.parametrize("outsider", [{"guest": True}, {"team": "T0000OTHER"}])
async def test_one_outsider_among_the_readers_makes_a_channel_visible(slack_directory, world, outsider):
    channel = world.add_channel("northwind", members=[world.add_member("Ana"), world.add_member("Priya", **outsider)])
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.VISIBLE


@pytest.mark.parametrize("flag", ["shared", "pending"])
async def test_a_channel_shared_or_about_to_be_is_visible_without_asking_for_readers(slack_directory, world, flag):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")], **{flag: True})
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.VISIBLE
    assert slack_directory.asked("conversations.members") == 0


def test_teams_invited_but_not_yet_there_count_as_sharing():
    assert is_shared({"is_ext_shared": False, "pending_connected_team_ids": ["T0000OTHER"]})
    assert not is_shared({"is_ext_shared": False, "is_pending_ext_shared": False, "pending_connected_team_ids": []})


async def test_a_channel_with_a_reader_slack_does_not_tell_about_is_unknown(slack_directory, world):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")])
    channel.members.append("U404")
    found = await slack_directory.channel(channel.id)
    assert (found.name, found.exposure, found.stale) == ("northwind", Exposure.UNKNOWN, True)


async def test_a_private_channel_without_ember_is_unknown_and_asked_about_again(slack_directory, world):
    ana = world.add_member("Ana")
    channel = world.add_channel("inner", members=[ana], private=True, bot=False)
    found = await slack_directory.channel(channel.id)
    assert (found.exposure, found.stale) == (Exposure.UNKNOWN, True)
    channel.members.append(world.bot.id)
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.INTERNAL


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members", "users.info"])
@pytest.mark.parametrize("fault", ["rate_limited", "error_500_not_stored", "refused"])
async def test_a_lookup_that_fails_leaves_a_channel_unknown(slack_directory, world, slack, method, fault):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")])
    slack.faults.add(method, fault, times=9, retry_after=9)
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.UNKNOWN


async def test_a_channel_once_internal_is_unknown_when_slack_stops_telling(slack_directory, world, slack):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")])
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.INTERNAL
    slack.faults.add("conversations.info", "refused", times=2)
    assert (await slack_directory.channel(channel.id, afresh=True)).exposure is Exposure.UNKNOWN
    await slack_directory.stale(channel=channel.id)
    found = await slack_directory.channel(channel.id)
    assert (found.exposure, found.stale) == (Exposure.UNKNOWN, True)


async def test_a_stale_channel_is_asked_about_again(slack_directory, world):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")])
    await slack_directory.channel(channel.id)
    channel.members.append(world.add_member("Guest", guest=True).id)
    await slack_directory.stale(channel=channel.id)
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.VISIBLE


@pytest.fixture
def short_pages(monkeypatch):
    """Pages of three, so that a handful of people fills several."""
    monkeypatch.setattr(lookup, "PEOPLE_PAGE", 3)
    monkeypatch.setattr(lookup, "READERS_PAGE", 3)


async def test_everyone_is_read_page_by_page(slack_directory, world, short_pages):
    people = [world.add_member(f"Person {number}") for number in range(8)]
    assert await slack_directory.read_everyone() == len(world.members) == 10
    assert slack_directory.asked("users.list") == 4
    assert set(await slack_directory.members(*[person.id for person in people])) == {person.id for person in people}
    assert slack_directory.asked("users.info") == 0


async def test_the_last_page_of_readers_counts_too(slack_directory, world, short_pages):
    people = [world.add_member(f"Person {number}") for number in range(6)]
    channel = world.add_channel("northwind", members=[*people, world.add_member("Guest", guest=True)])
    assert (await slack_directory.channel(channel.id)).exposure is Exposure.VISIBLE
    assert slack_directory.asked("conversations.members") == 3


async def test_members_are_found_by_our_ids_and_home_is_remembered(slack_directory, store, here, world):
    ana = world.add_member("Ana")
    member = (await slack_directory.members(ana.id))[ana.id]
    async with store.work(here.id) as session:
        await directory.opened_home(session, member.id, now=NOW)
        assert (await directory.members_by_id(session, [member.id]))[member.id].home_opened
        await directory.keep_member(session, member_facts(ana.seen(NOW), here), now=LATER)
        assert (await directory.members_by_id(session, [member.id]))[member.id].home_opened


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "Ana", "real_name": "Ana M."}}, "Ana"),
        ({"profile": {"display_name": "", "real_name": "Ana M."}}, "Ana M."),
        ({"real_name": "Ana M.", "name": "ana"}, "Ana M."),
        ({"profile": None, "name": "ana"}, "ana"),
        ({}, "U1"),
    ],
)
def test_people_are_called_what_they_call_themselves(user, name):
    ours = Workspace(id=None, slack_id="T1", name="", address="", bot_slack_id="")
    facts = member_facts({"id": "U1", **user}, ours)
    assert (facts.name, facts.tz, facts.is_stranger) == (name, "UTC", False)


@pytest.mark.parametrize(("said", "kept"), [("Mars/Olympus", "UTC"), ("", "UTC"), ("Asia/Tokyo", "Asia/Tokyo")])
def test_a_time_zone_this_machine_does_not_know_is_utc(said, kept):
    ours = Workspace(id=None, slack_id="T1", name="", address="", bot_slack_id="")
    assert member_facts({"id": "U1", "tz": said}, ours).tz == kept


async def test_the_whole_directory_is_read_even_when_slack_asks_to_slow_down(slack_directory, world, slack):
    world.add_member("Ana")
    slack.faults.add("users.list", "rate_limited")
    assert await slack_directory.read_everyone() == len(world.members)


async def test_slack_is_asked_about_eight_people_at_a_time(slack_directory, lookup_, world, slack):
    people = [world.add_member(f"Person {number}") for number in range(20)]
    slack.faults.add("users.info", "slow", times=20, delay=0.05)
    under_way, most = set(), []

    async def begins(_session, context, _params):
        under_way.add(id(context))
        most.append(len(under_way))

    async def ends(_session, context, _params):
        under_way.discard(id(context))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begins)
    trace.on_request_end.append(ends)
    trace.freeze()
    lookup_._slack.session.trace_configs.append(trace)
    assert len(await slack_directory.members(*[person.id for person in people])) == 20
    assert max(most) == 8


async def test_what_slack_answers_beside_its_code_is_not_logged(slack_directory, world, slack):
    channel = world.add_channel("northwind", members=[world.add_member("Ana")])
    slack.faults.add("conversations.info", "refused", error="missing_scope")
    with listening() as log:
        await slack_directory.channel(channel.id)
    assert "missing_scope" in log.getvalue()
    assert "server responded" not in log.getvalue()


async def test_a_dm_with_one_of_us_is_ours_one_with_a_guest_is_not_and_others_are_unknown(slack_directory, world):
    ana, guest = world.add_member("Ana"), world.add_member("Gia", guest=True)
    assert (await slack_directory.channel(world.dm(ana).id)).exposure is Exposure.INTERNAL
    assert (await slack_directory.channel(world.dm(guest).id)).exposure is Exposure.VISIBLE
    assert (await slack_directory.channel(world.other_dm(ana, guest).id)).exposure is Exposure.UNKNOWN
