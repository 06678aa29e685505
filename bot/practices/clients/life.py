"""A relationship pauses, goes on and ends; its spark is told, since its clock stands still meanwhile."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from bot.practices.clients import rows, rules
from bot.practices.clients.finding import get, hold
from bot.practices.clients.rows import Client
from bot.practices.clients.rules import Status
from bot.practices.spark import service as spark
from bot.practices.spark.service import Pause, Plan
from bot.slack.errors import Refused
from bot.store.session import Work


async def pauses(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Pause, ...]]:
    """Return the times in which each client's clock stood or stands still, the first one first."""
    return await rows.pauses(session, client_ids)


async def pause(session: Work, client_id: uuid.UUID, until: dt.date | None, *, today: dt.date) -> Client:
    """Ask for nothing until a day, or until further notice.  Raises Refused for a relationship that has ended."""
    require_running(await hold(session, client_id))
    await rows.change(session, client_id, status=Status.PAUSED, paused_until=until, ended_on=None)
    known = (await pauses(session, [client_id]))[client_id]
    return await _set_pauses(session, client_id, rules.paused(known, today, until))


def require_running(client: Client) -> None:
    """Let through a relationship that has not ended.  Raises Refused."""
    if client.status is Status.ENDED:
        raise Refused("That relationship has ended. Resume it first.")


async def resume(session: Work, client_id: uuid.UUID, *, today: dt.date) -> Client:
    """Look after a client again that was paused or had ended; the time in between does not count."""
    client = await hold(session, client_id)
    await rows.change(session, client_id, status=Status.ACTIVE, paused_until=None, ended_on=None)
    known = (await pauses(session, [client_id]))[client_id]
    away = [(client.ended_on, today)] if client.ended_on else []
    return await _set_pauses(session, client_id, rules.resumed([*known, *away], today))


async def end(session: Work, client_id: uuid.UUID, on: dt.date) -> Client:
    """Note that the relationship ended; everything that was logged stays."""
    client = await hold(session, client_id)
    if client.status is Status.ENDED:
        raise Refused(f"The relationship with {client.name} has ended already.")
    await rows.change(session, client_id, status=Status.ENDED, paused_until=None, ended_on=on)
    known = (await pauses(session, [client_id]))[client_id]
    return await _set_pauses(session, client_id, rules.resumed(known, on))


async def _set_pauses(session: Work, client_id: uuid.UUID, changed: Sequence[Pause]) -> Client:
    await rows.set_pauses(session, client_id, changed)
    client = await get(session, client_id)
    await spark.replan(session, client.id, _plan(client, changed))
    return client


async def follow(session: Work, client: Client) -> None:
    """Give a client a spark, by its rhythm and its pauses."""
    await spark.follow(session, client.id, _plan(client, (await pauses(session, [client.id]))[client.id]))


async def replan(session: Work, client: Client) -> None:
    """Tell a client's spark what its rhythm is and since when, if it has one."""
    await spark.replan(session, client.id, _plan(client, (await pauses(session, [client.id]))[client.id]))


async def unfollowed(session: Work, limit: int) -> list[uuid.UUID]:
    """Return clients that have no spark yet, at most so many."""
    return await rows.unfollowed(session, limit)


def _plan(client: Client, stood: Sequence[Pause]) -> Plan:
    return Plan(client.started_on, client.rhythm_days, stood, running=client.status is not Status.ENDED)
