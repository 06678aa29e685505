"""What is known about people at clients, as it is kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.nuance.rules import Field
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.session import Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql


class FactRow(InWorkspace, Base):
    """One thing that is known about a person, or a cause that a whole client cares about.

    why: what it means for the work; of a sensitive topic, how to approach it.  private: the client's team reads it for
    themselves and no room does.  slot: the field where a person has one of it, else None.
    """

    __tablename__ = "fact"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "slot"),
        sa.Index(None, "workspace_id", "client_id"),
        sa.Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"))
    field: Mapped[Field] = mapped_column(words(Field, "field"))
    slot: Mapped[str | None] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text())
    why: Mapped[str | None] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    private: Mapped[bool]
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    edited_at: Mapped[dt.datetime | None]
    edited_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id"))


@dataclass(frozen=True)
class Fact:
    """One thing that is known about a person (contact_id None: about the client); ids are ours, its editor's too."""

    id: uuid.UUID
    client_id: uuid.UUID
    contact_id: uuid.UUID | None
    field: Field
    text: str
    why: str | None
    visibility: Visibility
    private: bool
    author_id: uuid.UUID
    created_at: dt.datetime
    edited_at: dt.datetime | None = None
    edited_by: uuid.UUID | None = None


FACT: tuple[Any, ...] = (
    FactRow.id,
    FactRow.client_id,
    FactRow.contact_id,
    FactRow.field,
    FactRow.text,
    FactRow.why,
    FactRow.visibility,
    FactRow.private,
    FactRow.author_id,
    FactRow.created_at,
    FactRow.edited_at,
    FactRow.edited_by,
)


def _allowed(audience: Audience) -> sa.ColumnElement[bool]:
    columns = {"client_id": FactRow.client_id, "author_id": FactRow.author_id}
    return may_see_sql(audience, FactRow.visibility, **columns, private=FactRow.private)


async def insert_once(session: Work, fact: Fact, *, slot: str | None) -> bool:
    """Keep a new fact; return False where the person has one of its kind already."""
    return await session.add_once(FactRow, **vars(fact), slot=slot)


async def change(session: Work, fact_id: uuid.UUID, **values: object) -> None:
    """Change columns of a fact."""
    await session.execute(sa.update(FactRow).where(FactRow.id == fact_id).values(**values))


async def drop(session: Work, ids: Collection[uuid.UUID]) -> None:
    """Forget facts."""
    await session.execute(sa.delete(FactRow).where(FactRow.id.in_(set(ids))))


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Fact]:
    """Return those among facts that an audience may read."""
    query = sa.select(*FACT).where(FactRow.id.in_(set(ids)), _allowed(audience))
    return {fact.id: fact for fact in (Fact(*row) for row in await session.execute(query))}


async def of_clients(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, fields: Collection[Field]
) -> list[Fact]:
    """Return what an audience may read in these fields about clients and their people, the newest first."""
    which = (FactRow.client_id.in_(set(client_ids)), FactRow.field.in_(set(fields)))
    query = sa.select(*FACT).where(*which, _allowed(audience))
    return [Fact(*row) for row in await session.execute(query.order_by(FactRow.created_at.desc(), FactRow.id.desc()))]


async def of_person(session: Work, contact_id: uuid.UUID, audience: Audience) -> list[Fact]:
    """Return what an audience may read about a person, the newest first."""
    query = sa.select(*FACT).where(FactRow.contact_id == contact_id, _allowed(audience))
    return [Fact(*row) for row in await session.execute(query.order_by(FactRow.created_at.desc(), FactRow.id.desc()))]


async def all_of(session: Work, contact_id: uuid.UUID) -> list[Fact]:
    """Return all that is kept about a person, whoever may read it, the newest first."""
    query = sa.select(*FACT).where(FactRow.contact_id == contact_id)
    return [Fact(*row) for row in await session.execute(query.order_by(FactRow.created_at.desc(), FactRow.id.desc()))]
