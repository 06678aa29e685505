"""What Slack would refuse in a payload, found before Slack does; and the same payload made safe to send."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import structlog

from bot.slack import limits
from bot.slack.block_rules import At, Problem, Rules
from bot.slack.text import shorten, shorten_markup

__all__ = ["Problem", "Surface", "fit", "problems"]

Surface: TypeAlias = Literal["message", "modal", "home"]

_EVERYWHERE = {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
_WIDE = _EVERYWHERE | {"carousel", "container", "data_table", "data_visualization", "table"}
_KINDS: dict[Surface, set[str]] = {
    "message": _WIDE | {"context_actions", "file", "markdown", "plan", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _WIDE,
}
_MOST = {"message": limits.MESSAGE_BLOCKS, "modal": limits.VIEW_BLOCKS, "home": limits.VIEW_BLOCKS}
_PER_PAYLOAD = {"table": limits.TABLES, "data_visualization": limits.CHARTS}
_INSIDE = {
    "container": ("child_blocks", limits.CONTAINER_BLOCKS),
    "carousel": ("elements", limits.CAROUSEL_CARDS),
    "plan": ("tasks", limits.PLAN_TASKS),
}
_OPTIONAL = frozenset(
    [
        "accessibility_label",
        "accessory",
        "block_id",
        "description",
        "focus_on_load",
        "hint",
        "max_files",
        "max_length",
        "min_length",
        "page_size",
        "placeholder",
        "style",
        "subtitle",
        "timezone",
    ]
)
_FILLER = "There is something new from Ember."


def problems(payload: Mapping[str, Any], surface: Surface) -> list[Problem]:
    """Return everything that Slack would refuse, and a message without the text that screen readers need."""
    rules = Rules()
    if surface == "message":
        rules.string(("text",), payload.get("text"), limits.MESSAGE_TEXT)
        rules.keys(("blocks",), payload.get("blocks"), "blocks")
    else:
        _view(rules, payload, surface)
        rules.keys((), payload)
    blocks = rules.count(("blocks",), payload.get("blocks", ()), 0, _MOST[surface])
    for index, block in enumerate(blocks):
        _block(rules, ("blocks", index), block, _KINDS[surface])
    _together(rules, blocks)
    return rules.found


def _view(rules: Rules, view: Mapping[str, Any], surface: Surface) -> None:
    if view.get("type") != surface:
        rules.add(("type",), "type", f"must be {surface}")
    for key in ("callback_id", "external_id"):
        rules.identifier((key,), view.get(key))
    rules.string(("private_metadata",), view.get("private_metadata"), limits.METADATA, needed=False, rule="id")
    blocks = view.get("blocks")
    drawn = blocks if isinstance(blocks, list | tuple) else ()
    _size(rules, drawn)
    if surface == "modal":
        for key in ("title", "submit", "close"):
            rules.text((key,), view.get(key), limits.VIEW_TITLE, plain=True, needed=key == "title")
        if any(isinstance(block, Mapping) and block.get("type") == "input" for block in drawn) and not view.get(
            "submit"
        ):
            rules.add(("submit",), "submit", "a modal with inputs needs a submit button")


def _size(rules: Rules, blocks: Sequence[Any]) -> None:
    if len(json.dumps(blocks, default=str)) <= limits.VIEW_BYTES:
        return  # escaped to ASCII it is never shorter than the bytes that are sent
    total = 0
    for index, block in enumerate(blocks):
        total += len(json.dumps(block, ensure_ascii=False, default=str).encode("utf-8", "replace"))
        if total > limits.VIEW_BYTES:
            rules.add(("blocks",), "many", "the view is too large", index)
            break


def _block(rules: Rules, at: At, block: object, allowed: set[str]) -> None:
    kind = block.get("type") if isinstance(block, Mapping) else None
    if not isinstance(block, Mapping) or not isinstance(kind, str) or kind not in allowed:
        rules.add(at, "surface", f"{kind!r} is not a block of this surface")
        return
    rules.identifier((*at, "block_id"), block.get("block_id"))
    checks: dict[str, Callable[[At, Mapping[str, Any]], None]] = {
        "actions": rules.actions,
        "card": rules.card,
        "context": rules.context,
        "data_table": rules.data_table,
        "data_visualization": rules.chart,
        "image": rules.picture,
        "input": rules.input,
        "section": rules.section,
        "table": rules.table,
    }
    if kind in checks:
        checks[kind](at, block)
    elif kind == "header":
        rules.text((*at, "text"), block.get("text"), limits.HEADER, plain=True)
    elif kind == "alert":
        rules.text((*at, "text"), block.get("text"), limits.ALERT)
    elif kind in _INSIDE:
        key, most = _INSIDE[kind]
        for index, inner in enumerate(rules.count((*at, key), block.get(key), 1, most)):
            if kind != "plan":
                _block(rules, (*at, key, index), inner, {"card"} if kind == "carousel" else _EVERYWHERE - {"input"})


def _together(rules: Rules, blocks: Sequence[Any]) -> None:
    """Check what only shows across blocks: ids, focus, and what a payload may have only so much of."""
    ids: set[str] = set()
    counts = Counter[str]()
    written = 0
    focused: list[At] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            continue
        at: At = ("blocks", index)
        _unseen(rules, (*at, "block_id"), block.get("block_id"), ids)
        actions: set[str] = set()
        for here, element in _elements(at, block):
            _unseen(rules, here, element.get("action_id"), actions)
            focused += [(*here, "focus_on_load")] if element.get("focus_on_load") else []
        kind = str(block.get("type"))
        counts[kind] += 1
        if counts[kind] > _PER_PAYLOAD.get(kind, len(blocks)):
            rules.add(at, "surplus", f"at most {_PER_PAYLOAD.get(kind)} of {kind}")
        if kind == "markdown":
            rules.string((*at, "text"), block.get("text"), max(limits.MARKDOWN - written, 0))
            written += len(str(block.get("text")))
    for at in focused[1:]:
        rules.add(at, "focus", "only one element can have the focus")


def _unseen(rules: Rules, at: At, found: object, seen: set[str]) -> None:
    if isinstance(found, str):
        if found in seen:
            rules.add(at, "duplicate", "another one here has this id")
        seen.add(found)


def _elements(at: At, block: Mapping[str, Any]) -> Iterator[tuple[At, Mapping[str, Any]]]:
    for key in ("element", "accessory"):
        if isinstance(block.get(key), Mapping):
            yield (*at, key), block[key]
    inner = block.get("elements")
    for index, element in enumerate(inner if isinstance(inner, list) else ()):
        if isinstance(element, Mapping):
            yield (*at, "elements", index), element


def fit(payload: Mapping[str, Any], surface: Surface) -> dict[str, Any]:
    """Return a copy that Slack takes: shortened, surplus cut, what cannot be mended left out; each change is logged.

    Left alone, since no cutting helps: a modal's missing title or submit button, and a view's own ids and metadata.
    """
    if not problems(payload, surface):
        return dict(payload)
    safe: dict[str, Any] = _mutable(payload)
    log = structlog.get_logger(__name__)
    changed = True
    while changed:
        changed, gone = False, list[At]()
        for problem in sorted(problems(safe, surface), key=_depth_last, reverse=True):
            if any(problem.at[: len(at)] == at for at in gone):
                continue
            mended = _mend(safe, problem)
            if mended is not None:
                changed = True
                gone.append(mended)
                log.warning("slack.payload_changed", surface=surface, path=problem.path, rule=problem.rule)
    return safe


def _mutable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _mutable(inner) for key, inner in value.items()}
    return [_mutable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _depth_last(problem: Problem) -> list[tuple[int, str]]:
    return [(key, "") if isinstance(key, int) else (0, key) for key in problem.at]


def _mend(payload: dict[str, Any], problem: Problem) -> At | None:
    """Mend one problem in place; return the path that must not be touched again this round, None if nothing helps."""
    at, key = problem.at, problem.at[-1]
    parent = _reach(payload, at[:-1])
    if problem.rule == "long":
        formatted = parent.get("type") in ("mrkdwn", "markdown") or at == ("text",)
        parent[key] = (shorten_markup if formatted else shorten)(parent[key], problem.limit)
    elif problem.rule == "many":
        del parent[key][problem.limit :]
    elif problem.rule == "unknown":
        del parent[key]
    elif problem.rule == "plain":
        parent.pop("verbatim", None)
        parent[key] = "plain_text"
    elif at == ("text",):
        parent[key] = _FILLER
    elif at[0] != "blocks":
        return None
    else:
        return _drop(payload, at)
    return at


def _reach(payload: Any, at: At) -> Any:
    for key in at:
        payload = payload[key]
    return payload


def _drop(payload: dict[str, Any], at: At) -> At:
    """Leave out the smallest part around a path that Slack can do without."""
    block = _reach(payload, at[:2])
    is_input = isinstance(block, dict) and block.get("type") == "input"
    for depth in range(len(at) - 1, 0, -1):
        key, parent = at[depth], _reach(payload, at[:depth])
        optional = isinstance(key, str) and (key in _OPTIONAL or key.startswith("initial_"))
        if isinstance(key, int) or (optional and not (key == "block_id" and is_input)):
            del parent[key]
            return at[: depth + 1]
    raise AssertionError("a path into blocks has an index")
