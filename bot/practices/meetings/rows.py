"""Linked calendars and the meetings with clients that stand in them, as they are kept: each is its member's alone."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.meetings.rules import Before, State, Why
from bot.store.base import Base, InWorkspace
from bot.store.session import ALL_WORKSPACES, Work
from bot.store.types import words

EVERYWHERE = {ALL_WORKSPACES: "which calendars and meetings are due is asked of every workspace at once"}
LOOSE = {"synchronize_session": False}


class CalendarLinkRow(InWorkspace, Base):
    """A member's calendar: where it is fetched, sealed, and how that went.

    etag, modified: by what its site knows the version that we have; digest: of its bytes; parsed_at: when its meetings
    were worked out last; claimed_until: somebody reads it, and nobody else does until then; wrong: why it could not be
    read since `failing_since`; told: its member knows.
    """

    __tablename__ = "calendar_link"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "member_id"), sa.Index(None, "next_read_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    sealed: Mapped[str] = mapped_column(sa.Text())
    etag: Mapped[str | None] = mapped_column(sa.String(200))
    modified: Mapped[str | None] = mapped_column(sa.String(200))
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    linked_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    parsed_at: Mapped[dt.datetime | None]
    next_read_at: Mapped[dt.datetime]
    claimed_until: Mapped[dt.datetime | None]
    failures: Mapped[int] = mapped_column(sa.Integer())
    wrong: Mapped[Why | None] = mapped_column(words(Why, "wrong"))
    failing_since: Mapped[dt.datetime | None]
    told: Mapped[bool]


class MeetingRow(InWorkspace, Base):
    """A meeting of a member's with a client.

    key: which one it is in their calendar, wherever it is moved to; turn: how often it was moved; checkin_id: the
    conversation that it counts as; counts: whether it is one, once it was held.
    """

    __tablename__ = "meeting"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "member_id", "key"), sa.Index(None, "state", "ends_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    setting: Mapped[Before | None] = mapped_column(words(Before, "setting"))
    state: Mapped[State] = mapped_column(words(State, "state"))
    turn: Mapped[int] = mapped_column(sa.Integer())
    checkin_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("checkin.id", ondelete="SET NULL"), index=True)
    counts: Mapped[bool]


class MeetingPersonRow(InWorkspace, Base):
    """A person of the client's who is there."""

    __tablename__ = "meeting_person"
    __table_args__ = (sa.PrimaryKeyConstraint("meeting_id", "contact_id"),)

    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    contact_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contact.id", ondelete="CASCADE"), index=True)


@dataclass(frozen=True)
class Link:
    """A member's linked calendar, as its row says."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    member_id: uuid.UUID
    sealed: str
    etag: str | None
    modified: str | None
    digest: str | None
    linked_at: dt.datetime
    read_at: dt.datetime | None
    parsed_at: dt.datetime | None
    next_read_at: dt.datetime
    claimed_until: dt.datetime | None
    failures: int
    wrong: Why | None
    failing_since: dt.datetime | None
    told: bool


@dataclass(frozen=True)
class Meeting:
    """A member's meeting with a client; people: those of the client's who are there, by our ids."""

    id: uuid.UUID
    member_id: uuid.UUID
    client_id: uuid.UUID
    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    setting: Before | None
    state: State
    turn: int
    checkin_id: uuid.UUID | None
    counts: bool = True
    people: frozenset[uuid.UUID] = frozenset()


LINK: tuple[Any, ...] = tuple(getattr(CalendarLinkRow, name) for name in Link.__dataclass_fields__)
MEETING: tuple[Any, ...] = tuple(getattr(MeetingRow, name) for name in Meeting.__dataclass_fields__ if name != "people")


async def put_link(session: Work, link: Link) -> None:
    """Keep a member's calendar in the place of the one before."""
    await session.put_row(CalendarLinkRow, key=("workspace_id", "member_id"), **vars(link))


async def link_of(session: Work, member_id: uuid.UUID) -> Link | None:
    """Return a member's calendar."""
    query = sa.select(*LINK).where(CalendarLinkRow.member_id == member_id)
    row = (await session.execute(query)).one_or_none()
    return Link(*row) if row else None


async def change_link(session: Work, link: Link, **values: object) -> bool:
    """Change a calendar's row; return False, with nothing changed, where it is another's by now, or of another site."""
    row = CalendarLinkRow
    same = (row.id == link.id, row.sealed == link.sealed, row.claimed_until == link.claimed_until)
    change = sa.update(CalendarLinkRow).where(*same).values(**values).returning(CalendarLinkRow.id)
    return bool((await session.execute(change, execution_options=LOOSE)).all())


async def drop_link(session: Work, member_id: uuid.UUID) -> bool:
    """Forget a member's calendar; return whether there was one."""
    gone = sa.delete(CalendarLinkRow).where(CalendarLinkRow.member_id == member_id).returning(CalendarLinkRow.id)
    return bool((await session.execute(gone, execution_options=LOOSE)).all())


async def due_links(session: Work, now: dt.datetime, *, limit: int) -> list[Link]:
    """Return the calendars of all workspaces that it is time to read, those that waited the longest first.

    It is time before its time where a meeting has ended that may have been called off since the calendar was read.
    """
    mine = (MeetingRow.member_id == CalendarLinkRow.member_id, MeetingRow.starts_at > CalendarLinkRow.read_at)
    waits = sa.exists().where(*mine, MeetingRow.state == State.AHEAD, MeetingRow.ends_at <= now)
    is_due = (CalendarLinkRow.next_read_at <= now) | (waits & (CalendarLinkRow.failures == 0))
    query = sa.select(*LINK).where(is_due, _is_free(now))
    query = query.order_by(CalendarLinkRow.next_read_at, CalendarLinkRow.id).limit(limit)
    return [Link(*row) for row in await session.execute(query, execution_options=EVERYWHERE)]


async def claim_link(session: Work, link: Link, *, now: dt.datetime, until: dt.datetime) -> Link | None:
    """Return a calendar that is ours to read until then; None where another reads it, or has done so meanwhile."""
    same = (CalendarLinkRow.id == link.id, CalendarLinkRow.next_read_at == link.next_read_at, _is_free(now))
    take = sa.update(CalendarLinkRow).where(*same).values(claimed_until=until).returning(CalendarLinkRow.id)
    is_ours = bool((await session.execute(take, execution_options=LOOSE)).all())
    return replace(link, claimed_until=until) if is_ours else None


def _is_free(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(CalendarLinkRow.claimed_until.is_(None), CalendarLinkRow.claimed_until <= now)


async def insert(session: Work, meeting: Meeting) -> bool:
    """Keep a new meeting; return False where it is kept already."""
    values = {name: value for name, value in vars(meeting).items() if name != "people"}
    added = await session.add_once(MeetingRow, **values)
    if added:
        await _add_people(session, meeting.id, meeting.people)
    return added


async def change(session: Work, meeting_id: uuid.UUID, **values: object) -> None:
    """Change columns of a meeting."""
    await session.execute(sa.update(MeetingRow).where(MeetingRow.id == meeting_id).values(**values))


async def cancel_others(session: Work, member_id: uuid.UUID, keys: Collection[str]) -> None:
    """Have those of a member's meetings that nothing was done about yet count as cancelled, but for these."""
    gone = (MeetingRow.member_id == member_id, MeetingRow.state == State.AHEAD, MeetingRow.key.not_in(set(keys)))
    cancel = sa.update(MeetingRow).where(*gone).values(state=State.CANCELLED)
    await session.execute(cancel, execution_options=LOOSE)


async def set_people(session: Work, meeting_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """Replace who is there."""
    await session.execute(sa.delete(MeetingPersonRow).where(MeetingPersonRow.meeting_id == meeting_id))
    await _add_people(session, meeting_id, people)


async def _add_people(session: Work, meeting_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    await session.add_rows(MeetingPersonRow, [{"meeting_id": meeting_id, "contact_id": one} for one in sorted(people)])


async def get(session: Work, meeting_id: uuid.UUID) -> Meeting | None:
    """Return a meeting by id."""
    return next(iter(await _meetings(session, MeetingRow.id == meeting_id)), None)


async def hold(session: Work, meeting_id: uuid.UUID) -> Meeting | None:
    """Return a meeting by id, and have others who change it wait until this transaction is over."""
    locked = sa.select(MeetingRow.id).where(MeetingRow.id == meeting_id).with_for_update()
    await session.execute(locked)
    return await get(session, meeting_id)


async def of_member(session: Work, member_id: uuid.UUID, *, since: dt.datetime) -> list[Meeting]:
    """Return a member's meetings that end after an instant, the first one first."""
    return await _meetings(session, MeetingRow.member_id == member_id, MeetingRow.ends_at > since)


async def by_key(session: Work, member_id: uuid.UUID, keys: Collection[str]) -> list[Meeting]:
    """Return those of a member's meetings that go by these keys, whenever they are."""
    return await _meetings(session, MeetingRow.member_id == member_id, MeetingRow.key.in_(set(keys)))


async def near(session: Work, meeting: Meeting) -> list[Meeting]:
    """Return the member's other meetings with the client that begin within a day of one and took or may take place."""
    day = dt.timedelta(days=1)
    theirs = (MeetingRow.member_id == meeting.member_id, MeetingRow.client_id == meeting.client_id)
    when = (MeetingRow.starts_at > meeting.starts_at - day, MeetingRow.starts_at < meeting.starts_at + day)
    stands = (MeetingRow.id != meeting.id, MeetingRow.state.in_((State.AHEAD, State.HELD)))
    return await _meetings(session, *theirs, *when, *stands)


async def ids_with(session: Work, member_id: uuid.UUID, client_id: uuid.UUID, *, since: dt.datetime) -> set[uuid.UUID]:
    """Return the ids of a member's meetings with a client that end after an instant."""
    mine = (MeetingRow.member_id == member_id, MeetingRow.client_id == client_id, MeetingRow.ends_at > since)
    return set((await session.execute(sa.select(MeetingRow.id).where(*mine))).scalars())


async def ended(session: Work, client_id: uuid.UUID, *, since: dt.datetime, until: dt.datetime) -> list[uuid.UUID]:
    """Return the ids of a client's meetings that ended between two instants and were taken as held at first."""
    over_ = (MeetingRow.client_id == client_id, MeetingRow.ends_at > since, MeetingRow.ends_at <= until)
    held = MeetingRow.state.in_((State.HELD, State.DID_NOT_HAPPEN))
    return list((await session.execute(sa.select(MeetingRow.id).where(*over_, held))).scalars())


async def over(session: Work, now: dt.datetime, *, limit: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return (workspace, meeting) of those in all workspaces that have ended and that nothing was done about yet.

    Only what stood in the calendar when it was read since they began: another may have been called off before.
    """
    row, link = MeetingRow, CalendarLinkRow
    stood = sa.exists().where(link.member_id == row.member_id, link.read_at >= row.starts_at)
    query = sa.select(row.workspace_id, row.id).where(row.state == State.AHEAD, row.ends_at <= now, stood)
    found = await session.execute(query.order_by(row.ends_at, row.id).limit(limit), execution_options=EVERYWHERE)
    return [(workspace_id, meeting_id) for workspace_id, meeting_id in found]


async def drop_ahead(session: Work, member_id: uuid.UUID, *, after: dt.datetime) -> None:
    """Forget a member's meetings that have not begun, or that nothing was done about."""
    which = (MeetingRow.starts_at > after) | (MeetingRow.state == State.AHEAD)
    query = sa.select(MeetingRow.id).where(MeetingRow.member_id == member_id, which)
    ids = list((await session.execute(query)).scalars())
    await session.execute(sa.delete(MeetingPersonRow).where(MeetingPersonRow.meeting_id.in_(ids)))
    await session.execute(sa.delete(MeetingRow).where(MeetingRow.id.in_(ids)))


async def _meetings(session: Work, *which: sa.ColumnElement[bool]) -> list[Meeting]:
    query = sa.select(*MEETING).where(*which).order_by(MeetingRow.starts_at, MeetingRow.id)
    found: Mapping[uuid.UUID, Any] = {row.id: row for row in await session.execute(query)}
    people: dict[uuid.UUID, set[uuid.UUID]] = {one: set() for one in found}
    there = sa.select(MeetingPersonRow.meeting_id, MeetingPersonRow.contact_id)
    for meeting_id, contact_id in await session.execute(there.where(MeetingPersonRow.meeting_id.in_(list(found)))):
        people[meeting_id].add(contact_id)
    return [replace(Meeting(*row), people=frozenset(people[one])) for one, row in found.items()]


async def with_person(session: Work, contact_id: uuid.UUID) -> list[Meeting]:
    """Return the meetings that a person of a client's is in, whosever calendar they stand in, the newest first."""
    there = sa.select(MeetingPersonRow.meeting_id).where(MeetingPersonRow.contact_id == contact_id)
    found = await _meetings(session, MeetingRow.id.in_(there))
    return sorted(found, key=lambda one: one.starts_at, reverse=True)
