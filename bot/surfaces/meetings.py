"""What Ember says by itself about meetings: the brief before, the question after, that a calendar can't be read."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from bot.courier import said
from bot.courier.kinds import A_BRIEF, AFTERWARDS, Delivery, Message, Speech
from bot.courier.rows import Op
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.meetings import conversation, drawing, links, rounds, service
from bot.practices.meetings.rules import State, is_believed, novelty
from bot.practices.meetings.wording import SENTENCES
from bot.slack.blocks import actions, button, section
from bot.slack.text import bold, lines, markup
from bot.store.session import Work
from bot.surfaces.brief import brief_message, news_of
from bot.workspaces.directory import Member, find_members, members_by_id
from bot.workspaces.visibility import reader


async def before(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write the brief before a meeting; None where it has moved, or may have, or nothing is new since the last one."""
    meeting = await service.told(session, delivery.subject) if delivery.subject is not None else None
    if meeting is None or meeting.state is not State.AHEAD or meeting.starts_at != delivery.expires_at:
        return None
    member = (await members_by_id(session, [meeting.member_id])).get(meeting.member_id)
    client = (await clients.get_many(session, [meeting.client_id])).get(meeting.client_id)
    local = _local(member, now)
    if member is None or client is None or client.status_on(local.date()) is Status.ENDED:
        return None
    link = await links.of(session, member)
    if link is not None and not is_believed(link.failing_since, now):
        return None
    me = await reader(session, member, now)
    brief, message = await brief_message(session, service.upcoming(meeting), me, local)
    last = await service.last_brief(session, member, client.id, now)
    if delivery.op is Op.POST and not novelty(brief.news, news_of(last)):
        return None
    return message


async def afterwards(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Ask after a meeting how it left them, in its brief's thread; once answered, say what was kept."""
    meeting = await service.told(session, delivery.subject) if delivery.subject is not None else None
    if meeting is None or meeting.state not in {State.HELD, State.DID_NOT_HAPPEN}:
        return None
    member = (await members_by_id(session, [meeting.member_id])).get(meeting.member_id)
    if member is None:
        return None
    found = await conversation.after(session, meeting, member)
    is_settled = found.is_answered or meeting.state is State.DID_NOT_HAPPEN
    if delivery.op is Op.POST and is_settled:
        return None
    panel = drawing.after(found, _local(member, now))
    thread = await said.stands_at(session, delivery.recipient, A_BRIEF, meeting.id)
    return Message(panel.text, tuple(panel.blocks), thread_ts=thread)


async def trouble(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Tell somebody that their calendar can't be read; None where it can by now."""
    _ = now
    member = (await find_members(session, [delivery.recipient])).get(delivery.recipient)
    link = await links.of(session, member) if member is not None else None
    if link is None or link.wrong is None:
        return None
    head, why = "Ember can't read your calendar", SENTENCES[link.wrong]
    blocks = [section(lines([bold(head), why])), actions(button("Look at it", "calendar.open"))]
    return Message(markup("{head}. {why}", head=head, why=why), blocks)


def _local(member: Member | None, now: dt.datetime) -> dt.datetime:
    return now.astimezone(ZoneInfo(member.tz if member is not None else "UTC"))


BRIEF: Final = Speech(A_BRIEF, before)
AFTER: Final = Speech(AFTERWARDS, afterwards)
TROUBLE: Final = Speech(rounds.TROUBLE, trouble)
