"""Alerts that a spark is fading, as they are kept: one open for a client at most."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.fading.rules import Ending
from bot.store.base import Base, InWorkspace
from bot.store.session import Work, prepared
from bot.store.types import UtcDateTime, words


class FadingRow(InWorkspace, Base):
    """One stretch of fading: from the morning it was said until somebody spoke with the client, or it was set aside.

    last_on: the newest contact day that was known when it opened.
    """

    __tablename__ = "fading"
    __table_args__ = (
        sa.UniqueConstraint("client_id", "opened_on"),
        sa.Index(
            "ix_fading_open",
            "client_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index(None, "workspace_id", "closed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    opened_on: Mapped[dt.date]
    last_on: Mapped[dt.date | None]
    p_fade: Mapped[float] = mapped_column(sa.Double())
    closed_at: Mapped[dt.datetime | None]
    ending: Mapped[Ending | None] = mapped_column(words(Ending, "ending"))
    taken_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    taken_on: Mapped[dt.date | None]


@dataclass(frozen=True)
class Fading:
    """An alert about a client: the morning it opened, how likely the client was fading then, and how it ended.

    last_on: the newest contact day that was known when it opened; taken_by: who is on it, by our id, since which day.
    """

    id: uuid.UUID
    client_id: uuid.UUID
    opened_on: dt.date
    last_on: dt.date | None
    p_fade: float
    closed_at: dt.datetime | None = None
    ending: Ending | None = None
    taken_by: uuid.UUID | None = None
    taken_on: dt.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.closed_at is None

    def is_taken(self, tz: str, now: dt.datetime) -> bool:
        """Return whether it is still the day on which somebody took it, in their time zone."""
        return self.taken_on == now.astimezone(ZoneInfo(tz)).date()


FADING: tuple[Any, ...] = (
    FadingRow.id,
    FadingRow.client_id,
    FadingRow.opened_on,
    FadingRow.last_on,
    FadingRow.p_fade,
    FadingRow.closed_at,
    FadingRow.ending,
    FadingRow.taken_by,
    FadingRow.taken_on,
)
IS_OPEN = FadingRow.closed_at.is_(None)
THESE = FadingRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))
LATEST = prepared(sa.select(*FADING).where(THESE).order_by(FadingRow.opened_on))
ALERTED = prepared(
    sa.select(FadingRow.client_id).where(
        sa.or_(IS_OPEN, FadingRow.closed_at >= sa.bindparam("since", type_=UtcDateTime()))
    )
)
OPEN = prepared(sa.select(*FADING).where(IS_OPEN).order_by(FadingRow.opened_on, FadingRow.id))
OPEN_OF = prepared(sa.select(*FADING).where(IS_OPEN, THESE).order_by(FadingRow.opened_on, FadingRow.id))


async def open_once(session: Work, fading: Fading) -> bool:
    """Keep a new alert, unless the client has one that is open or of the same day; return whether it was kept."""
    return await session.add_once(FadingRow, **vars(fading))


async def latest(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Fading]:
    """Return the latest alert about each of these clients, open or over."""
    if not client_ids:
        return {}
    found = await session.run(LATEST, ids=list(client_ids))
    return {fading.client_id: fading for fading in (Fading(*row) for row in found)}


async def open_ones(session: Work, client_ids: Collection[uuid.UUID] | None = None) -> list[Fading]:
    """Return the alerts that are open, of these clients or of all, the oldest first."""
    if client_ids is None:
        return [Fading(*row) for row in await session.run(OPEN)]
    return [Fading(*row) for row in await session.run(OPEN_OF, ids=list(client_ids))] if client_ids else []


async def alerted(session: Work, since: dt.datetime) -> set[uuid.UUID]:
    """Return the clients with an alert that is open, or was since an instant."""
    return set((await session.run(ALERTED, since=since)).scalars())


async def taken(session: Work, member_id: uuid.UUID, *, since: dt.date, before: dt.date) -> list[Fading]:
    """Return the open alerts that a member took from one day until before another, the oldest first."""
    found = sa.select(*FADING).where(
        IS_OPEN, FadingRow.taken_by == member_id, FadingRow.taken_on >= since, FadingRow.taken_on < before
    )
    return [Fading(*row) for row in await session.execute(found.order_by(FadingRow.taken_on, FadingRow.id))]


async def close(session: Work, fading_id: uuid.UUID, ending: Ending, now: dt.datetime) -> bool:
    """Close an alert; return whether it was open."""
    return await _changed(session, FadingRow.id == fading_id, IS_OPEN, closed_at=now, ending=ending)


async def reopen(session: Work, fading_id: uuid.UUID) -> None:
    """Have an alert be open again as it was."""
    await _changed(session, FadingRow.id == fading_id, closed_at=None, ending=None)


async def take(
    session: Work, fading_id: uuid.UUID, member_id: uuid.UUID, on: dt.date, *, since: dt.date | None = None
) -> bool:
    """Note who is on an open alert; whoever took it since a day (on that of now) has it.  Return whether it was noted.

    Days are those of whoever takes it, wherever they are.
    """
    is_free = sa.or_(FadingRow.taken_on.is_(None), FadingRow.taken_on < (on if since is None else since))
    return await _changed(session, FadingRow.id == fading_id, IS_OPEN, is_free, taken_by=member_id, taken_on=on)


async def _changed(session: Work, *which: sa.ColumnElement[bool], **values: object) -> bool:
    done: Any = await session.execute(sa.update(FadingRow).where(*which).values(**values))
    return bool(done.rowcount)
