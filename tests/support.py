"""What several test modules share and fixtures can't give."""

import psycopg
import pytest

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
