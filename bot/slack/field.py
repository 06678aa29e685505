"""What every field of a form is: a question, how its answer is read, how it is typed on one line.

A field's `read` takes what Slack kept for it (`view.state.values[block][action]`), whatever that is: it returns a value
or raises FieldError with a sentence that says what to do, never anything else.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Generic, TypeVar

from bot.slack.blocks import Block, Element, plain
from bot.slack.text import clean

T = TypeVar("T")


class FieldError(ValueError):
    """An answer cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Field(ABC, Generic[T]):
    """A question, declared once.

    `inline` fields are read from one line too; `missing` is the sentence for a required answer that is not there.
    """

    name: str
    label: str
    _: KW_ONLY
    hint: str = ""
    required: bool = True
    placeholder: str = ""
    focus: bool = False
    dispatch: bool = False
    inline: bool = False
    missing: str = ""

    kind: ClassVar[str]
    ask: ClassVar[str] = "fill this in"
    takes_placeholder: ClassVar[bool] = True

    def block(self, value: T | None = None) -> Block:
        """Return the input block, showing a value."""
        element: Element = {"type": self.kind, "action_id": self.name, **self._settings()}
        if self.placeholder and self.takes_placeholder:
            element["placeholder"] = plain(self.placeholder)
        if self.focus:
            element["focus_on_load"] = True
        if value is not None:
            element.update(self._initial(value))
        block: Block = {"type": "input", "block_id": self.name, "label": plain(self.label), "element": element}
        if self.hint:
            block["hint"] = plain(self.hint)
        if not self.required:
            block["optional"] = True
        if self.dispatch:
            block["dispatch_action"] = True
        return block

    def _settings(self) -> Element:
        """Return what the element says beyond its type."""
        return {}

    @abstractmethod
    def _initial(self, value: T) -> Element:
        """Return the part of the element that shows a value."""

    @abstractmethod
    def _parse(self, entry: Mapping[str, Any]) -> T | None:
        """Return what an entry says, None when it says nothing; raises FieldError."""

    def _nothing(self) -> T | None:
        """Return the value of an optional field without an answer."""
        return None

    def read(self, state_entry: object) -> T | None:
        """Return the answer; raises FieldError when it is missing or cannot be used."""
        value = self._parse(state_entry) if isinstance(state_entry, Mapping) else None
        if value is not None:
            return value
        if self.required:
            raise FieldError(self.when_missing())
        return self._nothing()

    def typed(self, state_entry: object) -> T | None:
        """Return whatever is there so far, usable or not."""
        try:
            return self._parse(state_entry) if isinstance(state_entry, Mapping) else None
        except FieldError:
            return None

    def take(self, text: str) -> tuple[T | None, str]:
        """Return the value that a line starts with and the rest; without one, None and the line."""
        return None, text

    def when_missing(self) -> str:
        """Return the sentence for a required answer that is not there."""
        return self.missing or f"{self.label.rstrip(' ?:.')}: {self.ask}."

    def says(self, value: T) -> str:
        """Return a value as people read it."""
        return str(value)

    def usage(self) -> str:
        """Return how the field looks in a one-line example."""
        return self.name if self.required else f"[{self.name}]"

    def describe(self) -> str:
        """Return the field's line of help."""
        notes = [] if self.required else ["optional"]
        notes += [self.hint] if self.hint else []
        return self.label + (f" ({'; '.join(notes)})" if notes else "")


def string(entry: Mapping[str, Any], key: str) -> str:
    """Return the text under a key, cleaned; empty when it is anything else."""
    value = entry.get(key)
    return clean(value) if isinstance(value, str) else ""


def items(entry: Mapping[str, Any], key: str) -> Sequence[Any]:
    """Return the list under a key; empty when it is anything else."""
    value = entry.get(key)
    return value if isinstance(value, list | tuple) else ()


def few(picked: tuple[T, ...], at_most: int | None) -> tuple[T, ...] | None:
    """Return what was picked, None for nothing; raises FieldError over the maximum."""
    if at_most is not None and len(picked) > at_most:
        raise FieldError(f"Choose at most {at_most}.")
    return picked or None
