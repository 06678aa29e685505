"""Web API methods about the workspace, its people and its conversations."""

from typing import Any

from bot.playground.ground import Ground, needed, page, truthy
from bot.playground.people import Channel
from bot.playground.refusal import Refused

Json = dict[str, Any]


def auth_test(ground: Ground, _args: Json) -> Json:
    """Tell the app who it is."""
    team, bot = ground.world.team, ground.world.bot
    who = {"user": bot.handle, "user_id": bot.id, "bot_id": bot.bot_id, "is_enterprise_install": False}
    return {"url": f"https://{team.domain}.slack.com/", "team": team.name, "team_id": team.id, **who}


def team_info(ground: Ground, _args: Json) -> Json:
    """Describe the workspace."""
    team = ground.world.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def users_info(ground: Ground, args: Json) -> Json:
    """Describe one member, those of other workspaces included."""
    member = ground.world.user(needed(args, "user"))
    return {"user": member.seen(ground.clock.now(), with_locale=truthy(args.get("include_locale")))}


def users_list(ground: Ground, args: Json) -> Json:
    """List this workspace's members by pages, deleted ones and bots included."""
    members = [one for one in ground.world.members.values() if one.team_id == ground.world.team.id]
    rows, cursor = page(members, args, default=1000)
    now, with_locale = ground.clock.now(), truthy(args.get("include_locale"))
    shown = [member.seen(now, with_locale=with_locale) for member in rows]
    return {"members": shown, "cache_ts": int(now.timestamp()), "response_metadata": {"next_cursor": cursor}}


def conversations_info(ground: Ground, args: Json) -> Json:
    """Describe one conversation the app may know of."""
    channel = ground.world.conversation(needed(args, "channel"), inside=False)
    return {"channel": _seen(ground, channel, count=truthy(args.get("include_num_members")))}


def conversations_members(ground: Ground, args: Json) -> Json:
    """List a conversation's member ids by pages."""
    channel = ground.world.conversation(needed(args, "channel"), inside=False)
    rows, cursor = page(channel.members, args, default=100)
    return {"members": list(rows), "response_metadata": {"next_cursor": cursor}}


def conversations_list(ground: Ground, args: Json) -> Json:
    """List the conversations of the wanted types that the app may know of, by pages."""
    kinds = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
    wanted = str(args.get("types") or "public_channel").replace(" ", "").split(",")
    if not set(wanted) <= kinds.keys():
        raise Refused("invalid_types")
    types = {kinds[name] for name in wanted}
    there = [
        channel
        for channel in ground.world.channels.values()
        if channel.kind in types
        and (channel.kind == "public" or ground.world.bot.id in channel.members)
        and not (channel.archived and truthy(args.get("exclude_archived")))
    ]
    rows, cursor = page(there, args, default=100)
    shown = [_seen(ground, channel, count=channel.kind != "im") for channel in rows]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def conversations_open(ground: Ground, args: Json) -> Json:
    """Open the direct message with one person."""
    if channel_id := args.get("channel"):
        return {"no_op": True, "already_open": True, "channel": {"id": ground.world.conversation(str(channel_id)).id}}
    users = args.get("users")
    ids = users if isinstance(users, list) else str(users or "").split(",")
    if ids in ([], [""]):
        raise Refused("users_list_not_supplied")
    if len(ids) > 1:
        raise Refused("method_not_supported_for_channel_type")
    member = ground.world.user(str(ids[0]))
    if member.deleted:
        raise Refused("user_disabled")
    if member.bot:
        raise Refused("cannot_dm_bot")
    channel = ground.world.dm(member)
    return {"channel": _seen(ground, channel) if truthy(args.get("return_im")) else {"id": channel.id}}


def _seen(ground: Ground, channel: Channel, *, count: bool = False) -> Json:
    return channel.seen(ground.world.team.id, ground.world.bot.id, count=count)


METHODS = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.list": conversations_list,
    "conversations.open": conversations_open,
}
