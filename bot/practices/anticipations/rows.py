"""What clients will need next, as it is kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.anticipations.rules import Outcome
from bot.store.base import Base, InWorkspace
from bot.store.few import few_of_each
from bot.store.search import Visibility
from bot.store.session import Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql


class AnticipationRow(InWorkspace, Base):
    """Something that somebody expects a client to need; settled_at, settled_by: when and who said what became of it."""

    __tablename__ = "anticipation"
    __table_args__ = (sa.UniqueConstraint("checkin_id"), sa.Index(None, "workspace_id", "client_id", "state"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    what: Mapped[str] = mapped_column(sa.Text())
    state: Mapped[Outcome] = mapped_column(words(Outcome, "state"))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id"))


@dataclass(frozen=True)
class Anticipation:
    """Something that somebody (our id) expects a client to need, and who may read it."""

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID | None
    author_id: uuid.UUID
    what: str
    state: Outcome
    visibility: Visibility
    created_at: dt.datetime


ANTICIPATION = (
    AnticipationRow.id,
    AnticipationRow.client_id,
    AnticipationRow.checkin_id,
    AnticipationRow.author_id,
    AnticipationRow.what,
    AnticipationRow.state,
    AnticipationRow.visibility,
    AnticipationRow.created_at,
)


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(
        audience,
        AnticipationRow.visibility,
        client_id=AnticipationRow.client_id,
        author_id=AnticipationRow.author_id,
    )


async def insert_once(session: Work, one: Anticipation) -> bool:
    """Keep something a client will need, unless its check-in has one already; return whether it is new."""
    return await session.add_once(AnticipationRow, **vars(one))


async def change(session: Work, one: Anticipation) -> None:
    """Write down what it says now, whose it is and who may read it."""
    values = {"client_id": one.client_id, "what": one.what, "visibility": one.visibility}
    await session.execute(sa.update(AnticipationRow).where(AnticipationRow.id == one.id).values(**values))


async def settle(session: Work, one_id: uuid.UUID, state: Outcome, at: dt.datetime | None, by: uuid.UUID) -> None:
    """Write down what became of it, when (None: it is open again) and who said so."""
    values = {"state": state, "settled_at": at, "settled_by": by if at is not None else None}
    await session.execute(sa.update(AnticipationRow).where(AnticipationRow.id == one_id).values(**values))


async def delete(session: Work, one_id: uuid.UUID) -> None:
    """Forget it."""
    await session.execute(sa.delete(AnticipationRow).where(AnticipationRow.id == one_id))


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Anticipation]:
    """Return those among these that an audience may read."""
    query = sa.select(*ANTICIPATION).where(AnticipationRow.id.in_(set(ids)), _allowed(audience))
    return {one.id: one for one in (Anticipation(*row) for row in await session.execute(query))}


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Anticipation]:
    """Return what each check-in says the client will need next, if anything."""
    query = sa.select(*ANTICIPATION).where(AnticipationRow.checkin_id.in_(set(checkin_ids)))
    found = (Anticipation(*row) for row in await session.execute(query))
    return {one.checkin_id: one for one in found if one.checkin_id is not None}


async def open_ones(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, limit: int
) -> list[Anticipation]:
    """Return what clients will need, as an audience may read it, the newest first; limit: of each client."""
    query = few_of_each(
        ANTICIPATION,
        AnticipationRow,
        AnticipationRow.client_id.in_(set(client_ids)),
        AnticipationRow.state == Outcome.OPEN,
        _allowed(audience),
        order=(AnticipationRow.created_at.desc(), AnticipationRow.id.desc()),
        limit=limit,
    )
    return [Anticipation(*row) for row in await session.execute(query)]
