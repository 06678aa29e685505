"""Block Kit as plain functions: values in, the dictionary that Slack reads out.

A `Markup` is sent as mrkdwn, any other string as plain text.  Limits are kept by `blocks_lint`.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from bot.slack import limits
from bot.slack.text import Markup, escape

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]
ButtonStyle: TypeAlias = Literal["primary", "danger"]
AlertLevel: TypeAlias = Literal["default", "info", "warning", "error", "success"]
ChartKind: TypeAlias = Literal["line", "bar", "area"]


def plain(text: str) -> dict[str, Any]:
    """Return a plain text object: nothing in it is formatted."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: Markup) -> dict[str, Any]:
    """Return a formatted text object; what is not Markup by mistake is escaped."""
    return {"type": "mrkdwn", "text": str(escape(text))}


def _either(text: str) -> dict[str, Any]:
    return mrkdwn(text) if isinstance(text, Markup) else plain(text)


def _given(**values: object) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "")}


def section(
    text: Markup | None, *, fields: Sequence[Markup] = (), accessory: Element | None = None, block_id: str | None = None
) -> Block:
    """Return a paragraph, with up to ten short fields in two columns and one element at its side."""
    block = {"type": "section", **_given(accessory=accessory, block_id=block_id)}
    if text is not None:
        block["text"] = mrkdwn(text)
    if fields:
        block["fields"] = [mrkdwn(field) for field in fields]
    return block


def plain_section(text: str, *, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """Return a paragraph in which nothing is formatted."""
    return {"type": "section", "text": plain(text), **_given(accessory=accessory, block_id=block_id)}


def context(*texts: Markup | Element, block_id: str | None = None) -> Block:
    """Return a line of small print: up to ten texts or image elements."""
    elements = [mrkdwn(text) if isinstance(text, str) else text for text in texts]
    return {"type": "context", "elements": elements, **_given(block_id=block_id)}


def header(text: str, *, block_id: str | None = None) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text), **_given(block_id=block_id)}


def divider() -> Block:
    """Return a rule across."""
    return {"type": "divider"}


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """Return a row of buttons, menus or pickers."""
    return {"type": "actions", "elements": list(elements), **_given(block_id=block_id)}


def image(image_url: str, alt_text: str, *, title: str = "", block_id: str | None = None) -> Block:
    """Return a picture with the words that stand in for it."""
    block = {"type": "image", "image_url": image_url, "alt_text": alt_text, **_given(block_id=block_id)}
    return {**block, "title": plain(title)} if title else block


def alert(text: str, *, level: AlertLevel = "default", block_id: str | None = None) -> Block:
    """Return a notice; Slack shows these in modals only."""
    return {"type": "alert", "text": _either(text), "level": level, **_given(block_id=block_id)}


def chart(
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    kind: ChartKind = "line",
    x_label: str = "",
    y_label: str = "",
    block_id: str | None = None,
) -> Block:
    """Return a chart: each series has one value for each category, in order.  Messages and Home show it, modals don't.

    categories: unique, 20 characters and 20 of them at most; title: 50 characters.  Nobody hears a chart read aloud, so
    a caption beside it says in words what it shows.  Raises ValueError where values and categories differ in number.
    """
    drawn = [
        {
            "name": name,
            "data": [{"label": label, "value": value} for label, value in zip(categories, values, strict=True)],
        }
        for name, values in series.items()
    ]
    axes = {"categories": list(categories), **_given(x_label=x_label, y_label=y_label)}
    inside = {"type": kind, "series": drawn, "axis_config": axes}
    return {"type": "data_visualization", "title": title, "chart": inside, **_given(block_id=block_id)}


def button(
    label: str,
    action_id: str,
    *,
    value: str = "",
    style: ButtonStyle | None = None,
    confirm: Element | None = None,
    url: str | None = None,
    accessibility_label: str | None = None,
) -> Element:
    """Return a button; `accessibility_label` is read aloud instead of the label."""
    return {
        "type": "button",
        "text": plain(label),
        "action_id": action_id,
        **_given(value=value, style=style, confirm=confirm, url=url, accessibility_label=accessibility_label),
    }


def overflow(action_id: str, options: Sequence[Element], *, confirm: Element | None = None) -> Element:
    """Return a "⋯" menu of up to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options), **_given(confirm=confirm)}


def datepicker(action_id: str, *, placeholder: str = "", on: dt.date | None = None) -> Element:
    """Return a day to pick, with the day that is chosen at first."""
    element = {"type": "datepicker", "action_id": action_id, **_given(initial_date=on and on.isoformat())}
    return {**element, "placeholder": plain(placeholder)} if placeholder else element


def external_select(action_id: str, *, placeholder: str, min_query_length: int = 0) -> Element:
    """Return a list that is asked for as people type: one may be picked."""
    return {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "min_query_length": min_query_length,
    }


def option(label: str, value: str, description: str = "") -> Element:
    """Return one choice of a menu."""
    choice = {"text": plain(label), "value": value}
    return {**choice, "description": plain(description)} if description else choice


def confirm(title: str, text: str, ok: str, cancel: str) -> Element:
    """Return the question asked before something that cannot be undone."""
    return {"title": plain(title), "text": _either(text), "confirm": plain(ok), "deny": plain(cancel)}


def pack_metadata(metadata: Mapping[str, str]) -> str:
    """Return what a view carries, as text (ids only: the client can change it); raises ValueError over 3,000."""
    packed = json.dumps(dict(metadata), ensure_ascii=False, separators=(",", ":")) if metadata else ""
    if len(packed) > limits.METADATA:
        raise ValueError(f"a view carries at most {limits.METADATA} characters, not {len(packed)}")
    return packed


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "Close",
    metadata: Mapping[str, str] = {},
) -> View:
    """Return a dialog; without `submit` it only shows."""
    view = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
        **_given(private_metadata=pack_metadata(metadata)),
    }
    if submit is not None:
        view["submit"] = plain(submit)
    return view


def home(blocks: Sequence[Block], *, callback_id: str = "", metadata: Mapping[str, str] = {}) -> View:
    """Return App Home."""
    carried = _given(callback_id=callback_id, private_metadata=pack_metadata(metadata))
    return {"type": "home", "blocks": list(blocks), **carried}


def message(text: str, blocks: Sequence[Block] = (), **extra: object) -> dict[str, Any]:
    """Return a message; `text` is a full sentence for notifications and screen readers.  Links are not unfurled."""
    body = {"text": str(escape(text)), "blocks": list(blocks), "unfurl_links": False, "unfurl_media": False}
    return {**body, **extra}
