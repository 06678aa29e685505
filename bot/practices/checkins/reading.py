"""Check-ins as others read them: which days, the history, the last words, what is new, how and with whom we spoke."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.checkins import queries, rows
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Medium, Purpose
from bot.store.session import Work
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, Person, Room, may_see

NEWS = dt.timedelta(days=31)
HEARD = 500


async def last_days(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """Return the newest contact day of each client that has one, for everyone: a day is no content."""
    return await queries.last_days(session, client_ids)


async def readable_days(session: Work, client_id: uuid.UUID, audience: Audience) -> set[dt.date]:
    """Return the days on which a client was spoken to in notes that an audience may read."""
    return await queries.readable_days(session, client_id, audience)


async def history(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, limit: int, offset: int = 0
) -> list[Checkin]:
    """Return each client's check-ins that an audience may read, newest first."""
    return await queries.history(session, client_ids, audience, limit=limit, offset=offset)


async def last_words(session: Work, client_ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Checkin]:
    """Return the newest check-in with words in it of each client, as an audience may read them."""
    found = await queries.history(session, client_ids, audience, limit=1, with_words=True)
    return {checkin.client_id: checkin for checkin in found}


async def quotable(session: Work, client_ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Checkin]:
    """Return the newest check-in of each client whose words may be quoted to an audience.

    To a channel none is quoted beside which something was noticed, whoever may read its words.
    """
    unmarked = isinstance(audience, Room)
    found = await queries.history(session, client_ids, audience, limit=1, with_words=True, unmarked=unmarked)
    return {checkin.client_id: checkin for checkin in found}


async def in_days(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.date, until: dt.date, *, limit: int
) -> list[Checkin]:
    """Return what an audience may read from a day to a day, the newest first; nothing that has a signal beside it."""
    return await queries.in_days(session, client_ids, audience, since, until, limit=limit)


async def heard(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date
) -> list[tuple[Checkin, Details]]:
    """Return what was said since a day and what was noticed beside it, as an audience may read it, the newest first.

    Days on which nothing was written down are left out.
    """
    found = await queries.since(session, client_ids, audience, since, limit=HEARD)
    details = await rows.details_of(session, [checkin.id for checkin in found])
    return [(checkin, details[checkin.id]) for checkin in found]


async def quoted_in(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among many workspaces in which somebody wrote down a client's words on some days."""
    return await queries.quoted_in(session, workspace_ids, since, until)


async def captured(
    session: Work, client_ids: Collection[uuid.UUID], reader: Person, *, since: dt.datetime, limit: int
) -> list[Checkin]:
    """Return what others logged about clients since an instant, as a person may read it, the newest first.

    What was written down about a conversation more than a month before is no news, and is left out.
    """
    return await queries.captured(
        session, client_ids, reader, but_by=reader.id, written=since, happened=since.date() - NEWS, limit=limit
    )


async def spoken_since(
    session: Work, client_ids: Collection[uuid.UUID], author_id: uuid.UUID, *, since: dt.datetime
) -> dict[uuid.UUID, Checkin]:
    """Return the newest "We've spoken" of an author about each of these clients, from an instant on."""
    return await queries.spoken_since(session, client_ids, author_id, since=since)


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> dict[uuid.UUID, Checkin]:
    """Return the check-ins among these that an audience may read."""
    found = await rows.get_many(session, ids)
    members = await teams(session, {checkin.client_id for checkin in found.values()})
    return {
        checkin.id: checkin
        for checkin in found.values()
        if may_see(
            audience,
            checkin.visibility,
            client_id=checkin.client_id,
            team=members[checkin.client_id],
            author_id=checkin.author_id,
        )
    }


async def lately(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date
) -> Mapping[uuid.UUID, Sequence[tuple[Medium | None, Purpose | None]]]:
    """Return how and about what each client was spoken to since a day, as an audience may read it, oldest first.

    About what is None where nothing was written down.
    """
    by_client: dict[uuid.UUID, list[tuple[Medium | None, Purpose | None]]] = {client_id: [] for client_id in client_ids}
    for client_id, medium, purpose in await queries.lately(session, client_ids, audience, since=since):
        by_client[client_id].append((medium, purpose))
    return by_client


async def spoken_with(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date, lately: dt.date
) -> list[tuple[uuid.UUID, uuid.UUID, int, dt.date, dt.date]]:
    """Return (client, person, how often after a day, first day, last day) of notes since a day that one may read."""
    return await queries.spoken_with(session, client_ids, audience, since=since, lately=lately)
