"""SQLite on a thread of its own, each statement in one trip.

aiosqlite hands a cursor, a statement, its rows and the cursor's end to its thread one by one.  A hand-over takes longer
than most of our queries, so here the thread does all four at once.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Self

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

    async def __aenter__(self) -> Self:
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
    """An aiosqlite connection whose cursors make one trip; the first statement takes the transaction's BEGIN along."""

    _beginning = ""

    def cursor(self) -> Any:
        """Return a cursor, without a trip."""
        return OneTripCursor(self)

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self._beginning = statement

    async def do(self, what: Callable[[sqlite3.Connection], None]) -> None:
        """Run something on the connection's thread."""
        beginning, self._beginning = self._beginning, ""

        def trip(connection: sqlite3.Connection) -> None:
            if beginning:
                connection.execute(beginning)
            what(connection)

        await self._execute(trip, self._conn)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        """Commit, if anything was begun."""
        await self._end(super().commit)

    async def rollback(self) -> None:
        """Roll back, if anything was begun."""
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Awaitable[None]]) -> None:
        if self._beginning:
            self._beginning = ""
        else:
            await end()


async def connect(path: str, **settings: Any) -> OneTripConnection:
    """Open a SQLite file as SQLAlchemy asks for it."""
    connection = OneTripConnection(lambda: sqlite3.connect(path, **settings), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does with a connection of its own
    await connection
    return connection
