"""What people do in Slack with questions, answers, and three lines about a decision."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.listening import forms, hearing, panels, reflections, service
from bot.practices.listening.panels import Asking
from bot.practices.listening.service import Answer, Question
from bot.practices.people import service as people
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors, read_metadata
from bot.slack.panel import Panel
from bot.slack.text import shorten
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

__all__ = ["register"]

CHANGED_LIST = "The list is changed."
NOT_THERE = "That person is not at this client. Pick again."
ALREADY = "They have answered this: “{answer}”. Note this in a check-in, or have that answer deleted first."


def register(app: AsyncApp) -> None:
    """Connect the forms and the buttons."""
    app.view(forms.ANSWER.name)(save_answer)
    app.view(forms.QUESTION.name)(save_question)
    app.view(forms.LINES.name)(save_lines)
    app.action(clicks("question.list"))(show_all)
    app.action(clicks("question.new"))(open_new)
    app.action(clicks("question.answer"))(open_answer)
    app.action(clicks("question.more"))(more)
    app.action(clicks("question.retire"))(retire)
    app.action(clicks("question.unretire"))(unretire)
    app.action(clicks("answer.open"))(show_answer)
    app.action(clicks("answer.drop"))(drop_answer)
    app.action(clicks("reflection.new"))(open_lines)
    app.action(clicks("reflection.asked"))(asked)
    app.action(clicks("reflection.unasked"))(unasked)
    app.action(clicks("reflection.drop"))(drop_lines)


async def show_all(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show the questions for a client, and what was answered."""
    await here.show(ack, await _list(here, as_id(action.get("value"))))


async def _list(here: Here, client_id: uuid.UUID, *, retired: Question | None = None) -> Panel:
    async with here.look() as session:
        client = await clients.get(session, client_id)
        there = (await hearing.there(session, [client_id]))[client_id]
        answered = await service.asked_before(session, [client_id])
        own = await service.questions_of(session, [client_id], here.me)
        known = (await people.of_clients(session, [client_id]))[client_id]
        bank = await service.bank(session)
        found = Asking(
            client,
            [
                one
                for one in own
                if (one.id, one.contact_id) not in answered and one.contact_id in {person.id for person in there}
            ],
            bank,
            await service.answers(session, client_id, here.me, limit=panels.ANSWERS_SHOWN),
            {one.id: one.name for one in known},
            here.member.id,
        )
    return panels.questions(found, here.local, retired=retired)


async def open_new(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask for a new question."""
    async with here.look() as session:
        client = await clients.get(session, as_id(action.get("value")))
    await ack()
    here.open(forms.question(new_id(), client))


async def save_question(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep a new question."""
    carried = read_metadata(view)
    said = forms.QUESTION.read(view, always=("question", "visibility"))
    person = said.get("people")
    try:
        async with here.work() as session:
            question = await service.add(
                session,
                as_id(carried.get("c")),
                " ".join(said["question"].split()),
                as_id(person.id) if person is not None else None,
                Visibility(said["visibility"]),
                by=here.member,
                key=f"view:{as_id(carried.get('n'))}",
                now=here.now,
            )
            client = await clients.get(session, as_id(carried.get("c")))
            name = (await people.get(session, question.contact_id)).name if question.contact_id else ""
    except service.NotTheirPerson:
        raise FieldErrors({"people": NOT_THERE}) from None
    await here.show(ack, panels.added(question, client, name))
    here.changed(client.id)


async def open_answer(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask what somebody said to a question, or show what they have said."""
    await _open_answer(ack, here, str(action.get("value")))


async def _open_answer(ack: AsyncAck, here: Here, carried: str) -> None:
    question_id, _, rest = carried.partition(":")
    client_id, _, contact_id = rest.partition(":")
    async with here.look() as session:
        question = await service.question(session, as_id(question_id), by=here.member)
        client = await clients.get(session, as_id(client_id))
        there = (await hearing.there(session, [client.id]))[client.id]
        contact = next((one for one in there if str(one.id) == contact_id), there[0] if len(there) == 1 else None)
        kept = await service.given(session, question.id, contact.id, here.me) if contact is not None else None
        shown = await _given(session, here, kept) if kept is not None else None
    if shown is not None:
        await here.show_in_window(ack, shown)
        return
    await ack()
    here.open(forms.answer(new_id(), question, client, contact))


async def _given(session: Work, here: Here, kept: Answer) -> Panel:
    asked = (await service.readable_questions(session, [kept.question_id], here.me)).get(kept.question_id)
    name = (await people.get(session, kept.contact_id)).name
    return panels.given(kept, asked.text if asked is not None else "", name, here.local, here.member.id)


async def show_answer(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show the whole of an answer."""
    answer_id = as_id(action.get("value"))
    async with here.look() as session:
        kept = (await service.readable_answers(session, [answer_id], here.me)).get(answer_id)
        if kept is None:
            raise Refused(service.GONE_ANSWER)
        shown = await _given(session, here, kept)
    await here.show(ack, shown)


async def save_answer(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep what somebody said to a question."""
    said, key = forms.read_answer(view), f"view:{as_id(read_metadata(view).get('n'))}"
    try:
        async with here.work() as session:
            kept = await service.answer(session, said, by=here.member, key=key, now=here.now)
            name = (await people.get(session, kept.answer.contact_id)).name
    except service.NotTheirPerson:
        raise FieldErrors({"people": NOT_THERE}) from None
    except service.AnsweredAlready as fact:
        raise FieldErrors({"said": ALREADY.format(answer=shorten(fact.answer.text, 200))}) from None
    await here.show(ack, panels.answered(kept, name))
    here.changed(kept.answer.client_id)


async def drop_answer(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take an answer back; its question is offered again."""
    async with here.work() as session:
        kept = await service.drop_answer(session, as_id(action.get("value")), by=here.member)
    await here.show(ack, panels.unanswered(kept))
    here.changed(kept.answer.client_id)


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in a question's menu."""
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    chosen, _, carried = str(value).partition(":")
    if chosen == "answer":
        await _open_answer(ack, here, carried)
    elif chosen == "again":
        await unretire(ack, here, {"value": carried})
    else:
        await retire(ack, here, {"value": carried})


async def retire(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take a question out of the list."""
    question_id, client_id = _both(action)
    async with here.work() as session:
        gone = await service.retire(session, question_id, by=here.member, now=here.now)
    await here.show(ack, replace(await _list(here, client_id, retired=gone), outcome=CHANGED_LIST))
    here.changed(client_id)


async def unretire(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Put a question back into the list."""
    question_id, client_id = _both(action)
    async with here.work() as session:
        await service.unretire(session, question_id, by=here.member)
    await here.show(ack, replace(await _list(here, client_id), outcome=CHANGED_LIST))
    here.changed(client_id)


def _both(action: Mapping[str, Any]) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the question and the client that a button carries."""
    question_id, _, client_id = str(action.get("value")).partition(":")
    return as_id(question_id), as_id(client_id)


async def open_lines(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the three lines about a check-in of one's own."""
    checkin_id = as_id(action.get("value"))
    async with here.look() as session:
        kept = await reflections.about(session, checkin_id, by=here.member)
    await ack()
    here.open(forms.lines(checkin_id, kept))


async def save_lines(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep three lines about a check-in of one's own."""
    said, checkin_id = forms.read_lines(view), as_id(read_metadata(view).get("i"))
    async with here.work() as session:
        before = await reflections.about(session, checkin_id, by=here.member)
        kept = await reflections.keep(session, checkin_id, said, by=here.member, now=here.now)
    await here.show(ack, panels.reflected(kept, is_new=before is None))
    here.changed(kept.client_id)


async def asked(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a gentle question was asked; the brief it stands in stays."""
    async with here.work() as session:
        kept = await reflections.asked(session, as_id(action.get("value")), by=here.member, at=here.now)
    await here.show_in_window(ack, panels.asked(kept))
    here.changed(kept.client_id)


async def unasked(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Have a gentle question wait to be asked after all."""
    async with here.work() as session:
        kept = await reflections.asked(session, as_id(action.get("value")), by=here.member, at=None)
    await here.show(ack, panels.unasked(kept))
    here.changed(kept.client_id)


async def drop_lines(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Forget three lines; they are shown once more."""
    async with here.work() as session:
        gone = await reflections.drop(session, as_id(action.get("value")), by=here.member)
    await here.show(ack, panels.dropped(gone))
    here.changed(gone.client_id)
