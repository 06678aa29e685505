"""Keeping promises: made in a form, or recognised in a note and confirmed with one tap."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace

from bot.practices.clients import service as clients
from bot.practices.promises import rows
from bot.practices.promises.changes import (
    SETTLED,
    CannotRead,
    Details,
    Settled,
    carrier_may_read,
    change,
    edit,
    editable,
    index,
    move,
    unmove,
)
from bot.practices.promises.rows import Event, Promise
from bot.practices.promises.rules import PromiseState
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, drop_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience

__all__ = [
    "SETTLED", "CannotRead", "Details", "Event", "Promise", "Settled", "change", "drop", "due_by", "edit", "editable",
    "events", "forget", "keep", "kept", "kept_in", "make", "move", "of_checkins", "readable", "settle", "unmove",
]  # fmt: skip


async def keep(
    session: Work,
    *,
    client_id: uuid.UUID,
    checkin_id: uuid.UUID,
    author_id: uuid.UUID,
    what: str,
    due_on: dt.date,
    theirs: bool,
    visibility: Visibility,
    now: dt.datetime,
) -> None:
    """Keep the promise of a check-in, carried by its author; one that is kept already stays as it is."""
    details = Details(client_id, what, due_on, author_id, theirs, visibility)
    promise = _promise(details, author_id, now, checkin_id=checkin_id)
    if await rows.insert_once(session, promise):
        await index(session, promise)


async def make(session: Work, details: Details, *, by: Member, key: str, now: dt.datetime) -> Promise:
    """Keep a promise of its own; a repeat of the same key returns the first one.

    Raises clients.UnknownClient, CannotRead, and Refused for one that was deleted since.
    """
    await clients.get(session, details.client_id)
    promise = _promise(details, by.id, now)
    if not await carrier_may_read(session, promise, now):
        raise CannotRead
    earlier = await first_time(session, key, ref=promise.id, now=now)
    if earlier is not None:
        return await editable(session, earlier, by=by)
    await rows.insert_once(session, promise)
    await index(session, promise)
    return promise


async def settle(session: Work, promise_id: uuid.UUID, *, by: Member, state: PromiseState, now: dt.datetime) -> Promise:
    """Note what became of a promise, or that it is open after all; a second time changes nothing.

    Raises as `editable`.
    """
    promise = await editable(session, promise_id, by=by)
    if promise.state is not state:
        await rows.settle(session, promise_id, state, None if state is PromiseState.OPEN else now)
        await rows.note(session, Event(new_id(), promise_id, state, None, None, None, by.id, now))
    return replace(promise, state=state)


async def forget(session: Work, promise_id: uuid.UUID, *, by: Member) -> Promise:
    """Delete a promise; return what it was.  Raises as `editable`."""
    promise = await editable(session, promise_id, by=by)
    await drop(session, promise)
    return promise


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Promise]:
    """Return the promise that each check-in holds, if any."""
    return await rows.of_checkins(session, checkin_ids)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Promise]:
    """Return the promises among these that an audience may read."""
    return await rows.readable(session, ids, audience)


async def events(session: Work, promise_id: uuid.UUID) -> list[Event]:
    """Return who said what became of a promise, in the order it was said."""
    return await rows.events(session, promise_id)


async def due_by(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    until: dt.date,
    *,
    limit: int,
    in_all: int | None = None,
) -> list[Promise]:
    """Return the open promises of clients, ours and theirs, that an audience may read, soonest first.

    limit: of each client; in_all: of all of them, None for as many as there are.
    """
    return await rows.open_ones(session, client_ids, audience, until=until, limit=limit, in_all=in_all)


async def kept(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that were kept or exceeded since an instant, as an audience may read them."""
    return await rows.kept(session, client_ids, audience, since=since, limit=limit)


async def kept_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return those among many workspaces in which a promise of ours was kept since an instant."""
    return await rows.kept_in(session, workspace_ids, since)


async def drop(session: Work, promise: Promise) -> None:
    """Forget a promise."""
    await rows.delete(session, promise.id)
    await drop_entry(session, Kind.PROMISE, promise.id)


def _promise(
    details: Details, author_id: uuid.UUID, now: dt.datetime, *, checkin_id: uuid.UUID | None = None
) -> Promise:
    return Promise(
        id=new_id(),
        client_id=details.client_id,
        checkin_id=checkin_id,
        author_id=author_id,
        carrier_id=details.carrier_id,
        what=details.what,
        due_on=details.due_on,
        theirs=details.theirs,
        state=PromiseState.OPEN,
        visibility=details.visibility,
        created_at=now,
    )
