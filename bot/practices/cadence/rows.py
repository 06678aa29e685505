"""Clients that are set aside for a while: "not now", until when and why."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.cadence.rules import Reason
from bot.store.base import Base, InWorkspace
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
