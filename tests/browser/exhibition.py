"""Slack's stand-in with its page and the smallest app: it shows gallery.json as a message, on Home and in a window."""

import asyncio
import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.playground.page.facts import Command, Facts
from bot.playground.page.site import Page
from bot.playground.people import Message
from bot.playground.server import StandIn

GALLERY: dict[str, Any] = json.loads((Path(__file__).parent / "gallery.json").read_text(encoding="utf-8"))
CLIENTS = ("Northwind", "Halden", "Orchard")
TOKEN = "xoxb-only-on-this-machine"
FIRST_NOTE, HOUR = 1_700_000_000, 3600
NOON = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)


class Exhibition:
    """A workspace of three people in three time zones, and an archive, and an app whose `/gallery` opens the window.

    It opens at the same noon each time: dates always read the same.
    """

    def __init__(self, history: int, channels: int) -> None:
        self.heard: list[dict[str, Any]] = []
        clock = MovableClock()
        clock.run_at(NOON)
        self.slack = StandIn(
            signing_secret="only-on-this-machine",
            bot_token=TOKEN,
            clock=clock,
            page=Page(Facts(name="Gallery", commands=(Command("/gallery", "Open the window"),))),
            routes=[web.post("/slack/events", self.answer)],
        )
        world = self.slack.world
        people = [world.add_member(name, tz=tz) for name, tz in (("Ana", "Europe/Berlin"), ("Sam", "America/New_York"))]
        people.append(world.add_member("Yuki", tz="Asia/Tokyo"))
        self.channel = world.add_channel("gallery", members=people)
        for one in people:
            world.dm(one)
        self.people = people
        self.archive = world.add_channel("archive", members=people)
        for number in range(history):
            words = f"Note {number}: " + "The tasting tour went well. " * (1 + number % 7)
            author = people[number // 3 % len(people)].id
            world.post(Message(self.archive.id, f"{FIRST_NOTE + number * HOUR}.000100", author, words))
        for number in range(channels):
            world.add_channel(f"client-{number:03}", members=people)

    async def open(self) -> str:
        """Listen, publish everything, and return the address."""
        await self.slack.start()
        address = self.slack.url.removesuffix("/api/")
        self.slack.connect(f"{address}/slack/events")
        self.client = AsyncWebClient(TOKEN, base_url=self.slack.url, retry_handlers=[])
        await self.client.chat_postMessage(channel=self.channel.id, **GALLERY["message"])
        for one in self.people:
            await self.client.views_publish(user_id=one.id, view=GALLERY["home"])
        return address

    async def answer(self, request: web.Request) -> web.Response:
        """Open the window, answer searches, take everything else."""
        said = dict(parse_qsl(await request.text(), keep_blank_values=True))
        if said.get("command") == "/gallery":
            await self.client.views_open(trigger_id=said["trigger_id"], view=GALLERY["modal"])
        payload = json.loads(said.get("payload", "{}"))
        self.heard.append(payload)
        if payload.get("type") == "block_suggestion":
            found = [name for name in CLIENTS if payload["value"].lower() in name.lower()]
            texts = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in found]
            return web.json_response({"options": texts})
        return web.Response()

    async def close(self) -> None:
        """Stop listening."""
        await self.slack.stop()


def exhibition(history: int = 0, channels: int = 0) -> AbstractContextManager[str]:
    """Hold the exhibition, with so many messages in its archive and so many channels more; yields its address."""
    return held(Exhibition(history, channels))


@contextmanager
def held(shown: Exhibition) -> Iterator[str]:
    """Hold an exhibition in a thread of its own; yields its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(shown.open(), loop).result(20)
    finally:
        asyncio.run_coroutine_threadsafe(shown.close(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
