"""Questions and answers: asked of people at clients, each question once of each of them."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.practices.clients import service as clients
from bot.practices.listening import rows, rules
from bot.practices.listening.rows import Answer, Question
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Entry, Kind, Visibility, drop_entries, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, as_reader

__all__ = [
    "Answer", "AnsweredAlready", "Kept", "NotTheirPerson", "Question", "Said", "add", "answer", "answers",
    "asked_before", "bank", "drop_answer", "forget_person", "given", "question", "questions_of", "readable_answers",
    "readable_questions", "retire", "unretire",
]  # fmt: skip

GONE = "That question is not in the list any more."
GONE_ANSWER = "That answer is not kept here any more."
OTHERS = "Only the person who wrote an answer down can take it back."
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class NotTheirPerson(Exception):
    """The person is not at this client."""


class AnsweredAlready(Exception):
    """The person has answered that question, which the member may read.  Leave the transaction: it is rolled back."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered already")
        self.answer = answer


@dataclass(frozen=True)
class Said:
    """What somebody writes down: who (contact) at which client answered which question, what, who may read it.

    raises: the next question that it raises, for the same person; empty for none.
    """

    question_id: uuid.UUID
    client_id: uuid.UUID
    contact_id: uuid.UUID
    text: str
    visibility: Visibility
    raises: str = ""


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept, with its question and the next one that it raised."""

    answer: Answer
    question: Question
    raised: Question | None = None


async def bank(session: Work) -> list[Question]:
    """Return the questions for anybody, retired ones too: Ember's own until the workspace has changed the list."""
    return await rows.bank(session) or offered(session.workspace_id)


def offered(workspace_id: uuid.UUID) -> list[Question]:
    """Return what Ember offers by itself; its ids stay, whether the questions are kept or not."""
    return [
        Question(
            uuid.uuid5(workspace_id, text),
            None,
            None,
            None,
            text,
            Visibility.EVERYONE,
            LONG_AGO + dt.timedelta(days=place),
        )
        for place, text in enumerate(rules.BANK)
    ]


async def _own_the_list(session: Work) -> None:
    """Keep what Ember offers as the workspace's own list, before the first of it is answered, added to or retired."""
    if not await rows.bank(session):
        await rows.add_questions(session, offered(session.workspace_id))


async def questions_of(session: Work, client_ids: Collection[uuid.UUID], audience: Audience) -> list[Question]:
    """Return the questions for people at clients that an audience may read and nobody retired, the oldest first."""
    return await rows.own_questions(session, client_ids, audience)


async def asked_before(session: Work, client_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (question, contact) for all that was answered at clients, whoever may read the answers."""
    return await rows.answered(session, client_ids)


async def question(session: Work, question_id: uuid.UUID, *, by: Member) -> Question:
    """Return a question that a member may read, a retired one too.  Raises Refused."""
    kept = await rows.readable_questions(session, [question_id], as_reader(by))
    found = kept.get(question_id) or next((one for one in await bank(session) if one.id == question_id), None)
    if found is None:
        raise Refused(GONE)
    return found


async def answer(session: Work, said: Said, *, by: Member, key: str, now: dt.datetime) -> Kept:
    """Keep what somebody answered, once per delivery `key`; what it raises becomes a question for the same person.

    Raises Refused, clients.UnknownClient, NotTheirPerson and AnsweredAlready.
    """
    await clients.hold(session, said.client_id)
    asked = await question(session, said.question_id, by=by)
    await _check_person(session, said.client_id, said.contact_id)
    if asked.contact_id not in {None, said.contact_id}:
        raise NotTheirPerson
    fresh = Answer(
        new_id(), asked.id, said.client_id, said.contact_id, by.id, said.text, said.visibility, answered_at=now
    )
    before = await first_time(session, key, ref=fresh.id, now=now)
    if before is not None:
        kept = (await rows.readable_answers(session, [before], as_reader(by))).get(before)
        return Kept(kept or _gone(), asked)
    earlier = await given(session, asked.id, said.contact_id, as_reader(by))
    if earlier is not None:
        raise AnsweredAlready(earlier)
    await _own_the_list(session)
    raised = None
    if said.raises:
        raised = Question(
            new_id(), said.client_id, said.contact_id, by.id, said.raises, said.visibility, created_at=now
        )
        await rows.add_questions(session, [raised])
        await _put_entry(session, raised)
        fresh = replace(fresh, raised_id=raised.id)
    await rows.add_answer(session, fresh)
    await put_entry(session, Kind.ANSWER, fresh, fresh.text)
    return Kept(fresh, asked, raised)


async def given(session: Work, question_id: uuid.UUID, contact_id: uuid.UUID, audience: Audience) -> Answer | None:
    """Return what a person answered to a question, the newest that an audience may read."""
    theirs = [one.id for one in await rows.answers_of(session, contact_id) if one.question_id == question_id]
    shown = await rows.readable_answers(session, theirs, audience)
    return next((shown[key] for key in reversed(theirs) if key in shown), None)


def _gone() -> Answer:
    raise Refused(GONE_ANSWER)


async def drop_answer(session: Work, answer_id: uuid.UUID, *, by: Member) -> Kept:
    """Forget an answer of one's own and the question it raised; its question is offered again.  Raises Refused."""
    found = (await rows.readable_answers(session, [answer_id], as_reader(by))).get(answer_id) or _gone()
    if found.author_id != by.id:
        raise Refused(OTHERS)
    asked = await question(session, found.question_id, by=by)
    await rows.drop_answer(session, answer_id)
    await drop_entry(session, Kind.ANSWER, answer_id)
    if found.raised_id is not None:
        pairs = await rows.answered(session, [found.client_id])
        if all(question_id != found.raised_id for question_id, _ in pairs):
            await rows.drop_question(session, found.raised_id)
            await drop_entry(session, Kind.QUESTION, found.raised_id)
    return Kept(found, asked)


async def add(
    session: Work,
    client_id: uuid.UUID,
    text: str,
    contact_id: uuid.UUID | None,
    visibility: Visibility,
    *,
    by: Member,
    key: str,
    now: dt.datetime,
) -> Question:
    """Keep a question for a person at a client, or for anybody anywhere; once per delivery `key`.

    Raises clients.UnknownClient, NotTheirPerson, and Refused for one that is gone since.
    """
    if contact_id is None:
        fresh = Question(new_id(), None, None, by.id, text, Visibility.EVERYONE, now)
        await clients.get(session, client_id)
    else:
        fresh = Question(new_id(), client_id, contact_id, by.id, text, visibility, now)
        await _check_person(session, client_id, contact_id)
    before = await first_time(session, key, ref=fresh.id, now=now)
    if before is not None:
        return await question(session, before, by=by)
    await _own_the_list(session)
    await rows.add_questions(session, [fresh])
    await _put_entry(session, fresh)
    return fresh


async def retire(session: Work, question_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Question:
    """Ask a question no more; what was answered to it stays.  Raises Refused and clients.NotTheirs."""
    return await _retire(session, question_id, now, by=by)


async def unretire(session: Work, question_id: uuid.UUID, *, by: Member) -> Question:
    """Ask a question again.  Raises Refused and clients.NotTheirs."""
    return await _retire(session, question_id, None, by=by)


async def _retire(session: Work, question_id: uuid.UUID, at: dt.datetime | None, *, by: Member) -> Question:
    found = await question(session, question_id, by=by)
    if found.client_id is not None and found.author_id != by.id:
        await clients.require_editor(session, await clients.get(session, found.client_id), by)
    await _own_the_list(session)
    await rows.retire(session, question_id, at)
    await _put_entry(session, replace(found, retired_at=at))
    return replace(found, retired_at=at)


async def _put_entry(session: Work, asked: Question) -> None:
    """Have a question for a person found, as long as it is to be asked; those for anybody are in everybody's list."""
    if asked.client_id is not None and asked.author_id is not None:
        entry = Entry(asked.id, asked.client_id, asked.author_id, asked.visibility)
        await put_entry(session, Kind.QUESTION, entry, asked.text if asked.retired_at is None else None)


async def answers(session: Work, client_id: uuid.UUID, audience: Audience, *, limit: int) -> list[Kept]:
    """Return what was answered at a client, as an audience may read it, the newest first."""
    found = await rows.answers(session, client_id, audience, limit=limit)
    asked = await rows.readable_questions(session, {one.question_id for one in found}, audience)
    return [Kept(one, asked[one.question_id]) for one in found if one.question_id in asked]


async def readable_answers(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> Mapping[uuid.UUID, Answer]:
    """Return the answers among these that an audience may read."""
    return await rows.readable_answers(session, ids, audience)


async def readable_questions(
    session: Work, ids: Collection[uuid.UUID], audience: Audience
) -> Mapping[uuid.UUID, Question]:
    """Return the questions among these that an audience may read, retired ones too."""
    return await rows.readable_questions(session, ids, audience)


async def forget_person(session: Work, contact_id: uuid.UUID) -> int:
    """Forget the questions for a person and what they answered; return how many answers there were."""
    gone = await rows.answers_of(session, contact_id)
    await drop_entries(session, Kind.QUESTION, [one.id for one in await rows.questions_for(session, contact_id)])
    await drop_entries(session, Kind.ANSWER, [one.id for one in gone])
    await rows.forget_person(session, contact_id)
    return len(gone)


async def _check_person(session: Work, client_id: uuid.UUID, contact_id: uuid.UUID) -> Contact:
    await clients.get(session, client_id)
    theirs = (await people.of_clients(session, [client_id]))[client_id]
    found = next((contact for contact in theirs if contact.id == contact_id), None)
    if found is None:
        raise NotTheirPerson
    return found
