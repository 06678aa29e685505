"""Slack's Socket Mode: tickets for a WebSocket, envelopes out, acknowledgements in."""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.refusal import Refused
from bot.playground.world import World

Json = dict[str, Any]

MOST_SOCKETS = 10


class Sockets:
    """The app's open sockets; envelopes go to the newest."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self.base = ""

    @property
    def connected(self) -> bool:
        """Tell whether an app listens."""
        return bool(self._open)

    def ticket(self) -> str:
        """Return a URL that opens one socket, once."""
        if len(self._open) >= MOST_SOCKETS:
            raise Refused("too_many_websockets")
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"{self.base}?ticket={ticket}&app_id={self._world.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket open: hello first, then acknowledgements as they come."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        self._open.append(socket)
        hello = {"type": "hello", "num_connections": len(self._open), "connection_info": {"app_id": self._world.app_id}}
        await socket.send_json(hello | {"debug_info": {"host": "stand-in", "approximate_connection_time": 18060}})
        self._world.touch()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            if socket in self._open:
                self._open.remove(socket)
            self._world.touch()
        return socket

    async def send(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Json:
        """Send one envelope and return the acknowledgement (its `payload`, if any, is the app's answer).

        kind: "slash_commands", "interactive" or "events_api".  Waits for ever: the caller sets the deadline.
        """
        envelope_id = secrets.token_hex(16)
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        ack: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = ack
        try:
            await self._open[-1].send_json(envelope)
            return await ack
        finally:
            del self._acks[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to come back on a new socket, as Slack does every few hours; the app closes the old one."""
        leaving, self._open = self._open, []
        self._world.touch()
        for socket in leaving:
            if not socket.closed:
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})

    async def close(self) -> None:
        """Close every socket without a word."""
        leaving, self._open = self._open, []
        for socket in leaving:
            await socket.close()
        self._world.touch()

    def _take(self, message: Json) -> None:
        ack = self._acks.get(str(message.get("envelope_id")))
        if ack is not None and not ack.done():
            ack.set_result(message)
