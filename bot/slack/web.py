"""The HTTP edge: size, signature, shape; then the dispatcher."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.slack.dispatch import Dispatcher

MAX_BODY = 1_000_000


class TooLarge(Exception):
    """The body is larger than anything Slack sends."""


class _VerifierClock(SlackClock):
    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class SlackEdge:
    """Answers `POST /slack/events`: 413 to a huge body, 401 to a bad signature, 400 to a shape that is none of Slack's."""

    def __init__(self, signing_secret: str, dispatcher: Dispatcher, now: Callable[[], dt.datetime]) -> None:
        self._verifier = SignatureVerifier(signing_secret, clock=_VerifierClock(now))
        self._dispatcher = dispatcher

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            body = await read_body(request)
        except TooLarge:
            return PlainTextResponse("body too large", status_code=413)
        except ClientDisconnect:
            return PlainTextResponse("", status_code=400)
        if not self._is_signed(request, body):
            return PlainTextResponse("invalid signature", status_code=401)
        bolt_request = parse(body, request)
        if bolt_request is None:
            return PlainTextResponse("not a Slack request", status_code=400)
        return as_http(await self._dispatcher.answer(bolt_request))

    def _is_signed(self, request: Request, body: bytes) -> bool:
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signature.isascii()):
            return False
        try:
            return bool(self._verifier.is_valid(body, timestamp, signature))
        except UnicodeDecodeError:
            return False


async def read_body(request: Request) -> bytes:
    """Return the body.  Raises TooLarge as soon as it is known to be over the cap."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:12]) > MAX_BODY:
        raise TooLarge
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


def parse(body: bytes, request: Request) -> AsyncBoltRequest | None:
    """Return a Bolt request, or None for a body that is none of Slack's shapes."""
    headers: dict[str, Any] = dict(request.headers)
    try:
        parsed = AsyncBoltRequest(body=body.decode("utf-8"), query=request.url.query, headers=headers)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    shape: object = parsed.body
    return parsed if isinstance(shape, dict) else None


def as_http(response: BoltResponse) -> Response:
    """Return a Bolt response as a Starlette one."""
    content_type = response.first_headers_without_set_cookie().get("content-type", "text/plain")
    return Response(response.body, status_code=response.status, media_type=content_type)
