"""What came in, whatever its shape: one small value read from any of Slack's payloads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.slack.text import clean, unescape


class Kind(StrEnum):
    """The ways Slack speaks to an app."""

    COMMAND = "command"
    ACTION = "action"
    SUBMISSION = "submission"
    CLOSED = "closed"
    SHORTCUT = "shortcut"
    OPTIONS = "options"
    EVENT = "event"
    OTHER = "other"


INTERACTIVE = {
    "block_actions": Kind.ACTION,
    "view_submission": Kind.SUBMISSION,
    "view_closed": Kind.CLOSED,
    "shortcut": Kind.SHORTCUT,
    "message_action": Kind.SHORTCUT,
    "block_suggestion": Kind.OPTIONS,
}


@dataclass(frozen=True)
class Envelope:
    """Who asks for what, from where; ids are Slack's, an absent one is an empty string."""

    kind: Kind
    name: str = ""
    team: str = ""
    user: str = ""
    user_team: str = ""
    channel: str = ""
    typed: str = ""
    response_url: str = ""
    trigger_id: str = ""
    delivery: str = ""
    pressed: str = ""
    """When a button or a choice was pressed: Slack's own stamp, which rises from press to press."""
    view: Mapping[str, Any] = field(default_factory=dict)


def open_envelope(body: Mapping[str, Any]) -> Envelope:
    """Read what matters from a command, an interaction or an event; never raises on a strange shape."""
    if "command" in body:
        return _command(body)
    if body.get("type") == "event_callback":
        return _event(body)
    return _interaction(body)


def _command(body: Mapping[str, Any]) -> Envelope:
    return Envelope(
        Kind.COMMAND,
        name=_text(body, "command"),
        team=_text(body, "team_id"),
        user=_text(body, "user_id"),
        user_team=_text(body, "team_id"),
        channel=_text(body, "channel_id"),
        typed=unescape(clean(_text(body, "text"))).strip(),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
        delivery=f"command:{_text(body, 'trigger_id')}",
    )


def _event(body: Mapping[str, Any]) -> Envelope:
    event = _part(body, "event")
    user = event.get("user")
    who = _text(user, "id") if isinstance(user, Mapping) else _text(event, "user")
    channel = event.get("channel")
    return Envelope(
        Kind.EVENT,
        name=_text(event, "type"),
        team=_text(body, "team_id"),
        user=who,
        user_team=_text(event, "user_team") or _text(event, "team") or _text(body, "team_id"),
        channel=_text(channel, "id") if isinstance(channel, Mapping) else _text(event, "channel"),
        typed=unescape(clean(_text(event, "text"))).strip(),
        delivery=f"event:{_text(body, 'event_id')}",
    )


def _interaction(body: Mapping[str, Any]) -> Envelope:
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
    view = _part(body, "view")
    user, team = _part(body, "user"), _part(body, "team")
    return Envelope(
        INTERACTIVE.get(_text(body, "type"), Kind.OTHER),
        name=_text(action, "action_id") or _text(view, "callback_id") or _text(body, "callback_id"),
        team=_text(team, "id") or _text(user, "team_id"),
        user=_text(user, "id"),
        user_team=_text(user, "team_id") or _text(team, "id"),
        channel=_text(_part(body, "channel"), "id"),
        response_url=_text(body, "response_url"),
        trigger_id=_text(body, "trigger_id"),
        pressed=_text(action, "action_ts"),
        view=view,
    )


def _part(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
