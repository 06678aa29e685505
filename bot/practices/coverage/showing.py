"""With whom at a client we speak, on its card; and, for a week in every 60 days, that it is one person alone.

That is said before conversations, too, to somebody alone.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins import service as checkins
from bot.practices.coverage.rules import WINDOW, Spoken, single_thread, warned_on
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Occasion, Section, Value
from bot.slack.text import Markup, markup, together
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

LOOKED_BACK = dt.timedelta(days=730)
NAMED = 4
LAST = -1


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return how often each person was spoken with lately, of the notes that an audience may read."""
    found = await _spoken(session, client_ids, audience, now.date())
    said = {client_id: _says(there, spoken, now.date()) for client_id, (there, spoken) in found.items()}
    return {client_id: [Value(Section.WITH_THEM, text)] for client_id, text in said.items() if text}


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return which clients hang on one person, in the week in which that is brought up."""
    if not isinstance(audience, Person):
        return {}
    found = await _spoken(session, [one.client_id for one in occasions], audience, now.date())
    said = {client_id: _warning(there, spoken, now.date()) for client_id, (there, spoken) in found.items()}
    return {client_id: [Value(Section.PLAINLY, text, LAST)] for client_id, text in said.items() if text}


async def _spoken(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, today: dt.date
) -> dict[uuid.UUID, tuple[list[Contact], dict[uuid.UUID, Spoken]]]:
    """Return who is at each client that has more than one person, and how often each was spoken with."""
    present = {
        client_id: [contact for contact in theirs if not contact.has_left]
        for client_id, theirs in (await people.of_clients(session, client_ids)).items()
    }
    asked = {client_id for client_id, theirs in present.items() if len(theirs) > 1}
    if not asked:
        return {}
    spoken: dict[uuid.UUID, dict[uuid.UUID, Spoken]] = {client_id: {} for client_id in asked}
    for client_id, contact_id, lately, first_on, last_on in await checkins.spoken_with(
        session, asked, audience, since=today - LOOKED_BACK, lately=today - WINDOW
    ):
        spoken[client_id][contact_id] = Spoken(lately, first_on, last_on)
    return {client_id: (present[client_id], spoken[client_id]) for client_id in asked}


def _says(there: Sequence[Contact], spoken: Mapping[uuid.UUID, Spoken], today: dt.date) -> Markup | None:
    counts = _counts(there, spoken)
    if not any(counts.values()):
        return None
    shown = sorted(there, key=lambda contact: (-counts[contact.id], contact.name))[:NAMED]
    often = ", ".join(f"{contact.name} {counts[contact.id]}" for contact in shown)
    return _warning(there, spoken, today) or markup("Last 60 days, spoken with: {often}", often=often)


def _warning(there: Sequence[Contact], spoken: Mapping[uuid.UUID, Spoken], today: dt.date) -> Markup | None:
    ids = {contact.id for contact in there}
    thread = single_thread(spoken, ids)
    if thread is None or warned_on(thread, spoken, ids, today) is None:
        return None
    others = [contact.name for contact in there if contact.id != thread][:NAMED]
    return markup(
        "*One thread:* all {count} conversations of the last 60 days were with {name}. {others} {are} there too.",
        count=spoken[thread].lately,
        name=next(contact.name for contact in there if contact.id == thread),
        others=together(others),
        are="is" if len(others) == 1 else "are",
    )


def _counts(there: Sequence[Contact], spoken: Mapping[uuid.UUID, Spoken]) -> dict[uuid.UUID, int]:
    return {contact.id: spoken[contact.id].lately if contact.id in spoken else 0 for contact in there}
