"""Web API methods that post, change and read messages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground.ground import Ground, needed, page, truthy
from bot.playground.people import Channel, Message
from bot.playground.refusal import Refused
from bot.playground.validity import check_message
from bot.playground.views import with_ids

Json = dict[str, Any]

EVENT_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def post_message(ground: Ground, args: Json) -> Json:
    """Post to a channel the app is in, or to a person by user id."""
    channel = _target(ground, needed(args, "channel"))
    check_message(args)
    thread_ts = str(args["thread_ts"]) if args.get("thread_ts") else None
    if thread_ts and ground.world.message(channel.id, thread_ts) is None:
        raise Refused("thread_not_found")
    message = Message(channel.id, "", ground.world.bot.id, str(args.get("text") or ""), drawn_blocks(args), app=True)
    message.metadata, message.thread_ts = _metadata(args), thread_ts
    message.broadcast = truthy(args.get("reply_broadcast"))
    ground.world.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": ground.world.shown(message)}


def post_ephemeral(ground: Ground, args: Json) -> Json:
    """Show something to one person in a channel."""
    channel = _target(ground, needed(args, "channel"))
    user = needed(args, "user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    check_message(args)
    message = Message(channel.id, "", ground.world.bot.id, str(args.get("text") or ""), drawn_blocks(args), app=True)
    message.ephemeral_to, message.thread_ts = user, str(args["thread_ts"]) if args.get("thread_ts") else None
    ground.world.post(message)
    return {"message_ts": message.ts}


def update_message(ground: Ground, args: Json) -> Json:
    """Change one of the app's own messages; absent blocks stay, an empty list removes them."""
    message = _own(ground, args, refusal="cant_update_message")
    check_message({"text": message.text, "blocks": message.blocks} | args)
    message.text = str(args.get("text", message.text) or "")
    if args.get("blocks") is not None:
        message.redraw(drawn_blocks(args, message.blocks))
    message.metadata = _metadata(args) if "metadata" in args else message.metadata
    message.edited = {"user": ground.world.bot.id, "ts": ground.world.ts()}
    ground.world.message_changed(message)
    shown = ground.world.shown(message)
    return {"channel": message.channel_id, "ts": message.ts, "text": message.text, "message": shown}


def delete_message(ground: Ground, args: Json) -> Json:
    """Take back one of the app's own messages."""
    message = _own(ground, args, refusal="cant_delete_message")
    ground.world.remove(message)
    return {"channel": message.channel_id, "ts": message.ts}


def permalink(ground: Ground, args: Json) -> Json:
    """Return the address of a message."""
    channel = ground.world.conversation(needed(args, "channel"), inside=False)
    message = ground.world.message(channel.id, needed(args, "message_ts"))
    if message is None or message.ephemeral_to:
        raise Refused("message_not_found")
    digits = message.ts.replace(".", "")
    address = f"https://{ground.world.team.domain}.slack.com/archives/{channel.id}/p{digits}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": address + thread}


def add_reaction(ground: Ground, args: Json) -> Json:
    """React to a message."""
    channel = ground.world.conversation(needed(args, "channel"))
    message = ground.world.message(channel.id, needed(args, "timestamp"))
    name = needed(args, "name")
    if message is None:
        raise Refused("message_not_found")
    if any(reaction["name"] == name for reaction in message.reactions):
        raise Refused("already_reacted")
    message.reactions.append({"name": name, "users": [ground.world.bot.id], "count": 1})
    ground.world.message_changed(message)
    return {}


def history(ground: Ground, args: Json) -> Json:
    """Read a conversation's messages, newest first, by pages; metadata on request."""
    channel = ground.world.conversation(needed(args, "channel"))
    rows = [one for one in _between(ground, channel, args) if _at_top(one)]
    return _read(ground, rows[::-1], args)


def replies(ground: Ground, args: Json) -> Json:
    """Read a thread, its first message included, oldest first, by pages."""
    channel = ground.world.conversation(needed(args, "channel"))
    ts = needed(args, "ts")
    parent = ground.world.message(channel.id, ts)
    if parent is None:
        raise Refused("thread_not_found")
    rows = [one for one in _between(ground, channel, args) if one.thread_ts == ts and one is not parent]
    return _read(ground, [parent, *rows], args)


def drawn_blocks(args: Mapping[str, Any], before: Sequence[Json] = ()) -> list[Json]:
    """Return the blocks of a payload with every id filled in, those that stood there `before` with the id they had."""
    blocks: list[Json] = with_ids({"blocks": args.get("blocks") or []}, before)["blocks"]
    return blocks


def _target(ground: Ground, channel_id: str) -> Channel:
    world = ground.world
    member = world.members.get(channel_id)
    if member is not None:
        if member.deleted or member.bot:
            raise Refused("channel_not_found")
        return world.dm(member)
    channel = world.conversation(channel_id, inside=False)
    if channel.archived:
        raise Refused("is_archived")
    if channel.restricted:
        raise Refused("restricted_action")
    return world.conversation(channel_id)


def _own(ground: Ground, args: Json, *, refusal: str) -> Message:
    channel = ground.world.conversation(needed(args, "channel"))
    message = ground.world.message(channel.id, needed(args, "ts"))
    if message is None or message.deleted or message.ephemeral_to:
        raise Refused("message_not_found")
    if not message.app:
        raise Refused(refusal)
    if channel.archived:
        raise Refused("is_archived")
    return message


def _metadata(args: Json) -> Json | None:
    metadata = args.get("metadata")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or metadata.keys() - {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not EVENT_TYPE.fullmatch(kind) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    return metadata


def _at_top(message: Message) -> bool:
    return message.thread_ts in (None, message.ts) or message.broadcast


def _between(ground: Ground, channel: Channel, args: Json) -> list[Message]:
    """Return what stands between `oldest` and `latest`; the bounds themselves only when `inclusive`."""
    inclusive = truthy(args.get("inclusive"))
    oldest, latest = _moment(args.get("oldest"), 0.0), _moment(args.get("latest"), float("inf"))
    there = [one for one in ground.world.messages(channel.id) if one.ephemeral_to is None]
    if inclusive:
        return [one for one in there if oldest <= float(one.ts) <= latest]
    return [one for one in there if oldest < float(one.ts) < latest]


def _moment(value: object, default: float) -> float:
    try:
        return float(str(value)) if value else default
    except ValueError:
        raise Refused("invalid_ts_oldest") from None


def _read(ground: Ground, messages: list[Message], args: Json) -> Json:
    rows, cursor = page(messages, args, default=100, most=999)
    metadata = truthy(args.get("include_all_metadata"))
    shown = [ground.world.shown(message, metadata=metadata) for message in rows]
    return {"messages": shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update_message,
    "chat.delete": delete_message,
    "chat.getPermalink": permalink,
    "reactions.add": add_reaction,
    "conversations.history": history,
    "conversations.replies": replies,
}
