"""What was already handled: a delivery that comes twice gets the first one's receipt."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.session import ALL_WORKSPACES, Work


class Seen(InWorkspace, Base):
    """One delivery that a use case has handled, and the row it made."""

    __tablename__ = "seen"
    __table_args__ = (sa.PrimaryKeyConstraint("workspace_id", "key"), sa.Index(None, "at"))

    key: Mapped[str] = mapped_column(sa.String(200))
    ref: Mapped[uuid.UUID | None]
    at: Mapped[dt.datetime]


async def first_time(session: Work, key: str, *, ref: uuid.UUID, now: dt.datetime) -> uuid.UUID | None:
    """Claim a delivery's key inside the use case's transaction: None if it is new, else what the first one made."""
    if await session.add_once(Seen, key=key, ref=ref, at=now):
        return None
    return (await session.execute(sa.select(Seen.ref).where(Seen.key == key))).scalar_one()


async def was_nothing(session: Work, key: str) -> None:
    """Give up a key that was claimed: what it was for was not made, so it may be tried again."""
    await session.execute(sa.delete(Seen).where(Seen.key == key))


async def stands_for(session: Work, ref: uuid.UUID, *, instead_of: uuid.UUID) -> None:
    """Have the deliveries that made one row, which gave way to another, answer with the other."""
    await session.execute(sa.update(Seen).where(Seen.ref == instead_of).values(ref=ref))


async def forget_seen(session: Work, *, before: dt.datetime) -> None:
    """Drop keys older than any replay could be."""
    why = {ALL_WORKSPACES: "housekeeping"}
    await session.execute(sa.delete(Seen).where(Seen.at < before), execution_options=why)
