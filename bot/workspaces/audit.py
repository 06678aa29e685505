"""What was decided about the workspace, by whom and when."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.slack.text import clean, shorten
from bot.store.base import Base, InWorkspace, new_id
from bot.store.session import Work

ABOUT_LENGTH = 255


class AuditRow(InWorkspace, Base):
    """One decision; nothing here is ever changed."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index(None, "workspace_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(sa.String(64))
    about: Mapped[str] = mapped_column(sa.String(ABOUT_LENGTH))


@dataclass(frozen=True)
class Decision:
    """One decision: when, by whom (nobody of ours any more: None), what was decided, and about what, in words."""

    at: dt.datetime
    member_id: uuid.UUID | None
    what: str
    about: str


async def write(session: Work, what: str, about: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    """Write down a decision, for good.  what: "digest time", 64 characters; about: "09:00 → 09:30", cut at 255."""
    kept = shorten(clean(about), ABOUT_LENGTH)
    await session.add_row(AuditRow, id=new_id(), at=now, member_id=by, what=what, about=kept)


async def tail(session: Work, limit: int = 20, *, whats: Collection[str] | None = None) -> list[Decision]:
    """Return the newest decisions, newest first: those that are called so (None: all)."""
    query = sa.select(AuditRow.at, AuditRow.member_id, AuditRow.what, AuditRow.about)
    if whats is not None:
        query = query.where(AuditRow.what.in_(set(whats)))
    found = await session.execute(query.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit))
    return [Decision(*row) for row in found]
