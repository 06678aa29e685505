"""Who is in the workspace and who can read each channel, as Slack last told us.

Slack's events only mark rows stale; the next one who needs a stale row asks Slack again, so every replica sees it.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace, new_id
from bot.store.session import Work, prepared
from bot.store.types import UtcDateTime, words
from bot.workspaces import audit


class Exposure(StrEnum):
    """Who can read a channel: our own people only, somebody else too, or we could not find out."""

    INTERNAL = "internal"
    VISIBLE = "visible"
    UNKNOWN = "unknown"


class MemberRow(InWorkspace, Base):
    """A person (or bot) as Slack's directory has them.

    home_spot: which part of Home they are on, in Home's own words; home_hash: Slack's word for the Home it shows them.
    """

    __tablename__ = "member"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(255))
    tz: Mapped[str] = mapped_column(sa.String(64))
    is_guest: Mapped[bool]
    is_stranger: Mapped[bool]
    is_bot: Mapped[bool]
    is_gone: Mapped[bool]
    is_admin: Mapped[bool]
    checked_at: Mapped[dt.datetime | None]
    home_opened_at: Mapped[dt.datetime | None]
    home_spot: Mapped[str | None] = mapped_column(sa.String(32))
    home_hash: Mapped[str | None] = mapped_column(sa.String(64))


class ChannelRow(InWorkspace, Base):
    """A channel and who can read it.

    is_shared: another organisation reads along, or has been asked to; allowed_at: an admin lets Ember post there
    although others read along; allowed_shared: other organisations among them.
    """

    __tablename__ = "channel"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(255))
    exposure: Mapped[Exposure] = mapped_column(words(Exposure, "exposure"))
    is_archived: Mapped[bool]
    is_shared: Mapped[bool]
    checked_at: Mapped[dt.datetime | None]
    allowed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id", ondelete="SET NULL"))
    allowed_at: Mapped[dt.datetime | None]
    allowed_shared: Mapped[bool | None]


@dataclass(frozen=True)
class Member:
    """A person: our id, Slack's, how they are called, their IANA time zone, and what they may not do.

    covers: clients of those for whom they cover today; known only of the member who asks for something.
    """

    id: uuid.UUID
    slack_id: str
    name: str
    tz: str
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    is_gone: bool = False
    is_admin: bool = False
    stale: bool = False
    home_opened: bool = False
    covers: frozenset[uuid.UUID] = frozenset()

    @property
    def is_ours(self) -> bool:
        """Whether this is a full, present, human member of this workspace."""
        return not (self.is_guest or self.is_stranger or self.is_bot or self.is_gone)

    def local(self, at: dt.datetime) -> dt.datetime:
        """Return an instant by their clock."""
        return at.astimezone(ZoneInfo(self.tz))

    def day(self, at: dt.datetime) -> dt.date:
        """Return the date of an instant where they are; of now, their today."""
        return self.local(at).date()


@dataclass(frozen=True)
class Channel:
    """A channel: our id, Slack's, its name, who can read it, and whether an admin has allowed Ember to post there."""

    id: uuid.UUID
    slack_id: str
    name: str
    exposure: Exposure
    is_archived: bool
    is_shared: bool = False
    allowed_shared: bool | None = None
    stale: bool = False

    @property
    def is_allowed(self) -> bool:
        """Whether an admin has allowed it for those who read along now: guests, or another organisation too."""
        return self.allowed_shared is not None and self.allowed_shared >= self.is_shared


@dataclass(frozen=True)
class MemberFacts:
    """What Slack says about a person."""

    slack_id: str
    name: str
    tz: str
    is_guest: bool
    is_stranger: bool
    is_bot: bool
    is_gone: bool
    is_admin: bool


@dataclass(frozen=True)
class ChannelFacts:
    """What Slack says about a channel."""

    slack_id: str
    name: str
    exposure: Exposure
    is_archived: bool
    is_shared: bool = False


MEMBER = (
    MemberRow.id,
    MemberRow.slack_id,
    MemberRow.name,
    MemberRow.tz,
    MemberRow.is_guest,
    MemberRow.is_stranger,
    MemberRow.is_bot,
    MemberRow.is_gone,
    MemberRow.is_admin,
    MemberRow.checked_at.is_(None),
    MemberRow.home_opened_at.is_not(None),
)
OF_HOME = ("home_opened_at", "home_spot", "home_hash")
FRESH = dt.timedelta(minutes=5)
"""How long we count on what Slack said about a channel: an event about it may get lost."""

SINCE, UNTIL = sa.bindparam("since", type_=UtcDateTime()), sa.bindparam("until", type_=UtcDateTime())
NOT_LATELY = sa.or_(ChannelRow.checked_at.is_(None), ChannelRow.checked_at < SINCE, ChannelRow.checked_at > UNTIL)
CHANNEL = (
    ChannelRow.id,
    ChannelRow.slack_id,
    ChannelRow.name,
    ChannelRow.exposure,
    ChannelRow.is_archived,
    ChannelRow.is_shared,
    ChannelRow.allowed_shared,
    sa.func.coalesce(NOT_LATELY, sa.false()),
)

LAPSED = "channel shared, so no longer allowed"
ANY_TIME: dict[str, dt.datetime | None] = {"since": None, "until": None}
"""Has nothing count as read too long ago."""

SLACK_IDS: sa.BindParameter[str] = sa.bindparam("slack_ids", expanding=True)
FIND_MEMBERS = prepared(sa.select(*MEMBER).where(MemberRow.slack_id.in_(SLACK_IDS)))
MEMBERS_BY_ID = prepared(
    sa.select(*MEMBER).where(MemberRow.id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)))
)
FIND_CHANNELS = prepared(sa.select(*CHANNEL).where(ChannelRow.slack_id.in_(SLACK_IDS)))
MEET = prepared(
    sa.select(*MEMBER, *CHANNEL)
    .select_from(MemberRow)
    .outerjoin(ChannelRow, ChannelRow.slack_id == sa.bindparam("channel", type_=sa.String()))
    .where(MemberRow.slack_id == sa.bindparam("member", type_=sa.String()))
)


async def meet(
    session: Work, slack_id: str, channel: str, *, now: dt.datetime | None = None
) -> tuple[Member | None, Channel | None]:
    """Return who asks and from which channel, by Slack's ids, in one trip; `now` as in find_channels."""
    row = (await session.run(MEET, member=slack_id, channel=channel, **_span(now))).one_or_none()
    if row is None:
        return None, None
    asks, where = row[: len(MEMBER)], row[len(MEMBER) :]
    return Member(*asks), Channel(*where) if where[0] is not None else None


async def find_members(session: Work, slack_ids: Iterable[str]) -> dict[str, Member]:
    """Return the members known by these Slack ids."""
    found = await session.run(FIND_MEMBERS, slack_ids=list(dict.fromkeys(slack_ids)))
    return {member.slack_id: member for member in (Member(*row) for row in found)}


async def an_admin(session: Work) -> Member | None:
    """Return an admin who is there, one who looks at Home before others; None without any."""
    there = sa.and_(MemberRow.is_admin.is_(True), MemberRow.is_gone.is_(False), MemberRow.is_bot.is_(False))
    first = sa.select(*MEMBER).where(there).order_by(MemberRow.home_opened_at.is_(None), MemberRow.id)
    row = (await session.execute(first.limit(1))).one_or_none()
    return Member(*row) if row is not None else None


async def not_read_lately(session: Work, slack_ids: Collection[str], now: dt.datetime) -> set[str]:
    """Return which of these members Slack was asked about too long ago to count on."""
    old = sa.or_(MemberRow.checked_at < now - FRESH, MemberRow.checked_at > now + FRESH)
    found = await session.execute(sa.select(MemberRow.slack_id).where(MemberRow.slack_id.in_(slack_ids), old))
    return set(found.scalars())


async def members_by_id(session: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Member]:
    """Return members by our ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = await session.run(MEMBERS_BY_ID, ids=list(wanted))
    return {member.id: member for member in (Member(*row) for row in found)}


async def keep_member(session: Work, facts: MemberFacts, *, now: dt.datetime) -> None:
    """Write down what Slack says about a person."""
    values: dict[str, Any] = {**vars(facts), "id": new_id(), "checked_at": now, **dict.fromkeys(OF_HOME)}
    await session.put_row(MemberRow, key=("workspace_id", "slack_id"), keep=OF_HOME, **values)


async def member_went_stale(session: Work, slack_id: str, facts: MemberFacts | None = None) -> None:
    """Have this person asked about again before they are next relied on.

    When `facts` say that they are something else to us now, so is every channel that we took for our own people's.
    """
    known = (await find_members(session, [slack_id])).get(slack_id)
    change = sa.update(MemberRow).where(MemberRow.slack_id == slack_id).values(checked_at=None)
    await session.execute(change)
    if known is not None and facts is not None and _standing(known) != _standing(facts):
        internal = sa.update(ChannelRow).where(ChannelRow.exposure == Exposure.INTERNAL)
        await session.execute(internal.values(checked_at=None))


async def member_moved(session: Work, slack_id: str, tz: str) -> bool:
    """Keep the time zone that a person is in now; return whether it is another one than before."""
    elsewhere = (MemberRow.slack_id == slack_id, MemberRow.tz != tz)
    moved = await session.execute(sa.update(MemberRow).where(*elsewhere).values(tz=tz).returning(MemberRow.id))
    return moved.first() is not None


def _standing(person: Member | MemberFacts) -> tuple[bool, bool, bool]:
    return person.is_guest, person.is_stranger, person.is_gone


async def opened_home(session: Work, member_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Remember that a person looks at Home, so that it is kept fresh for them."""
    await session.execute(sa.update(MemberRow).where(MemberRow.id == member_id).values(home_opened_at=now))


async def home_of(session: Work, member_id: uuid.UUID) -> tuple[str, str]:
    """Return which part of Home a person is on, and Slack's word for what it shows them; empty where not known."""
    columns = sa.select(MemberRow.home_spot, MemberRow.home_hash)
    row = (await session.execute(columns.where(MemberRow.id == member_id))).one_or_none()
    return (row[0] or "", row[1] or "") if row is not None else ("", "")


async def turned_home(session: Work, member_id: uuid.UUID, spot: str) -> None:
    """Remember which part of Home a person is on, so that it stays when Home is drawn anew."""
    await session.execute(sa.update(MemberRow).where(MemberRow.id == member_id).values(home_spot=spot))


async def published_home(session: Work, member_id: uuid.UUID, hash_: str) -> None:
    """Remember Slack's word for the Home that a person is shown now."""
    await session.execute(sa.update(MemberRow).where(MemberRow.id == member_id).values(home_hash=hash_ or None))


async def find_channels(
    session: Work, slack_ids: Iterable[str], *, now: dt.datetime | None = None
) -> dict[str, Channel]:
    """Return the channels known by these Slack ids; with `now`, what was read too long ago is stale."""
    found = await session.run(FIND_CHANNELS, slack_ids=list(dict.fromkeys(slack_ids)), **_span(now))
    return {channel.slack_id: channel for channel in (Channel(*row) for row in found)}


def _span(now: dt.datetime | None) -> dict[str, dt.datetime | None]:
    """Return between which instants a channel was read if we count on it; a clock may have been set back since."""
    return {"since": now - FRESH, "until": now + FRESH} if now is not None else ANY_TIME


async def keep_channel(session: Work, facts: ChannelFacts, *, now: dt.datetime | None) -> None:
    """Write down what Slack says about a channel; `now` is None when it would not say."""
    values: dict[str, Any] = {**vars(facts), "id": new_id(), "checked_at": now}
    keep = ("name", "is_shared") if now is None else ()
    await session.put_row(ChannelRow, key=("workspace_id", "slack_id"), keep=keep, **values)
    if facts.is_shared:
        await _lapse(session, facts.slack_id, now=now)


async def channel_went_stale(session: Work, slack_id: str) -> None:
    """Have this channel asked about again; until then nobody counts on who can read it."""
    change = sa.update(ChannelRow).where(ChannelRow.slack_id == slack_id)
    await session.execute(change.values(checked_at=None, exposure=Exposure.UNKNOWN))


async def _lapse(session: Work, slack_id: str, *, now: dt.datetime | None) -> None:
    """End the leave that an admin gave for guests: another organisation reads along now."""
    for_guests = sa.and_(ChannelRow.slack_id == slack_id, ChannelRow.allowed_shared.is_(False))
    found = await session.execute(sa.select(ChannelRow.id, ChannelRow.name).where(for_guests))
    for channel_id, name in found.all():
        ended = sa.update(ChannelRow).where(ChannelRow.id == channel_id)
        await session.execute(ended.values(allowed_by=None, allowed_at=None, allowed_shared=None))
        if now is not None:
            await audit.write(session, LAPSED, f"#{name or slack_id}", by=None, now=now)


async def channels_by_id(
    session: Work, ids: Iterable[uuid.UUID], *, now: dt.datetime | None = None
) -> dict[uuid.UUID, Channel]:
    """Return channels by our ids; `now` as in find_channels."""
    found = await session.execute(sa.select(*CHANNEL).where(ChannelRow.id.in_(set(ids))), _span(now))
    return {channel.id: channel for channel in (Channel(*row) for row in found)}
