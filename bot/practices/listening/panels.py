"""What is shown about questions, answers and three lines, each with a way back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot.practices.clients.forms import open_card
from bot.practices.clients.service import Client
from bot.practices.listening.reflections import Reflection
from bot.practices.listening.service import Answer, Kept, Question
from bot.slack import limits
from bot.slack.blocks import (
    Block,
    Element,
    actions,
    button,
    confirm,
    context,
    header,
    option,
    overflow,
    plain_section,
    section,
)
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, lines, markup, quote, shorten
from bot.store.search import Visibility

OWN_SHOWN = 10
BANK_SHOWN = 15
RETIRED_SHOWN = 5
ANSWERS_SHOWN = 8
ANSWER_SHOWN = 300


@dataclass(frozen=True)
class Asking:
    """All that there is to ask at a client: for its people, for anybody, and what was answered; names by our ids.

    bank: retired ones, too.
    """

    client: Client
    own: Sequence[Question]
    bank: Sequence[Question]
    answered: Sequence[Kept]
    names: Mapping[UUID, str]
    me: UUID


def questions(found: Asking, now: dt.datetime, *, retired: Question | None = None) -> Panel:
    """Return the list of questions; now: in the reader's zone; retired: the one that was taken out of it just now."""
    blocks: list[Block] = [header(shorten(f"Questions for {found.client.name}", limits.HEADER))]
    if retired is not None:
        says = markup("Not asked any more: “{question}”", question=retired.text)
        undo = button("Undo", "question.unretire", value=f"{retired.id}:{found.client.id}")
        blocks.append(section(says, accessory=undo))
    blocks += _own(found)
    blocks += _bank(found)
    blocks += _retired([one for one in found.bank if one != retired], found.client.id, now)
    blocks += _answered(found, now)
    key = str(found.client.id)
    add, back = (
        button("Add a question", "question.new", value=key),
        button("Back to the card", "client.open", value=key),
    )
    blocks.append(actions(add, button("Note a difference", "difference.new", value=key), back))
    return Panel("Questions", f"These are the questions for {found.client.name}.", blocks)


def _own(found: Asking) -> list[Block]:
    blocks: list[Block] = []
    for place, question in enumerate(found.own[:OWN_SHOWN]):
        who = found.names.get(question.contact_id, "") if question.contact_id else ""
        alone = "only you see this" if question.visibility is Visibility.ME else ""
        head = Markup("*For one person*") if not place else ""
        says = lines([head, lines([bold(who), question.text, alone], " · ")])
        blocks.append(section(says, accessory=_menu(question, found.client.id)))
    return [*blocks, *_more(len(found.own) - OWN_SHOWN)]


def _menu(question: Question, client_id: UUID) -> Element:
    answered = option("What they said", f"answer:{_key(question, client_id, question.contact_id)}")
    return overflow(f"question.more:{question.id}", [answered, option("Retire", f"retire:{question.id}:{client_id}")])


def _key(question: Question, client_id: UUID, contact_id: UUID | None) -> str:
    return f"{question.id}:{client_id}:{contact_id or ''}"


def answer_button(question: Question, client_id: UUID, contact_id: UUID | None) -> Element:
    """Return the button that asks what somebody said to a question."""
    heard = shorten(f"Answered: {question.text}", limits.ACCESSIBILITY_LABEL)
    value = _key(question, client_id, contact_id)
    return button("Answered", f"question.answer:{question.id}", value=value, accessibility_label=heard)


def _bank(found: Asking) -> list[Block]:
    blocks: list[Block] = []
    asked = [question for question in found.bank if question.retired_at is None]
    for place, question in enumerate(asked[:BANK_SHOWN]):
        head = Markup("*For everybody*") if not place else ""
        blocks.append(section(lines([head, question.text]), accessory=_menu(question, found.client.id)))
    if not blocks:
        blocks.append(section(Markup("*For everybody*\nThe list is empty. Add a question that opens people up.")))
    return [*blocks, *_more(len(asked) - BANK_SHOWN)]


def _retired(bank: Sequence[Question], client_id: UUID, now: dt.datetime) -> list[Block]:
    """Return what is asked of nobody any more, the latest first, each with its way back."""
    theirs = [(one.retired_at, one) for one in bank if one.retired_at is not None]
    theirs.sort(key=lambda pair: pair[0], reverse=True)
    blocks: list[Block] = []
    for place, (since, question) in enumerate(theirs[:RETIRED_SHOWN]):
        head = Markup("*Not asked any more*") if not place else ""
        text = markup("{question} · since {day}", question=question.text, day=_day(since, now))
        again = option("Ask again", f"again:{question.id}:{client_id}")
        blocks.append(section(lines([head, text]), accessory=overflow(f"question.more:{question.id}", [again])))
    return [*blocks, *_more(len(theirs) - RETIRED_SHOWN)]


def _day(at: dt.datetime, now: dt.datetime) -> str:
    return day(at.astimezone(now.tzinfo).date(), now.date())


def _answered(found: Asking, now: dt.datetime) -> list[Block]:
    blocks: list[Block] = []
    for place, kept in enumerate(found.answered[:ANSWERS_SHOWN]):
        one = kept.answer
        alone = "only you see this" if one.visibility is Visibility.ME else ""
        who = bold(found.names.get(one.contact_id, ""))
        head = lines([who, _day(one.answered_at, now), kept.question.text, alone], " · ")
        said = quote(shorten(one.text, ANSWER_SHOWN))
        text = lines([Markup("*Answered*") if not place else "", head, said])
        blocks.append(section(text, accessory=_drop(one) if one.author_id == found.me else None))
    return blocks


def _drop(one: Answer) -> Element:
    sure = confirm("Delete this answer?", "Its question is offered again.", "Delete", "Keep it")
    return button("Delete", f"answer.drop:{one.id}", value=str(one.id), style="danger", confirm=sure)


def _more(left: int) -> list[Block]:
    return [context(Markup(f"and {left} more"))] if left > 0 else []


def answered(kept: Kept, name: str) -> Panel:
    """Return what is shown once an answer is kept."""
    says = markup("{name}'s answer is kept. That question is not offered for {name} again.", name=name)
    next_one = markup("*Next to ask {name}:* {question}", name=name, question=kept.raised.text) if kept.raised else ""
    undo = button("Undo", f"answer.drop:{kept.answer.id}", value=str(kept.answer.id))
    row = actions(undo, *_ways_on(kept.answer.client_id))
    said = lines([bold(kept.question.text), quote(shorten(kept.answer.text, ANSWER_SHOWN)), says, next_one])
    return Panel("Noted", says, [section(said), row], outcome="The answer is kept.")


def given(one: Answer, question: str, name: str, now: dt.datetime, me: UUID) -> Panel:
    """Return the whole of an answer that is kept; now: in the zone of the reader, whose id is me."""
    alone = "only you see this" if one.visibility is Visibility.ME else ""
    says = lines([bold(name), f"answered {_day(one.answered_at, now)}", question, alone], " · ")
    drop = [_drop(one)] if one.author_id == me else []
    row = actions(*drop, *_ways_on(one.client_id))
    return Panel("Answered", says, [section(says), plain_section(shorten(one.text, limits.TEXT)), row])


def unanswered(kept: Kept) -> Panel:
    """Return what stands where an answer was taken back: its words."""
    says = Markup("That answer is not kept any more. You had written:")
    back = answer_button(kept.question, kept.answer.client_id, kept.answer.contact_id)
    row = actions(back, *_ways_on(kept.answer.client_id))
    blocks = [section(lines([says, quote(shorten(kept.answer.text, limits.TEXT // 2))])), row]
    return Panel("Deleted", says, blocks, outcome="The answer is deleted.")


def added(question: Question, client: Client, name: str) -> Panel:
    """Return what is shown once a question is kept."""
    whose = markup("for {name}", name=name) if name else Markup("on everybody's list")
    says = markup("Kept {whose}: “{question}”", whose=whose, question=question.text)
    undo = button("Undo", "question.retire", value=f"{question.id}:{client.id}")
    return Panel("Kept", says, [section(says), actions(undo, *_ways_on(client.id))], outcome="The question is kept.")


def _ways_on(client_id: UUID) -> tuple[Element, ...]:
    return button("Questions", "question.list", value=str(client_id)), open_card(client_id)


def reflected(kept: Reflection, *, is_new: bool) -> Panel:
    """Return what is shown once three lines are kept; what was there before is changed, and deleted in its form."""
    alone = kept.visibility is Visibility.ME
    says = Markup("Kept for you alone." if alone else "Kept. No channel shows it.")
    asks = markup("*Ask:* {question}", question=kept.question)
    drop = [button("Undo", "reflection.drop", value=str(kept.id))] if is_new else []
    row = actions(*drop, _edit(kept))
    return Panel("Kept", says, [section(lines([says, asks])), row], outcome="Your lines are kept.")


def _edit(kept: Reflection) -> Element:
    return button("Edit", "reflection.new", value=str(kept.checkin_id))


def unasked(kept: Reflection) -> Panel:
    """Return what is shown once a gentle question waits to be asked again."""
    says = markup("Not asked yet: “{question}” It is in your next brief.", question=kept.question)
    return Panel("Not asked yet", says, [section(says), actions(_edit(kept))], outcome="That is taken back.")


def asked(kept: Reflection) -> Panel:
    """Return what is shown once a gentle question was asked."""
    says = markup("Asked: “{question}” Your next brief leaves it out.", question=kept.question)
    undo = button("Undo", "reflection.unasked", value=str(kept.id))
    return Panel("Asked", says, [section(says), actions(undo, open_card(kept.client_id))], outcome="It is noted.")


def dropped(kept: Reflection) -> Panel:
    """Return what stands where three lines were deleted: the lines."""
    says = Markup("These lines are not kept any more. You had written:")
    said = quote(f"{kept.feeling}\n{kept.fact}\n{kept.question}")
    return Panel("Deleted", says, [section(lines([says, said]))], outcome="Your lines are deleted.")
