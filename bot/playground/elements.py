"""What Slack's client does with input elements: initial values, typing, choosing, and the checks before it sends."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]

STATE: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
"""Element type to the key of its state and the key of its initial value."""

MANY = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
LONGEST_TEXT = 3000
REMEMBERED = 300
"""How many blocks of those that were replaced may still be pressed in."""


class ClientSideError(Exception):
    """Slack's client would not let the person do this: the field (or action) and the sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Field:
    """An element that holds a value, in its block."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """Return the block's id."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """Return the element's id."""
        return str(self.element.get("action_id", ""))

    @property
    def name(self) -> str:
        """Return the block's id without the "~version" that resets a field."""
        return plain_name(self.block_id)

    @property
    def label(self) -> str:
        """Return what stands above the field."""
        return str((self.block.get("label") or {}).get("text", ""))

    @property
    def required(self) -> bool:
        """Tell whether Slack's client insists on a value."""
        return self.block["type"] == "input" and not self.block.get("optional", False)

    def initial(self) -> Json:
        """Return the element's state before anyone has touched it."""
        key, initial = STATE[self.element["type"]]
        empty: object = [] if key in MANY else None
        return {"type": self.element["type"], key: self.element.get(initial, empty)}

    def state(self, value: object) -> Json:
        """Return the element's state holding a value given as a person would say it.

        Raises ClientSideError where Slack's client would not accept it.
        """
        kind = self.element["type"]
        key, _ = STATE[kind]
        if value is None:
            return {"type": kind, key: [] if key in MANY else None}
        if key in MANY:
            if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
                raise ClientSideError(self.name, "takes several values: give a list")
            return {"type": kind, key: [self._one(item) for item in value]}
        return {"type": kind, key: self._one(value)}

    def complaint(self, state: Mapping[str, Any]) -> str | None:
        """Return why Slack's client refuses to send this state, or None."""
        value = state[STATE[self.element["type"]][0]]
        if value in (None, "", []):
            return "Please complete this required field." if self.required else None
        if isinstance(value, list):
            most = self.element.get("max_selected_items")
            return f"You can select at most {most} items." if most and len(value) > most else None
        return self._complaint_of_text(value) if isinstance(value, str) and "value" in state else None

    def _complaint_of_text(self, text: str) -> str | None:
        kind = self.element["type"]
        if len(text) > self.element.get("max_length", LONGEST_TEXT):
            return f"Must be at most {self.element.get('max_length', LONGEST_TEXT)} characters."
        if len(text) < self.element.get("min_length", 0):
            return f"Must be at least {self.element['min_length']} characters."
        if kind == "number_input":
            return self._complaint_of_number(text)
        if kind == "email_text_input" and "@" not in text:
            return "Please enter a valid email address."
        if kind == "url_text_input" and "://" not in text:
            return "Please enter a valid URL."
        return None

    def _complaint_of_number(self, text: str) -> str | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return "Please enter a number."
        if not self.element.get("is_decimal_allowed", False) and number != number.to_integral_value():
            return "Please enter a whole number."
        low, high = self.element.get("min_value"), self.element.get("max_value")
        if low is not None and number < Decimal(str(low)):
            return f"Must be at least {low}."
        if high is not None and number > Decimal(str(high)):
            return f"Must be at most {high}."
        return None

    def _one(self, value: object) -> object:
        kind = self.element["type"]
        if kind in {"static_select", "multi_static_select", "radio_buttons", "checkboxes"}:
            return self._option(value)
        if kind in {"external_select", "multi_external_select"}:
            if not isinstance(value, Mapping):
                raise ClientSideError(self.name, "is picked from what the app suggests: search first")
            return dict(value)
        if kind == "rich_text_input" and isinstance(value, str):
            section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
            return {"type": "rich_text", "elements": [section]}
        if kind == "file_input":
            return value
        return self._scalar(kind, value)

    def _scalar(self, kind: str, value: object) -> object:
        if kind == "datetimepicker":
            return int(value.timestamp()) if isinstance(value, dt.datetime) else int(str(value))
        if kind == "datepicker":
            return self._date(value)
        if isinstance(value, dt.time):
            return value.strftime("%H:%M")
        text = str(getattr(value, "id", value))
        return " ".join(text.splitlines()) if kind == "plain_text_input" and not self.element.get("multiline") else text

    def _date(self, value: object) -> str:
        try:
            return dt.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise ClientSideError(self.name, f"{value!r} is not a date") from None

    def _option(self, value: object) -> Json:
        options = options_of(self.element)
        wanted = value["value"] if isinstance(value, Mapping) else str(value)
        for option in options:
            if wanted in {option.get("value"), option["text"]["text"]}:
                return option
        offered = ", ".join(str(option.get("value")) for option in options)
        raise ClientSideError(self.name, f"{wanted!r} is not offered (there are: {offered})")


def plain_name(block_id: str) -> str:
    """Return a block_id without its "~version"."""
    return block_id.partition("~")[0]


def options_of(element: Mapping[str, Any]) -> list[Json]:
    """Return the options of an element, those in groups included."""
    grouped = [option for group in element.get("option_groups") or () for option in group["options"]]
    return [*(element.get("options") or ()), *grouped]


def elements_of(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Walk through the elements a person can touch, each with the block it stands in."""
    for block in blocks:
        parts = [block.get("accessory"), block.get("element")]
        parts += [*(block.get("actions") or ()), *(block.get("elements") or ())]
        for element in parts:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        inner = block.get("blocks") or block.get("child_blocks") or ()
        yield from elements_of([*inner, *(part for part in parts if isinstance(part, dict) and "actions" in part)])


def remembered(blocks: Sequence[Json], past: Sequence[Json]) -> list[Json]:
    """Return the blocks that stood in a place before, the newest first, once these are replaced."""
    return [*blocks, *past][:REMEMBERED]


def fields_of(blocks: Sequence[Json]) -> list[Field]:
    """Return the elements that hold a value, in order."""
    return [Field(block, element) for block, element in elements_of(blocks) if element.get("type") in STATE]
