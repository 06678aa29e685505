"""What a brief says about the people who will be there: what is sensitive, what to open with, how to talk to them."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.nuance import service
from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import LANGUAGE, OPENS, QUESTIONS, TONES, Depth, Field, opener, tone
from bot.practices.nuance.wording import BRIEFLY, IN_BRIEF, both, told
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Occasion, Section, Value
from bot.slack.text import Markup, bold, lines, markup
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.visibility import Audience

NEEDED = frozenset({*QUESTIONS, *LANGUAGE, *TONES, Field.DETAIL, Field.SENSITIVE})
DEPTHS = {Depth.HEADLINE.value: "headline first", Depth.DETAIL.value: "wants the detail"}
FACTS_EACH = 2
DETAILS_EACH = 3
LANGUAGE_WEIGHT, FACT_WEIGHT, DETAIL_WEIGHT = 30, 20, 10


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what to have at hand about whoever is there, of what an audience may read; about nobody who has left."""
    ids = {one.client_id for one in occasions}
    contacts = await people.of_clients(session, ids)
    facts = await service.of_clients(session, ids, audience, NEEDED)
    by_person: dict[uuid.UUID, list[Fact]] = {}
    for fact in facts:
        if fact.contact_id is not None:
            by_person.setdefault(fact.contact_id, []).append(fact)
    found = {}
    for occasion in occasions:
        present = [one for one in contacts[occasion.client_id] if not one.has_left]
        there = [one for one in present if one.id in occasion.people] if occasion.people else present
        found[occasion.client_id] = _values(occasion, there, by_person, now)
    return found


async def handover(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is sensitive about people who are still there, for whoever takes over and may read it."""
    _ = now
    contacts = await people.of_clients(session, client_ids)
    facts = await service.of_clients(session, client_ids, audience, {Field.SENSITIVE})
    return {
        client_id: [
            value
            for contact in theirs
            if not contact.has_left
            for value in _sensitive(contact, [fact for fact in facts if fact.contact_id == contact.id])
        ]
        for client_id, theirs in contacts.items()
    }


def _values(
    occasion: Occasion, there: Sequence[Contact], by_person: Mapping[uuid.UUID, Sequence[Fact]], now: dt.datetime
) -> list[Value]:
    named = {contact.id: contact for contact in there}
    many = len(there) if occasion.people or len(there) == 1 else None
    values = _opener([fact for one in there for fact in by_person.get(one.id, ())], named, now)
    opens = {value.subject for value in values}
    for contact in there:
        facts = [fact for fact in by_person.get(contact.id, ()) if fact.id not in opens]
        boss_is_there = contact.reports_to_id in occasion.people
        note = tone(occasion.setting, boss_is_there=boss_is_there, there=many)
        values += _sensitive(contact, facts)
        values += _language(contact, facts, note)
        values += [*_facts(contact, facts), *_details(contact, facts)] if len(there) == 1 else _in_one(contact, facts)
    return values


def _opener(facts: Sequence[Fact], named: Mapping[uuid.UUID, Contact], now: dt.datetime) -> list[Value]:
    """Return one human thing to open with; never of what is private, sensitive or somebody's own."""
    fit = [one for one in facts if one.field in OPENS and not one.private and one.visibility is not Visibility.ME]
    fit.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    place = opener([one.created_at.astimezone(now.tzinfo).date() for one in fit], now.date())
    if place is None or (about := fit[place].contact_id) is None:
        return []
    text = markup("*Open with:* {what} ({name})", what=told(fit[place], IN_BRIEF), name=named[about].name)
    return [Value(Section.OPENER, text, subject=fit[place].id, person=about)]


def _sensitive(contact: Contact, facts: Sequence[Fact]) -> list[Value]:
    found = [fact for fact in facts if fact.field is Field.SENSITIVE]
    return [
        Value(
            Section.SENSITIVE,
            markup("{who} {what}", who=bold(f"Sensitive, {contact.name}:"), what=both(fact, IN_BRIEF)),
            -place,
            fact.id,
            person=contact.id,
        )
        for place, fact in enumerate(found)
    ]


def _language(contact: Contact, facts: Sequence[Fact], note: Field | None) -> list[Value]:
    """Return how to talk to somebody who is there: "*Omar's there:* headline first, credit Priya"."""
    kept = {fact.field: fact for fact in facts}
    parts: list[str] = []
    if (depth := kept.get(Field.DEPTH)) is not None:
        parts.append(DEPTHS.get(depth.text, ""))
    if note is not None and note in kept:
        parts.append(told(kept[note], IN_BRIEF))
    if Field.USES in kept:
        parts.append(f"say “{told(kept[Field.USES], IN_BRIEF)}”")
    if Field.AVOIDS in kept:
        parts.append(f"avoid “{told(kept[Field.AVOIDS], IN_BRIEF)}”")
    if not any(parts):
        return []
    text = lines([bold(f"{contact.name}'s there:"), lines(parts, ", ")], " ")
    return [Value(Section.WITH_THEM, text, LANGUAGE_WEIGHT, person=contact.id)]


def _facts(contact: Contact, facts: Sequence[Fact]) -> list[Value]:
    """Return what we know that matters to the work, both halves; what nobody gave a reason for comes after."""
    return [
        Value(Section.WITH_THEM, _about(contact, _in_brief(fact)), FACT_WEIGHT - place, fact.id, person=contact.id)
        for place, fact in enumerate(_known(facts)[:FACTS_EACH])
    ]


def _known(facts: Sequence[Fact]) -> list[Fact]:
    known = [fact for field in QUESTIONS for fact in facts if fact.field is field]
    return sorted(known, key=lambda fact: not fact.why)


def _in_brief(fact: Fact) -> Markup:
    return lines([BRIEFLY[fact.field], both(fact, IN_BRIEF)], " ")


def _about(contact: Contact, said: Markup) -> Markup:
    return lines([bold(f"{contact.name}:"), said], " ")


def _in_one(contact: Contact, facts: Sequence[Fact]) -> list[Value]:
    """Return one line about one of several people: what we know best about them, and their newest little detail."""
    detail = next((both(fact, IN_BRIEF) for fact in facts if fact.field is Field.DETAIL), "")
    said = lines([*(_in_brief(fact) for fact in _known(facts)[:1]), detail], "; ")
    return [Value(Section.WITH_THEM, _about(contact, said), FACT_WEIGHT, person=contact.id)] if said else []


def _details(contact: Contact, facts: Sequence[Fact]) -> list[Value]:
    newest = [fact for fact in facts if fact.field is Field.DETAIL][:DETAILS_EACH]
    if not newest:
        return []
    said = lines([both(fact, IN_BRIEF) for fact in newest], "; ")
    text = lines([bold(f"{contact.name}, little details:"), said], " ")
    return [Value(Section.WITH_THEM, text, DETAIL_WEIGHT, person=contact.id)]
