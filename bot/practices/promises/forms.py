"""The forms about promises: the promise itself, and another day for it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.practices.promises import wording
from bot.practices.promises.rows import Promise
from bot.practices.promises.rules import Guess
from bot.slack.blocks import View, actions, button, confirm, context, section
from bot.slack.fields import Choice, Flag, MemberPick, Text
from bot.slack.forms import FieldErrors, Form, stamps
from bot.slack.pickers import Day, Lookup, Picked
from bot.slack.text import Markup, bold, day, lines, markup, shorten
from bot.store.search import Visibility

LONGEST: Final = 500
LONGEST_WHY: Final = 200
MOST_SHOWN: Final = 5
FURTHEST: Final = dt.timedelta(days=366 * 5)
CUT: Final = Markup("The message is longer than fits here. Shorten it to what is promised.")
FORM: Final = Form(
    "promise.save",
    "Promise",
    "Save",
    (
        Lookup("client", "Client", missing="Pick the client.", placeholder="Type the first letters"),
        Text(
            "what",
            "What",
            max_length=LONGEST,
            focus=True,
            missing="Write what is promised.",
            placeholder="The media plan for the launch",
        ),
        Day("due", "By when", missing="Pick the day."),
        MemberPick("carrier", "Who carries it?", required=False, hint="Left empty, it is you."),
        Flag("theirs", "Whose is it?", text="They owe us this"),
        Choice("visibility", "Who can see it", options=READERS),
    ),
)
ABOUT: Final = ("client", "what", "due", "visibility")
KNOWN: Final = ("what", "due", "carrier", "theirs", "visibility")
OF_A_CHECKIN: Final = ("what", "due", "carrier", "theirs")
MOVE: Final = Form(
    "promise.moved",
    "Move a promise",
    "Move",
    (
        Day("to", "New day", missing="Pick the day."),
        Text("why", "Why?", required=False, max_length=LONGEST_WHY, hint="A few words for whoever asks later."),
    ),
)


def blank(nonce: uuid.UUID, client: Client | None, me: str, *, said: Guess | None = None, words: str = "") -> View:
    """Return the form for a new promise; `nonce` makes a double submission one promise.

    me: Slack's id of who carries it unless they say so; said: what was read from a line, words: the line that said no
    day.
    """
    what = " ".join((said.what if said is not None else words).split())
    values = {
        "client": Picked(str(client.id), client.name) if client is not None else None,
        "what": shorten(what, LONGEST) or None,
        "due": said.due if said is not None else None,
        "carrier": me,
        "theirs": said is not None and said.theirs,
        "visibility": Visibility.TEAM.value,
    }
    return FORM.view(values, metadata={"n": str(nonce)}, before=[context(CUT)] if len(what) > LONGEST else [])


def filled(promise: Promise, client: str, carrier: str | None, *, became: Sequence[Markup] = ()) -> View:
    """Return the form for a promise that is kept already, with a way to delete it.

    carrier: Slack's id; became: what became of it so far, line by line.
    """
    values = shown(promise, carrier)
    sure = confirm("Delete this promise?", "It is gone for good, with what became of it.", "Delete", "Keep it")
    key = str(promise.id)
    delete = button("Delete this promise", "promise.drop", value=key, style="danger", confirm=sure)
    return FORM.view(
        values,
        metadata={"p": key, **stamps(values)},
        shown=KNOWN if promise.checkin_id is None else OF_A_CHECKIN,
        before=[section(bold(client))],
        after=[*([context(lines(became[-MOST_SHOWN:]))] if became else []), actions(delete, block_id="delete")],
        title="Edit a promise",
    )


def shown(promise: Promise, carrier: str | None) -> dict[str, Any]:
    """Return what the form shows of a promise, by its fields; carrier: Slack's id."""
    return {
        "what": promise.what,
        "due": promise.due_on,
        "carrier": carrier,
        "theirs": promise.theirs,
        "visibility": promise.visibility.value,
    }


def read(view: Mapping[str, Any], today: dt.date, *, kept: bool) -> dict[str, Any]:
    """Return what a submitted form says; kept: it is about a promise that is there already.  Raises FieldErrors."""
    said = FORM.read(view, always=("what", "due") if kept else ABOUT)
    if said["due"] > today + FURTHEST:
        raise FieldErrors({"due": "Pick a day within five years."})
    if not kept and said["due"] < today:
        raise FieldErrors({"due": "That day has passed. Pick today or a later day."})
    return said


def move(promise: Promise, client: str, today: dt.date) -> View:
    """Return the form that gives a promise another day."""
    about = {"client": client, "what": wording.what(promise), "on": day(promise.due_on, today)}
    lead = section(markup("*{client}:* {what}, due {on}", **about))
    return MOVE.view({"to": max(promise.due_on, today)}, metadata={"p": str(promise.id)}, before=[lead])


def read_move(view: Mapping[str, Any], today: dt.date) -> tuple[dt.date, str | None]:
    """Return the new day of a promise and why it has one.  Raises FieldErrors."""
    said = MOVE.read(view, always=("to",))
    if not today <= said["to"] <= today + FURTHEST:
        raise FieldErrors({"to": "Pick today or a later day, within five years."})
    return said["to"], said.get("why")
