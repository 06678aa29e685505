"""The stage in a client's form has a rhythm of its own; the card says which, and the form shows what was chosen."""

import datetime as dt

import pytest

from bot.practices.clients.rows import ClientRow
from bot.practices.spark.rows import SparkRow
from tests.front_door import reads, set_up_by_form
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)
pytestmark = ON_SQLITE


async def card(place):
    return reads((await place.ana.command("/client", "northwind", channel=place.elsewhere)).message)


async def test_the_form_offers_four_stages_and_the_card_says_what_each_does_to_the_rhythm(place):
    await place.has_been_in(place.elsewhere)
    await set_up_by_form(place, rhythm="14", stage="onboarding", key=["yes"])
    assert "Key client" in await card(place)
    assert "Next due Tue 19 May · every 7 days while in onboarding, 14 once steady" in await card(place)
    said = {
        "renewal": "Next due Tue 19 May · every 7 days before the renewal, 14 once steady",
        "winding_down": "Next due Tue 9 Jun · every 28 days while winding down, 14 when steady",
        "steady": "Next due Tue 26 May · usually every 14 days",
    }
    for stage, line in said.items():
        await place.ana.command("/client", "edit northwind")
        form = await place.ana.modal()
        assert (form.value("rhythm"), form.value("days"), form.value("key")) == ("14", None, ["yes"])
        assert (await place.ana.submit(stage=stage)).errors == {}
        await place.ana.close_modal(everything=True)
        await place.quiet()
        assert line in await card(place)
    [client] = await place.rows(ClientRow)
    [kept] = await place.rows(SparkRow)
    assert (client.stage, client.rhythm_days, client.is_key, kept.cadence_days) == ("steady", 14, True, 14)
    assert kept.due_on == TODAY + dt.timedelta(days=14)


@pytest.mark.parametrize(
    ("stage", "days", "line"),
    [
        ("onboarding", 1, "in onboarding, usually every day"),
        ("winding_down", 365, "winding down, usually every 365 days"),
    ],
)
async def test_a_stage_that_changes_nothing_about_the_rhythm_is_named_all_the_same(place, stage, days, line):
    await place.has_been_in(place.elsewhere)
    await set_up_by_form(place, days=str(days), stage=stage)
    assert line in await card(place)
