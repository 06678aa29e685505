"""What is kept elsewhere because of a check-in goes where that goes, and is read by no more people once that is.

Not so a date that matters, made of its win: once kept, that is its own, with its own client and readers.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from bot.practices.checkins.rows import Checkin
from bot.practices.checkins.source import FromCheckin
from bot.store.base import new_id
from bot.store.search import SearchEntry, Visibility
from bot.store.session import Work

WIDER: Final = {
    Visibility.ME: (Visibility.TEAM, Visibility.EVERYONE),
    Visibility.TEAM: (Visibility.EVERYONE,),
    Visibility.EVERYONE: (),
}


async def follow(session: Work, before: Checkin, after: Checkin) -> None:
    """Have what came from a check-in move with it to another client, and narrow with it; it never widens."""
    (moves, narrows), wider = goes(before, after), WIDER[after.visibility]
    for row in _tables() if moves or narrows else ():
        ids = await _ids(session, row, after.id)
        for each, which in ((row, row.id.in_(ids)), (SearchEntry, SearchEntry.ref.in_(ids))) if ids else ():
            if moves:
                await session.execute(sa.update(each).where(which).values(client_id=after.client_id))
            if narrows:
                too_wide = sa.and_(which, each.visibility.in_(wider))
                await session.execute(sa.update(each).where(too_wide).values(visibility=after.visibility))


def goes(before: Checkin, after: Checkin) -> tuple[bool, bool]:
    """Return whether a check-in goes to another client, and whether fewer people may read it."""
    return after.client_id != before.client_id, before.visibility in WIDER[after.visibility]


async def pack(session: Work, checkin_id: uuid.UUID) -> dict[str, Any]:
    """Return, by table, what came from a check-in, as JSON: the words of what goes with it, the ids of what stays."""
    packed: dict[str, Any] = {}
    for row in _tables():
        columns = [getattr(row, name) for name in row.put_back] or [row.id]
        found = await session.execute(sa.select(*columns, row.visibility).where(row.checkin_id == checkin_id))
        packed[row.__tablename__] = [[str(value) for value in each] for each in found]
    return packed


async def put_back(session: Work, checkin: Checkin, packed: Mapping[str, Any]) -> None:
    """Have a check-in that is put back, under another id, be where all that was packed came from."""
    about = {"checkin_id": checkin.id, "client_id": checkin.client_id, "author_id": checkin.author_id}
    for row in _tables():
        for *said, visibility in packed.get(row.__tablename__, ()):
            if row.put_back:
                seen = {"visibility": Visibility(visibility), "created_at": checkin.created_at}
                values = dict(zip(row.put_back, said, strict=True))
                await session.add_row(row, id=new_id(), **about, **seen, **values)
            else:
                stays = sa.update(row).where(row.id == uuid.UUID(said[0]))
                await session.execute(stays.values(checkin_id=checkin.id))


def _tables() -> Iterator[Any]:
    yield from FromCheckin.__subclasses__()


async def _ids(session: Work, row: Any, checkin_id: uuid.UUID) -> list[uuid.UUID]:
    return list((await session.execute(sa.select(row.id).where(row.checkin_id == checkin_id))).scalars())
