"""What several test modules share and fixtures can't give."""

import datetime as dt

import psycopg
import pytest
import sqlalchemy as sa

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()  # a Tuesday
DAY = dt.timedelta(days=1)
PATIENCE = 15.0
"""Seconds that an answer may take: a busy machine is no failure.  Whoever tests lateness sets another deadline."""
DATABASES = ("sqlite", "postgresql")
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what says the same on either database: another test runs each of its statements on PostgreSQL."""


def run_sql(address: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def address_of(address: str, database: str) -> str:
    """Return a server's address with another database."""
    head, _, tail = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{tail}" if tail else "")


async def count(session, table):
    """Return how many rows a table has."""
    return (await session.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
