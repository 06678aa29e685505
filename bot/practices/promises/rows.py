"""Promises as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.promises.rules import PromiseState
from bot.store.base import Base, InWorkspace
from bot.store.few import few_of_each
from bot.store.search import Visibility
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import words
from bot.workspaces.installs import WorkspaceRow
from bot.workspaces.visibility import Audience, Person, may_see_sql

AT_ONCE = 1000
KEPT_LATE = dt.timedelta(days=90)
"""How late a promise may have been kept for its week to be told because of it."""


class PromiseRow(InWorkspace, Base):
    """Something one side said it would do by a day.

    carrier_id: who of ours sees to it; settled_at: when somebody said what became of it; moved_from: the day it was
    first promised for, where that is not due_on any more; times_moved: how often it got another one.
    """

    __tablename__ = "promise"
    __table_args__ = (
        sa.UniqueConstraint("checkin_id"),
        sa.Index(None, "workspace_id", "client_id", "state", "due_on"),
        sa.Index(None, "workspace_id", "state", "due_on"),
        sa.Index(None, "workspace_id", "carrier_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    carrier_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    what: Mapped[str] = mapped_column(sa.Text())
    due_on: Mapped[dt.date]
    moved_from: Mapped[dt.date | None]
    times_moved: Mapped[int] = mapped_column(sa.SmallInteger(), default=0)
    theirs: Mapped[bool]
    state: Mapped[PromiseState] = mapped_column(words(PromiseState, "state"))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]


class PromiseEventRow(InWorkspace, Base):
    """Who said what became of a promise, and when: its new state, or (None) that it moved from a day to another."""

    __tablename__ = "promise_event"
    __table_args__ = (sa.Index(None, "promise_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    promise_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("promise.id", ondelete="CASCADE"))
    state: Mapped[PromiseState | None] = mapped_column(words(PromiseState, "state"))
    from_on: Mapped[dt.date | None]
    to_on: Mapped[dt.date | None]
    why: Mapped[str | None] = mapped_column(sa.Text())
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Promise:
    """A promise: what, by which local date, whether the client made it (`theirs`), and who may read it.

    carrier_id: who of ours sees to it, by our id; moved_from: the day it was first promised for, where it has moved.
    """

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID | None
    author_id: uuid.UUID
    carrier_id: uuid.UUID
    what: str
    due_on: dt.date
    theirs: bool
    state: PromiseState
    visibility: Visibility
    created_at: dt.datetime
    moved_from: dt.date | None = None
    times_moved: int = 0


@dataclass(frozen=True)
class Event:
    """Who (our id) said what became of a promise: its new state, or (None) that it moved from a day to another."""

    id: uuid.UUID
    promise_id: uuid.UUID
    state: PromiseState | None
    from_on: dt.date | None
    to_on: dt.date | None
    why: str | None
    member_id: uuid.UUID
    at: dt.datetime


PROMISE = (
    PromiseRow.id,
    PromiseRow.client_id,
    PromiseRow.checkin_id,
    PromiseRow.author_id,
    PromiseRow.carrier_id,
    PromiseRow.what,
    PromiseRow.due_on,
    PromiseRow.theirs,
    PromiseRow.state,
    PromiseRow.visibility,
    PromiseRow.created_at,
    PromiseRow.moved_from,
    PromiseRow.times_moved,
)
EVENT = (
    PromiseEventRow.id,
    PromiseEventRow.promise_id,
    PromiseEventRow.state,
    PromiseEventRow.from_on,
    PromiseEventRow.to_on,
    PromiseEventRow.why,
    PromiseEventRow.member_id,
    PromiseEventRow.at,
)
DONE = (PromiseState.KEPT, PromiseState.EXCEEDED)


DUE_CLIENTS = prepared(
    sa.select(PromiseRow.client_id).where(
        PromiseRow.state == PromiseState.OPEN,
        PromiseRow.due_on.between(sa.bindparam("since", type_=sa.Date()), sa.bindparam("until", type_=sa.Date())),
    )
)


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(audience, PromiseRow.visibility, client_id=PromiseRow.client_id, author_id=PromiseRow.author_id)


async def insert_once(session: Work, promise: Promise) -> bool:
    """Keep a promise unless its check-in has one already; return whether it is new."""
    return await session.add_once(PromiseRow, **vars(promise))


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Promise]:
    """Return the promises among these that an audience may read."""
    found = await session.execute(sa.select(*PROMISE).where(PromiseRow.id.in_(set(ids)), _allowed(audience)))
    return {promise.id: promise for promise in (Promise(*row) for row in found)}


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Promise]:
    """Return the promise that each check-in holds, if any."""
    found = await session.execute(sa.select(*PROMISE).where(PromiseRow.checkin_id.in_(set(checkin_ids))))
    return {promise.checkin_id: promise for promise in (Promise(*row) for row in found) if promise.checkin_id}


async def open_ones(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    limit: int,
    in_all: int | None = None,
    until: dt.date = dt.date.max,
) -> list[Promise]:
    """Return the open promises of clients that an audience may read, due by a day, soonest first.

    limit: of each client; in_all: of all of them, None for as many as there are.
    """
    query = few_of_each(
        PROMISE,
        PromiseRow,
        PromiseRow.client_id.in_(set(client_ids)),
        PromiseRow.state == PromiseState.OPEN,
        PromiseRow.due_on <= until,
        _allowed(audience),
        order=(PromiseRow.due_on, PromiseRow.id),
        limit=limit,
    )
    return [Promise(*row) for row in await session.execute(query.limit(in_all))]


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
    """Return who carries an open promise of ours that is due from a day to a day."""
    open_then = (PromiseRow.state == PromiseState.OPEN, PromiseRow.due_on.between(since, until))
    ours = sa.select(PromiseRow.carrier_id).where(*open_then, PromiseRow.theirs.is_(False))
    return set((await session.execute(ours)).scalars())


async def carried(
    session: Work, carrier: Person, *, since: dt.date, until: dt.date, settled: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that a member carries and may read, due from a day to a day, soonest first.

    Open ones, and those that were settled since an instant, so that they stay in sight.
    """
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            sa.or_(PromiseRow.state == PromiseState.OPEN, PromiseRow.settled_at >= settled),
            PromiseRow.due_on.between(since, until),
            PromiseRow.carrier_id == carrier.id,
            PromiseRow.theirs.is_(False),
            _allowed(carrier),
        )
        .order_by(PromiseRow.due_on, PromiseRow.id)
        .limit(limit)
    )
    return [Promise(*row) for row in found]


async def kept(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that were kept since an instant, as an audience may read them."""
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            PromiseRow.client_id.in_(set(client_ids)),
            PromiseRow.state.in_(DONE),
            PromiseRow.theirs.is_(False),
            PromiseRow.settled_at >= since,
            _allowed(audience),
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
        PromiseRow.state.in_(DONE),
        PromiseRow.due_on >= (since - KEPT_LATE).date(),
        PromiseRow.theirs.is_(False),
        PromiseRow.settled_at >= since,
    )
    many = sa.select(WorkspaceRow.id).where(WorkspaceRow.id.in_(set(workspace_ids)), theirs)
    why = {ALL_WORKSPACES: "which workspaces have anything to say at the end of a week"}
    return set((await session.execute(many.execution_options(**why))).scalars())


async def settled_in(
    session: Work,
    client_id: uuid.UUID,
    audience: Audience,
    since: dt.date,
    until: dt.date,
    *,
    states: Collection[PromiseState],
    limit: int,
) -> list[Promise]:
    """Return a client's promises that were due on some days and came to something, as an audience may read them."""
    found = await session.execute(
        sa.select(*PROMISE)
        .where(
            PromiseRow.client_id == client_id,
            PromiseRow.state.in_(states),
            PromiseRow.due_on.between(since, until),
            _allowed(audience),
        )
        .order_by(PromiseRow.due_on, PromiseRow.id)
        .limit(limit)
    )
    return [Promise(*row) for row in found]


async def settle(session: Work, promise_id: uuid.UUID, state: PromiseState, settled_at: dt.datetime | None) -> None:
    """Write down what became of a promise, and when; None for one that is open again."""
    change = sa.update(PromiseRow).where(PromiseRow.id == promise_id)
    await session.execute(change.values(state=state, settled_at=settled_at))


async def change(session: Work, promise: Promise) -> None:
    """Write down what a promise says now, whose it is, by when it is due and who may read it."""
    kept = {"id", "checkin_id", "author_id", "state", "created_at"}
    values = {name: value for name, value in vars(promise).items() if name not in kept}
    await session.execute(sa.update(PromiseRow).where(PromiseRow.id == promise.id).values(**values))


async def delete(session: Work, promise_id: uuid.UUID) -> None:
    """Forget a promise, and what became of it."""
    await session.execute(sa.delete(PromiseEventRow).where(PromiseEventRow.promise_id == promise_id))
    await session.execute(sa.delete(PromiseRow).where(PromiseRow.id == promise_id))


async def note(session: Work, event: Event) -> None:
    """Write down what somebody said became of a promise."""
    await session.add_row(PromiseEventRow, **vars(event))


async def events(session: Work, promise_id: uuid.UUID) -> list[Event]:
    """Return what became of a promise, in the order it was said."""
    found = sa.select(*EVENT).where(PromiseEventRow.promise_id == promise_id)
    return [Event(*row) for row in await session.execute(found.order_by(PromiseEventRow.at, PromiseEventRow.id))]


async def unnote(session: Work, event_id: uuid.UUID) -> None:
    """Take back what somebody said became of a promise."""
    await session.execute(sa.delete(PromiseEventRow).where(PromiseEventRow.id == event_id))
