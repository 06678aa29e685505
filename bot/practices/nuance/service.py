"""What is done with what we know about people: kept, changed, dropped, read, held against a draft."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.clients.service import Client
from bot.practices.nuance import rows
from bot.practices.nuance.rows import Fact
from bot.practices.nuance.rules import MANY, PRIVATE, WORDED, Field, avoided, slot, words_in
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Kind, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, Person, Visibility, as_reader

__all__ = [
    "Fact", "Profile", "Said", "add", "check_draft", "drop", "edit", "editable", "of_clients", "profile", "readable",
    "require_team", "write",
]  # fmt: skip

GONE = "That is not kept here any more."
CHANGED = ("text", "why", "visibility", "author_id", "edited_at", "edited_by")


@dataclass(frozen=True)
class Said:
    """What somebody says about a person in one field; text None: nothing any more."""

    text: str | None
    why: str | None = None


@dataclass(frozen=True)
class Profile:
    """What a member may read about a person, the newest first, with the names of who wrote it, by our ids."""

    contact: Contact
    client: Client
    boss: Contact | None
    facts: tuple[Fact, ...]
    names: Mapping[uuid.UUID, str]
    reader: uuid.UUID
    in_team: bool
    """Whether they are in the client's team, or cover for somebody who is."""

    def one(self, field: Field) -> Fact | None:
        """Return what is kept in a field."""
        return next((fact for fact in self.facts if fact.field is field), None)

    def many(self, field: Field) -> list[Fact]:
        """Return all that is kept in a field, the newest first."""
        return [fact for fact in self.facts if fact.field is field]


async def profile(session: Work, contact_id: uuid.UUID, me: Person) -> Profile:
    """Return what a member may read about a person.  Raises people.UnknownContact."""
    contact = await people.get(session, contact_id)
    client = await clients.get(session, contact.client_id)
    boss = await people.get(session, contact.reports_to_id) if contact.reports_to_id is not None else None
    facts = await rows.of_person(session, contact_id, me)
    causes = await rows.of_clients(session, [client.id], me, {Field.CAUSE})
    facts += [cause for cause in causes if cause.contact_id is None]
    wrote = {who for fact in facts for who in (fact.author_id, fact.edited_by) if who is not None}
    authors = await directory.members_by_id(session, wrote)
    team = (await teams(session, [client.id]))[client.id]
    names = {member.id: member.name for member in authors.values()}
    in_team = me.id in team or client.id in me.covers
    return Profile(contact, client, boss, tuple(facts), names, me.id, in_team)


async def write(
    session: Work, contact_id: uuid.UUID, said: Mapping[Field, Said], *, by: Member, now: dt.datetime
) -> Profile:
    """Keep what is said about a person in fields of which they have one; what says the same is left alone.

    Raises people.UnknownContact and clients.NotTheirs.
    """
    contact = await people.get(session, contact_id)
    client = await clients.hold(session, contact.client_id)
    await require_team(session, client, by)
    known = {fact.field: fact for fact in await rows.of_person(session, contact_id, as_reader(by))}
    changed = {field: one for field, one in said.items() if _differs(known.get(field), one)}
    for field, one in changed.items():
        before = known.get(field)
        if one.text is None:
            if before is not None:
                await _forget(session, before)
        elif before is None:
            visibility, private = Visibility.TEAM, field in PRIVATE
            fact = Fact(new_id(), client.id, contact_id, field, one.text, one.why, visibility, private, by.id, now)
            await _keep(session, fact)
        else:
            after = replace(before, text=one.text, why=one.why, author_id=by.id, edited_at=now, edited_by=by.id)
            await _change(session, after)
    return await profile(session, contact_id, as_reader(by))


def _differs(before: Fact | None, said: Said) -> bool:
    return (before.text, before.why) != (said.text, said.why) if before is not None else said.text is not None


async def add(
    session: Work,
    contact_id: uuid.UUID,
    field: Field,
    said: Said,
    visibility: Visibility,
    *,
    of_client: bool = False,
    by: Member,
    key: str,
    now: dt.datetime,
) -> Fact:
    """Keep one more of what there may be several of; a repeat of the same key returns the first one.

    of_client: a cause of the whole client's.  Raises people.UnknownContact, and Refused for one dropped meanwhile.
    """
    contact = await people.get(session, contact_id)
    about = None if of_client else contact_id
    if field not in MANY or said.text is None:
        raise Refused(GONE)
    seen_by = _narrowed(field, visibility)
    private = field in PRIVATE
    fact = Fact(new_id(), contact.client_id, about, field, said.text, said.why, seen_by, private, by.id, now)
    earlier = await first_time(session, key, ref=fact.id, now=now)
    if earlier is not None:
        return await _seen_by(session, earlier, by)
    await _keep(session, fact)
    return fact


async def edit(
    session: Work, fact_id: uuid.UUID, said: Said, visibility: Visibility, *, by: Member, now: dt.datetime
) -> Fact:
    """Change one of several; its author stays.  Raises Refused, clients.NotTheirs and whose.NotTheirsAlone."""
    before = await editable(session, fact_id, by=by)
    if said.text is None:
        raise Refused(GONE)
    seen_by = _narrowed(before.field, visibility)
    await whose.require_author(session, before, seen_by, by)
    after = replace(before, text=said.text, why=said.why, visibility=seen_by, edited_at=now, edited_by=by.id)
    await _change(session, after)
    return after


async def drop(session: Work, fact_id: uuid.UUID, *, by: Member) -> Fact:
    """Forget a fact; return what it was.  Raises Refused and clients.NotTheirs."""
    gone = await editable(session, fact_id, by=by)
    await _forget(session, gone)
    return gone


async def editable(session: Work, fact_id: uuid.UUID, *, by: Member) -> Fact:
    """Return a fact that a member may change: its author, the client's team.  Raises Refused, clients.NotTheirs."""
    fact = await _seen_by(session, fact_id, by)
    if fact.author_id != by.id:
        await require_team(session, await clients.get(session, fact.client_id), by)
    return fact


async def require_team(session: Work, client: Client, member: Member) -> None:
    """Let through the client's team and who covers there: nobody else may read what they would be changing.

    Raises clients.NotTheirs.
    """
    if client.id in member.covers or member.id in (await teams(session, [client.id]))[client.id]:
        return
    owner = (await clients.owners(session, [client.id])).get(client.id)
    whom = f" {owner} can add you." if owner else ""
    raise clients.NotTheirs(f"What is known about {client.name}'s people is for their team.{whom}")


async def of_clients(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, fields: Collection[Field]
) -> list[Fact]:
    """Return what an audience may read in these fields about clients and their people, the newest first."""
    return await rows.of_clients(session, client_ids, audience, fields)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Fact]:
    """Return those among facts that an audience may read, by id."""
    return await rows.readable(session, ids, audience) if ids else {}


async def check_draft(session: Work, contact_id: uuid.UUID, text: str, audience: Audience) -> list[str]:
    """Return the words in a draft that a person would rather not read, as far as an audience may know of them."""
    known = {fact.field: fact.text for fact in await rows.of_person(session, contact_id, audience)}
    return avoided(text, words_in(known.get(Field.AVOIDS)))


def _narrowed(field: Field, visibility: Visibility) -> Visibility:
    """Return who may read a fact: of what is private, the client's team at most."""
    return Visibility.TEAM if field in PRIVATE and visibility is Visibility.EVERYONE else visibility


async def _seen_by(session: Work, fact_id: uuid.UUID, member: Member) -> Fact:
    fact = (await rows.readable(session, [fact_id], as_reader(member))).get(fact_id)
    if fact is None:
        raise Refused(GONE)
    return fact


async def _keep(session: Work, fact: Fact) -> None:
    if await rows.insert_once(session, fact, slot=slot(fact.field)):
        await _index(session, fact)


async def _change(session: Work, fact: Fact) -> None:
    kept = {name: getattr(fact, name) for name in CHANGED}
    await rows.change(session, fact.id, **kept)
    await _index(session, fact)


async def _forget(session: Work, fact: Fact) -> None:
    await drop_entry(session, Kind.FACT, fact.id)
    await rows.drop(session, [fact.id])


async def _index(session: Work, fact: Fact) -> None:
    if fact.field in WORDED:
        await put_entry(session, Kind.FACT, fact, fact.text, fact.why)
