"""With whom at a client we speak, on its card; and, for a week in every 60 days, that it is one person alone."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins import queries
from bot.practices.coverage.rules import WINDOW, Spoken, single_thread, warned_on
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Section, Value
from bot.slack.text import Markup, markup
from bot.store.session import Work
from bot.workspaces.visibility import Audience

LOOKED_BACK = dt.timedelta(days=730)
NAMED = 4


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return how often each person was spoken with lately, of the notes that an audience may read."""
    today = now.date()
    present = {
        client_id: [contact for contact in theirs if not contact.has_left]
        for client_id, theirs in (await people.of_clients(session, client_ids)).items()
    }
    asked = {client_id for client_id, theirs in present.items() if len(theirs) > 1}
    if not asked:
        return {}
    spoken: dict[uuid.UUID, dict[uuid.UUID, Spoken]] = {client_id: {} for client_id in asked}
    for client_id, contact_id, lately, first_on, last_on in await queries.spoken_with(
        session, asked, audience, since=today - LOOKED_BACK, lately=today - WINDOW
    ):
        spoken[client_id][contact_id] = Spoken(lately, first_on, last_on)
    said = {client_id: _says(present[client_id], spoken[client_id], today) for client_id in asked}
    return {client_id: [Value(Section.WITH_THEM, text)] for client_id, text in said.items() if text}


def _says(there: Sequence[Contact], spoken: Mapping[uuid.UUID, Spoken], today: dt.date) -> Markup | None:
    ids = {contact.id for contact in there}
    counts = {contact.id: spoken[contact.id].lately if contact.id in spoken else 0 for contact in there}
    thread = single_thread(spoken, ids)
    if thread is not None and warned_on(thread, spoken, ids, today) is not None:
        names = {contact.id: contact.name for contact in there}
        others = [contact.name for contact in there if contact.id != thread]
        return markup(
            "*One thread:* all {count} conversations of the last 60 days were with {name}. {others} there too.",
            count=counts[thread],
            name=names[thread],
            others=_are(others),
        )
    if not any(counts.values()):
        return None
    shown = sorted(there, key=lambda contact: (-counts[contact.id], contact.name))[:NAMED]
    listed = ", ".join(f"{contact.name} {counts[contact.id]}" for contact in shown)
    return markup("Last 60 days, spoken with: {listed}", listed=listed)


def _are(names: Sequence[str]) -> str:
    shown = list(names[:NAMED])
    if len(shown) == 1:
        return f"{shown[0]} is"
    return f"{', '.join(shown[:-1])} and {shown[-1]} are"
