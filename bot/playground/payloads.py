"""The bodies Slack sends, field by field."""

import secrets
from typing import Any

from bot.playground.elements import options_of
from bot.playground.ground import Ground
from bot.playground.people import Channel, Member, Message
from bot.playground.views import View

Json = dict[str, Any]


def command(ground: Ground, member: Member, channel: Channel, name: str, text: str) -> Json:
    """Return the form fields of a slash command."""
    world = ground.world
    return {
        "token": ground.verification_token,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name(),
        "user_id": member.id,
        "user_name": member.handle,
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": ground.hook_url(ground.tickets.hook(member.id, channel.id)),
        "trigger_id": ground.tickets.trigger(member.id),
    }


def interaction(ground: Ground, member: Member, kind: str, *, trigger: bool = True) -> Json:
    """Return what every interactive payload carries."""
    world = ground.world
    user = {"id": member.id, "username": member.handle, "name": member.handle, "team_id": member.team_id}
    return {
        "type": kind,
        "user": user,
        "team": {"id": world.team.id, "domain": world.team.domain},
        "api_app_id": world.app_id,
        "token": ground.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
        **({"trigger_id": ground.tickets.trigger(member.id)} if trigger else {}),
    }


def place_of(ground: Ground, member: Member, place: View | Message, *, hook: bool) -> Json:
    """Return where something was touched: container, channel and message, or the view; `hook` adds a response URL."""
    if isinstance(place, View):
        return {"container": {"type": "view", "view_id": place.id}, "view": place.seen()}
    channel = ground.world.channels[place.channel_id]
    ephemeral = place.ephemeral_to is not None
    container: Json = {"type": "message", "message_ts": place.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    container |= {"thread_ts": place.thread_ts} if place.thread_ts else {}
    where: Json = {"container": container, "channel": {"id": channel.id, "name": channel.payload_name()}}
    if not ephemeral:
        where["message"] = ground.world.shown(place)
    where["state"] = {"values": place.typed}
    if hook:
        token = ground.tickets.hook(member.id, channel.id, place.ts, place.thread_ts)
        where["response_url"] = ground.hook_url(token)
    return where


def action(block: Json, element: Json, state: Json, ts: str) -> Json:
    """Return one entry of `actions`; `state` is what was chosen (empty for a button)."""
    shown: Json = {"action_id": element["action_id"], "block_id": block.get("block_id", ""), "type": element["type"]}
    for key in ("text", "value", "style", "url", "confirm", "placeholder"):
        if key in element:
            shown[key] = element[key]
    return shown | state | {"action_ts": ts}


def overflow_choice(element: Json, value: str) -> Json:
    """Return an overflow menu's state for the option with that value or text (empty if there is none)."""
    chosen = [one for one in options_of(element) if value in {one.get("value"), one["text"]["text"]}]
    return {"selected_option": chosen[0]} if chosen else {}


def event(ground: Ground, inner: Json, *, shared: bool = False) -> Json:
    """Return an Events API envelope around one event."""
    world = ground.world
    now = ground.clock.now()
    grant = {"enterprise_id": None, "team_id": world.team.id, "user_id": world.bot.id, "is_bot": True}
    return {
        "token": ground.verification_token,
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(5).upper(),
        "event_time": int(now.timestamp()),
        "authorizations": [grant | {"is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": secrets.token_hex(12),
    }
