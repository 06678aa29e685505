"""Who watches the courier at work, and what they are told."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.courier.kinds import Delivery
from bot.courier.rows import State
from bot.store.session import Work

Troubled = Callable[[Work, Delivery, dt.datetime], Awaitable[None]]
"""Told of a message that was not said: the channel is closed, others read along, or whoever it was for has left."""


class Observer(Protocol):
    """Counts what happens; must neither wait nor fail."""

    def posted(self, seconds: float) -> None:
        """Take note that Slack has answered a post or a change."""

    def ended(self, kind: str, state: State) -> None:
        """Take note of what became of a message."""


class Nobody:
    """Watches nothing."""

    def posted(self, seconds: float) -> None:
        """Let it pass."""

    def ended(self, kind: str, state: State) -> None:
        """Let it pass."""
