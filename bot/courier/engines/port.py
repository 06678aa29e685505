"""What an engine drives: the same three questions, whoever asks them and however often."""

from typing import Protocol


class Port(Protocol):
    """The courier, as an engine knows it; each call may be repeated, and made by several replicas at once."""

    async def plan(self) -> object:
        """Write down what is due."""

    async def dispatch(self) -> object:
        """Say what is written down and due."""

    async def housekeep(self) -> object:
        """Settle what is unclear, and forget what is old."""


class Engine(Protocol):
    """What drives the courier."""

    async def start(self) -> None:
        """Begin to ask."""

    async def stop(self) -> None:
        """Stop asking; what was begun is finished."""

    def nudge(self) -> None:
        """Ask soon: something is waiting."""
