"""A contact day without a word about it: "We've spoken", put on another day, taken back."""

import datetime as dt
import uuid
from dataclasses import replace

from bot.practices.checkins import contact, queries, receipts, rows, rules
from bot.practices.checkins.receipts import NOTHING_MORE, NotTheAuthor, Receipt, TooLateToUndo, UnknownCheckin
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Purpose, Setting, Via
from bot.practices.clients import service as clients
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.seen import first_time, stands_for
from bot.store.session import Work
from bot.workspaces.directory import Member


async def spoken(
    session: Work,
    client_id: uuid.UUID,
    *,
    on: dt.date | None,
    moves: uuid.UUID | None = None,
    by: Member,
    key: str,
    now: dt.datetime,
    via: Via = Via.SPOKEN,
    there: Details = NOTHING_MORE,
    setting: Setting | None = None,
) -> Receipt:
    """Note that a member spoke with a client on a local day, None for today; once per delivery `key`.

    `there` and `setting` are who was there and before whom they spoke, where that is known.

    `moves` is a check-in that gets this day in place of a second conversation.  A day that the member has noted already
    stays as it is, and so does a check-in that says more than that they spoke: the receipt is a repeated one then.
    Raises clients.UnknownClient, Refused for a relationship that has ended, rules.FutureDay or rules.TooLongAgo,
    NotTheAuthor, and UnknownCheckin where it was taken back since.
    """
    day = rules.contact_day(now, by.tz, on)
    client = await clients.hold(session, client_id)
    clients.require_running(client)
    moved = await rows.get(session, moves) if moves else None
    noted = next(iter(await queries.by_author(session, client_id, by.id, on=day)), None)
    fresh = replace(_bare(client_id, day, by, now), via=via, setting=setting)
    kept = (moved if moved is not None and not moved.is_bare else noted) or moved or fresh
    before = await first_time(session, key, ref=kept.id, now=now)
    if before is not None:
        return replace(await receipts.receipt(session, before, by=by, client=client), repeated=True)
    if moves is not None:
        _require_movable(moved, client_id, by)
    if moved is not None and moved.is_bare and moved.happened_on != day:
        await _move(session, moved, day, onto=noted)
    elif kept is fresh:
        await rows.insert(session, fresh, there)
        await contact.add(session, fresh, there)
    else:
        return replace(await receipts.receipt(session, kept.id, by=by, client=client), repeated=True)
    return Receipt(replace(kept, happened_on=day), client)


async def noted(session: Work, client_id: uuid.UUID, on: dt.date, *, by: Member) -> list[Checkin]:
    """Return what a member has noted of a client for a local day, oldest first."""
    return await queries.by_author(session, client_id, by.id, on=on)


async def take_back(session: Work, checkin_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Checkin | None:
    """Take back, within the time for undo, that a member spoke with a client; return what was taken back.

    A check-in that says more by now stays as it is: None.  Raises UnknownCheckin, NotTheAuthor or TooLateToUndo.
    """
    await contact.hold(session, (await receipts.own(session, checkin_id, by)).client_id)
    found = await receipts.own(session, checkin_id, by)
    if not found.is_bare:
        return None
    if not rules.may_undo(found.created_at, now):
        raise TooLateToUndo
    await rows.delete(session, checkin_id)
    await contact.count(session, found.client_id)
    return found


def _require_movable(moved: Checkin | None, client_id: uuid.UUID, by: Member) -> None:
    if moved is None or moved.client_id != client_id:
        raise UnknownCheckin
    if not rules.may_change(moved.author_id, by.id):
        raise NotTheAuthor


async def _move(session: Work, moved: Checkin, day: dt.date, *, onto: Checkin | None) -> None:
    """Have a check-in count for another day, or give way to the one that the member has noted for it."""
    if onto is None:
        await rows.move(session, moved.id, to=day)
    else:
        await rows.delete(session, moved.id)
        await stands_for(session, onto.id, instead_of=moved.id)
    await contact.count(session, moved.client_id)


def _bare(client_id: uuid.UUID, day: dt.date, by: Member, now: dt.datetime) -> Checkin:
    return Checkin(
        id=new_id(),
        client_id=client_id,
        author_id=by.id,
        feeling=None,
        note="",
        happened_on=day,
        purpose=Purpose.SERVICE,
        visibility=Visibility.TEAM,
        via=Via.SPOKEN,
        created_at=now,
    )
