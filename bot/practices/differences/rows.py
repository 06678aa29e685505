"""Open differences as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.checkins.source import FromCheckin
from bot.store.base import Base, InWorkspace
from bot.store.few import few_of_each
from bot.store.search import Visibility
from bot.store.session import ALL_WORKSPACES, Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql

EVERYWHERE = {ALL_WORKSPACES: "which of many workspaces have a difference to settle is asked at once"}


class DifferenceRow(FromCheckin, InWorkspace, Base):
    """Something a client and we see differently, to be settled by a day.

    checkin_id: the conversation it came up in; resolution: what it came to, once it was closed.
    """

    __tablename__ = "difference"
    __table_args__ = (sa.Index(None, "workspace_id", "resolve_by"), sa.Index(None, "client_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(sa.Text())
    resolve_by: Mapped[dt.date]
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    resolution: Mapped[str | None] = mapped_column(sa.Text())


@dataclass(frozen=True)
class Difference:
    """Something a client and we see differently: what, settled by which local date, who may read it.

    checkin_id: the conversation it came up in; resolution: what it came to, once it was closed.
    """

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID | None
    author_id: uuid.UUID
    text: str
    resolve_by: dt.date
    visibility: Visibility
    created_at: dt.datetime
    closed_at: dt.datetime | None = None
    resolution: str | None = None


DIFFERENCE: tuple[Any, ...] = (
    DifferenceRow.id,
    DifferenceRow.client_id,
    DifferenceRow.checkin_id,
    DifferenceRow.author_id,
    DifferenceRow.text,
    DifferenceRow.resolve_by,
    DifferenceRow.visibility,
    DifferenceRow.created_at,
    DifferenceRow.closed_at,
    DifferenceRow.resolution,
)
IS_OPEN = DifferenceRow.closed_at.is_(None)


async def insert(session: Work, difference: Difference) -> None:
    """Keep a new difference."""
    await session.add_row(DifferenceRow, **vars(difference))


async def change(session: Work, difference_id: uuid.UUID, **values: object) -> None:
    """Change columns of a difference."""
    await session.execute(sa.update(DifferenceRow).where(DifferenceRow.id == difference_id).values(**values))


async def delete(session: Work, difference_id: uuid.UUID) -> None:
    """Forget a difference."""
    await session.execute(sa.delete(DifferenceRow).where(DifferenceRow.id == difference_id))


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Difference]:
    """Return the differences among these that an audience may read, closed ones too."""
    query = sa.select(*DIFFERENCE).where(DifferenceRow.id.in_(set(ids)), _allowed(audience))
    return {one.id: one for one in (Difference(*row) for row in await session.execute(query))}


async def open_ones(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    since: dt.date = dt.date.min,
    until: dt.date = dt.date.max,
    limit: int,
) -> list[Difference]:
    """Return the open differences with clients that an audience may read, due from a day to a day, soonest first.

    limit: of each client.
    """
    query = few_of_each(
        DIFFERENCE,
        DifferenceRow,
        DifferenceRow.client_id.in_(set(client_ids)),
        IS_OPEN,
        DifferenceRow.resolve_by.between(since, until),
        _allowed(audience),
        order=(DifferenceRow.resolve_by, DifferenceRow.id),
        limit=limit,
    )
    return [Difference(*row) for row in await session.execute(query)]


async def settled(
    session: Work, client_id: uuid.UUID, audience: Audience, since: dt.date, until: dt.date
) -> list[Difference]:
    """Return the differences with a client that were closed on some days (UTC), as an audience may read them."""
    first, after = (dt.datetime.combine(day, dt.time.min, dt.UTC) for day in (since, until + dt.timedelta(days=1)))
    query = sa.select(*DIFFERENCE).where(
        DifferenceRow.client_id == client_id,
        DifferenceRow.closed_at >= first,
        DifferenceRow.closed_at < after,
        _allowed(audience),
    )
    found = await session.execute(query.order_by(DifferenceRow.closed_at, DifferenceRow.id))
    return [Difference(*row) for row in found]


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(
        audience, DifferenceRow.visibility, client_id=DifferenceRow.client_id, author_id=DifferenceRow.author_id
    )


async def due_clients(session: Work, since: dt.date, until: dt.date) -> set[uuid.UUID]:
    """Return the clients of the workspace with an open difference to settle from a day to a day."""
    query = sa.select(DifferenceRow.client_id).where(IS_OPEN, DifferenceRow.resolve_by.between(since, until))
    return set((await session.execute(query)).scalars())


async def due_workspaces(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among many workspaces that have such a client."""
    which = (DifferenceRow.workspace_id.in_(set(workspace_ids)), DifferenceRow.resolve_by.between(since, until))
    query = sa.select(DifferenceRow.workspace_id).where(IS_OPEN, *which).distinct()
    return set((await session.execute(query, execution_options=EVERYWHERE)).scalars())
