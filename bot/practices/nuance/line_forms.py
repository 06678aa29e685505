"""The one-line forms: a little detail, an observation, a cause, something sensitive."""

import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.clients.forms import READERS
from bot.practices.nuance.forms import ONE_DAY, WHY_LABEL
from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import LONGEST_FACT, LONGEST_WHY, MANY, PRIVATE, Field
from bot.practices.nuance.service import Said
from bot.slack.blocks import View, actions, button, confirm, section
from bot.slack.fields import Choice, Option, Text
from bot.slack.forms import Form, read_metadata, stamps
from bot.slack.text import bold, markup
from bot.store.search import Visibility

TEXT, WHY, SEEN_BY, WHOSE = "text", "why", "seen_by", "whose"
THEIRS, CLIENTS = "theirs", "clients"
TEAM, EVERYONE, ME = READERS
ONES = {
    Field.DETAIL: "this detail",
    Field.OBSERVATION: "this observation",
    Field.CAUSE: "this cause",
    Field.SENSITIVE: "this topic",
}


def _text(label: str, hint: str, missing: str) -> Text:
    return Text(TEXT, label, focus=True, multiline=True, max_length=LONGEST_FACT, hint=hint, missing=missing)


def _why(label: str = WHY_LABEL) -> Text:
    return Text(WHY, label, required=False, max_length=LONGEST_WHY)


def _seen_by(field: Field) -> Choice:
    options = (TEAM, ME) if field in PRIVATE else (TEAM, EVERYONE, ME)
    return Choice(SEEN_BY, "Who can see it", options=options)


FORMS = {
    Field.DETAIL: Form(
        "fact.detail",
        "A little detail",
        "Save",
        (
            _text("What is it?", "Oat milk, the dog's name, the marathon on Sunday.", "Write the detail."),
            _why(),
            _seen_by(Field.DETAIL),
        ),
    ),
    Field.OBSERVATION: Form(
        "fact.observation",
        "An observation",
        "Save",
        (
            _text("What did you see them do?", "What they did, rather than what it may mean.", "Write what you saw."),
            _why(),
            _seen_by(Field.OBSERVATION),
        ),
    ),
    Field.CAUSE: Form(
        "fact.cause",
        "A cause they care about",
        "Save",
        (
            _text("What do they care about?", "Something we could help with, too.", "Write what they care about."),
            Choice(
                WHOSE,
                "Whose is it?",
                options=(Option(THEIRS, "This person's"), Option(CLIENTS, "The whole client's")),
            ),
            _seen_by(Field.CAUSE),
        ),
    ),
    Field.SENSITIVE: Form(
        "fact.sensitive",
        "Something sensitive",
        "Save",
        (
            _text("What is the topic?", f"{ONE_DAY} It is never shown in a channel.", "Name the topic."),
            _why("How should one approach it?"),
            _seen_by(Field.SENSITIVE),
        ),
    ),
}


def blank(field: Field, contact_id: uuid.UUID, name: str, nonce: uuid.UUID) -> View:
    """Return the form for one more; `nonce` makes a double submission one fact."""
    carried = {"k": field.value, "p": str(contact_id), "n": str(nonce)}
    values = {SEEN_BY: TEAM.value, WHOSE: THEIRS}
    return FORMS[field].view(values, metadata=carried, before=[section(markup("About {who}", who=bold(name)))])


def filled(fact: Fact, contact_id: uuid.UUID, name: str) -> View:
    """Return the form with one that is kept already, and a way to delete it."""
    form = FORMS[fact.field]
    sure = confirm(f"Delete {ONES[fact.field]}?", "It is gone for good, for everyone.", "Delete", "Keep it")
    key = f"{fact.id}:{contact_id}"
    delete = button("Delete", "fact.drop", value=key, style="danger", confirm=sure)
    values = said_in(fact)
    shown = tuple(each.name for each in form.fields if each.name != WHOSE)
    carried = {"k": fact.field.value, "p": str(contact_id), "f": str(fact.id), **stamps(values)}
    about = section(markup("About {who}", who=bold(name)))
    after = [actions(delete, block_id="delete")]
    return form.view(values, metadata=carried, shown=shown, before=[about], after=after)


def said_in(fact: Fact) -> dict[str, Any]:
    """Return what a fact says, by the form's fields."""
    return {TEXT: fact.text, WHY: fact.why, SEEN_BY: fact.visibility.value}


def read(field: Field, view: Mapping[str, Any], kept: Fact | None = None) -> tuple[Said, Visibility, bool]:
    """Return what a submitted form says, who may see it, and whether it is the whole client's.

    kept: what it is about, as it is by now.  Raises FieldErrors, also where somebody has changed that meanwhile.
    """
    values = FORMS[field].read(view, always=(TEXT, SEEN_BY))
    if kept is not None:
        values = FORMS[field].merge(values, said_in(kept), read_metadata(view))
    said = Said(values[TEXT], values.get(WHY))
    return said, Visibility(values[SEEN_BY]), values.get(WHOSE) == CLIENTS


def kind(carried: Mapping[str, str]) -> Field | None:
    """Return which of them a form is about, None for nothing that Ember knows."""
    return next((field for field in MANY if field.value == carried.get("k")), None)
