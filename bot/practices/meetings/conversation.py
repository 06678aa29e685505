"""What people answer after a meeting: how it left them, or that it didn't happen."""

import datetime as dt
import uuid
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import panels
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Feeling
from bot.practices.clients import service as clients
from bot.practices.meetings import drawing, service
from bot.practices.meetings.drawing import After
from bot.practices.meetings.service import Meeting
from bot.practices.people import service as people
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id

__all__ = ["after", "register"]

TOO_LATE: Final = "Undo works for ten minutes. You can still change or delete it: press “Add detail”."
UNKNOWN: Final = "Ember does not know that rating. Please press one of the five."


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action(clicks("meeting.feel"))(feel)
    app.action(clicks("meeting.not_held"))(not_held)
    app.action(clicks("meeting.undo"))(undo)


async def after(session: Work, meeting: Meeting, member: Member) -> After:
    """Return what there is to show about a meeting of a member's that is over."""
    client = await clients.get(session, meeting.client_id)
    theirs = (await people.of_clients(session, [client.id]))[client.id]
    names = [one.name for one in theirs if one.id in meeting.people]
    return After(meeting, client.name, names, await service.noted_as(session, meeting, by=member))


async def feel(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Log how a meeting left them, in one tap."""
    key, _, feeling = str(action.get("value")).partition(":")
    if feeling not in {str(int(each)) for each in Feeling}:
        raise Refused(UNKNOWN)
    meeting_id = as_id(key)
    async with here.work() as session:
        await service.rate(session, meeting_id, int(feeling), by=here.member, now=here.now)
        found = await _found(session, here, meeting_id)
    await _show(ack, here, found)


async def not_held(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Take back that a meeting counts as a conversation."""
    meeting_id = as_id(action.get("value"))
    async with here.work() as session:
        await service.did_not_happen(session, meeting_id, by=here.member, now=here.now)
        found = await _found(session, here, meeting_id)
    await _show(ack, here, found)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask again: what was answered is taken back; what was typed stays at hand, in a window."""
    meeting_id = as_id(action.get("value"))
    try:
        async with here.work() as session:
            typed = await service.take_back(session, meeting_id, by=here.member, now=here.now)
            found = await _found(session, here, meeting_id)
    except checkins.TooLateToUndo:
        raise Refused(TOO_LATE) from None
    if typed is None:
        await _show(ack, here, found)
    else:
        await here.show_in_window(ack, panels.undone(typed, found.client))
        here.changed(found.meeting.client_id)


async def _found(session: Work, here: Here, meeting_id: uuid.UUID) -> After:
    meeting = await service.mine(session, meeting_id, by=here.member)
    return await after(session, meeting, here.member)


async def _show(ack: AsyncAck, here: Here, found: After) -> None:
    local: dt.datetime = here.local
    await here.show(ack, drawing.after(found, local))
    here.changed(found.meeting.client_id)
