"""What is found besides notes: dates that matter, questions for people, why clients hired us; by whom, and how long."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.clients import service as clients
from bot.practices.clients.rules import WhyType
from bot.practices.listening import keeping as listening_keeping
from bot.practices.listening import service as listening
from bot.practices.milestones import finding
from bot.practices.milestones import keeping as date_keeping
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import Calendar, Occasion
from bot.practices.people import service as people
from bot.store.base import new_id
from bot.store.search import Kind, SearchEntry, Visibility
from bot.surfaces.find import find
from tests.support import ON_SQLITE
from tests.surfaces.conftest import NOW

TODAY = NOW.date()
READERS = pytest.mark.parametrize(
    ("visibility", "readers"),
    [(Visibility.TEAM, ["Ana", "Tom"]), (Visibility.EVERYONE, ["Ana", "Tom", "Sam"]), (Visibility.ME, ["Ana"])],
)


class Library:
    """Ana looks after Northwind, Tom is on its team, Sam is not; Priya is there.  Ana writes everything down."""

    def __init__(self, office):
        self.office, self.ana = office, office.people["Ana"]

    async def open(self):
        self.northwind = await self.office.client("Northwind", team=frozenset({self.office.people["Tom"].id}))
        about = {"by": self.ana.id, "key": "priya", "now": NOW}
        self.priya = await self.office.change(people.add, self.northwind, "Priya", None, None, **about)
        return self

    def details(self, **said):
        usual = {
            "client_id": self.northwind,
            "contact_id": self.priya.id,
            "occasion": Occasion.BIRTHDAY,
            "title": "",
            "calendar": Calendar(6, 2),
            "leads": (7, 0),
            "note": "No surprises please",
            "visibility": Visibility.TEAM,
        }
        return milestones.Details(**{**usual, **said})

    async def date(self, **said):
        keep = {"by": self.ana, "key": str(new_id()), "now": NOW, "today": TODAY}
        return (await self.office.change(milestones.add, self.details(**said), **keep)).milestone

    async def asks(self, text, visibility=Visibility.TEAM, contact="Priya"):
        who = self.priya.id if contact else None
        keep = {"by": self.ana, "key": str(new_id()), "now": NOW}
        return await self.office.change(listening.add, self.northwind, text, who, visibility, **keep)

    async def answered(self, question, raises=""):
        said = listening.Said(question.id, self.northwind, self.priya.id, "Fewer of them", Visibility.TEAM, raises)
        return await self.office.change(listening.answer, said, by=self.ana, key=str(new_id()), now=NOW)

    async def why(self, text, kind=None, on=TODAY):
        return await self.office.change(clients.set_why, self.northwind, text, kind, on=on)

    async def entries(self):
        """Return what can be found: of which kind, and for whom."""
        async with self.office.host.store.look(self.office.workspace.id) as session:
            found = await session.execute(sa.select(SearchEntry.kind, SearchEntry.client_id, SearchEntry.visibility))
        return sorted(tuple(row) for row in found)

    async def finds(self, words, who="Ana"):
        """Return what stands under the words, without what goes by them as a name."""
        panel = await find(self.office.here(who), words)
        shown = [block["text"]["text"] for block in panel.blocks if block["type"] == "section"]
        return [one for one in shown if "\n" in one]


@pytest.fixture
async def desk(office):
    return await Library(office).open()


async def test_dates_questions_and_why_they_hired_us_are_found_with_their_people_and_days(desk):
    await desk.date()
    await desk.date(contact_id=None, occasion=Occasion.LAUNCH, title="Spring site", note=None)
    await desk.asks("What would fewer surprises look like?")
    await desk.why("They think further than <we> do", WhyType.LAUNCH)
    assert await desk.finds("surpr") == [
        "*Northwind* · Priya · a question to ask, Thu 14 May · Ana\nWhat would fewer *surprises* look like?",
        "*Northwind* · a date, Tue 2 Jun · Ana\nPriya · Birthday · No *surprises* please",
    ]
    assert await desk.finds("priya birth") == [
        "*Northwind* · a date, Tue 2 Jun · Ana\n*Priya* · *Birthday* · No surprises please"
    ]
    assert await desk.finds("launch") == [
        "*Northwind* · why they hired us, Thu 14 May\nThey think further than &lt;we&gt; do · *launch*",
        "*Northwind* · a date, Tue 2 Jun · Ana\n*Launch* · Spring site",
    ]


@ON_SQLITE
@READERS
async def test_a_date_and_a_question_are_found_by_those_who_may_read_them(desk, visibility, readers):
    await desk.date(visibility=visibility)
    await desk.asks("Which surprises were good ones?", visibility)
    await desk.why("no surprises", on=None)
    for who in desk.office.people:
        found = await desk.finds("surprises", who)
        assert len(found) == (3 if who in readers else 1)
        assert found[0] == "*Northwind* · why they hired us\nno *surprises*", "everyone here may know"
    kept = ((Kind.DATE, visibility), (Kind.QUESTION, visibility), (Kind.WHY, Visibility.EVERYONE))
    assert await desk.entries() == [(kind, desk.northwind, seen) for kind, seen in kept]


@ON_SQLITE
async def test_a_date_is_found_by_what_it_says_now_where_it_stands_now(desk):
    halden = await desk.office.client("Halden", owner="Sam")
    kept = await desk.date()
    change = {"by": desk.ana, "today": TODAY}
    moved = desk.details(client_id=halden, contact_id=None, occasion=Occasion.OTHER, title="Jubilee", note=None)
    await desk.office.change(milestones.edit, kept.id, moved, **change)
    assert await desk.entries() == [(Kind.DATE, halden, Visibility.TEAM)]
    for words in ("birthday", "surprises", "priya"):
        assert await desk.finds(words) == []
    for who, found in (("Ana", 1), ("Sam", 1), ("Tom", 0)):
        assert len(await desk.finds("jubilee", who)) == found
    await desk.office.change(milestones.drop, kept.id, **change)
    assert await desk.entries() == []


@ON_SQLITE
async def test_a_date_that_is_over_is_found_on_the_day_it_was(desk):
    await desk.date(calendar=Calendar(3, 4, 2024, repeats=False))
    (found,) = await desk.finds("birthday")
    assert "a date, Mon 4 Mar 2024" in found


@ON_SQLITE
async def test_a_question_is_found_while_it_is_to_be_asked_and_says_when_it_was_answered(desk):
    question = await desk.asks("Which surprises were good ones?")
    await desk.asks("What about surprises for anybody?", contact=None)
    (found,) = await desk.finds("surprises")
    assert "a question to ask" in found
    kept = await desk.answered(question, raises="Are surprises ever good?")
    raised, asked = await desk.finds("surprises")
    assert ("a question to ask" in raised, "an answered question" in asked) == (True, True)
    await desk.office.change(listening.drop_answer, kept.answer.id, by=desk.ana)
    assert [found] == await desk.finds("surprises")
    assert await desk.entries() == [(Kind.QUESTION, desk.northwind, Visibility.TEAM)]
    await desk.office.change(listening.retire, question.id, by=desk.ana, now=NOW)
    assert await desk.entries() == []
    await desk.office.change(listening.unretire, question.id, by=desk.ana)
    assert [found] == await desk.finds("surprises")


@ON_SQLITE
async def test_why_they_hired_us_is_found_as_it_was_said_last_and_not_once_it_is_taken_back(desk):
    await desk.why("fast and cheerful", WhyType.OTHER)
    await desk.why("thoughtful", on=dt.date(2026, 3, 2))
    assert await desk.finds("fast") == []
    assert await desk.finds("thought") == ["*Northwind* · why they hired us, Mon 2 Mar\n*thoughtful*"]
    await desk.why(" ", WhyType.LAUNCH)
    assert await desk.entries() == []


@ON_SQLITE
async def test_a_persons_dates_and_questions_are_not_found_once_the_person_is_forgotten(desk):
    await desk.date()
    await desk.date(contact_id=None, note="surprises are for the whole company")
    await desk.asks("Which surprises were good ones?")
    for forget in (date_keeping.forget, listening_keeping.forget):
        await desk.office.change(forget, desk.priya.id)
    (left,) = await desk.finds("surprises")
    assert "company" in left
    assert await desk.entries() == [(Kind.DATE, desk.northwind, Visibility.TEAM)]


@ON_SQLITE
async def test_a_persons_dates_are_found_by_the_name_they_go_by_now(desk):
    await desk.date(visibility=Visibility.ME)
    renamed = await desk.office.change(people.edit, desk.priya.id, "Mira Sol", None, None)
    await desk.office.change(finding.renamed, renamed)
    assert (len(await desk.finds("mira birthday")), await desk.finds("priya birthday")) == (1, [])
    assert await desk.finds("mira birthday", "Tom") == []
