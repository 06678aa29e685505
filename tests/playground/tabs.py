"""A page without a browser: the socket that a tab would hold, and what it was told."""

import asyncio
import itertools
from contextlib import asynccontextmanager

import aiohttp

from tests.support import PATIENCE


class Tab:
    """One open page."""

    def __init__(self, socket):
        self.pushes = []
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers = {}

    async def ask(self, deed, **ask):
        """Ask for a deed and return its answer; what is pushed before it is kept."""
        number = await self.start(deed, **ask)
        return await self.answer(number)

    async def start(self, deed, **ask):
        """Ask without waiting and return the number of the question."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "do": deed, **ask})
        return number

    async def answer(self, number):
        """Wait for the answer to a question."""
        while number not in self._answers:
            await self._take()
        return self._answers.pop(number)

    async def until(self, push, look=lambda body: True):
        """Wait for a push of a kind that fits, forget what came before it, and return it."""
        while True:
            for at, body in enumerate(self.pushes):
                if body["push"] == push and look(body):
                    del self.pushes[: at + 1]
                    return body
            await self._take()

    async def message(self, text):
        """Wait until a message with these words is pushed and return it."""
        return (await self.until("message", lambda body: body["message"]["text"] == text))["message"]

    def told(self, push):
        """Return what was pushed of a kind so far."""
        return [body for body in self.pushes if body["push"] == push]

    async def scene(self):
        """Return the newest scene."""
        return await self.until("scene")

    async def channels(self):
        """Return the conversations by name, as a page that opens now would list them."""
        me = (await self.ask("act_as", user=self.me))["ok"]
        assert me
        return {one["name"] or "dm": one for one in (await self.scene())["channels"]}

    async def say_raw(self, frame):
        """Send any text."""
        await self._socket.send_str(frame)

    async def _take(self):
        async with asyncio.timeout(PATIENCE):
            body = await self._socket.receive_json()
        if "re" in body:
            self._answers[body["re"]] = body
        else:
            self.pushes.append(body)


@asynccontextmanager
async def tab_of(slack, member=None):
    """Open a page and let a member sit there."""
    origin = slack.url.removesuffix("/api/")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{origin}/live", headers={"Origin": origin}) as socket,
    ):
        tab = Tab(socket)
        first = await tab.scene()
        tab.me = member.id if member else first["me"]
        if member is not None:
            assert (await tab.ask("act_as", user=member.id))["ok"]
        else:
            tab.pushes.append(first)
        yield tab
