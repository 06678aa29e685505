"""Dates that matter, as they are kept, and what was done about each of them."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.milestones.rules import Calendar, LeapDay, Occasion, Step
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql

EVERYWHERE = {ALL_WORKSPACES: "which of many workspaces have a date coming round is asked at once"}


class MilestoneRow(InWorkspace, Base):
    """A date that matters to a client or to somebody there.

    year: the first one, None where only the day is known; leads: how many days ahead to be reminded; alone: each time
    in a message of its own; next_on: when it comes round next (a day that has passed until it is looked at again), None
    when it is over.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name="day"),
        sa.Index(None, "workspace_id", "next_on"),
        sa.Index(None, "client_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"))
    occasion: Mapped[Occasion] = mapped_column(words(Occasion, "occasion"))
    title: Mapped[str] = mapped_column(sa.String(160))
    month: Mapped[int] = mapped_column(sa.SmallInteger())
    day: Mapped[int] = mapped_column(sa.SmallInteger())
    year: Mapped[int | None] = mapped_column(sa.SmallInteger())
    repeats: Mapped[bool]
    leap_day: Mapped[LeapDay] = mapped_column(words(LeapDay, "leap_day"))
    leads: Mapped[list[int]] = mapped_column(sa.JSON())
    note: Mapped[str | None] = mapped_column(sa.Text())
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    next_on: Mapped[dt.date | None]
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    created_at: Mapped[dt.datetime]
    alone: Mapped[bool] = mapped_column(server_default=sa.false())


class MilestoneStepRow(InWorkspace, Base):
    """What somebody said or did about one occurrence of a date that matters."""

    __tablename__ = "milestone_step"
    __table_args__ = (sa.Index(None, "milestone_id", "occurs_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    milestone_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("milestone.id", ondelete="CASCADE"))
    occurs_on: Mapped[dt.date]
    step: Mapped[Step] = mapped_column(words(Step, "step"))
    said: Mapped[str | None] = mapped_column(sa.Text())
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Details:
    """What somebody says about a date: whose (our ids), what about, when, how many days ahead to be reminded.

    alone: each time in a message of its own, not in a morning.
    """

    client_id: uuid.UUID
    contact_id: uuid.UUID | None
    occasion: Occasion
    title: str
    calendar: Calendar
    leads: tuple[int, ...]
    note: str | None
    visibility: Visibility
    alone: bool = False


@dataclass(frozen=True)
class Milestone:
    """A date that matters, as it is kept; its author by our id."""

    id: uuid.UUID
    details: Details
    author_id: uuid.UUID
    created_at: dt.datetime


@dataclass(frozen=True)
class Said:
    """What somebody (our id) said about one occurrence, and their words about it."""

    id: uuid.UUID
    milestone_id: uuid.UUID
    occurs_on: dt.date
    step: Step
    said: str | None
    member_id: uuid.UUID
    at: dt.datetime


MILESTONE: tuple[Any, ...] = (
    MilestoneRow.id,
    MilestoneRow.client_id,
    MilestoneRow.contact_id,
    MilestoneRow.occasion,
    MilestoneRow.title,
    MilestoneRow.month,
    MilestoneRow.day,
    MilestoneRow.year,
    MilestoneRow.repeats,
    MilestoneRow.leap_day,
    MilestoneRow.leads,
    MilestoneRow.note,
    MilestoneRow.visibility,
    MilestoneRow.alone,
    MilestoneRow.author_id,
    MilestoneRow.created_at,
)
NEAR = prepared(sa.select(MilestoneRow.client_id).where(MilestoneRow.next_on <= sa.bindparam("until", type_=sa.Date())))
SAID: tuple[Any, ...] = (
    MilestoneStepRow.id,
    MilestoneStepRow.milestone_id,
    MilestoneStepRow.occurs_on,
    MilestoneStepRow.step,
    MilestoneStepRow.said,
    MilestoneStepRow.member_id,
    MilestoneStepRow.at,
)


def _milestone(row: Any) -> Milestone:
    when = Calendar(row.month, row.day, row.year, repeats=row.repeats, leap_day=row.leap_day)
    about, seen = (row.client_id, row.contact_id, row.occasion, row.title), (row.note, row.visibility, row.alone)
    details = Details(*about, when, tuple(row.leads), *seen)
    return Milestone(row.id, details, row.author_id, row.created_at)


def _columns(details: Details, next_on: dt.date | None) -> dict[str, Any]:
    given = {name: value for name, value in vars(details).items() if name != "calendar"}
    return {**given, **vars(details.calendar), "leads": list(details.leads), "next_on": next_on}


async def insert(session: Work, milestone: Milestone, *, next_on: dt.date | None) -> None:
    """Keep a new date."""
    kept = {"id": milestone.id, "author_id": milestone.author_id, "created_at": milestone.created_at}
    await session.add_row(MilestoneRow, **kept, **_columns(milestone.details, next_on))


async def change(session: Work, milestone_id: uuid.UUID, details: Details, *, next_on: dt.date | None) -> None:
    """Replace what is known about a date."""
    change = sa.update(MilestoneRow).where(MilestoneRow.id == milestone_id)
    await session.execute(change.values(**_columns(details, next_on)))


async def drop(session: Work, milestone_id: uuid.UUID) -> None:
    """Forget a date, and what was done about it."""
    await session.execute(sa.delete(MilestoneStepRow).where(MilestoneStepRow.milestone_id == milestone_id))
    await session.execute(sa.delete(MilestoneRow).where(MilestoneRow.id == milestone_id))


async def get(session: Work, milestone_id: uuid.UUID) -> Milestone | None:
    """Return a date by id, whoever may see it."""
    row = (await session.execute(sa.select(*MILESTONE).where(MilestoneRow.id == milestone_id))).one_or_none()
    return _milestone(row) if row else None


async def find(
    session: Work,
    audience: Audience | None,
    *,
    client_ids: Collection[uuid.UUID] | None = None,
    until: dt.date | None = None,
    alone_on: dt.date | None = None,
    over: bool = False,
) -> list[Milestone]:
    """Return dates that are not over and that an audience may see (None: every one): of clients, up to a day.

    alone_on: only those that may be said alone on a day: those of the day, and those that always come alone; over:
    those that are over too.
    """
    query = sa.select(*MILESTONE)
    if not over:
        query = query.where(MilestoneRow.next_on.is_not(None))
    if audience is not None:
        query = query.where(_readable(audience))
    if client_ids is not None:
        query = query.where(MilestoneRow.client_id.in_(set(client_ids)))
    if until is not None:
        query = query.where(MilestoneRow.next_on <= until)
    if alone_on is not None:
        query = query.where(sa.or_(MilestoneRow.alone, MilestoneRow.next_on <= alone_on))
    return [_milestone(row) for row in await session.execute(query.order_by(MilestoneRow.next_on, MilestoneRow.id))]


async def readable(session: Work, ids: Collection[uuid.UUID], audience: Audience) -> list[Milestone]:
    """Return the dates among these that an audience may see, over or not."""
    found = await session.execute(sa.select(*MILESTONE).where(MilestoneRow.id.in_(set(ids)), _readable(audience)))
    return [_milestone(row) for row in found]


def _readable(audience: Audience) -> sa.ColumnElement[bool]:
    return may_see_sql(
        audience, MilestoneRow.visibility, client_id=MilestoneRow.client_id, author_id=MilestoneRow.author_id
    )


async def near(session: Work, until: dt.date) -> set[uuid.UUID]:
    """Return the clients with a date that comes round up to a day."""
    return set((await session.run(NEAR, until=until)).scalars())


async def authors(
    session: Work, until: dt.date, *, of: uuid.UUID | None = None
) -> set[tuple[uuid.UUID, uuid.UUID, Visibility]]:
    """Return the author, the client and the readers of all dates up to a day (`of`: those of a member), by our ids."""
    query = sa.select(MilestoneRow.author_id, MilestoneRow.client_id, MilestoneRow.visibility)
    query = query.where(MilestoneRow.next_on <= until, *([MilestoneRow.author_id == of] if of is not None else []))
    return {(row.author_id, row.client_id, row.visibility) for row in await session.execute(query.distinct())}


async def near_in(session: Work, workspace_ids: Collection[uuid.UUID], until: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces that have a date that comes round up to a day."""
    which = (MilestoneRow.workspace_id.in_(set(workspace_ids)), MilestoneRow.next_on <= until)
    query = sa.select(MilestoneRow.workspace_id).where(*which).distinct()
    return set((await session.execute(query, execution_options=EVERYWHERE)).scalars())


async def passed(session: Work, before: dt.date, *, limit: int) -> list[tuple[Milestone, dt.date]]:
    """Return dates whose next time lies before a day, with that time, the oldest first."""
    query = sa.select(*MILESTONE, MilestoneRow.next_on).where(MilestoneRow.next_on < before)
    found = await session.execute(query.order_by(MilestoneRow.next_on).limit(limit))
    return [(_milestone(row), row.next_on) for row in found]


async def moved(session: Work, milestone_id: uuid.UUID, passed_on: dt.date, next_on: dt.date | None) -> None:
    """Write down when a date comes round next, unless somebody has changed it meanwhile."""
    change = sa.update(MilestoneRow).where(MilestoneRow.id == milestone_id, MilestoneRow.next_on == passed_on)
    await session.execute(change.values(next_on=next_on))


async def say(session: Work, said: Said) -> None:
    """Keep what somebody said about one occurrence."""
    await session.add_row(MilestoneStepRow, **vars(said))


async def unsay(session: Work, said_id: uuid.UUID, milestone_id: uuid.UUID) -> None:
    """Take back what somebody said about a date."""
    mine = (MilestoneStepRow.id == said_id, MilestoneStepRow.milestone_id == milestone_id)
    await session.execute(sa.delete(MilestoneStepRow).where(*mine))


async def said_about(session: Work, milestone_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Said]]:
    """Return all that was said about dates, the oldest occurrence first, and in the order it was said."""
    wanted = set(milestone_ids)
    by_date: dict[uuid.UUID, list[Said]] = {milestone_id: [] for milestone_id in wanted}
    found = await session.execute(
        sa.select(*SAID)
        .where(MilestoneStepRow.milestone_id.in_(wanted))
        .order_by(MilestoneStepRow.occurs_on, MilestoneStepRow.at, MilestoneStepRow.id)
    )
    for said in (Said(*row) for row in found):
        by_date[said.milestone_id].append(said)
    return by_date


async def of_person(session: Work, contact_id: uuid.UUID, audience: Audience | None = None) -> list[Milestone]:
    """Return the dates of a person's that an audience may see (None: all of them), over or not, the oldest first."""
    query = sa.select(*MILESTONE).where(MilestoneRow.contact_id == contact_id)
    if audience is not None:
        query = query.where(_readable(audience))
    found = await session.execute(query.order_by(MilestoneRow.created_at, MilestoneRow.id))
    return [_milestone(row) for row in found]
