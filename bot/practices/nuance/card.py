"""What a client's card says about its people: a line for each, with how well we know them, and what they care about."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.practices.nuance import service
from bot.practices.nuance.rules import QUESTIONS, Field, completeness
from bot.practices.nuance.wording import told
from bot.practices.people import service as people
from bot.practices.practice import Section, Value
from bot.slack import limits
from bot.slack.blocks import button
from bot.slack.text import lines, markup, shorten, unescape
from bot.store.session import Work
from bot.workspaces.visibility import Audience

CAUSES = 2
IN_SHORT = (Field.PREFERS, Field.HOURS, Field.DEPTH)
"""How somebody likes to be spoken with, in three words on a card; their page says the rest."""


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return a line for each person who is there, with how many of the six questions are answered, and their page.

    A cause that somebody cares about is something to do for them.
    """
    facts = await service.of_clients(session, client_ids, audience, {*QUESTIONS, *IN_SHORT, Field.CAUSE})
    known: dict[uuid.UUID, set[Field]] = {}
    language: dict[uuid.UUID, dict[Field, service.Fact]] = {}
    causes: dict[uuid.UUID, list[service.Fact]] = {}
    for fact in facts:
        if fact.field is Field.CAUSE:
            causes.setdefault(fact.client_id, []).append(fact)
        elif fact.contact_id is not None and fact.field in IN_SHORT:
            language.setdefault(fact.contact_id, {})[fact.field] = fact
        elif fact.contact_id is not None:
            known.setdefault(fact.contact_id, set()).add(fact.field)
    said: dict[uuid.UUID, list[Value]] = {}
    for client_id, values in (await people.card(session, client_ids, audience, now)).items():
        there = {value.subject for value in values}
        said[client_id] = [_line(value, known, language) for value in values]
        about = [one for one in causes.get(client_id, ()) if one.contact_id is None or one.contact_id in there]
        said[client_id] += [_cause(one) for one in about[:CAUSES]]
    return said


def _line(
    value: Value,
    known: Mapping[uuid.UUID, Collection[Field]],
    language: Mapping[uuid.UUID, Mapping[Field, service.Fact]],
) -> Value:
    if value.subject is None:
        return value
    key, fields = str(value.subject), known.get(value.subject, ())
    text = lines([value.text, f"{completeness(fields)} known"], " · ") if fields else value.text
    speaks = language.get(value.subject, {})
    text = lines([text, lines([told(speaks[field]) for field in IN_SHORT if field in speaks], " · ")])
    heard = shorten(f"Profile: {unescape(value.text).replace('*', '')}", limits.ACCESSIBILITY_LABEL)
    opens = button("Profile", f"person.profile:{key}", value=key, accessibility_label=heard)
    return replace(value, text=text, accessory=opens)


def _cause(fact: service.Fact) -> Value:
    text = markup("*Something to do for them:* they care about {cause}", cause=told(fact))
    return Value(Section.WITH_THEM, text, -1, fact.id, person=fact.contact_id)
