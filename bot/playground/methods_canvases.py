"""Web API methods that write canvases and say who may open them."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.ground import Ground, needed
from bot.playground.refusal import Refused

Json = dict[str, Any]


@dataclass
class Canvas:
    """A document beside the conversations, and who may open it."""

    id: str
    title: str
    markdown: str
    users: dict[str, str] = field(default_factory=dict)


def create(ground: Ground, args: Json) -> Json:
    """Write a canvas of its own, which only the app can open yet."""
    content = args.get("document_content") or {}
    if not isinstance(content, dict) or content.get("type", "markdown") != "markdown":
        raise Refused("invalid_arguments")
    canvas = Canvas(ground.world.new_id("F"), str(args.get("title") or ""), str(content.get("markdown") or ""))
    ground.world.canvases[canvas.id] = canvas
    return {"canvas_id": canvas.id}


def set_access(ground: Ground, args: Json) -> Json:
    """Let people open a canvas."""
    canvas, level = ground.world.canvases.get(needed(args, "canvas_id")), str(args.get("access_level") or "")
    if canvas is None:
        raise Refused("canvas_not_found")
    if level not in {"read", "write", "owner"}:
        raise Refused("invalid_arguments")
    named = args.get("user_ids") or ()
    ids = named.split(",") if isinstance(named, str) else named
    canvas.users |= {ground.world.user(str(one)).id: level for one in ids}
    return {}


def delete(ground: Ground, args: Json) -> Json:
    """Delete a canvas."""
    if ground.world.canvases.pop(needed(args, "canvas_id"), None) is None:
        raise Refused("canvas_not_found")
    return {}


METHODS = {"canvases.create": create, "canvases.access.set": set_access, "canvases.delete": delete}
