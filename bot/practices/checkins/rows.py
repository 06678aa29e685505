"""Check-ins as they are kept, who was there, what was noticed; and lines that wait for one more answer."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.checkins.rules import Medium, Purpose, Setting, Signal, Via
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.seen import Seen
from bot.store.session import ALL_WORKSPACES, Work, prepared
from bot.store.types import words
from bot.workspaces.directory import MemberRow
from bot.workspaces.visibility import Audience, may_see_sql

LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
SETTLED = "draft:"
"""Opens the key under which a waiting line is recorded, before the line's id."""


class CheckinRow(InWorkspace, Base):
    """The note of one conversation.  `happened_on` is a local date in the author's zone: the contact day.

    "We've spoken" is one without a feeling and with an empty note.
    """

    __tablename__ = "checkin"
    __table_args__ = (
        sa.CheckConstraint("feeling BETWEEN 1 AND 5", name="feeling"),
        sa.Index(None, "workspace_id", "client_id", "happened_on"),
        sa.Index(None, "workspace_id", "author_id", "happened_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"))
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id"))
    feeling: Mapped[int | None] = mapped_column(sa.SmallInteger())
    note: Mapped[str] = mapped_column(sa.Text())
    unsaid: Mapped[str | None] = mapped_column(sa.Text())
    quote: Mapped[str | None] = mapped_column(sa.Text())
    medium: Mapped[Medium | None] = mapped_column(words(Medium, "medium"))
    setting: Mapped[Setting | None] = mapped_column(words(Setting, "setting"))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose, "purpose"))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    happened_on: Mapped[dt.date]
    via: Mapped[Via] = mapped_column(words(Via, "via"))
    source_channel: Mapped[str | None] = mapped_column(sa.String(32))
    source_ts: Mapped[str | None] = mapped_column(sa.String(32))
    created_at: Mapped[dt.datetime]
    edited_at: Mapped[dt.datetime | None]


class CheckinPersonRow(InWorkspace, Base):
    """A person of the client who was there."""

    __tablename__ = "checkin_person"
    __table_args__ = (sa.PrimaryKeyConstraint("checkin_id", "contact_id"),)

    checkin_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"), index=True)


class CheckinSignalRow(InWorkspace, Base):
    """Something that was noticed."""

    __tablename__ = "checkin_signal"
    __table_args__ = (sa.PrimaryKeyConstraint("checkin_id", "signal"),)

    checkin_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("checkin.id", ondelete="CASCADE"))
    signal: Mapped[Signal] = mapped_column(words(Signal, "signal"))


class DraftRow(InWorkspace, Base):
    """A line somebody typed that lacks a client or a rating; it is kept until they have answered."""

    __tablename__ = "draft"
    __table_args__ = (sa.Index(None, "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    client_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("client.id", ondelete="SET NULL"))
    feeling: Mapped[int | None] = mapped_column(sa.SmallInteger())
    text: Mapped[str] = mapped_column(sa.Text())
    via: Mapped[Via] = mapped_column(words(Via, "via"))
    more: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON())
    created_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Checkin:
    """The note of one conversation.

    feeling: 1 to 5, None for "We've spoken"; quote: their own words; source_channel, source_ts: the Slack message it
    came from.
    """

    id: uuid.UUID
    client_id: uuid.UUID
    author_id: uuid.UUID
    feeling: int | None
    note: str
    happened_on: dt.date
    purpose: Purpose
    visibility: Visibility
    via: Via
    unsaid: str | None = None
    quote: str | None = None
    medium: Medium | None = None
    setting: Setting | None = None
    source_channel: str | None = None
    source_ts: str | None = None
    created_at: dt.datetime = LONG_AGO
    edited_at: dt.datetime | None = None

    @property
    def is_bare(self) -> bool:
        """Whether it says that somebody spoke with the client, and nothing else."""
        return self.feeling is None and not self.note


@dataclass(frozen=True)
class Details:
    """What hangs on a check-in: ids of the people who were there, and what was noticed."""

    people: frozenset[uuid.UUID] = frozenset()
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True)
class Draft:
    """A line that waits for a client, a rating, or both; `more` is what else an undone check-in said (see putback)."""

    id: uuid.UUID
    author_id: uuid.UUID
    client_id: uuid.UUID | None
    feeling: int | None
    text: str
    via: Via
    created_at: dt.datetime
    more: dict[str, Any] | None = None


CHECKIN = (
    CheckinRow.id,
    CheckinRow.client_id,
    CheckinRow.author_id,
    CheckinRow.feeling,
    CheckinRow.note,
    CheckinRow.happened_on,
    CheckinRow.purpose,
    CheckinRow.visibility,
    CheckinRow.via,
    CheckinRow.unsaid,
    CheckinRow.quote,
    CheckinRow.medium,
    CheckinRow.setting,
    CheckinRow.source_channel,
    CheckinRow.source_ts,
    CheckinRow.created_at,
    CheckinRow.edited_at,
)
DRAFT = (
    DraftRow.id,
    DraftRow.author_id,
    DraftRow.client_id,
    DraftRow.feeling,
    DraftRow.text,
    DraftRow.via,
    DraftRow.created_at,
    DraftRow.more,
)

WHAT_WAS_FELT = sa.case(
    (sa.and_(CheckinRow.visibility != Visibility.ME, CheckinSignalRow.signal.is_(None)), CheckinRow.feeling)
)


def what_was_felt(checkin: Checkin, details: Details) -> float | None:
    """Return the rating by which a check-in moves its client's spark, as WHAT_WAS_FELT does for those that are kept."""
    if checkin.visibility is Visibility.ME or Signal.HEALTHY_DISAGREEMENT in details.signals:
        return None
    return checkin.feeling


CONTACTS = prepared(
    sa.select(CheckinRow.client_id, CheckinRow.happened_on, sa.func.avg(sa.cast(WHAT_WAS_FELT, sa.Double())))
    .outerjoin(
        CheckinSignalRow,
        sa.and_(CheckinSignalRow.checkin_id == CheckinRow.id, CheckinSignalRow.signal == Signal.HEALTHY_DISAGREEMENT),
    )
    .where(CheckinRow.client_id.in_(sa.bindparam("client_ids", type_=sa.Uuid(), expanding=True)))
    .group_by(CheckinRow.client_id, CheckinRow.happened_on)
    .order_by(CheckinRow.client_id, CheckinRow.happened_on)
)


async def insert(session: Work, checkin: Checkin, details: Details) -> None:
    """Keep a new check-in."""
    await session.add_row(CheckinRow, **vars(checkin))
    await _add_details(session, checkin.id, details)


async def replace(session: Work, checkin_id: uuid.UUID, details: Details, **values: object) -> None:
    """Change columns of a check-in and replace what hangs on it."""
    await session.execute(sa.update(CheckinRow).where(CheckinRow.id == checkin_id).values(**values))
    await session.execute(sa.delete(CheckinPersonRow).where(CheckinPersonRow.checkin_id == checkin_id))
    await session.execute(sa.delete(CheckinSignalRow).where(CheckinSignalRow.checkin_id == checkin_id))
    await _add_details(session, checkin_id, details)


async def _add_details(session: Work, checkin_id: uuid.UUID, details: Details) -> None:
    await session.add_rows(
        CheckinPersonRow, [{"checkin_id": checkin_id, "contact_id": contact_id} for contact_id in details.people]
    )
    await session.add_rows(
        CheckinSignalRow, [{"checkin_id": checkin_id, "signal": signal} for signal in details.signals]
    )


async def delete(session: Work, checkin_id: uuid.UUID) -> None:
    """Forget a check-in, what hangs on it, and the waiting line that it was settled from."""
    claimed = sa.select(Seen.key).where(Seen.ref == checkin_id, Seen.key.startswith(SETTLED))
    settled = [uuid.UUID(key.removeprefix(SETTLED)) for key in (await session.execute(claimed)).scalars()]
    await session.execute(sa.delete(DraftRow).where(DraftRow.id.in_(settled)))
    await session.execute(sa.delete(CheckinRow).where(CheckinRow.id == checkin_id))


async def get(session: Work, checkin_id: uuid.UUID) -> Checkin | None:
    """Return a check-in by id."""
    row = (await session.execute(sa.select(*CHECKIN).where(CheckinRow.id == checkin_id))).one_or_none()
    return Checkin(*row) if row else None


async def get_many(session: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Checkin]:
    """Return check-ins by id."""
    found = await session.execute(sa.select(*CHECKIN).where(CheckinRow.id.in_(set(ids))))
    return {checkin.id: checkin for checkin in (Checkin(*row) for row in found)}


async def details_of(session: Work, checkin_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Details]:
    """Return what hangs on each check-in."""
    wanted = set(checkin_ids)
    people: dict[uuid.UUID, set[uuid.UUID]] = {checkin_id: set() for checkin_id in wanted}
    signals: dict[uuid.UUID, set[Signal]] = {checkin_id: set() for checkin_id in wanted}
    there = sa.select(CheckinPersonRow.checkin_id, CheckinPersonRow.contact_id)
    for checkin_id, contact_id in await session.execute(there.where(CheckinPersonRow.checkin_id.in_(wanted))):
        people[checkin_id].add(contact_id)
    noticed = sa.select(CheckinSignalRow.checkin_id, CheckinSignalRow.signal)
    for checkin_id, signal in await session.execute(noticed.where(CheckinSignalRow.checkin_id.in_(wanted))):
        signals[checkin_id].add(signal)
    return {key: Details(frozenset(people[key]), frozenset(signals[key])) for key in wanted}


_IS_MARKED = sa.exists().where(CheckinSignalRow.checkin_id == CheckinRow.id)


async def history(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    limit: int,
    offset: int = 0,
    with_words: bool = False,
    unmarked: bool = False,
) -> list[Checkin]:
    """Return each client's check-ins that an audience may read, newest first, `limit` of each after `offset`.

    `with_words` leaves out those without a note, `unmarked` those beside which something was noticed.
    """
    newest_first = (CheckinRow.happened_on.desc(), CheckinRow.id.desc())
    place = sa.func.row_number().over(partition_by=CheckinRow.client_id, order_by=newest_first).label("place")
    allowed = may_see_sql(
        audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id
    )
    wanted = [allowed]
    if with_words:
        wanted.append(CheckinRow.note != "")
    if unmarked:
        wanted.append(~_IS_MARKED)
    ranked = sa.select(CheckinRow.id, place).where(CheckinRow.client_id.in_(set(client_ids)), *wanted).subquery()
    found = await session.execute(
        sa.select(*CHECKIN)
        .join(ranked, ranked.c.id == CheckinRow.id)
        .where(ranked.c.place > offset, ranked.c.place <= offset + limit)
        .order_by(*newest_first)
    )
    return [Checkin(*row) for row in found]


async def by_author(session: Work, client_id: uuid.UUID, author_id: uuid.UUID, *, on: dt.date) -> list[Checkin]:
    """Return a member's check-ins of one client that count for a day, oldest first."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id == client_id,
            CheckinRow.author_id == author_id,
            CheckinRow.happened_on == on,
        )
        .order_by(CheckinRow.id)
    )
    return [Checkin(*row) for row in found]


async def move(session: Work, checkin_id: uuid.UUID, *, to: dt.date) -> None:
    """Have a check-in count for another day."""
    await session.execute(sa.update(CheckinRow).where(CheckinRow.id == checkin_id).values(happened_on=to))


async def contacts(session: Work, client_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, dt.date, float | None]]:
    """Return (client, contact day, its mean rating) of these clients, each client's oldest first.

    The mean leaves out notes that only their author may read and healthy disagreements: None where nothing is left.
    """
    found = await session.run(CONTACTS, client_ids=list(client_ids))
    return [(client_id, day, mean) for client_id, day, mean in found]


LAST_DAYS = prepared(
    sa.select(CheckinRow.client_id, sa.func.max(CheckinRow.happened_on))
    .where(CheckinRow.client_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)))
    .group_by(CheckinRow.client_id)
)


async def last_days(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """Return the newest contact day of each client that has one, whoever may read the notes: a day is no content."""
    found = await session.run(LAST_DAYS, ids=list(client_ids))
    return dict(found.all())


async def readable_days(session: Work, client_id: uuid.UUID, audience: Audience) -> set[dt.date]:
    """Return the days on which a client was spoken to in notes that an audience may read."""
    allowed = may_see_sql(
        audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id
    )
    days = sa.select(CheckinRow.happened_on).where(CheckinRow.client_id == client_id, allowed).distinct()
    return set((await session.execute(days)).scalars())


async def captured(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    *,
    but_by: uuid.UUID,
    written: dt.datetime,
    happened: dt.date,
    limit: int,
) -> list[Checkin]:
    """Return what others than a member logged from an instant on, of conversations from a day on, the newest first."""
    allowed = may_see_sql(
        audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id
    )
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.happened_on >= happened,
            CheckinRow.created_at >= written,
            CheckinRow.author_id != but_by,
            allowed,
        )
        .order_by(CheckinRow.created_at.desc(), CheckinRow.id.desc())
        .limit(limit)
    )
    return [Checkin(*row) for row in found]


async def spoken_since(
    session: Work, client_ids: Collection[uuid.UUID], author_id: uuid.UUID, *, since: dt.datetime
) -> dict[uuid.UUID, Checkin]:
    """Return the newest "We've spoken" of an author about each of these clients, from an instant on."""
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.author_id == author_id,
            CheckinRow.via == Via.SPOKEN,
            CheckinRow.created_at >= since,
        )
        .order_by(CheckinRow.created_at, CheckinRow.id)
    )
    return {checkin.client_id: checkin for checkin in (Checkin(*row) for row in found)}


async def lately(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, *, since: dt.date
) -> list[tuple[uuid.UUID, Medium | None, Purpose | None]]:
    """Return (client, how, about what) of the conversations since a day that an audience may read, oldest first.

    About what is None where nothing was written down.
    """
    allowed = may_see_sql(
        audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id
    )
    found = await session.execute(
        sa.select(CheckinRow.client_id, CheckinRow.medium, sa.case((CheckinRow.note != "", CheckinRow.purpose)))
        .where(CheckinRow.client_id.in_(set(client_ids)), CheckinRow.happened_on >= since, allowed)
        .order_by(CheckinRow.happened_on, CheckinRow.id)
    )
    return [(client_id, medium, purpose) for client_id, medium, purpose in found]


async def in_days(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, since: dt.date, until: dt.date, *, limit: int
) -> list[Checkin]:
    """Return the check-ins of some days that an audience may read and nothing was noticed beside, newest first."""
    allowed = may_see_sql(
        audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id
    )
    found = await session.execute(
        sa.select(*CHECKIN)
        .where(
            CheckinRow.client_id.in_(set(client_ids)),
            CheckinRow.happened_on.between(since, until),
            allowed,
            ~_IS_MARKED,
        )
        .order_by(CheckinRow.happened_on.desc(), CheckinRow.id.desc())
        .limit(limit)
    )
    return [Checkin(*row) for row in found]


async def quoted_in(
    session: Work, workspace_ids: Collection[uuid.UUID], since: dt.date, until: dt.date
) -> set[uuid.UUID]:
    """Return those among these workspaces in which words were quoted on some days, in a session over all of them.

    It costs a step into an index for each of their people.
    """
    quoted = sa.exists().where(
        CheckinRow.workspace_id == MemberRow.workspace_id,
        CheckinRow.author_id == MemberRow.id,
        CheckinRow.happened_on.between(since, until),
        CheckinRow.quote.is_not(None),
    )
    many = sa.select(MemberRow.workspace_id).where(MemberRow.workspace_id.in_(set(workspace_ids)), quoted).distinct()
    why = {ALL_WORKSPACES: "which workspaces have anything to say at the end of a week"}
    return set((await session.execute(many.execution_options(**why))).scalars())


async def keep_draft(session: Work, draft: Draft) -> None:
    """Keep a line until its author has answered."""
    await session.add_row(DraftRow, **vars(draft))


async def get_draft(session: Work, draft_id: uuid.UUID) -> Draft | None:
    """Return a waiting line."""
    row = (await session.execute(sa.select(*DRAFT).where(DraftRow.id == draft_id))).one_or_none()
    return Draft(*row) if row else None


async def change_draft(session: Work, draft_id: uuid.UUID, **values: object) -> None:
    """Fill in what a waiting line lacked."""
    await session.execute(sa.update(DraftRow).where(DraftRow.id == draft_id).values(**values))


async def drop_drafts(session: Work, *, before: dt.datetime) -> None:
    """Forget lines that nobody came back to."""
    why = {"all_workspaces": "housekeeping"}
    await session.execute(sa.delete(DraftRow).where(DraftRow.created_at < before), execution_options=why)
