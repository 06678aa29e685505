"""Who may read what: in plain sentences, and the same in Python and in SQL."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.practices.clients import rows as clients
from bot.practices.clients.rules import Stage, Status
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import Kind, SearchEntry
from bot.workspaces.away import set_away
from bot.workspaces.directory import Member
from bot.workspaces.installs import Workspace
from bot.workspaces.teams import ClientMemberRow, Role, set_team, teams
from bot.workspaces.visibility import Audience, Person, Room, Visibility, may_see, may_see_sql, reader

TODAY = dt.date(2026, 5, 12)
NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
ANA, TOM, SAM = (uuid.UUID(int=number) for number in (1, 2, 3))
NORTHWIND, HALDEN = uuid.UUID(int=11), uuid.UUID(int=12)


def reads(audience: Audience, visibility: Visibility, author: uuid.UUID = ANA) -> bool:
    """Return whether an audience reads a note about Northwind, which Ana and Tom look after."""
    return may_see(audience, visibility, client_id=NORTHWIND, team={ANA, TOM}, author_id=author)


def test_a_team_note_is_for_the_team():
    assert reads(Person(TOM), Visibility.TEAM)
    assert not reads(Person(SAM), Visibility.TEAM)


def test_a_note_for_everyone_is_for_everyone():
    assert reads(Person(SAM), Visibility.EVERYONE)
    assert reads(Room(frozenset()), Visibility.EVERYONE)


def test_a_private_note_is_for_its_author_alone():
    assert reads(Person(ANA), Visibility.ME)
    assert not reads(Person(TOM), Visibility.ME)
    assert not reads(Room(frozenset({NORTHWIND})), Visibility.ME)


def test_an_author_reads_their_own_note_even_outside_the_team():
    assert reads(Person(SAM), Visibility.TEAM, author=SAM)


def test_a_channel_reads_the_team_notes_of_its_clients_only():
    assert reads(Room(frozenset({NORTHWIND})), Visibility.TEAM)
    assert not reads(Room(frozenset({HALDEN})), Visibility.TEAM)


def test_what_is_private_is_for_its_readers_themselves_and_for_no_room():
    room = Room(frozenset({NORTHWIND}))
    for visibility in Visibility:
        about = {"client_id": NORTHWIND, "team": {ANA, TOM}, "author_id": ANA}
        assert not may_see(room, visibility, **about, private=True)
        for who in (ANA, TOM, SAM):
            assert may_see(Person(who), visibility, **about, private=True) is reads(Person(who), visibility)


def test_whoever_covers_reads_as_the_team_does_and_never_what_is_one_persons_own():
    sam = Person(SAM, frozenset({NORTHWIND}))
    assert reads(sam, Visibility.TEAM)
    assert reads(sam, Visibility.EVERYONE)
    assert not reads(sam, Visibility.ME)
    assert not reads(Person(SAM, frozenset({HALDEN})), Visibility.TEAM)


async def test_somebody_covers_the_clients_of_whom_they_stand_in_for_from_the_first_day_to_before_the_last(cast):
    ana, tom, sam = cast.members
    northwind, halden, orchard = cast.clients
    back_on = TODAY + dt.timedelta(days=2)
    async with cast.store.work(cast.workspace.id) as session:
        await set_team(session, northwind, {ana: Role.OWNER})
        await set_team(session, halden, {tom: Role.OWNER, ana: Role.SPONSOR})
        await set_team(session, orchard, {tom: Role.OWNER})
        await set_away(session, ana, from_on=TODAY, back_on=back_on, cover_id=sam, today=TODAY, now=NOW)
        as_covers = Member(sam, "U2", "Sam", "Pacific/Auckland")
        assert (await reader(session, as_covers, NOW)).covers == {northwind, halden}
        assert (await reader(session, as_covers, NOW + dt.timedelta(hours=5))).covers == {northwind, halden}
        assert (await reader(session, as_covers, NOW + dt.timedelta(days=2))).covers == frozenset()
        assert (await reader(session, as_covers, NOW - dt.timedelta(days=2))).covers == frozenset()


@dataclass
class Cast:
    """Three members and three clients, to be cast anew for each example."""

    store: Store
    workspace: Workspace
    members: list[uuid.UUID]
    clients: list[uuid.UUID]


@pytest.fixture
async def cast(store, workspace, people) -> Cast:
    """Who and what the examples are about."""
    members = [(await people.member(f"U{number}")).id for number in range(3)]
    made = [new_id() for _ in range(3)]
    async with store.work(workspace.id) as session:
        for number, client_id in enumerate(made):
            client = clients.Client(
                client_id,
                f"C{number}",
                Status.ACTIVE,
                Stage.STEADY,
                14,
                TODAY,
                None,
                None,
                None,
                None,
                None,
                members[0],
            )
            await clients.insert(session, client, sort_name=f"c{number}", now=NOW)
    return Cast(store, workspace, members, made)


PLACES = st.integers(0, 2)
NOTES = st.lists(st.tuples(PLACES, PLACES, st.sampled_from(Visibility)), min_size=1, max_size=8)
TEAMS = st.lists(st.dictionaries(PLACES, st.sampled_from(Role)), min_size=3, max_size=3)
AUDIENCES = st.one_of(st.tuples(PLACES, st.frozensets(PLACES)), st.frozensets(PLACES))


def _audience(
    drawn: tuple[int, frozenset[int]] | frozenset[int], people: list[uuid.UUID], about: list[uuid.UUID]
) -> Audience:
    if isinstance(drawn, tuple):
        who, covers = drawn
        return Person(people[who], frozenset(about[number] for number in covers))
    return Room(frozenset(about[number] for number in drawn))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roles=TEAMS, notes=NOTES, readers=st.lists(AUDIENCES, min_size=1, max_size=4))
async def test_python_and_sql_agree_note_by_note(cast, roles, notes, readers):
    people, about = cast.members, cast.clients
    async with cast.store.work(cast.workspace.id) as session:
        for client_id, team in zip(about, roles, strict=True):
            await set_team(session, client_id, {people[who]: role for who, role in team.items()})
        kept = [
            {
                "kind": Kind.CHECKIN,
                "ref": new_id(),
                "client_id": about[client],
                "author_id": people[author],
                "visibility": visibility,
                "body": "",
            }
            for client, author, visibility in notes
        ]
        await session.add_rows(SearchEntry, kept)
        looked_after = await teams(session, about)
        for drawn in readers:
            audience = _audience(drawn, people, about)
            allowed = may_see_sql(
                audience, SearchEntry.visibility, client_id=SearchEntry.client_id, author_id=SearchEntry.author_id
            )
            by_sql = set((await session.execute(sa.select(SearchEntry.ref).where(allowed))).scalars())
            by_python = {
                note["ref"]
                for note in kept
                if may_see(
                    audience,
                    note["visibility"],
                    client_id=note["client_id"],
                    team=looked_after[note["client_id"]],
                    author_id=note["author_id"],
                )
            }
            assert by_sql == by_python
        await session.rollback()


async def test_a_team_is_replaced_as_a_whole(cast):
    ana, tom, sam = cast.members
    northwind, halden, orchard = cast.clients
    async with cast.store.work(cast.workspace.id) as session:
        await set_team(session, northwind, {ana: Role.OWNER, tom: Role.BACKUP})
        await set_team(session, halden, {sam: Role.TEAM})
        await set_team(session, northwind, {tom: Role.OWNER, sam: Role.SPONSOR})
        assert await teams(session, [northwind, halden, orchard]) == {
            northwind: {tom: Role.OWNER, sam: Role.SPONSOR},
            halden: {sam: Role.TEAM},
            orchard: {},
        }
        await set_team(session, northwind, {})
        assert await teams(session, [northwind]) == {northwind: {}}
        assert len((await session.execute(sa.select(ClientMemberRow.role))).all()) == 1
