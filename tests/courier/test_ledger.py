"""What is queued, changed, taken back; and one lane after the other."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.courier import ledger
from bot.courier.kinds import Occurrence
from bot.courier.lanes import SHARE
from bot.courier.rows import Op, ScheduleRow, State
from bot.workspaces import installs
from tests.courier.post_office import HOURS
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE
DAILY = ledger.Times(dt.time(9), "Europe/Berlin", 0b0011111, dt.timedelta(hours=9))


async def test_a_message_is_queued_once(office):
    now = office.clock.now()
    one = Occurrence("C0TEAM", "digest", now.date(), now, now + HOURS)
    moved = Occurrence("C0TEAM", "digest", now.date(), now + HOURS, now + 2 * HOURS)
    for occurrence, is_new in ((one, True), (moved, False)):
        async with office.store.work(office.workspace.id) as session:
            assert (await ledger.enqueue(session, occurrence, now) is not None) is is_new
    assert len(await office.rows()) == 1


async def test_a_change_is_shown_where_the_message_stands(office, slack, team):
    delivery = await office.queue(team.id, "Before")
    await office.courier.dispatch()
    office.words.said[await office.subject(delivery)] = "After"

    assert await office.bump(subject=await office.subject(delivery)) == 1
    await office.courier.dispatch()

    [message] = slack.posted(team)
    assert (message.text, message.ts) == ("After", (await office.row(delivery)).sent_ts)
    [change] = await office.rows(op=Op.UPDATE)
    assert (change.state, change.target_id, change.occurrence_key.endswith(":update:1")) == (State.SENT, delivery, True)


async def test_many_changes_are_one(office, slack, team):
    delivery = await office.queue(team.id, "0")
    await office.courier.dispatch()
    subject = await office.subject(delivery)
    for number in range(1, 6):
        office.words.said[subject] = str(number)
        assert await office.bump(subject=subject) == (1 if number == 1 else 0)
    await office.courier.dispatch()
    assert office.texts(team) == ["5"]
    assert len(slack.calls("chat.update")) == 1

    await office.bump(kind="note", recipient=team.id, local_date=office.clock.now().date())
    await office.courier.dispatch()
    assert [row.occurrence_key.rpartition(":")[2] for row in await office.rows(op=Op.UPDATE)] == ["1", "6"]


async def test_what_changes_while_a_change_goes_out_is_shown_too(office, slack, team):
    delivery = await office.queue(team.id, "0")
    await office.courier.dispatch()
    subject = await office.subject(delivery)
    office.words.said[subject] = "1"
    await office.bump(subject=subject)
    claim = await office.claim_one()
    body = await office.carrier.prepare(claim)
    office.words.said[subject] = "2"
    await office.bump(subject=subject)
    await office.carrier.freeze(claim, body)
    await office.carrier.finish(claim, await office.carrier.call(claim, body))
    assert office.texts(team) == ["1"]

    await office.courier.dispatch()
    assert office.texts(team) == ["2"]
    [change] = await office.rows(op=Op.UPDATE)
    assert change.state is State.SENT


async def test_what_changes_while_the_message_goes_out_is_shown_too(office, team):
    delivery = await office.queue(team.id, "0")
    subject = await office.subject(delivery)
    claim = await office.claim_one()
    body = await office.carrier.prepare(claim)
    office.words.said[subject] = "1"
    assert await office.bump(subject=subject) == 0
    await office.carrier.freeze(claim, body)
    await office.carrier.finish(claim, await office.carrier.call(claim, body))
    await office.courier.dispatch()
    assert office.texts(team) == ["1"]


@pytest.mark.parametrize("fault", ["error_500_stored", "dropped_before_store"])
async def test_an_unclear_change_is_just_made_again(office, slack, team, fault):
    delivery = await office.queue(team.id, "0")
    await office.courier.dispatch()
    subject = await office.subject(delivery)
    office.words.said[subject] = "1"
    slack.faults.add("chat.update", fault)
    await office.bump(subject=subject)
    await office.courier.dispatch()
    assert office.texts(team) == ["1"]
    assert slack.calls("conversations.history") == []


async def test_a_change_whose_process_died_is_made_again(office, slack, team):
    delivery = await office.queue(team.id, "0")
    await office.courier.dispatch()
    subject = await office.subject(delivery)
    office.words.said[subject] = "1"
    await office.bump(subject=subject)
    claim = await office.claim_one()
    await office.carrier.freeze(claim, await office.carrier.prepare(claim))
    await office.lease_runs_out()
    await office.another().dispatch()
    assert office.texts(team) == ["0"], "the one that was being made may still come"
    await office.settles()
    await office.another().dispatch()
    assert office.texts(team) == ["1"]


async def test_a_message_that_is_gone_is_not_changed(office, slack, team):
    delivery = await office.queue(team.id, "0")
    await office.courier.dispatch()
    slack.world.remove(slack.posted(team)[0])
    await office.bump(subject=await office.subject(delivery))
    await office.courier.dispatch()
    [change] = await office.rows(op=Op.UPDATE)
    assert (change.state, change.last_error) == (State.CANCELLED, "message_not_found")


async def test_what_is_over_changes_only_where_that_is_wanted(office, team):
    delivery = await office.queue(team.id, "0", life=HOURS)
    await office.courier.dispatch()
    office.clock.advance(2 * HOURS)
    subject = await office.subject(delivery)
    assert await office.bump(subject=subject) == 0

    office.words.said[subject] = "closed"
    assert await office.bump(subject=subject, lasting=True) == 1
    await office.courier.dispatch()
    assert office.texts(team) == ["closed"]


async def test_somebody_says_which_messages_are_meant(office):
    with pytest.raises(ValueError, match="which messages"):
        await office.bump()


async def schedules(office):
    async with office.store.look(office.workspace.id) as session:
        rows = (await session.execute(sa.select(ScheduleRow).order_by(ScheduleRow.recipient))).scalars()
        return {row.recipient: (row.id, row.next_due_at) for row in rows}


async def test_schedules_are_kept_as_wanted(office):
    async def want(**wanted):
        async with office.store.work(office.workspace.id) as session:
            await ledger.set_schedules(session, "digest", wanted, office.clock.now())
        return await schedules(office)

    first = await want(C0ONE=DAILY, C0TWO=DAILY)
    assert first["C0ONE"][1] == dt.datetime(2026, 5, 13, 7, tzinfo=dt.UTC), "today's nine o'clock is over"

    office.clock.advance(dt.timedelta(days=2))
    assert await want(C0ONE=DAILY, C0TWO=DAILY) == first, "what is due stays due"

    evening = ledger.Times(dt.time(17), "Europe/Berlin", DAILY.weekdays, DAILY.grace)
    later = await want(C0TWO=evening, C0NEVER=ledger.Times(dt.time(9), "UTC", 0, DAILY.grace))
    assert list(later) == ["C0TWO"]
    assert later["C0TWO"] == (first["C0TWO"][0], dt.datetime(2026, 5, 14, 15, tzinfo=dt.UTC))


async def test_each_workspace_gets_its_turn(office, store):
    async with store.work(None) as session:
        names = {"slack_id": "T0002", "name": "Small", "address": "https://small.slack.com/"}
        small = await installs.install(session, **names, bot_slack_id="U0BOT", now=office.clock.now())
    now = office.clock.now()
    for number in range(12):
        await office.queue(f"C0BIG{number}")
    async with store.work(small.id) as session:
        one = Occurrence("C0SMALL", "note", now.date(), now + HOURS / 60, now + HOURS, uuid.uuid4())
        await ledger.enqueue(session, one, now)
    office.clock.advance(HOURS / 2)

    claims = await office.courier.claim()
    assert len(claims) == SHARE + 1
    assert small.id in {one.workspace_id for one in claims[: SHARE + 1]}
    assert await office.courier.claim() == [], "four at a time in a workspace, whoever claims"


async def test_a_message_costs_four_commits_at_most(office, team, store):
    commits = []
    for engine in store.engines:
        event.listen(engine.sync_engine, "commit", commits.append)
    before = len(commits)
    await office.queue(team.id)
    queued = len(commits)
    claim = await office.claim_one()
    await office.carrier.carry(claim)
    writing = [one for one in commits[queued:] if one.engine is store.engines[0].sync_engine]
    assert before < queued
    assert len(writing) <= 4


async def test_idle_it_only_reads(office, store):
    writes = []
    event.listen(store.engines[0].sync_engine, "begin", writes.append)
    assert await office.courier.dispatch() == 0
    assert writes == []
