"""What went over the wire, in both directions."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]
Direction = Literal["to_app", "from_app"]


@dataclass(frozen=True, slots=True)
class Record:
    """One request or answer.

    kind: "command", "block_actions", "view_submission", "event:…" towards the app; "call:<method>",
    "answer:<kind>" or "response_url" from it.  elapsed: seconds until the answer was complete.
    """

    direction: Direction
    kind: str
    payload: object
    at: dt.datetime
    elapsed: float = 0.0
    status: int = 0
    response: object = None
    error: str | None = None

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
    """Every record, oldest first."""

    def drawn(self) -> Iterator[tuple[Json, Surface]]:
        """Walk through everything the app asked Slack to draw."""
        for record in self:
            yield from record.drawn()
