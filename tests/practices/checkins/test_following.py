"""What came from a check-in follows it: to another client, to fewer readers, through an undo."""

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.practices.blockers import service as blockers
from bot.practices.blockers.rows import BlockerRow
from bot.practices.blockers.rules import Side
from bot.practices.checkins import panels
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note
from bot.practices.clients import service as clients
from bot.practices.differences import service as differences
from bot.practices.differences.rows import DifferenceRow
from bot.practices.listening import reflections
from bot.practices.listening.rows import ReflectionRow
from bot.practices.people import service as people_service
from bot.practices.promises import service as promises
from bot.practices.promises.rules import Guess, PromiseState
from bot.store.base import new_id
from bot.store.search import SearchEntry, Visibility
from bot.surfaces.forget import forget
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
FRIDAY = TODAY + dt.timedelta(days=3)


class Notebook:
    """Ana noted a conversation with Northwind; three lines, a blocker and a difference came from it."""

    def __init__(self, session):
        self.session = session

    async def open(self, people):
        self.ana, self.tom = [await people.member(f"U0{name.upper()}", name) for name in ("Ana", "Tom")]
        self.northwind, self.halden = [await self.client(name) for name in ("Northwind", "Halden")]
        self.note = Note(self.northwind, 3, "Legal holds it back", Via.MODAL, visibility=Visibility.EVERYONE)
        about, by = {"by": self.ana, "now": NOW}, self.ana
        self.noted = (await checkins.record(self.session, self.note, key="note", **about)).checkin.id
        lines = reflections.Lines("rushed", "the date stands", "What would help?", Visibility.TEAM)
        await reflections.keep(self.session, self.noted, lines, **about)
        told = blockers.Details("Legal is slow", None, Side.THEIRS, None, TODAY, Visibility.EVERYONE)
        blocker = await blockers.add(
            self.session, self.northwind, told, checkin_id=self.noted, by=by, key=str(new_id()), now=NOW
        )
        self.blocker = blocker.id
        seen = differences.Details(self.northwind, "The price", FRIDAY, Visibility.TEAM, self.noted)
        await differences.add(self.session, seen, key=str(new_id()), today=TODAY, **about)
        return self

    async def client(self, name):
        team = clients.Details(name, self.ana.id, 7, team=frozenset({self.tom.id}))
        made = await clients.set_up(self.session, team, by=self.ana.id, key=name, now=NOW, today=TODAY)
        return made.id

    async def edit(self, **changed):
        self.note = replace(self.note, **changed)
        return await checkins.edit(self.session, self.noted, self.note, by=self.ana, now=NOW)

    async def where(self, column="client_id"):
        """Return, of each that came from the check-in and of what is found by words, whose it is."""
        found = {}
        for table in (ReflectionRow, BlockerRow, DifferenceRow, SearchEntry):
            rows = await self.session.execute(sa.select(getattr(table, column)))
            found[table.__tablename__] = set(rows.scalars())
        return found

    async def readers(self):
        return await self.where("visibility")


@pytest.fixture
async def desk(store, workspace, people):
    async with store.work(workspace.id) as session:
        yield await Notebook(session).open(people)


async def test_what_came_from_a_check_in_goes_with_it_to_another_client(desk):
    assert set().union(*(await desk.where()).values()) == {desk.northwind}
    await desk.edit(client_id=desk.halden)
    assert set().union(*(await desk.where()).values()) == {desk.halden}
    assert await desk.readers() == {
        "reflection": {"team"}, "blocker": {"everyone"}, "difference": {"team"}, "search_entry": {"everyone", "team"}
    }  # fmt: skip


@ON_SQLITE
async def test_what_came_from_a_check_in_narrows_with_it_and_never_widens(desk):
    await desk.edit(visibility=Visibility.TEAM)
    assert set().union(*(await desk.readers()).values()) == {"team"}
    await desk.edit(visibility=Visibility.ME)
    assert set().union(*(await desk.readers()).values()) == {"me"}
    await desk.edit(visibility=Visibility.EVERYONE)
    alone = await desk.readers()
    assert (alone["reflection"], alone["blocker"], alone["difference"]) == ({"me"}, {"me"}, {"me"})


@ON_SQLITE
async def test_a_blocker_that_somebody_opened_to_others_since_stays_open_as_its_note_is_edited(desk):
    await desk.edit(visibility=Visibility.ME)
    told = blockers.Details("Legal is slow", None, Side.THEIRS, None, TODAY, Visibility.TEAM)
    await blockers.edit(desk.session, desk.blocker, told, by=desk.ana)
    await desk.edit(text="Legal holds the brief back")
    assert (await desk.readers())["blocker"] == {"team"}


@ON_SQLITE
async def test_a_receipt_says_so_where_a_date_made_of_a_win_does_not_go_with_its_note(desk):
    assert not (await desk.edit(win="They won an award")).leaves_win
    assert not (await desk.edit(text="Legal still holds it back")).leaves_win
    narrowed = await desk.edit(visibility=Visibility.TEAM)
    assert "A date made of their win stays" in str(panels.saved(narrowed, address="", today=TODAY).blocks)
    assert (await desk.edit(client_id=desk.halden)).leaves_win


@ON_SQLITE
async def test_a_note_that_names_somebody_who_was_forgotten_is_put_back_without_them(desk):
    about = {"by": desk.ana, "now": NOW}
    priya, omar = [
        await people_service.add(desk.session, desk.northwind, name, None, None, by=desk.ana.id, key=name, now=NOW)
        for name in ("Priya", "Omar")
    ]
    await desk.edit(details=checkins.Details(frozenset({priya.id, omar.id})))
    draft = await checkins.undo(desk.session, desk.noted, **about)
    await forget(desk.session, priya.id, by=desk.ana.id, now=NOW)
    left = await checkins.draft(desk.session, draft.id, by=desk.ana)
    assert left.more["people"] == [str(omar.id)]
    back = (await checkins.settle_draft(desk.session, draft, **about)).checkin.id
    assert (await checkins.details(desk.session, back)).people == {omar.id}


@ON_SQLITE
async def test_a_promise_that_was_kept_is_kept_still_once_its_note_is_put_back(desk):
    await desk.edit(promise=Guess("The plan", TODAY, theirs=False))
    promise = (await promises.of_checkins(desk.session, [desk.noted]))[desk.noted]
    about = {"by": desk.ana, "now": NOW}
    await promises.settle(desk.session, promise.id, state=PromiseState.KEPT, **about)
    draft = await checkins.undo(desk.session, desk.noted, **about)
    back = (await checkins.settle_draft(desk.session, draft, **about)).checkin.id
    assert (await promises.of_checkins(desk.session, [back]))[back].state is PromiseState.KEPT


@ON_SQLITE
async def test_a_check_in_that_is_put_back_has_its_promise_lines_and_all_that_came_from_it_again(desk):
    await desk.edit(promise=Guess("The plan", TODAY, theirs=False))
    promise = (await promises.of_checkins(desk.session, [desk.noted]))[desk.noted]
    about = {"by": desk.ana, "now": NOW}
    details = promises.Details(desk.northwind, "The plan", TODAY, desk.tom.id, False, Visibility.EVERYONE)
    await promises.edit(desk.session, promise.id, details, **about)
    await promises.move(desk.session, promise.id, FRIDAY, None, **about)
    draft = await checkins.undo(desk.session, desk.noted, **about)
    assert (await desk.where())["reflection"] == set()
    back = (await checkins.settle_draft(desk.session, draft, **about)).checkin.id
    kept = (await promises.of_checkins(desk.session, [back]))[back]
    assert (kept.carrier_id, kept.due_on, kept.moved_from, kept.times_moved) == (desk.tom.id, FRIDAY, TODAY, 1)
    lines = await reflections.about(desk.session, back, by=desk.ana)
    assert (lines.feeling, lines.fact, lines.question, lines.visibility) == (
        "rushed", "the date stands", "What would help?", "team"
    )  # fmt: skip
    for table in (BlockerRow, DifferenceRow):
        assert (await desk.session.execute(sa.select(table.checkin_id))).scalars().all() == [back]
