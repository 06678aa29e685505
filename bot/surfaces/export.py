"""Everything that is kept, as one JSON document, written as it is read.

`{"format": 1, "workspaces": [{"workspace": {…}, "member": [{…}, …], "channel": […], …}, …]}`: one list of rows for each
table, a table after those it refers to.  Ids are text, days `2026-05-14`, instants `2026-05-14T08:00:00Z`.  A private
note carries its `visibility`.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import QueryableAttribute

from bot.practices.tables import metadata
from bot.store.base import Base
from bot.store.engine import Store
from bot.store.session import ALL_WORKSPACES, Work
from bot.workspaces.installs import WorkspaceRow

FORMAT: Final = 1
PAGE: Final = 500
LEFT_OUT: Final = {
    "workspace": "each one is the head of its own part",
    "client_word": "derived from the clients' names",
    "search_entry": "derived from what is kept in words: notes, promises, what we know about people, …",
    "spark": "derived from the clients' plans and the days and ratings of their check-ins",
    "planner": "says when somebody last looked at what is due",
    "seen": "remembers which deliveries were handled, for a month",
}

Write = Callable[[str], None]
Progress = Callable[[int], None]
Columns = tuple[QueryableAttribute[Any], ...]


async def export(store: Store, write: Write, progress: Progress) -> None:
    """Write everything that is kept; `progress` hears how many rows are written so far."""
    tables = kept_tables()
    async with store.look(None) as session:
        found = await session.execute(
            sa.select(*columns_of(WorkspaceRow)).order_by(WorkspaceRow.id),
            execution_options={ALL_WORKSPACES: "an export holds every workspace"},
        )
        workspaces = [row._asdict() for row in found]
    written = 0
    write(f'{{"format": {FORMAT}, "workspaces": [')
    for place, workspace in enumerate(workspaces):
        write(f'{"," if place else ""}\n{{"workspace": {as_json(workspace)}')
        async with store.look(workspace["id"]) as session:
            for name, table in tables.items():
                write(f',\n"{name}": [')
                written = await _rows(session, table, write, progress, written)
                write("]")
        write("}")
    write("\n]}\n")


async def _rows(session: Work, table: type[Base], write: Write, progress: Progress, written: int) -> int:
    """Write a table's rows of one workspace; return how many rows are written by now."""
    columns = columns_of(table)
    key = [column for column in columns if column.property.columns[0].primary_key]
    query = sa.select(*columns).order_by(*key).limit(PAGE)  # without a key: one row for the workspace
    page = (await session.execute(query)).all()
    comma = ""
    while page:
        for row in page:
            write(f"{comma}\n{as_json(row._asdict())}")
            comma = ","
        written += len(page)
        progress(written)
        last = tuple(getattr(page[-1], column.key) for column in key)
        page = (await session.execute(query.where(sa.tuple_(*key) > last))).all() if key else ()
    return written


def kept_tables() -> dict[str, type[Base]]:
    """Return the tables that an export holds, by name, each after those it refers to."""
    by_name: dict[str, type[Base]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return {table.name: by_name[table.name] for table in metadata.sorted_tables if table.name not in LEFT_OUT}


def columns_of(table: type[Base]) -> Columns:
    """Return a table's columns, without the workspace: the export says it once."""
    return tuple(
        getattr(table, column.key) for column in sa.inspect(table).column_attrs if column.key != "workspace_id"
    )


def as_json(row: dict[str, Any]) -> str:
    """Return a row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
