"""Where clients are heard and where their digests go, as it is kept."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from bot.practices.clients.rows import CLIENT, PRESENT, Client, ClientChannelRow, ClientRow
from bot.store.session import Work, prepared
from bot.workspaces.directory import ChannelRow

IN_CHANNEL = prepared(
    sa.select(*CLIENT)
    .join(ClientChannelRow, ClientChannelRow.client_id == ClientRow.id)
    .join(ChannelRow, ChannelRow.id == ClientChannelRow.channel_id)
    .where(ChannelRow.slack_id == sa.bindparam("slack_id"))
)


async def in_channel(session: Work, slack_channel_id: str) -> Client | None:
    """Return the client heard in a channel, by Slack's channel id."""
    row = (await session.run(IN_CHANNEL, slack_id=slack_channel_id)).one_or_none()
    return Client(*row) if row else None


async def channels(session: Work, client_id: uuid.UUID) -> list[str]:
    """Return the Slack ids of the channels a client is heard in."""
    found = await session.execute(
        sa.select(ChannelRow.slack_id)
        .join(ClientChannelRow, ClientChannelRow.channel_id == ChannelRow.id)
        .where(ClientChannelRow.client_id == client_id)
        .order_by(ChannelRow.slack_id)
    )
    return list(found.scalars())


async def digest_channel(session: Work, client_id: uuid.UUID) -> str | None:
    """Return the Slack id of the channel that a client's digest goes to."""
    found = await session.execute(
        sa.select(ChannelRow.slack_id)
        .join(ClientRow, ClientRow.digest_channel_id == ChannelRow.id)
        .where(ClientRow.id == client_id)
    )
    return found.scalar_one_or_none()


async def digest_channels(
    session: Work, default: uuid.UUID | None, *, client_ids: Collection[uuid.UUID] | None = None
) -> list[tuple[str, uuid.UUID]]:
    """Return (Slack's id of the channel that its digest goes to, client) for clients that have not ended.

    default: our id of the channel for clients without one of their own; where there is neither, a client is left out.
    """
    own = ClientRow.digest_channel_id
    goes_to = own if default is None else sa.func.coalesce(own, sa.literal(default, sa.Uuid()))
    which = [ClientRow.status.in_(PRESENT), ChannelRow.is_archived.is_(False)]
    if client_ids is not None:
        which.append(ClientRow.id.in_(set(client_ids)))
    found = sa.select(ChannelRow.slack_id, ClientRow.id).join(ChannelRow, ChannelRow.id == goes_to).where(*which)
    return [(slack_id, client_id) for slack_id, client_id in await session.execute(found)]


async def heard_in(session: Work, channel_id: uuid.UUID) -> str:
    """Return the name of the client that a channel belongs to."""
    found = await session.execute(
        sa.select(ClientRow.name)
        .join(ClientChannelRow, ClientChannelRow.client_id == ClientRow.id)
        .where(ClientChannelRow.channel_id == channel_id)
    )
    return found.scalar_one()


async def set_channels(session: Work, client_id: uuid.UUID, channel_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Replace the channels a client is heard in; return those that belong to another client."""
    await session.execute(sa.delete(ClientChannelRow).where(ClientChannelRow.client_id == client_id))
    ordered = sorted(set(channel_ids))
    return [one for one in ordered if not await session.add_once(ClientChannelRow, channel_id=one, client_id=client_id)]
