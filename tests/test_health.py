"""Whether Ember is well: what the ledger tells of it, when `/healthz` fails, what `/metrics` counts."""

import datetime as dt
import json

import httpx
import pytest
import sqlalchemy as sa

from bot.clock import MovableClock
from bot.courier.guard import GUESTS
from bot.courier.health import Paused, Watch, health, troubles, watch
from bot.courier.kinds import Occurrence
from bot.courier.ledger import enqueue, resume
from bot.courier.rows import DeliveryRow, LaneRow, PlannerRow, PostingRow, State
from bot.metrics import Metrics, faults, health_answer
from bot.store.engine import Store
from tests.front_door import agency
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=2)
ALL = {"all_workspaces": "the test sets the scene"}


def ago(**span):
    return NOW - dt.timedelta(**span)


class Ledger:
    """A workspace's messages, put into any state."""

    def __init__(self, store, workspace):
        self.store, self.workspace = store, workspace

    async def message(self, channel="C0TEAM", *, due=NOW, planned=None, state=State.QUEUED, why=None, kind="digest"):
        wanted = Occurrence(channel, kind, due.date(), due, due + dt.timedelta(hours=9), part=f"{due:%H%M}{state}")
        async with self.store.work(self.workspace.id) as session:
            made = await enqueue(session, wanted, planned or due)
            change = sa.update(DeliveryRow).where(DeliveryRow.id == made)
            await session.execute(change.values(state=state, last_error=why))

    async def pause(self, channel, why, since=NOW):
        async with self.store.work(self.workspace.id) as session:
            change = sa.update(LaneRow).where(LaneRow.channel == channel)
            await session.execute(change.values(paused_at=since, paused_reason=why))

    async def posting(self, **values):
        async with self.store.work(self.workspace.id) as session:
            await session.add_once(PostingRow)
            await session.execute(sa.update(PostingRow).values(**values))

    async def looked(self, at):
        async with self.store.work(None) as session:
            await session.put_row(PlannerRow, key=("id",), id=1, planned_at=at)

    async def health(self):
        async with self.store.look(self.workspace.id) as session:
            return await health(session, NOW)

    async def watch(self):
        async with self.store.look(None) as session:
            return await watch(session, NOW)


@pytest.fixture
def ledger(store, workspace):
    return Ledger(store, workspace)


async def test_a_workspace_in_which_nothing_was_ever_planned(ledger):
    found = await ledger.health()
    assert (found.planned_at, found.waiting, found.oldest_due_at, found.failed) == (None, 0, None, 0)
    seen = await ledger.watch()
    assert (seen.planned_at, seen.oldest_due_at, sum(seen.depth.values())) == (None, None, 0)
    assert faults(seen, NOW, LONG_AGO) == {}


async def test_what_is_due_waits_and_what_is_not_or_is_over_does_not(ledger):
    await ledger.looked(ago(seconds=20))
    await ledger.message(due=ago(minutes=2))
    await ledger.message(due=ago(minutes=1), state=State.UNKNOWN)
    await ledger.message(due=NOW + dt.timedelta(minutes=1))
    await ledger.message(due=ago(hours=10))
    await ledger.message(due=ago(minutes=9), state=State.SENT)
    found, seen = await ledger.health(), await ledger.watch()
    assert (found.planned_at, found.waiting, found.oldest_due_at) == (ago(seconds=20), 2, ago(minutes=2))
    assert (seen.planned_at, seen.oldest_due_at) == (ago(seconds=20), ago(minutes=2))
    assert seen.depth == {State.QUEUED: 1, State.SENDING: 0, State.UNKNOWN: 1}


async def test_a_message_that_was_planned_late_has_waited_only_since(ledger):
    await ledger.message(due=ago(hours=2), planned=ago(seconds=5))
    assert (await ledger.health()).oldest_due_at == ago(seconds=5)
    assert (await ledger.watch()).oldest_due_at == ago(seconds=5)


async def test_a_closed_channel_and_a_suspended_workspace_keep_nobody_waiting(ledger):
    await ledger.message("C0OLD", due=ago(minutes=30))
    await ledger.pause("C0OLD", "is_archived", ago(minutes=20))
    found, seen = await ledger.health(), await ledger.watch()
    assert (found.waiting, found.oldest_due_at) == (1, None)
    assert found.paused == [Paused("C0OLD", "is_archived", ago(minutes=20))]
    assert (seen.oldest_due_at, seen.paused, seen.suspended) == (None, 1, 0)
    async with ledger.store.work(ledger.workspace.id) as session:
        assert await resume(session, "C0OLD")
    assert (await ledger.watch()).oldest_due_at == ago(minutes=30)
    await ledger.posting(suspended_reason="token_revoked", stuck_since=ago(hours=1))
    seen = await ledger.watch()
    assert (seen.planned_at, seen.oldest_due_at, seen.suspended) == (None, None, 1)
    assert (await ledger.health()).suspended == "token_revoked"


async def test_what_did_not_arrive_is_told_newest_first_and_forgotten_after_a_week(ledger):
    await ledger.message(due=ago(days=8), state=State.DEAD, why="invalid_blocks")
    await ledger.message(due=ago(days=2), state=State.DEAD, why="invalid_blocks")
    await ledger.message(due=ago(days=1), state=State.PARKED, why="missing_scope", kind="fade")
    await ledger.message(due=ago(hours=3), state=State.CANCELLED, why=GUESTS)
    await ledger.message(due=ago(hours=2), state=State.CANCELLED, why="nothing to say")
    await ledger.message(due=ago(hours=1), state=State.EXPIRED)
    found = await ledger.health()
    assert (found.failed, found.parked, found.held_back) == (1, 1, 1)
    async with ledger.store.look(ledger.workspace.id) as session:
        told = await troubles(session, NOW)
    assert [(one.state, one.kind, one.why) for one in told] == [
        (State.CANCELLED, "digest", GUESTS),
        (State.PARKED, "fade", "missing_scope"),
        (State.DEAD, "digest", "invalid_blocks"),
    ]


def seen(planned=None, due=None):
    return Watch(planned, due, {}, 0, 0)


@pytest.mark.parametrize(
    ("found", "started", "wrong"),
    [
        (seen(ago(minutes=3)), LONG_AGO, set()),
        (seen(ago(minutes=3, seconds=1)), LONG_AGO, {"planner"}),
        (seen(ago(hours=9)), ago(minutes=1), set()),
        (seen(ago(hours=9)), ago(minutes=4), {"planner"}),
        (seen(NOW, ago(minutes=5)), LONG_AGO, set()),
        (seen(NOW, ago(minutes=5, seconds=1)), LONG_AGO, {"queue"}),
        (seen(NOW, ago(hours=1)), ago(minutes=1), set()),
        (seen(ago(hours=1), ago(hours=1)), LONG_AGO, {"planner", "queue"}),
        (seen(NOW + dt.timedelta(hours=1), NOW + dt.timedelta(hours=1)), NOW + dt.timedelta(hours=1), set()),
    ],
)
def test_late_is_over_three_minutes_for_the_planner_and_over_five_for_a_message(found, started, wrong):
    assert set(faults(found, NOW, started)) == wrong


async def test_the_answer_is_ok_or_says_why_not(ledger):
    await ledger.looked(ago(seconds=20))
    answer = await health_answer(ledger.store, NOW, LONG_AGO)
    assert (answer.status_code, bytes(answer.body)) == (200, b"ok")
    await ledger.message(due=ago(minutes=7))
    await ledger.looked(ago(minutes=4))
    answer = await health_answer(ledger.store, NOW, LONG_AGO)
    assert answer.status_code == 503
    assert json.loads(bytes(answer.body)) == {
        "healthy": False,
        "planner": "nobody has looked for 4 minutes at what is due",
        "queue": "the oldest message is 7 minutes late",
    }


@ON_SQLITE
async def test_a_served_ember_counts_what_it_answers_and_what_it_says(database_url, clock):
    async with agency(database_url, clock, ticking=True) as place:
        await place.ana.command("/ember", "help")
        workspace = next(iter(place.ember.workspaces.values()))
        note = Occurrence(place.northwind.id, "digest", NOW.date(), NOW, NOW + dt.timedelta(hours=1))
        async with place.ember.store.work(workspace.id) as session:
            await enqueue(session, note, NOW)
        await place.ember.courier.dispatch()
        async with httpx.AsyncClient(base_url=place.address) as http:
            assert (await http.get("/healthz")).text == "ok"
            told = (await http.get("/metrics")).text
        assert 'ember_request_seconds_count{status="200"} ' in told
        assert 'ember_deliveries_total{kind="digest",state="cancelled"} ' in told


async def test_a_database_that_does_not_answer_is_a_fault_and_no_crash(tmp_path):
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert (await health_answer(store, NOW, LONG_AGO)).status_code == 503
    assert (await Metrics().answer(store, MovableClock(NOW))).status_code == 503
    await store.close()


async def test_the_numbers_are_those_of_the_ledger_and_of_this_process(ledger):
    await ledger.looked(ago(seconds=20))
    await ledger.message(due=ago(minutes=2))
    metrics = Metrics()
    metrics.posted(0.3)
    metrics.ended("digest", State.SENT)
    metrics.ended("digest", State.SENT)
    answer = await metrics.answer(ledger.store, MovableClock(NOW))
    told = dict(line.rsplit(" ", 1) for line in bytes(answer.body).decode().splitlines() if not line.startswith("#"))
    assert answer.headers["content-type"].startswith("text/plain")
    assert {
        "ember_planner_age_seconds": "20.0",
        "ember_oldest_due_seconds": "120.0",
        'ember_queue_depth{state="queued"}': "1.0",
        'ember_deliveries_total{kind="digest",state="sent"}': "2.0",
        "ember_posting_seconds_count": "1.0",
        'ember_posting_seconds_bucket{le="0.4"}': "1.0",
    }.items() <= told.items()
