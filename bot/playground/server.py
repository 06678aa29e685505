"""The stand-in as a whole: start it, connect an app, act as people, look at what happened."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.clock import Clock
from bot.playground.api import Api
from bot.playground.delivery import Answer, Delivery
from bot.playground.faults import Faults
from bot.playground.ground import Ground
from bot.playground.page.site import Page, only_from_here
from bot.playground.people import Channel, Member, Message
from bot.playground.person import Person
from bot.playground.socketmode import Sockets
from bot.playground.tickets import TRIGGER_LIFE, Tickets
from bot.playground.wire import Call, Record, Wire
from bot.playground.world import World

Json = dict[str, Any]

HOST = "127.0.0.1"
DEADLINE = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)


class StandIn:
    """A stateful, strict Slack on loopback, as an async context manager in the running loop.

    deadline: seconds the app may take to answer.  retry_delays: seconds before each retry of an event.
    trigger_life: seconds a trigger_id lives.  signing_clock: dates the signatures (default: `clock`).
    page: a page to try it in, at "/".  routes: more to serve at the same port.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        bot_token: str,
        app_token: str = "xapp-none",  # noqa: S107  a placeholder that no app sends
        clock: Clock | None = None,
        signing_clock: Clock | None = None,
        deadline: float = DEADLINE,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        trigger_life: float = TRIGGER_LIFE,
        port: int = 0,
        page: Page | None = None,
        routes: Sequence[web.RouteDef] = (),
    ) -> None:
        clock = clock or Clock()
        tickets = Tickets(clock, trigger_life=trigger_life)
        self.world = World(clock)
        self.ground = Ground(clock, self.world, tickets, bot_token, app_token)
        self._port = port
        self._sockets = Sockets(self.world)
        self._delivery = Delivery(
            self.ground,
            self._sockets,
            signing_secret,
            clock=signing_clock or clock,
            deadline=deadline,
            retry_delays=retry_delays,
        )
        self._page = page
        app = web.Application(client_max_size=8 * 1024 * 1024, middlewares=[only_from_here])
        app.add_routes(Api(self.ground, self._sockets).routes())
        app.add_routes([web.get("/link", self._sockets.serve)])
        app.add_routes(page.routes(self.ground, self._delivery) if page is not None else [])
        app.add_routes(routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on 127.0.0.1."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]
        self.ground.url = f"http://{HOST}:{self._port}/api/"
        self._sockets.base = f"ws://{HOST}:{self._port}/link"

    async def stop(self) -> None:
        """Drop retries and sockets, and stop listening."""
        if self._page is not None:
            await self._page.close()
        await self._delivery.close()
        await self._sockets.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Return the base of the Web API, with a slash at its end: SLACK_API_URL."""
        return self.ground.url

    @property
    def wire(self) -> Wire:
        """Return everything that went over the wire."""
        return self.ground.wire

    @property
    def faults(self) -> Faults:
        """Return the planned faults."""
        return self.ground.faults

    @property
    def latency(self) -> tuple[float, float] | None:
        """Return the bounds of the Web API's random delay, in seconds."""
        return self.ground.latency

    @latency.setter
    def latency(self, bounds: tuple[float, float] | None) -> None:
        self.ground.latency = bounds

    def connect(self, url: str | None) -> None:
        """Deliver signed HTTP to a URL from now on; None for Socket Mode."""
        self._delivery.target = url

    async def connected(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109  the caller says how long
        """Wait until the app has opened a socket."""
        await self.world.until(lambda: self._sockets.connected or None, timeout)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app over Socket Mode to reconnect."""
        await self._sockets.disconnect(reason)

    def person(self, member: Member) -> Person:
        """Return a driver that acts as a member."""
        return Person(self.ground, self._delivery, member)

    def posted(self, channel: Channel | Member | None = None) -> list[Message]:
        """Return the app's standing messages that all can see, oldest first; a Member stands for their DM."""
        where = self.world.dm(channel) if isinstance(channel, Member) else channel
        there = self.world.messages(where.id if where else None)
        return [message for message in there if message.app and message.ephemeral_to is None]

    async def until_posted(
        self, count: int, channel: Channel | Member | None = None, within: float = 2.0
    ) -> list[Message]:
        """Wait for at least so many posted messages and return them."""
        return await self.world.until(lambda: rows if len(rows := self.posted(channel)) >= count else None, within)

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the Web API calls as they were answered, oldest first."""
        return [call for call in self.ground.calls if method in {None, call.method}]

    def failures(self) -> list[Record]:
        """Return the deliveries that failed: late, refused, or answered with what Slack cannot use."""
        return [record for record in self.wire if record.error is not None]

    async def event(self, kind: str, /, *, duplicate: bool = False, **payload: object) -> Answer:
        """Deliver an event and return the first answer; `duplicate` sends the same event_id twice, at once."""
        parcel = self._delivery.happening(kind, **payload)
        if not duplicate:
            return await self._delivery.send_event(parcel)
        first, _ = await asyncio.gather(self._delivery.send_event(parcel), self._delivery.send_event(parcel))
        return first

    async def redeliver(self, answer: Answer) -> Answer:
        """Send once more what led to an answer, freshly signed: the same event_id, view or trigger."""
        assert answer.sent is not None
        return await self._delivery.send(answer.sent)

    async def settled(self) -> None:
        """Wait until every retry has ended."""
        await self._delivery.settled()

    def sign(self, body: bytes) -> dict[str, str]:
        """Return valid signature headers for a body."""
        return self._delivery.sign(body)

    async def raw(self, body: bytes, headers: Mapping[str, str | bytes] | None = None) -> Answer:
        """Send any bytes with any headers to the connected app; nothing is signed."""
        return await self._delivery.raw(body, headers or {})
