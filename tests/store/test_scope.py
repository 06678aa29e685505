"""No statement reaches another workspace's rows: the inspector has teeth, the session adds the criterion."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bot.practices.checkins import rows as checkins
from bot.practices.checkins.rules import Medium
from bot.practices.clients import rows as clients
from bot.practices.clients.rows import ClientRow
from bot.practices.people import rows as people
from bot.store.search import SearchEntry
from bot.store.seen import Seen, first_time
from bot.store.session import prepared
from bot.workspaces.directory import MemberRow
from bot.workspaces.teams import ClientMemberRow
from tests.scoping import (
    ScopeInspector,
    every_statement_is_watched,  # noqa: F401  a fixture
    every_statement_stays_in_its_workspace,  # noqa: F401  a fixture
)
from tests.store.holdings import NOW, everything

ESCAPES = {
    "select": "SELECT name FROM client",
    "select by id": "SELECT name FROM client WHERE id = :id",
    "alias": "SELECT c.name FROM client AS c WHERE c.id = :id",
    "own column on both sides": "SELECT c.name FROM client AS c WHERE c.workspace_id = c.workspace_id",
    "join": "SELECT c.name FROM client c JOIN client_name n ON n.client_id = c.id WHERE c.workspace_id = :w",
    "left join bound on the wrong side": "SELECT c.name FROM client c LEFT JOIN client_name n "
    "ON n.client_id = c.id AND n.workspace_id = :w AND c.workspace_id = :w",
    "comma": "SELECT c.name FROM client c, client_name n WHERE c.workspace_id = :w",
    "unqualified with two tables": "SELECT 1 FROM client, contact WHERE workspace_id = :w",
    "either or": "SELECT name FROM client WHERE client.workspace_id = :w OR client.id = :id",
    "not": "SELECT name FROM client WHERE NOT (client.workspace_id = :w)",
    "subquery": "SELECT x.name FROM (SELECT name FROM client) AS x",
    "in": "SELECT name FROM client WHERE client.workspace_id = :w AND id IN (SELECT client_id FROM client_member)",
    "exists": "SELECT name FROM client WHERE client.workspace_id = :w "
    "AND EXISTS (SELECT 1 FROM checkin WHERE checkin.client_id = client.id)",
    "scalar": "SELECT (SELECT count(*) FROM checkin) FROM client WHERE client.workspace_id = :w",
    "with": "WITH mine AS (SELECT id FROM client) SELECT id FROM mine",
    "union": "SELECT name FROM client WHERE workspace_id = :w UNION SELECT name FROM contact",
    "update": "UPDATE client SET name = :w WHERE id = :id",
    "delete": "DELETE FROM client WHERE id = :id",
    "insert": "INSERT INTO client_word (word, client_id) VALUES (:w, :id)",
    "insert without columns": "INSERT INTO client_word VALUES (:w, :id, :w)",
    "insert from select": "INSERT INTO client_word (workspace_id, word, client_id) SELECT :w, name, id FROM client",
    "upsert on another key": "INSERT INTO member (id, workspace_id) VALUES (:id, :w) "
    "ON CONFLICT (id) DO UPDATE SET workspace_id = excluded.workspace_id",
}
STAYS = {
    "select": "SELECT name FROM client WHERE client.workspace_id = :w",
    "either way round": "SELECT name FROM client WHERE :w = client.workspace_id AND (id = :id OR id IS NULL)",
    "join": "SELECT c.name FROM client c JOIN client_name n ON n.client_id = c.id AND n.workspace_id = :w "
    "WHERE c.workspace_id = :w",
    "exists": "SELECT name FROM client c WHERE c.workspace_id = :w "
    "AND EXISTS (SELECT 1 FROM checkin k WHERE k.client_id = c.id AND k.workspace_id = :w)",
    "update": "UPDATE client SET name = :w WHERE workspace_id = :w",
    "delete": "DELETE FROM client WHERE workspace_id = :w",
    "upsert": "INSERT INTO seen (workspace_id, key) VALUES (:w, :id) "
    "ON CONFLICT (workspace_id, key) DO UPDATE SET key = excluded.key",
    "a table of no workspace": "SELECT name FROM workspace",
}


def written(statement: str, dialect: str) -> str:
    return str(sa.text(statement).compile(dialect=sa.make_url(DRIVERS[dialect]).get_dialect()()))


DRIVERS = {"sqlite": "sqlite+aiosqlite://", "postgresql": "postgresql+psycopg://"}


@pytest.mark.parametrize("dialect", DRIVERS)
@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES)
def test_a_statement_over_other_workspaces_is_caught(statement, dialect):
    assert ScopeInspector().faults(written(statement, dialect), dialect)


@pytest.mark.parametrize("dialect", DRIVERS)
@pytest.mark.parametrize("statement", STAYS.values(), ids=STAYS)
def test_a_statement_within_a_workspace_passes(statement, dialect):
    assert ScopeInspector().faults(written(statement, dialect), dialect) == []


def test_what_cannot_be_read_is_reported_when_it_names_a_table_of_ours():
    (fault,) = ScopeInspector().faults("SELECT (( FROM client", "sqlite")
    assert fault.startswith("cannot be read")
    assert ScopeInspector().faults("SELECT (( FROM elsewhere", "sqlite") == []


async def test_a_raw_statement_is_caught_as_it_runs_unless_it_says_why(store, workspace, scope):
    everything, why = sa.text("SELECT name FROM client"), {"all_workspaces": "a test"}
    async with store.look(workspace.id) as session:
        await session.execute(everything, execution_options=why)
        assert scope.take() == []
        await session.execute(everything)
        assert scope.take() == ["selects client in every workspace: SELECT name FROM client"]
        await session.execute(sa.select(ClientRow.__table__.c.id))
        assert len(scope.take()) == 1
    async with store.engines[0].begin() as connection:
        await connection.exec_driver_sql("DELETE FROM seen")
        await connection.execute(sa.update(Seen).values(key="x"))
        assert len(scope.take()) == 2
    async with store.engines[0].connect() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            await connection.exec_driver_sql("INSERT INTO seen (key, at) VALUES ('x', '2026-05-12')")
        assert len(scope.take()) == 1


def statements() -> dict[str, Any]:
    other, word = aliased(ClientRow), aliased(clients.ClientWordRow)
    ranked = sa.select(ClientRow.id, sa.func.row_number().over(order_by=ClientRow.name).label("place")).subquery()
    mine = sa.select(ClientRow.id, ClientRow.name).cte("mine")
    named = sa.select(word.client_id).where(word.word >= "n")
    return {
        "table": sa.select(ClientRow.id),
        "alias": sa.select(other.id),
        "join": sa.select(ClientRow.id).join(clients.ClientNameRow, clients.ClientNameRow.client_id == ClientRow.id),
        "join of an alias": sa.select(ClientRow.id).join(other, other.id == ClientRow.id),
        "outer join": sa.select(ClientRow.id).outerjoin(people.ContactRow, people.ContactRow.client_id == ClientRow.id),
        "two in from": sa.select(ClientRow.id, other.id).where(ClientRow.id == other.id),
        "in": sa.select(ClientRow.id).where(ClientRow.id.in_(named)),
        "exists": sa.select(ClientRow.id).where(sa.exists().where(checkins.CheckinRow.client_id == ClientRow.id)),
        "scalar": sa.select(sa.select(sa.func.count(checkins.CheckinRow.id)).scalar_subquery()),
        "subquery": sa.select(ranked.c.id, ranked.c.place),
        "join of a subquery": sa.select(ClientRow.id).join(ranked, ranked.c.id == ClientRow.id),
        "with": sa.select(mine.c.id),
        "with joined": sa.select(ClientRow.id).join(mine, mine.c.id == ClientRow.id),
        "count": sa.select(sa.func.count()).select_from(ClientRow),
        "union in from": sa.select(sa.union_all(sa.select(ClientRow.id), sa.select(people.ContactRow.id)).subquery()),
        "union": sa.union_all(sa.select(ClientRow.id), sa.select(ClientRow.created_by)),
        "update": sa.update(ClientRow).values(name="x").where(ClientRow.id.in_(named)),
        "delete": sa.delete(Seen).where(Seen.key.in_(sa.select(ClientRow.name))),
    }


COUNTED = {"scalar": 2, "count": 1}
"""What one workspace holds: check-ins, and clients."""


async def test_the_session_adds_the_criterion_to_every_kind_of_statement(store, ours, theirs, scope):
    before = await everything(store, ours.workspace)
    for name, statement in statements().items():
        async with store.work(theirs.workspace.id) as session:
            done = await session.execute(statement)
            found = [] if isinstance(statement, sa.UpdateBase) else done.all()
        assert scope.take() == [], name
        assert not {ours.client.id, ours.member.id, ours.contact.id} & {cell for row in found for cell in row}, name
        assert found or isinstance(statement, sa.UpdateBase), name
        if name in COUNTED:
            assert found == [(COUNTED[name],)], name
    assert await everything(store, ours.workspace) == before


async def test_the_same_statement_follows_its_session(store, ours, theirs):
    for one in (ours, theirs, ours):
        async with store.look(one.workspace.id) as session:
            members = (await session.execute(sa.select(MemberRow.id))).scalars().all()
            assert set(members) == {one.member.id, one.tom.id}
            rows = await session.execute(sa.select(SearchEntry.workspace_id).join(ClientMemberRow, sa.true()))
            assert rows.scalars().all() == [one.workspace.id]


async def test_a_prepared_query_follows_the_session_that_runs_it_and_nothing_else(store, ours, theirs, scope):
    named = prepared(
        sa.select(ClientRow.id).join(clients.ClientNameRow, clients.ClientNameRow.client_id == ClientRow.id)
    )
    for one in (ours, theirs, ours):
        async with store.look(one.workspace.id) as session:
            found = await session.run(named, workspace_id=theirs.workspace.id)
            assert found.scalars().all() == [one.client.id]
            with pytest.raises(sa.exc.StatementError, match="workspace_id"):
                await session.execute(named)
    async with store.look(None) as session:
        with pytest.raises(RuntimeError, match="not bound"):
            await session.run(named)
    assert scope.take() == []


async def test_a_session_over_all_workspaces_says_why(store, ours):
    async with store.look(None) as session:
        with pytest.raises(RuntimeError, match="says why"):
            await session.execute(sa.select(ClientRow.id))
        with pytest.raises(RuntimeError, match="not bound"):
            await first_time(session, "key", ref=ours.client.id, now=NOW)
        why = {"all_workspaces": "a test"}
        assert len((await session.execute(sa.select(ClientRow.id), execution_options=why)).all()) == 1


async def test_adding_no_rows_asks_the_database_nothing(store, workspace):
    async with store.work(workspace.id) as session:
        await session.add_rows(Seen, [])
        assert (await session.execute(sa.select(Seen.key))).all() == []


async def test_a_medium_is_kept_as_its_word(store, ours):
    async with store.work(ours.workspace.id) as session:
        await checkins.replace(session, ours.checkin.id, checkins.Details(), medium=Medium.CALL)
        assert (await checkins.get(session, ours.checkin.id)).medium is Medium.CALL
        with pytest.raises(sa.exc.StatementError, match="is not among"):
            await checkins.replace(session, ours.checkin.id, checkins.Details(), medium="telepathy")
        await session.rollback()
