"""What Slack refuses to draw."""

import json
from collections.abc import Mapping
from typing import Any

from bot.playground.refusal import Refused
from bot.playground.views import LARGEST_VIEW
from bot.slack.block_rules import Rules
from bot.slack.blocks_lint import Problem, Surface, problems

Json = dict[str, Any]

LONGEST_MESSAGE = 40_000
OPTIONS = 100


def faults_in(payload: Mapping[str, Any], surface: Surface) -> list[str]:
    """Return Slack's complaints about a payload.

    A message's `text` is not among them: Slack posts blocks without it, and `check_message` knows its length.
    """
    found = [one for one in problems(payload, surface) if surface != "message" or one.path != "text"]
    return [f"[ERROR] {one.message} [json-pointer:{_pointer(one, surface)}]" for one in found]


def _pointer(problem: Problem, surface: Surface) -> str:
    at = problem.at[:-1] if problem.rule == "unknown" else problem.at  # of a key too many, Slack names what has it
    return "".join(f"/{key}" for key in (at if surface == "message" else ("view", *at)))


def check_message(payload: Mapping[str, Any]) -> None:
    """Refuse a message: no_text, msg_too_long, invalid_blocks_format, invalid_blocks."""
    text, blocks = payload.get("text"), payload.get("blocks")
    if not text and not blocks and not payload.get("attachments"):
        raise Refused("no_text")
    if text is not None and not isinstance(text, str):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] text must be a string"]})
    if len(text or "") > LONGEST_MESSAGE:
        raise Refused("msg_too_long")
    if blocks is not None and not _is_blocks(blocks):
        raise Refused("invalid_blocks_format")
    if complaints := faults_in(payload, "message"):
        raise Refused("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})


def check_view(view: object, *, home: bool) -> Json:
    """Return the view if Slack would show it.  Refused: view_too_large, invalid_arguments."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if not isinstance(view, dict) or not _is_blocks(blocks):
        messages = ["[ERROR] failed to match all allowed schemas [json-pointer:/view]"]
        raise Refused("invalid_arguments", response_metadata={"messages": messages})
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise Refused("view_too_large")
    surface: Surface = "home" if home else "modal"
    wrong = [] if view.get("type") == surface else [f"[ERROR] must be a {surface} [json-pointer:/view/type]"]
    if complaints := wrong or faults_in(view, surface):
        raise Refused("invalid_arguments", response_metadata={"messages": complaints})
    return view


def faults_in_options(body: object) -> list[str]:
    """Return what is wrong with the answer to a block_suggestion."""
    if not isinstance(body, dict) or not ({"options", "option_groups"} & body.keys()):
        return ["neither options nor option_groups"]
    groups = body.get("option_groups") or []
    options = [*(body.get("options") or []), *(option for group in groups for option in group.get("options", []))]
    wrong = [f"more than {OPTIONS} options"] if len(options) > OPTIONS or len(groups) > OPTIONS else []
    for option in options:
        text = option.get("text")
        if not isinstance(text, dict) or text.get("type") != "plain_text" or not 1 <= len(text.get("text", "")) <= 75:
            wrong.append(f"option text: {text!r}")
        if not 1 <= len(str(option.get("value", ""))) <= 150:
            wrong.append(f"option value: {option.get('value')!r}")
    rules = Rules()
    rules.keys((), body)
    return [*wrong, *(f"{one.message} in {one.path}" for one in rules.found)]


def _is_blocks(blocks: object) -> bool:
    return isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks)
