"""What Slack would show, as lines for a terminal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.slack.text import unescape

LINK = re.compile(r"<([^|>]+)\|([^>]*)>")
STRONG = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")


def lines(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a message or a view: texts as written, buttons in brackets, questions with their field."""
    for block in blocks:
        kind = block.get("type")
        if kind == "divider":
            yield "─" * 40
        elif kind == "input":
            yield f"{_text(block['label'])}  {_field(block['element'])}"
        elif kind == "actions":
            yield "  ".join(_button(element) for element in block["elements"])
        else:
            yield from _words(block)


def _words(block: Mapping[str, Any]) -> Iterator[str]:
    parts = [block["text"]] if isinstance(block.get("text"), Mapping) else []
    parts += [part for part in (*block.get("fields", ()), *block.get("elements", ())) if "text" in part]
    for part in parts:
        yield from _text(part).split("\n")
    if "accessory" in block:
        yield _button(block["accessory"])


def _button(element: Mapping[str, Any]) -> str:
    if "text" in element:
        return f"[{_text(element['text'])}]"
    return "[" + " / ".join(_text(option["text"]) for option in element.get("options", ())) + " ⋯]"


def _field(element: Mapping[str, Any]) -> str:
    options = element.get("options")
    if element.get("type") == "radio_buttons" and options:
        return "  ".join(f"○ {_text(option['text'])}" for option in options)
    chosen = element.get("initial_option")
    shown = _text(chosen["text"]) if chosen else element.get("initial_value") or element.get("initial_date") or ""
    return f"[ {shown:<20} ]"


def _text(part: Mapping[str, Any]) -> str:
    text = str(part.get("text", ""))
    return unescape(STRONG.sub(r"\1", LINK.sub(r"\2", text)))
