"""How dates that matter come to be found by their words."""

import uuid

from bot.practices.milestones import rows, wording
from bot.practices.milestones.rows import Milestone
from bot.practices.people.service import Contact
from bot.store.search import Entry, Kind, drop_entries, put_entry
from bot.store.session import Work


async def put(session: Work, milestone: Milestone, person: str) -> None:
    """Have a date found by what it says now; person: whose it is, empty where it is about the client itself."""
    details = milestone.details
    entry = Entry(milestone.id, details.client_id, milestone.author_id, details.visibility)
    await put_entry(session, Kind.DATE, entry, wording.in_words(details, person))


async def renamed(session: Work, contact: Contact) -> None:
    """Have a person's dates found by the name they go by now."""
    for milestone in await rows.of_person(session, contact.id):
        await put(session, milestone, contact.name)


async def drop_all(session: Work, contact_id: uuid.UUID) -> None:
    """Have no date of a person's found any more."""
    await drop_entries(session, Kind.DATE, [one.id for one in await rows.of_person(session, contact_id)])
