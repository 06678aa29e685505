"""Socket Mode: the same requests over a line that Ember opens, for those without a public address."""

import asyncio
import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.dispatch import Dispatcher

PARTING_SECONDS = 3


class SocketLine:
    """A Socket Mode connection that hands each envelope to the dispatcher."""

    def __init__(self, app_token: str, web_client: AsyncWebClient, dispatcher: Dispatcher) -> None:
        self._app_token = app_token
        self._web_client = web_client
        self._dispatcher = dispatcher
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._busy: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Begin to connect, and stay connected until closed; does not wait for Slack."""
        self._client = SocketModeClient(app_token=self._app_token, web_client=self._web_client)
        self._client.socket_mode_request_listeners.append(self._handle)
        self._connecting = asyncio.create_task(self._client.connect())

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        started = time.monotonic()
        bolt_request = AsyncBoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request))
        response = await self._dispatcher.answer(bolt_request)
        await send_async_response(client, request, response, started)
        await self._dispatcher.is_out()

    async def is_connected(self) -> bool:
        """Whether the line is up."""
        return self._client is not None and await self._client.is_connected()

    async def close(self) -> None:
        """Take no more requests, answer those that came, hang up."""
        client, connecting = self._client, self._connecting
        if client is None or connecting is None:
            return
        client.message_processor.cancel()
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=PARTING_SECONDS)
        connecting.cancel()
        await client.close()
        tasks = (connecting, client.message_processor, client.message_receiver, client.current_session_monitor)
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
