"""The seeded year is what it says, on whatever day the demo is first started."""

import asyncio
import datetime as dt
import uuid
from dataclasses import replace

import pytest

from bot.clock import MovableClock
from bot.demo import agency, history, seeding
from bot.demo.files import Files
from bot.demo.looking import Looking
from bot.playground.reading import channel_shown, conversations
from bot.playground.server import StandIn
from bot.playground.world import World
from bot.practices.checkins import service as checkins
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Stage, Status, status_on
from bot.practices.people import service as people
from bot.practices.promises import service as promises
from bot.practices.spark import service as spark
from bot.practices.spark.rules import Band
from bot.store.engine import Store
from bot.workspaces import directory, installs
from bot.workspaces.directory import Exposure
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Person

MONDAY = dt.datetime(2026, 5, 11, 9, 30, tzinfo=dt.UTC)
SUNDAY, NEW_YEAR = dt.datetime(2026, 3, 29, 6, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)


class Seeded:
    """A demo's database, read through the services."""

    def __init__(self, store, workspace, today, town):
        self.store, self.workspace, self.today, self.town = store, workspace, today, town
        self.looking = Looking()
        self.looking.store = store

    def look(self):
        return self.store.look(self.workspace.id)

    async def clients(self):
        page = await self.looking.rows("client", 0, 100)
        ids = [uuid.UUID(row[page.columns.index("id")]) for row in page.rows]
        async with self.look() as session:
            return {client.name: client for client in [await clients.get(session, each) for each in ids]}

    async def member(self, name):
        slack_id = self.town.members[name].id
        async with self.look() as session:
            return (await directory.find_members(session, [slack_id]))[slack_id]


async def seed(path, now, *, stories=True):
    told, clock = agency.read(), MovableClock(now)
    kept = Files(path / "demo" / "agency.db")
    async with StandIn(signing_secret="s", bot_token="xoxb-of-the-demo", clock=clock) as slack:
        today = history.today_of(told, now)
        town = agency.move_in(slack.world, told, today)
        whole = told if stories else replace(told, stories=())
        await seeding.make(kept, slack, "xoxb-of-the-demo", clock, whole, town)
        assert list(slack.wire) == []
    return await opened(kept, today, town)


async def opened(kept, today, town):
    store = Store(kept.url)
    async with store.look(None) as session:
        [workspace] = await installs.all_workspaces(session)
    return Seeded(store, workspace, today, town)


@pytest.fixture(scope="module")
def monday(tmp_path_factory):
    """The files of a demo that was first started on a Monday."""
    folder = tmp_path_factory.mktemp("monday")

    async def make():
        await (await seed(folder, MONDAY)).store.close()

    asyncio.run(make())
    return folder


@pytest.fixture
async def seeded(monday):
    today = history.today_of(agency.read(), MONDAY)
    town = agency.move_in(World(MovableClock(MONDAY)), agency.read(), today)
    made = await opened(Files(monday / "demo" / "agency.db"), today, town)
    yield made
    await made.store.close()


async def test_everybody_and_every_channel_has_the_same_id_each_time():
    told, towns = agency.read(), []
    for now in (MONDAY, NEW_YEAR):
        world = World(MovableClock(now))
        town = agency.move_in(world, told, now.date())
        made_later = world.add_member("Alex")
        rooms = {room.id: tuple(room.members) for room in world.channels.values()}
        towns.append(({one.id: one.name for one in town.members.values()}, rooms, made_later.id))
    (people_then, rooms_then, later_then), (people_now, rooms_now, later_now) = towns
    assert (people_then, rooms_then) == (people_now, rooms_now)
    assert later_then != later_now


async def test_six_clients_are_looked_after_and_heard_somewhere(seeded):
    found = await seeded.clients()
    ids = {client.id: name for name, client in found.items()}
    async with seeded.look() as session:
        theirs = await people.of_clients(session, ids)
        roles = await teams(session, ids)
        sheets = {name: await clients.sheet(session, client.id) for name, client in found.items()}
        rooms = await directory.find_channels(session, [room for sheet in sheets.values() for room in sheet.heard_in])
    assert len(found) == 6
    assert all(theirs[client_id] and all(person.job and person.tz for person in theirs[client_id]) for client_id in ids)
    assert all({Role.OWNER, Role.BACKUP} <= set(roles[client_id].values()) for client_id in ids)
    assert sum(client.why_hired is not None for client in found.values()) == 5
    assert [one.email for client_id in ids for one in theirs[client_id] if one.reports_to_id] == [
        "priya@northwind.example"
    ]
    assert [rooms[sheet.heard_in[0]].exposure for sheet in sheets.values()].count(Exposure.VISIBLE) == 1
    assert all(len(sheet.heard_in) == 1 for sheet in sheets.values())


async def test_the_people_are_in_different_places_with_an_admin_and_a_guest(seeded):
    ours = [await seeded.member(name) for name in ("Ana", "Tom", "Sam", "Yuki", "Lee")]
    assert [one.tz for one in ours[:4]] == ["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Tokyo"]
    assert [one.is_admin for one in ours] == [True, False, False, False, False]
    assert [one.is_guest for one in ours] == [False, False, False, False, True]
    assert (await seeded.member("Dev")).is_stranger


@pytest.mark.parametrize("now", [MONDAY, SUNDAY, NEW_YEAR], ids=lambda now: f"{now:%a %d %b}")
async def test_each_spark_is_what_its_story_says(tmp_path, now):
    made = await seed(tmp_path, now)
    found = await made.clients()
    async with made.look() as session:
        by_id = await spark.readings(session, [client.id for client in found.values()], made.today)
    await made.store.close()
    bands = {name: by_id[client.id].band for name, client in found.items() if client.id in by_id}
    assert bands["Northwind"] is Band.FADING
    assert bands["Orchard"] is Band.BRIGHT
    assert bands["Halden"] is Band.DIMMING
    assert bands["Quayside"] is Band.LEARNING
    assert status_on(found["Marlow"].status, found["Marlow"].paused_until, made.today) is Status.PAUSED
    assert found["Lumen"].stage is Stage.ONBOARDING
    assert 21 <= by_id[found["Northwind"].id].quiet_days <= 28


async def test_northwind_has_a_late_promise_of_ours_and_a_last_note_worth_quoting(seeded):
    northwind = (await seeded.clients())["Northwind"]
    ana = await seeded.member("Ana")
    async with seeded.look() as session:
        [last, *_] = await checkins.history(session, [northwind.id], Person(ana.id), limit=3)
        promise = (await promises.of_checkins(session, [last.id]))[last.id]
    assert last.quote == "Let me get through the board first."
    assert promise.due_on < seeded.today
    assert not promise.theirs


async def test_every_conversation_was_logged_on_a_working_day_that_is_over_by_somebody_who_was_up(seeded):
    page = await seeded.looking.rows("checkin", 0, 1000)
    days = [dt.date.fromisoformat(row[page.columns.index("happened_on")]) for row in page.rows]
    logged = [dt.datetime.fromisoformat(row[page.columns.index("created_at")]) for row in page.rows]
    assert len(days) > 150
    assert all(day < seeded.today and day.weekday() < 5 for day in days)
    assert seeded.today - min(days) > dt.timedelta(days=330)
    assert all(at < MONDAY for at in logged)


async def test_there_is_something_to_log_in_every_channel():
    world = World(MovableClock(MONDAY))
    town = agency.move_in(world, agency.read(), MONDAY.date())
    for name, channel in town.channels.items():
        said = world.messages(channel.id)
        assert said, name
        assert all(float(message.ts) < MONDAY.timestamp() for message in said)


def test_colleagues_have_direct_messages_with_each_other_that_only_the_two_of_them_see():
    world = World(MovableClock(MONDAY))
    town = agency.move_in(world, agency.read(), MONDAY.date())

    def talks_with(me):
        rows = [channel_shown(world, me, each) for each in conversations(world, me) if each.kind == "im"]
        return sorted(world.members[row["with"]].name for row in rows if not row["app_in"])

    assert {name: talks_with(member) for name, member in town.members.items()} == {
        "Ana": ["Sam", "Tom"], "Tom": ["Ana"], "Sam": ["Ana"], "Yuki": [], "Lee": [], "Dev": []
    }  # fmt: skip
    for talk in [each for each in world.channels.values() if each.kind == "im" and world.bot.id not in each.members]:
        said = world.messages(talk.id)
        assert {message.user for message in said} == set(talk.members)
        assert all(float(message.ts) < MONDAY.timestamp() for message in said)


async def test_without_stories_there_are_people_and_nothing_else(tmp_path):
    made = await seed(tmp_path, MONDAY, stories=False)
    counts = {table.name: table.rows for table in await made.looking.tables()}
    await made.store.close()
    assert counts["member"] > 5
    assert counts["client"] == counts["checkin"] == counts["contact"] == 0


@pytest.mark.parametrize(
    ("days", "there"),
    [
        (0, "2026-05-18"),
        (1, "2026-05-15"),
        (2, "2026-05-14"),
        (6, "2026-05-08"),
        (-1, "2026-05-18"),
        (-6, "2026-05-25"),
    ],
)
def test_working_days_are_counted_around_a_weekend(days, there):
    saturday = dt.date(2026, 5, 16)
    assert agency.working_day(saturday, days) == dt.date.fromisoformat(there)
