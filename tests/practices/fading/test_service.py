"""Alerts as they open, are answered and close, on both databases."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.practices.cadence import service as cadence
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Feeling, Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.practices.fading import service
from bot.practices.fading.rows import FadingRow
from bot.practices.fading.service import Ending
from bot.practices.spark import service as spark
from bot.practices.spark.rules import OPENS
from bot.practices.spark.service import Facts
from bot.store.base import new_id
from bot.workspaces import settings
from bot.workspaces.settings import Settings
from tests.conftest import NOW

TODAY = NOW.date()
DAY = dt.timedelta(days=1)
QUIET = 60
"""A weekly client with nothing logged for so long has faded."""


class Watch:
    """Ana's clients, in transactions of their own."""

    def __init__(self, store, workspace, ana):
        self.store, self.workspace, self.ana = store, workspace, ana

    def work(self):
        return self.store.work(self.workspace.id)

    async def client(self, name="Northwind", *, quiet=QUIET, rhythm=7, times=18, is_key=False):
        """Set up a client that was spoken with in its rhythm until some days ago."""
        days = spoken_on(quiet, rhythm, times)
        start = min(days, default=TODAY - quiet * DAY)
        async with self.work() as session:
            details = clients.Details(name, self.ana.id, rhythm, started_on=start, is_key=is_key)
            made = await clients.set_up(session, details, by=self.ana.id, key=str(new_id()), now=NOW, today=TODAY)
            await spark.rebuild(session, made.id, Facts(days))
        return made

    async def open(self, *made, today=TODAY, fade_at=OPENS, cap=3):
        async with self.work() as session:
            ids = [client.id for client in made]
            return await service.open_today(session, ids, today=today, now=at(today), fade_at=fade_at, cap=cap)

    async def settle(self, *made, today=TODAY, fade_at=OPENS):
        async with self.work() as session:
            ids = [client.id for client in made]
            return await service.settle(session, ids, today=today, now=at(today), fade_at=fade_at)

    async def latest(self, client):
        async with self.work() as session:
            return (await service.latest(session, [client.id])).get(client.id)

    async def fade_at(self):
        async with self.work() as session:
            return (await settings.read(session)).fade_at

    async def log(self, client, *, on=TODAY, feeling=Feeling.WARM):
        async with self.work() as session:
            note = Note(client.id, feeling, "Rang about the plan", Via.LINE, said_on=on)
            receipt = await checkins.record(session, note, by=self.ana, key=str(new_id()), now=at(on))
        return receipt.checkin

    async def press_spoken(self, client, on=TODAY):
        async with self.work() as session:
            receipt = await checkins.spoken(session, client.id, on=None, by=self.ana, key=str(new_id()), now=at(on))
        return receipt.checkin


def spoken_on(quiet=QUIET, rhythm=7, times=18):
    return [TODAY - (quiet + rhythm * place) * DAY for place in range(times)]


def at(today):
    return NOW + (today - TODAY)


@pytest.fixture
async def desk(store, workspace, people):
    return Watch(store, workspace, await people.member("U0ANA", "Ana"))


def about(fadings):
    return [fading.client_id for fading in fadings]


# --- golden cases ----------------------------------------------------------------------------------------------------


async def test_a_weekly_client_silent_for_60_days_alerts_and_a_monthly_one_silent_for_20_does_not(desk):
    weekly = await desk.client("Northwind", quiet=60)
    monthly = await desk.client("Halden", quiet=20, rhythm=30)
    (opened,) = await desk.open(weekly, monthly)
    assert (opened.client_id, opened.opened_on, opened.last_on) == (weekly.id, TODAY, TODAY - 60 * DAY)
    assert opened.is_open
    assert opened.p_fade >= OPENS


async def test_the_fourth_alert_of_a_morning_is_not_opened(desk):
    made = [await desk.client(f"Client {number}", quiet=50 + number) for number in range(4)]
    longest_first = [one.id for one in reversed(made)]
    assert about(await desk.open(*made)) == longest_first[:3]
    async with desk.work() as session:
        assert (await service.open_of(session, longest_first)).keys() == set(longest_first[:3])


async def test_a_key_client_comes_first_of_several_that_cool_and_opens_no_sooner_than_others(desk):
    halden = await desk.client("Halden", quiet=60)
    orchard = await desk.client("Orchard", quiet=40, is_key=True)
    calm = await desk.client("Northwind", quiet=8, is_key=True)
    assert about(await desk.open(halden, orchard, calm, cap=1)) == [orchard.id]
    first, second = await desk.open(halden, orchard, calm)
    assert (first.client_id, second.client_id) == (orchard.id, halden.id)
    assert first.p_fade < second.p_fade


async def test_planned_again_on_the_same_morning_the_alerts_are_the_same(desk):
    made = [await desk.client(f"Client {number}", quiet=50 + number) for number in range(5)]
    first = await desk.open(*made)
    assert await desk.open(*made) == first
    async with desk.work() as session:
        await service.close(session, first[0].client_id, Ending.NOT_NOW, now=NOW)
    assert about(await desk.open(*made)) == about(first)


async def test_the_morning_after_brings_those_that_waited(desk):
    made = [await desk.client(f"Client {number}", quiet=50 + number) for number in range(5)]
    first = about(await desk.open(*made))
    second = about(await desk.open(*made, today=TODAY + DAY))
    assert sorted([*first, *second]) == sorted(one.id for one in made)


async def test_two_who_plan_at_once_open_each_alert_once(desk):
    made = [await desk.client(f"Client {number}", quiet=50 + number) for number in range(4)]
    one, other = await asyncio.gather(desk.open(*made), desk.open(*made))
    assert set(about(one)) | set(about(other)) == {client.id for client in made[1:]}
    async with desk.work() as session:
        kept = (await session.execute(sa.select(sa.func.count()).select_from(FadingRow))).scalar_one()
    assert kept == 3


async def test_a_client_without_a_past_alerts_after_twice_its_rhythm(desk):
    fresh = await desk.client("Orchard", quiet=14, times=0)
    assert not await desk.open(fresh)
    (opened,) = await desk.open(fresh, today=TODAY + DAY)
    assert opened.last_on is None


# --- who is left alone -----------------------------------------------------------------------------------------------


async def test_whoever_is_paused_ended_or_set_aside_is_left_alone(desk):
    paused, later, ended, aside = [await desk.client(name) for name in ("Northwind", "Halden", "Orchard", "Alder")]
    async with desk.work() as session:
        await clients.pause(session, paused.id, None, today=TODAY - DAY)
        await clients.pause(session, later.id, TODAY + 9 * DAY, today=TODAY - DAY)
        await clients.end(session, ended.id, TODAY - DAY)
        await cadence.snooze(session, aside.id, until=TODAY + 7 * DAY, by=desk.ana, now=NOW)
    everyone = (paused, later, ended, aside)
    assert not await desk.open(*everyone)
    assert set(about(await desk.open(*everyone, today=TODAY + 9 * DAY))) == {later.id, aside.id}


async def test_a_client_has_peace_for_28_days_whatever_ended_its_alert(desk):
    client = await desk.client()
    await desk.open(client)
    async with desk.work() as session:
        await service.close(session, client.id, Ending.NOT_NOW, now=NOW)
    assert not await desk.open(client, today=TODAY + 27 * DAY)
    (again,) = await desk.open(client, today=TODAY + 28 * DAY)
    assert again.opened_on == TODAY + 28 * DAY


async def test_an_alert_that_stays_open_is_not_opened_again(desk):
    client = await desk.client()
    await desk.open(client)
    assert not await desk.open(client, today=TODAY + 40 * DAY)
    assert (await desk.latest(client)).opened_on == TODAY


async def test_the_workspaces_own_threshold_decides(desk):
    client = await desk.client(quiet=33)  # .592
    assert not await desk.open(client, fade_at=0.6)
    assert await desk.open(client, fade_at=0.59)
    sooner = await desk.client("Halden", quiet=26)
    assert not await desk.open(sooner)
    assert await desk.open(sooner, fade_at=0.5)


# --- endings ---------------------------------------------------------------------------------------------------------


async def test_a_logged_conversation_ends_it_and_taking_it_back_brings_it_back(desk):
    client = await desk.client()
    await desk.open(client)
    checkin = await desk.log(client)
    (over,) = await desk.settle(client)
    assert (over.ending, over.closed_at) == (Ending.LOGGED, NOW)
    assert await desk.settle(client) == []
    async with desk.work() as session:
        await checkins.undo(session, checkin.id, by=desk.ana, now=NOW)
        await spark.rebuild(session, client.id, Facts(spoken_on()))  # its past was never written down here
    (again,) = await desk.settle(client)
    assert again.is_open
    assert again == await desk.latest(client)


async def test_weve_spoken_ends_it_and_moves_no_threshold(desk):
    client = await desk.client()
    await desk.open(client)
    await desk.press_spoken(client)
    (over,) = await desk.settle(client)
    assert over.ending is Ending.SPOKEN
    assert await desk.fade_at() == OPENS


async def test_a_conversation_of_another_day_than_was_known_ends_it_too(desk):
    client = await desk.client()
    await desk.open(client)
    await desk.log(client, on=TODAY - 9 * DAY)
    assert [one.ending for one in await desk.settle(client)] == [Ending.LOGGED]


async def test_not_now_ends_it_and_has_alerts_open_later_once(desk):
    client = await desk.client()
    await desk.open(client)
    async with desk.work() as session:
        await cadence.snooze(session, client.id, until=TODAY + 7 * DAY, by=desk.ana, now=NOW)
    assert [one.ending for one in await desk.settle(client)] == [Ending.NOT_NOW]
    moved = await desk.fade_at()
    assert moved == pytest.approx(OPENS + 0.01)
    async with desk.work() as session:
        assert await service.close(session, client.id, Ending.NOT_NOW, now=NOW) is None
    assert await desk.settle(client) == []
    assert await desk.fade_at() == moved


async def test_a_pause_and_an_end_end_it(desk):
    paused, ended = await desk.client(), await desk.client("Halden")
    await desk.open(paused, ended)
    async with desk.work() as session:
        await clients.pause(session, paused.id, TODAY + 9 * DAY, today=TODAY)
        await clients.end(session, ended.id, TODAY)
    assert {one.ending for one in await desk.settle(paused, ended)} == {Ending.PAUSED}


async def test_what_looks_better_by_other_ratings_or_a_moved_threshold_recovers(desk):
    client = await desk.client(quiet=34)
    await desk.open(client)
    assert await desk.settle(client, fade_at=0.65) == []
    async with desk.work() as session:
        changed = await service.recover(session, today=TODAY, now=NOW, fade_at=0.7)
    assert [(one.client_id, one.ending) for one in changed] == [(client.id, Ending.RECOVERED)]
    assert not await desk.open(client, today=TODAY + DAY)


async def test_a_client_whose_spark_is_yet_to_be_counted_keeps_its_alert(desk):
    client = await desk.client()
    await desk.open(client)
    async with desk.work() as session:
        await session.execute(sa.delete(spark.rows.SparkRow))
    assert await desk.settle(client) == []
    assert (await desk.latest(client)).is_open


# --- answers ---------------------------------------------------------------------------------------------------------


async def test_who_takes_one_on_is_asked_about_it_the_next_morning(desk, people):
    client, tom = await desk.client(), await people.member("U0TOM", "Tom")
    await desk.open(client)
    async with desk.work() as session:
        taken = await service.take(session, client.id, by=desk.ana, now=NOW)
        assert (taken.taken_by, taken.taken_on) == (desk.ana.id, TODAY)
        moved = (await settings.read(session)).fade_at
        assert moved == pytest.approx(OPENS - 0.005)
        assert (await service.take(session, client.id, by=tom, now=NOW)).taken_by == desk.ana.id
        assert await service.taken_before(session, desk.ana.id, TODAY, since=TODAY - DAY) == []
        assert await service.taken_before(session, desk.ana.id, TODAY + DAY, since=TODAY) == [taken]
        assert await service.taken_before(session, desk.ana.id, TODAY + 2 * DAY, since=TODAY + DAY) == []
        assert await service.taken_before(session, tom.id, TODAY + DAY, since=TODAY) == []
        assert (await service.take(session, client.id, by=tom, now=NOW + DAY)).taken_by == tom.id
        assert (await settings.read(session)).fade_at == moved
        await service.close(session, client.id, Ending.LOGGED, now=NOW)
        assert await service.take(session, client.id, by=tom, now=NOW) is None
        assert await service.taken_before(session, tom.id, TODAY + 2 * DAY, since=TODAY) == []


async def test_whoever_took_it_has_it_until_their_own_day_is_over(desk, people):
    client, tom = await desk.client(), await people.member("U0TOM", "Tom", "Pacific/Honolulu")
    await desk.open(client)
    morning = dt.datetime.combine(TODAY, dt.time(6), dt.UTC)  # the evening before in Honolulu
    async with desk.work() as session:
        taken = await service.take(session, client.id, by=tom, now=morning)
        assert (taken.taken_by, taken.taken_on) == (tom.id, TODAY - DAY)
        assert (await service.take(session, client.id, by=desk.ana, now=morning)).taken_by == tom.id
        his_midnight = morning + dt.timedelta(hours=4)
        assert (await service.take(session, client.id, by=desk.ana, now=his_midnight)).taken_by == desk.ana.id


async def test_of_two_answers_at_once_both_are_learned_from(desk):
    async with desk.work() as session:
        await service.learn(session, service.Answer.TAKEN)
        other = asyncio.create_task(learn_from_another(desk))
        await asyncio.sleep(0.2)
    await other
    assert await desk.fade_at() == pytest.approx(OPENS - 0.01)


async def learn_from_another(desk):
    async with desk.work() as session:
        await service.learn(session, service.Answer.TAKEN)


async def test_what_is_learned_leaves_the_rest_of_the_settings(desk, people):
    admin = await people.member("U0OMAR", "Omar", is_admin=True)
    chosen = Settings(tz="Europe/Berlin", digest_at=dt.time(8, 15), country="DE", fade_at=0.745)
    async with desk.work() as session:
        await settings.change(session, chosen, by=admin, now=NOW)
        for _ in range(3):
            await service.learn(session, service.Answer.NOT_NOW)
        assert await settings.read(session) == replace(chosen, fade_at=0.75)


# --- cost ------------------------------------------------------------------------------------------------------------


async def test_a_morning_takes_as_many_queries_whatever_the_number_of_clients(desk):
    made = [await desk.client(f"Client {number}", quiet=50 + number) for number in range(5)]
    await desk.open(made[0])
    asked = []
    engine = desk.store.engines[0].sync_engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts = []
    for few in (made[:1], made):
        asked.clear()
        await desk.open(*few)
        counts.append(sum(statement.lstrip().startswith("SELECT") for statement in asked))
    assert counts[1] <= counts[0] + 4
