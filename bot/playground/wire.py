"""What went over the wire, in both directions."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]
Direction = Literal["to_app", "from_app"]

NUMBER = attrgetter("number")


@dataclass(frozen=True, slots=True)
class Record:
    """One request or answer.

    kind: "command", "block_actions", "view_submission", "event:…" towards the app; "call:<method>",
    "answer:<kind>" or "response_url" from it.  elapsed: seconds until the answer was complete.  number: counts from 1.
    answers: the number of the request that an answer is for.
    """

    direction: Direction
    kind: str
    payload: object
    at: dt.datetime
    elapsed: float = 0.0
    status: int = 0
    response: object = None
    error: str | None = None
    number: int = 0
    answers: int = 0

    def drawn(self) -> list[tuple[Json, Surface]]:
        """Return the payloads in this record that Slack would draw, with the surface they are drawn on."""
        if self.direction == "to_app" or not isinstance(self.payload, dict):
            return []
        view = self.payload.get("view")
        if isinstance(view, dict):
            return [(view, "home" if view.get("type") == "home" else "modal")]
        posts = self.kind.startswith(("call:chat.", "answer:command", "response_url"))
        return [(self.payload, "message")] if posts and (self.payload.keys() & {"text", "blocks"}) else []


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call as it was answered."""

    method: str
    args: Json
    status: int
    at: dt.datetime
    response: Json | None
    elapsed: float

    @property
    def ok(self) -> bool:
        """Tell whether Slack said yes."""
        return self.status == 200 and self.response is not None and self.response.get("ok") is True


class Wire(list[Record]):
    """Every record, oldest first; with `keep`, at least the newest so many."""

    keep: int | None = None
    last: int = 0

    def write(self, record: Record) -> None:
        """Add a record, numbered by the caller as `last + 1`, and forget the oldest ones beyond `keep`."""
        self.append(record)
        self.last = record.number
        if self.keep is not None and len(self) > self.keep + self.keep // 10:
            del self[: len(self) - self.keep]

    def after(self, number: int) -> list[Record]:
        """Return the records with a greater number."""
        return self[bisect_right(self, number, key=NUMBER) :]

    def before(self, number: int | None, count: int) -> list[Record]:
        """Return the last records, or the last ones with a smaller number."""
        end = len(self) if number is None else bisect_left(self, number, key=NUMBER)
        return self[max(0, end - count) : end]

    def numbered(self, number: int) -> Record | None:
        """Return one record; None when it was forgotten."""
        return next((record for record in self.before(number + 1, 1) if record.number == number), None)

    def drawn(self) -> Iterator[tuple[Json, Surface]]:
        """Walk through everything the app asked Slack to draw."""
        for record in self:
            yield from record.drawn()
