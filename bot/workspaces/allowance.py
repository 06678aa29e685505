"""Channels that others read along in, and an admin's leave for Ember to post there all the same."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from bot.store.session import Work
from bot.workspaces import audit
from bot.workspaces.directory import ANY_TIME, CHANNEL, Channel, ChannelRow, Exposure, MemberRow, channels_by_id

ALLOWED: Final = "channel allowed"
DISALLOWED: Final = "channel no longer allowed"


async def allow(session: Work, channel_id: uuid.UUID, by: uuid.UUID, now: dt.datetime) -> Channel | None:
    """Let Ember post in a channel although those read along who do so now; None when there is no such channel."""
    channel = (await channels_by_id(session, [channel_id])).get(channel_id)
    if channel is not None:
        await _set_leave(session, channel_id, by=by, at=now, shared=channel.is_shared)
        await audit.write(session, ALLOWED, _readers_of(channel), by=by, now=now)
    return channel


async def disallow(session: Work, channel_id: uuid.UUID, by: uuid.UUID, now: dt.datetime) -> Channel | None:
    """Take that leave back; None when there is no such channel."""
    channel = (await channels_by_id(session, [channel_id])).get(channel_id)
    if channel is not None and channel.allowed_shared is not None:
        await _set_leave(session, channel_id, by=None, at=None, shared=None)
        await audit.write(session, DISALLOWED, _readers_of(channel), by=by, now=now)
    return channel


def _readers_of(channel: Channel) -> str:
    others = "another organisation reads along" if channel.is_shared else "guests read along"
    return f"#{channel.name or channel.slack_id}, {others}"


async def _set_leave(
    session: Work, channel_id: uuid.UUID, *, by: uuid.UUID | None, at: dt.datetime | None, shared: bool | None
) -> None:
    change = sa.update(ChannelRow).where(ChannelRow.id == channel_id)
    await session.execute(change.values(allowed_by=by, allowed_at=at, allowed_shared=shared))


async def leaves(session: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str | None, dt.datetime]]:
    """Return who has allowed Ember to post in these channels, by name, and when; one without leave is absent."""
    given = sa.select(ChannelRow.id, MemberRow.name, ChannelRow.allowed_at)
    found = await session.execute(
        given.outerjoin(MemberRow, MemberRow.id == ChannelRow.allowed_by).where(
            ChannelRow.id.in_(set(ids)), ChannelRow.allowed_at.is_not(None)
        )
    )
    return {channel_id: (name, at) for channel_id, name, at in found if at is not None}


async def read_by_others(session: Work) -> list[Channel]:
    """Return the channels (no DMs) that others read along in, or that an admin has allowed, by name."""
    theirs = sa.or_(ChannelRow.exposure == Exposure.VISIBLE, ChannelRow.allowed_shared.is_not(None))
    wanted = sa.and_(theirs, ChannelRow.is_archived.is_(False), sa.not_(ChannelRow.slack_id.startswith("D")))
    found = await session.execute(sa.select(*CHANNEL).where(wanted).order_by(ChannelRow.name), ANY_TIME)
    return [Channel(*row) for row in found]
