"""Who may read what: decided here and nowhere else, once in Python and once, in the same words, in SQL."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.search import Visibility
from bot.store.session import Work, prepared
from bot.workspaces.away import AwayRow
from bot.workspaces.directory import Member
from bot.workspaces.teams import ClientMemberRow

__all__ = [
    "Audience",
    "Person",
    "Room",
    "Visibility",
    "as_reader",
    "covered",
    "may_see",
    "may_see_sql",
    "reader",
    "to_be_shown",
]

COVERED = prepared(
    sa.select(ClientMemberRow.client_id)
    .join(AwayRow, AwayRow.member_id == ClientMemberRow.member_id)
    .where(
        AwayRow.cover_id == sa.bindparam("member", type_=sa.Uuid()),
        AwayRow.from_on <= sa.bindparam("today", type_=sa.Date()),
        AwayRow.back_on > sa.bindparam("today", type_=sa.Date()),
    )
)


@dataclass(frozen=True)
class Person:
    """One member of ours, by our id, reading for themselves.

    covers: clients of whose teams somebody is whom they cover for today; they read there as the team does.
    """

    id: uuid.UUID
    covers: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Room:
    """A channel of ours that only our own people can read; `clients` are those whose news goes there."""

    clients: frozenset[uuid.UUID]


Audience = Person | Room


async def covered(session: Work, member_id: uuid.UUID, today: dt.date) -> frozenset[uuid.UUID]:
    """Return the clients of those for whom a member covers on a day."""
    return frozenset((await session.run(COVERED, member=member_id, today=today)).scalars())


def as_reader(member: Member) -> Person:
    """Return the member who asks as an audience, with what they are known to cover."""
    return Person(member.id, member.covers)


async def reader(session: Work, member: Member, now: dt.datetime) -> Person:
    """Return a member as an audience, with what they cover on the day it is where they are."""
    today = member.day(now)
    return Person(member.id, await covered(session, member.id, today))


def may_see(
    audience: Audience,
    visibility: Visibility,
    *,
    client_id: uuid.UUID,
    team: Collection[uuid.UUID],
    author_id: uuid.UUID,
    private: bool = False,
) -> bool:
    """Return whether an audience may read a note about a client, given that client's team and the note's author.

    What is private is never read in a room, whoever else may read it for themselves.
    """
    if isinstance(audience, Person):
        if audience.id == author_id:
            return True
        as_team = audience.id in team or client_id in audience.covers
        return visibility is Visibility.EVERYONE or (visibility is Visibility.TEAM and as_team)
    in_room = visibility is Visibility.EVERYONE or (visibility is Visibility.TEAM and client_id in audience.clients)
    return in_room and not private


def to_be_shown(reader: Person, client_id: uuid.UUID, team: Collection[uuid.UUID]) -> Room:
    """Return the room whose reading somebody may show others: the client's, where they read there as its team does."""
    as_team = reader.id in team or client_id in reader.covers
    return Room(frozenset({client_id} if as_team else ()))


def may_see_sql(
    audience: Audience,
    visibility: InstrumentedAttribute[Visibility],
    *,
    client_id: InstrumentedAttribute[uuid.UUID],
    author_id: InstrumentedAttribute[uuid.UUID],
    private: InstrumentedAttribute[bool] | None = None,
) -> sa.ColumnElement[bool]:
    """Return the same decision as a criterion over a table's columns."""
    everyone, team = visibility == Visibility.EVERYONE, visibility == Visibility.TEAM
    if isinstance(audience, Person):
        theirs = sa.select(ClientMemberRow.client_id).where(ClientMemberRow.member_id == audience.id)
        as_team: sa.ColumnElement[bool] = client_id.in_(theirs)
        if audience.covers:
            as_team = sa.or_(as_team, client_id.in_(audience.covers))
        return sa.or_(author_id == audience.id, everyone, sa.and_(team, as_team))
    in_room = sa.or_(everyone, sa.and_(team, client_id.in_(audience.clients)))
    return in_room if private is None else sa.and_(in_room, private.is_(False))
