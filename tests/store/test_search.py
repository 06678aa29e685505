"""Finding by words: the same on both databases, whatever is typed."""

import datetime as dt
import uuid
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from bot.practices.clients import rows as clients
from bot.practices.clients.rules import Stage, Status
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import (
    FTS_TABLE,
    Kind,
    SearchEntry,
    Visibility,
    add_entry,
    drop_entry,
    find_entries,
    terms,
)
from bot.workspaces.directory import Member
from bot.workspaces.installs import Workspace
from bot.workspaces.visibility import Person, may_see_sql

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
ALL = sa.true()
TEXTS = (
    "Budget call with Jürgen Müller about the roadmap",
    "MÜLLER is worried: budget, budget, budget!",
    "They said “we're not sure” — e-mail follows (v2.0, https://northwind.example/plan?x=1)",
    "Ægir & Søren liked the Straße idea; çok güzel",
    "预算 会议 hello",
    "Запланировали звонок с Ёлкой",
    "1e5 views, 3rd time, 0x1F, 50%, 4x4, ½ price, x² ℡",
    "snake_case and kebab-case, O'Neill, AT&T, C++",
    "🙂🙂 great 👨‍👩‍👧 day",
    "and or not near to",
    "ΑΛΦΑ 𝚨 bold, ＦＵＬＬ width, ﬁne",
    "long " + "x" * 3_000,
    "मुझे यह विचार पसंद आया",
)
QUERIES: dict[str, Sequence[int]] = {
    "budget": (1, 0),
    "BUDG": (1, 0),
    "muller": (1, 0),
    "Müller budget": (1, 0),
    "jurg mul": (0,),
    "mul jurg road": (0,),
    "budget absent": (),
    "udget": (),
    "we're": (2,),
    "email": (),
    "e-mail": (2,),
    "northwind.example/plan": (2,),
    "v2.0": (2,),
    "strasse": (3,),
    "cok guzel": (3,),
    "Søren": (3,),
    "预算": (4,),
    "会": (4,),
    "запланировали елк": (5,),
    "1e5": (6,),
    "1e": (6,),
    "0x1f": (6,),
    "3r": (6,),
    "x2 tel": (6,),
    "case snake": (7,),
    "o'neill": (7,),
    "at&t": (7,),
    "c++": (7, 3, 0),
    "🙂": (),
    "🙂 great": (8,),
    "and": (9, 7),
    "not": (9, 2),
    "near to": (9,),
    "αλφα": (10,),
    "α": (10,),
    "full fine": (10,),
    "x" * 3_000: (11,),
    "x" * 5_000: (11,),
    "विचार": (12,),
}
HOSTILE = (
    "",
    "   ",
    '"',
    '"budget',
    "'; DROP TABLE search_entry; --",
    "*",
    "budget*",
    "* budget",
    "AND",
    "budget AND",
    "NOT budget",
    "budget OR",
    "NEAR(budget, 5)",
    "NEAR",
    "body:budget",
    ":",
    ":*",
    "budget:*",
    "(budget",
    "budget)",
    "!budget",
    "budget & | !",
    "<->",
    "a <2> b",
    "\\",
    "^budget",
    "{budget} : x",
    "-budget",
    "bud\x00get",
    "\x00",
    "🙂",
    "\ud800",
    "%",
    "_",
    "𞤀𞤁 ꭰ",
    "\u0301",
    "budget " * 700,
    "x" * 5_000,
    "é" * 5_000,
    "字" * 5_000,
    " ".join("abcdefghijklmnopqrstuvwxyz" * 100),
)


class Shelf:
    """Puts texts under a client and finds them again."""

    def __init__(self, store: Store, workspace: Workspace, author: Member, client_id: uuid.UUID) -> None:
        self.store, self.workspace, self.author, self.client_id = store, workspace, author, client_id

    async def add(
        self, *texts: str, visibility: Visibility = Visibility.TEAM, client_id: uuid.UUID | None = None
    ) -> list[uuid.UUID]:
        refs = [new_id() for _ in texts]
        async with self.store.work(self.workspace.id) as session:
            for ref, text in zip(refs, texts, strict=True):
                await add_entry(
                    session,
                    Kind.CHECKIN,
                    ref,
                    client_id=client_id or self.client_id,
                    author_id=self.author.id,
                    visibility=visibility,
                    text=text,
                )
        return refs

    async def find(
        self, query: str, *, allowed: sa.ColumnElement[bool] = ALL, limit: int = 50, offset: int = 0
    ) -> list[uuid.UUID]:
        async with self.store.look(self.workspace.id) as session:
            return [hit.ref for hit in await find_entries(session, query, allowed=allowed, limit=limit, offset=offset)]

    async def new_client(self, name: str) -> uuid.UUID:
        client = clients.Client(
            new_id(), name, Status.ACTIVE, Stage.STEADY, 14, NOW.date(), None, None, None, None, None, self.author.id
        )
        async with self.store.work(self.workspace.id) as session:
            await clients.insert(session, client, sort_name=name.casefold(), now=NOW)
        return client.id

    async def check_index(self) -> None:
        """Have SQLite compare its index with the rows; raises if they differ."""
        if self.store.dialect == "sqlite":
            async with self.store.engines[0].begin() as connection:
                await connection.exec_driver_sql(f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES ('integrity-check')")
                await connection.exec_driver_sql(
                    f"INSERT INTO {FTS_TABLE}({FTS_TABLE}, rank) VALUES ('integrity-check', 1)"
                )


@pytest.fixture
async def shelf(store, workspace, people):
    author = await people.member()
    made = Shelf(store, workspace, author, uuid.UUID(int=0))
    made.client_id = await made.new_client("Northwind")
    return made


async def test_both_databases_find_the_same(shelf):
    refs = await shelf.add(*TEXTS)
    for query, expected in QUERIES.items():
        found = [refs.index(ref) for ref in await shelf.find(query)]
        assert found == list(expected), query[:40]
    await shelf.check_index()


async def test_every_text_is_found_by_each_of_its_words(shelf):
    refs = await shelf.add(*TEXTS)
    for ref, text in zip(refs, TEXTS, strict=True):
        for word in text.split():
            assert ref in await shelf.find(word) or not terms(word), word[:40]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_nothing_that_is_typed_breaks_the_search(shelf):
    await shelf.add(*TEXTS)
    for query in HOSTILE:
        assert isinstance(await shelf.find(query), list), query[:40]


async def test_hostile_texts_are_kept_and_dropped_again(shelf, store):
    refs = await shelf.add(*HOSTILE)
    await shelf.check_index()
    async with store.work(shelf.workspace.id) as session:
        for ref in refs[::2]:
            await drop_entry(session, Kind.CHECKIN, ref)
    await shelf.check_index()
    assert set(await shelf.find("budget")) < set(refs[1::2])


async def test_what_is_dropped_is_not_found_and_what_comes_after_is(shelf, store):
    old, kept = await shelf.add("budget one", "budget two")
    async with store.work(shelf.workspace.id) as session:
        await drop_entry(session, Kind.CHECKIN, old)
        await drop_entry(session, Kind.CHECKIN, new_id())
        await drop_entry(session, Kind.PROMISE, kept)
    assert await shelf.find("budget") == [kept]
    async with store.work(shelf.workspace.id) as session:
        await drop_entry(session, Kind.CHECKIN, kept)
    (fresh,) = await shelf.add("roadmap")
    assert (await shelf.find("budget"), await shelf.find("roadmap")) == ([], [fresh])
    await shelf.check_index()


async def test_a_text_is_replaced_by_dropping_and_adding_it(shelf, store):
    (ref,) = await shelf.add("budget")
    note = {"client_id": shelf.client_id, "author_id": shelf.author.id, "visibility": Visibility.TEAM}
    async with store.work(shelf.workspace.id) as session:
        await drop_entry(session, Kind.CHECKIN, ref)
        await add_entry(session, Kind.CHECKIN, ref, text="roadmap", **note)
    assert (await shelf.find("budget"), await shelf.find("roadmap")) == ([], [ref])
    with pytest.raises(sa.exc.IntegrityError):
        async with store.work(shelf.workspace.id) as session:
            await add_entry(session, Kind.CHECKIN, ref, text="twice", **note)
    assert await shelf.find("twice") == []
    await shelf.check_index()


async def test_the_newest_come_first_page_by_page(shelf):
    refs = await shelf.add(*[f"budget {number}" for number in range(7)])
    newest = refs[::-1]
    pages = [await shelf.find("budget", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert pages == [newest[:3], newest[3:6], newest[6:], []]


async def test_only_what_is_allowed_is_found_and_pages_count_only_that(shelf, people):
    reader = await people.member("U0TOM", "Tom")
    team, _private, everyone = [
        (await shelf.add("budget", visibility=visibility))[0]
        for visibility in (Visibility.TEAM, Visibility.ME, Visibility.EVERYONE)
    ]

    def allowed(member: Member) -> sa.ColumnElement[bool]:
        return may_see_sql(
            Person(member.id), SearchEntry.visibility, client_id=SearchEntry.client_id, author_id=SearchEntry.author_id
        )

    assert await shelf.find("budget", allowed=allowed(reader)) == [everyone]
    assert await shelf.find("budget", allowed=allowed(reader), limit=1, offset=1) == []
    assert (await shelf.find("budget", allowed=allowed(shelf.author)))[::2] == [everyone, team]


def test_a_text_becomes_words_without_accents_or_case():
    assert terms("MÜLLER’s re-brand_ing, №5\x00") == ["muller", "s", "re", "brand", "ing", "no5"]
    assert terms("x" * 5_000) == ["x" * 200]
