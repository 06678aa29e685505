"""`make migration`: write the next migration, from what the code describes and the newest database lacks."""

import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

from bot.store import migrate


def write(name: str) -> None:
    """Write it from a SQLite database of its own, and number it after the newest."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'newest.db'}"
        migrate.upgrade(url)
        newest = ScriptDirectory.from_config(migrate.config(url)).get_current_head()
        migrate.write_revision(url, name, f"{int(newest or 0) + 1:04}")


if __name__ == "__main__":
    write(sys.argv[1])
