"""What one person has before their eyes: conversations, pages of messages, threads, and what is unread."""

from itertools import islice
from typing import Any

from bot.playground.log import is_reply
from bot.playground.people import Channel, Member, Message
from bot.playground.refusal import Refused
from bot.playground.world import World

Json = dict[str, Any]

MOST_UNREAD = 100
FACES = 5


def conversations(world: World, member: Member) -> list[Channel]:
    """Return what stands in a person's side bar, or could be joined from it."""
    return [channel for channel in world.channels.values() if world.may_read(member, channel)]


def conversation(world: World, member: Member, channel_id: str) -> Channel:
    """Return a conversation a person can open.  Refused: channel_not_found."""
    channel = world.channels.get(channel_id)
    if channel is None or not world.may_read(member, channel):
        raise Refused("channel_not_found")
    return channel


def history(
    world: World, member: Member, channel: Channel, *, before: str | None, limit: int
) -> tuple[list[Message], bool]:
    """Return a page of what stands outside threads, oldest first, and whether there is more above it."""
    walk = (one for one in world.log(channel.id).backwards(before) if world.visible(one, member))
    rows = list(islice(walk, limit + 1))
    return rows[:limit][::-1], len(rows) > limit


def thread(world: World, member: Member, channel: Channel, ts: str) -> list[Message]:
    """Return a message and its replies, oldest first; an empty list when it is gone."""
    parent = world.message(channel.id, ts)
    rows = [parent, *world.log(channel.id).replies(ts)]
    return [one for one in rows if one is not None and world.visible(one, member)]


def readable(world: World, member: Member, channel: Channel, ts: str) -> Message:
    """Return a message that a person can read.  Refused: message_not_found."""
    message = world.message(channel.id, ts)
    if message is None or message.deleted or not world.visible(message, member):
        raise Refused("message_not_found")
    return message


def unread(world: World, member: Member, channel: Channel) -> int:
    """Return how many messages of others came since a person last looked, at most MOST_UNREAD."""
    if member.id not in channel.members:
        return 0
    mark, count = world.read_until(member.id, channel.id), 0
    for message in world.log(channel.id).backwards():
        if message.ts <= mark or count >= MOST_UNREAD:
            break
        count += message.user != member.id and "subtype" not in message.extra and world.visible(message, member)
    return count


def shown(world: World, message: Message) -> Json:
    """Return a message as Slack's JSON, with what a client shows around it."""
    seen = world.shown(message, metadata=True) | {"channel": message.channel_id, "app": message.app}
    seen |= {"only_you": message.ephemeral_to is not None, "edited": message.edited is not None}
    seen |= {"broadcast": message.broadcast}
    seen |= {"state": {"values": message.typed}} if message.typed else {}
    standing = [] if is_reply(message) else world.log(message.channel_id).replies(message.ts)
    replies = [one for one in standing if one.ephemeral_to is None]
    people = list(dict.fromkeys(one.user for one in reversed(replies)))[:FACES]
    latest = replies[-1].ts if replies else None
    return seen | {"reply_count": len(replies), "latest_reply": latest, "reply_users": people}


def channel_shown(world: World, member: Member, channel: Channel) -> Json:
    """Return a conversation as it stands in a person's side bar."""
    others = [one for one in channel.members if one != member.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "joined": member.id in channel.members,
        "app_in": world.bot.id in channel.members,
        "shared": channel.shared,
        "pending": channel.pending,
        "archived": channel.archived,
        "restricted": channel.restricted,
        "unread": unread(world, member, channel),
        "with": (others or [member.id])[0] if channel.kind == "im" else None,
    }


def member_shown(world: World, member: Member, me: Member) -> Json:
    """Return a member as a client lists them."""
    flags = {"guest": member.guest, "bot": member.bot, "admin": member.admin, "deleted": member.deleted}
    place = {"stranger": member.team_id != world.team.id, "me": member.id == me.id}
    return {"id": member.id, "name": member.name, "handle": member.handle, "tz": member.tz, **flags, **place}
