"""A win that somebody told us of in a conversation, to keep as a date that matters."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bot.practices.checkins import service as checkins
from bot.practices.clients.service import Client
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.slack.errors import Refused
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.visibility import Person

GONE = "That note is not there any more."


@dataclass(frozen=True)
class Win:
    """What went well for a client: in their words or ours, on which day; whose, where one person was there."""

    client: Client
    contact: Contact | None
    words: str
    on: dt.date
    visibility: Visibility


async def told(session: Work, client: Client, checkin_id: uuid.UUID, reader: Person) -> Win:
    """Return the win that a check-in tells of, as a person may read it.  Raises Refused where there is none."""
    checkin = (await checkins.readable(session, [checkin_id], reader)).get(checkin_id)
    if checkin is None or checkin.client_id != client.id or not checkin.win:
        raise Refused(GONE)
    there = (await checkins.details(session, checkin_id)).people
    contact = await people.get(session, next(iter(there))) if len(there) == 1 else None
    return Win(client, contact, checkin.win, checkin.happened_on, checkin.visibility)
