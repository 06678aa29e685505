"""Contact days: on which days somebody spoke with a client, and what follows for its spark."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from bot.practices.checkins import queries
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.clients import service as clients
from bot.practices.spark import service as spark
from bot.practices.spark.service import Facts
from bot.store.session import Work


async def facts(session: Work, client_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Facts]:
    """Return what each client's spark is made of."""
    days: dict[uuid.UUID, list[dt.date]] = {client_id: [] for client_id in client_ids}
    ratings: dict[uuid.UUID, dict[dt.date, float]] = {client_id: {} for client_id in client_ids}
    for client_id, on, mean in await queries.contacts(session, days):
        days[client_id].append(on)
        if mean is not None:
            ratings[client_id][on] = mean
    return {client_id: Facts(days[client_id], ratings[client_id]) for client_id in days}


async def hold(session: Work, *client_ids: uuid.UUID) -> None:
    """Have others who note a contact with these clients wait: each must count the other's day."""
    for client_id in sorted(set(client_ids)):
        await clients.hold(session, client_id)


async def add(session: Work, checkin: Checkin, details: Details) -> None:
    """Bring a client's spark up to date, after one more check-in; the client is held."""
    rating = queries.what_was_felt(checkin, details)
    if not await spark.touch(session, checkin.client_id, checkin.happened_on, rating):
        await count(session, checkin.client_id)


async def count(session: Work, *client_ids: uuid.UUID) -> None:
    """Bring the sparks of clients up to date, after the days on which somebody spoke with them have changed.

    The clients are held; one without a spark gets one.
    """
    for client_id, found in (await facts(session, sorted(set(client_ids)))).items():
        if not await spark.rebuild(session, client_id, found):
            await clients.follow(session, await clients.get(session, client_id))
            await spark.rebuild(session, client_id, found)


async def backfill(session: Work, *, limit: int) -> int:
    """Give a spark to clients that have none yet, at most `limit`; return how many there were."""
    missing = await clients.unfollowed(session, limit)
    await hold(session, *missing)
    await count(session, *missing)
    return len(missing)
