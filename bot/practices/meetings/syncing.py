"""Bringing a member's meetings up to what their calendar holds."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bot.courier import ledger
from bot.courier.kinds import A_BRIEF, Occurrence
from bot.practices.clients import service as clients
from bot.practices.clients.rules import fold
from bot.practices.meetings import rows
from bot.practices.meetings.rows import Meeting
from bot.practices.meetings.rules import BRIEF_AHEAD, Book, Event, Known, Match, State, match, series
from bot.practices.meetings.service import ASKED_FOR, occurrence, release
from bot.practices.people import service as people
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.directory import Member


async def sync(
    session: Work, member: Member, events: Collection[Event], *, linked_at: dt.datetime, now: dt.datetime
) -> int:
    """Bring a member's meetings up to what their calendar holds; return how many are with a client.

    Once or ten times, it comes to the same.  One that has moved is asked about anew; one that is not there any more is
    cancelled, unless it was taken as held already.
    """
    found = await _matched(session, events)
    kept = {one.key: one for one in await rows.by_key(session, member.id, found)}
    renamed = await _renamed(session, member, events, now)
    for event, match_ in found.values():
        before = kept.get(event.key)
        if before is not None:
            await _change(session, member, before, event, match_, now=now)
        elif event.starts_at > now or (series(event.key), member.day(event.starts_at)) not in renamed:
            await _add(session, member, event, match_, linked_at=linked_at, now=now)
    await rows.cancel_others(session, member.id, found)
    return len(found)


async def _renamed(
    session: Work, member: Member, events: Collection[Event], now: dt.datetime
) -> set[tuple[str, dt.date]]:
    """Return (series, day) of what was held, but goes by another key now: the time of its series was changed since."""
    keys = {event.key for event in events}
    lately = await rows.of_member(session, member.id, since=now - 2 * ASKED_FOR)
    held = [one for one in lately if one.state in {State.HELD, State.DID_NOT_HAPPEN} and one.key not in keys]
    return {(series(one.key), member.day(one.starts_at)) for one in held}


async def _matched(session: Work, events: Collection[Event]) -> dict[str, tuple[Event, Match]]:
    """Return those events that are with a client, by key."""
    if not events:
        return {}
    names = await clients.present_names(session)
    running = set(names.values())
    known = [
        Known(one.id, one.client_id, fold(one.name), (one.email or "").casefold(), one.reports_to_id)
        for one in await people.present(session)
        if one.client_id in running
    ]
    book = Book(known, names)
    matches = ((event, match(event, book)) for event in events)
    return {event.key: (event, one) for event, one in matches if one is not None}


async def _add(
    session: Work, member: Member, event: Event, match_: Match, *, linked_at: dt.datetime, now: dt.datetime
) -> None:
    """Keep a meeting that is ahead, or that has ended since the calendar was linked."""
    if event.ends_at <= max(linked_at, now - ASKED_FOR):
        return
    meeting = Meeting(
        id=new_id(),
        member_id=member.id,
        client_id=match_.client_id,
        key=event.key,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        setting=match_.before,
        state=State.AHEAD,
        turn=0,
        checkin_id=None,
        counts=match_.counts,
        people=match_.people,
    )
    if await rows.insert(session, meeting):
        await _announce(session, member, meeting, now)


async def _change(
    session: Work, member: Member, before: Meeting, event: Event, match_: Match, *, now: dt.datetime
) -> None:
    """Take over what is different about a meeting; one that is over stays as it was unless it was put off."""
    is_over = before.state in {State.HELD, State.DID_NOT_HAPPEN}
    if is_over and event.starts_at <= now:
        return
    is_back = before.state is not State.AHEAD and event.ends_at > now
    is_moved = is_back or event.starts_at != before.starts_at
    after = replace(
        before,
        client_id=match_.client_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        setting=match_.before,
        counts=match_.counts,
        people=match_.people,
        state=State.AHEAD if is_back else before.state,
        turn=before.turn + is_moved,
        checkin_id=None if is_back else before.checkin_id,
    )
    if after == before:
        return
    if is_back:
        await release(session, before, by=member, now=now)
    if after.people != before.people:
        await rows.set_people(session, before.id, after.people)
    changed = {name: value for name, value in vars(after).items() if name not in {"id", "people"}}
    await rows.change(session, before.id, **changed)
    if is_moved:
        await _announce(session, member, after, now)


async def _announce(session: Work, member: Member, meeting: Meeting, now: dt.datetime) -> None:
    """Have the brief said a quarter of an hour before; for one that begins before then there is still time now."""
    if meeting.starts_at > now:
        await ledger.enqueue(session, brief(member, meeting), now)


def brief(member: Member, meeting: Meeting) -> Occurrence:
    """Return the message before a meeting: of use until it begins."""
    due = meeting.starts_at - BRIEF_AHEAD
    return occurrence(member, meeting, A_BRIEF, due, meeting.starts_at)
