"""The HTTP edge: size, signature, shape; then the dispatcher."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.slack.dispatch import Dispatcher

MAX_BODY = 1_000_000
WINDOW_SECONDS = 300
SHAPES = {"command", "type", "ssl_check"}


class TooLarge(Exception):
    """The body is larger than anything Slack sends."""


class SlackEdge:
    """Answers `POST /slack/events`: 413 to a huge body, 401 to a bad signature, 400 to what is not Slack's."""

    def __init__(self, signing_secret: str, dispatcher: Dispatcher, now: Callable[[], dt.datetime]) -> None:
        self._secret = signing_secret.encode()
        self._dispatcher = dispatcher
        self._now = now

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
        response = as_http(await self._dispatcher.answer(bolt_request))
        response.background = BackgroundTask(self._dispatcher.is_out)
        return response

    def _is_signed(self, request: Request, body: bytes) -> bool:
        """Check Slack's v0 signature over the bytes as they came."""
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and signature.isascii()):
            return False
        if abs(self._now().timestamp() - int(timestamp)) > WINDOW_SECONDS:
            return False
        signed = b"v0:%s:%s" % (timestamp.encode(), body)
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, signature)


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
    """Return a Bolt request, or None for a body that is none of Slack's shapes.

    Bolt takes any body with "payload" in it for an interaction, a command's text included; so it is handed the parsed
    one, as over Socket Mode.
    """
    headers: dict[str, Any] = dict(request.headers)
    try:
        parsed = _parsed(body.decode("utf-8"), request.headers.get("content-type", ""))
        if not (isinstance(parsed, dict) and SHAPES & parsed.keys()):
            return None
        return AsyncBoltRequest(mode="socket_mode", body=parsed, headers=headers)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def _parsed(text: str, content_type: str) -> object:
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return json.loads(text)
    form = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


def as_http(response: BoltResponse) -> Response:
    """Return a Bolt response as a Starlette one."""
    content_type = response.first_headers_without_set_cookie().get("content-type", "text/plain")
    return Response(response.body.encode("utf-8", "replace"), status_code=response.status, media_type=content_type)
