"""Everything that is known about a person, and how that is forgotten."""

import uuid

from bot.practices.nuance import rows
from bot.practices.nuance.wording import LABELS, told
from bot.practices.practice import Held
from bot.store.search import Kind, drop_entries
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Visibility

KIND = "What we know about them"


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return every fact about a person, the newest first, each as far as an audience may read it.

    Of what somebody keeps to themselves nobody else learns that it is there.
    """
    found = await rows.all_of(session, contact_id)
    ids = [one.id for one in found]
    shown = await rows.readable(session, ids, audience) if audience is not None else {one.id: one for one in found}
    held = []
    for one in (fact for fact in found if fact.id in shown or fact.visibility is not Visibility.ME):
        label = LABELS.get(one.field, one.field.value.replace("_", " ").capitalize())
        text = f"{label}: {told(one)}" + (f" ({one.why})" if one.why else "")
        held.append(Held(KIND, text if one.id in shown else None, one.created_at.date()))
    return held


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Forget every fact about a person; what a whole client cares about stays."""
    gone = [one.id for one in await rows.all_of(session, contact_id)]
    await drop_entries(session, Kind.FACT, gone)
    await rows.drop(session, gone)
