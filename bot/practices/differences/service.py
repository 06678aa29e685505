"""Differences: kept with a day to settle them by, closed with what they came to."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.practices.checkins import service as checkins
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.differences import rows, rules
from bot.practices.differences.rows import Difference
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, as_reader

__all__ = [
    "Details", "Difference", "add", "close", "drop", "edit", "editable", "open_ones", "origin", "readable", "reopen",
]  # fmt: skip

GONE = "That difference is not kept here any more."
SHOWN = 200


@dataclass(frozen=True)
class Details:
    """What somebody says about a difference: with whom, what, by which local date, who may read it."""

    client_id: uuid.UUID
    text: str
    resolve_by: dt.date
    visibility: Visibility
    checkin_id: uuid.UUID | None = None


async def add(session: Work, details: Details, *, by: Member, key: str, now: dt.datetime, today: dt.date) -> Difference:
    """Keep a difference, once per delivery `key`; a repeat returns the first one.

    Raises clients.UnknownClient, rules.BadDay, and Refused for one that was dropped since.
    """
    await clients.get(session, details.client_id)
    rules.check_day(details.resolve_by, today)
    await origin(session, details.checkin_id, by, details.client_id)
    fresh = Difference(
        new_id(),
        details.client_id,
        details.checkin_id,
        by.id,
        details.text,
        details.resolve_by,
        details.visibility,
        now,
    )
    before = await first_time(session, key, ref=fresh.id, now=now)
    if before is not None:
        return await editable(session, before, by=by)
    await rows.insert(session, fresh)
    await _index(session, fresh)
    return fresh


async def origin(
    session: Work, checkin_id: uuid.UUID | None, by: Member, client_id: uuid.UUID
) -> checkins.Checkin | None:
    """Return the conversation with a client that a difference came up in, as a member may read it.

    Raises Refused for one that is gone, about somebody else, or not theirs to read.
    """
    if checkin_id is None:
        return None
    found = (await checkins.readable(session, [checkin_id], as_reader(by))).get(checkin_id)
    if found is None or found.client_id != client_id:
        raise Refused("That note is not there any more.")
    return found


async def edit(session: Work, difference_id: uuid.UUID, details: Details, *, by: Member, today: dt.date) -> Difference:
    """Say a difference differently.  Raises as `add` does, clients.NotTheirs, whose.NotTheirsAlone."""
    old = await editable(session, difference_id, by=by)
    await whose.require_author(session, old, details.visibility, by)
    if details.resolve_by != old.resolve_by:
        rules.check_day(details.resolve_by, today)
    return await _write(session, old, text=details.text, resolve_by=details.resolve_by, visibility=details.visibility)


async def close(
    session: Work, difference_id: uuid.UUID, resolution: str, *, by: Member, now: dt.datetime
) -> Difference:
    """Note what a difference came to; it is brought up no more, and a second time keeps the first instant.

    Raises Refused and clients.NotTheirs.
    """
    old = await editable(session, difference_id, by=by)
    return await _write(session, old, closed_at=old.closed_at or now, resolution=resolution)


async def reopen(session: Work, difference_id: uuid.UUID, *, by: Member) -> Difference:
    """Note that a difference is open after all; what it had come to stays known.  Raises as `close`."""
    return await _write(session, await editable(session, difference_id, by=by), closed_at=None)


async def _write(session: Work, old: Difference, **values: Any) -> Difference:
    await rows.change(session, old.id, **values)
    changed = replace(old, **values)
    await _index(session, changed)
    return changed


async def drop(session: Work, difference_id: uuid.UUID, *, by: Member) -> Difference:
    """Forget a difference.  Raises Refused and clients.NotTheirs."""
    gone = await editable(session, difference_id, by=by)
    await rows.delete(session, difference_id)
    await drop_entry(session, Kind.DIFFERENCE, difference_id)
    return gone


async def editable(session: Work, difference_id: uuid.UUID, *, by: Member) -> Difference:
    """Return a difference that a member may change: whoever wrote it, the client's team, an admin.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs.
    """
    found = (await rows.readable(session, [difference_id], as_reader(by))).get(difference_id)
    return await whose.changeable(session, found, by, gone=GONE)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> Mapping[uuid.UUID, Difference]:
    """Return the differences among these that an audience may read, closed ones too."""
    return await rows.readable(session, ids, audience)


async def open_ones(session: Work, client_ids: Collection[uuid.UUID], audience: Audience) -> list[Difference]:
    """Return the open differences with clients that an audience may read, soonest first."""
    return await rows.open_ones(session, client_ids, audience, limit=SHOWN)


async def _index(session: Work, one: Difference) -> None:
    await put_entry(session, Kind.DIFFERENCE, one, one.text, one.resolution)
