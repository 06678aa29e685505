"""The spark of each client: kept up to date with its contact days and its plan, read on a morning, shown on a card."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.practices.practice import Section, Value
from bot.practices.spark import course, rows, rules
from bot.practices.spark.clock import Pause, is_paused, paused_days, running_day
from bot.practices.spark.rows import Spark, is_followed_sql
from bot.practices.spark.rules import Band, Reading
from bot.slack.blocks import button
from bot.slack.text import bold, markup
from bot.store.session import Work
from bot.workspaces.visibility import Audience

__all__ = [
    "Band", "Facts", "Known", "Pause", "Plan", "Reading", "card", "follow", "is_followed_sql", "known",
    "may_have_faded", "quiet", "readings", "rebuild", "replan", "stirring", "stirring_workspaces", "touch", "warm",
]  # fmt: skip

FIRST_ON_ITS_CARD = 20


@dataclass(frozen=True)
class Facts:
    """A client's contact days, each once, and the mean rating (1 to 5) of those that have one.

    Every contact day counts, whoever may read its notes; ratings that only their author may read, and those of healthy
    disagreements, are left out.
    """

    days: Sequence[dt.date]
    ratings: Mapping[dt.date, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is agreed about a client: its rhythm, its pauses (none overlap), whether the relationship goes on."""

    started_on: dt.date
    cadence_days: int
    pauses: Sequence[Pause] = ()
    running: bool = True


@dataclass(frozen=True)
class Known:
    """What a client's contact days say on a day, and the newest of them, None before the first one."""

    reading: Reading
    last_on: dt.date | None


async def touch(session: Work, client_id: uuid.UUID, on: dt.date, rating: float | None) -> bool:
    """Count one more conversation on a date, as its rating was; return whether that was enough.

    It is not where the spark has to be rebuilt: for a day before the last one or another rating of the last one, after
    a pause that took in days which had been counted, and for a client that is not followed.
    """
    kept = await rows.hold(session, client_id)
    if kept is None or not _is_next(kept, on, rating):
        return False
    if on != kept.last_on:
        state = rules.touch(kept.state, running_day(on, kept.pauses), rating)
        await rows.change(session, await _expected(replace(kept, state=state, last_on=on)))
    return True


def _is_next(spark: Spark, on: dt.date, rating: float | None) -> bool:
    if spark.last_on is None:
        return True
    counts_as_then = running_day(spark.last_on, spark.pauses) == spark.state.last
    return counts_as_then and (on > spark.last_on or (on == spark.last_on and rating is None))


async def rebuild(session: Work, client_id: uuid.UUID, facts: Facts) -> bool:
    """Take over a client's contact days as they are now; return whether the client is followed."""
    kept = await rows.hold(session, client_id)
    if kept is None:
        return False
    state = course.rebuild(facts.days, facts.ratings, kept.pauses)
    await rows.change(session, await _expected(replace(kept, state=state, last_on=max(facts.days, default=None))))
    return True


async def follow(session: Work, client_id: uuid.UUID, plan: Plan) -> None:
    """Begin to look at a client, one without a conversation until `rebuild` says otherwise."""
    new = _planned(Spark(client_id, plan.started_on, plan.cadence_days, plan.running), plan)
    if not await rows.insert_once(session, await _expected(new)):
        await replan(session, client_id, plan)


async def replan(session: Work, client_id: uuid.UUID, plan: Plan) -> None:
    """Take over a client's plan; nothing happens while the client is not followed."""
    kept = await rows.hold(session, client_id)
    if kept is not None:
        await rows.change(session, await _expected(_planned(kept, plan)))


def _planned(spark: Spark, plan: Plan) -> Spark:
    return replace(
        spark,
        started_on=plan.started_on,
        cadence_days=plan.cadence_days,
        is_running=plan.running,
        pauses=tuple(sorted(plan.pauses)),
    )


async def _expected(spark: Spark) -> Spark:
    await _loaded()
    known = (spark.state, spark.cadence_days, spark.started_on, spark.pauses)
    fades = course.fade_on(*known, running=spark.is_running)
    return replace(spark, fade_on=fades, due_on=course.due_on(*known, running=spark.is_running))


async def readings(session: Work, client_ids: Collection[uuid.UUID], today: dt.date) -> dict[uuid.UUID, Reading]:
    """Return what each client's contact days say today; one that is not followed yet is absent."""
    return {client_id: one.reading for client_id, one in (await known(session, client_ids, today)).items()}


async def known(session: Work, client_ids: Collection[uuid.UUID], today: dt.date) -> dict[uuid.UUID, Known]:
    """Return what each client's contact days say today, and the newest; one that is not followed yet is absent.

    Paused and ended ones read as they did when their clock stopped.
    """
    sparks = await rows.get_many(session, client_ids)
    await _loaded()
    return {client_id: Known(_reading(spark, today), spark.last_on) for client_id, spark in sparks.items()}


async def quiet(session: Work, client_ids: Collection[uuid.UUID], today: dt.date) -> dict[uuid.UUID, Known]:
    """Return those among these clients on whom an alert could open today; none that is paused or has ended.

    Whether it does depends on the probability at which the workspace has it open.
    """
    found = [spark for spark in await rows.fading(session, client_ids, today) if not is_paused(today, spark.pauses)]
    if found:
        await _loaded()
    return {spark.client_id: Known(_reading(spark, today), spark.last_on) for spark in found}


async def may_have_faded(session: Work, client_ids: Collection[uuid.UUID], today: dt.date) -> dict[uuid.UUID, Reading]:
    """Return what the contact days say today of those among these clients whose spark may have faded; none paused."""
    return {client_id: one.reading for client_id, one in (await quiet(session, client_ids, today)).items()}


async def stirring(session: Work, today: dt.date) -> set[uuid.UUID]:
    """Return the clients of the workspace that are due today by their rhythm, or on whom an alert could open.

    None that is paused or has ended.
    """
    return {
        client_id for client_id, pauses in (await rows.stirring(session, today)).items() if not is_paused(today, pauses)
    }


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], today: dt.date) -> set[uuid.UUID]:
    """Return those among these workspaces that may have a client as `stirring` says, in a session over all of them.

    It costs a step or two into an index for each of them, however many clients there are.
    """
    return await rows.stirring_workspaces(session, workspace_ids, today)


def _reading(spark: Spark, today: dt.date) -> Reading:
    since = spark.last_on or spark.started_on
    return rules.reading(
        spark.state,
        spark.cadence_days,
        running_day(today, spark.pauses),
        start=running_day(spark.started_on, spark.pauses),
        paused=paused_days(since, today, spark.pauses),
    )


async def card(
    session: Work, clients: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return the spark of each client that is looked after now, and the sentence that gives the reason."""
    _ = audience  # a level counts every contact day and shows nothing of a note
    today = now.date()
    sparks = await rows.get_many(session, clients)
    await _loaded()
    return {
        client_id: [_says(client_id, _reading(spark, today))]
        for client_id, spark in sparks.items()
        if spark.is_running and not is_paused(today, spark.pauses)
    }


def _says(client_id: uuid.UUID, reading: Reading) -> Value:
    why = reading.reason() if reading.is_learning else reading.sentence()
    text = markup("{band} · {why}", band=bold(reading.band.value.capitalize()), why=why)
    return Value(
        Section.STANDING,
        text,
        weight=FIRST_ON_ITS_CARD,
        accessory=button("Why?", "spark.why", value=str(client_id)),
    )


def warm() -> None:
    """Load what the model calculates with.  Takes about a second; call it once, in a thread, at start-up."""
    rules.reading(rules.EMPTY, 7, 1, start=0)


async def _loaded() -> None:
    """Let a thread load what the model calculates with, where nobody has yet: others go on meanwhile."""
    if not rules.is_loaded():
        await asyncio.to_thread(warm)
