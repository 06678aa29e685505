"""Two saves at the same moment, through the front door: the second one reads what the first one wrote."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.clients import service as clients
from bot.practices.promises.rows import PromiseEventRow, PromiseRow
from tests.front_door import set_up_client

NEXT_WEEK = dt.date(2026, 5, 22)
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
HELD = dt.timedelta(milliseconds=300)


async def saved_while_it_moves(place, client, **said):
    """Have a form saved that waits while somebody else moves the promise to another day; return the answer."""
    async with place.ember.store.work(place.workspace.id) as session:
        await clients.hold(session, client)
        await session.execute(sa.update(PromiseRow).values(due_on=NEXT_WEEK))
        saving = asyncio.create_task(place.ana.submit(**said))
        await asyncio.sleep(HELD.total_seconds())
    return await saving


@pytest.fixture
async def client(place):
    """A client of Ana's and Tom's."""
    await set_up_client(place, heard_in=[place.northwind], team=[place.tom.member], rhythm=30)
    async with place.ember.store.look(place.workspace.id) as session:
        return (await clients.named(session, "northwind"))[0].id


async def test_a_promise_whose_words_are_mended_keeps_the_day_to_which_it_is_moved_at_that_moment(place, client):
    await place.ana.command("/client", "promise northwind media plan by Friday", channel=place.elsewhere)
    await place.ana.submit()
    await place.ana.click("promise.edit")
    await place.quiet()
    await place.ana.modal()
    assert (await saved_while_it_moves(place, client, what="our media plan")).errors == {}
    [row] = await place.rows(PromiseRow)
    assert (row.what, row.due_on) == ("our media plan", NEXT_WEEK)


async def test_a_check_in_whose_typo_is_mended_moves_no_promise_back_in_anothers_name(place, client):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    await place.ana.click("checkin.more")
    await place.quiet()
    said = {"feeling": "3", "note": "They wait for the plan", "promise": "the media plan"}
    await place.ana.submit(client="Northwind", **said, promise_due="2026-05-15")
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.modal()
    assert (await saved_while_it_moves(place, client, note="They wait for the media plan")).errors == {}
    [row] = await place.rows(PromiseRow)
    assert row.due_on == NEXT_WEEK
    assert await place.rows(PromiseEventRow) == []
