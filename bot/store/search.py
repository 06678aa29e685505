"""Full text over everything kept in words: FTS5 on SQLite, a GIN index on PostgreSQL, one interface."""

import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, InWorkspace, table_of
from bot.store.session import ALL_WORKSPACES, Work
from bot.store.types import words

FTS_TABLE = "search_text"
TERM = re.compile(r"[^\W_]+")
MAX_TERMS = 12
LONGEST_TERM = 200  # PostgreSQL leaves words of more than 2,046 bytes out of its index


class Kind(StrEnum):
    """What an entry stands for."""

    CHECKIN = "checkin"
    PROMISE = "promise"
    FACT = "fact"
    ANSWER = "answer"
    DIFFERENCE = "difference"
    BLOCKER = "blocker"
    ANTICIPATION = "anticipation"
    DATE = "date"
    QUESTION = "question"
    WHY = "why"


class Visibility(StrEnum):
    """Who may read a note: the client's team, everyone in the workspace, or its author alone."""

    TEAM = "team"
    EVERYONE = "everyone"
    ME = "me"


class SearchEntry(InWorkspace, Base):
    """The searchable words of one kept thing, with what decides who may read them."""

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    kind: Mapped[Kind] = mapped_column(words(Kind, "kind"))
    ref: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("client.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    visibility: Mapped[Visibility] = mapped_column(words(Visibility, "visibility"))
    body: Mapped[str] = mapped_column(sa.Text())

    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "kind", "ref"),
        sa.Index(
            "ix_search_entry_body", sa.func.to_tsvector(sa.literal_column("'simple'"), body), postgresql_using="gin"
        ).ddl_if(dialect="postgresql"),
    )


TABLE = table_of(SearchEntry)
ADD_ENTRY = sa.insert(TABLE).returning(TABLE.c.id)
ADD_WORDS = sa.text(f"INSERT INTO {FTS_TABLE}(rowid, body) VALUES (:id, :body)")  # noqa: S608  constant name
DROP_WORDS = sa.text(f"INSERT INTO {FTS_TABLE}({FTS_TABLE}, rowid, body) VALUES ('delete', :id, :body)")  # noqa: S608


@dataclass(frozen=True)
class Hit:
    """One entry that matches: what it is, and whose."""

    kind: Kind
    ref: uuid.UUID
    client_id: uuid.UUID


def terms(text: str) -> list[str]:
    """Return a text's words as they are indexed: case folded, accents off."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    spread = unicodedata.normalize("NFKD", folded)
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return [found[:LONGEST_TERM] for found in TERM.findall(plain)]


BY_ROWID = {ALL_WORKSPACES: "the full-text index knows no workspace; its rowid comes from a row of ours"}


async def add_entry(
    session: Work,
    kind: Kind,
    ref: uuid.UUID,
    *,
    client_id: uuid.UUID,
    author_id: uuid.UUID,
    visibility: Visibility,
    text: str,
) -> None:
    """Make a new thing findable by its words."""
    body = " ".join(terms(text))
    values = {
        "workspace_id": session.workspace_id,
        "kind": kind,
        "ref": ref,
        "client_id": client_id,
        "author_id": author_id,
        "visibility": visibility,
        "body": body,
    }
    entry_id = (await session.execute(ADD_ENTRY, values)).scalar_one()
    if session.dialect == "sqlite":
        await session.execute(ADD_WORDS, {"id": entry_id, "body": body}, execution_options=BY_ROWID)


@dataclass(frozen=True)
class Entry:
    """Something to be found, about a client and by a member (our ids), with who may read it."""

    id: uuid.UUID
    client_id: uuid.UUID
    author_id: uuid.UUID
    visibility: Visibility


class _Findable(Protocol):
    """A kept thing, about a client and by a member (our ids), with who may read it."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def client_id(self) -> uuid.UUID: ...

    @property
    def author_id(self) -> uuid.UUID: ...

    @property
    def visibility(self) -> Visibility: ...


async def put_entry(session: Work, kind: Kind, one: _Findable, *said: str | None, is_new: bool = False) -> None:
    """Make a kept thing findable by what it says now, and by nothing else; without a word, it cannot be found.

    is_new: it had no words before, which saves a statement.
    """
    if not is_new:
        await drop_entry(session, kind, one.id)
    if text := "\n".join(part for part in said if part):
        about = {"client_id": one.client_id, "author_id": one.author_id}
        await add_entry(session, kind, one.id, **about, visibility=one.visibility, text=text)


async def drop_entry(session: Work, kind: Kind, ref: uuid.UUID) -> None:
    """Make a kept thing unfindable."""
    await _drop(session, SearchEntry.kind == kind, SearchEntry.ref == ref)


async def drop_entries(session: Work, kind: Kind, refs: Collection[uuid.UUID]) -> None:
    """Make kept things unfindable."""
    await _drop(session, SearchEntry.kind == kind, SearchEntry.ref.in_(set(refs)))


async def _drop(session: Work, *which: sa.ColumnElement[bool]) -> None:
    if session.dialect == "sqlite":
        old = (await session.execute(sa.select(SearchEntry.id, SearchEntry.body).where(*which))).all()
        for entry_id, body in old:
            await session.execute(DROP_WORDS, {"id": entry_id, "body": body}, execution_options=BY_ROWID)
        if not old:
            return
    await session.execute(sa.delete(SearchEntry).where(*which))


async def find_entries(
    session: Work, query: str, *, allowed: sa.ColumnElement[bool], limit: int, offset: int = 0
) -> list[Hit]:
    """Return the newest entries that hold every word of a text, each word as a prefix, among those allowed."""
    wanted = terms(query)[:MAX_TERMS]
    if not wanted:
        return []
    statement = sa.select(SearchEntry.kind, SearchEntry.ref, SearchEntry.client_id).where(allowed)
    if session.dialect == "sqlite":
        fts = sa.table(FTS_TABLE, sa.column("rowid"))
        matching = sa.select(fts.c.rowid).where(
            sa.literal_column(FTS_TABLE).op("MATCH")(" AND ".join(f'"{term}"*' for term in wanted))
        )
        statement = statement.where(SearchEntry.id.in_(matching))
    else:
        vector = sa.func.to_tsvector(sa.literal_column("'simple'"), SearchEntry.body)
        looked_for = sa.func.to_tsquery(sa.literal_column("'simple'"), " & ".join(f"{term}:*" for term in wanted))
        statement = statement.where(vector.op("@@")(looked_for))
    found = await session.execute(statement.order_by(SearchEntry.id.desc()).limit(limit).offset(offset))
    return [Hit(*row) for row in found]
