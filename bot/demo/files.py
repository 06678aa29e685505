"""The demo's own database files: where they are, whether they are the demo's, and starting over."""

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

from bot.config import where_ember_really_runs
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.store.schema import NotMigrated, require_head
from bot.workspaces import installs

FOLDER = Path("data") / "demo"
UNREADABLE = (DatabaseError, sqlite3.DatabaseError)
BESIDE = ("", "-wal", "-shm", "-journal")


class NotHere(Exception):
    """The demo does not start; says why, and the way out."""


@dataclass(frozen=True)
class Files:
    """One demo's database, the file in which a new one is made ready, and the command that starts over."""

    path: Path
    again: str = "ember demo --reset"

    @property
    def url(self) -> str:
        """The database's address."""
        return address(self.path)

    @property
    def draft(self) -> Path:
        """Where a new database is made."""
        return self.path.with_name(f"{self.path.name}.new")

    @property
    def lock(self) -> Path:
        """What a running demo holds on to; it stays there afterwards."""
        return self.path.with_name(f"{self.path.name}.lock")

    def forget(self, made: Path) -> None:
        """Delete one of the two databases and what SQLite keeps beside it; nothing else."""
        for suffix in BESIDE:
            made.with_name(made.name + suffix).unlink(missing_ok=True)

    def publish(self) -> None:
        """Put the new database, complete and closed, in the place of the old one."""
        self.forget(self.path)
        self.draft.replace(self.path)


def files(*, empty: bool, ember: str = "ember") -> Files:
    """Return the files of the demo with its agency, or of the one that starts without clients.

    ember: what to type to start Ember, without the command.
    """
    if empty:
        return Files(FOLDER / "empty.db", again=f"{ember} demo --empty --reset")
    return Files(FOLDER / "agency.db", again=f"{ember} demo --reset")


def address(path: Path) -> str:
    """Return the database address of a file."""
    return f"sqlite+aiosqlite:///{path}"


def require_a_safe_place() -> None:
    """Raise NotHere where Ember seems to be set up for real."""
    found = where_ember_really_runs()
    if found:
        raise NotHere(
            f"{' and '.join(found)} {'is' if len(found) == 1 else 'are'} set here, so this looks like a place where "
            "Ember really runs. The demo stays away from it: start it in another folder and without that setting."
        )


async def require_ours(kept: Files, slack_id: str) -> None:
    """Raise NotHere when the file holds somebody else's workspace; one that can't be read holds nobody's."""
    if not kept.path.exists():
        return
    store = Store(kept.url)
    try:
        async with store.look(None) as session:
            others = [one.name for one in await installs.all_workspaces(session) if one.slack_id != slack_id]
    except UNREADABLE:
        others = []
    finally:
        await store.close()
    if others:
        raise NotHere(
            f"{kept.path} holds the workspace {others[0]}, which is not the demo's. Nothing was touched: "
            "move the file away, then start the demo again."
        )


async def bring_up_to_date(kept: Files) -> None:
    """Run the migrations that a kept database lacks.  Raises NotHere for a file that is none."""
    store = Store(kept.url)
    try:
        await require_head(store)
    except NotMigrated:
        try:
            await asyncio.to_thread(upgrade, kept.url)
        except CommandError as error:
            raise NotHere(
                f"{kept.path} was made by another version of Ember. `{kept.again}` makes a new one."
            ) from error
    except UNREADABLE as error:
        raise NotHere(f"{kept.path} can't be read as a database. `{kept.again}` makes a new one.") from error
    finally:
        await store.close()
