"""What the ledger forgets, and that neither this nor a change reads the whole of it."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.courier import desk, ledger, said
from bot.courier.rows import DeliveryRow, State
from bot.store.base import new_id
from tests.courier.post_office import LOOSE
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE
LONG_AGO = dt.timedelta(days=200)
READS = re.compile(r"^(SCAN|SEARCH) delivery\b.*")


async def test_all_that_is_long_over_is_forgotten_some_at_a_time(office, team, store, monkeypatch):
    monkeypatch.setattr(desk, "OLD_AT_ONCE", 3)  # several batches without a thousand rows
    for _ in range(7):
        await office.queue(team.id)
    async with store.work(office.workspace.id) as session:
        long_over = {"due_at": office.clock.now() - LONG_AGO, "expires_at": office.clock.now() - LONG_AGO}
        await session.execute(sa.update(DeliveryRow).values(state=State.SENT, **long_over), execution_options=LOOSE)
    kept = await office.queue(team.id)
    commits = []
    event.listen(store.engines[0].sync_engine, "commit", commits.append)
    assert await office.courier.housekeep() == 7
    assert [row.id for row in await office.rows()] == [kept]
    assert len(commits) == 4, "what expired, then three, three and one"
    assert await office.courier.housekeep() == 0


@pytest.fixture
async def plans(store):
    """How SQLite reads deliveries, for each statement run meanwhile."""
    ran = []

    @event.listens_for(store.engines[0].sync_engine, "before_cursor_execute")
    def _take_down(_connection, _cursor, statement, values, _context, _many):
        if "delivery" in statement and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            ran.append((statement, values))

    async def read():
        found, ran[:] = [*ran], []
        async with store.look(None) as session:
            connection = await session.connection()
            rows = [
                row.detail
                for statement, values in found
                for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]
        return [row for row in rows if READS.match(row)]

    return read


async def test_a_change_reads_what_is_of_its_kind_and_day_alone(office, store, plans):
    now = office.clock.now()
    async with store.work(office.workspace.id) as session:
        await said.showing(session, ("digest", "morning"), new_id().hex, since=now)
        await ledger.bump(session, kind="fade", subject=new_id(), local_date=now.date(), now=now)
    bound = [re.sub(r".*\((.*)\)$", r"\1", row) for row in await plans()]
    assert bound == [
        "workspace_id=? AND kind=? AND local_date>?",
        "workspace_id=? AND kind=? AND local_date=? AND subject=?",
    ]


async def test_the_changes_of_a_message_are_found_by_the_message(store):
    async with store.look(None) as session:
        connection = await session.connection()
        child = "EXPLAIN QUERY PLAN SELECT 1 FROM delivery WHERE target_id = ?"  # asked for each row that is deleted
        [row] = await connection.exec_driver_sql(child, (new_id().bytes,))
    assert "ix_delivery_target_id" in row.detail
