"""Ember's own HTTP, answered on the stand-in's port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from aiohttp import web
from starlette.applications import Starlette

PATHS = ("/slack/{rest:.+}", "/calendar/{rest:.+}", "/healthz", "/readyz", "/metrics")
RETOLD = {b"content-length", b"transfer-encoding", b"connection", b"date", b"server"}
BASE = "http://127.0.0.1"


class Bridge:
    """Hands requests from one web server to an app that was written for another kind."""

    def __init__(self) -> None:
        self._far_side: httpx.ASGITransport | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return the routes that lead to Ember."""
        return [web.route("*", path, self.cross) for path in PATHS]

    @asynccontextmanager
    async def to(self, app: Starlette) -> AsyncIterator[None]:
        """Start an app, lead to it, stop it."""
        async with app.router.lifespan_context(app):
            self._far_side = httpx.ASGITransport(app, raise_app_exceptions=False)
            try:
                yield
            finally:
                self._far_side = None

    async def cross(self, request: web.Request) -> web.Response:
        """Answer as the app does; 503 while it is not there."""
        if self._far_side is None:
            return web.Response(status=503, text="Ember is starting or stopping.")
        asked = httpx.Request(
            request.method, BASE + request.raw_path, headers=list(request.raw_headers), content=await request.read()
        )
        answer = await self._far_side.handle_async_request(asked)
        body = await answer.aread()
        headers = [(name.decode(), value.decode()) for name, value in answer.headers.raw if name not in RETOLD]
        return web.Response(status=answer.status_code, body=body, headers=headers)
