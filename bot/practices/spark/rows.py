"""The spark's small state per client, as it is kept."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from bot.practices.spark.clock import Pause
from bot.practices.spark.rules import EMPTY, State
from bot.store.base import Base, InWorkspace, table_of
from bot.store.session import ALL_WORKSPACES, PREPARED, Work, prepared
from bot.workspaces.installs import WorkspaceRow


class SparkRow(InWorkspace, Base):
    """What is known of a client's rhythm.

    due_on: the day on which the next conversation is due; fade_on: the first day without a contact on which an alert
    could open in any workspace; both are empty for a client that has ended or is paused without an end.
    first_day, last_day: days on the client's own clock, which stands still while the client is paused; pauses: each
    [from, until], so that contact days can be read by that clock.
    """

    __tablename__ = "spark"
    __table_args__ = (sa.Index(None, "workspace_id", "fade_on"), sa.Index(None, "workspace_id", "due_on"))

    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), primary_key=True)
    started_on: Mapped[dt.date]
    cadence_days: Mapped[int] = mapped_column(sa.SmallInteger())
    is_running: Mapped[bool]
    pauses: Mapped[list[list[str | None]]] = mapped_column(sa.JSON())
    contact_days: Mapped[int] = mapped_column(sa.Integer())
    first_day: Mapped[int | None] = mapped_column(sa.Integer())
    last_day: Mapped[int | None] = mapped_column(sa.Integer())
    last_on: Mapped[dt.date | None]
    contacts: Mapped[float] = mapped_column(sa.Double())
    exposure: Mapped[float] = mapped_column(sa.Double())
    gaps: Mapped[list[int]] = mapped_column(sa.JSON())
    slow: Mapped[float | None] = mapped_column(sa.Double())
    fast: Mapped[float | None] = mapped_column(sa.Double())
    fade_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]


@dataclass(frozen=True)
class Spark:
    """What is known of a client's rhythm: its plan, its pauses, its contact days, and the days it is due and fades.

    last_on: the newest contact day, a date; the state counts days on the client's own clock.
    """

    client_id: uuid.UUID
    started_on: dt.date
    cadence_days: int
    is_running: bool
    pauses: tuple[Pause, ...] = ()
    state: State = EMPTY
    last_on: dt.date | None = None
    fade_on: dt.date | None = None
    due_on: dt.date | None = None


SPARK: tuple[Any, ...] = (
    SparkRow.client_id,
    SparkRow.started_on,
    SparkRow.cadence_days,
    SparkRow.is_running,
    SparkRow.pauses,
    SparkRow.last_on,
    SparkRow.fade_on,
    SparkRow.due_on,
    SparkRow.contact_days,
    SparkRow.first_day,
    SparkRow.last_day,
    SparkRow.contacts,
    SparkRow.exposure,
    SparkRow.gaps,
    SparkRow.slow,
    SparkRow.fast,
)
TABLE = table_of(SparkRow)
AT_ONCE = 1000

HOLD = prepared(
    sa.select(*SPARK).where(SparkRow.client_id == sa.bindparam("client_id", type_=sa.Uuid())).with_for_update()
)
THESE = SparkRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True))
BY = sa.bindparam("by", type_=sa.Date())
GET_MANY = prepared(sa.select(*SPARK).where(THESE))
FADING = prepared(sa.select(*SPARK).where(THESE, SparkRow.fade_on <= BY))
STIRRING = [
    prepared(sa.select(SparkRow.client_id, SparkRow.pauses).where(day <= BY))
    for day in (SparkRow.due_on, SparkRow.fade_on)
]
"""One after the other: joined by OR, neither index may be used."""

CHANGE = (
    sa.update(TABLE)
    .where(
        TABLE.c.client_id == sa.bindparam("its_client", type_=sa.Uuid()),
        TABLE.c.workspace_id == sa.bindparam("here", type_=sa.Uuid()),
    )
    .execution_options(**{PREPARED: True})
)


async def get_many(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Spark]:
    """Return what is known of each client's rhythm; one that was never looked at is absent."""
    found = await session.run(GET_MANY, ids=list(client_ids))
    return {spark.client_id: spark for spark in (_spark(*row) for row in found)}


async def hold(session: Work, client_id: uuid.UUID) -> Spark | None:
    """Return what is known of a client's rhythm, and keep others from changing it until this transaction is over."""
    found = await session.run(HOLD, client_id=client_id)
    row = found.one_or_none()
    return _spark(*row) if row else None


async def insert_once(session: Work, spark: Spark) -> bool:
    """Keep what is known of a client's rhythm for the first time; return whether it was."""
    return await session.add_once(SparkRow, client_id=spark.client_id, **_columns(spark))


async def change(session: Work, spark: Spark) -> None:
    """Replace what is known of a client's rhythm."""
    await session.execute(CHANGE, {**_columns(spark), "its_client": spark.client_id, "here": session.workspace_id})


async def fading(session: Work, client_ids: Collection[uuid.UUID], by: dt.date) -> list[Spark]:
    """Return what is known of those among these clients on whom an alert could open by a date, were none paused."""
    return [_spark(*row) for row in await session.run(FADING, ids=list(client_ids), by=by)]


async def stirring(session: Work, by: dt.date) -> dict[uuid.UUID, tuple[Pause, ...]]:
    """Return the clients of the workspace, with their pauses, that are due by a date or could have an alert open."""
    found: dict[uuid.UUID, tuple[Pause, ...]] = {}
    for query in STIRRING:
        found |= {client_id: _pauses(pauses) for client_id, pauses in await session.run(query, by=by)}
    return found


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], by: dt.date) -> set[uuid.UUID]:
    """Return those among these workspaces in which any client is due by a date or could have an alert open."""
    ids, found = sorted(set(workspace_ids)), set()
    for start in range(0, len(ids), AT_ONCE):
        many = sa.select(WorkspaceRow.id).where(WorkspaceRow.id.in_(ids[start : start + AT_ONCE]))
        either = sa.or_(_earliest(SparkRow.fade_on) <= by, _earliest(SparkRow.due_on) <= by)
        why = {ALL_WORKSPACES: "which workspaces have anything to say this morning"}
        found |= set((await session.execute(many.where(either).execution_options(**why))).scalars())
    return found


def _earliest(day: InstrumentedAttribute[dt.date | None]) -> sa.ScalarSelect[dt.date | None]:
    """Return the first of a workspace's days: one step into an index, however many clients there are."""
    return sa.select(sa.func.min(day)).where(SparkRow.workspace_id == WorkspaceRow.id).scalar_subquery()


def is_followed_sql(
    client_id: sa.ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID],
) -> sa.ColumnElement[bool]:
    """Return the criterion for clients whose rhythm was looked at."""
    return sa.exists().where(SparkRow.client_id == client_id)


def _columns(spark: Spark) -> dict[str, Any]:
    state = spark.state
    return {
        "started_on": spark.started_on,
        "cadence_days": spark.cadence_days,
        "is_running": spark.is_running,
        "pauses": [[since.isoformat(), until.isoformat() if until else None] for since, until in spark.pauses],
        "last_on": spark.last_on,
        "fade_on": spark.fade_on,
        "due_on": spark.due_on,
        "contact_days": state.count,
        "first_day": state.first if state.count else None,
        "last_day": state.last if state.count else None,
        "contacts": state.contacts,
        "exposure": state.exposure,
        "gaps": list(state.gaps),
        "slow": state.slow,
        "fast": state.fast,
    }


def _spark(
    client_id: uuid.UUID,
    started_on: dt.date,
    cadence_days: int,
    is_running: bool,
    pauses: list[list[str | None]],
    last_on: dt.date | None,
    fade_on: dt.date | None,
    due_on: dt.date | None,
    count: int,
    first: int | None,
    last: int | None,
    contacts: float,
    exposure: float,
    gaps: list[int],
    slow: float | None,
    fast: float | None,
) -> Spark:
    state = State(count, first or 0, last or 0, contacts, exposure, tuple(gaps), slow, fast)
    stood = _pauses(pauses)
    return Spark(client_id, started_on, cadence_days, is_running, stood, state, last_on, fade_on, due_on)


def _pauses(kept: list[list[str | None]]) -> tuple[Pause, ...]:
    return tuple((_date(since), _date(until) if until else None) for since, until in kept if since)


_date = dt.date.fromisoformat
