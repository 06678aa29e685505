"""Questions and what was answered to them, and three lines about a decision, as they are kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.practices.checkins.source import FromCheckin
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.session import Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql


class QuestionRow(InWorkspace, Base):
    """A question to ask: of one person at a client, or of anybody where there is no contact.

    author_id: None for what Ember offers by itself.
    """

    __tablename__ = "question"
    __table_args__ = (sa.Index(None, "workspace_id", "contact_id"), sa.Index(None, "client_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class AnswerRow(InWorkspace, Base):
    """What somebody at a client said to a question; raised_id: the next question that it raised."""

    __tablename__ = "answer"
    __table_args__ = (sa.Index(None, "client_id", "answered_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    answered_at: Mapped[dt.datetime]
    raised_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("question.id", ondelete="SET NULL"), index=True)


class ReflectionRow(FromCheckin, InWorkspace, Base):
    """Three lines about a decision that looked emotional: what they feel, the fact, a gentle question to ask."""

    put_back = ("feeling", "fact", "question")
    __tablename__ = "reflection"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "checkin_id"), sa.Index(None, "client_id", "author_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    checkin_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    feeling: Mapped[str] = mapped_column(sa.Text())
    fact: Mapped[str] = mapped_column(sa.Text())
    question: Mapped[str] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    created_at: Mapped[dt.datetime]
    asked_at: Mapped[dt.datetime | None]


@dataclass(frozen=True)
class Question:
    """A question to ask: of whom (our id; None: of anybody), by whom it was written, who may read it."""

    id: uuid.UUID
    client_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    author_id: uuid.UUID | None
    text: str
    visibility: Visibility
    created_at: dt.datetime
    retired_at: dt.datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What a person (contact) said to a question, who wrote it down and who may read it."""

    id: uuid.UUID
    question_id: uuid.UUID
    client_id: uuid.UUID
    contact_id: uuid.UUID
    author_id: uuid.UUID
    text: str
    visibility: Visibility
    answered_at: dt.datetime
    raised_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Reflection:
    """Three lines about a decision in a check-in; asked_at: when the gentle question was asked."""

    id: uuid.UUID
    client_id: uuid.UUID
    checkin_id: uuid.UUID
    author_id: uuid.UUID
    feeling: str
    fact: str
    question: str
    visibility: Visibility
    created_at: dt.datetime
    asked_at: dt.datetime | None = None


QUESTION: tuple[Any, ...] = (
    QuestionRow.id,
    QuestionRow.client_id,
    QuestionRow.contact_id,
    QuestionRow.author_id,
    QuestionRow.text,
    QuestionRow.visibility,
    QuestionRow.created_at,
    QuestionRow.retired_at,
)
ANSWER: tuple[Any, ...] = (
    AnswerRow.id,
    AnswerRow.question_id,
    AnswerRow.client_id,
    AnswerRow.contact_id,
    AnswerRow.author_id,
    AnswerRow.text,
    AnswerRow.visibility,
    AnswerRow.answered_at,
    AnswerRow.raised_id,
)
REFLECTION: tuple[Any, ...] = (
    ReflectionRow.id,
    ReflectionRow.client_id,
    ReflectionRow.checkin_id,
    ReflectionRow.author_id,
    ReflectionRow.feeling,
    ReflectionRow.fact,
    ReflectionRow.question,
    ReflectionRow.visibility,
    ReflectionRow.created_at,
    ReflectionRow.asked_at,
)
_OF_A_CLIENT = cast("InstrumentedAttribute[uuid.UUID]", QuestionRow.client_id)
_BY_SOMEBODY = cast("InstrumentedAttribute[uuid.UUID]", QuestionRow.author_id)


def _readable_questions(audience: Audience) -> sa.ColumnElement[bool]:
    """Return the criterion for the questions an audience may read: everybody's list, and people's by visibility."""
    theirs = may_see_sql(audience, QuestionRow.visibility, client_id=_OF_A_CLIENT, author_id=_BY_SOMEBODY)
    return sa.or_(QuestionRow.contact_id.is_(None), theirs)


async def add_questions(session: Work, questions: Collection[Question]) -> None:
    """Keep questions; one that is kept already stays as it is."""
    for question in questions:
        await session.add_once(QuestionRow, **vars(question))


async def bank(session: Work) -> list[Question]:
    """Return the questions for anybody, retired ones among them, in an order that stays."""
    query = sa.select(*QUESTION).where(QuestionRow.contact_id.is_(None))
    found = await session.execute(query.order_by(QuestionRow.created_at, QuestionRow.id))
    return [Question(*row) for row in found]


async def own_questions(session: Work, client_ids: Collection[uuid.UUID], audience: Audience) -> list[Question]:
    """Return the questions for people at clients that an audience may read and nobody retired, the oldest first."""
    query = sa.select(*QUESTION).where(
        QuestionRow.client_id.in_(set(client_ids)), QuestionRow.retired_at.is_(None), _readable_questions(audience)
    )
    found = await session.execute(query.order_by(QuestionRow.created_at, QuestionRow.id))
    return [Question(*row) for row in found]


async def readable_questions(
    session: Work, ids: Collection[uuid.UUID], audience: Audience
) -> dict[uuid.UUID, Question]:
    """Return the questions among these that an audience may read, retired ones too."""
    query = sa.select(*QUESTION).where(QuestionRow.id.in_(set(ids)), _readable_questions(audience))
    return {question.id: question for question in (Question(*row) for row in await session.execute(query))}


async def retire(session: Work, question_id: uuid.UUID, retired_at: dt.datetime | None) -> None:
    """Ask a question no more; None: ask it again."""
    change = sa.update(QuestionRow).where(QuestionRow.id == question_id)
    await session.execute(change.values(retired_at=retired_at))


async def drop_question(session: Work, question_id: uuid.UUID) -> None:
    """Forget a question, and what was answered to it."""
    await session.execute(sa.delete(QuestionRow).where(QuestionRow.id == question_id))


async def add_answer(session: Work, answer: Answer) -> None:
    """Keep what somebody said to a question."""
    await session.add_row(AnswerRow, **vars(answer))


async def answered(session: Work, client_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (question, contact) for all that was answered at clients, whoever may read what was said."""
    query = sa.select(AnswerRow.question_id, AnswerRow.contact_id).where(AnswerRow.client_id.in_(set(client_ids)))
    return {(question_id, contact_id) for question_id, contact_id in await session.execute(query)}


async def answers(session: Work, client_id: uuid.UUID, audience: Audience, *, limit: int) -> list[Answer]:
    """Return what was answered at a client, as an audience may read it, the newest first."""
    query = sa.select(*ANSWER).where(AnswerRow.client_id == client_id, _readable_answers(audience))
    found = await session.execute(query.order_by(AnswerRow.answered_at.desc(), AnswerRow.id.desc()).limit(limit))
    return [Answer(*row) for row in found]


async def readable_answers(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Answer]:
    """Return the answers among these that an audience may read."""
    query = sa.select(*ANSWER).where(AnswerRow.id.in_(set(ids)), _readable_answers(audience))
    return {answer.id: answer for answer in (Answer(*row) for row in await session.execute(query))}


def _readable_answers(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(audience, AnswerRow.visibility, client_id=AnswerRow.client_id, author_id=AnswerRow.author_id)


async def drop_answer(session: Work, answer_id: uuid.UUID) -> None:
    """Forget an answer."""
    await session.execute(sa.delete(AnswerRow).where(AnswerRow.id == answer_id))


async def answers_of(session: Work, contact_id: uuid.UUID) -> list[Answer]:
    """Return all that a person answered, whoever may read it, the oldest first."""
    query = sa.select(*ANSWER).where(AnswerRow.contact_id == contact_id)
    return [Answer(*row) for row in await session.execute(query.order_by(AnswerRow.answered_at, AnswerRow.id))]


async def forget_person(session: Work, contact_id: uuid.UUID) -> None:
    """Forget the questions for a person and what they answered."""
    await session.execute(sa.delete(AnswerRow).where(AnswerRow.contact_id == contact_id))
    await session.execute(sa.delete(QuestionRow).where(QuestionRow.contact_id == contact_id))


async def put_reflection(session: Work, reflection: Reflection) -> None:
    """Keep three lines about a check-in, in place of those there were."""
    await session.put_row(ReflectionRow, key=["workspace_id", "checkin_id"], keep=["created_at"], **vars(reflection))


async def reflection_on(session: Work, checkin_id: uuid.UUID) -> Reflection | None:
    """Return the three lines about a check-in, if there are any."""
    query = sa.select(*REFLECTION).where(ReflectionRow.checkin_id == checkin_id)
    row = (await session.execute(query)).one_or_none()
    return Reflection(*row) if row else None


async def reflections(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.datetime
) -> list[Reflection]:
    """Return the three lines since an instant that an audience may read and nobody has asked yet, newest first."""
    allowed = may_see_sql(
        audience, ReflectionRow.visibility, client_id=ReflectionRow.client_id, author_id=ReflectionRow.author_id
    )
    query = sa.select(*REFLECTION).where(
        ReflectionRow.client_id.in_(set(client_ids)),
        ReflectionRow.created_at >= since,
        ReflectionRow.asked_at.is_(None),
        allowed,
    )
    found = await session.execute(query.order_by(ReflectionRow.created_at.desc(), ReflectionRow.id.desc()))
    return [Reflection(*row) for row in found]


async def get_reflection(session: Work, reflection_id: uuid.UUID) -> Reflection | None:
    """Return three lines by id."""
    row = (await session.execute(sa.select(*REFLECTION).where(ReflectionRow.id == reflection_id))).one_or_none()
    return Reflection(*row) if row else None


async def asked(session: Work, reflection_id: uuid.UUID, at: dt.datetime | None) -> None:
    """Note when a gentle question was asked; None: not yet, after all."""
    change = sa.update(ReflectionRow).where(ReflectionRow.id == reflection_id)
    await session.execute(change.values(asked_at=at))


async def drop_reflections(session: Work, ids: Collection[uuid.UUID]) -> None:
    """Forget three lines each."""
    await session.execute(sa.delete(ReflectionRow).where(ReflectionRow.id.in_(set(ids))))


async def questions_for(session: Work, contact_id: uuid.UUID) -> list[Question]:
    """Return the questions for a person, retired ones too, whoever may read them, the oldest first."""
    query = sa.select(*QUESTION).where(QuestionRow.contact_id == contact_id)
    return [Question(*row) for row in await session.execute(query.order_by(QuestionRow.created_at, QuestionRow.id))]


async def reflections_on(
    session: Work, checkin_ids: Collection[uuid.UUID], audience: Audience | None = None
) -> list[Reflection]:
    """Return the three lines about check-ins that an audience may read (None: all of them), the newest first."""
    query = sa.select(*REFLECTION).where(ReflectionRow.checkin_id.in_(set(checkin_ids)))
    if audience is not None:
        allowed = may_see_sql(
            audience, ReflectionRow.visibility, client_id=ReflectionRow.client_id, author_id=ReflectionRow.author_id
        )
        query = query.where(allowed)
    found = await session.execute(query.order_by(ReflectionRow.created_at.desc(), ReflectionRow.id.desc()))
    return [Reflection(*row) for row in found]
