"""What changed in the world, told to whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

What = Literal["message", "gone", "views", "home", "members", "channels", "channel", "read", "wire", "clock", "faults"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, named so that a second one of the same thing is equal to it.

    message, gone: `channel_id` and `ts`; for a gone ephemeral message `user_id` is who saw it.  views, home: whose.
    channel: which one changed.  read: who has read what.  The others say that a whole list is to be read again.
    """

    what: What
    channel_id: str = ""
    ts: str = ""
    user_id: str = ""


Listener = Callable[[Change], None]


class Changes:
    """Everybody who wants to know, told at once and in order."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of every change from now on; the returned function ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, change: Change) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            listener(change)
