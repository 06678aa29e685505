"""What is done with blockers: noted, changed, closed, opened again, deleted."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bot.practices.blockers import rows
from bot.practices.blockers.rows import Blocker, Details
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.store.base import new_id
from bot.store.search import Kind, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, as_reader

__all__ = ["Blocker", "Details", "add", "close", "drop", "edit", "editable", "readable", "reopen"]

GONE: Final = "That blocker is not kept here any more."


async def add(
    session: Work,
    client_id: uuid.UUID,
    details: Details,
    *,
    checkin_id: uuid.UUID | None = None,
    by: Member,
    key: str,
    now: dt.datetime,
) -> Blocker:
    """Keep a blocker; a repeat of the same key returns the first one.

    Raises clients.UnknownClient, and Refused for one that was deleted since.
    """
    await clients.get(session, client_id)
    one = Blocker(new_id(), client_id, checkin_id, by.id, details, None, None, now)
    earlier = await first_time(session, key, ref=one.id, now=now)
    if earlier is not None:
        return await editable(session, earlier, by=by)
    await rows.insert(session, one)
    await _index(session, one)
    return one


async def editable(session: Work, blocker_id: uuid.UUID, *, by: Member) -> Blocker:
    """Return a blocker that a member may change: its author, the client's team.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs.
    """
    one = (await rows.readable(session, [blocker_id], as_reader(by))).get(blocker_id)
    return await whose.changeable(session, one, by, gone=GONE)


async def edit(session: Work, blocker_id: uuid.UUID, details: Details, *, by: Member) -> Blocker:
    """Change what is known about a blocker.  Raises as `editable`, and whose.NotTheirsAlone."""
    one = replace(await editable(session, blocker_id, by=by), details=details)
    await whose.require_author(session, one, details.visibility, by)
    await rows.change(session, one.id, details)
    await _index(session, one)
    return one


async def close(
    session: Work, blocker_id: uuid.UUID, other_way: str, ended: str | None, *, by: Member, today: dt.date
) -> Blocker:
    """Note that a blocker is over, by which other way, and how it ended; a second time keeps the first day.

    Raises as `editable`.
    """
    before = await editable(session, blocker_id, by=by)
    details, on = replace(before.details, other_way=other_way), before.closed_on or today
    one = replace(before, details=details, closed_on=on, ended=ended)
    await rows.close(session, one.id, on, other_way, ended)
    await _index(session, one)
    return one


async def reopen(session: Work, blocker_id: uuid.UUID, *, by: Member) -> Blocker:
    """Note that a blocker is there after all; what was said as it ended stays known.  Raises as `editable`."""
    one = replace(await editable(session, blocker_id, by=by), closed_on=None)
    await rows.close(session, one.id, None, one.details.other_way, one.ended)
    return one


async def drop(session: Work, blocker_id: uuid.UUID, *, by: Member) -> Blocker:
    """Delete a blocker; return what it was.  Raises as `editable`."""
    one = await editable(session, blocker_id, by=by)
    await rows.delete(session, one.id)
    await drop_entry(session, Kind.BLOCKER, one.id)
    return one


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Blocker]:
    """Return the blockers among these that an audience may read."""
    return await rows.readable(session, ids, audience)


async def _index(session: Work, one: Blocker) -> None:
    said = one.details
    await put_entry(session, Kind.BLOCKER, one, said.what, said.cause, said.other_way, one.ended)
