"""What a client will need next: noted, changed, done or dropped; it is listed until then."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.practices.anticipations import rows
from bot.practices.anticipations.rows import Anticipation
from bot.practices.anticipations.rules import Outcome
from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.practice import Occasion, Section, Value
from bot.slack.blocks import Element, option, overflow
from bot.slack.text import lines, markup, one_line
from bot.store.base import new_id
from bot.store.search import Kind, Visibility, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, Person, as_reader

__all__ = [
    "Anticipation", "Outcome", "add", "brief", "card", "edit", "editable", "follow", "forget", "of_checkins",
    "readable", "settle",
]  # fmt: skip

GONE: Final = "That is not kept here any more."
MOST: Final = 200
IN_BRIEF: Final = 3
SHOWN: Final = 200
SHOWN_IN_BRIEF: Final = 80


async def add(
    session: Work,
    client_id: uuid.UUID,
    what: str,
    visibility: Visibility,
    *,
    by: Member,
    key: str,
    now: dt.datetime,
) -> Anticipation:
    """Keep what a client will need next; a repeat of the same key returns the first one.

    Raises clients.UnknownClient, and Refused for one that was deleted since.
    """
    await clients.get(session, client_id)
    one = Anticipation(new_id(), client_id, None, by.id, what, Outcome.OPEN, visibility, now)
    earlier = await first_time(session, key, ref=one.id, now=now)
    if earlier is not None:
        return await editable(session, earlier, by=by)
    await rows.insert_once(session, one)
    await put_entry(session, Kind.ANTICIPATION, one, one.what)
    return one


async def follow(
    session: Work,
    checkin_id: uuid.UUID,
    what: str | None,
    *,
    client_id: uuid.UUID,
    author_id: uuid.UUID,
    visibility: Visibility,
    now: dt.datetime,
) -> None:
    """Have what a check-in says the client will need be just that: kept, said differently, or (None) forgotten."""
    kept = (await rows.of_checkins(session, [checkin_id])).get(checkin_id)
    if kept is None and what:
        one = Anticipation(new_id(), client_id, checkin_id, author_id, what, Outcome.OPEN, visibility, now)
        if await rows.insert_once(session, one):
            await put_entry(session, Kind.ANTICIPATION, one, one.what)
    elif kept is not None and not what:
        await _delete(session, kept)
    elif kept is not None and what:
        await _write(session, replace(kept, client_id=client_id, what=what, visibility=visibility))


async def editable(session: Work, one_id: uuid.UUID, *, by: Member) -> Anticipation:
    """Return what a member may change: its author, the client's team.

    Raises Refused for one that is gone or not theirs to read, and clients.NotTheirs.
    """
    one = (await rows.readable(session, [one_id], as_reader(by))).get(one_id)
    return await whose.changeable(session, one, by, gone=GONE)


async def edit(session: Work, one_id: uuid.UUID, what: str, visibility: Visibility, *, by: Member) -> Anticipation:
    """Say differently what will be needed; that of a check-in keeps that one's readers.

    Raises as `editable`, and whose.NotTheirsAlone.
    """
    one = await editable(session, one_id, by=by)
    if one.checkin_id is None:
        await whose.require_author(session, one, visibility, by)
        one = replace(one, visibility=visibility)
    one = replace(one, what=what)
    await _write(session, one)
    return one


async def settle(session: Work, one_id: uuid.UUID, state: Outcome, *, by: Member, now: dt.datetime) -> Anticipation:
    """Note that it is done, dropped, or open after all; a second time changes nothing.  Raises as `editable`."""
    one = await editable(session, one_id, by=by)
    if one.state is not state:
        await rows.settle(session, one_id, state, None if state is Outcome.OPEN else now, by.id)
    return replace(one, state=state)


async def forget(session: Work, one_id: uuid.UUID, *, by: Member) -> Anticipation:
    """Delete it; return what it was.  Raises as `editable`."""
    one = await editable(session, one_id, by=by)
    await _delete(session, one)
    return one


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Anticipation]:
    """Return those among these that an audience may read."""
    return await rows.readable(session, ids, audience)


async def of_checkins(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Anticipation]:
    """Return what each check-in says the client will need next, if anything."""
    return await rows.of_checkins(session, checkin_ids)


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what each client will need next; a person can say that it is done, or dropped."""
    _ = now
    said: dict[uuid.UUID, list[Value]] = {}
    for place, one in enumerate(await rows.open_ones(session, client_ids, audience, limit=MOST)):
        text = markup("*They'll need next:* {what}", what=one_line(one.what, SHOWN))
        menu = _menu(one) if isinstance(audience, Person) else None
        said.setdefault(one.client_id, []).append(Value(Section.NEEDS, text, -place, one.id, accessory=menu))
    return said


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what each client will need next, until it is done or dropped."""
    _ = now
    by_client: dict[uuid.UUID, list[Anticipation]] = {}
    for one in await rows.open_ones(session, [each.client_id for each in occasions], audience, limit=MOST):
        by_client.setdefault(one.client_id, []).append(one)
    return {client_id: [_in_brief(theirs)] for client_id, theirs in by_client.items()}


def _in_brief(theirs: Sequence[Anticipation]) -> Value:
    """Return all that a client will need on one line, the newest first."""
    more = f"and {len(theirs) - IN_BRIEF} more" if len(theirs) > IN_BRIEF else ""
    said = lines([*(one_line(one.what, SHOWN_IN_BRIEF) for one in theirs[:IN_BRIEF]), more], " · ")
    return Value(Section.NEEDS, markup("*They'll need next:* {said}", said=said))


def _menu(one: Anticipation) -> Element:
    key = str(one.id)
    choices = (("Done", Outcome.DONE.value), ("Dropped", Outcome.DROPPED.value), ("Edit", "edit"))
    return overflow("need.more", [option(label, f"{choice}:{key}") for label, choice in choices])


async def _write(session: Work, one: Anticipation) -> None:
    await rows.change(session, one)
    await put_entry(session, Kind.ANTICIPATION, one, one.what)


async def _delete(session: Work, one: Anticipation) -> None:
    await rows.delete(session, one.id)
    await drop_entry(session, Kind.ANTICIPATION, one.id)
