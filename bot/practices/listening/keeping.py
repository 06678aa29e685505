"""What was asked of a person, what they answered and what somebody thought about it; and how that is forgotten."""

import uuid
from dataclasses import replace

from bot.practices.checkins.keeping import with_person
from bot.practices.listening import rows, service
from bot.practices.listening.rows import Answer, Question, Reflection
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Visibility

ASKED, ANSWERED, THOUGHT = "Questions for them", "What they answered", "Three lines about a decision"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return what was asked, answered and thought, each as far as an audience may read it.

    Of what somebody keeps to themselves nobody else learns that it is there.
    """
    asked = await rows.questions_for(session, contact_id)
    answered = await rows.answers_of(session, contact_id)
    there = [one.id for one in await with_person(session, contact_id)]
    thought = await rows.reflections_on(session, there)
    shown = {*(one.id for one in asked), *(one.id for one in answered), *(one.id for one in thought)}
    if audience is not None:
        shown = {
            *await rows.readable_questions(session, [one.id for one in asked], audience),
            *await rows.readable_answers(session, [one.id for one in answered], audience),
            *(one.id for one in await rows.reflections_on(session, there, audience)),
        }
    said: list[tuple[Question | Answer | Reflection, Held]] = [
        *((one, Held(ASKED, one.text, one.created_at.date())) for one in asked),
        *((one, Held(ANSWERED, one.text, one.answered_at.date())) for one in answered),
        *((one, Held(THOUGHT, _three(one), one.created_at.date())) for one in thought),
    ]
    return [
        held if one.id in shown else replace(held, text=None)
        for one, held in said
        if one.id in shown or one.visibility is not Visibility.ME
    ]


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget the questions for a person, their answers, and what was thought about conversations they were in."""
    await service.forget_person(session, contact_id)
    there = [one.id for one in await with_person(session, contact_id)]
    await rows.drop_reflections(session, [one.id for one in await rows.reflections_on(session, there)])


def _three(one: Reflection) -> str:
    return f"{one.feeling} · {one.fact} · {one.question}"
