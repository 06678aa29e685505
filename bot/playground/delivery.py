"""From Slack to the app: signed HTTP or Socket Mode, the deadline, and the retries of events."""

import asyncio
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import httpx

from bot.clock import Clock
from bot.playground import payloads
from bot.playground.ground import Ground
from bot.playground.people import Message
from bot.playground.socketmode import Sockets

Json = dict[str, Any]
Family = Literal["slash_commands", "interactive", "events_api"]

TROUBLE = "We had some trouble connecting. Try again?"
NOWHERE = "call connect() or open a socket first"


class NothingConnected(Exception):
    """There is no app to deliver to."""


@dataclass(slots=True)
class Answer:
    """What came back for one delivery, and what the person was told about it.

    status: the HTTP status, 0 when none came (over Socket Mode 200 stands for an acknowledgement).  elapsed: seconds.
    body: JSON if it is JSON, otherwise text.  error: operation_timeout, dispatch_failed, invalid_command_response,
    invalid_view, invalid_errors, or None.  errors: a submission's field errors without "~version".
    """

    status: int
    elapsed: float
    body: Json | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    told: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    message: Message | None = None
    sent: "Parcel | None" = None

    @property
    def ok(self) -> bool:
        """Tell whether the app answered 200 in time and Slack could use the answer."""
        return self.error is None

    @property
    def json(self) -> Json:
        """Return the body if it is an object, otherwise an empty one."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def text(self) -> str:
        """Return the answer's message text."""
        return str(self.json.get("text") or "") if isinstance(self.body, dict) else self.body

    @property
    def blocks(self) -> list[Json]:
        """Return the answer's message blocks."""
        blocks: list[Json] = self.json.get("blocks") or []
        return blocks


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver: its family, its name on the wire, and the payload."""

    family: Family
    kind: str
    payload: Json

    def encoded(self) -> tuple[bytes, str]:
        """Return the HTTP body and its content type."""
        if self.family == "events_api":
            return json.dumps(self.payload).encode(), "application/json"
        fields = self.payload if self.family == "slash_commands" else {"payload": json.dumps(self.payload)}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"


class Delivery:
    """Delivers parcels to wherever the app listens.

    deadline: seconds an app may take.  retry_delays: seconds before each retry of an event.
    """

    def __init__(
        self,
        ground: Ground,
        sockets: Sockets,
        secret: str,
        *,
        clock: Clock,
        deadline: float,
        retry_delays: Sequence[float],
    ) -> None:
        self.target: str | None = None
        self.deadline = deadline
        self.retry_delays = tuple(retry_delays)
        self._ground = ground
        self._sockets = sockets
        self._secret = secret
        self._clock = clock
        self._http = httpx.AsyncClient(
            trust_env=False,
            timeout=deadline + 1.0,
            limits=httpx.Limits(max_connections=None),
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # loopback only: the machine's certificates are not read
        )
        self._retries: set[asyncio.Task[None]] = set()

    def sign(self, body: bytes) -> dict[str, str]:
        """Return Slack's two signature headers for a body sent now."""
        timestamp = str(int(self._clock.now().timestamp()))
        digest = hmac.new(self._secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}

    async def send(self, parcel: Parcel, *, attempt: int = 0, reason: str = "") -> Answer:
        """Deliver once and record both ways.

        While the fault "late" is on, the app hears of what a person does when the deadline is over: it may do its work,
        but its answer counts no more.  Nobody waits for that.
        """
        late = parcel.family != "events_api" and self._ground.faults.is_on("late")
        if late:
            self._ground.tickets.expire(str(parcel.payload.get("trigger_id")))
        asked = self._ground.record("to_app", parcel.kind, parcel.payload)
        if self.target is not None:
            answer = await self._over_http(parcel, self.target, attempt, reason)
        elif self._sockets.connected:
            answer = await self._over_socket(parcel, attempt, reason)
        else:
            raise NothingConnected(NOWHERE)
        if late:
            answer = _given_up(max(answer.elapsed, self.deadline))
        answer.sent = parcel
        self._ground.record(
            "from_app",
            f"answer:{parcel.kind}",
            answer.body,
            elapsed=answer.elapsed,
            status=answer.status,
            error=answer.error,
            answers=asked.number,
        )
        return answer

    async def send_event(self, parcel: Parcel) -> Answer:
        """Deliver an event; while it fails, retry in the background as Slack does."""
        answer = await self.send(parcel)
        if _may_retry(answer):
            task = asyncio.create_task(self._retry(parcel, _reason(answer)))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        return answer

    def happening(self, kind: str, /, **payload: object) -> Parcel:
        """Return an event about the workspace, ready to send."""
        world = self._ground.world
        inner: Json = {"type": kind, "event_ts": world.ts(), **payload}
        channel = world.channels.get(str(payload.get("channel")))
        shared = channel is not None and channel.shared
        return Parcel("events_api", f"event:{kind}", payloads.event(self._ground, inner, shared=shared))

    async def announce(self, kind: str, /, **payload: object) -> Answer:
        """Deliver an event about the workspace and return the first answer."""
        return await self.send_event(self.happening(kind, **payload))

    async def raw(self, body: bytes, headers: Mapping[str, str | bytes]) -> Answer:
        """Send any bytes with any headers to the app."""
        if self.target is None:
            raise NothingConnected("raw() needs connect()")
        lines = [(name.encode(), _latin(value)) for name, value in headers.items()]
        return await self._post(self.target, body, lines)

    async def settled(self) -> None:
        """Wait until no retry is under way."""
        while self._retries:
            await asyncio.wait(self._retries)

    async def close(self) -> None:
        """Drop the retries and the connections."""
        for task in self._retries:
            task.cancel()
        await asyncio.gather(*self._retries, return_exceptions=True)
        await self._http.aclose()

    async def _retry(self, parcel: Parcel, reason: str) -> None:
        for number, delay in enumerate(self.retry_delays, start=1):
            await asyncio.sleep(delay)
            answer = await self.send(parcel, attempt=number, reason=reason)
            if not _may_retry(answer):
                return
            reason = _reason(answer)

    async def _over_http(self, parcel: Parcel, target: str, attempt: int, reason: str) -> Answer:
        body, content_type = parcel.encoded()
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self.sign(body)
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        return await self._post(target, body, [(name.encode(), value.encode()) for name, value in headers.items()])

    async def _post(self, target: str, body: bytes, headers: list[tuple[bytes, bytes]]) -> Answer:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.deadline):
                response = await self._http.post(target, content=body, headers=headers)
        except TimeoutError:
            return _given_up(time.perf_counter() - started)
        except httpx.TransportError as broken:
            elapsed = time.perf_counter() - started
            return Answer(0, elapsed, str(broken), error="dispatch_failed", told=TROUBLE)
        answer = Answer(response.status_code, time.perf_counter() - started, _read(response), dict(response.headers))
        if answer.status != 200:
            answer.error, answer.told = "dispatch_failed", TROUBLE
        return answer

    async def _over_socket(self, parcel: Parcel, attempt: int, reason: str) -> Answer:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.deadline):
                ack = await self._sockets.send(parcel.family, parcel.payload, attempt=attempt, reason=reason)
        except TimeoutError:
            return _given_up(time.perf_counter() - started)
        except ConnectionError as broken:
            elapsed = time.perf_counter() - started
            return Answer(0, elapsed, str(broken), error="dispatch_failed", told=TROUBLE)
        return Answer(200, time.perf_counter() - started, ack.get("payload") or "")


def _given_up(elapsed: float) -> Answer:
    return Answer(0, elapsed, error="operation_timeout", told=TROUBLE)


def _read(response: httpx.Response) -> Json | str:
    if "json" not in response.headers.get("content-type", ""):
        return response.text
    try:
        body = response.json()
    except ValueError:
        return response.text
    return body if isinstance(body, dict) else response.text


def _latin(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8")


def _may_retry(answer: Answer) -> bool:
    if 200 <= answer.status < 300:
        return False
    return answer.headers.get("x-slack-no-retry") != "1"


def _reason(answer: Answer) -> str:
    if answer.error == "operation_timeout":
        return "http_timeout"
    return "connection_failed" if answer.status == 0 else "http_error"
