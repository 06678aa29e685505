"""What every open page shares: the stand-in behind it, the app's facts, and work that goes on by itself."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.clock import MovableClock
from bot.playground.delivery import Answer, Delivery, NothingConnected
from bot.playground.ground import Ground
from bot.playground.page.facts import Facts
from bot.playground.page.glance import Glance
from bot.playground.world import World

Json = dict[str, Any]


class Told(Exception):
    """What a person asked for cannot be done; the sentence is shown to them."""

    def __init__(self, sentence: str, **extra: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra


@dataclass(slots=True)
class Stage:
    """The parts of a running stand-in that a page plays with."""

    ground: Ground
    delivery: Delivery
    facts: Facts
    glance: Glance | None
    _going_on: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def world(self) -> World:
        """Return the workspace."""
        return self.ground.world

    @property
    def clock(self) -> MovableClock:
        """Return the clock, if it can be moved.  Told: that it cannot."""
        if not isinstance(self.ground.clock, MovableClock):
            raise Told("This clock cannot be moved.")
        return self.ground.clock

    async def announce(self, kind: str, **payload: object) -> Answer | None:
        """Send the app an event it has subscribed to; None when it has not."""
        if self.facts.events and kind not in self.facts.events:
            return None
        return await self.delivery.announce(kind, **payload)

    def later(self, work: Coroutine[Any, Any, Answer]) -> None:
        """Let a delivery go on by itself while the page is answered."""
        task = asyncio.create_task(_if_connected(work))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def close(self) -> None:
        """End what goes on by itself."""
        for task in tuple(self._going_on):
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)


async def _if_connected(work: Coroutine[Any, Any, Answer]) -> None:
    with contextlib.suppress(NothingConnected):
        await work
