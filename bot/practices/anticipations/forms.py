"""The form about what a client will need next."""

import uuid
from typing import Any, Final

from bot.practices.anticipations.rules import LONGEST
from bot.practices.anticipations.service import Anticipation
from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Choice, Text
from bot.slack.forms import Form, stamps
from bot.slack.pickers import Lookup, Picked
from bot.slack.text import bold
from bot.store.search import Visibility

FORM: Final = Form(
    "need.save",
    "What will they need?",
    "Save",
    (
        Lookup("client", "Client", missing="Pick the client.", placeholder="Type the first letters"),
        Text(
            "what",
            "What will they need next?",
            multiline=True,
            focus=True,
            max_length=LONGEST,
            missing="Write what they will need.",
            hint="It stands on the card and in each brief until it is done or dropped.",
        ),
        Choice("visibility", "Who can see it", options=READERS),
    ),
)
NEW: Final = ("client", "what", "visibility")


def blank(nonce: uuid.UUID, client: Client | None) -> View:
    """Return the form for something new; `nonce` makes a double submission one thing."""
    values: dict[str, Any] = {"visibility": Visibility.TEAM.value}
    if client is not None:
        values["client"] = Picked(str(client.id), client.name)
    return FORM.view(values, metadata={"n": str(nonce)})


def filled(one: Anticipation, client: str) -> View:
    """Return the form for something that is kept already, with a way to delete it; a check-in has its own readers."""
    values, key = said(one), str(one.id)
    sure = confirm("Delete this?", "It is gone for good.", "Delete", "Keep it")
    delete = button("Delete this", "need.drop", value=key, style="danger", confirm=sure)
    return FORM.view(
        values,
        metadata={"a": key, **stamps(values)},
        shown=tuple(values) if one.checkin_id is None else ("what",),
        before=[section(bold(client))],
        after=[actions(delete, block_id="delete")],
        title="Edit what they'll need",
    )


def said(one: Anticipation) -> dict[str, Any]:
    """Return what is said about something kept, by the form's fields."""
    return {"what": one.what, "visibility": one.visibility}
