"""An open modal as the person before it sees and fills it."""

from collections.abc import Mapping
from typing import Any

from bot.playground.elements import ClientSideError, Field, fields_of, plain_name
from bot.playground.views import View

Json = dict[str, Any]


class Modal:
    """A modal on someone's screen.  It follows the app's updates while it is open."""

    def __init__(self, view: View) -> None:
        self.shown = view

    @property
    def view(self) -> Json:
        """Return the view object, state included."""
        return self.shown.seen()

    @property
    def id(self) -> str:
        """Return the view's id."""
        return self.shown.id

    @property
    def title(self) -> str:
        """Return the words at the top."""
        return str((self.shown.source.get("title") or {}).get("text", ""))

    @property
    def errors(self) -> dict[str, str]:
        """Return the errors standing under fields since the last submission, by field name."""
        return {plain_name(block): message for block, message in self.shown.errors.items()}

    @property
    def fields(self) -> list[Field]:
        """Return the fields, in order."""
        return fields_of(self.shown.blocks)

    @property
    def inputs(self) -> list[Field]:
        """Return the fields that a submission is checked for, in order."""
        return [one for one in self.fields if one.block["type"] == "input"]

    def field(self, name: str) -> Field:
        """Return a field by block_id (with or without "~version") or by action_id.

        Raises ClientSideError when there is none.
        """
        for one in self.fields:
            if name in {one.block_id, one.name, one.action_id}:
                return one
        there = ", ".join(one.name for one in self.fields)
        raise ClientSideError(name, f"there is no such field (there are: {there})")

    def block(self, block_id: str) -> Json:
        """Return a block by its id, with or without "~version"; KeyError when there is none."""
        for block in self.shown.blocks:
            if block_id in {block["block_id"], plain_name(block["block_id"])}:
                return block
        raise KeyError(block_id)

    def labels(self) -> list[str]:
        """Return the labels of the inputs, in order."""
        return [one.label for one in self.fields if one.label]

    def text(self) -> str:
        """Return all the words in sections, contexts, headers and alerts, a line for each."""
        return "\n".join(words_of(self.shown.blocks))

    def value(self, name: str) -> object:
        """Return what a field holds now: text, an option's value, a list of values, or None."""
        one = self.field(name)
        state = self.shown.values()[one.block_id][one.action_id]
        held = next(value for key, value in state.items() if key != "type")
        if isinstance(held, list):
            return [item["value"] if isinstance(item, dict) and "value" in item else item for item in held]
        return held["value"] if isinstance(held, dict) and "value" in held else held

    def type_in(self, one: Field, state: Json) -> None:
        """Put a state into a field; ClientSideError when Slack's client would not take it."""
        complaint = one.complaint(state)
        if complaint is not None and not _empty(state):
            raise ClientSideError(one.name, complaint)
        self.shown.typed.setdefault(one.block_id, {})[one.action_id] = state

    def check(self) -> None:
        """Raise ClientSideError for the first field that keeps Slack's client from submitting."""
        values = self.shown.values()
        for one in self.inputs:
            complaint = one.complaint(values[one.block_id][one.action_id])
            if complaint is not None:
                raise ClientSideError(one.name, complaint)


def _empty(state: Mapping[str, Any]) -> bool:
    return all(value in (None, "", []) for key, value in state.items() if key != "type")


def words_of(blocks: list[Json]) -> list[str]:
    """Return the words a person reads in blocks, in order."""
    words: list[str] = []
    for block in blocks:
        parts = [block.get("text"), block.get("title"), block.get("label"), block.get("hint")]
        parts += [*(block.get("fields") or ()), *(block.get("elements") or ()), block.get("accessory")]
        for part in parts:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, dict) and isinstance(part.get("text"), str | dict):
                text = part["text"]
                words.append(str(text["text"] if isinstance(text, dict) else text))
    return words
