"""The bar: an ASGI endpoint that verifies, parses, and runs the same statements through the same store; nothing else.

`python -m bench.bare PORT DATABASE_URL`
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import uvicorn
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bench.load import SECRET
from bench.seed import TEAM
from bot.clock import Clock
from bot.practices.checkins import forms, service
from bot.practices.clients import service as clients
from bot.slack.forms import read_metadata
from bot.store.engine import Store
from bot.workspaces import directory, installs


class Bare:
    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.verifier = SignatureVerifier(SECRET)
        self.clock = Clock()

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with self.store.look(None) as session:
            found = await installs.find_workspace(session, TEAM)
        assert found is not None
        self.workspace_id = found.id
        yield
        await self.store.close()

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        if not self.verifier.is_valid_request(body, dict(request.headers)):
            return PlainTextResponse("", status_code=401)
        fields = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        if "payload" in fields:
            return await self.submission(json.loads(fields["payload"]))
        return await self.command(fields)

    async def command(self, fields: dict[str, str]) -> Response:
        async with self.store.look(self.workspace_id) as session:
            await directory.meet(session, fields["user_id"], fields["channel_id"])
        async with self.store.look(self.workspace_id) as session:
            await clients.in_channel(session, fields["channel_id"])
        return PlainTextResponse("")

    async def submission(self, payload: dict[str, dict[str, str]]) -> Response:
        async with self.store.look(self.workspace_id) as session:
            member, _ = await directory.meet(session, payload["user"]["id"], "")
        assert member is not None
        metadata = read_metadata(payload["view"])
        note = forms.read(payload["view"], metadata)
        async with self.store.work(self.workspace_id) as session:
            await service.record(session, note, by=member, key=f"view:{metadata['n']}", now=self.clock.now())
        return JSONResponse({"response_action": "clear"})


def main() -> None:
    bare = Bare(sys.argv[2])
    web = Starlette(routes=[Route("/slack/events", bare.answer, methods=["POST"])], lifespan=bare.lifespan)
    uvicorn.run(web, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
