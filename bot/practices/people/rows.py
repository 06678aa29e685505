"""The people at a client, as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.session import Work


class ContactRow(InWorkspace, Base):
    """A person at a client.  email: in lower case; reports_to_id: somebody else at the same client."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.UniqueConstraint("client_id", "folded"),
        sa.UniqueConstraint("client_id", "email"),
        sa.Index(None, "workspace_id", "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(80))
    folded: Mapped[str] = mapped_column(sa.String(160))
    job: Mapped[str | None] = mapped_column(sa.String(120))
    tz: Mapped[str | None] = mapped_column(sa.String(64))
    has_left: Mapped[bool]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    reports_to_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    created_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Contact:
    """A person at a client: name, what they do there, their IANA time zone, whether they have left.

    email: in lower case; reports_to_id: who their boss is, at the same client.
    """

    id: uuid.UUID
    client_id: uuid.UUID
    name: str
    job: str | None
    tz: str | None
    has_left: bool
    email: str | None = None
    reports_to_id: uuid.UUID | None = None


CONTACT: tuple[Any, ...] = (
    ContactRow.id,
    ContactRow.client_id,
    ContactRow.name,
    ContactRow.job,
    ContactRow.tz,
    ContactRow.has_left,
    ContactRow.email,
    ContactRow.reports_to_id,
)


async def get(session: Work, contact_id: uuid.UUID) -> Contact | None:
    """Return a person by id."""
    row = (await session.execute(sa.select(*CONTACT).where(ContactRow.id == contact_id))).one_or_none()
    return Contact(*row) if row else None


async def of_clients(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    """Return each client's people by name, those who left last."""
    wanted = set(client_ids)
    found = await session.execute(
        sa.select(*CONTACT).where(ContactRow.client_id.in_(wanted)).order_by(ContactRow.has_left, ContactRow.folded)
    )
    by_client: dict[uuid.UUID, list[Contact]] = {client_id: [] for client_id in wanted}
    for contact in (Contact(*row) for row in found):
        by_client[contact.client_id].append(contact)
    return by_client


async def taken(session: Work, client_id: uuid.UUID, folded: str) -> uuid.UUID | None:
    """Return who at this client already has this folded name."""
    found = await session.execute(
        sa.select(ContactRow.id).where(ContactRow.client_id == client_id, ContactRow.folded == folded)
    )
    return found.scalar_one_or_none()


async def with_email(session: Work, client_id: uuid.UUID, email: str) -> uuid.UUID | None:
    """Return who at this client has this e-mail address."""
    found = await session.execute(
        sa.select(ContactRow.id).where(ContactRow.client_id == client_id, ContactRow.email == email)
    )
    return found.scalar_one_or_none()


async def present(session: Work) -> list[Contact]:
    """Return everybody at any client who has not left."""
    found = await session.execute(sa.select(*CONTACT).where(ContactRow.has_left.is_(False)).order_by(ContactRow.id))
    return [Contact(*row) for row in found]


async def called(session: Work, words: Collection[str], *, limit: int) -> list[Contact]:
    """Return people at any client in whose folded names every word begins one, present ones first, by name."""
    padded = sa.literal(" ") + ContactRow.folded
    fitting = [padded.contains(f" {word}", autoescape=True) for word in words]
    ordered = sa.select(*CONTACT).where(*fitting).order_by(ContactRow.has_left, ContactRow.folded, ContactRow.id)
    return [Contact(*row) for row in await session.execute(ordered.limit(limit))]


async def insert_once(session: Work, contact: Contact, *, folded: str, by: uuid.UUID, now: dt.datetime) -> bool:
    """Keep a new person; return False when the client has somebody by that folded name, or that e-mail address."""
    return await session.add_once(ContactRow, **vars(contact), folded=folded, created_by=by, created_at=now)


async def change(session: Work, contact_id: uuid.UUID, **values: object) -> None:
    """Change columns of a person."""
    await session.execute(sa.update(ContactRow).where(ContactRow.id == contact_id).values(**values))


async def drop(session: Work, contact_id: uuid.UUID) -> None:
    """Forget a person; whatever hangs on them goes with them."""
    await session.execute(sa.delete(ContactRow).where(ContactRow.id == contact_id))
