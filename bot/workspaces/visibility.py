"""Who may read what: decided here and nowhere else, once in Python and once, in the same words, in SQL."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.search import Visibility
from bot.workspaces.teams import ClientMemberRow

__all__ = ["Audience", "Person", "Room", "Visibility", "may_see", "may_see_sql"]


@dataclass(frozen=True)
class Person:
    """One member of ours, by our id, reading for themselves."""

    id: uuid.UUID


@dataclass(frozen=True)
class Room:
    """A channel of ours that only our own people can read; `clients` are those whose news goes there."""

    clients: frozenset[uuid.UUID]


Audience = Person | Room


def may_see(
    audience: Audience,
    visibility: Visibility,
    *,
    client_id: uuid.UUID,
    team: Collection[uuid.UUID],
    author_id: uuid.UUID,
) -> bool:
    """Return whether an audience may read a note about a client, given that client's team and the note's author."""
    if isinstance(audience, Person):
        if audience.id == author_id:
            return True
        return visibility is Visibility.EVERYONE or (visibility is Visibility.TEAM and audience.id in team)
    return visibility is Visibility.EVERYONE or (visibility is Visibility.TEAM and client_id in audience.clients)


def may_see_sql(
    audience: Audience,
    visibility: InstrumentedAttribute[Visibility],
    *,
    client_id: InstrumentedAttribute[uuid.UUID],
    author_id: InstrumentedAttribute[uuid.UUID],
) -> sa.ColumnElement[bool]:
    """Return the same decision as a criterion over a table's columns."""
    everyone, team = visibility == Visibility.EVERYONE, visibility == Visibility.TEAM
    if isinstance(audience, Person):
        theirs = sa.select(ClientMemberRow.client_id).where(ClientMemberRow.member_id == audience.id)
        return sa.or_(author_id == audience.id, everyone, sa.and_(team, client_id.in_(theirs)))
    return sa.or_(everyone, sa.and_(team, client_id.in_(audience.clients)))
