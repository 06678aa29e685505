"""The ticks of one process."""

import asyncio

import pytest

from bot.courier.engines.embedded import EmbeddedEngine
from tests.support import PATIENCE


class Port:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.changed = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def plan(self) -> None:
        await self._ask("plan")

    async def dispatch(self) -> None:
        await self._ask("dispatch")

    async def housekeep(self) -> None:
        await self._ask("housekeep")

    async def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.changed.set()
        await self.go_on.wait()
        self.asked.append(f"{what} done")

    async def until(self, what: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while what not in self.asked:
                await self.changed.wait()
                self.changed.clear()


@pytest.fixture
async def port():
    return Port()


@pytest.fixture
async def engine(port):
    engine = EmbeddedEngine(port, dispatch_seconds=60)
    yield engine
    port.go_on.set()
    await engine.stop()


async def test_it_begins_with_what_is_due(port, engine):
    await engine.start()
    await port.until("dispatch")
    assert port.asked[:3] == ["plan", "plan done", "dispatch"]


async def test_it_ticks(port):
    engine = EmbeddedEngine(port, dispatch_seconds=0.02)
    await engine.start()
    async with asyncio.timeout(PATIENCE):
        while port.asked.count("dispatch done") < 4:
            await asyncio.sleep(0.01)
    await engine.stop()
    after = list(port.asked)
    await asyncio.sleep(0.05)
    assert port.asked == after


async def test_what_is_still_being_asked_is_not_asked_again(port):
    port.go_on.clear()
    engine = EmbeddedEngine(port, dispatch_seconds=0.01)
    await engine.start()
    await port.until("dispatch")
    await asyncio.sleep(0.05)
    assert port.asked == ["plan", "dispatch"]
    port.go_on.set()
    await engine.stop()


async def test_a_question_that_fails_is_asked_again(port):
    class Failing(Port):
        async def dispatch(self) -> None:
            self.asked.append("dispatch")
            raise ZeroDivisionError

    port = Failing()
    engine = EmbeddedEngine(port, dispatch_seconds=0.01)
    await engine.start()
    async with asyncio.timeout(PATIENCE):
        while port.asked.count("dispatch") < 3:
            await asyncio.sleep(0.01)
    await engine.stop()


async def test_a_nudge_asks_soon(port, engine):
    for _ in range(3):
        engine.nudge()
    await port.until("dispatch")
    assert port.asked.count("dispatch") == 1


async def test_what_was_begun_is_finished(port, engine):
    port.go_on.clear()
    await engine.start()
    await port.until("plan")
    stopping = asyncio.create_task(engine.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    port.go_on.set()
    await stopping
    assert "plan done" in port.asked
