import asyncio
import datetime as dt

import pytest

from bot.slack.blocks import modal, section
from tests.front_door import agency
from tests.support import PATIENCE

LATER = dt.timedelta(seconds=1)


def showing(words):
    press = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": "Press"}}
    return modal("Counted", [section(words), {"type": "actions", "elements": [press]}], callback_id="counted")


@pytest.fixture
async def place(migrated_sqlite, tmp_path, clock):
    """A window with one button, before Ana."""
    (tmp_path / "ember.db").write_bytes(migrated_sqlite.read_bytes())
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock) as place:

        async def show(ack, here):
            await ack()
            here.open(showing("Not pressed."))

        place.ember.bolt.command("/counted")(show)
        await place.ana.command("/counted")
        await place.ana.modal()
        yield place


def what_it_says(place):
    [view] = place.slack.world.views.stack(place.ana.member.id)
    return view.source["blocks"][0]["text"]["text"]


async def test_of_two_quick_presses_the_second_one_stands_there(place):
    pressed = []

    async def press(ack, here):
        await ack()
        pressed.append(here.envelope.view["hash"])
        here.update(showing(f"Pressed {len(pressed)} times."))

    place.ember.bolt.action("press")(press)
    await asyncio.gather(place.ana.click("press"), place.ana.click("press"))
    await place.quiet()
    assert what_it_says(place) == "Pressed 2 times."
    assert len(set(pressed)) == 1

    await place.ana.click("press")
    await place.quiet()
    assert what_it_says(place) == "Pressed 3 times."


async def test_a_press_that_takes_long_draws_nothing_over_a_later_one(place, clock):
    begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def press(ack, here):
        await ack()
        if begun.is_set():
            here.update(showing("The second."))
            return
        begun.set()
        await may_go_on.wait()
        here.update(showing("The first."))

    place.ember.bolt.action("press")(press)
    first = asyncio.create_task(place.ana.click("press"))
    await begun.wait()
    clock.advance(LATER)
    await place.ana.click("press")
    await place.slack.world.until(lambda: what_it_says(place) == "The second." or None, PATIENCE)

    may_go_on.set()
    await first
    await place.quiet()
    assert what_it_says(place) == "The second."
    assert place.slack.calls("views.update")[-1].response == {"ok": False, "error": "hash_conflict"}
