"""How a workspace and each of its members want to be spoken to."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.slack.errors import Refused
from bot.slack.text import WEEKDAYS
from bot.store.base import Base, InWorkspace
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import words
from bot.workspaces import audit
from bot.workspaces.directory import Member, MemberRow, channels_by_id

ADMINS_ONLY = "Only an admin of this Slack workspace can see and change this."
MONDAY_TO_FRIDAY = 0b0011111
SENSITIVE_AT = 0.59
"""The likelihood of fading at which an alert opens, before answers have moved it."""


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


@dataclass(frozen=True)
class Settings:
    """How a workspace is spoken to; the defaults hold until an admin says otherwise.

    Times are local in `tz` (None until an admin has chosen, see `zone`); quiet hours may cross
    midnight, and where both ends are the same there are none; workdays: a bit each, Monday's is 1.
    """

    team_channel_id: uuid.UUID | None = None
    tz: str | None = None
    digest_at: dt.time = dt.time(9)
    quiet_from: dt.time = dt.time(19)
    quiet_until: dt.time = dt.time(8)
    workdays: int = MONDAY_TO_FRIDAY
    country: str | None = None
    fade_first: FadeFirst = FadeFirst.CHANNEL
    wants_wrap: bool = True
    fade_at: float = SENSITIVE_AT


@dataclass(frozen=True)
class Preference:
    """How a member is spoken to; None where the workspace's own setting holds."""

    morning_at: dt.time = dt.time(8, 30)
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None
    country: str | None = None
    wants_morning: bool = True
    wants_dates: bool = True
    calendar_key: str | None = None


SETTINGS = tuple(getattr(SettingRow, field.name) for field in fields(Settings))
PREFERENCE = tuple(getattr(PreferenceRow, field.name) for field in fields(Preference))
READ = prepared(sa.select(*SETTINGS))
CHOSEN = prepared(
    sa.select(PreferenceRow.member_id, *PREFERENCE).where(
        PreferenceRow.member_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))
    )
)
NAMED = {
    "team_channel_id": "team channel",
    "tz": "time zone",
    "digest_at": "digest time",
    "quiet_from": "quiet hours start",
    "quiet_until": "quiet hours end",
    "workdays": "working days",
    "country": "holidays",
    "fade_first": "fading alerts first to",
    "wants_wrap": "Friday's wrap",
    "fade_at": "sensitivity",
}
"""What the audit calls each setting."""

NOTHING = "nothing"


async def read(session: Work) -> Settings:
    """Return how this workspace is spoken to."""
    row = (await session.run(READ)).one_or_none()
    return Settings(*row) if row is not None else Settings()


async def of_all(session: Work, workspace_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Settings]:
    """Return how each of these workspaces is spoken to, in a session over all of them."""
    query = sa.select(SettingRow.workspace_id, *SETTINGS).where(SettingRow.workspace_id.in_(set(workspace_ids)))
    found = await session.execute(query, execution_options={ALL_WORKSPACES: "planning asks many workspaces at once"})
    chosen = {workspace_id: Settings(*rest) for workspace_id, *rest in found}
    return {workspace_id: chosen.get(workspace_id) or Settings() for workspace_id in workspace_ids}


async def zone(session: Work, known: Settings) -> str:
    """Return the time zone of the team channel: the one chosen, else the one most of our people are in."""
    if known.tz is not None:
        return known.tz
    ours = [column.is_(False) for column in (MemberRow.is_guest, MemberRow.is_stranger, MemberRow.is_bot)]
    most = sa.select(MemberRow.tz).where(*ours, MemberRow.is_gone.is_(False)).group_by(MemberRow.tz)
    found = await session.execute(most.order_by(sa.func.count().desc(), MemberRow.tz).limit(1))
    return found.scalar_one_or_none() or "UTC"


async def change(session: Work, wanted: Settings, *, by: Member, now: dt.datetime) -> Settings:
    """Keep how this workspace is spoken to, and write down each difference; the same again writes nothing.

    Start from what `read` returns in the same transaction.  Raises Refused unless an admin asks.
    """
    require_admin(by)
    known = await read(session)
    if wanted == known:
        return known
    await session.put_row(SettingRow, key=("workspace_id",), **vars(wanted))
    ids = {one.team_channel_id for one in (known, wanted) if one.team_channel_id is not None}
    known_channels = (await channels_by_id(session, ids)).values() if ids else ()
    channels = {one.id: f"#{one.name or one.slack_id}" for one in known_channels}
    for name, called in NAMED.items():
        before, after = getattr(known, name), getattr(wanted, name)
        if before != after:
            about = f"{_said(name, before, channels)} → {_said(name, after, channels)}"
            await audit.write(session, called, about, by.id, now)
    return wanted


async def learn_fade_at(session: Work, by: float, *, lowest: float, highest: float) -> float:
    """Move the likelihood of fading at which an alert opens, as an answer has taught, within bounds; return it.

    The database adds, so two at once count both.  Nobody decides this.
    """
    await session.add_once(SettingRow, **vars(Settings()))
    moved = SettingRow.fade_at + by
    bounded = sa.case((moved < lowest, lowest), (moved > highest, highest), else_=moved)
    change = sa.update(SettingRow).values(fade_at=bounded).returning(SettingRow.fade_at)
    fade_at: float = (await session.execute(change, execution_options={"synchronize_session": False})).scalar_one()
    return fade_at


def require_admin(member: Member) -> None:
    """Raise Refused for whoever is no admin of the Slack workspace."""
    if not member.is_admin:
        raise Refused(ADMINS_ONLY)


async def preferences(session: Work, member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Preference]:
    """Return how each of these members is spoken to, the defaults for those who have not said."""
    wanted = set(member_ids)
    found = await session.run(CHOSEN, ids=list(wanted))
    chosen = {member_id: Preference(*rest) for member_id, *rest in found}
    return {member_id: chosen.get(member_id) or Preference() for member_id in wanted}


async def change_preference(session: Work, member_id: uuid.UUID, wanted: Preference) -> None:
    """Keep how a member is spoken to.  Start from what `preferences` returns in the same transaction."""
    if not await session.add_once(PreferenceRow, member_id=member_id, **vars(wanted)):
        mine = sa.update(PreferenceRow).where(PreferenceRow.member_id == member_id)
        await session.execute(mine.values(**vars(wanted)))


def named_days(workdays: int) -> str:
    """Return weekdays in words: "Mon to Fri", "Mon, Wed, Thu"."""
    days = [place for place in range(7) if workdays >> place & 1]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]][:3]} to {WEEKDAYS[days[-1]][:3]}"
    return ", ".join(WEEKDAYS[place][:3] for place in days) or NOTHING


def _said(name: str, value: object, channels: dict[uuid.UUID, str]) -> str:
    if name == "workdays" and isinstance(value, int):
        return named_days(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, uuid.UUID):
        return channels.get(value, NOTHING)
    return str(value) if value is not None else NOTHING


async def countries(session: Work) -> set[str]:
    """Return the countries whose holidays somebody here goes by."""
    chosen = sa.union(
        sa.select(SettingRow.country).where(SettingRow.country.is_not(None)),
        sa.select(PreferenceRow.country).where(PreferenceRow.country.is_not(None)),
    )
    return {country for country in (await session.execute(chosen)).scalars() if country is not None}
