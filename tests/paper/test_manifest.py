"""app.yaml asks Slack for exactly what the code listens to and calls."""

import ast
import inspect
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build
from bot.config import Settings

HOUSE = Path(__file__).resolve().parents[2]
SCHEMA = "EMBER_MANIFEST_SCHEMA"

NOTHING: frozenset[str] = frozenset()
CONVERSATIONS = frozenset({"channels:read", "groups:read"})
HISTORY = frozenset({"channels:history", "groups:history", "im:history"})

EVENTS = {
    "app_home_opened": NOTHING,
    "channel_archive": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": CONVERSATIONS,
    "channel_unarchive": {"channels:read"},
    "channel_unshared": CONVERSATIONS,
    "group_archive": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": CONVERSATIONS,
    "member_left_channel": CONVERSATIONS,
    "message.im": {"im:history"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
"""Every event Ember may ask for, and the scopes it takes; Slack's schema checks no name."""

METHODS = {
    "auth_test": NOTHING,
    "canvases_access_set": {"canvases:write"},
    "canvases_create": {"canvases:write"},
    "canvases_delete": {"canvases:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_replies": HISTORY,
    "conversations_info": CONVERSATIONS,
    "conversations_members": CONVERSATIONS,
    "conversations_open": {"im:write"},
    "users_info": {"users:read"},
    "users_list": {"users:read"},
    "views_open": NOTHING,
    "views_publish": NOTHING,
    "views_push": NOTHING,
    "views_update": NOTHING,
}
"""Every method Ember may call, and the scopes it takes."""

SCOPES = {"commands", "chat:write", "im:history", "users:read", *CONVERSATIONS}
"""Every scope Ember needs: with these it reads no channel's history."""

OPTIONAL = {"channels:history", "groups:history", "im:write", "canvases:write"}
"""What it can do without: looking for a message of its own after Slack's answer got lost, and canvases."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return yaml.safe_load((HOUSE / "app.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def registered(tmp_path) -> dict[str, set[str]]:
    """What the app really listens to, by kind, read from its own listeners."""
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-a-bot"),
        slack_signing_secret=SecretStr("a-secret"),
        ember_database_url=f"sqlite:///{tmp_path / 'ember.db'}",
    )
    found: dict[str, set[str]] = {}
    for listener in build(settings).bolt._async_listeners:
        matches = inspect.getclosurevars(listener.matchers[0].func).nonlocals["func"]
        kind = matches.__qualname__.partition(".")[0]
        (name,) = (value for value in inspect.getclosurevars(matches).nonlocals.values() if not callable(value))
        found.setdefault(kind, set()).add(name if isinstance(name, str) else str(name))
    return found


def bot_files() -> Iterator[Path]:
    return (path for path in (HOUSE / "bot").rglob("*.py") if "playground" not in path.parts)


def called_methods() -> set[str]:
    """Return the Web API methods named anywhere in the code that runs, called at once or kept for later."""
    known = {name for name, method in vars(AsyncWebClient).items() if inspect.iscoroutinefunction(method)}
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in bot_files())
    named = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "api_call" not in named, "a method called by a string escapes this test"
    return named & known


def test_each_command_is_registered_and_each_registered_one_is_declared(manifest, registered):
    declared = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert declared == registered["command"]


def test_each_shortcut_is_registered_and_each_registered_one_is_declared(manifest, registered):
    declared = {(each["callback_id"], each["type"]) for each in manifest["features"]["shortcuts"]}
    assert declared == {("checkin.open", "global"), ("checkin.from_message", "message")}
    assert {callback for callback, _ in declared} == registered["shortcut"]


def test_each_event_is_listened_to_and_each_listener_has_its_event(manifest, registered):
    declared = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert len(declared) == len(set(declared))
    assert {name.partition(".")[0] for name in declared} == registered["event"]


def test_events_and_methods_are_ones_that_exist(manifest):
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    assert called_methods() == set(METHODS)


def test_scopes_are_exactly_what_commands_events_and_methods_take(manifest):
    asked = manifest["oauth_config"]["scopes"]
    taken = {"commands"}.union(*EVENTS.values(), *METHODS.values())
    assert set(asked["bot"]) == SCOPES
    assert set(asked["bot_optional"]) == OPTIONAL
    assert taken == SCOPES | OPTIONAL
    assert len(asked["bot"]) + len(asked["bot_optional"]) == len(taken)
    assert set(asked) == {"bot", "bot_optional"}


def test_each_scope_says_what_it_is_for(manifest):
    text = (HOUSE / "app.yaml").read_text(encoding="utf-8")
    scopes = manifest["oauth_config"]["scopes"]
    for scope in (*scopes["bot"], *scopes["bot_optional"]):
        assert re.search(rf"^ +- {re.escape(scope)} # \w.{{20,}}$", text, re.MULTILINE), scope


def test_commands_pickers_and_clicks_come_to_the_one_address(manifest):
    interactivity = manifest["settings"]["interactivity"]
    commands = {command["url"] for command in manifest["features"]["slash_commands"]}
    events = manifest["settings"]["event_subscriptions"]["request_url"]
    (address,) = {*commands, events, interactivity["request_url"], interactivity["message_menu_options_url"]}
    assert address.endswith("/slack/events")
    assert interactivity["is_enabled"]


def test_people_can_write_to_ember_and_open_its_home(manifest):
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_texts_fit(manifest):
    display = manifest["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 175 <= len(display["long_description"]) <= 4000
    assert all(len(each["name"]) <= 24 for each in manifest["features"]["shortcuts"])
    assert all(len(each["command"]) <= 32 for each in manifest["features"]["slash_commands"])


def test_slacks_own_schema_accepts_it(manifest):
    path = os.environ.get(SCHEMA)
    if path is None:
        pytest.skip(f"{SCHEMA} names no copy of Slack's manifest schema")
    schema = json.loads((HOUSE / path).read_text(encoding="utf-8"))
    jsonschema.validate(manifest, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**manifest, "invented": True}, schema)
