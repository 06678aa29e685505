"""The meetings that a person is in: their titles, which may name them, are one member's alone and go with them."""

import uuid

from bot.practices.meetings import rows
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

KIND = "Meetings with them"
UNTITLED = "Meeting"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return every meeting with a person; what it is called only to the member whose calendar it stands in."""
    held = []
    for one in await rows.with_person(session, contact_id):
        mine = audience is None or (isinstance(audience, Person) and audience.id == one.member_id)
        held.append(Held(KIND, one.title if mine else None, one.starts_at.date(), stays=True))
    return held


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget what the meetings with a person are called; that they are in them goes with the person."""
    for one in await rows.with_person(session, contact_id):
        await rows.change(session, one.id, title=UNTITLED)
