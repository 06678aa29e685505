"""Clients that are set aside for a while: "not now", until when and why."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.cadence.rules import Reason
from bot.store.base import Base, InWorkspace
from bot.store.session import Work, prepared
from bot.store.types import words


class SnoozeRow(InWorkspace, Base):
    """A client that nobody is reminded of before a day; `until_on` is the first day on which it may show again."""

    __tablename__ = "snooze"

    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    until_on: Mapped[dt.date]
    reason: Mapped[Reason | None] = mapped_column(words(Reason, "reason"))
    note: Mapped[str | None] = mapped_column(sa.Text())
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Snooze:
    """A client that is set aside: by whom (our id), until the first day on which it may show again, and why."""

    client_id: uuid.UUID
    member_id: uuid.UUID
    until_on: dt.date
    reason: Reason | None
    note: str | None
    created_at: dt.datetime


SNOOZE = (
    SnoozeRow.client_id,
    SnoozeRow.member_id,
    SnoozeRow.until_on,
    SnoozeRow.reason,
    SnoozeRow.note,
    SnoozeRow.created_at,
)


SET_ASIDE = prepared(
    sa.select(*SNOOZE).where(
        SnoozeRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)),
        SnoozeRow.until_on > sa.bindparam("after", type_=sa.Date()),
    )
)


async def put(session: Work, snooze: Snooze) -> None:
    """Set a client aside, or change until when it is."""
    if not await session.add_once(SnoozeRow, **vars(snooze)):
        changed = sa.update(SnoozeRow).where(SnoozeRow.client_id == snooze.client_id).values(**vars(snooze))
        await session.execute(changed)


async def get(session: Work, client_ids: Collection[uuid.UUID], *, after: dt.date) -> dict[uuid.UUID, Snooze]:
    """Return the clients among these that are set aside beyond a day."""
    found = await session.run(SET_ASIDE, ids=list(client_ids), after=after)
    return {snooze.client_id: snooze for snooze in (Snooze(*row) for row in found)}


async def drop(session: Work, client_id: uuid.UUID) -> bool:
    """Bring a client back; return whether it was set aside."""
    done: Any = await session.execute(sa.delete(SnoozeRow).where(SnoozeRow.client_id == client_id))
    return bool(done.rowcount)
