"""Thanks, as a team reads them: one line in the digest of the next working day, and at the end of the week."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins.digest import conversation
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.kudos import service
from bot.practices.practice import Section, Value
from bot.slack.text import Markup, markup
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import members_by_id
from bot.workspaces.holidays import working_day_before
from bot.workspaces.visibility import Audience


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return who was thanked since the last working day: "Ana thanks Sam for the call with Orchard, Tue 12 May."."""
    known = await settings.read(session)
    on = now.date()
    since, until = working_day_before(on, known.workdays, known.country), on - dt.timedelta(days=1)
    found = await service.given(session, client_ids, audience, since, until)
    said: dict[uuid.UUID, Sequence[Value]] = {}
    weight = on.toordinal()  # what somebody says comes before what Ember noticed
    for one, text in await _told(session, found, on):
        said.setdefault(one.client_id, [Value(Section.NICE, text, weight, one.id, on=one.happened_on)])
    return said


async def week(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.date, on: dt.date
) -> list[Markup]:
    """Return who was thanked from a day to a day, the newest first."""
    found = await service.given(session, client_ids, audience, since, on)
    return [text for _, text in await _told(session, found, on)]


async def _told(
    session: Work, found: Sequence[tuple[Checkin, uuid.UUID]], today: dt.date
) -> list[tuple[Checkin, Markup]]:
    named = await clients.get_many(session, {one.client_id for one, _ in found})
    known = await members_by_id(session, {who for one, giver in found for who in (one.author_id, giver)})
    return [
        (
            one,
            markup(
                "{giver} thanks {author} for {what}.",
                giver=known[giver].name,
                author=known[one.author_id].name,
                what=conversation(one, named[one.client_id].name, today),
            ),
        )
        for one, giver in found
        if {giver, one.author_id} <= known.keys() and one.client_id in named
    ]
