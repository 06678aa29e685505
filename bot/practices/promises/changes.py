"""How a promise that is kept changes: said differently, moved to another day and back, following its check-in."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from bot.practices.clients import whose
from bot.practices.promises import rows
from bot.practices.promises.rows import Event, Promise
from bot.practices.promises.rules import PromiseState
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, put_entry
from bot.store.session import Work
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Person, as_reader, may_see, reader

GONE = "That promise is not kept here any more."
SETTLED = "That promise is settled already. Open it again first."
NOT_THE_LAST = "That promise has another day by now, so this move can't be taken back."


class CannotRead(Exception):
    """Whoever is to carry a promise is not among those who may read it."""


class Settled(Refused):
    """What is settled gets no other day."""

    def __init__(self) -> None:
        super().__init__(SETTLED)


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


async def editable(session: Work, promise_id: uuid.UUID, *, by: Member) -> Promise:
    """Return a promise that a member may change: who wrote it down, who carries it, the client's team.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs.
    """
    promise = (await rows.readable(session, [promise_id], as_reader(by))).get(promise_id)
    also = () if promise is None else (promise.carrier_id,)
    return await whose.changeable(session, promise, by, *also, gone=GONE)


async def edit(session: Work, promise_id: uuid.UUID, details: Details, *, by: Member, now: dt.datetime) -> Promise:
    """Say a promise differently; another day is a move, and the one of a check-in keeps that one's readers.

    Raises as `editable`, Settled for another day of what is settled, whose.NotTheirsAlone and CannotRead.
    """
    before = await editable(session, promise_id, by=by)
    visibility = before.visibility if before.checkin_id is not None else details.visibility
    await whose.require_author(session, before, visibility, by)
    after = replace(
        before,
        what=details.what,
        due_on=details.due_on,
        carrier_id=details.carrier_id,
        theirs=details.theirs,
        visibility=visibility,
    )
    if not await carrier_may_read(session, after, now):
        raise CannotRead
    return await _write(session, before, after, by=by.id, now=now)


async def change(session: Work, before: Promise, after: Promise, *, by: uuid.UUID, now: dt.datetime) -> None:
    """Have a promise follow its check-in, as a member (our id) changed that: its words, its day, client and readers.

    It comes back to its author where whoever carried it may not read it any more.  Raises Settled.
    """
    if not await carrier_may_read(session, after, now):
        after = replace(after, carrier_id=after.author_id)
    await _write(session, before, after, by=by, now=now)


async def move(
    session: Work, promise_id: uuid.UUID, to: dt.date, why: str | None, *, by: Member, now: dt.datetime
) -> tuple[Promise, uuid.UUID | None]:
    """Give an open promise another day; return it, and the id of the move.  The first day it was promised for stays.

    The same day is no move: None.  Raises as `editable`, and Settled.
    """
    promise = await whose.held(session, lambda: editable(session, promise_id, by=by))
    if promise.state is not PromiseState.OPEN:
        raise Settled
    if promise.due_on == to:
        return promise, None
    move_id = new_id()
    after = replace(promise, due_on=to)
    return await _write(session, promise, after, by=by.id, now=now, why=why, move_id=move_id), move_id


async def unmove(session: Work, promise_id: uuid.UUID, move_id: uuid.UUID, *, by: Member) -> Promise:
    """Take back a move, as long as it is the last one and the promise is open.

    Raises as `editable`, Settled, and Refused once the promise has another day.
    """
    promise = await whose.held(session, lambda: editable(session, promise_id, by=by))
    if promise.state is not PromiseState.OPEN:
        raise Settled
    moves = [event for event in await rows.events(session, promise_id) if event.state is None]
    if not moves or moves[-1].id != move_id or moves[-1].from_on is None or moves[-1].to_on != promise.due_on:
        raise Refused(NOT_THE_LAST)
    first = promise.moved_from if len(moves) > 1 else None
    back = replace(promise, due_on=moves[-1].from_on, moved_from=first, times_moved=promise.times_moved - 1)
    await rows.change(session, back)
    await rows.unnote(session, move_id)
    return back


async def _write(
    session: Work,
    before: Promise,
    after: Promise,
    *,
    by: uuid.UUID,
    now: dt.datetime,
    why: str | None = None,
    move_id: uuid.UUID | None = None,
) -> Promise:
    """Write down what a promise says now, another day with a trace of the one before."""
    if after.due_on != before.due_on:
        if before.state is not PromiseState.OPEN:
            raise Settled
        first = before.moved_from or before.due_on
        after = replace(after, moved_from=first, times_moved=before.times_moved + 1)
        event = Event(move_id or new_id(), before.id, None, before.due_on, after.due_on, why, by, now)
        await rows.note(session, event)
    await rows.change(session, after)
    await index(session, after)
    return after


async def carrier_may_read(session: Work, promise: Promise, now: dt.datetime) -> bool:
    """Return whether whoever carries a promise may read it now, be it because they cover for somebody."""
    team = (await teams(session, [promise.client_id]))[promise.client_id]
    known = (await members_by_id(session, [promise.carrier_id])).get(promise.carrier_id)
    carrier = await reader(session, known, now) if known is not None else Person(promise.carrier_id)
    seen_by, author_id = promise.visibility, promise.author_id
    return may_see(carrier, seen_by, client_id=promise.client_id, team=team, author_id=author_id)


async def index(session: Work, promise: Promise) -> None:
    """Make a promise findable by its words, and by no others."""
    await put_entry(session, Kind.PROMISE, promise, promise.what)
