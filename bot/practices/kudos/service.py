"""What can be done with thanks: given once, taken back, read by whoever may read what they are for."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Final

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.kudos import rows
from bot.slack.errors import Refused
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, as_reader

READ: Final = 500
GONE: Final = "That note is not there any more."
ONES_OWN: Final = "That was you: let somebody else say it."


async def thank(session: Work, checkin_id: uuid.UUID, *, by: Member, on: dt.date) -> Checkin:
    """Thank a colleague for a conversation, on the day it is where they are; return it.  A second time changes nothing.

    Raises Refused for one that is gone, not theirs to read, or their own.
    """
    checkin = (await checkins.readable(session, [checkin_id], as_reader(by))).get(checkin_id)
    if checkin is None:
        raise Refused(GONE)
    if checkin.author_id == by.id:
        raise Refused(ONES_OWN)
    await rows.give(session, checkin.id, by.id, on)
    return checkin


async def take_back(session: Work, checkin_id: uuid.UUID, *, by: Member) -> Checkin | None:
    """Take one's own thanks back; return the conversation, None where they may not read it any more."""
    await rows.take_back(session, checkin_id, by.id)
    return (await checkins.readable(session, [checkin_id], as_reader(by))).get(checkin_id)


async def given(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.date, until: dt.date
) -> list[tuple[Checkin, uuid.UUID]]:
    """Return the conversations with clients that somebody (our id) gave thanks for on some days, newest thanks first.

    As an audience may read them.
    """
    found = await rows.given(session, since, until, limit=READ)
    known = await checkins.readable(session, [one.checkin_id for one in found], audience)
    told = [(known[one.checkin_id], one.giver_id) for one in found if one.checkin_id in known]
    return [(checkin, giver) for checkin, giver in told if checkin.client_id in client_ids]


async def thanked_in(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces in which somebody was thanked from a day on."""
    return await rows.thanked_in(session, workspace_ids, since)
