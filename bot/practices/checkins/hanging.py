"""What a check-in makes others keep: the promise in it, and what the client will need next."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.practices.anticipations import service as anticipations
from bot.practices.checkins import following, putback
from bot.practices.checkins.receipts import Note
from bot.practices.checkins.rows import Checkin
from bot.practices.promises import service as promises
from bot.practices.promises.rules import Guess
from bot.practices.promises.service import Promise
from bot.store.session import Work
from bot.workspaces.directory import Member


async def keep_promise(session: Work, checkin: Checkin, said: Guess, *, now: dt.datetime) -> Promise | None:
    """Keep the promise of a check-in; return it."""
    await promises.keep(
        session,
        client_id=checkin.client_id,
        checkin_id=checkin.id,
        author_id=checkin.author_id,
        what=said.what,
        due_on=said.due,
        theirs=said.theirs,
        visibility=checkin.visibility,
        now=now,
    )
    return (await promises.of_checkins(session, [checkin.id])).get(checkin.id)


async def keep(session: Work, checkin: Checkin, note: Note, *, now: dt.datetime) -> Promise | None:
    """Keep what a new check-in says is promised, and what will be needed; return the promise."""
    if note.need:
        await _keep_need(session, checkin, note.need, now=now)
    return await keep_promise(session, checkin, note.promise, now=now) if note.promise else None


async def follow(session: Work, before: Checkin, checkin: Checkin, note: Note, *, now: dt.datetime) -> None:
    """Have all that hangs on a check-in be what that says now, for its client and its readers.

    What it does not say any more is gone.  Raises promises.Settled for another day of what is settled.
    """
    await following.follow(session, before, checkin)
    promise = (await promises.of_checkins(session, [checkin.id])).get(checkin.id)
    await _keep_need(session, checkin, note.need, now=now)
    if promise is None and note.promise is not None:
        await keep_promise(session, checkin, note.promise, now=now)
    elif promise is not None and note.promise is None:
        await promises.drop(session, promise)
    elif promise is not None and note.promise is not None:
        said, readers = note.promise, checkin.visibility
        changed = replace(promise, what=said.what, due_on=said.due, client_id=checkin.client_id, visibility=readers)
        await promises.change(session, promise, changed, by=checkin.author_id, now=now)


async def put_back(
    session: Work, checkin: Checkin, promise: Promise | None, more: Mapping[str, Any], *, by: Member, now: dt.datetime
) -> None:
    """Have what hung on a check-in before an undo hang on it again, as it was packed into its draft."""
    await following.put_back(session, checkin, more.get("others") or {})
    if promise is not None and "carrier" in (more["promise"] or {}):
        await promises.change(session, promise, putback.as_it_was(promise, more), by=checkin.author_id, now=now)
        if putback.state(more) is not promise.state:
            await promises.settle(session, promise.id, by=by, state=putback.state(more), now=now)


def promised(promise: Promise | None) -> Guess | None:
    """Return what is promised, as a form says it."""
    return Guess(promise.what, promise.due_on, promise.theirs) if promise else None


async def drop(session: Work, checkin: Checkin) -> None:
    """Forget both."""
    await _keep_need(session, checkin, None, now=checkin.created_at)
    promise = (await promises.of_checkins(session, [checkin.id])).get(checkin.id)
    if promise is not None:
        await promises.drop(session, promise)


async def need(session: Work, checkin_id: uuid.UUID) -> str | None:
    """Return what a check-in says the client will need next."""
    found = (await anticipations.of_checkins(session, [checkin_id])).get(checkin_id)
    return found.what if found is not None else None


async def _keep_need(session: Work, checkin: Checkin, said: str | None, *, now: dt.datetime) -> None:
    await anticipations.follow(
        session,
        checkin.id,
        said,
        client_id=checkin.client_id,
        author_id=checkin.author_id,
        visibility=checkin.visibility,
        now=now,
    )
