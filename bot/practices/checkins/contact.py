"""Contact days: on which days somebody spoke with a client, and what follows for its spark and for a "not now"."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from bot.practices.cadence import service as cadence
from bot.practices.checkins import rows, rules
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.spark import service as spark
from bot.practices.spark.service import Facts
from bot.store.session import Work
from bot.workspaces.directory import Member


async def contact_days(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[dt.date]]:
    """Return the days on which each client was spoken with, oldest first: a day is no content."""
    return {client_id: list(found.days) for client_id, found in (await facts(session, client_ids)).items()}


async def facts(session: Work, client_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Facts]:
    """Return what each client's spark is made of."""
    days: dict[uuid.UUID, list[dt.date]] = {client_id: [] for client_id in client_ids}
    ratings: dict[uuid.UUID, dict[dt.date, float]] = {client_id: {} for client_id in client_ids}
    for client_id, on, mean in await rows.contacts(session, days):
        days[client_id].append(on)
        if mean is not None:
            ratings[client_id][on] = mean
    return {client_id: Facts(days[client_id], ratings[client_id]) for client_id in days}


async def hold(session: Work, *client_ids: uuid.UUID) -> None:
    """Have others who note a contact with these clients wait: each must count the other's day."""
    for client_id in sorted(set(client_ids)):
        await rows.hold(session, client_id)


async def count(session: Work, *client_ids: uuid.UUID) -> None:
    """Bring the sparks of clients up to date, after the days on which somebody spoke with them have changed."""
    for client_id, found in (await facts(session, set(client_ids))).items():
        await spark.rebuild(session, client_id, found)


async def conversed(session: Work, client_id: uuid.UUID, on: dt.date, *, by: Member) -> None:
    """End a "not now" that was there when a conversation happened: it has been held."""
    await cadence.conversed(session, client_id, before=rules.day_end(on, by.tz))


async def backfill(session: Work, *, limit: int) -> int:
    """Give a spark to clients that have none yet, at most `limit`; return how many there were."""
    missing = await spark.without(session, limit)
    known = await clients.get_many(session, missing)
    pauses = await clients.pauses(session, missing)
    for client_id, found in (await facts(session, known)).items():
        client = known[client_id]
        await spark.follow(
            session,
            client_id,
            started_on=client.started_on,
            cadence_days=client.rhythm_days,
            pauses=pauses.get(client_id, ()),
            running=client.status is not Status.ENDED,
        )
        await spark.rebuild(session, client_id, found)
    return len(known)
