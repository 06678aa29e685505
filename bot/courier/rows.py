"""The ledger's tables: what is to be said when, the lanes it goes through, and what became of it.

Two clocks, never mixed: `due_at`, `expires_at` and `next_due_at` follow Ember's; leases, pace and tries follow the
database's.
"""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.types import words


class State(StrEnum):
    """What became of a delivery."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"
    PARKED = "parked"
    CANCELLED = "cancelled"


class Op(StrEnum):
    """What a delivery does at Slack's: post something new, or change what was posted."""

    POST = "post"
    UPDATE = "update"


class ScheduleRow(InWorkspace, Base):
    """When a recipient (Slack's id of a channel or a person) is spoken to: a local time on some weekdays.

    weekdays: a bit each, Monday's is 1 and Sunday's 64; next_due_at: the next local time as an instant.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "recipient", "kind"),
        sa.Index(None, "next_due_at", "workspace_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(32))
    kind: Mapped[str] = mapped_column(sa.String(32))
    local_time: Mapped[dt.time]
    tz: Mapped[str] = mapped_column(sa.String(64))
    weekdays: Mapped[int] = mapped_column(sa.SmallInteger())
    grace_minutes: Mapped[int] = mapped_column(sa.Integer())
    next_due_at: Mapped[dt.datetime]


class PlannerRow(Base):
    """When somebody last looked at what is due anywhere: one row, however many workspaces there are."""

    __tablename__ = "planner"

    id: Mapped[int] = mapped_column(sa.SmallInteger(), primary_key=True, autoincrement=False)
    planned_at: Mapped[dt.datetime]


class PostingRow(InWorkspace, Base):
    """Whether Ember may post in a workspace at all just now, and since when what is due there can't be planned."""

    __tablename__ = "posting"
    __table_args__ = (sa.PrimaryKeyConstraint("workspace_id"),)

    blocked_until: Mapped[dt.datetime | None]
    suspended_reason: Mapped[str | None] = mapped_column(sa.String(80))
    stuck_since: Mapped[dt.datetime | None]


class LaneRow(InWorkspace, Base):
    """One conversation, in which messages go out one after another; whoever holds the lease speaks there."""

    __tablename__ = "lane"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "channel"), sa.Index(None, "next_ok_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(32))
    next_ok_at: Mapped[dt.datetime]
    lease_until: Mapped[dt.datetime | None]
    lease_token: Mapped[uuid.UUID | None]
    limited_at: Mapped[dt.datetime | None]
    paused_reason: Mapped[str | None] = mapped_column(sa.String(80))
    paused_at: Mapped[dt.datetime | None]


class DeliveryRow(InWorkspace, Base):
    """One message, or one change of a message: kept before it is said, and what became of it.

    Its id travels in the message's metadata.  occurrence_key: recipient:kind:subject:local date; last_try_at: when the
    last call began, where nobody knows what came of it when it was over; sent_channel and sent_ts: where it stands at
    Slack's.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "occurrence_key"),
        sa.Index(None, "lane_id", "state", "due_at"),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "target_id"),
        sa.Index(None, "workspace_id", "kind", "local_date", "subject"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lane_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("lane.id", ondelete="CASCADE"))
    occurrence_key: Mapped[str] = mapped_column(sa.String(200))
    op: Mapped[Op] = mapped_column(words(Op, "op"))
    target_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("delivery.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(sa.Integer())
    kind: Mapped[str] = mapped_column(sa.String(32))
    subject: Mapped[uuid.UUID | None]
    local_date: Mapped[dt.date]
    due_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    body: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    state: Mapped[State] = mapped_column(words(State, "state"))
    attempts: Mapped[int] = mapped_column(sa.SmallInteger())
    first_try_at: Mapped[dt.datetime | None]
    last_try_at: Mapped[dt.datetime | None]
    sent_channel: Mapped[str | None] = mapped_column(sa.String(32))
    sent_ts: Mapped[str | None] = mapped_column(sa.String(32))
    last_error: Mapped[str | None] = mapped_column(sa.String(120))
    created_at: Mapped[dt.datetime]


class DeliveryEventRow(InWorkspace, Base):
    """One step in the life of a delivery; nothing here is ever changed."""

    __tablename__ = "delivery_event"
    __table_args__ = (sa.Index(None, "delivery_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("delivery.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    state: Mapped[State] = mapped_column(words(State, "state"))
    why: Mapped[str | None] = mapped_column(sa.String(200))
