"""One writer, some readers: nothing is lost, nothing is half written, instants keep their zone."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from bot.store.base import new_id, table_of
from bot.store.engine import Store
from bot.store.schema import require_head
from bot.store.seen import Seen
from bot.workspaces import directory, installs
from bot.workspaces.directory import MemberFacts
from bot.workspaces.installs import WHY, WorkspaceRow
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
AT_ONCE = 200


@ON_SQLITE
async def test_every_sqlite_connection_is_durable_and_holds_foreign_keys(store):
    for engine in store.engines:
        async with engine.connect() as connection:
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = [(await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() for pragma in pragmas]
        assert found == ["wal", 2, 1, 10_000]


@ON_SQLITE
async def test_sqlite_has_one_writer_that_begins_at_once_and_readers_that_do_not_wait_for_it(store, workspace):
    writer, reader = store.engines
    assert (writer.pool.size(), reader.pool.size() > 1) == (1, True)
    async with store.work(workspace.id) as session:
        await session.add_row(Seen, key="a", at=NOW)
        async with store.look(workspace.id) as other:
            assert (await other.execute(sa.select(Seen.key))).all() == []


async def test_read_then_write_at_once_loses_nothing(store, workspace):
    async with store.work(workspace.id) as session:
        await session.add_row(Seen, key="0", at=NOW)

    async def count_on() -> None:
        async with store.work(workspace.id) as session:
            newest = sa.select(Seen.key).order_by(Seen.key.desc()).with_for_update()
            (key,) = (await session.execute(newest)).scalars().all()
            await session.execute(sa.update(Seen).values(key=str(int(key) + 1)))

    await asyncio.gather(*[count_on() for _ in range(AT_ONCE)])
    async with store.look(workspace.id) as session:
        assert (await session.execute(sa.select(Seen.key))).scalar_one() == str(AT_ONCE)


async def test_many_writers_and_readers_never_find_the_database_locked(store, workspace):
    async def write(number: int) -> None:
        async with store.work(workspace.id) as session:
            assert (await session.execute(sa.select(sa.func.count()).select_from(Seen))).scalar_one() >= 0
            await session.add_row(Seen, key=f"{number}", at=NOW)

    async def read() -> None:
        async with store.look(workspace.id) as session:
            await session.execute(sa.select(Seen.key))

    await asyncio.gather(*[write(number) for number in range(AT_ONCE)], *[read() for _ in range(AT_ONCE)])
    async with store.look(workspace.id) as session:
        assert (await session.execute(sa.select(sa.func.count()).select_from(Seen))).scalar_one() == AT_ONCE


async def test_an_exception_takes_everything_back_and_the_next_one_can_work(store, workspace):
    async def fail():
        async with store.work(workspace.id) as session:
            await session.add_row(Seen, key="a", at=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with store.work(workspace.id) as session:
        assert (await session.execute(sa.select(Seen.key))).all() == []
        await session.add_row(Seen, key="a", at=NOW)


@ON_SQLITE
async def test_a_look_sees_one_moment(store, workspace):
    async with store.look(workspace.id) as session:
        assert (await session.execute(sa.select(Seen.key))).all() == []
        async with store.work(workspace.id) as other:
            await other.add_row(Seen, key="a", at=NOW)
        assert (await session.execute(sa.select(Seen.key))).all() == []
    async with store.look(workspace.id) as session:
        assert (await session.execute(sa.select(Seen.key))).scalars().all() == ["a"]


@ON_SQLITE
async def test_foreign_keys_are_held(store, workspace):
    with pytest.raises(sa.exc.IntegrityError):
        async with store.work(new_id()) as session:
            await session.add_row(Seen, key="a", at=NOW)


async def test_instants_come_back_aware_in_utc(store, workspace):
    tokyo = dt.timezone(dt.timedelta(hours=9))
    async with store.work(workspace.id) as session:
        await session.add_row(Seen, key="a", at=NOW.astimezone(tokyo))
        at = (await session.execute(sa.select(Seen.at))).scalar_one()
        found = await session.execute(sa.select(Seen.key).where(Seen.at == NOW.astimezone(tokyo)))
        assert found.scalars().all() == ["a"]
    assert (at, at.utcoffset()) == (NOW, dt.timedelta())


async def test_a_naive_instant_is_refused(store, workspace):
    with pytest.raises(sa.exc.StatementError, match="needs a time zone"):
        async with store.work(workspace.id) as session:
            await session.add_row(Seen, key="a", at=NOW.replace(tzinfo=None))


async def test_an_absent_instant_stays_absent(store, workspace):
    async with store.work(workspace.id) as session:
        flags = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin"), False)
        await directory.keep_member(session, MemberFacts("U0ANA", "Ana", "UTC", **flags), now=NOW)
        await directory.member_went_stale(session, "U0ANA")
        checked = await session.execute(sa.select(directory.MemberRow.checked_at))
    assert checked.scalars().all() == [None]


def test_ids_sort_by_the_time_they_were_made():
    made = [new_id() for _ in range(1_000)]
    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}


async def test_a_store_in_a_folder_that_is_not_there_yet_makes_it(tmp_path):
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'deep' / 'down' / 'ember.db'}")
    async with store.engines[0].begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE here (id INTEGER)")
    await store.close()
    assert (tmp_path / "deep" / "down" / "ember.db").exists()


async def test_a_database_in_memory_needs_no_folder():
    store = Store("sqlite+aiosqlite:///:memory:")
    async with store.engines[0].connect() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one() == 1
    await store.close()


async def test_a_workspace_is_installed_once_and_refreshed(store, workspace):
    async with store.work(None) as session:
        again = await installs.install(
            session, slack_id="T0001", name="New name", address="https://new.slack.com/", bot_slack_id="U0B", now=NOW
        )
        assert await installs.all_workspaces(session) == [again]
        assert await installs.find_workspace(session, "T0404") is None
        assert (await session.execute(sa.select(WorkspaceRow.installed_at), execution_options=WHY)).scalar_one() == NOW
    assert (again.id, again.name, again.address) == (workspace.id, "New name", "https://new.slack.com/")


async def test_a_row_is_added_once_and_says_so(store, workspace):
    async with store.work(workspace.id) as session:
        assert [await session.add_once(Seen, key="a", at=at) for at in (NOW, NOW, NOW)] == [True, False, False]
        assert (await session.execute(sa.select(Seen.key))).scalars().all() == ["a"]


async def test_a_file_that_is_no_database_is_not_taken_for_an_empty_one(tmp_path):
    path = tmp_path / "ember.db"
    path.write_bytes(b"not a database, " * 1_000)
    store = Store(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(sa.exc.DatabaseError, match="not a database"):
        await require_head(store)
    await store.close()


def test_a_class_mapped_to_a_query_has_no_table_to_write_to():
    class Counted(DeclarativeBase):
        pass

    class Late(Counted):
        __table__ = sa.select(sa.literal(1).label("id")).subquery()
        __mapper_args__ = {"primary_key": [__table__.c.id]}  # noqa: RUF012  SQLAlchemy's own spelling

    with pytest.raises(TypeError, match="no table"):
        table_of(Late)
    assert table_of(Seen).name == "seen"
