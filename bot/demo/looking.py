"""A look into the demo's database: every table, row by row, nothing written."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.playground.page.glance import Rows, Table
from bot.practices.tables import metadata
from bot.store.engine import Store
from bot.store.session import ALL_WORKSPACES

WHY = {ALL_WORKSPACES: "the demo shows its whole database to whoever runs it"}


class Looking:
    """Reads the tables of the house, in the order of their names; without a store there are none."""

    def __init__(self) -> None:
        self.store: Store | None = None

    async def tables(self) -> Sequence[Table]:
        """Return every table with its number of rows."""
        if self.store is None:
            return ()
        names = sorted(metadata.tables)
        counts = [sa.select(sa.func.count()).select_from(metadata.tables[name]).scalar_subquery() for name in names]
        async with self.store.engines[-1].connect() as connection:
            counted = (await connection.execute(sa.select(*counts), execution_options=WHY)).one()
        return [Table(name, rows) for name, rows in zip(names, counted, strict=True)]

    async def rows(self, table: str, offset: int, limit: int) -> Rows:
        """Return a page of a table, what was made last first.  Raises KeyError when there is no such table."""
        if self.store is None:
            raise KeyError(table)
        found = metadata.tables[table]
        counted = sa.select(sa.func.count()).select_from(found)
        page = sa.select(found).order_by(*(column.desc() for column in found.primary_key)).offset(offset).limit(limit)
        async with self.store.engines[-1].connect() as connection:
            total = (await connection.execute(counted, execution_options=WHY)).scalar_one()
            rows = [[_shown(value) for value in row] for row in await connection.execute(page, execution_options=WHY)]
        return Rows([column.name for column in found.columns], rows, total)


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)
