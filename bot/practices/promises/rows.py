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
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import words
from bot.workspaces.installs import WorkspaceRow
from bot.workspaces.visibility import Audience, may_see_sql

AT_ONCE = 1000
KEPT_LATE = dt.timedelta(days=90)
"""How late a promise may have been kept for its week to be told because of it."""


class PromiseRow(InWorkspace, Base):
    """Something one side said it would do by a day; settled_at: when somebody said that it was done."""

    __tablename__ = "promise"
    __table_args__ = (
        sa.UniqueConstraint("checkin_id"),
        sa.Index(None, "workspace_id", "client_id", "state", "due_on"),
        sa.Index(None, "workspace_id", "state", "due_on"),
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
    settled_at: Mapped[dt.datetime | None]


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


DUE_CLIENTS = prepared(
    sa.select(PromiseRow.client_id).where(
        PromiseRow.state == PromiseState.OPEN,
        PromiseRow.due_on.between(sa.bindparam("since", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())),
    )
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


async def due_clients(session: Work, since: dt.date, until: dt.date) -> set[uuid.UUID]:
    """Return the clients of the workspace with an open promise due from a day to a day."""
    return set((await session.run(DUE_CLIENTS, since=since, until=until)).scalars())


async def due_workspaces(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among these workspaces that have such a client, in a session over all of them."""
    ids, found = sorted(set(workspace_ids)), set()
    for start in range(0, len(ids), AT_ONCE):
        theirs = sa.exists().where(
            PromiseRow.workspace_id == WorkspaceRow.id,
            PromiseRow.state == PromiseState.OPEN,
            PromiseRow.due_on.between(since, until),
        )
        many = sa.select(WorkspaceRow.id).where(WorkspaceRow.id.in_(ids[start : start + AT_ONCE]), theirs)
        why = {ALL_WORKSPACES: "which workspaces have anything to say this morning"}
        found |= set((await session.execute(many.execution_options(**why))).scalars())
    return found


async def carriers(session: Work, since: dt.date, until: dt.date) -> set[uuid.UUID]:
    """Return who made an open promise of ours that is due from a day to a day."""
    open_then = (PromiseRow.state == PromiseState.OPEN, PromiseRow.due_on.between(since, until))
    ours = sa.select(PromiseRow.author_id).where(*open_then, PromiseRow.theirs.is_(False))
    return set((await session.execute(ours)).scalars())


async def carried(
    session: Work, author_id: uuid.UUID, *, since: dt.date, until: dt.date, settled: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that a member made, due from a day to a day, soonest first.

    Open ones, and those that were settled since an instant, so that they stay in sight.
    """
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            sa.or_(PromiseRow.state == PromiseState.OPEN, PromiseRow.settled_at >= settled),
            PromiseRow.due_on.between(since, until),
            PromiseRow.author_id == author_id,
            PromiseRow.theirs.is_(False),
        )
        .order_by(PromiseRow.due_on, PromiseRow.id)
        .limit(limit)
    )
    return [Promise(*row) for row in found]


async def kept(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that were kept since an instant, as an audience may read them."""
    allowed = may_see_sql(
        audience, PromiseRow.visibility, client_id=PromiseRow.client_id, author_id=PromiseRow.author_id
    )
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            PromiseRow.client_id.in_(set(client_ids)),
            PromiseRow.state == PromiseState.KEPT,
            PromiseRow.theirs.is_(False),
            PromiseRow.settled_at >= since,
            allowed,
        )
        .order_by(PromiseRow.settled_at, PromiseRow.id)
        .limit(limit)
    )
    return [Promise(*row) for row in found]


async def kept_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return those among these workspaces with a promise of ours kept since an instant, in a session over all of them.

    By the index of what was due when, so one that was due longer before that than `KEPT_LATE` does not count.
    """
    theirs = sa.exists().where(
        PromiseRow.workspace_id == WorkspaceRow.id,
        PromiseRow.state == PromiseState.KEPT,
        PromiseRow.due_on >= (since - KEPT_LATE).date(),
        PromiseRow.theirs.is_(False),
        PromiseRow.settled_at >= since,
    )
    many = sa.select(WorkspaceRow.id).where(WorkspaceRow.id.in_(set(workspace_ids)), theirs)
    why = {ALL_WORKSPACES: "which workspaces have anything to say at the end of a week"}
    return set((await session.execute(many.execution_options(**why))).scalars())


async def settle(session: Work, promise_id: uuid.UUID, state: PromiseState, settled_at: dt.datetime | None) -> None:
    """Write down what became of a promise, and when; None for one that is open again."""
    change = sa.update(PromiseRow).where(PromiseRow.id == promise_id)
    await session.execute(change.values(state=state, settled_at=settled_at))


async def change(session: Work, promise: Promise) -> None:
    """Write down what a promise says now, whose it is and who may read it."""
    values = {"client_id": promise.client_id, "what": promise.what, "due_on": promise.due_on}
    where = sa.update(PromiseRow).where(PromiseRow.id == promise.id)
    await session.execute(where.values(visibility=promise.visibility, **values))


async def delete(session: Work, promise_id: uuid.UUID) -> None:
    """Forget a promise."""
    await session.execute(sa.delete(PromiseRow).where(PromiseRow.id == promise_id))
