"""Slack's Web API over HTTP: arguments in any of Slack's spellings, tokens, faults, one record per call."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.playground import methods_canvases, methods_messages, methods_people, methods_views
from bot.playground.answers import post_response
from bot.playground.faults import Fault
from bot.playground.ground import Ground
from bot.playground.refusal import Refused
from bot.playground.socketmode import Sockets
from bot.playground.wire import Call

Json = dict[str, Any]
Method = Callable[[Ground, Json], Json]

METHODS: Mapping[str, Method] = {
    **methods_people.METHODS,
    **methods_messages.METHODS,
    **methods_views.METHODS,
    **methods_canvases.METHODS,
}
NESTED = {"blocks": "invalid_blocks_format", "view": "invalid_arguments", "metadata": "invalid_metadata_format",
          "attachments": "invalid_attachments"}  # fmt: skip


class Api:
    """The HTTP side of the stand-in: `/api/<method>` and `/api/hooks/<token>`."""

    def __init__(self, ground: Ground, sockets: Sockets) -> None:
        self._ground = ground
        self._sockets = sockets

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to serve."""
        return [
            web.post("/api/hooks/{token}", self.hook),
            web.post("/api/{method}", self.call),
            web.get("/api/{method}", self.call),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one Web API call, or meet its fault."""
        ground, method, started = self._ground, request.match_info["method"], time.perf_counter()
        try:
            args, token = await _arguments(request)
        except Refused as no:
            ground.record("from_app", f"call:{method}", await request.text(), status=200, response=no.body())
            return web.json_response(no.body())
        fault = ground.faults.take(method)
        if ground.latency is not None:
            await asyncio.sleep(random.uniform(*ground.latency))
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.delay)
        status, body, headers = self._outcome(method, args, token, fault)
        elapsed = time.perf_counter() - started
        ground.calls.append(Call(method, args, status, ground.clock.now(), body, elapsed))
        ground.record("from_app", f"call:{method}", args, elapsed=elapsed, status=status, response=body)
        if status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if status == 500:
            return web.Response(status=500, text="Internal Server Error")
        return web.json_response(body, status=status, headers=headers)

    def _outcome(
        self, method: str, args: Json, token: str, fault: Fault | None
    ) -> tuple[int, Json | None, dict[str, str]]:
        """Return status (0 for a cut connection), body and headers; the work is done unless the fault forbids it."""
        kind = fault.kind if fault is not None else None
        if kind == "error_500_not_stored":
            return 500, None, {}
        if kind == "dropped_before_store":
            return 0, None, {}
        try:
            self._refuse_on_purpose(fault)
            body = {"ok": True, **self._work(method, args, token)}
        except Refused as no:
            return no.status, no.body(), no.headers
        if kind == "error_500_stored":
            return 500, body, {}
        if kind == "dropped_after_store":
            return 0, body, {}
        return 200, body, {}

    def _refuse_on_purpose(self, fault: Fault | None) -> None:
        if fault is not None and fault.kind == "rate_limited":
            raise Refused("ratelimited", status=429, headers={"Retry-After": str(fault.retry_after)})
        if fault is not None and fault.kind == "refused":
            raise Refused(fault.error)

    def _work(self, method: str, args: Json, token: str) -> Json:
        ground = self._ground
        if not token:
            raise Refused("not_authed")
        if token not in {ground.bot_token, ground.app_token}:
            raise Refused("invalid_auth")
        opening = method == "apps.connections.open"
        if (token == ground.app_token) != opening:
            raise Refused("not_allowed_token_type")
        if opening:
            return {"url": self._sockets.ticket()}
        work = METHODS.get(method)
        if work is None:
            raise Refused("unknown_method", req_method=method)
        for name, refusal in NESTED.items():
            if isinstance(args.get(name), str):
                args[name] = _decoded(args[name], refusal)
        return work(ground, args)

    async def hook(self, request: web.Request) -> web.Response:
        """Take an answer on a response URL."""
        started = time.perf_counter()
        token = request.match_info["token"]
        body: object = None
        try:
            body = _object(await request.read(), "invalid_payload")
            post_response(self._ground, self._ground.tickets.use(token), body)
            status, answer = 200, {"ok": True}
        except Refused as no:
            status, answer = (400 if no.status == 200 else no.status), no.body()
        elapsed = time.perf_counter() - started
        self._ground.record("from_app", "response_url", body, elapsed=elapsed, status=status, response=answer)
        return web.json_response(answer, status=status)


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """Return the arguments from query, form or JSON, and the token from the header or from among them."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= _object(await request.read() or b"{}", "invalid_json")
    elif request.can_read_body:
        args |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    given = str(args.pop("token", "") or "")
    return args, token.strip() if scheme.lower() == "bearer" else given


def _object(raw: bytes, refusal: str) -> Json:
    body = _decoded(raw.decode("utf-8", "replace"), refusal)
    if not isinstance(body, dict):
        raise Refused(refusal)
    return body


def _decoded(text: str, refusal: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise Refused(refusal) from None
