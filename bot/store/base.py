"""What every table shares: names of constraints, ids, the workspace a row belongs to."""

import datetime as dt
import uuid
from typing import Any, ClassVar

import sqlalchemy as sa
import uuid_utils.compat
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.types import UtcDateTime


def new_id() -> uuid.UUID:
    """Return a fresh id that sorts by the time it was made (UUID version 7)."""
    return uuid_utils.compat.uuid7()


class Base(DeclarativeBase):
    """The registry of all tables."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dt.datetime: UtcDateTime()}


def table_of(mapped: type[Base]) -> sa.Table:
    """Return the table behind a mapped class."""
    table = mapped.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{mapped.__name__} is mapped to something that is no table")
    return table


class InWorkspace:
    """A row of one workspace.  Sessions add the criterion to every statement that reads, changes or deletes one."""

    workspace_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("workspace.id", ondelete="CASCADE"), index=False)
