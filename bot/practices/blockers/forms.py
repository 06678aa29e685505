"""The forms about blockers: the blocker itself, and how it ended."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from bot.practices.blockers.rows import Blocker, Details
from bot.practices.blockers.rules import LABELS, LONGEST, Side
from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Choice, Option, Text
from bot.slack.forms import FieldErrors, Form, stamps
from bot.slack.pickers import Day, Lookup, Picked
from bot.slack.text import bold, markup, shorten
from bot.store.search import Visibility

OLDEST: Final = dt.timedelta(days=366 * 5)
OTHER_WAY: Final = "other_way"
FORM: Final = Form(
    "blocker.save",
    "Note a blocker",
    "Save",
    (
        Lookup("client", "Client", missing="Pick the client.", placeholder="Type the first letters"),
        Text(
            "what",
            "What is in the way?",
            multiline=True,
            focus=True,
            max_length=LONGEST,
            missing="Write what is in the way.",
        ),
        Text("cause", "What may cause it?", required=False, max_length=LONGEST, hint="A guess is fine."),
        Choice(
            "side",
            "Whose side is it on?",
            options=tuple(Option(side.value, label.capitalize()) for side, label in LABELS.items()),
        ),
        Text(
            OTHER_WAY,
            "Another way round",
            required=False,
            multiline=True,
            max_length=LONGEST,
            hint="Left empty, Ember asks once, a week on.",
        ),
        Day("opened_on", "Since", required=False, hint="Left empty, since today."),
        Choice("visibility", "Who can see it", options=READERS),
    ),
)
KNOWN: Final = tuple(each.name for each in FORM.fields if each.name != "client")
CLOSE: Final = Form(
    "blocker.over",
    "It's over",
    "Save",
    (
        Text(
            OTHER_WAY,
            "Another way round",
            multiline=True,
            focus=True,
            max_length=LONGEST,
            missing="Write which way led round it, for the next time.",
            hint="What did we do instead? Somebody will meet this again.",
        ),
        Text("ended", "How did it end?", required=False, multiline=True, max_length=LONGEST),
    ),
)


def blank(
    nonce: uuid.UUID,
    client: Client | None,
    *,
    checkin_id: uuid.UUID | None = None,
    words: str = "",
    visibility: Visibility = Visibility.TEAM,
) -> View:
    """Return the form for a new blocker; `nonce` makes a double submission one blocker.

    words, visibility: of the check-in in which it was noticed, if any.
    """
    values = {
        "client": Picked(str(client.id), client.name) if client is not None else None,
        "what": shorten(words, LONGEST) or None,
        "side": Side.NOT_KNOWN.value,
        "visibility": visibility.value,
    }
    carried = {"k": str(checkin_id)} if checkin_id is not None else {}
    return FORM.view(values, metadata={**carried, "n": str(nonce)})


def filled(one: Blocker, client: str) -> View:
    """Return the form for a blocker that is kept already, with a way to delete it."""
    values = vars(one.details)
    sure = confirm("Delete this blocker?", "It is gone for good.", "Delete", "Keep it")
    key = str(one.id)
    delete = button("Delete this blocker", "blocker.drop", value=key, style="danger", confirm=sure)
    return FORM.view(
        values,
        metadata={"b": key, **stamps(values)},
        shown=KNOWN,
        before=[section(bold(client))],
        after=[actions(delete, block_id="delete")],
        title="Edit a blocker",
    )


def read(view: Mapping[str, Any], today: dt.date, *, kept: bool) -> tuple[Details, str]:
    """Return what a submitted form says, and the client that was picked (empty for a blocker that is kept already).

    Raises FieldErrors.
    """
    said = FORM.read(view, always=("what", "side", "visibility") if kept else ("client", "what", "side", "visibility"))
    opened = said.get("opened_on") or today
    if opened > today:
        raise FieldErrors({"opened_on": "That day is still ahead. Pick today or an earlier day."})
    if opened < today - OLDEST:
        raise FieldErrors({"opened_on": "Pick a day within the last five years."})
    details = Details(
        what=said["what"],
        cause=said.get("cause"),
        side=Side(said["side"]),
        other_way=said.get(OTHER_WAY),
        opened_on=opened,
        visibility=Visibility(said["visibility"]),
    )
    return details, "" if kept else said["client"].id


def close(one: Blocker, client: str) -> View:
    """Return the form that closes a blocker."""
    lead = section(markup("*{client}:* {what}", client=client, what=shorten(one.details.what, 300)))
    values = ending(one)
    return CLOSE.view(values, metadata={"b": str(one.id), **stamps(values)}, before=[lead])


def ending(one: Blocker) -> dict[str, str | None]:
    """Return what the form that closes a blocker shows, by its fields."""
    return {OTHER_WAY: one.details.other_way, "ended": one.ended}
