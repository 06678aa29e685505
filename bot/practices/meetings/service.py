"""What is done with meetings: briefed about, taken as held, answered."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.courier import ledger, said
from bot.courier.kinds import A_BRIEF, AFTERWARDS, Occurrence
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Setting, Via
from bot.practices.checkins.service import Details, Note, Receipt
from bot.practices.meetings import rows
from bot.practices.meetings.rows import Meeting
from bot.practices.meetings.rules import State
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member

__all__ = [
    "Meeting", "Upcoming", "asked_about", "did_not_happen", "last_brief", "mine", "noted_as", "occurrence", "rate",
    "settle", "take_back", "told", "upcoming",
]  # fmt: skip

ASKED_FOR: Final = dt.timedelta(days=3)
"""How long after a meeting it is still asked how it went: a weekend."""

REMEMBERED: Final = dt.timedelta(days=180)
"""For how long it is known what a brief said."""

GONE: Final = "Ember does not know that meeting any more."


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
    ids = await rows.ids_with(session, member.id, client_id)
    return await said.newest_body(session, member.slack_id, A_BRIEF, ids, since=(now - REMEMBERED).date())


async def noted_as(session: Work, meeting: Meeting, *, by: Member) -> checkins.Checkin | None:
    """Return the conversation that a meeting counts as."""
    return await _kept(session, meeting, by)


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
    on = meeting.starts_at.astimezone(ZoneInfo(member.tz)).date()
    return Occurrence(member.slack_id, kind, on, due, until, meeting.id, part=f".{meeting.turn}")


async def settle(session: Work, meeting_id: uuid.UUID, now: dt.datetime) -> uuid.UUID | None:
    """Take a meeting that has ended as held: it counts as a conversation, and its member is asked how it went.

    Returns the client, None where somebody else has done so, or nobody is there to whom it matters.
    """
    meeting = await rows.hold(session, meeting_id)
    if meeting is None or meeting.state is not State.AHEAD or meeting.ends_at > now:
        return None
    member = (await directory.members_by_id(session, [meeting.member_id])).get(meeting.member_id)
    if member is None or not member.is_ours:
        await rows.change(session, meeting_id, state=State.CANCELLED)
        return None
    written = [one for one in await _noted(session, meeting, member) if not one.is_bare]
    has_told = any(one.created_at >= meeting.starts_at for one in written)
    checkin_id = None if written else await _note(session, meeting, member, now)
    await rows.change(session, meeting_id, state=State.HELD, checkin_id=checkin_id)
    if not has_told:
        await ledger.enqueue(session, afterwards(member, meeting), now)
    return meeting.client_id


async def _note(session: Work, meeting: Meeting, member: Member, now: dt.datetime) -> uuid.UUID | None:
    """Count a meeting as a conversation without a word about it; one that was noted already stays that one's."""
    try:
        receipt = await checkins.spoken(
            session,
            meeting.client_id,
            on=_day(meeting, member),
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

    Pressed again, it is the first one that counts.  Raises Refused, checkins.UnknownCheckin for one that was deleted
    since, and clients.UnknownClient.
    """
    meeting = await mine(session, meeting_id, by=by)
    _require_over(meeting, now)
    if meeting.checkin_id is not None:
        kept = await checkins.receipt(session, meeting.checkin_id, by=by)
        if not kept.checkin.is_bare:
            return replace(kept, repeated=True)
    for one in await _noted(session, meeting, by):
        if one.is_bare:
            await checkins.delete(session, one.id, by=by)
    note = Note(
        meeting.client_id,
        feeling,
        "",
        Via.CALENDAR,
        said_on=_day(meeting, by),
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
    await _unnote(session, meeting, by=by)
    await rows.change(session, meeting.id, state=State.DID_NOT_HAPPEN, checkin_id=None)
    return replace(meeting, state=State.DID_NOT_HAPPEN, checkin_id=None)


async def take_back(session: Work, meeting_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Meeting:
    """Take back what was answered about a meeting: it counts as held again, without a word.

    Raises Refused, and checkins.TooLateToUndo for a note of more than ten minutes ago.
    """
    meeting = await mine(session, meeting_id, by=by)
    noted = await _kept(session, meeting, by)
    if noted is not None and not noted.is_bare:
        await checkins.undo(session, noted.id, by=by, now=now)
        noted = None
    if noted is None:
        checkin_id = await _note(session, meeting, by, now)
        await rows.change(session, meeting.id, state=State.HELD, checkin_id=checkin_id)
    return replace(meeting, state=State.HELD)


async def _unnote(session: Work, meeting: Meeting, *, by: Member) -> None:
    """Forget the bare note of a meeting; one in which something was written since is not Ember's to forget."""
    noted = await _kept(session, meeting, by)
    if noted is not None and noted.is_bare:
        await checkins.delete(session, noted.id, by=by)
    elif noted is not None:
        raise Refused("You have written something about it. Delete that note first, under “Add detail”.")


async def _kept(session: Work, meeting: Meeting, by: Member) -> checkins.Checkin | None:
    if meeting.checkin_id is None:
        return None
    try:
        return (await checkins.receipt(session, meeting.checkin_id, by=by, guessing=False)).checkin
    except checkins.UnknownCheckin:
        return None


async def _noted(session: Work, meeting: Meeting, by: Member) -> list[checkins.Checkin]:
    return await checkins.noted(session, meeting.client_id, _day(meeting, by), by=by)


def _setting(meeting: Meeting) -> Setting | None:
    return Setting(meeting.setting.value) if meeting.setting is not None else None


def _day(meeting: Meeting, member: Member) -> dt.date:
    return meeting.starts_at.astimezone(ZoneInfo(member.tz)).date()


def _require_over(meeting: Meeting, now: dt.datetime) -> None:
    if meeting.starts_at > now or meeting.state is State.CANCELLED:
        raise Refused(GONE)
