"""What stands in clients' way, as it is kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.blockers.rules import Side
from bot.practices.checkins.source import FromCheckin
from bot.store.base import Base, InWorkspace
from bot.store.few import few_of_each
from bot.store.search import Visibility
from bot.store.session import ALL_WORKSPACES, Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql

EVERYWHERE = {ALL_WORKSPACES: "in which of many workspaces another way is to be asked for is asked at once"}


class BlockerRow(FromCheckin, InWorkspace, Base):
    """Something in a client's way; other_way: another way round it; ended: how it ended, on closed_on."""

    __tablename__ = "blocker"
    __table_args__ = (
        sa.Index(None, "workspace_id", "client_id", "closed_on"),
        sa.Index(None, "workspace_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    what: Mapped[str] = mapped_column(sa.Text())
    cause: Mapped[str | None] = mapped_column(sa.Text())
    side: Mapped[Side] = mapped_column(words(Side, "side"))
    other_way: Mapped[str | None] = mapped_column(sa.Text())
    opened_on: Mapped[dt.date]
    closed_on: Mapped[dt.date | None]
    ended: Mapped[str | None] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Details:
    """What somebody says about a blocker: what, suspected cause, whose side, another way round, since which day."""

    what: str
    cause: str | None
    side: Side
    other_way: str | None
    opened_on: dt.date
    visibility: Visibility


@dataclass(frozen=True)
class Blocker:
    """Something in a client's way, noted by a member (our id); closed_on: None while it is there."""

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID | None
    author_id: uuid.UUID
    details: Details
    closed_on: dt.date | None
    ended: str | None
    created_at: dt.datetime

    @property
    def visibility(self) -> Visibility:
        """Who may read it."""
        return self.details.visibility


BLOCKER: tuple[Any, ...] = (
    BlockerRow.id,
    BlockerRow.client_id,
    BlockerRow.checkin_id,
    BlockerRow.author_id,
    BlockerRow.what,
    BlockerRow.cause,
    BlockerRow.side,
    BlockerRow.other_way,
    BlockerRow.opened_on,
    BlockerRow.visibility,
    BlockerRow.closed_on,
    BlockerRow.ended,
    BlockerRow.created_at,
)
UNANSWERED = (BlockerRow.closed_on.is_(None), BlockerRow.other_way.is_(None))


def _blocker(row: Any) -> Blocker:
    said = Details(row.what, row.cause, row.side, row.other_way, row.opened_on, row.visibility)
    return Blocker(row.id, row.client_id, row.checkin_id, row.author_id, said, row.closed_on, row.ended, row.created_at)


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(audience, BlockerRow.visibility, client_id=BlockerRow.client_id, author_id=BlockerRow.author_id)


async def insert(session: Work, one: Blocker) -> None:
    """Keep a new blocker."""
    kept = {name: value for name, value in vars(one).items() if name != "details"}
    await session.add_row(BlockerRow, **kept, **vars(one.details))


async def change(session: Work, blocker_id: uuid.UUID, details: Details) -> None:
    """Replace what is known about a blocker."""
    await session.execute(sa.update(BlockerRow).where(BlockerRow.id == blocker_id).values(**vars(details)))


async def close(
    session: Work, blocker_id: uuid.UUID, on: dt.date | None, other_way: str | None, ended: str | None
) -> None:
    """Write down on which day a blocker was over (None: it is there again), the way round it and how it ended."""
    values = {"closed_on": on, "other_way": other_way, "ended": ended}
    await session.execute(sa.update(BlockerRow).where(BlockerRow.id == blocker_id).values(**values))


async def delete(session: Work, blocker_id: uuid.UUID) -> None:
    """Forget a blocker."""
    await session.execute(sa.delete(BlockerRow).where(BlockerRow.id == blocker_id))


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Blocker]:
    """Return the blockers among these that an audience may read."""
    found = await session.execute(sa.select(*BLOCKER).where(BlockerRow.id.in_(set(ids)), _allowed(audience)))
    return {row.id: _blocker(row) for row in found}


async def open_ones(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, limit: int
) -> list[Blocker]:
    """Return what is in clients' way, as an audience may read it, the oldest first; limit: of each client."""
    query = few_of_each(
        BLOCKER,
        BlockerRow,
        BlockerRow.client_id.in_(set(client_ids)),
        BlockerRow.closed_on.is_(None),
        _allowed(audience),
        order=(BlockerRow.opened_on, BlockerRow.id),
        limit=limit,
    )
    return [_blocker(row) for row in await session.execute(query)]


async def unanswered(session: Work, noted: dt.datetime, until: dt.date) -> list[Blocker]:
    """Return the open blockers without another way round, noted since an instant and there since a day at the latest.

    Whoever may read them.
    """
    query = sa.select(*BLOCKER).where(*_waiting(noted, until))
    return [_blocker(row) for row in await session.execute(query.order_by(BlockerRow.opened_on, BlockerRow.id))]


async def authors(session: Work, noted: dt.datetime, until: dt.date) -> set[uuid.UUID]:
    """Return who noted such a blocker, by our ids."""
    query = sa.select(BlockerRow.author_id).where(*_waiting(noted, until))
    return set((await session.execute(query.distinct())).scalars())


async def unanswered_in(
    session: Work, workspace_ids: Collection[uuid.UUID], noted: dt.datetime, until: dt.date
) -> set[uuid.UUID]:
    """Return those among many workspaces that have such a blocker."""
    which = BlockerRow.workspace_id.in_(set(workspace_ids))
    query = sa.select(BlockerRow.workspace_id).where(which, *_waiting(noted, until)).distinct()
    return set((await session.execute(query, execution_options=EVERYWHERE)).scalars())


def _waiting(noted: dt.datetime, until: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return (*UNANSWERED, BlockerRow.created_at >= noted, BlockerRow.opened_on <= until)
