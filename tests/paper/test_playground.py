"""What docs/playground.md says of each block and element agrees with the page, with the gallery and with Ember."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.slack.block_keys import TYPES
from tests.paper.test_papers import HOUSE, quoted, read, rows

JUDGEMENTS = {"same", "close", "missing"}
SELECTS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
HOLDERS = {"plain_text", "mrkdwn", "modal", "home"}


def judged(heading: str) -> dict[str, str]:
    """Return how each type of a table is judged."""
    table = rows(read("docs/playground.md"), heading)
    return {name: judgement for names, judgement, _ in table for name in quoted(names)}


def drawn(module: str) -> set[str]:
    """Return the types that a module of the page draws."""
    script = read(f"bot/playground/page/static/js/blocks/{module}.js")
    (named,) = re.findall(r"^const DRAWN = \{\n(.*?)^\};", script, re.MULTILINE | re.DOTALL)
    typed = re.findall(r"^const TYPED = \[(.*?)\];", script, re.MULTILINE | re.DOTALL)
    selects = SELECTS if 'endsWith("_select")' in script else set()
    return {*re.findall(r"^  (\w+):", named, re.MULTILINE), *re.findall(r'"(\w+)"', "".join(typed)), *selects}


def types_in(value: Any) -> Iterator[str]:
    """Yield each type that a payload names, at any depth."""
    if isinstance(value, dict):
        yield str(value.get("type"))
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from types_in(each)


def sent() -> set[str]:
    """Return the types of blocks and elements that Ember's own code can send."""
    ours = [path for path in (HOUSE / "bot").rglob("*.py") if "playground" not in path.parts]
    written = "\n".join(path.read_text(encoding="utf-8") for path in ours)
    return set(re.findall(r'(?:"type":|^    kind =) "(\w+)"', written, re.MULTILINE)) - HOLDERS


def test_each_block_and_element_that_slack_documents_is_judged():
    named = judged("blocks").keys() | judged("elements").keys()
    documented = {kind.removesuffix(" block") for kind, keys in TYPES.items() if keys & {"block_id", "action_id"}}
    assert documented <= named <= TYPES.keys()


def test_each_block_and_element_is_drawn_by_the_page_or_said_to_be_missing():
    for heading, module in (("blocks", "blocks"), ("elements", "element")):
        found = judged(heading)
        assert set(found.values()) <= JUDGEMENTS
        assert {name for name, judgement in found.items() if judgement != "missing"} == drawn(module)


def test_the_gallery_holds_each_block_and_element():
    shown = set(types_in(json.loads(read("tests/browser/gallery.json"))))
    assert judged("blocks").keys() | judged("elements").keys() <= shown


def test_what_ember_can_send_is_drawn():
    here = judged("blocks") | judged("elements")
    assert sent() <= here.keys()
    assert {name for name in sent() if here[name] == "missing"} == {"file_input"}  # no form of Ember asks for a file
