"""Reading what a client says was chosen or typed: only what is really offered counts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.playground.elements import MANY, STATE, ClientSideError, Field, options_of
from bot.playground.people import Member
from bot.playground.reading import conversations
from bot.playground.world import World

Json = dict[str, Any]

PRESSED = {"button", "icon_button", "workflow_button", "feedback_buttons"}


def state_of(
    world: World, member: Member, block: Json, element: Json, given: Mapping[str, Any], offered: Sequence[Json]
) -> Json:
    """Return an element's state as Slack would send it: {} for a button, "selected_option" for a menu, and so on.

    offered: the options that an external select has shown.  Raises ClientSideError for what is not there.
    """
    kind = str(element.get("type"))
    if kind in PRESSED:
        return {}
    if kind == "overflow":
        return {"selected_option": _one_of(block, options_of(element), given.get("selected_option"))}
    if kind not in STATE:
        raise ClientSideError(str(element.get("action_id")), f"a {kind} cannot be used")
    key = STATE[kind][0]
    value = given.get(key)
    if value in (None, "", []):
        return {"type": kind, key: [] if key in MANY else None}
    one = Field(block, element)
    items = value if isinstance(value, list) else [value]
    if (key in MANY) != isinstance(value, list):
        raise ClientSideError(one.name, "one value was expected" if key not in MANY else "a list was expected")
    read = [_read(world, member, one, key, item, offered) for item in items]
    return {"type": kind, key: read if key in MANY else read[0]}


def _read(world: World, member: Member, one: Field, key: str, item: object, offered: Sequence[Json]) -> object:
    kind = one.element["type"]
    if kind in {"external_select", "multi_external_select"}:
        return _one_of(one.block, [*offered, *_already(one)], item)
    if key in {"selected_option", "selected_options"}:
        return _one_of(one.block, options_of(one.element), item)
    if kind == "rich_text_input":
        return _checked(one, isinstance(item, Mapping) and item.get("type") == "rich_text", item)
    if kind == "datetimepicker":
        return _checked(one, isinstance(item, int), item)
    if key in {"selected_user", "selected_users"}:
        return _checked(one, item in world.members, item)
    if key.startswith(("selected_conversation", "selected_channel")):
        return _checked(one, item in {channel.id for channel in conversations(world, member)}, item)
    if kind == "timepicker":
        return _checked(one, _is_time(item), item)
    return one.state(_checked(one, isinstance(item, str), item))[key]


def _already(one: Field) -> list[Json]:
    initial = one.initial()[STATE[one.element["type"]][0]]
    return initial if isinstance(initial, list) else [initial] if initial else []


def _one_of(block: Json, options: Sequence[Json], given: object) -> Json:
    wanted = given.get("value") if isinstance(given, Mapping) else None
    for option in options:
        if option.get("value") == wanted is not None:
            return option
    raise ClientSideError(str(block.get("block_id")), f"{wanted!r} is not offered")


def _checked(one: Field, fits: bool, item: object) -> object:
    if not fits:
        raise ClientSideError(one.name, f"{item!r} is not something this field takes")
    return item


def _is_time(item: object) -> bool:
    try:
        return dt.time.fromisoformat(str(item)).strftime("%H:%M") == item
    except ValueError:
        return False
