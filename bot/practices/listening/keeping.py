"""What was asked of a person, what they answered and what somebody thought about it; and how that is forgotten."""

import uuid

from bot.practices.checkins.keeping import with_person
from bot.practices.listening import rows, service
from bot.practices.listening.rows import Reflection
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience

ASKED, ANSWERED, THOUGHT = "Questions for them", "What they answered", "Three lines about a decision"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return what was asked, answered and thought, each as far as an audience may read it."""
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
    return [
        *(Held(ASKED, one.text if one.id in shown else None, one.created_at.date()) for one in asked),
        *(Held(ANSWERED, one.text if one.id in shown else None, one.answered_at.date()) for one in answered),
        *(Held(THOUGHT, _three(one) if one.id in shown else None, one.created_at.date()) for one in thought),
    ]


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget the questions for a person, their answers, and what was thought about conversations they were in."""
    await service.forget_person(session, contact_id)
    there = [one.id for one in await with_person(session, contact_id)]
    for one in await rows.reflections_on(session, there):
        await rows.drop_reflection(session, one.id)


def _three(one: Reflection) -> str:
    return f"{one.feeling} · {one.fact} · {one.question}"
