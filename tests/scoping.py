"""Every statement that reaches a database stays in one workspace: read as it runs, in the dialect it is written in.

A row of a workspace is read, changed or deleted only where `<alias>.workspace_id = <parameter>` holds, and inserted
only with a `workspace_id`.  A statement over all workspaces says why: `execution_options(all_workspaces="why")`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pytest
import sqlalchemy as sa
import sqlglot
from sqlalchemy import event
from sqlglot import exp

from bot.practices.tables import metadata
from bot.store.session import ALL_WORKSPACES

COLUMN = "workspace_id"
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
READS_OR_WRITES = re.compile(r"\s*(?:SELECT|WITH|INSERT|REPLACE|UPDATE|DELETE|MERGE|\()", re.IGNORECASE)
SCOPES = (exp.Select, exp.Update, exp.Delete)
QUERIES = (exp.Select, exp.SetOperation)


class ScopeInspector:
    """Collects a line for each statement that could reach another workspace's rows; each text is parsed once."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self._verdicts: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(table.name for table in metadata.tables.values() if COLUMN in table.columns)

    @cached_property
    def _mention(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(sorted(self._tables))})\b", re.IGNORECASE)

    @contextmanager
    def watching(self) -> Iterator["ScopeInspector"]:
        """Look at every statement of every engine for as long as the block lasts."""
        event.listen(sa.Engine, "before_cursor_execute", self._look)
        try:
            yield self
        finally:
            event.remove(sa.Engine, "before_cursor_execute", self._look)

    def take(self) -> list[str]:
        """Return what was found since the last call."""
        found, self.violations = self.violations, []
        return found

    def _look(
        self, connection: sa.Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        options: Mapping[str, Any] = context.execution_options if context is not None else {}
        if ALL_WORKSPACES not in options:
            self.violations += self.faults(statement, connection.dialect.name)

    def faults(self, statement: str, dialect: str) -> list[str]:
        """Return what is wrong with a statement, in sentences."""
        verdict = self._verdicts.get((dialect, statement))
        if verdict is None:
            found = self._judge(statement, dialect)
            verdict = self._verdicts[dialect, statement] = [
                f"{fault}: {' '.join(statement.split())}" for fault in found
            ]
        return verdict

    def _judge(self, statement: str, dialect: str) -> list[str]:
        if not READS_OR_WRITES.match(statement) or not self._mention.search(statement):
            return []
        try:
            trees = sqlglot.parse(statement, dialect=DIALECTS[dialect])
        except sqlglot.errors.SqlglotError as error:
            return [f"cannot be read ({error})"]
        nodes = [node for tree in trees if tree is not None for node in tree.walk()]
        inserts = [fault for node in nodes if isinstance(node, exp.Insert) for fault in self._insert(node)]
        return inserts + [fault for node in nodes if isinstance(node, SCOPES) for fault in self._scope(node)]

    def _insert(self, node: exp.Insert) -> Iterator[str]:
        into = node.find(exp.Table)
        if into is None or into.name.lower() not in self._tables:
            return
        named = node.this.expressions if isinstance(node.this, exp.Schema) else []
        if COLUMN not in {column.name.lower() for column in named}:
            yield f"inserts into {into.name} without {COLUMN}"
        conflict = node.args.get("conflict")
        overwrites = conflict is not None and "UPDATE" in str(conflict.args.get("action")).upper()
        keys = conflict.args.get("conflict_keys") or [] if overwrites else []
        if overwrites and COLUMN not in {column.name.lower() for key in keys for column in key.find_all(exp.Column)}:
            yield f"may overwrite another workspace's row of {into.name}"

    def _scope(self, node: exp.Expression) -> Iterator[str]:
        parts = list(_own_parts(node))
        tables = [part for part in parts if isinstance(part, exp.Table)]
        where = node.args.get("where")
        bound = _bound(where.this if where is not None else None)
        for join in (part for part in parts if isinstance(part, exp.Join)):
            within = {table.alias_or_name.lower() for table in join.this.find_all(exp.Table)}
            optional = str(join.side).upper() in {"LEFT", "RIGHT", "FULL"}
            bound |= {alias for alias in _bound(join.args.get("on")) if not optional or alias in within}
        for table in tables:
            alone = len(tables) == 1 and "" in bound
            if table.name.lower() in self._tables and not alone and table.alias_or_name.lower() not in bound:
                yield f"{type(node).__name__.lower()}s {table.alias_or_name} in every workspace"


def _own_parts(node: exp.Expression) -> Iterator[exp.Expression]:
    """Yield what belongs to a statement itself, without the queries nested in it."""
    for child in node.iter_expressions():
        yield from child.walk(prune=lambda part: isinstance(part, QUERIES))


def _bound(criterion: exp.Expression | None) -> set[str]:
    """Return the aliases ("" for none) whose workspace a criterion fixes, whatever else it says."""
    if isinstance(criterion, exp.Paren):
        return _bound(criterion.this)
    if isinstance(criterion, exp.And):
        return _bound(criterion.left) | _bound(criterion.right)
    if not isinstance(criterion, exp.EQ):
        return set()
    sides = (criterion.left, criterion.right), (criterion.right, criterion.left)
    return {
        column.table.lower()
        for column, value in sides
        if isinstance(column, exp.Column) and column.name.lower() == COLUMN and _is_parameter(value)
    }


def _is_parameter(value: exp.Expression) -> bool:
    while isinstance(value, exp.Cast | exp.Paren):
        value = value.this
    return isinstance(value, exp.Placeholder | exp.Parameter)


@pytest.fixture(scope="session", name="watched")
def every_statement_is_watched() -> Iterator[ScopeInspector]:
    """One inspector for the whole run, so that each statement is parsed once."""
    with ScopeInspector().watching() as inspector:
        yield inspector


@pytest.fixture(autouse=True, name="scope")
def every_statement_stays_in_its_workspace(watched: ScopeInspector) -> Iterator[ScopeInspector]:
    """Fail a test during which a statement could have reached another workspace's rows."""
    watched.take()
    yield watched
    assert watched.take() == []
