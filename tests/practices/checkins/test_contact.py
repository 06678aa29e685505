"""What a contact day does to a client's spark, on both databases: the same in whatever order things are logged."""

import datetime as dt
import random

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.practices.checkins import contact, service
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Signal, Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.practices.spark import course
from bot.practices.spark import rows as sparks
from bot.store.base import new_id
from bot.workspaces.visibility import Visibility
from tests.support import NOW, TODAY

START = TODAY - dt.timedelta(days=120)
STATEMENTS = {"sqlite": 7, "postgresql": 6}


@pytest.fixture
async def ana(people):
    return await people.member("U0ANA", "Ana", tz="UTC")


async def set_up(session, by, name="Northwind", **more):
    details = clients.Details(name, by.id, 7, started_on=START, **more)
    return await clients.set_up(session, details, by=by.id, key=str(new_id()), now=NOW, today=TODAY)


async def record(session, client, by, on, feeling: int | None = 4, *, now=NOW, text="Fine", **more):
    note = Note(client.id, feeling, text, Via.LINE, said_on=on, **more)
    return (await service.record(session, note, by=by, key=str(new_id()), now=now)).checkin


async def kept(session, client):
    return (await sparks.get_many(session, [client.id]))[client.id]


def ago(days):
    return TODAY - dt.timedelta(days=days)


class Asked:
    """The statements that reach the database while the block lasts."""

    def __init__(self, store):
        self.engine, self.said = store.engines[0].sync_engine, []

    def _look(self, _connection, _cursor, statement, *_rest):
        self.said.append(statement)

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self._look)
        return self.said

    def __exit__(self, *_raised):
        event.remove(self.engine, "before_cursor_execute", self._look)


async def test_one_more_day_does_not_read_the_ones_before(ana, store, work):
    client = await set_up(work, ana)
    await record(work, client, ana, ago(3))
    with Asked(store) as said:
        await record(work, client, ana, ago(2))
    assert len(said) == STATEMENTS[work.dialect]
    assert not [statement for statement in said if "avg(" in statement]


async def test_a_conversation_without_a_rating_on_the_last_day_changes_nothing(ana, store, work):
    client = await set_up(work, ana)
    await record(work, client, ana, ago(3))
    before = await kept(work, client)
    with Asked(store) as said:
        await record(work, client, ana, ago(3), visibility=Visibility.ME)
    assert not [statement for statement in said if statement.startswith("UPDATE spark")]
    assert await kept(work, client) == before


@pytest.mark.parametrize("late", [{"on": ago(9)}, {"on": ago(3), "feeling": 1}])
async def test_an_earlier_day_and_another_rating_of_the_last_one_count_as_they_would_have(ana, work, late):
    client = await set_up(work, ana)
    for one in ({"on": ago(12)}, {"on": ago(3), "feeling": 5}, late):
        await record(work, client, ana, **one)
    await assert_as_rebuilt(work, client)


async def test_a_client_without_a_spark_gets_one_with_its_first_conversation(ana, work):
    client = await set_up(work, ana)
    await clients.pause(work, client.id, ago(60), today=ago(80))
    await record(work, client, ana, ago(9))
    before = await kept(work, client)
    await work.execute(sa.delete(sparks.SparkRow))
    await record(work, client, ana, ago(2))
    found = await kept(work, client)
    assert (found.state.count, found.last_on, found.pauses) == (2, ago(2), before.pauses)


async def test_a_pause_of_a_client_without_a_spark_leaves_it_to_be_looked_at(ana, work):
    client = await set_up(work, ana)
    await record(work, client, ana, ago(9))
    await work.execute(sa.delete(sparks.SparkRow))
    await clients.pause(work, client.id, None, today=TODAY)
    assert await service.backfill(work, limit=9) == 1
    found = await kept(work, client)
    assert (found.state.count, found.pauses) == (1, ((TODAY, None),))


async def test_days_logged_after_the_end_count_once_it_goes_on_as_in_a_pause(ana, work):
    client = await set_up(work, ana)
    await record(work, client, ana, ago(30))
    await clients.end(work, client.id, ago(20))
    await record(work, client, ana, ago(10))
    await clients.resume(work, client.id, today=ago(5))
    await record(work, client, ana, ago(1))
    await assert_as_rebuilt(work, client)


@pytest.mark.parametrize("seed", range(12))
async def test_neither_the_order_nor_what_was_undone_edited_or_paused_between_matters(ana, work, seed):
    chance = random.Random(seed)
    client = await set_up(work, ana)
    mine = []
    for step in range(25):
        now = NOW + dt.timedelta(minutes=step)
        today = now.date()
        deed = chance.choice(["record"] * 8 + ["undo", "delete", "edit", "pause", "resume", "end"])
        on = ago(chance.choice([0, 1, 2, 3, chance.randrange(120)]))
        signals = frozenset(chance.choices([Signal.HEALTHY_DISAGREEMENT, Signal.BLOCKER], k=chance.randrange(2)))
        said = {
            "feeling": chance.randint(1, 5),
            "visibility": chance.choice(list(Visibility)),
            "details": Details(signals=signals),
        }
        if deed == "record":
            mine.append(await record(work, client, ana, on, now=now, **said))
            await assert_as_rebuilt(work, client)
        elif deed in {"pause", "resume", "end"}:
            status = (await clients.get(work, client.id)).status
            if deed == "pause" and status != "ended":
                await clients.pause(work, client.id, chance.choice([None, today]), today=min(on, today))
            elif deed == "resume":
                await clients.resume(work, client.id, today=today)
            elif deed == "end" and status != "ended":
                await clients.end(work, client.id, today)
        elif mine:
            one = mine.pop(chance.randrange(len(mine)))
            if deed == "edit":
                note = Note(client.id, said["feeling"], "Changed", Via.MODAL, said["visibility"], said_on=on)
                mine.append((await service.edit(work, one.id, note, by=ana, now=now)).checkin)
            elif deed == "undo":
                await service.undo(work, one.id, by=ana, now=one.created_at)
            else:
                await service.delete(work, one.id, by=ana)
    await record(work, client, ana, TODAY, None, text="", now=NOW + dt.timedelta(hours=1))
    await assert_as_rebuilt(work, client)


async def assert_as_rebuilt(session, client):
    """Compare a spark with one made from all that is logged."""
    found = await kept(session, client)
    logged = (await contact.facts(session, [client.id]))[client.id]
    state = course.rebuild(logged.days, logged.ratings, found.pauses)
    fades = course.fade_on(state, found.cadence_days, found.started_on, found.pauses, running=found.is_running)
    assert (found.state, found.last_on, found.fade_on) == (state, max(logged.days), fades)
