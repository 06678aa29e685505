"""Clients as they are kept, and the tables of what they are called, where they are heard and when they paused."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.clients.rules import (
    KEY_WEIGHT,
    LONGEST_FOLDED,
    LONGEST_NAME,
    WHY_HOLDS,
    Stage,
    Status,
    WhyType,
    rhythm_in,
    status_on,
)
from bot.practices.spark.service import Pause, is_followed_sql
from bot.store.base import Base, InWorkspace
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import sortable, words
from bot.workspaces.teams import ClientMemberRow

EVERYWHERE = {ALL_WORKSPACES: "which of many workspaces have a reason to ask about again is asked at once"}
PRESENT = (Status.ACTIVE, Status.PAUSED)
"""Asked for by IN: with `!=`, PostgreSQL's generic plan expects no rows and walks the words once for each client."""


class ClientRow(InWorkspace, Base):
    """A client.  rhythm_days: the usual days between conversations while all is steady, whatever the stage."""

    __tablename__ = "client"
    __table_args__ = (
        sa.CheckConstraint("rhythm_days BETWEEN 1 AND 365", name="rhythm_days"),
        sa.Index(None, "workspace_id", "status", "sort_name"),
        sa.Index(None, "workspace_id", "why_confirmed_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    sort_name: Mapped[str] = mapped_column(sortable(LONGEST_FOLDED))
    status: Mapped[Status] = mapped_column(words(Status, "status"))
    stage: Mapped[Stage] = mapped_column(words(Stage, "stage"))
    rhythm_days: Mapped[int] = mapped_column(sa.SmallInteger())
    started_on: Mapped[dt.date]
    paused_until: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    why_hired: Mapped[str | None] = mapped_column(sa.Text())
    why_type: Mapped[WhyType | None] = mapped_column(words(WhyType, "why_type"))
    why_confirmed_on: Mapped[dt.date | None]
    why_asked_at: Mapped[dt.datetime | None]
    digest_channel_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("channel.id", ondelete="SET NULL"))
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    is_key: Mapped[bool] = mapped_column(server_default=sa.false())


class ClientNameRow(InWorkspace, Base):
    """A name a client answers to: its own, or an alias.  No two clients of a workspace share one."""

    __tablename__ = "client_name"
    __table_args__ = (sa.PrimaryKeyConstraint("workspace_id", "folded"),)

    folded: Mapped[str] = mapped_column(sortable(LONGEST_FOLDED))
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    is_alias: Mapped[bool]


class ClientWordRow(InWorkspace, Base):
    """A word of a client's names, for finding it by the first letters."""

    __tablename__ = "client_word"
    __table_args__ = (sa.PrimaryKeyConstraint("workspace_id", "word", "client_id"),)

    word: Mapped[str] = mapped_column(sortable(LONGEST_FOLDED))
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), index=True)


class ClientChannelRow(InWorkspace, Base):
    """A channel that a client is heard in; a channel belongs to one client at most."""

    __tablename__ = "client_channel"
    __table_args__ = (sa.PrimaryKeyConstraint("channel_id"),)

    channel_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("channel.id", ondelete="CASCADE"))
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), index=True)


class ClientPauseRow(InWorkspace, Base):
    """A time in which a client's clock stood still: from a day, until the day it went on (None: still paused)."""

    __tablename__ = "client_pause"
    __table_args__ = (sa.PrimaryKeyConstraint("client_id", "from_on"),)

    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]


@dataclass(frozen=True)
class Client:
    """A client: dates in the client's own calendar, `digest_channel_id` by our id.

    steady_days: the usual days between conversations while all is steady; is_key: it comes first when several cool.
    why_confirmed_on: the day on which somebody last said why they hired us, or that it still is so.
    """

    id: uuid.UUID
    name: str
    status: Status
    stage: Stage
    steady_days: int
    started_on: dt.date
    paused_until: dt.date | None
    ended_on: dt.date | None
    why_hired: str | None
    why_asked_at: dt.datetime | None
    digest_channel_id: uuid.UUID | None
    created_by: uuid.UUID
    is_key: bool = False
    why_type: WhyType | None = None
    why_confirmed_on: dt.date | None = None

    @property
    def rhythm_days(self) -> int:
        """The usual days between conversations in the stage that the client is in."""
        return rhythm_in(self.stage, self.steady_days)

    @property
    def weight(self) -> float:
        """How much the client counts when more cool than can come first."""
        return KEY_WEIGHT if self.is_key else 1.0

    @property
    def why_asked_on(self) -> dt.date | None:
        """The day from which it is asked whether they still hire us for that; None where nobody said why."""
        if not self.why_hired or self.why_confirmed_on is None:
            return None
        return self.why_confirmed_on + WHY_HOLDS

    def status_on(self, today: dt.date) -> Status:
        """Return what the client is on a day: a pause ends by itself."""
        return status_on(self.status, self.paused_until, today)


@dataclass(frozen=True)
class Found:
    """A client as it is offered for picking."""

    id: uuid.UUID
    name: str
    status: Status
    paused_until: dt.date | None = None

    def status_on(self, today: dt.date) -> Status:
        """Return what the client is on a day: a pause ends by itself."""
        return status_on(self.status, self.paused_until, today)


CLIENT: tuple[Any, ...] = (
    ClientRow.id,
    ClientRow.name,
    ClientRow.status,
    ClientRow.stage,
    ClientRow.rhythm_days,
    ClientRow.started_on,
    ClientRow.paused_until,
    ClientRow.ended_on,
    ClientRow.why_hired,
    ClientRow.why_asked_at,
    ClientRow.digest_channel_id,
    ClientRow.created_by,
    ClientRow.is_key,
    ClientRow.why_type,
    ClientRow.why_confirmed_on,
)
FOUND: tuple[Any, ...] = (ClientRow.id, ClientRow.name, ClientRow.status, ClientRow.paused_until)

ONE = sa.select(*CLIENT).where(ClientRow.id == sa.bindparam("id"))
GET = prepared(ONE)
GET_MANY = prepared(sa.select(*CLIENT).where(ClientRow.id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))))
HOLD = prepared(ONE.with_for_update(key_share=True))
"""Rows that point to the client can be written meanwhile, but for those whose writers hold it too."""
PAUSES = prepared(
    sa.select(ClientPauseRow.client_id, ClientPauseRow.from_on, ClientPauseRow.until_on)
    .where(ClientPauseRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)))
    .order_by(ClientPauseRow.from_on)
)


async def get(session: Work, client_id: uuid.UUID) -> Client | None:
    """Return a client by id."""
    row = (await session.run(GET, id=client_id)).one_or_none()
    return Client(*row) if row else None


async def hold(session: Work, client_id: uuid.UUID) -> Client | None:
    """Return a client by id, and keep others from changing it until this transaction is over; SQLite has one writer."""
    row = (await session.run(HOLD, id=client_id)).one_or_none()
    return Client(*row) if row else None


async def get_many(session: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Client]:
    """Return clients by id."""
    if not ids:
        return {}
    found = await session.run(GET_MANY, ids=list(ids))
    return {client.id: client for client in (Client(*row) for row in found)}


async def first(session: Work, *, of: uuid.UUID | None = None, limit: int) -> list[Found]:
    """Return the first clients by name, of one member's teams or of all: active ones, then paused ones."""
    statement = sa.select(*FOUND).where(ClientRow.status.in_(PRESENT))
    if of is not None:
        statement = statement.where(ClientRow.id.in_(_looked_after(of)))
    found = await session.execute(statement.order_by(ClientRow.status, ClientRow.sort_name).limit(limit))
    return [Found(*row) for row in found]


def _looked_after(member_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    return sa.select(ClientMemberRow.client_id).where(ClientMemberRow.member_id == member_id)


async def page(
    session: Work, *, member_id: uuid.UUID | None, statuses: Collection[Status], limit: int, offset: int
) -> list[Client]:
    """Return clients by name, those of one member's teams or all."""
    statement = sa.select(*CLIENT).where(ClientRow.status.in_(statuses))
    if member_id is not None:
        statement = statement.where(ClientRow.id.in_(_looked_after(member_id)))
    found = await session.execute(statement.order_by(ClientRow.sort_name).limit(limit).offset(offset))
    return [Client(*row) for row in found]


async def unfollowed(session: Work, limit: int) -> list[uuid.UUID]:
    """Return the ids of clients that have no spark."""
    ids = sa.select(ClientRow.id).where(~is_followed_sql(ClientRow.id)).order_by(ClientRow.id).limit(limit)
    return list((await session.execute(ids)).scalars())


async def insert(session: Work, client: Client, *, sort_name: str, now: dt.datetime) -> None:
    """Keep a new client."""
    kept = {name: value for name, value in vars(client).items() if name != "steady_days"}
    await session.add_row(ClientRow, **kept, rhythm_days=client.steady_days, sort_name=sort_name, created_at=now)


async def change(session: Work, client_id: uuid.UUID, **values: object) -> None:
    """Change columns of a client."""
    await session.execute(sa.update(ClientRow).where(ClientRow.id == client_id).values(**values))


async def ask_why_once(session: Work, client_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Note that it was asked why a client hired us; return whether this is the first time, with no answer yet."""
    unasked = (ClientRow.id == client_id, ClientRow.why_asked_at.is_(None), ClientRow.why_hired.is_(None))
    done: Any = await session.execute(sa.update(ClientRow).where(*unasked).values(why_asked_at=now))
    return bool(done.rowcount)


async def why_confirmed(session: Work, since: dt.date, until: dt.date) -> set[uuid.UUID]:
    """Return the clients of which somebody last said from a day to a day why they hired us; none that ended."""
    which = (ClientRow.why_confirmed_on.between(since, until), ClientRow.status.in_(PRESENT))
    found = sa.select(ClientRow.id).where(*which)
    return set((await session.execute(found)).scalars())


async def why_confirmed_in(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among many workspaces that have such clients."""
    which = (ClientRow.why_confirmed_on.between(since, until), ClientRow.status.in_(PRESENT))
    theirs = ClientRow.workspace_id.in_(set(workspace_ids))
    found = sa.select(ClientRow.workspace_id).where(theirs, *which).distinct()
    return set((await session.execute(found, execution_options=EVERYWHERE)).scalars())


async def pauses(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Pause, ...]]:
    """Return the pauses of each client, the first one first."""
    found: dict[uuid.UUID, tuple[Pause, ...]] = dict.fromkeys(client_ids, ())
    for client_id, since, until in await session.run(PAUSES, ids=list(client_ids)):
        found[client_id] += ((since, until),)
    return found


async def set_pauses(session: Work, client_id: uuid.UUID, pauses: Collection[Pause]) -> None:
    """Replace the pauses of a client."""
    await session.execute(sa.delete(ClientPauseRow).where(ClientPauseRow.client_id == client_id))
    theirs = [{"client_id": client_id, "from_on": since, "until_on": until} for since, until in pauses]
    await session.add_rows(ClientPauseRow, theirs)
