"""Dates that matter, as they are kept, and what was done about each of them."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.milestones.rules import LeapDay, Occasion, Step
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.types import words


class MilestoneRow(InWorkspace, Base):
    """A date that matters to a client or to somebody there.

    year: the first one, None where only the day is known; leads: how many days ahead to be reminded; next_on: when it
    comes round next, None when it is over.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name="day"),
        sa.Index(None, "workspace_id", "next_on"),
        sa.Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"))
    occasion: Mapped[Occasion] = mapped_column(words(Occasion, "occasion"))
    title: Mapped[str] = mapped_column(sa.String(160))
    month: Mapped[int] = mapped_column(sa.SmallInteger())
    day: Mapped[int] = mapped_column(sa.SmallInteger())
    year: Mapped[int | None] = mapped_column(sa.SmallInteger())
    repeats: Mapped[bool]
    leap_day: Mapped[LeapDay] = mapped_column(words(LeapDay, "leap_day"))
    leads: Mapped[list[int]] = mapped_column(sa.JSON())
    note: Mapped[str | None] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    next_on: Mapped[dt.date | None]
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]


class MilestoneStepRow(InWorkspace, Base):
    """What somebody said or did about one occurrence of a date that matters."""

    __tablename__ = "milestone_step"
    __table_args__ = (sa.Index(None, "milestone_id", "occurs_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    milestone_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("milestone.id", ondelete="CASCADE"))
    occurs_on: Mapped[dt.date]
    step: Mapped[Step] = mapped_column(words(Step, "step"))
    said: Mapped[str | None] = mapped_column(sa.Text())
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]
