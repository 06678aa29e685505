"""What to listen for and what to ask, before a conversation."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bot.practices.listening import hearing, reflections, rules, service
from bot.practices.listening.panels import answer_button
from bot.practices.listening.reflections import Reflection
from bot.practices.listening.rules import Heard, Opening
from bot.practices.listening.service import Question
from bot.practices.people.service import Contact
from bot.practices.practice import Occasion, Section, Value
from bot.slack.blocks import button
from bot.slack.text import Markup, day, lines, markup, one_line, shorten
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

LISTENED_WEIGHT, REFLECTED_WEIGHT, OPENING_WEIGHT, QUESTION_WEIGHT = 90, 80, 70, 20
SHOWN = 160
STRUGGLES_SHOWN = 1


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return, by client, what was noticed the last time and what to ask whoever is there."""
    today, ids = now.date(), {occasion.client_id for occasion in occasions}
    said = await hearing.lately(session, ids, audience, since=today - rules.WITHIN)
    everyone = await hearing.there(session, ids)
    gentle = await reflections.waiting(session, ids, audience, now)
    bank = [question for question in await service.bank(session) if question.retired_at is None]
    own = await service.questions_of(session, ids, audience)
    answered = await service.asked_before(session, ids)
    found: dict[uuid.UUID, Sequence[Value]] = {}
    for occasion in occasions:
        client_id = occasion.client_id
        present = [one for one in everyone[client_id] if not occasion.people or one.id in occasion.people]
        names = {one.id: one.name for one in everyone[client_id]}
        heard = hearing.between_the_lines(said[client_id])
        found[client_id] = [
            *_last_time(heard, occasion.people, names, today),
            *_struggles(said[client_id], occasion.people, today),
            *(_gentle(one, audience) for one in gentle if one.client_id == client_id),
            *_openings(heard, present, today),
            *_questions(occasion, present, bank, own, answered, today),
        ]
    return found


def _last_time(
    heard: Sequence[Heard], people: Collection[uuid.UUID], names: Mapping[uuid.UUID, str], today: dt.date
) -> list[Value]:
    values = []
    for place, one in enumerate(rules.last_time(heard, people)):
        person = next(iter(one.people)) if len(one.people) == 1 else None
        who = names.get(person, "") if person else ""
        values.append(Value(Section.LISTEN, noticed(one, who, today), LISTENED_WEIGHT - place, person=person))
    return values


def noticed(one: Heard, who: str, today: dt.date) -> Markup:
    """Return what was noticed: "Last time, Tue 12 May, Priya: paused · not said: the budget · “asked about Q3”"."""
    signs = ", ".join(signal.label for signal in rules.LISTEN_FOR if signal in one.signals)
    unsaid = f"not said: {shorten(one.unsaid.rstrip(' .'), SHOWN)}" if one.unsaid else ""
    note = f"“{shorten(one.note, SHOWN)}”" if one.note else ""
    head = lines(["Last time", day(one.on, today), who], ", ")
    return markup("{head}: {what}", head=head, what=lines([signs, unsaid, note], " · "))


def _struggles(said: hearing.Said, people: AbstractSet[uuid.UUID], today: dt.date) -> list[Value]:
    """Return the newest struggle that somebody told us of."""
    told = [
        (checkin, details)
        for checkin, details in said
        if checkin.struggle and (not people or people & details.people or not details.people)
    ]
    return [
        Value(
            Section.LISTEN,
            markup(
                "Their struggle, {day}: “{struggle}”",
                day=day(checkin.happened_on, today),
                struggle=one_line(checkin.struggle, SHOWN),
            ),
            weight=LISTENED_WEIGHT // 2,
            subject=checkin.id,
        )
        for checkin, _ in told[:STRUGGLES_SHOWN]
    ]


def _gentle(one: Reflection, audience: Audience) -> Value:
    text = markup(
        "{question} (they feel: {feeling} · the fact: {fact})",
        question=shorten(one.question, SHOWN),
        feeling=shorten(one.feeling, SHOWN),
        fact=shorten(one.fact, SHOWN),
    )
    is_theirs = isinstance(audience, Person) and one.author_id == audience.id
    beside = button("I asked", f"reflection.asked:{one.id}", value=str(one.id)) if is_theirs else None
    return Value(Section.ASK, text, REFLECTED_WEIGHT, one.id, beside)


def _openings(heard: Sequence[Heard], present: Sequence[Contact], today: dt.date) -> list[Value]:
    found = rules.openings(heard, today)
    return [
        Value(Section.ASK, ask_openly(found[one.id], one.name), OPENING_WEIGHT, person=one.id)
        for one in present
        if one.id in found
    ]


def ask_openly(opening: Opening, name: str) -> Markup:
    """Return the suggestion to ask somebody an open question, about what stayed unsaid where that is known."""
    if opening.topic:
        topic = shorten(opening.topic, SHOWN)
        return markup("Ask {name} an open question about “{topic}”", name=name, topic=topic)
    signs = ", ".join(signal.label for signal in opening.noticed)
    return markup("Ask {name} an open question about what is on their mind ({signs} lately)", name=name, signs=signs)


def _questions(
    occasion: Occasion,
    present: Sequence[Contact],
    bank: Sequence[Question],
    own: Sequence[Question],
    answered: Collection[tuple[uuid.UUID, uuid.UUID]],
    today: dt.date,
) -> list[Value]:
    names = {one.id: one.name for one in present}
    theirs = {person: [one.id for one in own if one.contact_id == person] for person in names}
    by_id = {one.id: one for one in (*bank, *own)}
    chosen = rules.two_to_ask([one.id for one in bank], theirs, list(names), answered, today)
    values = []
    for place, (question_id, person) in enumerate(chosen):
        question, who = by_id[question_id], names.get(person, "") if person else ""
        text = markup("{question} ({who})", question=question.text, who=who) if who else markup("{q}", q=question.text)
        beside = answer_button(question, occasion.client_id, person)
        values.append(Value(Section.ASK, text, QUESTION_WEIGHT - place, question.id, beside, person=person))
    return values
