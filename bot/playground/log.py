"""The messages of one conversation, kept so that a page, a thread or one message is found without reading the rest."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from operator import attrgetter

from bot.playground.people import Message

by_ts = attrgetter("ts")


class Log:
    """What stands in one conversation, oldest first, ephemeral messages included."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._top: list[Message] = []
        self._replies: dict[str, list[Message]] = {}
        self._by_ts: dict[str, Message] = {}

    def add(self, message: Message) -> None:
        """Put a message where its time belongs."""
        insort(self.messages, message, key=by_ts)
        self._by_ts[message.ts] = message
        if is_reply(message):
            insort(self._replies.setdefault(str(message.thread_ts), []), message, key=by_ts)
        if not is_reply(message) or message.broadcast:
            insort(self._top, message, key=by_ts)

    def remove(self, message: Message) -> None:
        """Take a message out."""
        del self._by_ts[message.ts]
        for row in (self.messages, self._top, self._replies.get(message.thread_ts or "", [])):
            at = bisect_left(row, message.ts, key=by_ts)
            if at < len(row) and row[at] is message:
                del row[at]

    def find(self, ts: str) -> Message | None:
        """Return the message of that time."""
        return self._by_ts.get(ts)

    def replies(self, ts: str) -> list[Message]:
        """Return the replies to a message, oldest first."""
        return self._replies.get(ts, [])

    def backwards(self, before: str | None = None) -> Iterator[Message]:
        """Walk back through what stands outside threads, from the newest or from just before a time."""
        start = len(self._top) if before is None else bisect_left(self._top, before, key=by_ts)
        return (self._top[at] for at in range(start - 1, -1, -1))


def is_reply(message: Message) -> bool:
    """Tell whether a message answers another one in its thread."""
    return message.thread_ts not in {None, "", message.ts}
