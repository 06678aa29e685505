"""Who is away, until when, and who looks after their clients meanwhile."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace


class AwayRow(InWorkspace, Base):
    """Somebody's absence: the first day away, the day they are back, who covers."""

    __tablename__ = "away"
    __table_args__ = (sa.Index(None, "workspace_id", "member_id", "back_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    from_on: Mapped[dt.date]
    back_on: Mapped[dt.date]
    cover_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(sa.Text())
    created_at: Mapped[dt.datetime]
