"""A session that sees one workspace."""

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from bot.store.base import Base, InWorkspace, table_of

ALL_WORKSPACES = "all_workspaces"
PREPARED = "prepared"

Query: TypeAlias = sa.Select[*tuple[Any, ...]]
Rows: TypeAlias = sa.Result[*tuple[Any, ...]]

_SAME_WORKSPACE = with_loader_criteria(
    InWorkspace, lambda row: row.workspace_id == sa.bindparam("workspace_id", type_=sa.Uuid()), include_aliases=True
)


def prepared(query: Query) -> Query:
    """Return a query with bind parameters, to be built once and run by `Work.run`, which names the workspace.

    Building a query with its criterion takes twice as long as running it, so a hot path builds at import.
    """
    return query.options(_SAME_WORKSPACE).execution_options(**{PREPARED: True})


class ScopedSession(Session):
    """The synchronous half: adds `workspace_id = …` to every statement over rows of a workspace."""


class Work(AsyncSession):
    """A transaction in one workspace.

    Statements are ORM-enabled Core (`select(Client.id)`, `update(Client)`), so the workspace criterion is added to each
    of them.  A statement over all workspaces says why: `execution_options(all_workspaces="why")`.
    """

    sync_session_class = ScopedSession

    @property
    def workspace_id(self) -> uuid.UUID:
        """The workspace this session is bound to.  Raises RuntimeError for a session over all of them."""
        found: uuid.UUID | None = self.info.get("workspace_id")
        if found is None:
            raise RuntimeError("this session is not bound to a workspace")
        return found

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return str(self.info["dialect"])

    async def run(self, query: Query, **values: Any) -> Rows:
        """Run a prepared query in this workspace."""
        return await self.execute(query, {**values, "workspace_id": self.workspace_id})

    async def add_row(self, table: type[Base], **values: Any) -> None:
        """Insert one row of this workspace."""
        await self.execute(_insert(table), self._own(table, values))

    async def add_rows(self, table: type[Base], many: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows of this workspace in one statement; nothing happens for none."""
        if many:
            await self.execute(_insert(table), [self._own(table, values) for values in many])

    async def add_once(self, table: type[Base], **values: Any) -> bool:
        """Insert a row unless its key is taken; return whether it was inserted."""
        # without the option, psycopg's count for an INSERT reads -1, taken or not
        options = {"preserve_rowcount": True}
        insert = _insert_once(table, self.dialect)
        done: Any = await self.execute(insert, self._own(table, values), execution_options=options)
        return bool(done.rowcount == 1)

    async def put_row(self, table: type[Base], *, key: Sequence[str], keep: Sequence[str] = (), **values: Any) -> None:
        """Insert a row, or overwrite the one with the same key columns; its `id` and the columns of `keep` stay."""
        changed = frozenset(values) - {*key, *keep, "id"}
        await self.execute(_put(table, self.dialect, tuple(key), changed), self._own(table, values))

    def _own(self, table: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
        return {**values, "workspace_id": self.workspace_id} if issubclass(table, InWorkspace) else dict(values)


@cache
def _insert(table: type[Base]) -> sa.Insert:
    return sa.insert(table_of(table))


@cache
def _insert_once(table: type[Base], dialect: str) -> sa.Insert:
    statement: sa.Insert = _dialect_insert(dialect)(table_of(table)).on_conflict_do_nothing()
    return statement


@cache
def _put(table: type[Base], dialect: str, key: tuple[str, ...], changed: frozenset[str]) -> sa.Insert:
    statement = _dialect_insert(dialect)(table_of(table))
    overwritten = {name: statement.excluded[name] for name in sorted(changed)}
    put: sa.Insert = statement.on_conflict_do_update(index_elements=list(key), set_=overwritten)
    return put


def _dialect_insert(dialect: str) -> Any:
    """Return the INSERT that knows ON CONFLICT; a dialect takes a while to load, so only the one in use is."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert


@event.listens_for(ScopedSession, "do_orm_execute")
def _stay_in_the_workspace(state: ORMExecuteState) -> None:
    if state.is_insert or ALL_WORKSPACES in state.execution_options or PREPARED in state.execution_options:
        return
    workspace_id = state.session.info.get("workspace_id")
    if workspace_id is None:
        raise RuntimeError("a statement over all workspaces says why: execution_options(all_workspaces=…)")
    state.statement = state.statement.options(
        with_loader_criteria(InWorkspace, lambda row: row.workspace_id == workspace_id, include_aliases=True)
    )
