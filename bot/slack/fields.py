"""The fields that are written or chosen from a declared list; `pickers` has those that Slack or a lookup fills."""

import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.slack import limits
from bot.slack.blocks import Element, option
from bot.slack.field import Field, FieldError, few, items, string
from bot.slack.pickers import (
    ConversationPick,
    ConversationPicks,
    Day,
    File,
    Hour,
    Lookup,
    Lookups,
    MemberPick,
    MemberPicks,
    Moment,
    Picked,
    Upload,
)
from bot.slack.text import clean, shorten

__all__ = [
    "Checks", "Choice", "Choices", "ConversationPick", "ConversationPicks", "Day", "Email", "Field", "FieldError",
    "File", "Flag", "Hour", "Lookup", "Lookups", "MemberPick", "MemberPicks", "Moment", "Number", "Option", "Picked",
    "Radio", "Text", "Upload", "Url",
]  # fmt: skip

T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_PAUSE = r"(?:[,:.\-–—](?=\s|$)|\s+[-–—:](?=\s|$))?"  # what people put between a rating and the note


@dataclass(frozen=True)
class Option:
    """One choice of a field.  `words` and `faces` are other ways to type it; a value of digits is typed as it is."""

    value: str
    label: str
    description: str = ""
    words: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Written(Field[str]):
    """What is typed into one box."""

    ask = "write a few words"

    def _initial(self, value: str) -> Element:
        return {"initial_value": shorten(value, limits.INPUT_TEXT)} if value else {}

    def _parse(self, entry: Mapping[str, Any]) -> str | None:
        return self.check(text) if (text := string(entry, "value").strip()) else None

    def check(self, text: str) -> str:
        """Return the text as it is kept; raises FieldError."""
        return text

    def typed(self, state_entry: object) -> str | None:
        """Return what stands in the box, as it stands."""
        return (string(state_entry, "value") or None) if isinstance(state_entry, Mapping) else None


@dataclass(frozen=True, kw_only=True)
class Text(_Written):
    """Words, on one line or several."""

    multiline: bool = False
    min_length: int = 0
    max_length: int = limits.INPUT_TEXT

    kind = "plain_text_input"

    def _settings(self) -> Element:
        bounds: Element = {"min_length": self.min_length} if self.min_length else {}
        return {"multiline": self.multiline, "max_length": self.max_length, **bounds}

    def _initial(self, value: str) -> Element:
        return {"initial_value": shorten(value, self.max_length)} if value else {}

    def check(self, text: str) -> str:
        """Return the text as it is kept; raises FieldError."""
        if len(text) < self.min_length:
            raise FieldError(f"Write at least {self.min_length} characters; so far there are {len(text)}.")
        if len(text) > self.max_length:
            raise FieldError(f"Shorten this to {self.max_length:,} characters; now there are {len(text):,}.")
        return text

    def take(self, text: str) -> tuple[str | None, str]:
        """Take the whole line; what is too long is kept as typed and reported by the form."""
        whole = clean(text).strip()
        return (whole, "") if whole else (None, text)


@dataclass(frozen=True, kw_only=True)
class Url(_Written):
    """A web address."""

    kind = "url_text_input"
    ask = "paste a link"

    def check(self, text: str) -> str:
        """Return the text as it is kept; raises FieldError."""
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)
        except ValueError:
            good = False
        if not good or len(text) > limits.URL:
            raise FieldError("Paste a link that starts with https:// or http://.")
        return text


@dataclass(frozen=True, kw_only=True)
class Email(_Written):
    """An e-mail address."""

    kind = "email_text_input"
    ask = "write an e-mail address"

    def check(self, text: str) -> str:
        """Return the text as it is kept; raises FieldError."""
        if len(text) > limits.EMAIL or not _EMAIL.fullmatch(text):
            raise FieldError("Write an e-mail address like name@example.com.")
        return text


@dataclass(frozen=True, kw_only=True)
class Number(Field[int | Decimal]):
    """A whole number (int), or a decimal one (Decimal)."""

    minimum: int | None = None
    maximum: int | None = None
    decimal: bool = False

    kind = "number_input"
    ask = "write a number"

    def _settings(self) -> Element:
        settings: Element = {"is_decimal_allowed": self.decimal}
        if self.minimum is not None:
            settings["min_value"] = str(self.minimum)
        if self.maximum is not None:
            settings["max_value"] = str(self.maximum)
        return settings

    def _initial(self, value: int | Decimal) -> Element:
        return {"initial_value": f"{value:f}" if isinstance(value, Decimal) else str(value)}

    def _parse(self, entry: Mapping[str, Any]) -> int | Decimal | None:
        raw = string(entry, "value").strip()
        if not raw:
            return None
        if not _NUMBER.fullmatch(raw):
            raise FieldError(f"Write a number{self._range()}, in digits.")
        number = Decimal(raw)
        if not self.decimal and number != int(number):
            raise FieldError(f"Write a whole number{self._range()}.")
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise FieldError(f"Write a number{self._range()}.")
        return number if self.decimal else int(number)

    def _range(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f" from {self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f" of at least {self.minimum}"
        return "" if self.maximum is None else f" of at most {self.maximum}"


@functools.lru_cache(maxsize=64)
def _spellings(options: tuple[Option, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each way to type an option: a number, a word (both whole tokens) or a face."""
    found = []
    for choice in options:
        words = [*choice.words, *([choice.value] if choice.value.isdecimal() else [])]
        found += [(rf"{re.escape(word)}{_PAUSE}(?=\s|$)", choice.value) for word in words]
        for face in choice.faces:
            if face.startswith(":"):
                found.append((rf"{re.escape(face)}(?::skin-tone-\d:)?{_PAUSE}", choice.value))
            else:
                bare = re.escape(face.rstrip("\ufe0e\ufe0f"))
                found.append((rf"{bare}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?(?!\u200d){_PAUSE}", choice.value))
    return tuple((re.compile(pattern, re.IGNORECASE), value) for pattern, value in found)


@dataclass(frozen=True, kw_only=True)
class _Optioned(Field[T]):
    """An answer out of a declared list; nothing else is believed."""

    options: tuple[Option, ...]

    def _settings(self) -> Element:
        return {"options": [self._shown(choice) for choice in self.options]}

    @staticmethod
    def _shown(choice: Option) -> Element:
        return option(choice.label, choice.value, choice.description)

    def _known(self, values: Collection[str]) -> list[Element]:
        return [self._shown(choice) for choice in self.options if choice.value in values]

    def _declared(self, picked: object) -> str:
        value = picked.get("value") if isinstance(picked, Mapping) else None
        if not isinstance(value, str) or all(choice.value != value for choice in self.options):
            raise FieldError("Choose from the list; that choice is not in it (any more).")
        return value


@dataclass(frozen=True, kw_only=True)
class Choice(_Optioned[str]):
    """One out of a menu."""

    kind = "static_select"
    ask = "choose one"

    def _initial(self, value: str) -> Element:
        return {"initial_option": known[0]} if (known := self._known({value})) else {}

    def _parse(self, entry: Mapping[str, Any]) -> str | None:
        picked = entry.get("selected_option")
        return None if picked is None else self._declared(picked)

    def says(self, value: str) -> str:
        """Return a value as people read it: its option's label."""
        return next((choice.label for choice in self.options if choice.value == value), value)

    def take(self, text: str) -> tuple[str | None, str]:
        """Take a leading number, word or face that stands for an option."""
        line = text.lstrip()
        for pattern, value in _spellings(self.options):
            if match := pattern.match(line):
                return value, line[match.end() :].strip()
        return None, text

    def usage(self) -> str:
        """Return how the field looks in a one-line example."""
        values = [choice.value for choice in self.options]
        numbered = all(value.isdecimal() for value in values)
        ways = f"{values[0]}–{values[-1]}" if numbered else "|".join((c.words or (c.value,))[0] for c in self.options)
        return ways if self.required else f"[{ways}]"

    def describe(self) -> str:
        """Return the field's line of help, with its options."""
        known = ", ".join(
            f"{choice.value} {choice.label}" if choice.value.isdecimal() else choice.label for choice in self.options
        )
        return f"{super().describe()}: {known}"


@dataclass(frozen=True, kw_only=True)
class Radio(Choice):
    """One out of a few, all in sight."""

    kind = "radio_buttons"
    takes_placeholder = False


@dataclass(frozen=True, kw_only=True)
class Choices(_Optioned[tuple[str, ...]]):
    """Any number out of a menu."""

    at_most: int | None = None

    kind = "multi_static_select"
    ask = "choose at least one"

    def _settings(self) -> Element:
        return super()._settings() | ({"max_selected_items": self.at_most} if self.at_most else {})

    def _initial(self, value: tuple[str, ...]) -> Element:
        return {"initial_options": known} if (known := self._known(value)) else {}

    def _parse(self, entry: Mapping[str, Any]) -> tuple[str, ...] | None:
        picked = {self._declared(item) for item in items(entry, "selected_options")}
        return few(tuple(choice.value for choice in self.options if choice.value in picked), self.at_most)

    def says(self, value: tuple[str, ...]) -> str:
        """Return a value as people read it: its options' labels."""
        return ", ".join(choice.label for choice in self.options if choice.value in value) or "nothing"

    def _nothing(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class Checks(Choices):
    """Any number of boxes to tick."""

    kind = "checkboxes"
    takes_placeholder = False


@dataclass(frozen=True, kw_only=True)
class Flag(Field[bool]):
    """One box to tick; `text` stands beside it.  A required one must be ticked."""

    required: bool = False
    text: str = "Yes"

    kind = "checkboxes"
    ask = "tick the box to go on"
    takes_placeholder = False

    def _settings(self) -> Element:
        return {"options": [option(self.text, "yes")]}

    def _initial(self, value: bool) -> Element:
        return {"initial_options": [option(self.text, "yes")]} if value else {}

    def _parse(self, entry: Mapping[str, Any]) -> bool | None:
        picked = items(entry, "selected_options")
        return True if any(isinstance(item, Mapping) and item.get("value") == "yes" for item in picked) else None

    def typed(self, state_entry: object) -> bool | None:
        """Return whether the box is ticked: unticking one is an answer."""
        return bool(super().typed(state_entry))

    def says(self, value: bool) -> str:
        """Return a value as people read it."""
        return "ticked" if value else "not ticked"

    def _nothing(self) -> bool:
        return False
