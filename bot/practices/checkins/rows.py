"""Check-ins as they are kept, who was there, what was noticed; and lines that wait for one more answer."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.practices.checkins.rules import Medium, OurRole, Purpose, Setting, Signal, Via
from bot.store.base import Base, InWorkspace
from bot.store.search import Visibility
from bot.store.seen import Seen
from bot.store.session import ALL_WORKSPACES, Work
from bot.store.types import words
from bot.workspaces.visibility import Audience, may_see_sql

LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
SETTLED = "draft:"
"""Opens the key under which a waiting line is recorded, before the line's id."""


class CheckinRow(InWorkspace, Base):
    """The note of one conversation.  `happened_on` is a local date in the author's zone: the contact day.

    "We've spoken" is one without a feeling and with an empty note.  were_there: how many people of the client were
    there, those who have been forgotten since among them.
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
    win: Mapped[str | None] = mapped_column(sa.Text())
    struggle: Mapped[str | None] = mapped_column(sa.Text())
    our_role: Mapped[OurRole | None] = mapped_column(words(OurRole, "our_role"))
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
    were_there: Mapped[int | None] = mapped_column(sa.SmallInteger())


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

    feeling: 1 to 5, None for "We've spoken"; quote: their own words; our_role: what we were to them in it;
    source_channel, source_ts: the Slack message it came from.
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
    win: str | None = None
    struggle: str | None = None
    our_role: OurRole | None = None

    @property
    def is_bare(self) -> bool:
        """Whether it says that somebody spoke with the client, and nothing else."""
        return self.feeling is None and not self.note

    @property
    def in_words(self) -> str:
        """Everything it says in words, part by part: it is found by them."""
        return "\n".join(part for part in (self.note, self.quote, self.unsaid, self.win, self.struggle) if part)


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
    CheckinRow.win,
    CheckinRow.struggle,
    CheckinRow.our_role,
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


def allowed(audience: Audience) -> sa.ColumnElement[bool]:
    """Return the criterion for check-ins that an audience may read."""
    return may_see_sql(audience, CheckinRow.visibility, client_id=CheckinRow.client_id, author_id=CheckinRow.author_id)


async def insert(session: Work, checkin: Checkin, details: Details) -> None:
    """Keep a new check-in."""
    await session.add_row(CheckinRow, **vars(checkin), were_there=len(details.people))
    await _add_details(session, checkin.id, details)


async def replace(session: Work, checkin_id: uuid.UUID, details: Details, **values: object) -> None:
    """Change columns of a check-in and replace what hangs on it; how many were there changes with who was."""
    if (await details_of(session, [checkin_id]))[checkin_id].people != details.people:
        values["were_there"] = len(details.people)
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


async def with_one(session: Work, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the check-ins among these at which one person of the client was there, and nobody forgotten since."""
    query = sa.select(CheckinRow.id).where(CheckinRow.id.in_(set(ids)), CheckinRow.were_there == 1)
    return set((await session.execute(query)).scalars())


async def move(session: Work, checkin_id: uuid.UUID, *, to: dt.date) -> None:
    """Have a check-in count for another day."""
    await session.execute(sa.update(CheckinRow).where(CheckinRow.id == checkin_id).values(happened_on=to))


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
    why = {ALL_WORKSPACES: "housekeeping"}
    await session.execute(sa.delete(DraftRow).where(DraftRow.created_at < before), execution_options=why)
