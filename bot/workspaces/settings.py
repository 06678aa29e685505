"""How a workspace and each of its members want to be spoken to."""

import datetime as dt
import uuid
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace
from bot.store.types import words


class FadeFirst(StrEnum):
    """Who hears first that a spark is fading."""

    CHANNEL = "channel"
    OWNER = "owner"


class SettingRow(InWorkspace, Base):
    """What an admin chose for the workspace; absent while nobody has.

    workdays: a bit each, Monday's is 1 and Sunday's 64; country: as holidays are looked up ("DE", "US-CA"); fade_at:
    the likelihood of fading at which an alert opens.
    """

    __tablename__ = "setting"
    __table_args__ = (sa.PrimaryKeyConstraint("workspace_id"),)

    team_channel_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("channel.id", ondelete="SET NULL"))
    tz: Mapped[str | None] = mapped_column(sa.String(64))
    digest_at: Mapped[dt.time]
    quiet_from: Mapped[dt.time]
    quiet_until: Mapped[dt.time]
    workdays: Mapped[int] = mapped_column(sa.SmallInteger())
    country: Mapped[str | None] = mapped_column(sa.String(16))
    fade_first: Mapped[FadeFirst] = mapped_column(words(FadeFirst, "fade_first"))
    wants_wrap: Mapped[bool]
    fade_at: Mapped[float] = mapped_column(sa.Double())


class PreferenceRow(InWorkspace, Base):
    """What a member chose for their own messages; absent while they have not."""

    __tablename__ = "preference"

    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    morning_at: Mapped[dt.time]
    quiet_from: Mapped[dt.time | None]
    quiet_until: Mapped[dt.time | None]
    country: Mapped[str | None] = mapped_column(sa.String(16))
    wants_morning: Mapped[bool]
    wants_dates: Mapped[bool]
    calendar_key: Mapped[str | None] = mapped_column(sa.String(64), index=True)
