"""“We've spoken”: a contact day without a word about it."""

import datetime as dt
import uuid
from dataclasses import replace

from bot.practices.checkins import contact, receipts, rows, rules
from bot.practices.checkins.receipts import Receipt
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Purpose, Via
from bot.practices.clients import service as clients
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member


async def spoken(
    session: Work, client_id: uuid.UUID, *, on: dt.date | None, by: Member, key: str, now: dt.datetime
) -> Receipt:
    """Note that a member spoke with a client on a local day, None for today; once per delivery `key`.

    A day that the member has noted already stays as it is, and the receipt is a repeated one.  A day that is named
    moves what they noted within the time for undo, in place of a second conversation.  Raises clients.UnknownClient,
    Refused for a relationship that has ended, rules.FutureDay or rules.TooLongAgo, and UnknownCheckin for a repeat of
    one that was undone since.
    """
    day = rules.contact_day(now, by.tz, on)
    client = await clients.get(session, client_id)
    clients.require_running(client)
    await contact.hold(session, client_id)
    mine = await rows.by_author(session, client_id, by.id, on=day, made_since=now - rules.UNDO_FOR)
    noted = next((checkin for checkin in mine if checkin.happened_on == day), None)
    pressed = next((checkin for checkin in reversed(mine) if checkin.is_bare and checkin.happened_on != day), None)
    moved = pressed if on is not None else None
    fresh = _bare(client_id, day, by, now)
    kept = noted or moved or fresh
    before = await first_time(session, key, ref=kept.id, now=now)
    if before is not None:
        return replace(await receipts.receipt(session, before, by=by, client=client), repeated=True)
    if noted is not None and moved is None:
        return replace(await receipts.receipt(session, noted.id, by=by, client=client), repeated=True)
    if noted is not None and moved is not None:
        await rows.delete(session, moved.id)
    elif moved is not None:
        await rows.move(session, moved.id, to=day)
    else:
        await rows.insert(session, fresh, Details())
    await contact.conversed(session, client_id, day, by=by)
    await contact.count(session, client_id)
    return Receipt(replace(kept, happened_on=day), client)


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
