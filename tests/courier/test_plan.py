"""Which local times have come, and what is written down for them."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.courier import ledger, plan
from bot.courier.health import watch
from bot.courier.kinds import Occurrence, Schedule, Speech
from bot.courier.rows import DeliveryRow, ScheduleRow, State
from bot.workspaces import installs
from tests.courier.post_office import HOURS
from tests.listening import listening
from tests.support import ON_SQLITE, PATIENCE

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
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
        self.unlucky: str | None = None
        self.unreadable: str | None = None
        self.courier = self.another()

    def another(self):
        stirring = self.stirring if self.stirred is not None else None
        return self.office.another(
            Speech("digest", self.office.words.render, self.decide, stirring), Speech("fade", self.office.words.render)
        )

    async def decide(self, _session, schedules, now):
        self.asked.append(sorted(one.recipient for one in schedules))
        if self.broken or any(one.recipient == self.unlucky for one in schedules):
            raise ZeroDivisionError
        return [occurrence for one in schedules for occurrence in self.of(one, now)]

    def of(self, one: Schedule, now):
        common = {"local_date": one.local_date, "due_at": one.due_at, "expires_at": one.due_at + GRACE}
        yield Occurrence(one.recipient, "digest", **common)
        yield Occurrence(one.recipient, "fade", **common, part="alert")

    async def stirring(self, _session, schedules, _now):
        if any(one.recipient == self.unreadable for one in schedules):
            raise ZeroDivisionError
        return {one.id for one in schedules if one.recipient in self.stirred}

    async def at(self, now: dt.datetime, courier=None) -> int:
        self.office.clock.set(now)
        return await (courier or self.courier).plan()

    async def want(self, *recipients: str, times=NINE):
        async with self.office.store.work(self.office.workspace.id) as session:
            wanted = dict.fromkeys(recipients, times)
            await ledger.set_schedules(session, "digest", wanted, self.office.clock.now())

    async def next_due(self, recipient="C0TEAM") -> dt.datetime:
        async with self.office.store.look(self.office.workspace.id) as session:
            due = sa.select(ScheduleRow.next_due_at).where(ScheduleRow.recipient == recipient)
            return (await session.execute(due)).scalar_one()

    async def looked_at(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        """When somebody last looked: as Home tells it, and as whoever watches over all workspaces sees it."""
        now = self.office.clock.now()
        async with self.office.store.look(self.office.workspace.id) as session:
            here = (await ledger.health(session, now)).planned_at
        async with self.office.store.look(None) as session:
            return here, (await watch(session, now)).planned_at


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
    monkeypatch.setattr(plan, "BATCH", 3)  # several batches without a thousand rows
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
async def test_each_schedule_is_planned_in_a_transaction_of_its_own(agency, office):
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    agency.unlucky = "C0TWO"
    assert await agency.at(berlin(13, 9)) == 4, "one that fails takes no other with it"
    assert sorted(agency.asked) == [["C0ONE"], ["C0TEAM"], ["C0TWO"]]
    agency.unlucky = None
    assert await agency.at(berlin(13, 9, 1)) == 2


@ON_POSTGRESQL
async def test_what_has_come_in_a_workspace_is_decided_together_unless_one_of_it_fails(agency, office):
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    other = await neighbours(agency, "C0THEIRS")
    assert await agency.at(berlin(13, 9)) == 8
    assert sorted(agency.asked) == [["C0ONE", "C0TEAM", "C0TWO"], ["C0THEIRS"]]

    agency.asked, agency.unlucky = [], "C0TWO"
    assert await agency.at(berlin(14, 9)) == 6, "neither its neighbours nor another workspace pay for it"
    alone = [["C0ONE"], ["C0TEAM"], ["C0TWO"]]
    assert sorted(agency.asked) == sorted([["C0ONE", "C0TEAM", "C0TWO"], *alone, ["C0THEIRS"]])
    assert await agency.next_due("C0TWO") == berlin(14, 9), "what was half done is taken back"
    assert await agency.next_due("C0ONE") == berlin(15, 9)

    agency.unlucky = None
    assert await agency.at(berlin(14, 9, 1)) == 2
    assert await agency.at(berlin(14, 9, 2)) == 0
    keys = [row.occurrence_key for row in await office.rows()]
    assert len(keys) == len(set(keys)) == 12
    async with office.store.look(other.id) as session:
        assert (await session.execute(sa.select(sa.func.count()).select_from(DeliveryRow))).scalar_one() == 4


@ON_POSTGRESQL
async def test_not_too_many_are_decided_together(agency, monkeypatch):
    monkeypatch.setattr(plan, "TOGETHER", 2)  # several groups without a hundred rows
    await agency.want("C0ONE", "C0TWO", "C0TEAM")
    assert await agency.at(berlin(13, 9)) == 6
    assert sorted(len(asked) for asked in agency.asked) == [1, 2]


@ON_POSTGRESQL
@pytest.mark.parametrize("stirred", [None, set()], ids=["all may have something to say", "nobody has"])
async def test_a_schedule_that_somebody_is_changing_is_not_waited_for(agency, office, stirred):
    await agency.want("C0ONE", "C0TWO")
    agency.stirred = stirred
    courier = agency.another()
    changed = sa.update(ScheduleRow).where(ScheduleRow.recipient == "C0ONE").values(grace_minutes=30)
    async with office.store.work(office.workspace.id) as session:
        await session.execute(changed)
        async with asyncio.timeout(PATIENCE):
            await agency.at(berlin(13, 9), courier)
    assert [await agency.next_due(one) for one in ("C0ONE", "C0TWO")] == [berlin(12, 9), berlin(14, 9)]
    await agency.at(berlin(13, 9, 1), courier)
    assert await agency.next_due("C0ONE") == berlin(14, 9)


async def neighbours(agency, *recipients):
    """Another workspace with schedules of its own; returns it."""
    says = {"slack_id": "T0002", "name": "Theirs", "address": "https://theirs.slack.com/", "bot_slack_id": "U0BOT"}
    now = agency.office.clock.now()
    async with agency.office.store.work(None) as session:
        other = await installs.install(session, **says, now=now)
    async with agency.office.store.work(other.id) as session:
        await ledger.set_schedules(session, "digest", dict.fromkeys(recipients, NINE), now)
    return other


@ON_SQLITE
async def test_a_zone_that_nobody_knows_puts_off_its_own_schedule_alone(agency, office):
    await agency.want("C0MARS", "C0TEAM")
    bad = sa.update(ScheduleRow).where(ScheduleRow.recipient == "C0MARS").values(tz="Mars/Olympus_Mons")
    async with office.store.work(office.workspace.id) as session:
        await session.execute(bad)
    with listening() as heard:
        assert await agency.at(berlin(12, 9)) == 2
        assert await agency.at(berlin(12, 9, 1)) == 0
    assert heard.getvalue().count("Mars/Olympus_Mons") >= 1
    assert heard.getvalue().count("a schedule cannot be read") == 1
    assert await agency.next_due("C0MARS") == berlin(13, 9)


@ON_SQLITE
async def test_it_is_known_when_somebody_last_looked_and_where_nobody_could(agency, office):
    await agency.at(berlin(12, 8, 30))
    assert await agency.looked_at() == (berlin(12, 8, 30), berlin(12, 8, 30))
    await agency.at(berlin(12, 8, 31))
    assert await agency.looked_at() == (berlin(12, 8, 31), berlin(12, 8, 31))

    agency.broken = True
    await agency.at(berlin(12, 9))
    await agency.at(berlin(12, 9, 5))
    assert await agency.looked_at() == (berlin(12, 9), berlin(12, 9)), "it stands still since the first failure"

    agency.broken = False
    await agency.at(berlin(12, 9, 6))
    assert await agency.looked_at() == (berlin(12, 9, 6), berlin(12, 9, 6))


@ON_SQLITE
async def test_a_batch_that_fails_is_shown_and_keeps_none_of_those_after_it(agency, office, monkeypatch):
    monkeypatch.setattr(plan, "BATCH", 3)  # several batches without a thousand rows
    recipients = [f"C0{number}" for number in range(8)]
    await agency.want(*recipients)
    agency.stirred, agency.unreadable = set(recipients), "C04"
    courier = agency.another()
    assert await agency.at(berlin(13, 9), courier) == 10
    await agency.at(berlin(13, 9, 5), courier)
    assert await agency.looked_at() == (berlin(13, 9), berlin(13, 9)), "it stands still since the first failure"

    agency.unreadable = None
    assert await agency.at(berlin(13, 9, 6), courier) == 6
    assert await agency.looked_at() == (berlin(13, 9, 6), berlin(13, 9, 6))


@ON_SQLITE
async def test_a_plan_that_takes_long_shows_that_it_goes_on(agency, office, monkeypatch):
    monkeypatch.setattr(plan, "BATCH", 3)  # several batches without a thousand rows
    await agency.want(*(f"C0{number}" for number in range(8)))
    seen = []

    async def slowly(_session, _schedules, _now):
        seen.append((await agency.looked_at())[1])
        office.clock.advance(dt.timedelta(minutes=1))
        return []

    await agency.at(berlin(13, 9), office.another(Speech("digest", office.words.render, slowly)))
    assert seen == [None] * 3 + [berlin(13, 9, 3)] * 3 + [berlin(13, 9, 6)] * 2


@ON_SQLITE
async def test_a_sign_of_life_is_one_row_whatever_the_number_of_workspaces(agency, office, store):
    await agency.at(berlin(12, 8, 30))
    statements = []
    event.listen(store.engines[0].sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    await agency.at(berlin(12, 8, 30))
    assert statements == [], "within a minute nothing is written"
    await agency.at(berlin(12, 8, 31))
    assert [one.split(" (")[0] for one in statements] == ["INSERT INTO planner"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("planned_at", "changed_at", "hour", "tz", "due"),
    [
        (None, berlin(12, 9, 20), dt.time(9), "Europe/London", berlin(12, 10)),
        (None, berlin(12, 9, 20), dt.time(8), "Europe/Berlin", berlin(12, 8)),
        (berlin(12, 9), berlin(12, 9, 20), dt.time(8), "Europe/Berlin", berlin(13, 8)),
        (None, berlin(12, 8, 10), dt.time(8), "Europe/Berlin", berlin(12, 8)),
        (None, berlin(12, 17, 30), dt.time(8), "Europe/Berlin", berlin(13, 8)),
    ],
    ids=["come, later now", "come, earlier now", "said already", "not come, earlier now", "too late today"],
)
async def test_todays_is_kept_when_its_time_changes(agency, planned_at, changed_at, hour, tz, due):
    if planned_at is not None:
        await agency.at(planned_at)
    agency.office.clock.set(changed_at)
    await agency.want("C0TEAM", times=ledger.Times(hour, tz, NINE.weekdays, GRACE))
    assert await agency.next_due() == due
    assert await agency.at(max(due, changed_at)) == 2


@ON_SQLITE
async def test_a_clock_that_moves_on_during_a_plan_is_planned_for_right_after_it(agency, office):
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    decide = agency.decide

    async def slowly(session, schedules, now):
        begun.set()
        await may_go_on.wait()
        return await decide(session, schedules, now)

    agency.courier = office.another(Speech("digest", office.words.render, slowly), Speech("fade", office.words.render))
    tuesday = asyncio.create_task(agency.at(berlin(12, 9)))
    await begun.wait()
    wednesday = asyncio.create_task(agency.at(berlin(13, 9)))
    await asyncio.sleep(0.05)
    may_go_on.set()

    assert (await tuesday, await wednesday) == (2, 2)
    assert await agency.next_due() == berlin(14, 9)
