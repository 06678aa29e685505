"""How much a process takes on: what it can do something about, so that little stands still should it die."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.courier.desk import IN_FLIGHT, IN_HAND
from bot.courier.guard import Clear
from bot.courier.outcomes import until_next_look
from bot.workspaces import installs
from tests.courier.post_office import QUICK, PostOffice
from tests.support import ON_SQLITE, PATIENCE

EACH = 4
A_LITTLE_LONGER = 0.4
"""Seconds in which one message more than allowed would arrive."""


@pytest.fixture
async def two_offices(office, slack, client, clock):
    """Two workspaces with something to say in four channels each."""
    names = {"slack_id": "T0OTHER", "name": "Other", "address": "https://other.slack.com/"}
    async with office.store.work(None) as session:
        other = await installs.install(session, **names, bot_slack_id="U0BOT", now=clock.now())
    offices = office, PostOffice(office.store, other, slack, client, clock)
    for number in range(2 * EACH):
        await offices[number % 2].queue(slack.world.add_channel(f"room-{number}").id)
    return offices


class Barrier:
    """Holds up whoever comes, until it is lifted."""

    def __init__(self, answer=None) -> None:
        self._arrivals, self._answer, self._lifted = asyncio.Semaphore(0), answer, asyncio.Event()

    async def __call__(self, *_):
        self._arrivals.release()
        await self._lifted.wait()
        return self._answer

    @asynccontextmanager
    async def holding(self, count: int, courier):
        """Inside, a courier has brought so many messages here and waits; afterwards they all go on."""
        dispatching = asyncio.create_task(courier.dispatch())
        try:
            for _ in range(count):
                await asyncio.wait_for(self._arrivals.acquire(), PATIENCE)
            yield
        finally:
            self._lifted.set()
            taken = await dispatching
        assert taken == 2 * EACH

    async def holds_no_more(self):
        """Fail where one more message arrives."""
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self._arrivals.acquire(), A_LITTLE_LONGER)


@ON_SQLITE
async def test_no_more_than_it_has_in_hand(two_offices):
    before_writing = Barrier()
    courier = two_offices[0].another(hold=before_writing, timing=QUICK)
    assert IN_HAND < 2 * EACH
    async with before_writing.holding(IN_HAND, courier):
        await before_writing.holds_no_more()


@ON_SQLITE
async def test_more_while_it_is_slack_that_takes_long(two_offices):
    at_slack = Barrier(Clear())
    courier = two_offices[0].another(timing=QUICK)
    courier.carrier.guard = at_slack
    assert 2 * EACH < IN_FLIGHT
    async with at_slack.holding(2 * EACH, courier):
        pass


@pytest.mark.parametrize(("age", "wait"), [(0.0, 15.0), (10.0, 5.0), (15.0, 15.0), (29.0, 1.0)])
def test_a_message_that_is_not_there_is_looked_for_half_way_and_when_it_has_settled(age, wait):
    assert until_next_look(age, 30.0) == wait
