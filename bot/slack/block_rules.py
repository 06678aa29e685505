"""What Slack refuses in a block, an element or a text object: a method per kind, from `limits` and `block_keys`."""

import datetime as dt
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import available_timezones

from bot.slack import limits
from bot.slack.block_keys import PLACES, TYPES

At: TypeAlias = tuple[str | int, ...]

_PICKERS = {"checkboxes", "datepicker", "radio_buttons", "timepicker"}
_SELECTS = {f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")}
_MULTI = {f"multi_{kind}" for kind in _SELECTS}
_PRESSED = {"button", "overflow", "workflow_button"}
_TYPED = {"plain_text_input", "rich_text_input", "number_input", "email_text_input", "url_text_input"}
ELEMENTS = {
    "actions": _PRESSED | _PICKERS | _SELECTS | {"datetimepicker"},
    "accessory": _PRESSED | _PICKERS | _SELECTS | _MULTI | {"image"},
    "input": _TYPED | _PICKERS | _SELECTS | _MULTI | {"datetimepicker", "file_input"},
    "context_actions": {"feedback_buttons", "icon_button"},
}
_OPTION_COUNT = {"overflow": limits.OVERFLOW, "radio_buttons": limits.RADIO, "checkboxes": limits.RADIO}
_BLOCKS = {"blocks", "child_blocks"}
_NESTED = (dict, list, tuple)
_CHART_KINDS = {"pie", "bar", "area", "line"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """One thing that Slack would refuse: where (also as keys), which rule, a sentence, the limit if any."""

    path: str
    rule: str
    message: str
    at: At = ()
    limit: int = 0


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


@functools.cache
def _zones() -> set[str]:
    return available_timezones()


def _is_date(value: object) -> bool:
    try:
        return bool(_DATE.fullmatch(str(value)) and dt.date.fromisoformat(str(value)))
    except ValueError:
        return False


def address(at: At) -> str:
    """Return keys as people write them: `blocks[2].text`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in at).lstrip(".")


class Rules:
    """Collects the problems of blocks; each method is told where it is."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, at: At, rule: str, message: str, limit: int = 0) -> None:
        """Note a problem."""
        self.found.append(Problem(address(at), rule, message, at, limit))

    def keys(self, at: At, value: object, name: str = "", inside: str = "") -> None:
        """Refuse each key that Slack does not document, at any depth; what this knows no kind of may have any.

        name: the key under which the value stands; inside: the kind of what has that key.
        """
        if isinstance(value, list | tuple):
            for index, each in enumerate(value):
                self.keys((*at, index), each, name, inside)
            return
        found = _map(value)
        placed = PLACES.get(name) and PLACES.get(f"{inside}.{name}", PLACES[name])
        kind = name if placed else str(found.get("type"))
        if kind == "image" and name in _BLOCKS:
            kind = "image block"
        known = placed or TYPES.get(kind)
        for key, inner in found.items():
            if known and key not in known:
                self.add((*at, key), "unknown", f"invalid additional property: {key}")
            elif isinstance(inner, _NESTED):
                self.keys((*at, key), inner, key, kind)

    def string(self, at: At, value: object, limit: int, *, needed: bool = True, rule: str = "long") -> None:
        """Check a plain string's presence and length."""
        if value is None and not needed:
            return
        if not isinstance(value, str) or (needed and not value.strip()):
            self.add(at, "empty", "needs text")
        elif len(value) > limit:
            self.add(at, rule, f"{len(value)} characters, at most {limit}", limit)

    def text(
        self, at: At, value: object, limit: int = limits.TEXT, *, plain: bool = False, needed: bool = True
    ) -> None:
        """Check a text object."""
        if value is None and not needed:
            return
        found = _map(value)
        if found.get("type") not in ("plain_text", "mrkdwn"):
            self.add(at, "empty", "needs a text object")
            return
        if plain and found["type"] != "plain_text":
            self.add((*at, "type"), "plain", "must be plain_text")
        self.string((*at, "text"), found.get("text"), limit)

    def identifier(self, at: At, value: object) -> None:
        """Check an optional id."""
        self.string(at, value, limits.IDENTIFIER, needed=False, rule="id")

    def url(self, at: At, value: object) -> None:
        """Check a web address."""
        if not isinstance(value, str) or not re.match(r"https?://[^\s/]", value) or len(value) > limits.URL:
            self.add(at, "url", f"must be an http or https address of at most {limits.URL} characters")

    def count(self, at: At, value: object, low: int, high: int) -> Sequence[Any]:
        """Check a list's length and return it."""
        found = _list(value)
        if len(found) < low:
            self.add(at, "few", f"{len(found)} items, at least {low}")
        elif len(found) > high:
            self.add(at, "many", f"{len(found)} items, at most {high}", high)
        return found

    def number(self, at: At, value: object, low: int, high: int) -> bool:
        """Check a whole number's range."""
        fine = isinstance(value, int) and low <= value <= high
        if not fine:
            self.add(at, "value", f"must be from {low} to {high}")
        return fine

    def confirm(self, at: At, value: object) -> None:
        """Check a confirm dialog."""
        found = _map(value)
        self.text((*at, "title"), found.get("title"), limits.CONFIRM_TITLE, plain=True)
        self.text((*at, "text"), found.get("text"), limits.CONFIRM_TEXT)
        for key in ("confirm", "deny"):
            self.text((*at, key), found.get(key), limits.CONFIRM_BUTTON, plain=True)

    def options(self, at: At, element: Mapping[str, Any]) -> None:
        """Check the options or groups of an element, and that what it starts with is among them."""
        kind = element["type"]
        plain = kind not in {"radio_buttons", "checkboxes"}
        shown: list[tuple[At, Any]] = []
        groups = element.get("option_groups")
        if groups is not None:
            for index, group in enumerate(self.count((*at, "option_groups"), groups, 1, limits.SELECT_GROUPS)):
                here = (*at, "option_groups", index)
                self.text((*here, "label"), _map(group).get("label"), limits.OPTION_GROUP_LABEL, plain=True)
                inside = self.count((*here, "options"), _map(group).get("options"), 1, limits.SELECT_OPTIONS)
                shown += [((*here, "options", number), each) for number, each in enumerate(inside)]
        else:
            most = _OPTION_COUNT.get(kind, limits.SELECT_OPTIONS)
            inside = self.count((*at, "options"), element.get("options"), 1, most)
            shown = [((*at, "options", number), each) for number, each in enumerate(inside)]
        values: set[str] = set()
        for here, each in shown:
            self.option(here, each, values, plain=plain)
        starts: list[tuple[At, Any]] = []
        if "initial_option" in element:
            starts.append(((*at, "initial_option"), element["initial_option"]))
        if "initial_options" in element:
            inside = self.count((*at, "initial_options"), element["initial_options"], 1, limits.SELECT_OPTIONS)
            starts += [((*at, "initial_options", number), each) for number, each in enumerate(inside)]
        for here, each in starts:
            if any(each == known for _, known in shown):
                self.option(here, each, set(), plain=plain)
            else:
                self.add(here, "value", "is not one of the options")

    def option(self, at: At, value: object, values: set[str], *, plain: bool) -> None:
        """Check one option; `values` are those seen before."""
        found = _map(value)
        self.text((*at, "text"), found.get("text"), limits.OPTION_TEXT, plain=plain)
        self.text((*at, "description"), found.get("description"), limits.OPTION_DESCRIPTION, plain=plain, needed=False)
        self.string((*at, "value"), found.get("value"), limits.OPTION_VALUE, rule="id")
        if isinstance(key := found.get("value"), str):
            if key in values:
                self.add(at, "duplicate", "another option has this value")
            values.add(key)

    def element(self, at: At, value: object, allowed: set[str]) -> None:
        """Check one element of an actions block, an input or a section."""
        found = _map(value)
        kind = found.get("type")
        if not isinstance(kind, str) or kind not in allowed:
            self.add(at, "type", f"{kind!r} does not belong here")
            return
        if kind == "image":
            self.picture(at, found)
            return
        self.identifier((*at, "action_id"), found.get("action_id"))
        self.text((*at, "placeholder"), found.get("placeholder"), limits.PLACEHOLDER, plain=True, needed=False)
        if "confirm" in found:
            self.confirm((*at, "confirm"), found["confirm"])
        if kind in {"button", "workflow_button"}:
            self.button(at, found)
        elif kind in {"overflow", "radio_buttons", "checkboxes", "static_select", "multi_static_select"}:
            self.options(at, found)
        elif kind == "plain_text_input":
            self.words(at, found)
        elif kind == "file_input":
            self.number((*at, "max_files"), found.get("max_files", 1), 1, limits.FILES)
        self.picker(at, found)

    def button(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a button."""
        self.text((*at, "text"), found.get("text"), limits.BUTTON_TEXT, plain=True)
        self.string((*at, "value"), found.get("value"), limits.BUTTON_VALUE, needed=False, rule="id")
        label = (*at, "accessibility_label")
        self.string(label, found.get("accessibility_label"), limits.ACCESSIBILITY_LABEL, needed=False)
        if found.get("style") not in (None, "primary", "danger"):
            self.add((*at, "style"), "value", "must be primary or danger")
        if "url" in found:
            self.url((*at, "url"), found["url"])

    def words(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a text box."""
        most = found.get("max_length", limits.INPUT_TEXT)
        if self.number((*at, "max_length"), most, 1, limits.INPUT_TEXT):
            self.number((*at, "min_length"), found.get("min_length", 0), 0, most)
            self.string((*at, "initial_value"), found.get("initial_value"), most, needed=False)

    def picker(self, at: At, found: Mapping[str, Any]) -> None:
        """Check what date and time pickers start with."""
        if "initial_date" in found and not _is_date(found["initial_date"]):
            self.add((*at, "initial_date"), "value", "is not a date")
        if "initial_time" in found and not _TIME.fullmatch(str(found["initial_time"])):
            self.add((*at, "initial_time"), "value", "is not a time")
        if "initial_date_time" in found:
            self.number((*at, "initial_date_time"), found["initial_date_time"], 10**9, 10**10 - 1)
        if "timezone" in found and str(found["timezone"]) not in _zones():
            self.add((*at, "timezone"), "value", "is not an IANA time zone")

    def picture(self, at: At, found: Mapping[str, Any]) -> None:
        """Check an image block or element."""
        self.string((*at, "alt_text"), found.get("alt_text"), limits.ALT_TEXT)
        self.text((*at, "title"), found.get("title"), limits.ALT_TEXT, plain=True, needed=False)
        if ("image_url" in found) == ("slack_file" in found):
            self.add(at, "url", "an image has either an image_url or a slack_file")
        elif "image_url" in found:
            self.url((*at, "image_url"), found["image_url"])

    def table(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a table."""
        for index, row in enumerate(self.count((*at, "rows"), found.get("rows"), 1, limits.TABLE_ROWS)):
            self.count((*at, "rows", index), row, 1, limits.TABLE_COLUMNS)

    def data_table(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a data table: its first row is the head."""
        self.string((*at, "caption"), found.get("caption"), limits.TEXT)
        rows = self.count((*at, "rows"), found.get("rows"), limits.DATA_TABLE_MIN_ROWS, limits.DATA_TABLE_ROWS)
        if len({len(_list(row)) for row in rows}) > 1:
            self.add((*at, "rows"), "shape", "rows differ in length")
        written = 0
        for index, row in enumerate(rows):
            for number, cell in enumerate(self.count((*at, "rows", index), row, 1, limits.TABLE_COLUMNS)):
                text = _map(cell).get("text", "-")
                if not isinstance(text, str) or not text:
                    self.add((*at, "rows", index, number), "shape", "a cell needs text")
                written += len(str(text))
            if written > limits.DATA_TABLE_TEXT:
                self.add((*at, "rows"), "many" if index >= 2 else "shape", "too much text in all", index)
                break
        self.number((*at, "page_size"), found.get("page_size", 1), 1, limits.DATA_TABLE_PAGE)

    def chart(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a chart."""
        self.string((*at, "title"), found.get("title"), limits.CHART_TITLE)
        chart, here = _map(found.get("chart")), (*at, "chart")
        if str(chart.get("type")) not in _CHART_KINDS:
            self.add(here, "type", f"a chart is one of {', '.join(sorted(_CHART_KINDS))}")
        elif chart["type"] == "pie":
            self.points((*here, "segments"), chart.get("segments"), limits.CHART_SERIES)
        else:
            for index, series in enumerate(self.count((*here, "series"), chart.get("series"), 1, limits.CHART_SERIES)):
                inside = (*here, "series", index)
                self.string((*inside, "name"), _map(series).get("name"), limits.CHART_LABEL)
                self.points((*inside, "data"), _map(series).get("data"), limits.CHART_POINTS)

    def points(self, at: At, value: object, most: int) -> None:
        """Check labelled numbers."""
        for index, point in enumerate(self.count(at, value, 1, most)):
            self.string((*at, index, "label"), _map(point).get("label"), limits.CHART_LABEL)
            if not isinstance(_map(point).get("value"), int | float):
                self.add((*at, index), "value", "needs a number")

    def section(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a section: text, fields or both."""
        self.text((*at, "text"), found.get("text"), needed="fields" not in found)
        if "fields" in found:
            for index, each in enumerate(self.count((*at, "fields"), found["fields"], 1, limits.SECTION_FIELDS)):
                self.text((*at, "fields", index), each, limits.SECTION_FIELD)
        if "accessory" in found:
            self.element((*at, "accessory"), found["accessory"], ELEMENTS["accessory"])

    def context(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a line of small print."""
        for index, each in enumerate(self.count((*at, "elements"), found.get("elements"), 1, limits.CONTEXT)):
            if _map(each).get("type") == "image":
                self.picture((*at, "elements", index), each)
            else:
                self.text((*at, "elements", index), each)

    def actions(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a row of elements."""
        for index, each in enumerate(self.count((*at, "elements"), found.get("elements"), 1, limits.ACTIONS)):
            self.element((*at, "elements", index), each, ELEMENTS["actions"])

    def input(self, at: At, found: Mapping[str, Any]) -> None:
        """Check an input."""
        self.text((*at, "label"), found.get("label"), limits.LABEL, plain=True)
        self.text((*at, "hint"), found.get("hint"), limits.LABEL, plain=True, needed=False)
        self.element((*at, "element"), found.get("element"), ELEMENTS["input"])

    def card(self, at: At, found: Mapping[str, Any]) -> None:
        """Check a card."""
        for key, most in (("title", limits.CARD_TITLE), ("subtitle", limits.CARD_SUBTITLE), ("body", limits.CARD_BODY)):
            self.text((*at, key), found.get(key), most, needed=False)
        if "actions" in found:
            for index, each in enumerate(self.count((*at, "actions"), found["actions"], 1, limits.CARD_ACTIONS)):
                self.element((*at, "actions", index), each, ELEMENTS["actions"])
