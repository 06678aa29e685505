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
from bot.practices.nuance.service import Profile, Said
from bot.practices.nuance.wording import ASKED, DEPTHS, REACHED_BY
from bot.slack.blocks import View, actions, button, section
from bot.slack.fields import Choice, Option, Radio, Text
from bot.slack.forms import CLEARED, MEANWHILE, FieldErrors, Form, read_metadata, stamps
from bot.slack.text import bold, markup, shorten

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
    kept = _kept(form, known)
    values = {name: text for name, text in kept.items() if text is not None}
    carried = {"p": str(known.contact.id), **stamps(kept)}
    whole = not set(values) <= set(FIRST[form.name])
    return drawn(form, values, carried, known.contact.name, whole=whole)


def _kept(form: Form, known: Profile) -> dict[str, str | None]:
    """Return what is known in each of a form's fields."""
    kept: dict[str, str | None] = {}
    for field in _fields(form):
        fact = known.one(field)
        kept |= {field.value: fact.text, field.value + WHY: fact.why} if fact is not None else {}
    return {each.name: kept.get(each.name) for each in form.fields}


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
    """Return what one of the two forms says; what it left as it was is as it is known by now.

    Raises FieldErrors, also where somebody has said something else there meanwhile.
    """
    typed, errors = form.read(view), dict[str, str]()
    for name, text in typed.items():
        if text == UNKNOWN.value and name in {Field.PREFERS, Field.DEPTH}:
            typed[name] = None
        elif text and name in {Field.USES, Field.AVOIDS}:
            try:
                typed[name] = word_list(text) or None
            except BadFact as fault:
                errors[name] = str(fault)
    if errors:
        raise FieldErrors(errors)
    values = form.merge(typed, _kept(form, known), read_metadata(view))
    said: dict[Field, Said] = {}
    for field in _fields(form):
        text, why = values[field.value], values.get(field.value + WHY)
        if text is None and why is not None:
            errors[field.value] = _half(typed.get(field.value), typed.get(field.value + WHY), why)
        said[field] = Said(text, why)
    if errors:
        raise FieldErrors(errors)
    return said


def _half(text: str | None, typed_why: str | None, why: str) -> str:
    """Return what is wrong with a why that is left alone: by a colleague, by whoever typed it, or by their clearing."""
    if text is not None:
        return CLEARED
    return "Write what it is, too." if typed_why is not None else MEANWHILE.format(now=shorten(why, 200))


def draft(contact_id: uuid.UUID, name: str) -> View:
    """Return the form that holds a draft against the words that somebody avoids."""
    lead = section(markup("To {name}", name=bold(name)))
    return DRAFT.view({}, metadata={"p": str(contact_id)}, before=[lead])
