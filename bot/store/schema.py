"""Whether the database has the shape that this version needs, told without alembic."""

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from bot.store.engine import Store

HEAD = "0010"
VERSION = sa.select(sa.column("version_num", sa.String)).select_from(sa.table("alembic_version"))


class NotMigrated(Exception):
    """The database lacks migrations, or comes from a newer version; says what to do."""


async def require_head(store: Store) -> None:
    """Raise NotMigrated unless the database is at this version's newest migration."""
    try:
        async with store.engines[-1].connect() as connection:
            found = (await connection.execute(VERSION)).scalar_one_or_none()
    except DatabaseError as error:
        if "alembic_version" not in str(error):
            raise
        found = None
    if found is None:
        raise NotMigrated("The database has no tables yet. Run `ember migrate` first.")
    if found != HEAD:
        raise NotMigrated(f"The database is at migration {found}, this version needs {HEAD}. Run `ember migrate`.")
