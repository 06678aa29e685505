"""What several test modules share and fixtures can't give."""

import psycopg

DATABASES = ("sqlite", "postgresql")


def run_sql(address: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def address_of(address: str, database: str) -> str:
    """Return a server's address with another database."""
    head, _, tail = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{tail}" if tail else "")
