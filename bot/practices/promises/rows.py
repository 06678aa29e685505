"""Promises as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.promises.rules import PromiseState
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.session import Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql


class PromiseRow(InWorkspace, Base):
    """Something one side said it would do by a day."""

    __tablename__ = "promise"
    __table_args__ = (
        sa.UniqueConstraint("checkin_id"),
        sa.Index(None, "workspace_id", "client_id", "state", "due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    what: Mapped[str] = mapped_column(sa.Text())
    due_on: Mapped[dt.date]
    theirs: Mapped[bool]
    state: Mapped[PromiseState] = mapped_column(words(PromiseState, "state"))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Promise:
    """A promise: what, by which local date, whether the client made it (`theirs`), and who may read it."""

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID | None
    author_id: uuid.UUID
    what: str
    due_on: dt.date
    theirs: bool
    state: PromiseState
    visibility: Visibility


PROMISE = (
    PromiseRow.id,
    PromiseRow.client_id,
    PromiseRow.checkin_id,
    PromiseRow.author_id,
    PromiseRow.what,
    PromiseRow.due_on,
    PromiseRow.theirs,
    PromiseRow.state,
    PromiseRow.visibility,
)


async def insert_once(session: Work, promise: Promise, *, now: dt.datetime) -> bool:
    """Keep a promise unless its check-in has one already; return whether it is new."""
    return await session.add_once(PromiseRow, **vars(promise), created_at=now)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Promise]:
    """Return the promises among these that an audience may read."""
    allowed = may_see_sql(
        audience, PromiseRow.visibility, client_id=PromiseRow.client_id, author_id=PromiseRow.author_id
    )
    found = await session.execute(sa.select(*PROMISE).where(PromiseRow.id.in_(set(ids)), allowed))
    return {promise.id: promise for promise in (Promise(*row) for row in found)}


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Promise]:
    """Return the promise that each check-in holds, if any."""
    found = await session.execute(sa.select(*PROMISE).where(PromiseRow.checkin_id.in_(set(checkin_ids))))
    return {promise.checkin_id: promise for promise in (Promise(*row) for row in found) if promise.checkin_id}


async def open_ones(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, limit: int, until: dt.date = dt.date.max
) -> list[Promise]:
    """Return the open promises of clients that an audience may read, due by a day, soonest first."""
    allowed = may_see_sql(
        audience, PromiseRow.visibility, client_id=PromiseRow.client_id, author_id=PromiseRow.author_id
    )
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            PromiseRow.client_id.in_(set(client_ids)),
            PromiseRow.state == PromiseState.OPEN,
            PromiseRow.due_on <= until,
            allowed,
        )
        .order_by(PromiseRow.due_on, PromiseRow.id)
        .limit(limit)
    )
    return [Promise(*row) for row in found]


async def change(session: Work, promise: Promise) -> None:
    """Write down what a promise says now, whose it is and who may read it."""
    values = {"client_id": promise.client_id, "what": promise.what, "due_on": promise.due_on}
    where = sa.update(PromiseRow).where(PromiseRow.id == promise.id)
    await session.execute(where.values(visibility=promise.visibility, **values))


async def delete(session: Work, promise_id: uuid.UUID) -> None:
    """Forget a promise."""
    await session.execute(sa.delete(PromiseRow).where(PromiseRow.id == promise_id))
