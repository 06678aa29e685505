"""No statement reaches another workspace's rows: the inspector has teeth, the session adds the criterion."""

import datetime as dt
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bot.practices.cadence import rows as cadence
from bot.practices.cadence.rules import Reason
from bot.practices.checkins import rows as checkins
from bot.practices.checkins.rules import Medium, Purpose, Signal, Via
from bot.practices.clients import rows as clients
from bot.practices.clients.rows import ClientRow
from bot.practices.clients.rules import Stage, Status
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.spark import rows as spark
from bot.store import search
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import SearchEntry, Visibility
from bot.store.seen import Seen, first_time
from bot.store.session import Work, prepared
from bot.workspaces import directory, installs, teams
from bot.workspaces.directory import ChannelFacts, Exposure, MemberFacts, MemberRow
from bot.workspaces.installs import Workspace
from bot.workspaces.teams import ClientMemberRow, Role
from bot.workspaces.visibility import Person, Room
from tests.scoping import (
    ScopeInspector,
    every_statement_is_watched,  # noqa: F401  a fixture
    every_statement_stays_in_its_workspace,  # noqa: F401  a fixture
)

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
TOMORROW = TODAY + dt.timedelta(days=1)
ESCAPES = {
    "select": "SELECT name FROM client",
    "select by id": "SELECT name FROM client WHERE id = :id",
    "alias": "SELECT c.name FROM client AS c WHERE c.id = :id",
    "own column on both sides": "SELECT c.name FROM client AS c WHERE c.workspace_id = c.workspace_id",
    "join": "SELECT c.name FROM client c JOIN client_name n ON n.client_id = c.id WHERE c.workspace_id = :w",
    "left join bound on the wrong side": "SELECT c.name FROM client c LEFT JOIN client_name n "
    "ON n.client_id = c.id AND n.workspace_id = :w AND c.workspace_id = :w",
    "comma": "SELECT c.name FROM client c, client_name n WHERE c.workspace_id = :w",
    "unqualified with two tables": "SELECT 1 FROM client, contact WHERE workspace_id = :w",
    "either or": "SELECT name FROM client WHERE client.workspace_id = :w OR client.id = :id",
    "not": "SELECT name FROM client WHERE NOT (client.workspace_id = :w)",
    "subquery": "SELECT x.name FROM (SELECT name FROM client) AS x",
    "in": "SELECT name FROM client WHERE client.workspace_id = :w AND id IN (SELECT client_id FROM client_member)",
    "exists": "SELECT name FROM client WHERE client.workspace_id = :w "
    "AND EXISTS (SELECT 1 FROM checkin WHERE checkin.client_id = client.id)",
    "scalar": "SELECT (SELECT count(*) FROM checkin) FROM client WHERE client.workspace_id = :w",
    "with": "WITH mine AS (SELECT id FROM client) SELECT id FROM mine",
    "union": "SELECT name FROM client WHERE workspace_id = :w UNION SELECT name FROM contact",
    "update": "UPDATE client SET name = :w WHERE id = :id",
    "delete": "DELETE FROM client WHERE id = :id",
    "insert": "INSERT INTO client_word (word, client_id) VALUES (:w, :id)",
    "insert without columns": "INSERT INTO client_word VALUES (:w, :id, :w)",
    "insert from select": "INSERT INTO client_word (workspace_id, word, client_id) SELECT :w, name, id FROM client",
    "upsert on another key": "INSERT INTO member (id, workspace_id) VALUES (:id, :w) "
    "ON CONFLICT (id) DO UPDATE SET workspace_id = excluded.workspace_id",
}
STAYS = {
    "select": "SELECT name FROM client WHERE client.workspace_id = :w",
    "either way round": "SELECT name FROM client WHERE :w = client.workspace_id AND (id = :id OR id IS NULL)",
    "join": "SELECT c.name FROM client c JOIN client_name n ON n.client_id = c.id AND n.workspace_id = :w "
    "WHERE c.workspace_id = :w",
    "exists": "SELECT name FROM client c WHERE c.workspace_id = :w "
    "AND EXISTS (SELECT 1 FROM checkin k WHERE k.client_id = c.id AND k.workspace_id = :w)",
    "update": "UPDATE client SET name = :w WHERE workspace_id = :w",
    "delete": "DELETE FROM client WHERE workspace_id = :w",
    "upsert": "INSERT INTO seen (workspace_id, key) VALUES (:w, :id) "
    "ON CONFLICT (workspace_id, key) DO UPDATE SET key = excluded.key",
    "a table of no workspace": "SELECT name FROM workspace",
}


def written(statement: str, dialect: str) -> str:
    return str(sa.text(statement).compile(dialect=sa.make_url(DRIVERS[dialect]).get_dialect()()))


DRIVERS = {"sqlite": "sqlite+aiosqlite://", "postgresql": "postgresql+psycopg://"}


@pytest.mark.parametrize("dialect", DRIVERS)
@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES)
def test_a_statement_over_other_workspaces_is_caught(statement, dialect):
    assert ScopeInspector().faults(written(statement, dialect), dialect)


@pytest.mark.parametrize("dialect", DRIVERS)
@pytest.mark.parametrize("statement", STAYS.values(), ids=STAYS)
def test_a_statement_within_a_workspace_passes(statement, dialect):
    assert ScopeInspector().faults(written(statement, dialect), dialect) == []


def test_what_cannot_be_read_is_reported_when_it_names_a_table_of_ours():
    (fault,) = ScopeInspector().faults("SELECT (( FROM client", "sqlite")
    assert fault.startswith("cannot be read")
    assert ScopeInspector().faults("SELECT (( FROM elsewhere", "sqlite") == []


async def test_a_raw_statement_is_caught_as_it_runs_unless_it_says_why(store, workspace, scope):
    everything, why = sa.text("SELECT name FROM client"), {"all_workspaces": "a test"}
    async with store.look(workspace.id) as session:
        await session.execute(everything, execution_options=why)
        assert scope.take() == []
        await session.execute(everything)
        assert scope.take() == ["selects client in every workspace: SELECT name FROM client"]
        await session.execute(sa.select(ClientRow.__table__.c.id))
        assert len(scope.take()) == 1
    async with store.engines[0].begin() as connection:
        await connection.exec_driver_sql("DELETE FROM seen")
        await connection.execute(sa.update(Seen).values(key="x"))
        assert len(scope.take()) == 2
    async with store.engines[0].connect() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            await connection.exec_driver_sql("INSERT INTO seen (key, at) VALUES ('x', '2026-05-12')")
        assert len(scope.take()) == 1


@dataclass
class Seed:
    """What one workspace holds: the same words in each."""

    workspace: Workspace
    member: Any
    channel: Any
    client: clients.Client
    contact: people.Contact
    checkin: checkins.Checkin
    promise: promises.Promise
    draft: checkins.Draft

    @property
    def note(self) -> dict[str, Any]:
        return {"client_id": self.client.id, "author_id": self.member.id, "visibility": Visibility.TEAM}


async def seed(store: Store, slack_id: str) -> Seed:
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=slack_id, name="Agency", address="https://a.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    async with store.work(workspace.id) as session:
        flags = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin"), False)
        await directory.keep_member(session, MemberFacts("U0ANA", "Ana", "Europe/Berlin", **flags), now=NOW)
        await directory.keep_channel(
            session, ChannelFacts("C0NORTH", "n", Exposure.INTERNAL, is_archived=False), now=NOW
        )
        member = (await directory.find_members(session, ["U0ANA"]))["U0ANA"]
        channel = (await directory.find_channels(session, ["C0NORTH"]))["C0NORTH"]
        client = clients.Client(
            new_id(), "Northwind", Status.ACTIVE, Stage.STEADY, 14, TODAY, None, None, None, None, channel.id, member.id
        )
        note = {"client_id": client.id, "author_id": member.id, "visibility": Visibility.TEAM}
        contact = people.Contact(new_id(), client.id, "Sam", None, None, has_left=False)
        checkin = checkins.Checkin(
            new_id(),
            feeling=4,
            note="hello",
            happened_on=TODAY,
            purpose=Purpose.SERVICE,
            via=Via.SPOKEN,
            created_at=NOW,
            **note,
        )
        promise = promises.Promise(
            new_id(), checkin_id=checkin.id, what="call", due_on=TODAY, theirs=False, state=PromiseState.OPEN, **note
        )
        draft = checkins.Draft(new_id(), member.id, client.id, None, "hello", Via.LINE, NOW)
        await clients.insert(session, client, sort_name="northwind", now=NOW)
        assert await clients.set_names(session, client.id, {"northwind": "Northwind"}, ["northwind"]) == []
        assert await clients.set_channels(session, client.id, [channel.id]) == []
        await clients.set_pauses(session, client.id, [(TODAY, None)])
        assert await spark.insert_once(session, spark.Spark(client.id, TODAY, 14, is_running=True))
        await teams.set_team(session, client.id, {member.id: Role.OWNER})
        await directory.opened_home(session, member.id, now=NOW)
        assert await people.insert_once(session, contact, folded="sam", by=member.id, now=NOW)
        await checkins.insert(
            session, checkin, checkins.Details(frozenset({contact.id}), frozenset({Signal.BLOCKER, Signal.PAUSED}))
        )
        assert await promises.insert_once(session, promise, now=NOW)
        await checkins.keep_draft(session, draft)
        await cadence.put(session, cadence.Snooze(client.id, member.id, TOMORROW, Reason.AWAY, None, NOW))
        await search.add_entry(session, search.Kind.CHECKIN, checkin.id, text="hello", **note)
        assert await first_time(session, "key", ref=checkin.id, now=NOW) is None
    return Seed(workspace, member, channel, client, contact, checkin, promise, draft)


@pytest.fixture
async def ours(store: Store) -> Seed:
    return await seed(store, "T0OURS")


@pytest.fixture
async def theirs(store: Store) -> Seed:
    return await seed(store, "T0THEIRS")


Read = Callable[[Work, Seed], Awaitable[Any]]
ALL = sa.true()
READS: dict[str, Read] = {
    "clients.get": lambda s, o: clients.get(s, o.client.id),
    "clients.hold": lambda s, o: clients.hold(s, o.client.id),
    "clients.get_many": lambda s, o: clients.get_many(s, [o.client.id]),
    "clients.in_channel": lambda s, o: clients.in_channel(s, o.channel.slack_id),
    "clients.by_names": lambda s, o: clients.by_names(s, ["northwind"]),
    "clients.starting_with": lambda s, o: clients.starting_with(s, ["nor", "north"], opening="nor", limit=9),
    "clients.first": lambda s, o: clients.first(s, of=o.member.id, limit=9),
    "clients.words_starting": lambda s, o: clients.words_starting(s, "nor", limit=9),
    "clients.names_of": lambda s, o: clients.names_of(s, [o.client.id]),
    "clients.page": lambda s, o: clients.page(s, member_id=o.member.id, statuses=list(Status), limit=9, offset=0),
    "clients.names": lambda s, o: clients.names(s, o.client.id),
    "clients.channels": lambda s, o: clients.channels(s, o.client.id),
    "clients.digest_channel": lambda s, o: clients.digest_channel(s, o.client.id),
    "clients.pauses": lambda s, o: clients.pauses(s, [o.client.id]),
    "clients.heard_in": lambda s, o: clients.heard_in(s, o.channel.id),
    "checkins.get": lambda s, o: checkins.get(s, o.checkin.id),
    "checkins.get_many": lambda s, o: checkins.get_many(s, [o.checkin.id]),
    "checkins.details_of": lambda s, o: checkins.details_of(s, [o.checkin.id]),
    "checkins.history": lambda s, o: checkins.history(s, [o.client.id], Person(o.member.id), limit=9),
    "checkins.last_days": lambda s, o: checkins.last_days(s, [o.client.id]),
    "checkins.readable_days": lambda s, o: checkins.readable_days(s, o.client.id, Person(o.member.id)),
    "checkins.lately": lambda s, o: checkins.lately(s, [o.client.id], Person(o.member.id), since=dt.date(2020, 1, 1)),
    "checkins.by_author": lambda s, o: checkins.by_author(s, o.client.id, o.member.id, on=TODAY),
    "checkins.contacts": lambda s, o: checkins.contacts(s, [o.client.id]),
    "checkins.captured": lambda s, o: checkins.captured(
        s, [o.client.id], Person(o.member.id), but_by=new_id(), written=NOW, happened=TODAY, limit=9
    ),
    "checkins.spoken_since": lambda s, o: checkins.spoken_since(s, [o.client.id], o.member.id, since=NOW),
    "checkins.get_draft": lambda s, o: checkins.get_draft(s, o.draft.id),
    "cadence.get": lambda s, o: cadence.get(s, [o.client.id], after=TODAY),
    "people.get": lambda s, o: people.get(s, o.contact.id),
    "people.of_clients": lambda s, o: people.of_clients(s, [o.client.id]),
    "people.taken": lambda s, o: people.taken(s, o.client.id, "sam"),
    "promises.of_checkins": lambda s, o: promises.of_checkins(s, [o.checkin.id]),
    "promises.readable": lambda s, o: promises.readable(s, [o.promise.id], Person(o.member.id)),
    "promises.open_ones": lambda s, o: promises.open_ones(s, [o.client.id], Room(frozenset({o.client.id})), limit=9),
    "spark.get_many": lambda s, o: spark.get_many(s, [o.client.id]),
    "spark.hold": lambda s, o: spark.hold(s, o.client.id),
    "directory.members_by_id": lambda s, o: directory.members_by_id(s, [o.member.id]),
    "directory.find_members": lambda s, o: directory.find_members(s, [o.member.slack_id]),
    "directory.meet": lambda s, o: directory.meet(s, o.member.slack_id, o.channel.slack_id),
    "directory.find_channels": lambda s, o: directory.find_channels(s, [o.channel.slack_id]),
    "teams.teams": lambda s, o: teams.teams(s, [o.client.id]),
    "teams.watching": lambda s, o: teams.watching(s, [o.client.id], [o.member.id]),
    "search.find_entries": lambda s, o: search.find_entries(s, "hello", allowed=ALL, limit=9),
}
WRITES: dict[str, Read] = {
    "clients.change": lambda s, o: clients.change(s, o.client.id, name="Taken over"),
    "clients.ask_why_once": lambda s, o: clients.ask_why_once(s, o.client.id, now=NOW),
    "checkins.replace": lambda s, o: checkins.replace(s, o.checkin.id, checkins.Details(), note="Taken over"),
    "checkins.delete": lambda s, o: checkins.delete(s, o.checkin.id),
    "checkins.move": lambda s, o: checkins.move(s, o.checkin.id, to=TOMORROW),
    "checkins.change_draft": lambda s, o: checkins.change_draft(s, o.draft.id, text="Taken over"),
    "cadence.drop": lambda s, o: cadence.drop(s, o.client.id),
    "people.change": lambda s, o: people.change(s, o.contact.id, name="Taken over"),
    "promises.change": lambda s, o: promises.change(s, o.promise),
    "promises.delete": lambda s, o: promises.delete(s, o.promise.id),
    "spark.change": lambda s, o: spark.change(s, spark.Spark(o.client.id, TODAY, 365, is_running=False)),
    "directory.member_went_stale": lambda s, o: directory.member_went_stale(s, o.member.slack_id),
    "directory.opened_home": lambda s, o: directory.opened_home(s, o.member.id, now=NOW),
    "directory.channel_went_stale": lambda s, o: directory.channel_went_stale(s, o.channel.slack_id),
    "search.drop_entry": lambda s, o: search.drop_entry(s, search.Kind.CHECKIN, o.checkin.id),
    "search.drop_client_entries": lambda s, o: search.drop_client_entries(s, o.client.id),
}
KEEPS = {
    "clients": {"insert", "set_names", "set_channels", "set_pauses", "unfollowed"},
    "checkins": {"insert", "keep_draft", "drop_drafts"},
    "cadence": {"put"},
    "people": {"insert_once"},
    "promises": {"insert_once"},
    "spark": {"insert_once"},
    "directory": {"keep_member", "keep_channel"},
    "teams": {"set_team"},
}


def answered(found: Any) -> Any:
    """Return what was found, with the empty places that a function makes for each id taken out."""
    if isinstance(found, tuple):
        return tuple(part for part in found if part is not None)
    if isinstance(found, dict):
        return {key: value for key, value in found.items() if value not in ([], (), {}, checkins.Details())}
    return found


def test_every_function_over_rows_is_tried():
    for module in (clients, checkins, cadence, people, promises, spark, directory, teams):
        name = module.__name__.split(".")[-2 if module.__name__.endswith("rows") else -1]
        public = {
            key
            for key, value in vars(module).items()
            if inspect.iscoroutinefunction(value) and value.__module__ == module.__name__ and not key.startswith("_")
        }
        tried = {key.partition(".")[2] for key in {**READS, **WRITES} if key.startswith(f"{name}.")}
        assert public == tried | KEEPS[name], name


async def test_a_workspace_reads_its_own_rows_and_nobody_elses(store, ours, theirs):
    others = replace(
        ours, channel=replace(ours.channel, slack_id="C0ELSE"), member=replace(ours.member, slack_id="U0ELSE")
    )
    same_words = {"clients.by_names", "clients.starting_with", "clients.words_starting", "search.find_entries"}
    async with store.look(theirs.workspace.id) as session:
        for name, read in READS.items():
            assert answered(await read(session, theirs)), name
        for name in READS.keys() - same_words - {"clients.heard_in"}:
            assert not answered(await READS[name](session, others)), name
        with pytest.raises(sa.exc.NoResultFound):
            await clients.heard_in(session, ours.channel.id)
        for name in same_words:
            assert repr(ours.client.id) not in repr(await READS[name](session, ours)), name
        in_channel = await clients.in_channel(session, ours.channel.slack_id)
        assert in_channel.id == theirs.client.id


async def test_a_workspace_cannot_change_anybody_elses_rows(store, ours, theirs):
    before = await everything(store, ours.workspace)
    async with store.work(theirs.workspace.id) as session:
        for write in WRITES.values():
            await write(session, ours)
    assert await everything(store, ours.workspace) == before


async def everything(store: Store, workspace: Workspace) -> dict[str, list[Any]]:
    """Return every row of a workspace."""
    tables = [mapper.class_ for mapper in ClientRow.registry.mappers if "workspace_id" in mapper.columns]
    async with store.look(workspace.id) as session:
        return {
            table.__tablename__: sorted(
                (await session.execute(sa.select(*table.__table__.columns.values()).select_from(table))).all(), key=repr
            )
            for table in tables
        }


async def test_what_one_workspace_writes_again_overwrites_only_its_own(store, ours, theirs):
    async with store.work(theirs.workspace.id) as session:
        flags = dict.fromkeys(("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin"), False)
        await directory.keep_member(session, MemberFacts("U0ANA", "Anna", "Europe/Rome", **flags), now=NOW)
        await checkins.drop_drafts(session, before=NOW)
    async with store.look(ours.workspace.id) as session:
        assert (await directory.find_members(session, ["U0ANA"]))["U0ANA"].name == "Ana"
    async with store.look(theirs.workspace.id) as session:
        renamed = (await directory.find_members(session, ["U0ANA"]))["U0ANA"]
    assert (renamed.name, renamed.id) == ("Anna", theirs.member.id)


def statements() -> dict[str, Any]:
    other, word = aliased(ClientRow), aliased(clients.ClientWordRow)
    ranked = sa.select(ClientRow.id, sa.func.row_number().over(order_by=ClientRow.name).label("place")).subquery()
    mine = sa.select(ClientRow.id, ClientRow.name).cte("mine")
    named = sa.select(word.client_id).where(word.word >= "n")
    return {
        "table": sa.select(ClientRow.id),
        "alias": sa.select(other.id),
        "join": sa.select(ClientRow.id).join(clients.ClientNameRow, clients.ClientNameRow.client_id == ClientRow.id),
        "join of an alias": sa.select(ClientRow.id).join(other, other.id == ClientRow.id),
        "outer join": sa.select(ClientRow.id).outerjoin(people.ContactRow, people.ContactRow.client_id == ClientRow.id),
        "two in from": sa.select(ClientRow.id, other.id).where(ClientRow.id == other.id),
        "in": sa.select(ClientRow.id).where(ClientRow.id.in_(named)),
        "exists": sa.select(ClientRow.id).where(sa.exists().where(checkins.CheckinRow.client_id == ClientRow.id)),
        "scalar": sa.select(sa.select(sa.func.count(checkins.CheckinRow.id)).scalar_subquery()),
        "subquery": sa.select(ranked.c.id, ranked.c.place),
        "join of a subquery": sa.select(ClientRow.id).join(ranked, ranked.c.id == ClientRow.id),
        "with": sa.select(mine.c.id),
        "with joined": sa.select(ClientRow.id).join(mine, mine.c.id == ClientRow.id),
        "count": sa.select(sa.func.count()).select_from(ClientRow),
        "union in from": sa.select(sa.union_all(sa.select(ClientRow.id), sa.select(people.ContactRow.id)).subquery()),
        "union": sa.union_all(sa.select(ClientRow.id), sa.select(ClientRow.created_by)),
        "update": sa.update(ClientRow).values(name="x").where(ClientRow.id.in_(named)),
        "delete": sa.delete(Seen).where(Seen.key.in_(sa.select(ClientRow.name))),
    }


async def test_the_session_adds_the_criterion_to_every_kind_of_statement(store, ours, theirs, scope):
    before = await everything(store, ours.workspace)
    for name, statement in statements().items():
        async with store.work(theirs.workspace.id) as session:
            done = await session.execute(statement)
            found = [] if isinstance(statement, sa.UpdateBase) else done.all()
        assert scope.take() == [], name
        assert not {ours.client.id, ours.member.id, ours.contact.id} & {cell for row in found for cell in row}, name
        assert found or isinstance(statement, sa.UpdateBase), name
        if name in {"scalar", "count"}:
            assert found == [(1,)], name
    assert await everything(store, ours.workspace) == before


async def test_the_same_statement_follows_its_session(store, ours, theirs):
    for one in (ours, theirs, ours):
        async with store.look(one.workspace.id) as session:
            assert (await session.execute(sa.select(MemberRow.id))).scalars().all() == [one.member.id]
            rows = await session.execute(sa.select(SearchEntry.workspace_id).join(ClientMemberRow, sa.true()))
            assert rows.scalars().all() == [one.workspace.id]


async def test_a_prepared_query_follows_the_session_that_runs_it_and_nothing_else(store, ours, theirs, scope):
    named = prepared(
        sa.select(ClientRow.id).join(clients.ClientNameRow, clients.ClientNameRow.client_id == ClientRow.id)
    )
    for one in (ours, theirs, ours):
        async with store.look(one.workspace.id) as session:
            found = await session.run(named, workspace_id=theirs.workspace.id)
            assert found.scalars().all() == [one.client.id]
            with pytest.raises(sa.exc.StatementError, match="workspace_id"):
                await session.execute(named)
    async with store.look(None) as session:
        with pytest.raises(RuntimeError, match="not bound"):
            await session.run(named)
    assert scope.take() == []


async def test_a_session_over_all_workspaces_says_why(store, ours):
    async with store.look(None) as session:
        with pytest.raises(RuntimeError, match="says why"):
            await session.execute(sa.select(ClientRow.id))
        with pytest.raises(RuntimeError, match="not bound"):
            await first_time(session, "key", ref=ours.client.id, now=NOW)
        why = {"all_workspaces": "a test"}
        assert len((await session.execute(sa.select(ClientRow.id), execution_options=why)).all()) == 1


async def test_adding_no_rows_asks_the_database_nothing(store, workspace):
    async with store.work(workspace.id) as session:
        await session.add_rows(Seen, [])
        assert (await session.execute(sa.select(Seen.key))).all() == []


async def test_a_medium_is_kept_as_its_word(store, ours):
    async with store.work(ours.workspace.id) as session:
        await checkins.replace(session, ours.checkin.id, checkins.Details(), medium=Medium.CALL)
        assert (await checkins.get(session, ours.checkin.id)).medium is Medium.CALL
        with pytest.raises(sa.exc.StatementError, match="is not among"):
            await checkins.replace(session, ours.checkin.id, checkins.Details(), medium="telepathy")
        await session.rollback()
