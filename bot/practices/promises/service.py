"""Keeping promises: made in a form, or recognised in a note and confirmed with one tap."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.practices.clients import service as clients
from bot.practices.practice import Section, Value
from bot.practices.promises import rows
from bot.practices.promises.rows import Promise
from bot.practices.promises.rules import PromiseState
from bot.slack.errors import Refused
from bot.slack.text import Markup, day, markup, shorten
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, add_entry, drop_entry
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, Person

__all__ = ["Promise", "card", "change", "drop", "due_by", "keep", "kept", "kept_in", "of_checkins", "readable"]
__all__ += ["settle"]

SHOWN = 200
GONE = "That promise is not kept here any more."


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
    """Keep the promise of a check-in; one that is kept already stays as it is."""
    promise = Promise(new_id(), client_id, checkin_id, author_id, what, due_on, theirs, PromiseState.OPEN, visibility)
    if await rows.insert_once(session, promise, now=now):
        await add_entry(
            session,
            Kind.PROMISE,
            promise.id,
            client_id=client_id,
            author_id=author_id,
            visibility=visibility,
            text=what,
        )


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Promise]:
    """Return the promise that each check-in holds, if any."""
    return await rows.of_checkins(session, checkin_ids)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Promise]:
    """Return the promises among these that an audience may read."""
    return await rows.readable(session, ids, audience)


async def due_by(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, until: dt.date, *, limit: int
) -> list[Promise]:
    """Return the open promises of clients, ours and theirs, that an audience may read, soonest first."""
    return await rows.open_ones(session, client_ids, audience, until=until, limit=limit)


async def kept(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.datetime, limit: int
) -> list[Promise]:
    """Return the promises of ours that were kept since an instant, as an audience may read them."""
    return await rows.kept(session, client_ids, audience, since=since, limit=limit)


async def kept_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return those among many workspaces in which a promise of ours was kept since an instant."""
    return await rows.kept_in(session, workspace_ids, since)


async def settle(session: Work, promise_id: uuid.UUID, *, by: Member, done: bool, now: dt.datetime) -> Promise:
    """Note that a promise is done, or that it is open after all; a second time changes nothing.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs for whoever neither made it nor is
    in the client's team.
    """
    promise = (await rows.readable(session, [promise_id], Person(by.id))).get(promise_id)
    if promise is None:
        raise Refused(GONE)
    if promise.author_id != by.id:
        await clients.require_editor(session, await clients.get(session, promise.client_id), by)
    state = PromiseState.KEPT if done else PromiseState.OPEN
    if promise.state is not state:
        await rows.settle(session, promise_id, state, now if done else None)
    return replace(promise, state=state)


async def drop(session: Work, promise: Promise) -> None:
    """Forget a promise."""
    await rows.delete(session, promise.id)
    await drop_entry(session, Kind.PROMISE, promise.id)


async def change(session: Work, promise: Promise) -> None:
    """Say a promise differently, or let it follow its check-in to another client or other readers."""
    await rows.change(session, promise)
    await drop_entry(session, Kind.PROMISE, promise.id)
    await add_entry(
        session,
        Kind.PROMISE,
        promise.id,
        client_id=promise.client_id,
        author_id=promise.author_id,
        visibility=promise.visibility,
        text=promise.what,
    )


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return the open promises of each client, soonest first."""
    lines: dict[uuid.UUID, list[Value]] = {client_id: [] for client_id in client_ids}
    for promise in await rows.open_ones(session, client_ids, audience, limit=SHOWN):
        late = (now.date() - promise.due_on).days
        lines[promise.client_id].append(
            Value(Section.PROMISES, _line(promise, now.date()), weight=late, subject=promise.id)
        )
    return lines


def _line(promise: Promise, today: dt.date) -> Markup:
    waiting = markup("Waiting on them: ") if promise.theirs else markup("")
    return markup("{waiting}{what} · {by}", waiting=waiting, what=shorten(promise.what, 200), by=_by(promise, today))


def _by(promise: Promise, today: dt.date) -> Markup:
    late = (today - promise.due_on).days
    if late <= 0:
        return markup("by {day}", day=day(promise.due_on, today))
    return markup("1 day late") if late == 1 else markup("{days} days late", days=late)
