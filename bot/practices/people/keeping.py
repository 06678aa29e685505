"""What is kept about a person themselves, and how that is forgotten."""

import uuid

from bot.practices.people import rows
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.visibility import Audience

KIND = "Who they are"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return how somebody is called and reached, line by line; anybody of ours may know."""
    _ = audience
    contact = await rows.get(session, contact_id)
    if contact is None:
        return []
    boss = await rows.get(session, contact.reports_to_id) if contact.reports_to_id is not None else None
    said = {
        "Name": contact.name,
        "Role": contact.job,
        "E-mail": contact.email,
        "Time zone": contact.tz,
        "Reports to": boss.name if boss is not None else None,
    }
    return [Held(KIND, f"{label}: {text}") for label, text in said.items() if text]


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget a person; wherever they were named as present, they are not any more."""
    await rows.drop(session, contact_id)
