"""The forms of listening: what somebody answered, a question to ask, three lines about a decision."""

import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.clients.forms import READERS
from bot.practices.clients.service import Client
from bot.practices.listening.reflections import Lines, Reflection
from bot.practices.listening.rules import LONGEST_LINE, LONGEST_QUESTION
from bot.practices.listening.service import Question, Said
from bot.practices.people.service import Contact
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Choice, Text
from bot.slack.forms import Form, read_metadata
from bot.slack.pickers import Lookup, Picked
from bot.slack.text import Markup, bold, markup
from bot.store.search import Visibility
from bot.workspaces.here import as_id

ANSWER = Form(
    "question.answered",
    "What did they say?",
    "Save",
    (
        Lookup("people", "Who answered?", min_query_length=0, missing="Pick who answered."),
        Text(
            "said", "What did they say?", focus=True, multiline=True, missing="Write a few words about what they said."
        ),
        Text(
            "raises",
            "Which next question does it raise?",
            required=False,
            max_length=LONGEST_QUESTION,
            hint="It is offered before one of the next conversations with them.",
        ),
        Choice("visibility", "Who can see it", options=READERS),
    ),
)
QUESTION = Form(
    "question.save",
    "A question to ask",
    "Save",
    (
        Text(
            "question",
            "Question",
            focus=True,
            max_length=LONGEST_QUESTION,
            missing="Write the question.",
            placeholder="What would make this a good month for you?",
            hint="Open ones open up: what, how, who.",
        ),
        Lookup(
            "people",
            "For whom",
            required=False,
            min_query_length=0,
            hint="Left empty, it joins everybody's list, for people at any client.",
        ),
        Choice("visibility", "Who can see it", options=READERS, hint="Everybody's list is for everyone here."),
    ),
)
LINES = Form(
    "reflection.save",
    "Three lines",
    "Save",
    (
        Text("feeling", "What do they feel?", focus=True, max_length=LONGEST_LINE, missing="Write what they may feel."),
        Text("fact", "What is the fact?", max_length=LONGEST_LINE, missing="Write what is known for sure."),
        Text(
            "question",
            "A gentle question to ask",
            max_length=LONGEST_LINE,
            missing="Write a question that leaves the door open.",
            placeholder="What would you want to know before we decide?",
        ),
        Choice("visibility", "Who can see it", options=READERS, hint="No channel ever shows it."),
    ),
)


def answer(nonce: uuid.UUID, question: Question, client: Client, contact: Contact | None) -> View:
    """Return the form for what somebody answered; `nonce` makes a double submission one answer."""
    values = {
        "people": Picked(str(contact.id), contact.name) if contact is not None else None,
        "visibility": Visibility.TEAM.value,
    }
    carried = {"q": str(question.id), "c": str(client.id), "n": str(nonce)}
    return ANSWER.view(values, metadata=carried, before=[section(bold(question.text))])


def read_answer(view: Mapping[str, Any]) -> Said:
    """Return what a submitted form says somebody answered.  Raises FieldErrors."""
    carried, said = read_metadata(view), ANSWER.read(view, always=("people", "said", "visibility"))
    return Said(
        as_id(carried.get("q")),
        as_id(carried.get("c")),
        as_id(said["people"].id),
        said["said"],
        Visibility(said["visibility"]),
        " ".join((said.get("raises") or "").split()),
    )


def question(nonce: uuid.UUID, client: Client) -> View:
    """Return the form for a new question; `nonce` makes a double submission one question."""
    carried = {"c": str(client.id), "n": str(nonce)}
    lead = section(markup("For somebody at {client}, or for everybody's list.", client=client.name))
    return QUESTION.view({"visibility": Visibility.TEAM.value}, metadata=carried, before=[lead])


def lines(checkin_id: uuid.UUID, kept: Reflection | None) -> View:
    """Return the form for three lines about a check-in, filled in with those that are kept already."""
    values = {"visibility": Visibility.ME.value}
    after = []
    if kept is not None:
        values = {
            "feeling": kept.feeling,
            "fact": kept.fact,
            "question": kept.question,
            "visibility": kept.visibility.value,
        }
        sure = confirm("Delete these lines?", "They are gone for good.", "Delete", "Keep them")
        delete = button("Delete these lines", "reflection.drop", value=str(kept.id), style="danger", confirm=sure)
        after = [actions(delete, block_id="delete")]
    lead = section(Markup("For yourself: the question is in your next brief."))
    return LINES.view(values, metadata={"i": str(checkin_id)}, before=[lead], after=after)


def read_lines(view: Mapping[str, Any]) -> Lines:
    """Return the three lines that a submitted form says.  Raises FieldErrors."""
    said = LINES.read(view, always=("feeling", "fact", "question", "visibility"))
    return Lines(said["feeling"], said["fact"], said["question"], Visibility(said["visibility"]))
