"""Which local times have come, and what is written down for them."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier import ledger, plan
from bot.courier.kinds import Occurrence, Schedule, Speech
from bot.courier.rows import ScheduleRow, State
from tests.courier.post_office import HOURS, ON_SQLITE

GRACE = 9 * HOURS
NINE = ledger.Times(dt.time(9), "Europe/Berlin", 0b1111111, GRACE)


def berlin(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 5, day, hour - 2, minute, tzinfo=dt.UTC)


class Agency:
    """Decides: every channel has a digest, and those of `fading` an alert too."""

    def __init__(self, office) -> None:
        self.office = office
        self.asked: list[list[str]] = []
        self.stirred: set[str] | None = None
        self.broken = False
        self.courier = self.another()

    def another(self):
        stirring = self.stirring if self.stirred is not None else None
        return self.office.another(
            Speech("digest", self.office.words.render, self.decide, stirring), Speech("fade", self.office.words.render)
        )

    async def decide(self, _session, schedules, now):
        self.asked.append(sorted(one.recipient for one in schedules))
        if self.broken:
            raise ZeroDivisionError
        return [occurrence for one in schedules for occurrence in self.of(one, now)]

    def of(self, one: Schedule, now):
        common = {"local_date": one.local_date, "due_at": one.due_at, "expires_at": one.due_at + GRACE}
        yield Occurrence(one.recipient, "digest", **common)
        yield Occurrence(one.recipient, "fade", **common, part="alert")

    async def stirring(self, _session, schedules, _now):
        return {one.id for one in schedules if one.recipient in self.stirred}

    async def at(self, now: dt.datetime, courier=None) -> int:
        self.office.clock.set(now)
        return await (courier or self.courier).plan()

    async def want(self, *recipients: str, times=NINE):
        async with self.office.store.work(self.office.workspace.id) as session:
            wanted = dict.fromkeys(recipients, times)
            await ledger.set_schedules(session, "digest", wanted, self.office.clock.now())

    async def next_due(self) -> dt.datetime:
        async with self.office.store.look(self.office.workspace.id) as session:
            return (await session.execute(sa.select(ScheduleRow.next_due_at))).scalar_one()


@pytest.fixture
async def agency(office):
    office.clock.set(berlin(12, 8))
    agency = Agency(office)
    await agency.want("C0TEAM")
    return agency


@ON_SQLITE
async def test_nothing_before_its_time_then_once(agency, office):
    assert await agency.at(berlin(12, 8, 59)) == 0
    assert await agency.at(berlin(12, 9)) == 2
    assert await agency.at(berlin(12, 9, 1)) == 0
    assert [(row.kind, row.state, row.due_at) for row in await office.rows()] == [
        ("digest", State.QUEUED, berlin(12, 9)),
        ("fade", State.QUEUED, berlin(12, 9)),
    ]
    assert await agency.next_due() == berlin(13, 9)


@ON_SQLITE
@pytest.mark.parametrize(
    ("now", "states"),
    [
        (berlin(12, 11, 30), ["queued", "queued"]),
        (berlin(12, 17, 59), ["queued", "queued"]),
        (berlin(12, 18), ["expired"]),
        (berlin(19, 11), ["queued", "queued"]),
        (berlin(19, 18), ["expired"]),
    ],
    ids=["late", "just within its grace", "past its grace", "after a week: today's", "after a week, late: one"],
)
async def test_a_missed_morning(agency, office, now, states):
    await agency.at(now)
    rows = await office.rows()
    assert [row.state for row in rows] == states
    assert {row.local_date for row in rows} == {now.date()}
    assert await agency.next_due() == berlin(now.day + 1, 9)


@ON_SQLITE
async def test_a_clock_set_back_says_nothing_twice(agency):
    assert await agency.at(berlin(12, 9)) == 2
    assert await agency.at(berlin(12, 8)) == 0
    assert await agency.at(berlin(12, 9)) == 0
    assert await agency.at(berlin(13, 9)) == 2


@ON_SQLITE
async def test_a_changed_hour_says_nothing_twice_on_a_day(agency):
    assert await agency.at(berlin(12, 9)) == 2
    await agency.want("C0TEAM", times=ledger.Times(dt.time(10), "Europe/Berlin", NINE.weekdays, GRACE))
    assert await agency.at(berlin(12, 10)) == 0
    assert await agency.at(berlin(13, 10)) == 2


async def test_two_planners_at_once_write_one_row_each(agency, office):
    office.clock.set(berlin(12, 9))
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    office.clock.set(berlin(12, 8))
    await agency.want()
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    counts = await asyncio.gather(*[agency.at(berlin(12, 9), agency.another()) for _ in range(2)])
    assert sum(counts) == 6
    assert len(await office.rows()) == 6


@ON_SQLITE
async def test_only_those_with_something_to_say_are_asked(agency, office):
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    agency.stirred = {"C0TWO"}
    courier = agency.another()
    assert await agency.at(berlin(13, 9), courier) == 2
    assert agency.asked == [["C0TWO"]]
    assert await agency.at(berlin(13, 9, 1), courier) == 0


@ON_SQLITE
async def test_planning_goes_in_batches(agency, office, monkeypatch):
    monkeypatch.setattr(plan, "BATCH", 3)
    await agency.want(*(f"C0{number}" for number in range(8)))
    assert await agency.at(berlin(13, 9)) == 16
    assert await agency.at(berlin(13, 9)) == 0


@ON_SQLITE
async def test_a_workspace_that_cannot_be_planned_is_planned_later(agency):
    agency.broken = True
    assert await agency.at(berlin(12, 9)) == 0
    agency.broken = False
    assert await agency.at(berlin(12, 9, 1)) == 2


@ON_SQLITE
async def test_it_is_known_when_somebody_last_looked(agency, office):
    await agency.at(berlin(12, 8, 30))
    assert (await office.posting()).planned_at == berlin(12, 8, 30)
    await agency.at(berlin(12, 8, 31))
    assert (await office.posting()).planned_at == berlin(12, 8, 31)
    assert agency.courier.planned_at == berlin(12, 8, 31)
