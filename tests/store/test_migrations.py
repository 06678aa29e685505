"""Code and database agree, and every step can be taken back."""

import datetime as dt
import uuid
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot.practices.clients.rules import Stage, rhythm_in
from bot.practices.tables import metadata
from bot.store import migrate, schema
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import Visibility
from tests.support import DATABASES, address_of, run_sql

BEFORE_THE_FIRST = "base"
NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()


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


def test_going_back_before_unrated_conversations_loses_nothing_that_was_written_down(empty_url):
    migrate.upgrade(empty_url)
    ids = fill(empty_url)

    migrate.downgrade(empty_url, "0001")
    assert answers(empty_url, "SELECT note, via FROM checkin ORDER BY note") == [
        ("She asked about spring", "line"),
        ("She liked the plan", "modal"),
    ]
    assert answers(empty_url, "SELECT text, via FROM draft") == [("Half a note", "modal")]
    assert answers(empty_url, "SELECT what FROM promise") == [("The plan",)]
    assert answers(empty_url, "SELECT body FROM search_entry ORDER BY body") == [("she liked the plan",), ("the plan",)]
    for name in ("checkin_person", "checkin_signal"):
        assert answers(empty_url, f"SELECT count(*) FROM {name}") == [(1,)]
    assert found_by_words(empty_url, "plan") == 2
    assert found_by_words(empty_url, "gone") == 0

    migrate.upgrade(empty_url)
    assert {checkin for (checkin,) in answers(empty_url, sa.select(table("checkin").c.id))} == {
        ids["rated"],
        ids["line"],
    }
    assert answers(empty_url, "SELECT count(*) FROM client_pause") == [(1,)]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_client_is_spoken_with_as_often_before_stages_have_rhythms_as_after(empty_url):
    migrate.upgrade(empty_url)
    ids = fill(empty_url)
    migrate.downgrade(empty_url, "0004")
    client, kept = table("client"), table("spark")
    put(empty_url, kept.insert().values(spark_of(ids)))
    for stage, days, steady_days in (
        (Stage.STEADY, 7, 7),
        (Stage.ONBOARDING, 7, 14),
        (Stage.RENEWAL, 1, 2),
        (Stage.WINDING_DOWN, 28, 14),
        (Stage.ONBOARDING, 183, 365),
    ):
        migrate.downgrade(empty_url, "0003")
        put(empty_url, client.update().values(stage=stage, rhythm_days=days))
        migrate.upgrade(empty_url, "0004")
        assert answers(empty_url, "SELECT rhythm_days FROM client") == [(steady_days,)]
        assert rhythm_in(stage, steady_days) == days
        migrate.downgrade(empty_url, "0003")
        assert answers(empty_url, "SELECT rhythm_days FROM client") == [(days,)]
    assert answers(empty_url, "SELECT count(*) FROM spark") == [(1,)], "so it holds"
    put(empty_url, client.update().values(rhythm_days=200))
    migrate.upgrade(empty_url, "0004")
    assert answers(empty_url, "SELECT count(*) FROM spark") == [(0,)], "it is made anew for half a year"


def put(url: str, statement: sa.Insert | sa.Update) -> None:
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(statement, execution_options={"all_workspaces": "a test"})
    engine.dispose()


def spark_of(ids: dict[str, uuid.UUID]) -> dict[str, Any]:
    nothing = {"pauses": [], "contact_days": 0, "contacts": 0.0, "exposure": 0.0, "gaps": []}
    plan = {"started_on": TODAY, "cadence_days": 7, "is_running": True}
    return {"workspace_id": ids["workspace"], "client_id": ids["client"], **plan, **nothing}


def table(name: str) -> sa.Table:
    return metadata.tables[name]


def answers(url: str, statement: str | sa.Select[Any]) -> list[tuple[Any, ...]]:
    engine = sync_engine(url)
    with engine.connect() as connection:
        asked = sa.text(statement) if isinstance(statement, str) else statement
        found = [tuple(row) for row in connection.execute(asked, execution_options={"all_workspaces": "a test"})]
    engine.dispose()
    return found


def found_by_words(url: str, word: str) -> int:
    words = f"SELECT count(*) FROM search_text WHERE search_text MATCH '{word}'"
    if not url.startswith("sqlite"):
        words = f"SELECT count(*) FROM search_entry WHERE to_tsvector('simple', body) @@ to_tsquery('simple', '{word}')"
    return answers(url, words)[0][0]


def fill(url: str) -> dict[str, uuid.UUID]:
    """Keep "We've spoken" with and without a note, and one line, each with what can hang on it; return their ids."""
    ids = {
        name: new_id()
        for name in ("workspace", "ana", "client", "priya", "draft", "rated", "bare", "line", "promise", "stray")
    }
    home = {"workspace_id": ids["workspace"]}
    ours = {**home, "client_id": ids["client"]}
    note = {**ours, "author_id": ids["ana"], "visibility": Visibility.TEAM}
    said = {**note, "happened_on": TODAY, "purpose": "service", "created_at": NOW, "unsaid": None, "quote": None}
    promised = {**note, "carrier_id": ids["ana"], "due_on": TODAY, "theirs": False, "state": "open", "created_at": NOW}
    flags = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin"), False)
    kept: dict[str, list[dict[str, Any]]] = {
        "workspace": [
            {
                "id": ids["workspace"],
                "slack_id": "T0001",
                "name": "Our agency",
                "address": "https://ours.slack.com/",
                "bot_slack_id": "U0BOT",
                "installed_at": NOW,
            }
        ],
        "member": [{**home, "id": ids["ana"], "slack_id": "U0ANA", "name": "Ana", "tz": "Europe/Berlin", **flags}],
        "client": [
            {
                **home,
                "id": ids["client"],
                "name": "Northwind",
                "sort_name": "northwind",
                "status": "paused",
                "stage": "steady",
                "rhythm_days": 7,
                "started_on": TODAY,
                "created_by": ids["ana"],
                "created_at": NOW,
            }
        ],
        "contact": [
            {
                **ours,
                "id": ids["priya"],
                "name": "Priya",
                "folded": "priya",
                "has_left": False,
                "created_by": ids["ana"],
                "created_at": NOW,
            }
        ],
        "checkin": [
            {**said, "id": ids["rated"], "feeling": 4, "note": "She liked the plan", "via": "spoken"},
            {**said, "id": ids["bare"], "feeling": None, "note": "", "via": "spoken"},
            {**said, "id": ids["line"], "feeling": 3, "note": "She asked about spring", "via": "line"},
        ],
        "checkin_person": [{**home, "checkin_id": ids[one], "contact_id": ids["priya"]} for one in ("rated", "bare")],
        "checkin_signal": [{**home, "checkin_id": ids[one], "signal": "blocker"} for one in ("rated", "bare")],
        "promise": [
            {**promised, "id": ids["promise"], "checkin_id": ids["rated"], "what": "The plan"},
            {**promised, "id": ids["stray"], "checkin_id": ids["bare"], "what": "Gone"},
        ],
        "draft": [
            {
                **ours,
                "id": ids["draft"],
                "author_id": ids["ana"],
                "feeling": None,
                "text": "Half a note",
                "via": "spoken",
                "created_at": NOW,
            }
        ],
        "search_entry": [
            {**note, "kind": "checkin", "ref": ids["rated"], "body": "she liked the plan"},
            {**note, "kind": "checkin", "ref": ids["bare"], "body": "gone"},
            {**note, "kind": "promise", "ref": ids["promise"], "body": "the plan"},
            {**note, "kind": "promise", "ref": ids["stray"], "body": "gone for good"},
        ],
        "client_pause": [{**ours, "from_on": TODAY, "until_on": None}],
        "snooze": [{**ours, "member_id": ids["ana"], "until_on": TODAY, "created_at": NOW}],
    }
    engine = sync_engine(url)
    with engine.begin() as connection:
        for name, many in kept.items():
            connection.execute(table(name).insert(), many)
        if engine.dialect.name == "sqlite":
            connection.execute(sa.text("INSERT INTO search_text(search_text) VALUES ('rebuild')"))
    engine.dispose()
    return ids


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
