"""What was heard at clients lately, as rules look at it, and who is there to be asked."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin, Details
from bot.practices.listening.rules import Heard
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.store.session import Work
from bot.workspaces.visibility import Audience, Person

Said = Sequence[tuple[Checkin, Details]]


async def lately(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date
) -> Mapping[uuid.UUID, Said]:
    """Return what each client said since a day, newest first; to a room nothing, as what was noticed is for none."""
    found: dict[uuid.UUID, list[tuple[Checkin, Details]]] = {client_id: [] for client_id in client_ids}
    if isinstance(audience, Person):
        for checkin, details in await checkins.heard(session, client_ids, audience, since=since):
            found[checkin.client_id].append((checkin, details))
    return found


def between_the_lines(said: Said) -> list[Heard]:
    """Return conversations as rules look at them, in the same order."""
    return [
        Heard(checkin.happened_on, details.people, details.signals, _flat(checkin.unsaid), _flat(checkin.note))
        for checkin, details in said
    ]


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


async def there(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    """Return the people who are still at each client, by name."""
    found = await people.of_clients(session, client_ids)
    return {
        client_id: [contact for contact in contacts if not contact.has_left] for client_id, contacts in found.items()
    }
