"""A form is declared once: the modal, the reader with an error per field, the one-line syntax and the help."""

import dataclasses
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.slack.blocks import Block, View, modal
from bot.slack.field import Field, FieldError
from bot.slack.fields import Text

Resolver: TypeAlias = Callable[[str], tuple[Any, str] | None]

_VERSION = "~"


class FieldErrors(ValueError):
    """Some answers cannot be used; `errors` has a sentence for each, by the block that shows it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{block}: {message}" for block, message in errors.items()))
        self.errors = dict(errors)

    def response(self) -> dict[str, Any]:
        """Return the answer to a submission that shows each sentence at its field."""
        return {"response_action": "errors", "errors": self.errors}


@dataclass(frozen=True)
class Line:
    """What one line said: values by field, what was left over, and a sentence for each field that needs attention."""

    values: dict[str, Any]
    rest: str = ""
    errors: dict[str, str] = field(default_factory=dict)


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
        if len(set(names)) != len(names) or any(not name or _VERSION in name for name in names):
            raise ValueError(f"the fields of {self.name} need names of their own, without {_VERSION}")
        if sum(each.focus for each in self.fields) > 1:
            raise ValueError(f"only one field of {self.name} can have the focus")

    def __getitem__(self, name: str) -> Field[Any]:
        """Return a field by its name."""
        return next(each for each in self.fields if each.name == name)

    def adapt(self, **changes: Mapping[str, Any]) -> "Form":
        """Return the form with some fields declared differently: `form.adapt(tags={"options": ours})`."""
        changed = tuple(dataclasses.replace(each, **changes.get(each.name, {})) for each in self.fields)
        return dataclasses.replace(self, fields=changed)

    def view(
        self,
        values: Mapping[str, Any] = {},
        *,
        metadata: Mapping[str, str] = {},
        shown: Collection[str] | None = None,
        before: Sequence[Block] = (),
        after: Sequence[Block] = (),
        version: str = "",
        title: str = "",
        submit: str = "",
        close: str = "",
        notify_on_close: bool = False,
        external_id: str = "",
    ) -> View:
        """Return the modal, filled in.

        Slack keeps what was typed while a block_id stays; another `version` gives new ones and so resets the fields.
        `metadata` is for ids: the client can read and change it.
        """
        blocks = [each.block(values.get(each.name)) for each in self.fields if shown is None or each.name in shown]
        if version:
            blocks = [block | {"block_id": f"{block['block_id']}{_VERSION}{version}"} for block in blocks]
        return modal(
            title or self.title,
            [*before, *blocks, *after],
            callback_id=self.name,
            submit=submit or self.submit,
            close=close or self.close,
            metadata=metadata,
            notify_on_close=notify_on_close,
            external_id=external_id,
        )

    def read(self, view: object, *, always: Collection[str] = ()) -> dict[str, Any]:
        """Return the answers of the fields that a submitted view has; raises FieldErrors with every fault at once.

        Fields named in `always` are read, and missed, even when the view lacks them.
        """
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        present = _present(view)
        for each in self.fields:
            block, entry = present.get(each.name, (each.name, None))
            if each.name not in present and each.name not in always:
                continue
            try:
                values[each.name] = each.read(entry)
            except FieldError as error:
                errors[block] = str(error)
        if errors:
            raise FieldErrors(errors)
        return values

    def state(self, view: object) -> dict[str, Any]:
        """Return whatever is filled in so far, right or wrong, to show it again in another view of this form."""
        present = _present(view)
        found = {each.name: each.typed(present[each.name][1]) for each in self.fields if each.name in present}
        return {name: value for name, value in found.items() if value is not None}

    def read_line(self, text: str, resolve: Mapping[str, Resolver] = {}, *, known: Mapping[str, Any] = {}) -> Line:
        """Return what one line says.  Inline fields take their part in order; the last Text takes the rest.

        A resolver gets the line and returns a field's value and the rest, or None.  `known` values stand in for what
        the line leaves out.  Nothing typed is dropped: a fault is a sentence in `errors`, its value stays.
        """
        rest = text.strip()
        values: dict[str, Any] = dict(known)
        for each in self._inline():
            taken = resolve[each.name](rest) if each.name in resolve else each.take(rest)
            if taken is not None and taken[0] is not None:
                values[each.name], rest = taken[0], taken[1].strip()
        return Line(values, rest, dict(self._faults(values)))

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

    def _faults(self, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for each in self._inline():
            value = values.get(each.name)
            if value is None:
                if each.required:
                    yield each.name, each.when_missing()
            elif isinstance(each, Text):
                try:
                    each.check(value)
                except FieldError as error:
                    yield each.name, str(error)


def read_metadata(view: object) -> dict[str, str]:
    """Return what a view carries, {} when that is not ours to read.  It comes from the client: look it up again."""
    packed = view.get("private_metadata") if isinstance(view, Mapping) else None
    try:
        found = json.loads(packed) if isinstance(packed, str) else None
    except (ValueError, RecursionError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in pairs if isinstance(value, str)}


def _present(view: object) -> dict[str, tuple[str, object]]:
    """Return block_id and kept state by field, for the fields that a view has."""
    if not isinstance(view, Mapping):
        return {}
    state = view.get("state")
    kept = state.get("values") if isinstance(state, Mapping) else None
    values: Mapping[Any, Any] = kept if isinstance(kept, Mapping) else {}
    blocks = view.get("blocks")
    drawn = (
        [block.get("block_id") for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    )
    present: dict[str, tuple[str, object]] = {}
    for block_id in (*values, *drawn):
        if isinstance(block_id, str):
            name = block_id.split(_VERSION, 1)[0]
            actions = values.get(block_id)
            present[name] = (block_id, actions.get(name) if isinstance(actions, Mapping) else None)
    return present
