"""The dates that matter to a person; they go with the person when they are forgotten."""

import uuid

from bot.practices.milestones import finding, rows, wording
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience

KIND = "Dates that matter to them"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return every date of a person's, each as far as an audience may read it."""
    shown = {one.id for one in await rows.of_person(session, contact_id, audience)}
    held = []
    for one in await rows.of_person(session, contact_id):
        details = one.details
        when = f"{details.calendar.day:02}.{details.calendar.month:02}." + str(details.calendar.year or "")
        said = " · ".join(
            part for part in (wording.LABELS[details.occasion], details.title, when, details.note) if part
        )
        held.append(Held(KIND, said if one.id in shown else None, one.created_at.date()))
    return held


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget every date of a person's."""
    await finding.drop_all(session, contact_id)
    for one in await rows.of_person(session, contact_id):
        await rows.drop(session, one.id)
