"""What one running stand-in knows, handed to whoever plays a part of Slack."""

import base64
import binascii
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.clock import Clock
from bot.playground.faults import Faults
from bot.playground.refusal import Refused
from bot.playground.tickets import Tickets
from bot.playground.wire import Call, Direction, Record, Wire
from bot.playground.world import World

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(slots=True)
class Ground:
    """The workspace, the tickets in circulation, the planned faults and the record of the wire."""

    clock: Clock
    world: World
    tickets: Tickets
    bot_token: str
    app_token: str
    verification_token: str = "legacy-verification-token"  # noqa: S105  Slack's deprecated field, not a secret
    faults: Faults = field(default_factory=Faults)
    wire: Wire = field(default_factory=Wire)
    calls: deque[Call] = field(default_factory=deque)
    latency: tuple[float, float] | None = None
    url: str = ""

    def record(
        self,
        direction: Direction,
        kind: str,
        payload: object,
        *,
        elapsed: float = 0.0,
        status: int = 0,
        response: object = None,
        error: str | None = None,
        answers: int = 0,
    ) -> Record:
        """Write one line of the wire."""
        number, now = self.wire.last + 1, self.clock.now()
        record = Record(direction, kind, payload, now, elapsed, status, response, error, number, answers)
        self.wire.write(record)
        self.world.changed("wire")
        return record

    def remember(self, records: int) -> None:
        """Keep only so many records and calls from now on."""
        self.wire.keep = records
        self.calls = deque(self.calls, maxlen=records)

    def hook_url(self, token: str) -> str:
        """Return the response URL for a token."""
        return f"{self.url}hooks/{token}"


def needed(args: Mapping[str, Any], name: str) -> str:
    """Return an argument as text.  Refused: missing_argument."""
    value = args.get(name)
    if value is None or value == "":
        raise Refused("missing_argument", needed=name)
    return str(value)


def truthy(value: object) -> bool:
    """Read a flag as JSON, forms and query strings spell it."""
    return value in (True, 1, "1", "true", "True")


def page(rows: Sequence[T], args: Mapping[str, Any], *, default: int, most: int = 1000) -> tuple[Sequence[T], str]:
    """Return one page and the cursor of the next ("" at the end).  Refused: invalid_cursor, invalid_limit."""
    try:
        start = int(base64.b64decode(str(args.get("cursor") or ""), validate=True).removeprefix(b"offset:") or b"0")
    except (binascii.Error, ValueError):
        raise Refused("invalid_cursor") from None
    limit = str(args.get("limit") or default)
    if not limit.isdigit() or not 0 < int(limit) <= most:
        raise Refused("invalid_limit")
    end = start + int(limit)
    cursor = base64.b64encode(f"offset:{end}".encode()).decode() if end < len(rows) else ""
    return rows[start:end], cursor
