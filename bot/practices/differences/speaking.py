"""What is said about open differences: on cards, before conversations, once in a digest, in the owner's morning."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.clients import service as clients
from bot.practices.differences import panels, rows, rules, service
from bot.practices.differences.service import Difference
from bot.practices.practice import Occasion, Section, Value
from bot.slack.text import bold, lines, markup
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import members_by_id
from bot.workspaces.holidays import LONGEST_REST, is_working_day
from bot.workspaces.visibility import Audience, Person
from bot.workspaces.workdays import first_working_day

MOST = 200
DAY = dt.timedelta(days=1)


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is open with each client, soonest first."""
    said: dict[uuid.UUID, list[Value]] = {}
    for one in await service.open_ones(session, client_ids, audience):
        text = markup("*Open difference:* {short}", short=panels.in_short(one, now.date()))
        weight = (now.date() - one.resolve_by).days
        value = Value(Section.LISTEN, text, weight, one.id, panels.settle_button(one), on=one.resolve_by)
        said.setdefault(one.client_id, []).append(value)
    return said


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is open with each client, to have in mind in the conversation."""
    said: dict[uuid.UUID, list[Value]] = {}
    for one in await service.open_ones(session, [occasion.client_id for occasion in occasions], audience):
        text = markup("Open between us: {short}", short=panels.in_short(one, now.date()))
        value = Value(Section.LISTEN, text, weight=(now.date() - one.resolve_by).days, subject=one.id)
        said.setdefault(one.client_id, []).append(value)
    return said


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is overdue since the last working day: "to settle with Northwind: “a plan”, 1 day late, Ana"."""
    on = now.date()
    found = await rows.open_ones(session, client_ids, audience, since=on - LONGEST_REST - DAY, until=on, limit=MOST)
    fresh = await _brought_up(session, found, on)
    named = await clients.get_many(session, {one.client_id for one in fresh})
    authors = await members_by_id(session, {one.author_id for one in fresh})
    said: dict[uuid.UUID, list[Value]] = {}
    for one in fresh:
        about = markup("to settle with {client}", client=named[one.client_id].name)
        author = authors[one.author_id].name if one.author_id in authors else ""
        text = lines([markup("{about}: {short}", about=about, short=panels.in_short(one, on)), author], ", ")
        late = (on - one.resolve_by).days
        said.setdefault(one.client_id, []).append(Value(Section.PROMISES, text, late, one.id, on=one.resolve_by))
    return said


async def _brought_up(session: Work, found: Sequence[Difference], on: dt.date) -> list[Difference]:
    """Return those that a team hears of on this very day: the first working day after their last."""
    if not found:
        return []
    known = await settings.read(session)

    def works(day: dt.date) -> bool:
        return is_working_day(day, known.workdays, known.country)

    return [one for one in found if first_working_day(one.resolve_by + DAY, works) == on]


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is to be settled with the clients that a person looks after, on its day and while it is late."""
    if not isinstance(audience, Person):
        return {}
    on = now.date()
    found = await rows.open_ones(session, client_ids, audience, since=on - rules.BROUGHT_UP_FOR, until=on, limit=MOST)
    named = await clients.get_many(session, {one.client_id for one in found})
    said: dict[uuid.UUID, list[Value]] = {}
    for one in found:
        text = markup(
            "*To settle* with {client}: {short}", client=bold(named[one.client_id].name), short=panels.in_short(one, on)
        )
        late, beside = (on - one.resolve_by).days, panels.settle_button(one)
        value = Value(Section.NEEDS, text, late, one.id, beside, on=one.resolve_by)
        said.setdefault(one.client_id, []).append(value)
    return said


async def stirring(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients with a difference to settle on a day or lately."""
    return await rows.due_clients(session, on - rules.BROUGHT_UP_FOR, on)


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces that have such clients."""
    return await rows.due_workspaces(session, workspace_ids, on - rules.BROUGHT_UP_FOR, on)
