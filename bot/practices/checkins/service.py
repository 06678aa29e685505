"""Check-ins: recording, editing, undoing; and lines that wait for one more answer."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace

from bot.practices.checkins import contact, following, hanging, putback, rows, rules
from bot.practices.checkins.bare import noted, spoken, take_back
from bot.practices.checkins.contact import backfill, facts
from bot.practices.checkins.quotes import quotes
from bot.practices.checkins.reading import (
    captured,
    heard,
    history,
    in_days,
    last_days,
    last_words,
    lately,
    quotable,
    quoted_in,
    readable,
    readable_days,
    spoken_since,
    spoken_with,
)
from bot.practices.checkins.receipts import (
    Note,
    NotTheAuthor,
    NotTheirPerson,
    Receipt,
    TooLateToUndo,
    UnknownCheckin,
    own,
    receipt,
)
from bot.practices.checkins.rows import Checkin, Details, Draft
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.people import service as people
from bot.practices.promises import recognise
from bot.practices.promises import service as promises
from bot.store.base import new_id
from bot.store.search import Kind, drop_entry, put_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member

__all__ = [
    "Checkin", "Details", "Draft", "NotTheAuthor", "NotTheirPerson", "Note", "Receipt", "TooLateToUndo",
    "UnknownCheckin", "backfill", "captured", "change_draft", "confirm_promise", "delete", "details", "draft", "edit",
    "facts", "forget_drafts", "heard", "held", "history", "in_days", "keep_draft", "last_days", "last_words", "lately",
    "noted", "people_in", "quotable", "quoted_in", "quotes", "readable", "readable_days", "receipt", "record",
    "settle_draft", "spoken", "spoken_since", "spoken_with", "take_back", "undo",
]  # fmt: skip

KEEP_DRAFTS = dt.timedelta(days=30)


async def record(session: Work, note: Note, *, by: Member, key: str, now: dt.datetime, amends: bool = False) -> Receipt:
    """Keep a check-in, once per delivery `key`; a repeat gets the receipt of the first.

    With `amends`, a repeat that says something else changes what is kept, unless that has been edited since.
    Raises clients.UnknownClient, NotTheirPerson, rules.FutureDay or rules.TooLongAgo, and UnknownCheckin for a repeat
    of one that was undone since.
    """
    checkin_id = new_id()
    before = await first_time(session, key, ref=checkin_id, now=now)
    if before is not None:
        if amends:
            await _amend(session, before, note, by=by, now=now)
        return replace(await receipt(session, before, by=by), repeated=True)
    client = await clients.hold(session, note.client_id)
    checkin = _checkin(checkin_id, note, by, now)
    await _check_people(session, note)
    await rows.insert(session, checkin, note.details)
    await put_entry(session, Kind.CHECKIN, checkin, checkin.in_words, is_new=True)
    await contact.add(session, checkin, note.details)
    if checkin.is_bare:
        return Receipt(checkin, client)
    promise = await hanging.keep(session, checkin, note, now=now)
    guess = None if promise else recognise.guess(note.text, rules.contact_day(now, by.tz, None))
    asks_why = await clients.ask_why(session, note.client_id, now=now) if _may_ask_why(client) else False
    return Receipt(checkin, client, promise, guess, asks_why, signals=note.details.signals, need=note.need)


async def edit(session: Work, checkin_id: uuid.UUID, note: Note, *, by: Member, now: dt.datetime) -> Receipt:
    """Change a check-in of one's own, and what hangs on it.

    Raises as `record` does, and NotTheAuthor, UnknownCheckin or promises.Settled.
    """
    old = await held(session, checkin_id, by, note.client_id)
    client = await _change(session, old, note, by=by, now=now, edited_at=now)
    kept = await receipt(session, checkin_id, by=by, client=client)
    return replace(kept, leaves_win=old.win is not None and any(following.goes(old, kept.checkin)))


async def _amend(session: Work, checkin_id: uuid.UUID, note: Note, *, by: Member, now: dt.datetime) -> None:
    """Take over what was changed in a form before it was pressed again; a promise confirmed since stays."""
    old = await held(session, checkin_id, by, note.client_id)
    said = _checkin(checkin_id, note, by, now)
    day = old.happened_on if note.said_on is None else said.happened_on
    promise = (await promises.of_checkins(session, [checkin_id])).get(checkin_id)
    is_same = (
        replace(said, created_at=old.created_at, happened_on=day) == old
        and note.details == await details(session, checkin_id)
        and note.promise in {None, hanging.promised(promise)}
        and note.need == await hanging.need(session, checkin_id)
    )
    if old.edited_at is None and not is_same:
        await _change(session, old, note, by=by, now=now, edited_at=None)


async def _change(
    session: Work, old: Checkin, note: Note, *, by: Member, now: dt.datetime, edited_at: dt.datetime | None
) -> Client:
    client = await clients.get(session, note.client_id)
    await _check_people(session, note)
    if note.said_on in {None, old.happened_on}:
        note = replace(note, said_on=None)
    fresh = _checkin(old.id, note, by, now)
    await rows.replace(
        session,
        old.id,
        note.details,
        client_id=fresh.client_id,
        feeling=fresh.feeling,
        note=fresh.note,
        unsaid=fresh.unsaid,
        quote=fresh.quote,
        win=fresh.win,
        struggle=fresh.struggle,
        our_role=fresh.our_role,
        medium=fresh.medium,
        setting=fresh.setting,
        purpose=fresh.purpose,
        visibility=fresh.visibility,
        happened_on=old.happened_on if note.said_on is None else fresh.happened_on,
        edited_at=edited_at,
    )
    await contact.count(session, old.client_id, client.id)
    await put_entry(session, Kind.CHECKIN, fresh, fresh.in_words)
    await hanging.follow(session, old, fresh, note, now=now)
    return client


async def held(session: Work, checkin_id: uuid.UUID, by: Member, *also: uuid.UUID) -> Checkin:
    """Return a check-in of one's own as it is once nobody else changes it, its client and some others held."""
    holds: set[uuid.UUID] = set()
    while (checkin := await own(session, checkin_id, by)).client_id not in holds:
        holds |= {checkin.client_id, *also}
        await contact.hold(session, *holds)
    return checkin


async def details(session: Work, checkin_id: uuid.UUID) -> Details:
    """Return who was there and what was noticed."""
    return (await rows.details_of(session, [checkin_id]))[checkin_id]


async def people_in(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return who was there, by check-in; to be asked about check-ins that the reader may read."""
    return {key: found.people for key, found in (await rows.details_of(session, checkin_ids)).items()}


async def confirm_promise(session: Work, checkin_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Receipt:
    """Keep the promise that was recognised in a note; a second tap changes nothing."""
    found = await receipt(session, checkin_id, by=by)
    if found.guess is None:
        return found
    promise = await hanging.keep_promise(session, found.checkin, found.guess, now=now)
    return replace(found, promise=promise, guess=None)


async def undo(session: Work, checkin_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Draft:
    """Take back a check-in within ten minutes; all it said is kept as a draft, if it said anything.

    Raises UnknownCheckin, NotTheAuthor or TooLateToUndo.
    """
    checkin = await held(session, checkin_id, by)
    if not rules.may_undo(checkin.created_at, now):
        raise TooLateToUndo
    said = await details(session, checkin_id)
    promise = (await promises.of_checkins(session, [checkin_id])).get(checkin_id)
    need, others = await hanging.need(session, checkin_id), await following.pack(session, checkin_id)
    more = putback.pack(checkin, said, promise, need, others)
    await _delete(session, checkin)
    draft = Draft(new_id(), by.id, checkin.client_id, checkin.feeling, checkin.note, checkin.via, now, more)
    if not checkin.is_bare:
        await rows.keep_draft(session, draft)
    return draft


async def delete(session: Work, checkin_id: uuid.UUID, *, by: Member) -> Checkin:
    """Forget a check-in of one's own, the promise made in it and the line it came from.

    Raises UnknownCheckin or NotTheAuthor.
    """
    checkin = await held(session, checkin_id, by)
    await _delete(session, checkin)
    return checkin


async def keep_draft(session: Work, waiting: Draft, *, by: Member, key: str) -> Draft:
    """Keep a line until its author has said what it lacks, once per delivery `key`; return the one that is kept.

    Raises UnknownCheckin for a repeat of a line that is settled or gone.
    """
    before = await first_time(session, key, ref=waiting.id, now=waiting.created_at)
    if before is not None:
        return await draft(session, before, by=by)
    await rows.keep_draft(session, waiting)
    return waiting


async def draft(session: Work, draft_id: uuid.UUID, *, by: Member) -> Draft:
    """Return a waiting line of one's own.  Raises UnknownCheckin."""
    found = await rows.get_draft(session, draft_id)
    if found is None or found.author_id != by.id:
        raise UnknownCheckin
    return found


async def settle_draft(session: Work, waiting: Draft, *, by: Member, now: dt.datetime) -> Receipt:
    """Record a line that lacks nothing any more, once, without people who were forgotten since.

    Raises UnknownCheckin when its client is gone.
    """
    if waiting.client_id is None or waiting.feeling is None:
        raise UnknownCheckin
    typed_on = rules.contact_day(waiting.created_at, by.tz, None)
    said = putback.unpack(waiting.more) if waiting.more else {"said_on": typed_on}
    note = Note(waiting.client_id, waiting.feeling, waiting.text, waiting.via, **said)
    if note.details.people:
        still_there = note.details.people & await _people_of(session, note.client_id)
        note = replace(note, details=replace(note.details, people=still_there))
    if note.said_on is not None:
        note = replace(note, said_on=min(note.said_on, rules.contact_day(now, by.tz, None)))  # they may have flown west
    kept = await record(session, note, by=by, key=f"{rows.SETTLED}{waiting.id}", now=now)
    if waiting.more and not kept.repeated:
        await hanging.put_back(session, kept.checkin, kept.promise, waiting.more, by=by, now=now)
    return kept


async def change_draft(session: Work, waiting: Draft) -> None:
    """Fill in what a waiting line lacked."""
    await rows.change_draft(
        session, waiting.id, client_id=waiting.client_id, feeling=waiting.feeling, text=waiting.text
    )


async def forget_drafts(session: Work, *, now: dt.datetime) -> None:
    """Drop lines that nobody came back to for a month."""
    await rows.drop_drafts(session, before=now - KEEP_DRAFTS)


def _checkin(checkin_id: uuid.UUID, note: Note, by: Member, now: dt.datetime) -> Checkin:
    return Checkin(
        id=checkin_id,
        client_id=note.client_id,
        author_id=by.id,
        feeling=note.feeling,
        note=note.text,
        happened_on=rules.contact_day(now, by.tz, note.said_on),
        purpose=note.purpose or rules.infer_purpose(note.text),
        visibility=note.visibility,
        via=note.via,
        unsaid=note.unsaid,
        quote=note.quote,
        win=note.win,
        struggle=note.struggle,
        our_role=note.our_role,
        medium=note.medium,
        setting=note.setting,
        source_channel=note.source_channel,
        source_ts=note.source_ts,
        created_at=now,
    )


def _may_ask_why(client: Client) -> bool:
    return client.why_hired is None and client.why_asked_at is None


async def _check_people(session: Work, note: Note) -> None:
    if note.details.people and not note.details.people <= await _people_of(session, note.client_id):
        raise NotTheirPerson


async def _people_of(session: Work, client_id: uuid.UUID) -> set[uuid.UUID]:
    return {contact.id for contact in (await people.of_clients(session, [client_id]))[client_id]}


async def _delete(session: Work, checkin: Checkin) -> None:
    await hanging.drop(session, checkin)
    await drop_entry(session, Kind.CHECKIN, checkin.id)
    await rows.delete(session, checkin.id)
    await contact.count(session, checkin.client_id)
