"""The socket between a page and the stand-in: questions in, answers and pushes out."""

import asyncio
import contextlib
import json
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.playground.delivery import NothingConnected
from bot.playground.elements import ClientSideError
from bot.playground.page.deeds import DEEDS
from bot.playground.page.seat import Seat
from bot.playground.page.stage import Stage, Told
from bot.playground.people import Member
from bot.playground.refusal import Refused

Json = dict[str, Any]

LARGEST_FRAME = 1024 * 1024
HEARTBEAT = 30.0
UNREADABLE = "That could not be understood."
NO_APP = "No app is connected."
SORRY = "That did not work. The log says why."
WORDS = {
    "channel_not_found": "You can't open that conversation.",
    "message_not_found": "That message is gone.",
    "user_not_found": "There is nobody like that here.",
}

log = structlog.get_logger(__name__)


class Live:
    """Every open page."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._open: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one page's socket open."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_FRAME)
        await socket.prepare(request)
        self._open.add(socket)
        seat = Seat(self._stage, socket, self._somebody(request.query.get("as")))
        unlisten = self._stage.world.listen(seat.heard)
        at_work = {asyncio.create_task(seat.push_for_ever())}
        try:
            await seat.show_scene()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    at_work.add(task := asyncio.create_task(_answer(seat, message.data)))
                    task.add_done_callback(at_work.discard)
        finally:
            unlisten()
            self._open.discard(socket)
            for task in tuple(at_work):
                task.cancel()
            await asyncio.gather(*at_work, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """Close every page's socket."""
        for socket in tuple(self._open):
            with contextlib.suppress(ConnectionError):
                await socket.close()

    def _somebody(self, wanted: str | None) -> Member:
        """Return who sits down at a page: whoever it asks for, else the first colleague there is."""
        world = self._stage.world
        people = [one for one in world.members.values() if one.id != "USLACKBOT" and not one.bot and not one.deleted]
        if not people:
            return world.add_member("You", admin=True)
        return min(people, key=lambda one: (one.id != wanted, one.team_id != world.team.id, one.guest))


async def _answer(seat: Seat, frame: str) -> None:
    body = await _done(seat, _read(frame))
    await seat.flush()
    await seat.send(body)


def _read(frame: str) -> Json:
    try:
        ask = json.loads(frame)
    except (ValueError, RecursionError):
        return {}
    return ask if isinstance(ask, dict) else {}


async def _done(seat: Seat, ask: Json) -> Json:
    head = {"re": ask.get("id")}
    deed = DEEDS.get(str(ask.get("do")))
    if deed is None:
        return head | {"ok": False, "told": UNREADABLE}
    try:
        return head | {"ok": True} | await deed(seat, ask)
    except Told as no:
        return head | {"ok": False, "told": no.sentence} | no.extra
    except ClientSideError as no:
        return head | {"ok": False, "told": _sentence(no.message)}
    except Refused as no:
        return head | {"ok": False, "told": WORDS.get(no.error, no.error)}
    except NothingConnected:
        return head | {"ok": False, "told": NO_APP}
    except Exception:  # the page's boundary: whoever clicked gets an answer, whatever broke
        log.exception("a deed failed", deed=str(ask.get("do")))
        return head | {"ok": False, "told": SORRY}


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "." * (words[-1:] not in ".!?")
