"""Whether a demo's database still holds what was seeded and nothing else, and on which day it was made."""

import datetime as dt
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.practices.tables import metadata

BY_ITSELF = frozenset({"workspace", "member", "channel", "planner", "seen", "spark", "search_entry"})
"""Tables that Ember fills while nobody logs anything, or from what others hold."""
MOST = 0x7FFF_FFFF


@dataclass(frozen=True)
class Seal:
    """When a database was made (None without a workspace), and whether nobody changed anything since."""

    made_at: dt.datetime | None
    unbroken: bool


def put(path: Path) -> None:
    """Note in a database what is in it now."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {_sum(database)}")
        database.commit()


def look(path: Path) -> Seal:
    """Read a database's seal; one that was never sealed counts as broken."""
    with closing(sqlite3.connect(path)) as database:
        [sealed] = database.execute("PRAGMA user_version").fetchone()
        [made] = database.execute("SELECT min(installed_at) FROM workspace").fetchone()
        return Seal(_instant(made) if made else None, sealed == _sum(database))


def _sum(database: sqlite3.Connection) -> int:
    total = 0
    for name in sorted(metadata.tables.keys() - BY_ITSELF):
        table = metadata.tables[name]
        for row in database.execute(str(sa.select(table).order_by(*table.primary_key))):
            total = zlib.crc32(repr(row).encode(), total)
    return total % MOST + 1


def _instant(kept: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(kept)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
