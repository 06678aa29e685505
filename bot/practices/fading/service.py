"""Alerts that a spark is fading: which open on a morning, who takes one on, when and why each is over.

Nothing here is posted.  What moves the probability at which a workspace's alerts open is counted here too, once for
each alert: nobody else has to.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.practices.cadence import service as cadence
from bot.practices.checkins import service as checkins
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.fading import rows, rules
from bot.practices.fading.rows import Fading
from bot.practices.fading.rules import PER_MORNING, Answer, Candidate, Ending, Standing
from bot.practices.spark import service as spark
from bot.practices.spark.rules import LOWEST
from bot.store.base import new_id
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.visibility import Room

__all__ = [
    "Answer", "Candidate", "Ending", "Fading", "alerted", "close", "latest", "learn", "open_of", "open_today",
    "ranked", "recover", "settle", "take", "taken_before",
]  # fmt: skip

NOBODY = Room(frozenset())


async def _quiet(
    session: Work, client_ids: Collection[uuid.UUID], today: dt.date, before: Mapping[uuid.UUID, Fading]
) -> list[Candidate]:
    """Return those among these clients on whom an alert could open: too quiet, and not set aside."""
    quiet = await spark.quiet(session, client_ids, today)
    if not quiet:
        return []
    aside = await cadence.snoozed(session, quiet, NOBODY, today)
    there = await clients.get_many(session, quiet)
    return [
        Candidate(
            client_id,
            known.reading,
            last_on=known.last_on,
            opened_on=before[client_id].opened_on if client_id in before else None,
            weight=there[client_id].weight,
        )
        for client_id, known in quiet.items()
        if client_id not in aside
    ]


async def open_today(
    session: Work,
    client_ids: Collection[uuid.UUID],
    *,
    today: dt.date,
    now: dt.datetime,
    fade_at: float,
    cap: int = PER_MORNING,
) -> list[Fading]:
    """Open the alerts of a morning about a channel's clients, `cap` at most; return those of this morning, ranked.

    Key clients come first of those that are about as likely to fade; where alerts open is the same for all.

    Planned again on the same morning, or by two at once, they are the same ones.  Alerts that are over by then are
    closed first.
    """
    await settle(session, client_ids, today=today, now=now, fade_at=fade_at)
    before = await rows.latest(session, client_ids)  # once: what another has opened meanwhile must not make room
    left = cap - len(_of(today, before))
    if left > 0:
        quiet = await _quiet(session, client_ids, today, before)
        opening = rules.openings(quiet, today, fade_at, cap=left)
        for one in opening:
            await rows.open_once(session, Fading(new_id(), one.client_id, today, one.last_on, one.reading.p_fade))
        before = await rows.latest(session, client_ids) if opening else before
    return await ranked(session, _of(today, before))


async def ranked(session: Work, fadings: Collection[Fading]) -> list[Fading]:
    """Return alerts in the order in which they are said: the most likely to fade first; key clients count for more."""
    there = await clients.get_many(session, [one.client_id for one in fadings]) if fadings else {}
    return sorted(fadings, key=lambda one: (-one.p_fade * there[one.client_id].weight, one.client_id))


def _of(today: dt.date, found: Mapping[uuid.UUID, Fading]) -> list[Fading]:
    return [fading for fading in found.values() if fading.opened_on == today]


async def open_of(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Fading]:
    """Return the open alert about each client that has one."""
    return {fading.client_id: fading for fading in await rows.open_ones(session, client_ids)}


async def alerted(session: Work, since: dt.datetime) -> set[uuid.UUID]:
    """Return the clients of the workspace with an alert that is open, or was since an instant."""
    return await rows.alerted(session, since)


async def latest(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Fading]:
    """Return the latest alert about each client that ever had one, open or over."""
    return await rows.latest(session, client_ids)


async def close(session: Work, client_id: uuid.UUID, ending: Ending, *, now: dt.datetime) -> Fading | None:
    """Close the open alert about a client; return it, or None where none was open.

    "Not now" counts as an answer, once.
    """
    fading = (await open_of(session, [client_id])).get(client_id)
    return await _close(session, fading, ending, now) if fading is not None else None


async def take(session: Work, client_id: uuid.UUID, *, by: Member, now: dt.datetime) -> Fading | None:
    """Note that a member will speak with a client today; return its open alert, None where there is none.

    Whoever came first has it until their own day is over.  The first time counts as an answer.
    """
    fading = (await open_of(session, [client_id])).get(client_id)
    if fading is None:
        return None
    on, taken_by = by.day(now), fading.taken_by
    taker = (await members_by_id(session, [taken_by])).get(taken_by) if taken_by is not None else None
    since = (taker or by).day(now) if fading.taken_on is not None else dt.date.min
    if not await rows.take(session, fading.id, by.id, on, since=since):
        return (await open_of(session, [client_id])).get(client_id)
    if fading.taken_on is None:
        await learn(session, Answer.TAKEN)
    return replace(fading, taken_by=by.id, taken_on=on)


async def taken_before(session: Work, member_id: uuid.UUID, today: dt.date, *, since: dt.date) -> list[Fading]:
    """Return the alerts that a member took before today and nothing was logged for: to be asked about in the morning.

    since: the day of the morning before, so that each is asked about once.
    """
    return await rows.taken(session, member_id, since=since, before=today)


async def recover(session: Work, *, today: dt.date, now: dt.datetime, fade_at: float) -> list[Fading]:
    """Close every alert of the workspace that is over; return those that changed."""
    theirs = [fading.client_id for fading in await rows.open_ones(session)]
    return await settle(session, theirs, today=today, now=now, fade_at=fade_at)


async def settle(
    session: Work, client_ids: Collection[uuid.UUID], *, today: dt.date, now: dt.datetime, fade_at: float
) -> list[Fading]:
    """Close the alerts about these clients that are over, by what is known of each now; return those that changed.

    To be called after whatever may end one: a conversation, "not now", a pause, another rating.  One that was closed by
    a conversation which has been taken back is open again.
    """
    last = await rows.latest(session, client_ids)
    ids = [one.client_id for one in last.values() if one.is_open or _may_reopen(one, today)]
    if not ids:
        return []
    changed: list[Fading | None] = []
    for client_id, standing in (await _standings(session, [last[one] for one in ids], today)).items():
        fading, over = last[client_id], rules.ending(standing, fade_at)
        if fading.is_open and over is not None:
            changed.append(await _close(session, fading, over, now))
        elif not fading.is_open and over is None and standing.reading.is_too_quiet_at(fade_at):
            await rows.reopen(session, fading.id)
            changed.append(replace(fading, closed_at=None, ending=None))
    return [fading for fading in changed if fading is not None]


def _may_reopen(fading: Fading, today: dt.date) -> bool:
    return fading.ending in {Ending.LOGGED, Ending.SPOKEN} and not rules.has_rested(fading.opened_on, today)


async def _standings(session: Work, fadings: Sequence[Fading], today: dt.date) -> dict[uuid.UUID, Standing]:
    """Return where the clients of some alerts stand today; one that is not followed is absent."""
    ids = [fading.client_id for fading in fadings]
    known = await spark.known(session, ids, today)
    there = await clients.get_many(session, ids)
    aside = await cadence.snoozed(session, ids, NOBODY, today)
    spoken = [
        one.client_id
        for one in fadings
        if one.client_id in known and rules.has_spoken(known[one.client_id].last_on, one.last_on)
    ]
    noted = await checkins.history(session, spoken, Room(frozenset(spoken)), limit=1) if spoken else []
    bare = {checkin.client_id for checkin in noted if checkin.is_bare}
    return {
        client_id: Standing(
            one.reading,
            has_spoken=client_id in spoken,
            is_bare=client_id in bare,
            is_active=there[client_id].status_on(today) is Status.ACTIVE,
            is_aside=client_id in aside,
        )
        for client_id, one in known.items()
    }


async def _close(session: Work, fading: Fading, ending: Ending, now: dt.datetime) -> Fading | None:
    if not await rows.close(session, fading.id, ending, now):
        return None
    if ending is Ending.NOT_NOW:
        await learn(session, Answer.NOT_NOW)
    return replace(fading, closed_at=now, ending=ending)


async def learn(session: Work, answer: Answer) -> float:
    """Move the probability at which the workspace's alerts open by an answer to one; return it.

    Of two answers at once both count.  `take`, `close` and `settle` do so themselves.
    """
    return await settings.learn_fade_at(session, rules.MOVES[answer], lowest=LOWEST, highest=rules.HIGHEST)
