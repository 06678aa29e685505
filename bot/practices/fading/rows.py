"""Alerts that a spark is fading, as they are kept: one open for a client at most."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.fading.rules import Ending
from bot.store.base import Base, InWorkspace
from bot.store.types import words


class FadingRow(InWorkspace, Base):
    """One stretch of fading: from the morning it was said until somebody spoke with the client, or it was set aside."""

    __tablename__ = "fading"
    __table_args__ = (
        sa.UniqueConstraint("client_id", "opened_on"),
        sa.Index(
            "ix_fading_open",
            "client_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index(None, "workspace_id", "closed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    opened_on: Mapped[dt.date]
    p_fade: Mapped[float] = mapped_column(sa.Double())
    closed_at: Mapped[dt.datetime | None]
    ending: Mapped[Ending | None] = mapped_column(words(Ending, "ending"))
    taken_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    taken_on: Mapped[dt.date | None]
