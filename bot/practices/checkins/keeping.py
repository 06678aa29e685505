"""The notes of conversations that a person was in: they stay, without them, when the person is forgotten."""

import uuid

import sqlalchemy as sa

from bot.practices.checkins import putback
from bot.practices.checkins.rows import (
    CHECKIN,
    Checkin,
    CheckinPersonRow,
    CheckinRow,
    CheckinSignalRow,
    DraftRow,
    allowed,
)
from bot.practices.checkins.rules import Signal
from bot.practices.practice import Held
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience

KIND = "Conversations they were in"


async def with_person(session: Work, contact_id: uuid.UUID, audience: Audience | None = None) -> list[Checkin]:
    """Return the notes of conversations that a person was in, the newest first (audience None: whoever may read)."""
    there = sa.select(CheckinPersonRow.checkin_id).where(CheckinPersonRow.contact_id == contact_id)
    query = sa.select(*CHECKIN).where(CheckinRow.id.in_(there))
    if audience is not None:
        query = query.where(allowed(audience))
    found = await session.execute(query.order_by(CheckinRow.happened_on.desc(), CheckinRow.id.desc()))
    return [Checkin(*row) for row in found]


async def holds(session: Work, contact_id: uuid.UUID, audience: Audience | None) -> list[Held]:
    """Return who noted which conversation with a person, and what was said and noticed, as an audience may read it."""
    found = await with_person(session, contact_id)
    shown = {one.id for one in await with_person(session, contact_id, audience)} if audience is not None else None
    authors = await members_by_id(session, {one.author_id for one in found})
    noticed = await _noticed(session, contact_id)
    held = []
    for one in found:
        author = authors[one.author_id].name if one.author_id in authors else "Someone"
        said = " · ".join(part for part in (*one.in_words.splitlines(), *noticed.get(one.id, ())) if part)
        mine = shown is None or one.id in shown
        held.append(Held(KIND, f"{author}: {said or 'spoke with them'}" if mine else None, one.happened_on, stays=True))
    return held


async def forget(session: Work, contact_id: uuid.UUID) -> None:
    """Have the drafts of undone notes not say that a person was there."""
    for draft_id, more in await session.execute(sa.select(DraftRow.id, DraftRow.more)):
        left = putback.without(more or {}, contact_id)
        if left is not None:
            await session.execute(sa.update(DraftRow).where(DraftRow.id == draft_id).values(more=left))


async def _noticed(session: Work, contact_id: uuid.UUID) -> dict[uuid.UUID, list[str]]:
    there = sa.select(CheckinPersonRow.checkin_id).where(CheckinPersonRow.contact_id == contact_id)
    query = sa.select(CheckinSignalRow.checkin_id, CheckinSignalRow.signal)
    found: dict[uuid.UUID, list[str]] = {}
    for checkin_id, signal in await session.execute(query.where(CheckinSignalRow.checkin_id.in_(there))):
        found.setdefault(checkin_id, []).append(Signal(signal).label)
    return found
