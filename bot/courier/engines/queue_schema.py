"""The queue's own tables, in a schema of their own: made once, brought up to date by version."""

from importlib.metadata import version
from importlib.resources import files
from typing import Final

import psycopg
import sqlalchemy as sa
from packaging.version import Version

SCHEMA: Final = "ember_queue"
OPTIONS: Final = f"-c search_path={SCHEMA}"
ONE_AT_A_TIME: Final = 4_103_626_114
"""The key of the advisory lock under which the tables are made: any number that nobody else uses."""


def conninfo(url: str) -> str:
    """Return a database address as libpq takes it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def prepare(url: str) -> bool:
    """Make the queue's tables, or bring them to the installed version; return whether anything was done.  Blocks.

    Two that come at once wait for each other.
    """
    wanted = version("procrastinate")
    with psycopg.connect(conninfo(url), options=OPTIONS) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute("CREATE TABLE IF NOT EXISTS queue_version (version text NOT NULL)")
        row = connection.execute("SELECT version FROM queue_version").fetchone()
        found = str(row[0]) if row else None
        if found is not None and Version(found) >= Version(wanted):
            return False
        for script in [_whole()] if found is None else _missing(found):
            connection.execute(script)
        connection.execute("DELETE FROM queue_version")
        connection.execute("INSERT INTO queue_version VALUES (%s)", [wanted])
    return True


def _whole() -> str:
    return (files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")


def _missing(found: str) -> list[str]:
    """Return the library's migrations that came after a version, in their order: `03.04.00_01_pre_….sql`."""
    scripts = sorted(
        (file for file in (files("procrastinate.sql") / "migrations").iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    later = [file for file in scripts if Version(file.name.partition("_")[0]) > Version(found)]
    return [file.read_text(encoding="utf-8") for file in later]
