"""How alembic reaches the database: our engine, our types, SQLite with foreign keys off and checked after."""

import asyncio
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.ext.asyncio import create_async_engine

from bot.practices.tables import metadata
from bot.store.engine import sqlite_engine
from bot.store.types import UtcDateTime


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in metadata.tables


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from bot.store.types import UtcDateTime")
        return "UtcDateTime()"
    return False


def migrate(connection: sa.Connection) -> None:
    connection.execution_options(all_workspaces="a migration changes every row")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        include_name=include_name,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere: {broken[:5]}")


async def run() -> None:
    url = sa.make_url(context.config.attributes["url"])
    if url.get_backend_name() == "sqlite":
        engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1, foreign_keys=False)
    else:
        engine = create_async_engine(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


asyncio.run(run())
