"""A form is declared once: the modal, the reader with an error per field, the one-line syntax and the help."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Block, View, modal
from bot.slack.field import Field, FieldError
from bot.slack.fields import Text
from bot.slack.text import shorten

MEANWHILE = "Somebody changed this to “{now}” meanwhile. Copy yours, and open the form again."
CLEARED = "Somebody cleared this meanwhile. Copy yours, and open the form again."


class FieldErrors(ValueError):
    """Some answers cannot be used; `errors` has a sentence for each, by the block that shows it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{block}: {message}" for block, message in errors.items()))
        self.errors = dict(errors)

    def response(self) -> dict[str, Any]:
        """Return the answer to a submission that shows each sentence at its field."""
        return {"response_action": "errors", "errors": self.errors}


@dataclass(frozen=True)
class Form:
    """A named list of fields.  `name` is the modal's callback_id, each field's name its block_id and action_id."""

    name: str
    title: str
    submit: str
    fields: tuple[Field[Any], ...]
    close: str = "Cancel"
    usage_prefix: str = ""

    def __post_init__(self) -> None:
        names = [each.name for each in self.fields]
        if len(set(names)) != len(names) or not all(names):
            raise ValueError(f"the fields of {self.name} need names of their own")
        if sum(each.focus for each in self.fields) > 1:
            raise ValueError(f"only one field of {self.name} can have the focus")

    def __getitem__(self, name: str) -> Field[Any]:
        """Return a field by its name."""
        return next(each for each in self.fields if each.name == name)

    def view(
        self,
        values: Mapping[str, Any] = {},
        *,
        metadata: Mapping[str, str] = {},
        shown: Collection[str] | None = None,
        before: Sequence[Block] = (),
        after: Sequence[Block] = (),
        title: str = "",
        submit: str = "",
        close: str = "",
    ) -> View:
        """Return the modal, filled in.

        `metadata` is for ids: the client can read and change it.
        """
        blocks = [each.block(values.get(each.name)) for each in self.fields if shown is None or each.name in shown]
        return modal(
            title or self.title,
            [*before, *blocks, *after],
            callback_id=self.name,
            submit=submit or self.submit,
            close=close or self.close,
            metadata=metadata,
        )

    def read(self, view: object, *, always: Collection[str] = ()) -> dict[str, Any]:
        """Return the answers of the fields that a submitted view has; raises FieldErrors with every fault at once.

        Fields named in `always` are read, and missed, even when the view lacks them.
        """
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        present = _present(view)
        for each in self.fields:
            if each.name not in present and each.name not in always:
                continue
            try:
                values[each.name] = each.read(present.get(each.name))
            except FieldError as error:
                errors[each.name] = str(error)
        if errors:
            raise FieldErrors(errors)
        return values

    def merge(self, said: Mapping[str, Any], kept: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        """Return what is said about something kept, by field; what a form left as it was stays as it is kept by now.

        shown: the `stamps` that the form carried.  Raises FieldErrors where it says one thing and somebody else has
        said another meanwhile.
        """
        values, errors = dict(kept), dict[str, str]()
        before, typed, now = {**stamps(kept), **shown}, stamps(said), stamps(kept)
        for name in kept:
            if name not in said or typed[name] in {before[name], now[name]}:
                continue
            values[name] = said[name]
            if before[name] != now[name]:
                errors[name] = self._meanwhile(name, kept[name])
        if errors:
            raise FieldErrors(errors)
        return values

    def _meanwhile(self, name: str, now: Any) -> str:
        return CLEARED if now is None else MEANWHILE.format(now=shorten(self[name].says(now), 200))

    def state(self, view: object) -> dict[str, Any]:
        """Return whatever is filled in so far, right or wrong, to show it again in another view of this form."""
        present = _present(view)
        found = {each.name: each.typed(present[each.name]) for each in self.fields if each.name in present}
        return {name: value for name, value in found.items() if value is not None}

    def usage(self) -> str:
        """Return the one-line syntax: `/checkin [client] 1–5 note`."""
        return " ".join(part for part in (self.usage_prefix, *(each.usage() for each in self._inline())) if part)

    def help(self) -> list[str]:
        """Return a line for each field."""
        return [each.describe() for each in self.fields]

    def _inline(self) -> list[Field[Any]]:
        inline = [each for each in self.fields if each.inline]
        words = [each for each in inline if isinstance(each, Text)]
        return [each for each in inline if each not in words] + words[-1:]


def stamps(values: Mapping[str, object]) -> dict[str, str]:
    """Return a short word for each value that a form shows; another word means that somebody has changed it."""
    return {name: hashlib.sha256(str(value).encode()).hexdigest()[:8] for name, value in values.items()}


def read_metadata(view: object) -> dict[str, str]:
    """Return what a view carries, {} when that is not ours to read.  It comes from the client: look it up again."""
    packed = view.get("private_metadata") if isinstance(view, Mapping) else None
    try:
        found = json.loads(packed) if isinstance(packed, str) else None
    except (ValueError, RecursionError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in pairs if isinstance(value, str)}


def _present(view: object) -> dict[str, object]:
    """Return the kept state by field, for the fields that a view has."""
    if not isinstance(view, Mapping):
        return {}
    state = view.get("state")
    kept = state.get("values") if isinstance(state, Mapping) else None
    values: Mapping[Any, Any] = kept if isinstance(kept, Mapping) else {}
    blocks = view.get("blocks")
    drawn = (
        [block.get("block_id") for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    )
    present: dict[str, object] = {}
    for block_id in (*values, *drawn):
        if isinstance(block_id, str):
            actions = values.get(block_id)
            present[block_id] = actions.get(block_id) if isinstance(actions, Mapping) else None
    return present
