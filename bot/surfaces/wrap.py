"""The end of a team's week, in six lines at most: their words, the promises we kept, who was thanked, thanks."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Final

from bot.courier.times import at_local
from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.kudos import service as kudos
from bot.practices.kudos import speaking
from bot.practices.promises import service as promises
from bot.slack.text import Markup, lines, markup, one_line, together
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Room

A_DAY: Final = dt.timedelta(days=1)
LINES: Final = 6
QUOTES: Final = 3
KEPT: Final = 3
THANKED: Final = 1
READ: Final = 200
QUOTE_SHOWN: Final = 160
WHAT_SHOWN: Final = 80


async def read(session: Work, client_ids: Collection[uuid.UUID], since: dt.date, on: dt.date, tz: str) -> list[Markup]:
    """Return the lines of the days up to one, in a channel's zone, the heading first; empty where there is nothing.

    Nothing is quoted that the channel may not read, or beside which something was noticed.
    """
    room = Room(frozenset(client_ids))
    spoken = await checkins.in_days(session, client_ids, room, since, on, limit=READ)
    kept = await promises.kept(session, client_ids, room, since=at_local(since, dt.time.min, tz), limit=READ)
    quoted = [one for one in await checkins.quotes(session, client_ids, room, since, limit=1) if one.happened_on <= on]
    quoted = quoted[:QUOTES]
    named = await clients.get_many(session, {one.client_id for one in quoted} | {one.client_id for one in kept})
    names = {client_id: client.name for client_id, client in named.items()}
    said = [
        *(_words(one, names[one.client_id]) for one in quoted if one.client_id in names),
        *_promises([f"{one_line(one.what, WHAT_SHOWN)} ({names[one.client_id]})" for one in kept]),
    ]
    thanked = await speaking.week(session, client_ids, room, since, on)
    said = [*said[: LINES - 2 - len(thanked[:THANKED])], *thanked[:THANKED]]
    if not said:
        return []
    authors = await members_by_id(session, {one.author_id for one in spoken} | {one.author_id for one in kept})
    thanks = _thanks(sorted({member.name for member in authors.values()}))
    return [Markup("*This week*"), *said, thanks]


async def stirring(session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, on: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces in which there may be lines of the days up to one, in any zone."""
    earliest = dt.datetime.combine(since - A_DAY, dt.time.min, dt.UTC)
    told = await promises.kept_in(session, workspace_ids, earliest)
    told |= await kudos.thanked_in(session, set(workspace_ids) - told, since - A_DAY)
    return told | await checkins.quoted_in(session, set(workspace_ids) - told, since, on)


def _words(one: Checkin, client: str) -> Markup:
    words = one_line(one.quote, QUOTE_SHOWN)
    return markup("“{words}” {client}", words=words, client=client)


def _promises(kept: Sequence[str]) -> list[Markup]:
    if not kept:
        return []
    more = f"and {len(kept) - KEPT} more" if len(kept) > KEPT else ""
    return [markup("Promises kept: {kept}", kept=lines([*kept[:KEPT], more], ", "))]


def _thanks(names: Sequence[str]) -> Markup:
    if not names:
        return Markup("Thanks, all of you.")
    return markup("Thanks, {names}.", names=together(names))
