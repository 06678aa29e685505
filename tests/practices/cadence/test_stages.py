"""Each stage of a relationship has a rhythm of its own; the client's past stays the yardstick."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.clients import service as clients
from bot.practices.clients.rules import Stage, rhythm, rhythm_in
from bot.practices.clients.service import Details
from bot.practices.spark import rows as spark
from bot.practices.spark import service
from bot.practices.spark.service import Facts
from bot.store.base import new_id
from tests.conftest import NOW

TODAY = NOW.date()


@given(st.sampled_from(Stage), st.integers(1, 365))
def test_every_stage_has_a_rhythm(stage, steady_days):
    assert rhythm(rhythm_in(stage, steady_days))


@pytest.mark.parametrize(
    ("stage", "days"), [(Stage.ONBOARDING, 7), (Stage.STEADY, 14), (Stage.RENEWAL, 7), (Stage.WINDING_DOWN, 28)]
)
def test_each_stage_has_its_own(stage, days):
    assert rhythm_in(stage, 14) == days


async def test_moving_from_onboarding_to_steady_changes_the_next_due_day_and_keeps_the_baseline(
    store, workspace, people
):
    ana = await people.member("U0ANA", "Ana")
    days = [TODAY - dt.timedelta(days=7 * week) for week in range(1, 9)]

    def details(stage):
        return Details("Northwind", ana.id, 14, stage=stage)

    async with store.work(workspace.id) as session:
        made = await clients.set_up(
            session, details(Stage.ONBOARDING), by=ana.id, key=str(new_id()), now=NOW, today=days[-1]
        )
        await service.rebuild(session, made.id, Facts(days))
        before = (await spark.get_many(session, [made.id]))[made.id]
        moved = await clients.edit(session, made.id, details(Stage.STEADY))
        after = (await spark.get_many(session, [made.id]))[made.id]
    assert (made.stage, made.rhythm_days, made.steady_days) == (Stage.ONBOARDING, 7, 14)
    assert (moved.stage, moved.rhythm_days, moved.steady_days) == (Stage.STEADY, 14, 14)
    assert (before.due_on, after.due_on) == (days[0] + dt.timedelta(days=7), days[0] + dt.timedelta(days=14))
    assert before.fade_on < after.fade_on
    assert (after.state, after.last_on) == (before.state, before.last_on)
