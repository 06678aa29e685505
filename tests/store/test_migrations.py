"""Code and database agree, and every step can be taken back."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot.practices.tables import metadata
from bot.store import migrate, schema
from bot.store.engine import Store
from tests.support import DATABASES, address_of, run_sql

BEFORE_THE_FIRST = "base"


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres")
    run_sql(server, "CREATE DATABASE empty_ember")
    yield address_of(server, "empty_ember")
    run_sql(server, "DROP DATABASE empty_ember WITH (FORCE)")


def sync_engine(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("+aiosqlite", ""))


def tables(url: str) -> set[str]:
    engine = sync_engine(url)
    found = {name for name in sa.inspect(engine).get_table_names() if not name.startswith("search_text")}
    engine.dispose()
    return found - {"alembic_version"}


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index:UserWarning")
def test_a_migrated_database_is_what_the_code_describes(database_url):
    migrate.check(database_url)


def test_migrations_go_up_down_and_up_again(empty_url):
    migrate.upgrade(empty_url)
    everything = tables(empty_url)
    assert everything == set(metadata.tables)

    migrate.downgrade(empty_url)
    assert tables(empty_url) == set()

    migrate.upgrade(empty_url)
    assert tables(empty_url) == everything


def test_check_constraints_hold_exactly_the_values_of_their_enums(database_url):
    engine = sync_engine(database_url)
    inspector = sa.inspect(engine)
    compared = 0
    for table in metadata.sorted_tables:
        checks = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for column in table.columns:
            if isinstance(column.type, sa.Enum) and issubclass(column.type.enum_class, Enum):
                body = checks[f"ck_{table.name}_{column.type.name}"]
                allowed = set(body.split("'")[1::2])
                assert allowed == {member.value for member in column.type.enum_class}, (table.name, column.name)
                compared += 1
    engine.dispose()
    assert compared >= 10


def test_serve_knows_the_newest_migration_without_alembic(database_url):
    script = ScriptDirectory.from_config(migrate.config(database_url))
    assert script.get_current_head() == schema.HEAD


async def test_a_database_at_head_is_accepted(store):
    await schema.require_head(store)


async def test_a_database_without_tables_says_what_to_run(empty_url):
    store = Store(empty_url)
    with pytest.raises(schema.NotMigrated, match="ember migrate"):
        await schema.require_head(store)
    await store.close()


async def test_a_database_from_another_version_says_what_to_run(store):
    async with store.engines[0].begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.NotMigrated, match="9999"):
        await schema.require_head(store)


def test_a_migration_that_leaves_orphans_on_sqlite_is_refused(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'orphans.db'}"
    migrate.upgrade(url)
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO seen(workspace_id, key, at) VALUES ('0190a0a0000070008000000000000001', 'k', '2026-05-12')"
            )
        )
    engine.dispose()
    with pytest.raises(RuntimeError, match="point nowhere"):
        migrate.upgrade(url)
