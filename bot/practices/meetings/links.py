"""Whose calendar is linked, and how reading it goes."""

import datetime as dt
from dataclasses import dataclass

from bot.practices.meetings import rows
from bot.practices.meetings.rows import Link
from bot.practices.meetings.rules import State
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces.directory import Member

__all__ = ["Link", "Shown", "link", "of", "shown", "unlink"]


@dataclass(frozen=True)
class Shown:
    """What a member sees of their own calendar: its link, and how many meetings with clients are ahead."""

    link: Link
    ahead: int


async def link(session: Work, member: Member, sealed: str, *, now: dt.datetime) -> Link:
    """Keep a member's calendar, by its sealed address, in the place of the one before; it is due to be read now."""
    made = Link(
        id=new_id(),
        workspace_id=session.workspace_id,
        member_id=member.id,
        sealed=sealed,
        etag=None,
        modified=None,
        digest=None,
        linked_at=now,
        read_at=None,
        parsed_at=None,
        next_read_at=now,
        claimed_until=None,
        failures=0,
        wrong=None,
        failing_since=None,
        told=False,
    )
    await rows.put_link(session, made)
    return await rows.link_of(session, member.id) or made


async def of(session: Work, member: Member) -> Link | None:
    """Return a member's calendar."""
    return await rows.link_of(session, member.id)


async def shown(session: Work, member: Member, *, now: dt.datetime) -> Shown | None:
    """Return what a member sees of their own calendar; None where none is linked."""
    found = await rows.link_of(session, member.id)
    if found is None:
        return None
    meetings = await rows.of_member(session, member.id, since=now)
    return Shown(found, sum(one.state is State.AHEAD for one in meetings))


async def unlink(session: Work, member: Member, *, now: dt.datetime) -> bool:
    """Forget a member's calendar and their meetings ahead; return whether there was one.  What was held stays."""
    was_there = await rows.drop_link(session, member.id)
    await rows.drop_ahead(session, member.id, after=now)
    return was_there
