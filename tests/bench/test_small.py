"""The benchmarks of what Ember costs, in small: that they run, and what does not depend on the machine."""

import os
import time

import psycopg
import pytest

from bench.agencies import Size, fresh
from bench.fairness import COMMITS_AT_MOST, PACE_AT_LEAST, Crowd, serve
from bench.idle import Idle, spent
from bench.morning import FRIDAY, NINE, measure
from tests.support import ON_SQLITE

TEN = Size(agencies=10, clients=5)
A_SIGN_OF_LIFE = 2
"""Statements by which a plan shows that somebody looked; the next one at the same instant need not."""


@pytest.fixture
def agencies(postgres):
    """Ten agencies in a database of their own; its address."""
    desk = postgres.replace("postgresql+psycopg://", "postgresql://")
    yield fresh(desk, "agencies", TEN)
    with psycopg.connect(desk, autocommit=True) as connection:
        connection.execute("DROP DATABASE agencies WITH (FORCE)")


async def test_a_morning_says_what_is_due_and_asks_no_more_than_that_takes(agencies):
    nothing = await measure(agencies, TEN, 0, NINE)
    two = await measure(agencies, TEN, 2, NINE)
    four = await measure(agencies, TEN, 4, NINE)

    assert (nothing.messages, two.messages, four.messages) == (0, 4, 8)
    first_two, next_two = two.statements - nothing.statements, four.statements - two.statements
    assert first_two > 0
    assert abs(next_two - first_two) <= A_SIGN_OF_LIFE


async def test_a_friday_asks_no_more_than_the_weeks_that_can_be_told(agencies):
    nothing = await measure(agencies, TEN, 0, FRIDAY)
    two = await measure(agencies, TEN, 2, FRIDAY)

    assert (nothing.messages, two.messages) == (0, 2)
    assert nothing.statements < 2 * TEN.agencies + A_SIGN_OF_LIFE < two.statements


@ON_SQLITE
async def test_small_ones_are_not_kept_waiting_and_a_message_costs_few_commits(database_url):
    found = await serve(database_url, Crowd(big=20, lanes=2, small=4), later=False)

    assert found.said >= 8
    assert found.too_soon == 0
    assert min(found.gaps) >= PACE_AT_LEAST
    assert found.commits_each <= COMMITS_AT_MOST


def test_a_process_says_what_it_took():
    """What `bench.idle` reads of Ember's process, read of this one."""
    (before, slept), since = spent(os.getpid()), time.process_time()
    while time.process_time() - since < 0.1:
        sum(range(1_000))
    time.sleep(0.001)
    after, woke = spent(os.getpid())

    assert 0.05 <= after - before < 2.0
    assert woke > slept
    assert Idle(cpu=0.25, seconds=50.0, wakes=900).share == pytest.approx(0.5)
