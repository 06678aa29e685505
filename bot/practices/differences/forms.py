"""The forms about differences: what is open, and what it came to."""

import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.practices.differences.rules import LONGEST_RESOLUTION, LONGEST_TEXT
from bot.practices.differences.service import Details, Difference
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Choice, Day, Text
from bot.slack.forms import Form, read_metadata, stamps
from bot.slack.text import lines, markup, quote
from bot.store.search import Visibility
from bot.workspaces.here import as_id

FORM = Form(
    "difference.save",
    "Open difference",
    "Save",
    (
        Text(
            "text",
            "What do you see differently?",
            focus=True,
            multiline=True,
            max_length=LONGEST_TEXT,
            missing="Write a few words about what is open.",
            placeholder="They would launch in one market first, we would launch in both",
        ),
        Day("resolve_by", "Resolve by", missing="Pick the day to settle it by."),
        Choice(
            "visibility",
            "Who can see it",
            options=READERS,
            hint="Only me: it is on no digest, and nobody else's card.",
        ),
    ),
)
CLOSING = Form(
    "difference.closed",
    "Settled",
    "Save",
    (
        Text(
            "resolution",
            "What did you settle on?",
            focus=True,
            max_length=LONGEST_RESOLUTION,
            missing="Write in one line what you settled on.",
            placeholder="One market first, the second one in spring",
        ),
    ),
)
ALWAYS = tuple(each.name for each in FORM.fields)


def blank(nonce: uuid.UUID, client: Client, checkin_id: uuid.UUID | None, visibility: Visibility) -> View:
    """Return the form for a new difference; `nonce` makes a double submission one difference."""
    carried = {"c": str(client.id), "n": str(nonce)} | ({"i": str(checkin_id)} if checkin_id else {})
    lead = section(
        markup("With {client}. It comes up once its day has passed, until it is settled.", client=client.name)
    )
    return FORM.view({"visibility": visibility.value}, metadata=carried, before=[lead])


def filled(one: Difference, client_name: str) -> View:
    """Return the form for a difference that is kept already, with a way to delete it."""
    sure = confirm("Delete this difference?", "It is gone for good, as if it had not come up.", "Delete", "Keep it")
    delete = button("Delete this difference", "difference.drop", value=str(one.id), style="danger", confirm=sure)
    values = said(one)
    return FORM.view(
        values,
        metadata={"d": str(one.id), "c": str(one.client_id), **stamps(values)},
        before=[section(markup("With {client}", client=client_name))],
        after=[actions(delete, block_id="delete")],
        title="Edit a difference",
    )


def closing(one: Difference, client_name: str) -> View:
    """Return the form that asks what a difference came to."""
    lead = section(lines([markup("With {client}:", client=client_name), quote(one.text)]))
    values = {"resolution": one.resolution}
    return CLOSING.view(values, metadata={"d": str(one.id), **stamps(values)}, before=[lead])


def said(one: Details | Difference) -> dict[str, Any]:
    """Return what is said about a difference, by the form's fields."""
    return {name: getattr(one, name) for name in ALWAYS}


def read(view: Mapping[str, Any]) -> Details:
    """Return what a submitted form says.  Raises FieldErrors."""
    carried, values = read_metadata(view), FORM.read(view, always=ALWAYS)
    return Details(
        as_id(carried.get("c")),
        values["text"],
        values["resolve_by"],
        Visibility(values["visibility"]),
        as_id(carried["i"]) if "i" in carried else None,
    )
