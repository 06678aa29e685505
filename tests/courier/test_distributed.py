"""Several replicas on one PostgreSQL: each tick is taken once, and the queue's tables are made once."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

import psycopg
import pytest

from bot.courier.engines import queue_schema
from bot.courier.engines.distributed import DistributedEngine
from tests.listening import listening


class Counting:
    """A port that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.dispatched = asyncio.Event()

    async def plan(self) -> None:
        self.asked["plan"] += 1

    async def dispatch(self) -> None:
        self.asked["dispatch"] += 1
        self.dispatched.set()

    async def housekeep(self) -> None:
        self.asked["housekeep"] += 1


@pytest.fixture
def queue(migrated_postgres):
    """The address of a database that has the queue's tables, as new."""
    queue_schema.prepare(migrated_postgres)
    yield migrated_postgres
    with psycopg.connect(queue_schema.conninfo(migrated_postgres)) as connection:
        connection.execute(f"DROP SCHEMA {queue_schema.SCHEMA} CASCADE")


def test_its_tables_are_made_once_in_a_schema_of_their_own(queue):
    assert not queue_schema.prepare(queue)

    with psycopg.connect(queue_schema.conninfo(queue)) as connection:
        found = connection.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%' GROUP BY 1"
        ).fetchall()
    assert found == [(queue_schema.SCHEMA,)]


def test_a_newer_librarys_tables_are_left_alone(queue):
    with psycopg.connect(queue_schema.conninfo(queue), options=queue_schema.OPTIONS) as connection:
        connection.execute("UPDATE queue_version SET version = '99.0'")

    assert not queue_schema.prepare(queue)


def test_only_the_migrations_after_a_version_are_run():
    assert queue_schema._missing("99.0") == []
    every, later = queue_schema._missing("0.1"), queue_schema._missing("3.3.0")
    assert 0 < len(later) < len(every)
    assert every[-len(later) :] == later


async def test_two_replicas_share_the_ticks_and_a_nudge_is_answered_by_one(queue):
    ports = [Counting(), Counting()]
    engines = [DistributedEngine(port, queue) for port in ports]
    for engine in engines:
        await engine.start()
    await asyncio.wait_for(
        asyncio.wait([asyncio.create_task(port.dispatched.wait()) for port in ports], return_when="FIRST_COMPLETED"), 10
    )
    engines[0].nudge()
    for engine in engines:
        await engine.stop()

    asked = ports[0].asked + ports[1].asked
    assert asked["housekeep"] <= 1
    assert asked["dispatch"] >= 1


@asynccontextmanager
async def broken(queue):
    """The queue fails at whatever is asked of it, as in an outage."""
    jobs, there = ("procrastinate_jobs", "away"), queue_schema.conninfo(queue)
    async with await psycopg.AsyncConnection.connect(there, options=queue_schema.OPTIONS, autocommit=True) as database:
        await database.execute("ALTER TABLE {} RENAME TO {}".format(*jobs))
        try:
            yield
        finally:
            await database.execute("ALTER TABLE {1} RENAME TO {0}".format(*jobs))


@asynccontextmanager
async def running(queue):
    """An engine that has taken its first tick, and its port."""
    port = Counting()
    engine = DistributedEngine(port, queue)
    await engine.start()
    try:
        await asyncio.wait_for(port.dispatched.wait(), 10)
        yield engine, port
    finally:
        await asyncio.wait_for(engine.stop(), 10)


async def test_it_goes_on_by_itself_once_the_database_is_back(queue):
    async with running(queue) as (_engine, port):
        with listening() as heard:
            async with broken(queue), asyncio.timeout(10):
                while "is started again" not in heard.getvalue():
                    await asyncio.sleep(0.05)
        port.dispatched.clear()
        await asyncio.wait_for(port.dispatched.wait(), 10)


async def test_it_stops_though_the_database_is_away_and_keeps_no_connection(queue):
    async with running(queue) as (engine, _port):
        async with broken(queue):
            engine.nudge()
            await asyncio.wait_for(engine.stop(), 10)
        assert engine._app.connector._async_pool is None


async def test_an_engine_that_never_started_stops():
    engine = DistributedEngine(Counting(), "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    engine.nudge()
    await engine.stop()
