"""Engines and sessions: one writer and some readers, on SQLite or PostgreSQL."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.store import sqlite
from bot.store.session import Work

SQLITE_READERS = 4
POSTGRES_CONNECTIONS = 10


class Store:
    """The database: `work()` writes, `look()` reads; each is one transaction in one workspace."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.dialect = self.url.get_backend_name()
        if self.dialect == "sqlite":
            self._writer = sqlite_engine(self.url, begin="BEGIN IMMEDIATE", connections=1)
            self._reader = sqlite_engine(self.url, begin="BEGIN", connections=SQLITE_READERS)
        else:
            self._writer = create_async_engine(
                self.url, pool_size=POSTGRES_CONNECTIONS, max_overflow=0, pool_pre_ping=False, hide_parameters=True
            )
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")
        self._work = async_sessionmaker(self._writer, class_=Work, expire_on_commit=False, autoflush=False)
        self._look = async_sessionmaker(self._reader, class_=Work, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def work(self, workspace_id: uuid.UUID | None) -> AsyncIterator[Work]:
        """Open the writer's transaction; commits at the end, rolls back on any exception."""
        async with self._work(info=self._info(workspace_id)) as session, session.begin():
            yield session

    @asynccontextmanager
    async def look(self, workspace_id: uuid.UUID | None) -> AsyncIterator[Work]:
        """Open a reader's transaction: one consistent view, nothing is written."""
        async with self._look(info=self._info(workspace_id)) as session, session.begin():
            yield session

    def _info(self, workspace_id: uuid.UUID | None) -> dict[str, Any]:
        return {"workspace_id": workspace_id, "dialect": self.dialect}

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """The engines in use, writer first."""
        return (self._writer, self._reader) if self.dialect == "sqlite" else (self._writer,)

    async def close(self) -> None:
        """Close every connection."""
        for engine in self.engines:
            await engine.dispose()


def sqlite_engine(url: sa.URL, *, begin: str, connections: int, foreign_keys: bool = True) -> AsyncEngine:
    """Return an engine on a SQLite file: WAL, full durability, foreign keys, and transactions that begin as told."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": 10, "async_creator_fn": sqlite.connect},
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            "busy_timeout=10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.driver_connection.begin(begin)

    return engine
