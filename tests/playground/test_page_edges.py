"""Where a page's socket must not fail: frames in order, and an answer whatever goes wrong behind it."""

import asyncio
import json

import pytest
import structlog.testing

from bot.playground.page.facts import Facts
from bot.playground.page.glance import Table
from bot.playground.page.seat import Seat
from bot.playground.page.stage import Stage

SORRY = "That did not work. The log says why."


class Broken:
    """A database that fails at every look."""

    async def tables(self):
        return [Table("client", 3)]

    async def rows(self, table, offset, limit):
        raise OSError("the disk is full")


class Narrow:
    """A socket that is full until it is set `free`, and takes a moment for each frame then."""

    closed = False

    def __init__(self):
        self.frames = []
        self.full = asyncio.Event()
        self.free = asyncio.Event()

    async def send_str(self, text):
        if not self.free.is_set():
            self.full.set()
            await self.free.wait()
        await asyncio.sleep(0)
        self.frames.append(json.loads(text))


@pytest.fixture
def glance():
    return Broken()


@pytest.fixture
def narrow():
    return Narrow()


@pytest.fixture
def seat(slack, ana, narrow):
    return Seat(Stage(slack.ground, slack._delivery, Facts(), None), narrow, ana)


@pytest.fixture
def heard(seat, slack):
    slack.world.listen(seat.heard)
    return seat


@pytest.mark.parametrize(("then", "last"), [("flush", "clock"), ("show_scene", "scene")])
async def test_what_changed_first_is_pushed_first_however_slow_the_socket(heard, narrow, slack, clock, then, last):
    slack.world.changed("members")
    slack.world.changed("clock")
    slow = asyncio.create_task(heard.flush())
    await narrow.full.wait()
    clock.run_at(clock.now().replace(year=2031))
    slack.world.changed("clock")
    after = asyncio.create_task(getattr(heard, then)())
    await asyncio.sleep(0)
    narrow.free.set()
    await asyncio.gather(slow, after)
    assert [frame["push"] for frame in narrow.frames] == ["members", "clock", last]
    assert narrow.frames[-1]["clock"]["now"].startswith("2031")


async def test_what_breaks_behind_a_deed_is_answered_and_logged(tab):
    with structlog.testing.capture_logs() as logged:
        answer = await tab.ask("rows", table="client")
    assert (answer["ok"], answer["told"]) == (False, SORRY)
    assert [(line["event"], line["deed"]) for line in logged] == [("a deed failed", "rows")]
    assert (await tab.ask("tables"))["ok"]


async def test_a_frame_that_is_too_deep_is_answered_kindly(tab):
    await tab.say_raw('{"id":' + "[" * 200_000)
    answer = await tab.answer(None)
    assert (answer["ok"], answer["told"]) == (False, "That could not be understood.")


async def test_a_push_that_breaks_is_logged_and_the_others_come(tab, slack):
    with structlog.testing.capture_logs() as logged:
        slack.world.changed("channel", "C-that-is-not-there")
        assert (await tab.ask("tables"))["ok"]
    assert [line["event"] for line in logged] == ["a push failed"]
    slack.world.changed("clock")
    await tab.until("clock")
