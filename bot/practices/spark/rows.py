"""The spark's small state per client, as it is kept."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace


class SparkRow(InWorkspace, Base):
    """What is known of a client's rhythm; `fade_on` is the first day without a contact on which the spark has faded.

    first_day, last_day: days on the client's own clock, which stands still while the client is paused.
    """

    __tablename__ = "spark"
    __table_args__ = (sa.Index(None, "workspace_id", "fade_on"),)

    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), primary_key=True)
    started_on: Mapped[dt.date]
    cadence_days: Mapped[int] = mapped_column(sa.SmallInteger())
    is_running: Mapped[bool]
    paused_days: Mapped[int] = mapped_column(sa.Integer())
    paused_from: Mapped[dt.date | None]
    paused_until: Mapped[dt.date | None]
    contact_days: Mapped[int] = mapped_column(sa.Integer())
    first_day: Mapped[int | None] = mapped_column(sa.Integer())
    last_day: Mapped[int | None] = mapped_column(sa.Integer())
    last_on: Mapped[dt.date | None]
    contacts: Mapped[float] = mapped_column(sa.Double())
    exposure: Mapped[float] = mapped_column(sa.Double())
    gaps: Mapped[list[int]] = mapped_column(sa.JSON())
    slow: Mapped[float | None] = mapped_column(sa.Double())
    fast: Mapped[float | None] = mapped_column(sa.Double())
    fade_on: Mapped[dt.date | None]
