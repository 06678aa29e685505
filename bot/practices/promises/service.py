"""Keeping promises: made in a form, or recognised in a note and confirmed with one tap."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.practices.clients import service as clients
from bot.practices.promises import rows
from bot.practices.promises.rows import Event, Promise
from bot.practices.promises.rules import PromiseState
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, add_entry, drop_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, Person, as_reader, may_see

__all__ = [
    "CannotRead", "Details", "Event", "Promise", "change", "drop", "due_by", "edit", "editable", "events", "forget",
    "keep", "kept", "kept_in", "make", "move", "of_checkins", "readable", "settle", "unmove",
]  # fmt: skip

GONE = "That promise is not kept here any more."
SETTLED = "That promise is settled already. Open it again first."


class CannotRead(Exception):
    """Whoever is to carry a promise is not among those who may read it."""


@dataclass(frozen=True)
class Details:
    """What somebody says about a promise: the client and who of ours sees to it (our ids), what, by which local date.

    theirs: the client owes it to us; visibility: who may read it.
    """

    client_id: uuid.UUID
    what: str
    due_on: dt.date
    carrier_id: uuid.UUID
    theirs: bool
    visibility: Visibility


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
        await _index(session, promise)


async def make(session: Work, details: Details, *, by: Member, key: str, now: dt.datetime) -> Promise:
    """Keep a promise of its own; a repeat of the same key returns the first one.

    Raises clients.UnknownClient, CannotRead, and Refused for one that was deleted since.
    """
    await clients.get(session, details.client_id)
    promise = _promise(details, by.id, now)
    await _require_readable(session, promise)
    earlier = await first_time(session, key, ref=promise.id, now=now)
    if earlier is not None:
        return await editable(session, earlier, by=by)
    await rows.insert_once(session, promise)
    await _index(session, promise)
    return promise


async def edit(session: Work, promise_id: uuid.UUID, details: Details, *, by: Member) -> Promise:
    """Say a promise differently; the one of a check-in keeps that one's readers.  Raises as `editable`, CannotRead."""
    before = await editable(session, promise_id, by=by)
    visibility = before.visibility if before.checkin_id is not None else details.visibility
    promise = replace(
        before,
        what=details.what,
        due_on=details.due_on,
        carrier_id=details.carrier_id,
        theirs=details.theirs,
        visibility=visibility,
    )
    await _require_readable(session, promise)
    await _write(session, promise)
    return promise


async def editable(session: Work, promise_id: uuid.UUID, *, by: Member) -> Promise:
    """Return a promise that a member may change: who wrote it down, who carries it, the client's team.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs.
    """
    promise = (await rows.readable(session, [promise_id], as_reader(by))).get(promise_id)
    if promise is None:
        raise Refused(GONE)
    if by.id not in {promise.author_id, promise.carrier_id}:
        await clients.require_editor(session, await clients.get(session, promise.client_id), by)
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


async def move(
    session: Work, promise_id: uuid.UUID, to: dt.date, why: str | None, *, by: Member, now: dt.datetime
) -> Promise:
    """Give an open promise another day; the one it was first promised for stays known.

    The same day changes nothing.  Raises as `editable`, and Refused for one that is settled.
    """
    promise = await editable(session, promise_id, by=by)
    if promise.state is not PromiseState.OPEN:
        raise Refused(SETTLED)
    if promise.due_on == to:
        return promise
    first = promise.moved_from or promise.due_on
    moved = replace(promise, due_on=to, moved_from=first, times_moved=promise.times_moved + 1)
    await rows.change(session, moved)
    await rows.note(session, Event(new_id(), promise_id, None, promise.due_on, to, why, by.id, now))
    return moved


async def unmove(session: Work, promise_id: uuid.UUID, *, by: Member) -> Promise:
    """Take back the last move of a promise, once; what was changed about its day since stays.  Raises as `editable`."""
    promise = await editable(session, promise_id, by=by)
    moves = [event for event in await rows.events(session, promise_id) if event.state is None]
    last = moves[-1] if moves else None
    if last is None or last.from_on is None or last.to_on != promise.due_on:
        return promise
    first = promise.moved_from if len(moves) > 1 else None
    back = replace(promise, due_on=last.from_on, moved_from=first, times_moved=promise.times_moved - 1)
    await rows.change(session, back)
    await rows.unnote(session, last.id)
    return back


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
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, until: dt.date, *, limit: int
) -> list[Promise]:
    """Return the open promises of clients, ours and theirs, that an audience may read, soonest first."""
    return await rows.open_ones(session, client_ids, audience, until=until, limit=limit)


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


async def change(session: Work, promise: Promise) -> None:
    """Say a promise differently, or let it follow its check-in to another client or other readers.

    It comes back to its author where whoever carried it may not read it any more.
    """
    if not await _carrier_may_read(session, promise):
        promise = replace(promise, carrier_id=promise.author_id)
    await _write(session, promise)


async def _write(session: Work, promise: Promise) -> None:
    await rows.change(session, promise)
    await drop_entry(session, Kind.PROMISE, promise.id)
    await _index(session, promise)


async def _require_readable(session: Work, promise: Promise) -> None:
    if not await _carrier_may_read(session, promise):
        raise CannotRead


async def _carrier_may_read(session: Work, promise: Promise) -> bool:
    team = (await teams(session, [promise.client_id]))[promise.client_id]
    carrier, readers = Person(promise.carrier_id), promise.visibility
    return may_see(carrier, readers, client_id=promise.client_id, team=team, author_id=promise.author_id)


async def _index(session: Work, promise: Promise) -> None:
    await add_entry(
        session,
        Kind.PROMISE,
        promise.id,
        client_id=promise.client_id,
        author_id=promise.author_id,
        visibility=promise.visibility,
        text=promise.what,
    )


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
