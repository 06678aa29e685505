"""SQLite on a thread of its own, each statement in one trip.

aiosqlite hands a cursor, a statement, its rows and the cursor's end to its thread one by one.  A hand-over takes longer
than most of our queries, so here the thread does all four at once.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

Description = tuple[tuple[Any, ...], ...] | None


class OneTripCursor:
    """What SQLAlchemy needs of a cursor: it holds a finished statement's rows."""

    arraysize = 1

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Description = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "OneTripCursor":
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> "OneTripCursor":
        """Run a statement and fetch what it returns."""
        await self._run(lambda cursor: cursor.execute(statement, parameters or ()))
        return self

    async def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> "OneTripCursor":
        """Run a statement for each set of parameters."""
        await self._run(lambda cursor: cursor.executemany(statement, many))
        return self

    async def _run(self, step: Any) -> None:
        def trip(connection: sqlite3.Connection) -> None:
            cursor = connection.cursor()
            try:
                step(cursor)
                self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
                self._rows = cursor.fetchall() if cursor.description else []
            finally:
                cursor.close()

        await self._connection.do(trip)

    async def fetchall(self) -> list[Any]:
        """Return the rows of the statement that ran."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open any more."""


class OneTripConnection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors make one trip."""

    def cursor(self) -> Any:
        """Return a cursor, without a trip."""
        return OneTripCursor(self)

    async def do(self, what: Any) -> Any:
        """Run something on the connection's thread."""
        return await self._execute(what, self._conn)


async def connect(path: str, **settings: Any) -> OneTripConnection:
    """Open a SQLite file as SQLAlchemy asks for it."""
    connection = OneTripConnection(lambda: sqlite3.connect(path, **settings), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does with a connection of its own
    await connection
    return connection
