import asyncio
import datetime as dt
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.practices.clients import service as clients
from bot.practices.clients.service import Client, Details
from bot.practices.practice import Section
from bot.practices.spark import rows, rules, service
from bot.practices.spark.service import Band, Facts, Plan
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.session import Work
from bot.workspaces import installs
from bot.workspaces.installs import Workspace
from bot.workspaces.visibility import Person
from tests.conftest import NOW, People

TODAY = NOW.date()
START = TODAY - dt.timedelta(days=138)
WEEKLY = [START + dt.timedelta(days=7 * week) for week in range(18)]
REASON = "nothing logged for 19 days; usually every 7 (a gap that long happens 11% of the time)"


class Hearth:
    """Ana's clients in one writing transaction."""

    def __init__(self, session: Work, owner: Person) -> None:
        self.session, self.owner = session, owner

    async def client(self, name: str = "Northwind", rhythm: int = 7) -> Client:
        details = Details(name, self.owner.id, rhythm, started_on=START)
        return await clients.set_up(self.session, details, by=self.owner.id, key=str(new_id()), now=NOW, today=TODAY)

    async def spoken(self, client: Client, days=WEEKLY, ratings=None) -> None:
        await service.rebuild(self.session, client.id, Facts(days, ratings or {}))

    async def kept(self, client: Client) -> rows.Spark:
        return (await rows.get_many(self.session, [client.id]))[client.id]

    async def reading(self, client: Client, today: dt.date = TODAY) -> service.Reading:
        return (await service.readings(self.session, [client.id], today))[client.id]


@pytest.fixture
async def desk(store: Store, workspace: Workspace, people: People) -> AsyncIterator[Hearth]:
    ana = await people.member("U0ANA", "Ana")
    async with store.work(workspace.id) as session:
        yield Hearth(session, Person(ana.id))


async def test_a_new_client_is_followed_and_still_learned(desk):
    client = await desk.client()
    kept, said = await desk.kept(client), await desk.reading(client)
    assert (kept.started_on, kept.cadence_days, kept.is_running, kept.pauses) == (START, 7, True, ())
    assert kept.fade_on == START + dt.timedelta(days=15)
    assert (said.band, said.contact_days) == (Band.LEARNING, 0)
    assert said.reason() == "nothing logged yet, 138 days since the start; planned every 7"


async def test_contact_days_make_the_reading_whatever_their_order(desk):
    client, other = await desk.client(), await desk.client("Halden")
    await desk.spoken(client)
    await desk.spoken(other, WEEKLY[::-1])
    said = await desk.reading(client)
    assert (said.band, said.contact_days, said.quiet_days, said.paused) == (Band.DIMMING, 18, 19, 0)
    assert said.reason() == REASON
    assert await desk.reading(other) == said
    kept = await desk.kept(client)
    assert (kept.last_on, kept.fade_on) == (WEEKLY[-1], WEEKLY[-1] + dt.timedelta(days=24))
    assert kept.due_on == WEEKLY[-1] + dt.timedelta(days=7)
    assert (await desk.reading(client, kept.fade_on)).is_too_quiet_at(rules.LOWEST)


async def test_a_day_less_leaves_no_trace(desk):
    client = await desk.client()
    fresh = await desk.kept(client)
    await desk.spoken(client)
    await desk.spoken(client, [])
    assert await desk.kept(client) == fresh


async def test_ratings_move_the_level(desk):
    client, cold = await desk.client(), await desk.client("Halden")
    await desk.spoken(client)
    await desk.spoken(cold, ratings=dict.fromkeys(WEEKLY[-3:], 1.0))
    assert (await desk.reading(cold)).level < (await desk.reading(client)).level
    assert (await desk.kept(cold)).fade_on < (await desk.kept(client)).fade_on


async def test_another_rhythm_and_another_start_are_followed(desk):
    client = await desk.client()
    later = TODAY - dt.timedelta(days=1)
    await clients.edit(desk.session, client.id, Details("Northwind", desk.owner.id, 30, started_on=later))
    kept = await desk.kept(client)
    assert (kept.cadence_days, kept.started_on, kept.fade_on) == (30, later, later + dt.timedelta(days=61))
    assert kept.due_on == later + dt.timedelta(days=30)


async def test_while_a_client_is_paused_its_spark_stands_still(desk):
    client = await desk.client()
    await desk.spoken(client)
    before, fades = await desk.reading(client), (await desk.kept(client)).fade_on
    await clients.pause(desk.session, client.id, None, today=TODAY)
    assert await desk.reading(client) == before
    later = TODAY + dt.timedelta(days=40)
    assert (await desk.reading(client, later)).level == before.level
    kept = await desk.kept(client)
    assert kept.fade_on is kept.due_on is None
    await clients.resume(desk.session, client.id, today=later)
    said = await desk.reading(client, later + dt.timedelta(days=1))
    assert (said.quiet_days, said.paused) == (20, 40)
    assert said.reason().startswith("nothing logged for 20 days, not counting the pause; usually every 7")
    assert (await desk.kept(client)).fade_on == fades + dt.timedelta(days=40)


async def test_a_pause_with_an_end_is_counted_on(desk):
    client = await desk.client()
    await desk.spoken(client)
    fades = (await desk.kept(client)).fade_on
    await clients.pause(desk.session, client.id, TODAY + dt.timedelta(days=10), today=TODAY)
    assert (await desk.kept(client)).fade_on == fades + dt.timedelta(days=10)


async def test_contact_days_before_and_after_several_pauses_are_read_by_the_clients_own_clock(desk):
    client = await desk.client()
    for since, length in ((20, 10), (50, 5)):
        day = START + dt.timedelta(days=since)
        await clients.pause(desk.session, client.id, day + dt.timedelta(days=length), today=day)
    paused_in = [0, 10, 20, 40, 50, 65]
    await desk.spoken(client, [START + dt.timedelta(days=day) for day in paused_in])
    state = (await desk.kept(client)).state
    assert (state.first, state.last) == (START.toordinal(), START.toordinal() + 50)
    assert sum(state.gaps) == state.count - 1 == 5
    assert state.gaps[rules.EDGES.index(10)] == 5


async def test_an_ended_relationship_is_not_expected_to_fade_and_its_time_away_does_not_count(desk):
    client = await desk.client()
    await desk.spoken(client)
    before = await desk.kept(client)
    await clients.end(desk.session, client.id, TODAY)
    kept = await desk.kept(client)
    assert kept.fade_on is kept.due_on is None
    later = TODAY + dt.timedelta(days=100)
    await clients.resume(desk.session, client.id, today=later)
    kept = await desk.kept(client)
    assert (kept.is_running, kept.pauses) == (True, ((TODAY, later),))
    assert kept.fade_on == before.fade_on + dt.timedelta(days=100)


async def test_the_card_says_how_the_spark_is_and_why(desk):
    client, fresh, paused, ended = [await desk.client(name) for name in ("Northwind", "Halden", "Orchard", "Alder")]
    for one in (client, paused, ended):
        await desk.spoken(one)
    await clients.pause(desk.session, paused.id, None, today=TODAY)
    await clients.end(desk.session, ended.id, TODAY)
    ids = [client.id, fresh.id, paused.id, ended.id]
    said = await service.card(desk.session, ids, desk.owner, NOW)
    (value,), (learning,) = said[client.id], said[fresh.id]
    assert said.keys() == {client.id, fresh.id}
    assert (value.section, str(value.text)) == (
        Section.STANDING,
        f"*Dimming* · {(await desk.reading(client)).sentence()}",
    )
    assert (value.accessory["action_id"], value.accessory["value"]) == ("spark.why", str(client.id))
    assert str(learning.text) == "*Still learning* · nothing logged yet, 138 days since the start; planned every 7"


async def test_clients_that_nobody_follows_are_listed_and_have_no_reading(desk, store, people):
    client, other = await desk.client(), await desk.client("Halden")
    await desk.session.execute(sa.delete(rows.SparkRow).where(rows.SparkRow.client_id == client.id))
    await desk.spoken(client)
    assert await clients.unfollowed(desk.session, 9) == [client.id]
    assert await clients.unfollowed(desk.session, 0) == []
    assert (await service.readings(desk.session, [client.id, other.id], TODAY)).keys() == {other.id}


async def test_clients_of_another_workspace_are_not_listed(store, workspace):
    async with store.work(None) as session:
        other = await installs.install(
            session, slack_id="T0ELSE", name="E", address="https://e.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    people = People(store, other)
    ana = await people.member("U0ANA", "Ana")
    async with store.work(other.id) as session:
        client = await Hearth(session, Person(ana.id)).client()
        await session.execute(sa.delete(rows.SparkRow))
        assert await clients.unfollowed(session, 9) == [client.id]
    async with store.look(workspace.id) as session:
        assert await clients.unfollowed(session, 9) == []


async def test_many_clients_are_read_in_one_query(desk, store):
    made = [await desk.client(f"Client {number}") for number in range(5)]
    asked = []
    event.listen(store.engines[0].sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    await service.readings(desk.session, [client.id for client in made], TODAY)
    await service.card(desk.session, [client.id for client in made], desk.owner, NOW)
    assert len(asked) == 2


async def test_whoever_is_due_or_may_have_an_alert_open_stirs(desk):
    due, calm, overdue, paused, later, ended = [
        await desk.client(name, 21) for name in ("Northwind", "Halden", "Orchard", "Alder", "Birch", "Cedar")
    ]
    for client, ago in ((due, 21), (calm, 20), (overdue, 90), (paused, 90), (later, 90), (ended, 90)):
        await desk.spoken(client, [TODAY - dt.timedelta(days=ago)])
    await clients.pause(desk.session, paused.id, None, today=TODAY - dt.timedelta(days=9))
    await clients.pause(desk.session, later.id, TODAY + dt.timedelta(days=9), today=TODAY - dt.timedelta(days=9))
    await clients.end(desk.session, ended.id, TODAY)
    assert await service.stirring(desk.session, TODAY) == {due.id, overdue.id}
    ids = [one.id for one in (due, calm, overdue, paused, later, ended)]
    assert (await service.quiet(desk.session, ids, TODAY)).keys() == {overdue.id}
    known = (await service.quiet(desk.session, ids, TODAY))[overdue.id]
    assert known == (await service.known(desk.session, ids, TODAY))[overdue.id]
    assert known.last_on == TODAY - dt.timedelta(days=90)
    assert known.reading == await desk.reading(overdue)


async def test_over_all_workspaces_those_with_nothing_to_say_cost_no_more(desk, store, workspace):
    async with store.work(None) as session:
        quiet = await installs.install(
            session, slack_id="T0ELSE", name="E", address="https://e.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    await desk.client()
    await desk.session.commit()
    asked = watch(store.engines[-1])
    async with store.look(None) as session:
        both = [workspace.id, quiet.id]
        assert await service.stirring_workspaces(session, both, START + dt.timedelta(days=6)) == set()
        assert await service.stirring_workspaces(session, both, START + dt.timedelta(days=7)) == {workspace.id}
        assert await service.stirring_workspaces(session, [quiet.id], TODAY) == set()
        assert await service.stirring_workspaces(session, [], TODAY) == set()
    plan = await planned(store, asked[0])
    assert not [line for line in plan if "SCAN spark" in line or "Seq Scan on spark" in line], plan
    assert sum("ix_spark_workspace_id" in line for line in plan) == 2, plan


async def test_whoever_stirs_is_found_through_the_indexes(desk, store, workspace):
    await desk.client()
    await desk.session.commit()
    asked = watch(store.engines[-1])
    async with store.look(workspace.id) as session:
        await service.stirring(session, TODAY)
    for each in asked[:2]:
        plan = await planned(store, each)  # of one row, PostgreSQL takes either index
        assert any("ix_spark_workspace_id" in line for line in plan), plan


def watch(engine):
    """Return the statements that an engine runs from now on, with their values."""
    asked = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    return asked


async def planned(store, asked):
    """Return how a database runs a statement, a line each."""
    statement, values = asked
    async with store.engines[-1].connect() as connection:
        if store.dialect == "postgresql":
            await connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
        return [str(row[-1]) for row in await connection.exec_driver_sql(f"{explain} {statement}", values)]


async def test_two_who_follow_a_client_at_once_leave_one_spark(store, workspace, people):
    ana = await people.member("U0ANA", "Ana")
    async with store.work(workspace.id) as session:
        client = await Hearth(session, Person(ana.id)).client(rhythm=30)
        await session.execute(sa.delete(rows.SparkRow))
    done = []

    async def follow(cadence):
        async with store.work(workspace.id) as session:
            await service.follow(session, client.id, Plan(START, cadence))
        done.append(cadence)

    await asyncio.gather(follow(7), follow(14))
    async with store.look(workspace.id) as session:
        assert (await rows.get_many(session, [client.id]))[client.id].cadence_days == done[-1]
    assert sorted(done) == [7, 14]


def test_importing_the_app_loads_no_numbers():
    said = subprocess.run(
        [sys.executable, "-c", "import sys, bot.app; print('numpy' in sys.modules, 'scipy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["False", "False"]


def test_what_is_warm_answers_at_once():
    service.warm()
    assert rules.is_loaded()
