"""A key that Slack does not document is refused wherever it stands; one that it documents is not."""

import copy
import json
from pathlib import Path

import pytest
from slack_sdk.models.blocks import Block, BlockElement

from bot.slack import blocks
from bot.slack.block_keys import TYPES
from bot.slack.blocks_lint import fit, problems
from bot.slack.text import Markup

GALLERY = json.loads((Path(__file__).parents[1] / "browser" / "gallery.json").read_text(encoding="utf-8"))
FEEDBACK = {"text": blocks.plain("Good"), "value": "1", "accessibility_label": "A good answer"}
WORKFLOW = {
    "trigger": {"url": "https://example.com/run", "customizable_input_parameters": [{"name": "client", "value": "1"}]}
}
TASK = {"task_id": "1", "title": "Read", "sources": [{"type": "url", "url": "https://example.com", "text": "Plan"}]}
RARE = [
    {"type": "carousel", "elements": [{"type": "card", "slack_icon": {"type": "icon", "name": "star"}}]},
    {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "action_id": "f", "positive_button": FEEDBACK, "negative_button": FEEDBACK},
            {"type": "icon_button", "action_id": "i", "icon": "trash", "text": blocks.plain("Delete")},
        ],
    },
    {"type": "file", "external_id": "1", "source": "remote"},
    {"type": "plan", "title": "Before the call", "tasks": [TASK]},
    {"type": "task_card", **TASK},
    {"type": "image", "alt_text": "A chart", "slack_file": {"id": "F1"}},
    blocks.actions(
        {"type": "workflow_button", "action_id": "w", "text": blocks.plain("Run"), "workflow": WORKFLOW},
        blocks.overflow("o", [blocks.option("Read", "1") | {"url": "https://example.com"}]),
    ),
]
SHOWN = [("message", GALLERY["message"]), ("modal", GALLERY["modal"]), ("home", GALLERY["home"])]
SHOWN.append(("message", blocks.message("What Ember never sends.", RARE)))


def objects(value, name="blocks"):
    """Return each object inside a value with what it is: its type, or the key under which it stands."""
    if isinstance(value, list):
        return [pair for each in value for pair in objects(each, name)]
    if not isinstance(value, dict):
        return []
    return [(value.get("type", name), value)] + [pair for key in value for pair in objects(value[key], key)]


@pytest.mark.parametrize(("surface", "payload"), SHOWN)
def test_what_slack_documents_is_taken(surface, payload):
    assert problems(payload, surface) == []


@pytest.mark.parametrize(("surface", "payload"), SHOWN)
def test_a_key_too_many_is_refused_wherever_it_stands_and_left_out_of_what_is_sent(surface, payload):
    payload = copy.deepcopy(payload)
    kinds = dict(objects(payload["blocks"] if surface == "message" else payload))
    assert len(kinds) > 10
    for kind, found in kinds.items():
        found["stray"] = "x"
        said = {(problem.path.rpartition(".")[2], problem.message) for problem in problems(payload, surface)}
        assert ("stray", "invalid additional property: stray") in said, kind
        assert "stray" not in json.dumps(fit(payload, surface))
        del found["stray"]


MISPLACED = [
    (blocks.section(Markup("x"), accessory={"type": "image", "alt_text": "i", "title": blocks.plain("x")}), "title"),
    (blocks.header("x") | {"text": {"type": "plain_text", "text": "x", "verbatim": True}}, "verbatim"),
    (blocks.section(Markup("x")) | {"text": {"type": "mrkdwn", "text": "x", "emoji": True}}, "emoji"),
    (blocks.actions({"type": "static_select", "options": [blocks.option("x", "1") | {"url": "https://a.b"}]}), "url"),
    (blocks.actions({"type": "overflow", "options": [blocks.option("x", "1") | {"type": "button"}]}), "type"),
]


@pytest.mark.parametrize(("block", "key"), MISPLACED, ids=[key for _, key in MISPLACED])
def test_a_key_that_belongs_elsewhere_is_refused_too(block, key):
    said = [problem.message for problem in problems(blocks.message("A sentence.", [block]), "message")]
    assert f"invalid additional property: {key}" in said


INHERITED = {"alt_text", "confirm", "focus_on_load", "placeholder"}
"""What the SDK has in its base classes, for elements too that Slack documents none of these for."""
NEWER = {"border", "from_llm", "is_slack_url", "language", "slack_icon", "subtext", "truncated", "unsafe"}
"""What docs.slack.dev has and the SDK lacks."""


def models(base):
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def test_slacks_own_sdk_knows_the_same_keys():
    compared = 0
    for model in [*models(Block), *models(BlockElement)]:
        kind = "image block" if model.__name__ == "ImageBlock" else getattr(model, "type", None)
        if kind not in TYPES:
            continue
        theirs = object.__new__(model).attributes
        assert theirs - TYPES[kind] <= INHERITED, kind
        assert TYPES[kind] - theirs <= NEWER, kind
        compared += 1
    assert compared > 50
