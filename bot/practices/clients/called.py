"""What clients are called, as it is kept: their names and aliases, and the words they are found by."""

import uuid
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bot.practices.clients.rows import FOUND, PRESENT, ClientNameRow, ClientRow, ClientWordRow, Found
from bot.store.session import Work

HIGHEST = "\U0010ffff"


async def by_names(session: Work, folded: Collection[str]) -> dict[str, Found]:
    """Return the clients that answer to exactly these folded names."""
    found = await session.execute(
        sa.select(ClientNameRow.folded, *FOUND)
        .join(ClientRow, ClientRow.id == ClientNameRow.client_id)
        .where(ClientNameRow.folded.in_(set(folded)))
    )
    return {name: Found(*row) for name, *row in found}


async def starting_with(session: Work, prefixes: Collection[str], *, opening: str, limit: int) -> list[Found]:
    """Return clients that have, for every prefix (one at least), a word starting with it; none that ended.

    Active ones come first, then names that open with all of what was typed, then by name.
    """
    matching: sa.Select[uuid.UUID] | None = None
    for prefix in sorted(prefixes, key=len):
        word = aliased(ClientWordRow)
        having = sa.select(word.client_id).where(word.word >= prefix, word.word < prefix + HIGHEST)
        matching = having if matching is None else having.where(word.client_id.in_(matching))
    if matching is None:
        return []
    found = matching.distinct().subquery()  # joined, not IN: else SQLite walks through every client
    opens = sa.and_(ClientRow.sort_name >= opening, ClientRow.sort_name < opening + HIGHEST)
    statement = (
        sa.select(*FOUND)
        .join(found, found.c.client_id == ClientRow.id)
        .where(ClientRow.status.in_(PRESENT))
        .order_by(ClientRow.status, sa.case((opens, 0), else_=1), ClientRow.sort_name)  # "active" before "paused"
    )
    return [Found(*row) for row in await session.execute(statement.limit(limit))]


async def words_starting(session: Work, letters: str, *, limit: int) -> list[tuple[str, uuid.UUID]]:
    """Return (word, client id) for words that start with these letters, in their order."""
    found = await session.execute(
        sa.select(ClientWordRow.word, ClientWordRow.client_id)
        .where(ClientWordRow.word >= letters, ClientWordRow.word < letters + HIGHEST)
        .order_by(ClientWordRow.word, ClientWordRow.client_id)
        .limit(limit)
    )
    return [(word, client_id) for word, client_id in found]


async def names_of(session: Work, client_ids: Collection[uuid.UUID]) -> list[tuple[str, Found]]:
    """Return (folded name, client) for every name of these clients; none that ended."""
    found = await session.execute(
        sa.select(ClientNameRow.folded, *FOUND)
        .join(ClientRow, ClientRow.id == ClientNameRow.client_id)
        .where(ClientRow.id.in_(client_ids))
    )
    named = ((name, Found(*row)) for name, *row in found)
    return [(name, client) for name, client in named if client.status in PRESENT]


async def present_names(session: Work) -> dict[str, uuid.UUID]:
    """Return the clients that have not ended by every folded name of theirs."""
    names = sa.select(ClientNameRow.folded, ClientRow.id).join(ClientRow, ClientRow.id == ClientNameRow.client_id)
    found = await session.execute(names.where(ClientRow.status.in_(PRESENT)))
    return dict(found.all())


async def names(session: Work, client_id: uuid.UUID) -> list[tuple[str, bool]]:
    """Return (name, is it an alias) of a client, its own name first."""
    found = await session.execute(
        sa.select(ClientNameRow.name, ClientNameRow.is_alias)
        .where(ClientNameRow.client_id == client_id)
        .order_by(ClientNameRow.is_alias, ClientNameRow.folded)
    )
    return [(name, is_alias) for name, is_alias in found]


async def set_names(
    session: Work, client_id: uuid.UUID, folded: Mapping[str, str], found_by: Collection[str]
) -> list[str]:
    """Replace a client's names (folded to written, its own first) and the words it is found by.

    Returns the folded names that another client has.
    """
    await session.execute(sa.delete(ClientNameRow).where(ClientNameRow.client_id == client_id))
    await session.execute(sa.delete(ClientWordRow).where(ClientWordRow.client_id == client_id))
    taken = []
    for place, (key, name) in enumerate(folded.items()):
        if not await session.add_once(ClientNameRow, folded=key, client_id=client_id, name=name, is_alias=place > 0):
            taken.append(key)
    await session.add_rows(ClientWordRow, [{"word": word, "client_id": client_id} for word in sorted(set(found_by))])
    return taken
