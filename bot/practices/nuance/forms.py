"""The two forms about a person, the six questions and how to talk to them, and the one that checks a draft."""

import uuid
from collections.abc import Mapping
from typing import Any

from bot.practices.nuance.rules import (
    LANGUAGE,
    LONGEST_FACT,
    LONGEST_WHY,
    LONGEST_WORDS,
    QUESTIONS,
    TONES,
    BadFact,
    Field,
    word_list,
)
from bot.practices.nuance.service import Profile, Said, stamp
from bot.practices.nuance.wording import ASKED, DEPTHS, REACHED_BY
from bot.slack.blocks import View, actions, button, section
from bot.slack.fields import Choice, Option, Radio, Text
from bot.slack.forms import FieldErrors, Form, read_metadata
from bot.slack.text import bold, markup

WHY = "_why"
WHY_LABEL = "Why it matters to the work"
UNKNOWN = Option("unknown", "Not known")
ONE_DAY = "Write it as if they will read it one day."
HINTS = {
    Field.UP_AT_NIGHT: f"{ONE_DAY} Only the client's team sees it, never a channel.",
    Field.LIKES: "Handwritten notes, the mountains, being asked first.",
    Field.TONE_BOSS: "A brief shows it when their boss is there.",
}


def _question(field: Field) -> Text:
    hint = HINTS.get(field, "")
    return Text(field.value, ASKED[field], required=False, multiline=True, max_length=LONGEST_FACT, hint=hint)


def _why(field: Field) -> Text:
    return Text(field.value + WHY, WHY_LABEL, required=False, max_length=LONGEST_WHY)


PROFILE = Form(
    "profile.save",
    "What we know",
    "Save",
    tuple(one for field in QUESTIONS for one in (_question(field), _why(field))),
)
LANGUAGE_CARD = Form(
    "language.save",
    "How to talk to them",
    "Save",
    (
        Choice(
            Field.PREFERS.value,
            ASKED[Field.PREFERS],
            required=False,
            options=(UNKNOWN, *(Option(each.value, words.capitalize()) for each, words in REACHED_BY.items())),
        ),
        Text(Field.HOURS.value, ASKED[Field.HOURS], required=False, max_length=LONGEST_WHY, placeholder="Mornings"),
        Radio(
            Field.DEPTH.value,
            ASKED[Field.DEPTH],
            required=False,
            options=(UNKNOWN, *(Option(depth.value, words.capitalize()) for depth, words in DEPTHS.items())),
        ),
        Text(
            Field.USES.value, ASKED[Field.USES], required=False, max_length=LONGEST_WORDS, hint="Theirs, with commas."
        ),
        Text(
            Field.AVOIDS.value,
            ASKED[Field.AVOIDS],
            required=False,
            max_length=LONGEST_WORDS,
            hint="With commas. Ember checks a draft against them if you ask.",
        ),
        *(_question(field) for field in TONES),
    ),
)
FIRST = {PROFILE.name: tuple(field.value for field in QUESTIONS[:5]), LANGUAGE_CARD.name: tuple(LANGUAGE)}
"""What a form shows until somebody asks for the rest."""
MORE = {
    PROFILE.name: "Up at night, and why each matters",
    LANGUAGE_CARD.name: "Their tone in each setting",
}
FORMS = {form.name: form for form in (PROFILE, LANGUAGE_CARD)}
DRAFT = Form(
    "words.save",
    "Check a draft",
    "Check",
    (
        Text(
            "draft",
            "Your draft",
            multiline=True,
            focus=True,
            missing="Paste what you would send.",
            hint="Nothing is sent, and nothing is kept.",
        ),
    ),
)


def opened(form: Form, known: Profile) -> View:
    """Return one of the two forms with what is known; the whole of it where its second half has something."""
    values: dict[str, Any] = {}
    for field in (*QUESTIONS, *LANGUAGE, *TONES):
        if (fact := known.one(field)) is not None:
            values |= {field.value: fact.text, field.value + WHY: fact.why}
    values = {each.name: values[each.name] for each in form.fields if values.get(each.name)}
    carried = {"p": str(known.contact.id)}
    carried |= {field.value: stamp(known.one(field)) for field in _fields(form)}
    whole = not set(values) <= set(FIRST[form.name])
    return drawn(form, values, carried, known.contact.name, whole=whole)


def drawn(form: Form, values: Mapping[str, Any], carried: Mapping[str, str], name: str, *, whole: bool) -> View:
    """Return one of the two forms about somebody as it is filled in, in short or whole."""
    lead = [section(markup("{name} · the client's team sees this", name=bold(name)))]
    if whole:
        return form.view(values, metadata=carried, before=lead)
    more = actions(button(MORE[form.name], "profile.more", value=form.name), block_id="more")
    return form.view(values, metadata=carried, shown=FIRST[form.name], before=lead, after=[more])


def _fields(form: Form) -> tuple[Field, ...]:
    return QUESTIONS if form is PROFILE else (*LANGUAGE, *TONES)


def read(form: Form, view: Mapping[str, Any], known: Profile) -> dict[Field, Said]:
    """Return what one of the two forms says in the fields that it showed.  Raises FieldErrors."""
    values = form.read(view)
    said: dict[Field, Said] = {}
    errors: dict[str, str] = {}
    for field in _fields(form):
        if field.value not in values:
            continue
        before = known.one(field)
        why = values.get(field.value + WHY, before.why if before is not None else None)
        text = values[field.value] if values[field.value] != UNKNOWN.value else None
        if text is None and values.get(field.value + WHY):
            errors[field.value] = "Write what it is, too."
        try:
            text = word_list(text) or None if text and field in {Field.USES, Field.AVOIDS} else text
        except BadFact as fault:
            errors[field.value] = str(fault)
        said[field] = Said(text, why if text is not None else None)
    if errors:
        raise FieldErrors(errors)
    return said


def shown_stamps(view: Mapping[str, Any]) -> dict[Field, str]:
    """Return the stamps of what stood in a form as it was opened."""
    return {Field(name): value for name, value in read_metadata(view).items() if name in set(Field)}


def draft(contact_id: uuid.UUID, name: str) -> View:
    """Return the form that holds a draft against the words that somebody avoids."""
    lead = section(markup("To {name}", name=bold(name)))
    return DRAFT.view({}, metadata={"p": str(contact_id)}, before=[lead])
