"""What can be done with thanks: given once, taken back, read by whoever may read what they are for."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.kudos import rows
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, as_reader

READ: Final = 500
GONE: Final = "That note is not there any more."
ONES_OWN: Final = "That was you: let somebody else say it."


async def thank(session: Work, checkin_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Checkin:
    """Thank a colleague for a conversation; return it.  A second time changes nothing.

    Raises Refused for one that is gone, not theirs to read, or their own.
    """
    checkin = await _readable(session, checkin_id, by)
    if checkin.author_id == by.id:
        raise Refused(ONES_OWN)
    await rows.give(session, new_id(), checkin.id, by.id, now)
    return checkin


async def take_back(session: Work, checkin_id: uuid.UUID, *, by: Member) -> Checkin:
    """Take one's own thanks back; return the conversation.  Raises Refused as `thank` does."""
    checkin = await _readable(session, checkin_id, by)
    await rows.take_back(session, checkin.id, by.id)
    return checkin


async def given(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.datetime, until: dt.datetime
) -> list[tuple[Checkin, uuid.UUID]]:
    """Return the conversations with clients that an audience may read and somebody (our id) gave thanks for in a span.

    Newest thanks first; until: left out.
    """
    found = await rows.given(session, since, until, limit=READ)
    known = await checkins.readable(session, [one.checkin_id for one in found], audience)
    told = [(known[one.checkin_id], one.giver_id) for one in found if one.checkin_id in known]
    return [(checkin, giver) for checkin, giver in told if checkin.client_id in client_ids]


async def thanked_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.datetime) -> set[uuid.UUID]:
    """Return those among many workspaces in which somebody was thanked since an instant."""
    return await rows.thanked_in(session, workspace_ids, since)


async def _readable(session: Work, checkin_id: uuid.UUID, by: Member) -> Checkin:
    found = (await checkins.readable(session, [checkin_id], as_reader(by))).get(checkin_id)
    if found is None:
        raise Refused(GONE)
    return found
