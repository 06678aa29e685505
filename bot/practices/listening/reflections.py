"""Three lines about a decision that looked emotional: what they feel, the fact, a gentle question to ask.

They are for whoever wrote them, unless they say otherwise; no channel ever reads them.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.practices.checkins import service as checkins
from bot.practices.listening import rows
from bot.practices.listening.rows import Reflection
from bot.practices.listening.rules import WITHIN
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience, Person

__all__ = ["Lines", "Reflection", "about", "asked", "drop", "keep", "waiting"]

GONE = "That note is not there any more."
OTHERS = "Only the person who wrote a note can do that."


@dataclass(frozen=True)
class Lines:
    """What somebody writes: what they feel, the fact, a gentle question to ask; and who may read it."""

    feeling: str
    fact: str
    question: str
    visibility: Visibility = Visibility.ME


async def about(session: Work, checkin_id: uuid.UUID, *, by: Member) -> Reflection | None:
    """Return the three lines about a check-in of one's own, if there are any.  Raises Refused."""
    await _own(session, checkin_id, by)
    return await rows.reflection_on(session, checkin_id)


async def keep(session: Work, checkin_id: uuid.UUID, lines: Lines, *, by: Member, now: dt.datetime) -> Reflection:
    """Keep three lines about a check-in of one's own, in place of those there were.  Raises Refused.

    A question that was asked stays so, as long as its words do.
    """
    checkin = await _own(session, checkin_id, by)
    before = await rows.reflection_on(session, checkin_id)
    is_the_same = before is not None and before.question == lines.question
    fresh = Reflection(
        before.id if before else new_id(),
        checkin.client_id,
        checkin_id,
        by.id,
        lines.feeling,
        lines.fact,
        lines.question,
        lines.visibility,
        before.created_at if before else now,
        before.asked_at if before is not None and is_the_same else None,
    )
    await rows.put_reflection(session, fresh)
    return fresh


async def _own(session: Work, checkin_id: uuid.UUID, by: Member) -> checkins.Checkin:
    try:
        return (await checkins.receipt(session, checkin_id, by=by, guessing=False)).checkin
    except checkins.UnknownCheckin:
        raise Refused(GONE) from None
    except checkins.NotTheAuthor:
        raise Refused(OTHERS) from None


async def waiting(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> list[Reflection]:
    """Return the three lines of the last 45 days whose question nobody has asked yet; none for a room."""
    if not isinstance(audience, Person):
        return []
    return await rows.reflections(session, client_ids, audience, since=now - WITHIN)


async def asked(session: Work, reflection_id: uuid.UUID, *, by: Member, at: dt.datetime | None) -> Reflection:
    """Note that one's own gentle question was asked; None: not yet, after all.  Raises Refused."""
    found = await _mine(session, reflection_id, by)
    await rows.asked(session, reflection_id, at)
    return replace(found, asked_at=at)


async def drop(session: Work, reflection_id: uuid.UUID, *, by: Member) -> Reflection:
    """Forget three lines of one's own.  Raises Refused."""
    found = await _mine(session, reflection_id, by)
    await rows.drop_reflections(session, [reflection_id])
    return found


async def _mine(session: Work, reflection_id: uuid.UUID, by: Member) -> Reflection:
    found = await rows.get_reflection(session, reflection_id)
    if found is None or found.author_id != by.id:
        raise Refused(GONE)
    return found
