"""What two people, or one with two hands, do to the same client at once: nothing waits for ever, nothing is lost."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.checkins import service
from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note, UnknownCheckin
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Details
from bot.practices.spark import service as spark
from bot.practices.spark.rows import SparkRow
from bot.store.base import new_id
from tests.desk import set_up
from tests.support import NOW, TODAY, count

ROUNDS = 12
WAITS = 0.3


@pytest.fixture
def at_work(store, workspace):
    """Runs a use case in a transaction of its own, as a delivery from Slack does."""

    async def run(use_case, *args, **kwargs):
        async with store.work(workspace.id) as session:
            return await use_case(session, *args, **kwargs)

    return run


def noted(client, text="Fine", **more):
    return Note(client.id, 4, text, Via.LINE, **more)


async def record(at_work, client, by, **more):
    return await at_work(service.record, noted(client, **more), by=by, key=str(new_id()), now=NOW)


async def contact_days(store, workspace, client):
    async with store.look(workspace.id) as session:
        return (await spark.readings(session, [client.id], TODAY))[client.id].contact_days


@pytest.mark.parametrize("change", ["pause", "resume", "end", "edit", "rename"])
async def test_a_check_in_and_a_change_of_its_client_do_not_wait_for_each_other(at_work, ana, change):
    def changed(client):
        return {
            "pause": lambda: at_work(clients.pause, client.id, None, today=TODAY),
            "resume": lambda: at_work(clients.resume, client.id, today=TODAY),
            "end": lambda: at_work(clients.end, client.id, TODAY),
            "edit": lambda: at_work(clients.edit, client.id, Details(client.name, ana.id, 30)),
            "rename": lambda: at_work(clients.rename, client.id, f"{client.name} Group"),
        }[change]()

    for number in range(ROUNDS):
        client = await at_work(set_up, ana, f"Northwind {number}")
        said = record(at_work, client, ana), record(at_work, client, ana)
        both = await asyncio.gather(*said, changed(client))
        assert {receipt.client.id for receipt in both[:2]} == {client.id}


async def test_a_client_that_is_edited_twice_at_once_is_what_the_later_edit_says(at_work, ana):
    for number in range(ROUNDS):
        client = await at_work(set_up, ana, f"Northwind {number}")
        done = []

        async def edit(days, client=client, done=done):
            await at_work(clients.edit, client.id, Details(f"{client.name} {days}", ana.id, days))
            done.append(days)

        await asyncio.gather(edit(14), edit(30), at_work(clients.rename, client.id, f"{client.name} Group"))
        kept = await at_work(clients.get, client.id)
        assert kept.rhythm_days == done[-1]
        assert kept.status is Status.ACTIVE


async def test_a_check_in_that_is_undone_three_times_at_once_is_put_back_once(at_work, ana):
    client = await at_work(set_up, ana)
    kept = (await record(at_work, client, ana)).checkin
    undo = [at_work(service.undo, kept.id, by=ana, now=NOW) for _ in range(3)]
    done = await asyncio.gather(*undo, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Draft", UnknownCheckin.__name__, UnknownCheckin.__name__]
    assert await at_work(count, DraftRow) == 1
    assert await at_work(count, CheckinRow) == 0


async def test_an_edit_keeps_the_day_that_another_edit_has_just_set(at_work, ana, store, workspace):
    client = await at_work(set_up, ana)
    kept = (await record(at_work, client, ana)).checkin
    yesterday = TODAY - dt.timedelta(days=1)
    async with store.work(workspace.id) as first:
        await service.edit(first, kept.id, noted(client, said_on=yesterday), by=ana, now=NOW)
        second = asyncio.create_task(at_work(service.edit, kept.id, noted(client, "Fine, mostly"), by=ana, now=NOW))
        await asyncio.wait({second}, timeout=WAITS)
    changed = (await second).checkin
    assert (changed.note, changed.happened_on) == ("Fine, mostly", yesterday)


async def test_a_check_in_that_is_gone_meanwhile_cannot_be_edited(at_work, ana, store, workspace):
    client = await at_work(set_up, ana)
    kept = (await record(at_work, client, ana)).checkin
    async with store.work(workspace.id) as first:
        await service.delete(first, kept.id, by=ana)
        second = asyncio.create_task(at_work(service.edit, kept.id, noted(client), by=ana, now=NOW))
        await asyncio.wait({second}, timeout=WAITS)
    with pytest.raises(UnknownCheckin):
        await second


async def test_a_check_in_that_moved_to_another_client_meanwhile_is_taken_from_that_one(at_work, ana, store, workspace):
    client, other = await at_work(set_up, ana), await at_work(set_up, ana, "Halden")
    kept = (await record(at_work, client, ana)).checkin
    async with store.work(workspace.id) as first:
        await service.edit(first, kept.id, noted(other), by=ana, now=NOW)
        second = asyncio.create_task(at_work(service.undo, kept.id, by=ana, now=NOW))
        await asyncio.wait({second}, timeout=WAITS)
    assert (await second).client_id == other.id
    assert [await contact_days(store, workspace, each) for each in (client, other)] == [0, 0]


async def test_looking_back_misses_no_conversation_of_the_same_moment(at_work, ana, store, workspace):
    client = await at_work(set_up, ana)
    async with store.work(workspace.id) as session:
        await session.execute(sa.delete(SparkRow))
    async with store.work(workspace.id) as first:
        await service.record(first, noted(client), by=ana, key=str(new_id()), now=NOW)
        looking = asyncio.create_task(at_work(service.backfill, limit=9))
        await asyncio.wait({looking}, timeout=WAITS)
    await looking
    assert await contact_days(store, workspace, client) == 1
    assert await at_work(service.backfill, limit=9) == 0
