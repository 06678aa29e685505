"""What check-ins have to say in a team's digest: the one nice thing of the last working day."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins import service
from bot.practices.checkins.rows import Checkin
from bot.practices.checkins.rules import Feeling, Medium
from bot.practices.clients import service as clients
from bot.practices.practice import Section, Value
from bot.slack.text import day, markup
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import members_by_id
from bot.workspaces.holidays import working_day_before
from bot.workspaces.visibility import Audience

READ = 100
_NAMES = {
    Medium.CALL: "call",
    Medium.VIDEO: "video call",
    Medium.IN_PERSON: "meeting",
    Medium.MESSAGE: "exchange",
    Medium.EMAIL: "exchange",
}


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return who was left glowing since the last working day: "Orchard left yesterday's call glowing. Thanks, Sam."."""
    on = now.date()
    known = await settings.read(session)
    since, until = working_day_before(on, known.workdays, known.country), on - dt.timedelta(days=1)
    found = await service.in_days(session, client_ids, audience, since, until, limit=READ)
    glowing = {one.client_id: one for one in reversed(found) if one.feeling == Feeling.GLOWING}
    named = await clients.get_many(session, glowing)
    authors = await members_by_id(session, {one.author_id for one in glowing.values()})
    said: dict[uuid.UUID, Sequence[Value]] = {}
    for client_id, one in glowing.items():
        if one.author_id in authors:
            text = markup(
                "{client} left {when} {what} glowing. Thanks, {author}.",
                client=named[client_id].name,
                when="yesterday's" if one.happened_on == until else f"{one.happened_on:%A}'s",
                what=_kind(one),
                author=authors[one.author_id].name,
            )
            weight = one.happened_on.toordinal()
            said[client_id] = [Value(Section.NICE, text, weight=weight, subject=one.id, on=one.happened_on)]
    return said


def conversation(checkin: Checkin, client: str, today: dt.date) -> str:
    """Return which conversation a check-in is about: "the call with Orchard, Tue 12 May"."""
    return f"the {_kind(checkin)} with {client}, {day(checkin.happened_on, today)}"


def _kind(checkin: Checkin) -> str:
    return _NAMES.get(checkin.medium, "conversation") if checkin.medium else "conversation"
