"""What is done with meetings: briefed about, taken as held, answered."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.courier import ledger, said
from bot.courier.kinds import A_BRIEF, AFTERWARDS, Occurrence
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Setting, Via
from bot.practices.checkins.service import Checkin, Details, Draft, Note, Receipt
from bot.practices.meetings import rows
from bot.practices.meetings.rows import Meeting
from bot.practices.meetings.rules import State
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces import away, directory
from bot.workspaces.directory import Member

__all__ = [
    "Meeting", "Upcoming", "asked_about", "did_not_happen", "last_brief", "mine", "noted_as", "occurrence",
    "rate", "release", "settle", "take_back", "told", "upcoming",
]  # fmt: skip

ASKED_FOR: Final = dt.timedelta(days=3)
"""How long after a meeting it is still asked how it went: a weekend."""

REMEMBERED: Final = dt.timedelta(days=180)
"""For how long it is known what a brief said."""

GONE: Final = "Ember does not know that meeting any more."
STILL_AHEAD: Final = "That meeting was moved, and is still ahead. Ember asks about it afterwards."


@dataclass(frozen=True)
class Upcoming:
    """What a brief needs to know of a meeting: with whom, when, and who of theirs is there, by our ids.

    setting: the value of a check-in's setting; empty where it is not known.
    """

    meeting_id: uuid.UUID | None
    client_id: uuid.UUID
    people: frozenset[uuid.UUID] = frozenset()
    setting: str = ""
    starts_at: dt.datetime | None = None


def upcoming(meeting: Meeting) -> Upcoming:
    """Return what a brief needs to know of a meeting."""
    setting = meeting.setting.value if meeting.setting is not None else ""
    return Upcoming(meeting.id, meeting.client_id, meeting.people, setting, meeting.starts_at)


async def told(session: Work, meeting_id: uuid.UUID) -> Meeting | None:
    """Return a meeting, for a message to its own member."""
    return await rows.get(session, meeting_id)


async def last_brief(session: Work, member: Member, client_id: uuid.UUID, now: dt.datetime) -> Mapping[str, Any] | None:
    """Return the last brief that a member got about a client, as it was posted; None for none that is remembered."""
    since = now - REMEMBERED
    ids = await rows.ids_with(session, member.id, client_id, since=since)
    return await said.newest_body(session, member.slack_id, A_BRIEF, ids, since=since.date())


async def noted_as(session: Work, meeting: Meeting, *, by: Member) -> Receipt | None:
    """Return the conversation that a meeting counts as: what was written about it, else the note that it took place."""
    kept = await _kept(session, meeting, by)
    if meeting.state is not State.HELD or (kept is not None and not kept.checkin.is_bare):
        return kept
    written = await _told(session, meeting, by)
    return kept if written is None else await checkins.receipt(session, written.id, by=by, guessing=False)


async def asked_about(session: Work, client_id: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Return the meetings with a client that it was asked about lately how they went, by our ids."""
    return await rows.ended(session, client_id, since=now - ASKED_FOR, until=now)


async def mine(session: Work, meeting_id: uuid.UUID, *, by: Member) -> Meeting:
    """Return a meeting of one's own, and keep it from changing meanwhile.  Raises Refused."""
    found = await rows.hold(session, meeting_id)
    if found is None or found.member_id != by.id:
        raise Refused(GONE)
    return found


def afterwards(member: Member, meeting: Meeting) -> Occurrence:
    """Return the question after a meeting."""
    return occurrence(member, meeting, AFTERWARDS, meeting.ends_at, meeting.ends_at + ASKED_FOR)


def occurrence(member: Member, meeting: Meeting, kind: str, due: dt.datetime, until: dt.datetime) -> Occurrence:
    """Return a message about a meeting: another one each time it has moved."""
    on = member.day(meeting.starts_at)
    return Occurrence(member.slack_id, kind, on, due, until, meeting.id, part=f".{meeting.turn}")


async def settle(session: Work, meeting_id: uuid.UUID, now: dt.datetime) -> uuid.UUID | None:
    """Take a meeting that has ended as held: it counts as a conversation, and its member is asked how it went.

    Returns the client, None where somebody else has done so, no client was there, or its member was not.
    """
    meeting = await rows.hold(session, meeting_id)
    if meeting is None or meeting.state is not State.AHEAD or meeting.ends_at > now:
        return None
    member = (await directory.members_by_id(session, [meeting.member_id])).get(meeting.member_id)
    if member is None or not await _was_there(session, meeting, member):
        await rows.change(session, meeting_id, state=State.CANCELLED)
        return None
    is_noted = any(not one.is_bare for one in await _noted(session, meeting, member))
    checkin_id = None if is_noted else await _note(session, meeting, member, now)
    await rows.change(session, meeting_id, state=State.HELD, checkin_id=checkin_id)
    if await _told(session, meeting, member) is None:
        await ledger.enqueue(session, afterwards(member, meeting), now)
    return meeting.client_id


async def _was_there(session: Work, meeting: Meeting, member: Member) -> bool:
    """Return whether a meeting can have been a conversation of its member's, who may be away, with a client."""
    day = member.day(meeting.starts_at)
    return member.is_ours and meeting.counts and not await away.away_on(session, [member.id], day)


async def _note(session: Work, meeting: Meeting, member: Member, now: dt.datetime) -> uuid.UUID | None:
    """Count a meeting as a conversation without a word about it; return the note's id.

    None where the day was noted already, and stays as it is, and where the relationship has ended.
    """
    try:
        receipt = await checkins.spoken(
            session,
            meeting.client_id,
            on=member.day(meeting.starts_at),
            by=member,
            key=f"meeting:{meeting.id}:{new_id()}",
            now=now,
            via=Via.CALENDAR,
            there=Details(people=meeting.people),
            setting=_setting(meeting),
        )
    except Refused:
        return None
    return None if receipt.repeated else receipt.checkin.id


async def rate(session: Work, meeting_id: uuid.UUID, feeling: int, *, by: Member, now: dt.datetime) -> Receipt:
    """Log how a meeting left them, with who was there, in the place of the bare note that it took place.

    Pressed again, or where they have written about it meanwhile, it is the first one that counts.  Raises Refused, and
    clients.UnknownClient.
    """
    meeting = await mine(session, meeting_id, by=by)
    _require_over(meeting, now)
    before = await noted_as(session, meeting, by=by)
    if before is not None and not before.checkin.is_bare:
        return replace(before, repeated=True)
    for one in await _noted(session, meeting, by):
        if one.is_bare:
            await checkins.delete(session, one.id, by=by)
    note = Note(
        meeting.client_id,
        feeling,
        "",
        Via.CALENDAR,
        said_on=by.day(meeting.starts_at),
        setting=_setting(meeting),
        details=Details(people=meeting.people),
    )
    receipt = await checkins.record(session, note, by=by, key=f"meeting:{meeting.id}:{new_id()}", now=now)
    await rows.change(session, meeting.id, state=State.HELD, checkin_id=receipt.checkin.id)
    return receipt


async def did_not_happen(session: Work, meeting_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Meeting:
    """Take back that a meeting counts as a conversation.  Raises Refused, also where something was written about it."""
    meeting = await mine(session, meeting_id, by=by)
    _require_over(meeting, now)
    noted = await noted_as(session, meeting, by=by)
    if noted is not None and not noted.checkin.is_bare:
        raise Refused("You have written something about it. Delete that note first, under “Add detail”.")
    await release(session, meeting, by=by, now=now)
    await rows.change(session, meeting.id, state=State.DID_NOT_HAPPEN, checkin_id=None)
    return replace(meeting, state=State.DID_NOT_HAPPEN, checkin_id=None)


async def take_back(session: Work, meeting_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Draft | None:
    """Take back what was answered about a meeting: it counts as held again, without a word.

    Returns what was typed, kept as a draft; None for a mere tap.  Raises Refused, and checkins.TooLateToUndo for a note
    of more than ten minutes ago.
    """
    meeting = await mine(session, meeting_id, by=by)
    _require_over(meeting, now)
    noted = await noted_as(session, meeting, by=by)
    draft = None
    if noted is not None and not noted.checkin.is_bare:
        draft = await checkins.undo(session, noted.checkin.id, by=by, now=now)
    if await _kept(session, meeting, by) is None:
        checkin_id = await _note(session, meeting, by, now)
        await rows.change(session, meeting.id, state=State.HELD, checkin_id=checkin_id)
    says_more = noted is not None and (noted.checkin.in_words or noted.promise or noted.need or noted.signals)
    return draft if says_more else None


async def release(session: Work, meeting: Meeting, *, by: Member, now: dt.datetime) -> None:
    """Forget the bare note of a meeting; another one that was held on that day is noted in its place."""
    kept = await _kept(session, meeting, by)
    if kept is None or not kept.checkin.is_bare:
        return
    await checkins.delete(session, kept.checkin.id, by=by)
    for one in await _others(session, meeting, by):
        if one.state is State.HELD and one.checkin_id is None:
            await rows.change(session, one.id, checkin_id=await _note(session, one, by, now))


async def _kept(session: Work, meeting: Meeting, by: Member) -> Receipt | None:
    if meeting.checkin_id is None:
        return None
    try:
        return await checkins.receipt(session, meeting.checkin_id, by=by, guessing=False)
    except checkins.UnknownCheckin:
        return None


async def _told(session: Work, meeting: Meeting, by: Member) -> Checkin | None:
    """Return what was written about that day since a meeting began, but for what is about another meeting."""
    others = await _others(session, meeting, by)
    later = [one.starts_at for one in others if one.starts_at > meeting.starts_at]
    answers = {one.checkin_id for one in others}
    for one in await _noted(session, meeting, by):
        is_since = one.created_at >= meeting.starts_at and not any(at <= one.created_at for at in later)
        if is_since and not one.is_bare and one.id not in answers:
            return one
    return None


async def _others(session: Work, meeting: Meeting, by: Member) -> list[Meeting]:
    """Return the other meetings with the client on that day."""
    day = by.day(meeting.starts_at)
    return [one for one in await rows.near(session, meeting) if by.day(one.starts_at) == day]


async def _noted(session: Work, meeting: Meeting, by: Member) -> list[Checkin]:
    return await checkins.noted(session, meeting.client_id, by.day(meeting.starts_at), by=by)


def _setting(meeting: Meeting) -> Setting | None:
    return Setting(meeting.setting.value) if meeting.setting is not None else None


def _require_over(meeting: Meeting, now: dt.datetime) -> None:
    if meeting.state is State.CANCELLED:
        raise Refused(GONE)
    if meeting.starts_at > now:
        raise Refused(STILL_AHEAD)
