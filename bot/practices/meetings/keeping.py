"""The meetings that a person is in: what a calendar calls them is never kept, and who is there goes with the person."""

import uuid

from bot.practices.meetings import rows
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

KIND = "Meetings with them"
WHERE = "in a linked calendar"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return every meeting with a person; when it is, only to the member whose calendar it stands in."""
    held = []
    for one in await rows.with_person(session, contact_id):
        mine = audience is None or (isinstance(audience, Person) and audience.id == one.member_id)
        held.append(Held(KIND, WHERE if mine else None, one.starts_at.date() if mine else None, stays=True))
    return held
