"""What is done with the people at a client."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.clients import service as clients
from bot.practices.clients.rules import fold
from bot.practices.people import rows
from bot.practices.people.rows import Contact
from bot.practices.people.rules import check_boss, check_email, check_name, check_zone, fits, local_time
from bot.practices.practice import Section, Value
from bot.slack.blocks import button
from bot.slack.errors import Refused
from bot.slack.text import Markup, bold, escape
from bot.store.base import new_id
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.visibility import Audience

__all__ = [
    "Contact",
    "EmailTaken",
    "NameTaken",
    "UnknownContact",
    "add",
    "called",
    "came_back",
    "card",
    "edit",
    "get",
    "mark_left",
    "of_clients",
    "offer",
    "present",
]  # fmt: skip


MOST_WORDS = 6


class UnknownContact(Refused):
    """No such person here; the sentence says what to do."""


class NameTaken(Exception):
    """Somebody at this client has that name already.  Leave the transaction, so that it is rolled back."""

    def __init__(self, contact: Contact) -> None:
        super().__init__(f"{contact.name} is there already")
        self.contact = contact


class EmailTaken(Exception):
    """Somebody at this client has that e-mail address already.  Leave the transaction, so that it is rolled back."""

    def __init__(self, contact: Contact) -> None:
        super().__init__(f"{contact.name} has that address")
        self.contact = contact


async def add(
    session: Work,
    client_id: uuid.UUID,
    name: str,
    job: str | None,
    tz: str | None,
    *,
    email: str | None = None,
    by: uuid.UUID,
    key: str,
    now: dt.datetime,
) -> Contact:
    """Keep a new person at a client; a repeat of the same key returns the first one.

    Raises NameTaken, EmailTaken, clients.UnknownClient, rules.BadName and rules.UnknownZone.
    """
    await clients.get(session, client_id)
    address = check_email(email)
    named, zone = check_name(name), check_zone(tz)
    contact = Contact(new_id(), client_id, named, job or None, zone, has_left=False, email=address)
    earlier = await first_time(session, key, ref=contact.id, now=now)
    if earlier is not None:
        return await get(session, earlier)
    await _refuse_email(session, contact, address)
    if not await rows.insert_once(session, contact, folded=fold(contact.name), by=by, now=now):
        await _refuse_taken(session, client_id, fold(contact.name))
        await _refuse_email(session, contact, address)
    return contact


async def edit(
    session: Work,
    contact_id: uuid.UUID,
    name: str,
    job: str | None,
    tz: str | None,
    *,
    email: str | None = None,
    reports_to: uuid.UUID | None = None,
) -> Contact:
    """Change what is known about a person.

    Raises NameTaken, EmailTaken, UnknownContact, rules.BadName, rules.UnknownZone and rules.BadBoss.
    """
    contact = await get(session, contact_id)
    named, address = check_name(name), check_email(email)
    await _refuse_email(session, contact, address)
    if reports_to is not None:
        theirs = (await rows.of_clients(session, [contact.client_id]))[contact.client_id]
        check_boss(contact_id, reports_to, {one.id: one.reports_to_id for one in theirs})
    if await rows.taken(session, contact.client_id, fold(named)) not in {None, contact_id}:
        await _refuse_taken(session, contact.client_id, fold(named))
    kept = {"job": job or None, "tz": check_zone(tz), "email": address, "reports_to_id": reports_to}
    await rows.change(session, contact_id, name=named, folded=fold(named), **kept)
    return await get(session, contact_id)


async def mark_left(session: Work, contact_id: uuid.UUID) -> Contact:
    """Note that a person left the client; what was logged with them stays."""
    return await _moved(session, contact_id, has_left=True)


async def came_back(session: Work, contact_id: uuid.UUID) -> Contact:
    """Note that a person is at the client again."""
    return await _moved(session, contact_id, has_left=False)


async def get(session: Work, contact_id: uuid.UUID) -> Contact:
    """Return a person.  Raises UnknownContact."""
    contact = await rows.get(session, contact_id)
    if contact is None:
        raise UnknownContact("That person is not kept here any more.")
    return contact


async def of_clients(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    """Return each client's people by name, those who left last."""
    return await rows.of_clients(session, client_ids)


async def present(session: Work) -> list[Contact]:
    """Return everybody at any client who has not left."""
    return await rows.present(session)


async def called(session: Work, typed: str, *, limit: int) -> list[Contact]:
    """Return people at any client whose names have a word that starts with each word typed."""
    words = fold(typed).split()[:MOST_WORDS]
    return await rows.called(session, words, limit=limit) if words else []


async def offer(session: Work, client_id: uuid.UUID, typed: str, *, limit: int = 100) -> list[Contact]:
    """Return a client's people one of whose words starts with each word typed, those who left last."""
    found = (await rows.of_clients(session, [client_id]))[client_id]
    return [contact for contact in found if fits(contact.name, typed)][:limit]


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return a line for each person who is still there: name, what they do, where they are."""
    _ = audience  # everyone of ours may know these
    found = await rows.of_clients(session, client_ids)
    return {
        client_id: [_line(contact, now) for contact in theirs if not contact.has_left]
        for client_id, theirs in found.items()
    }


def _line(contact: Contact, now: dt.datetime) -> Value:
    parts = [bold(contact.name)]
    if contact.job:
        parts.append(escape(contact.job))
    if contact.tz:
        parts.append(escape(local_time(contact.tz, now)))
    change = button("Edit", f"person.edit:{contact.id}", value=str(contact.id))
    return Value(Section.PEOPLE, Markup(" · ".join(parts)), subject=contact.id, accessory=change)


async def _moved(session: Work, contact_id: uuid.UUID, *, has_left: bool) -> Contact:
    await get(session, contact_id)
    await rows.change(session, contact_id, has_left=has_left)
    return await get(session, contact_id)


async def _refuse_email(session: Work, contact: Contact, email: str | None) -> None:
    holder = await rows.with_email(session, contact.client_id, email) if email is not None else None
    if holder is not None and holder != contact.id:
        raise EmailTaken(await get(session, holder))


async def _refuse_taken(session: Work, client_id: uuid.UUID, folded: str) -> None:
    holder = await rows.taken(session, client_id, folded)
    if holder is not None:
        raise NameTaken(await get(session, holder))
