"""A hello-world as Bolt for Python documents it: one command, acknowledged.

`python -m bench.stock_bolt PORT SLACK_API_URL`
"""

import sys

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.load import SECRET, TOKEN


def main() -> None:
    app = AsyncApp(client=AsyncWebClient(token=TOKEN, base_url=sys.argv[2]), signing_secret=SECRET)

    @app.command("/checkin")
    async def hello(ack) -> None:
        await ack("Hello")

    handler = AsyncSlackRequestHandler(app)

    async def answer(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", answer, methods=["POST"])])
    uvicorn.run(web, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
