"""The composition root: the only module that knows every room."""

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.config import Settings
from bot.courier import policies
from bot.courier.desk import Courier
from bot.courier.engines.embedded import EmbeddedEngine
from bot.courier.engines.port import Engine
from bot.courier.guard import Guard
from bot.courier.timing import Timing
from bot.housekeeping import House
from bot.metrics import Metrics, health_answer, ready_answer
from bot.practices.catalogue import PRACTICES
from bot.practices.meetings.fetching import Fetcher
from bot.practices.meetings.rounds import Rounds
from bot.practices.spark import service as spark
from bot.slack.client import SlackClients
from bot.slack.dispatch import Dispatcher
from bot.slack.envelope import Kind
from bot.slack.errors import Followups, Refused
from bot.slack.messages import is_nobodys
from bot.slack.socket import SocketLine
from bot.slack.web import SlackEdge
from bot.store.engine import Store
from bot.store.schema import require_head
from bot.surfaces import calendar, changes, commands, home, linking, notice, timetable
from bot.surfaces.speeches import SPEECHES
from bot.workspaces import events, installs
from bot.workspaces.here import Host, introduce
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import Lookup, zones
from bot.workspaces.sealing import Seal

HOUSEKEEPING_HOURS = 6
CALENDAR_SECONDS = 30
NOT_READY = "Ember is not connected to this workspace yet. Please try again in a minute."
PERSONAL_EVENTS = {"message", "app_home_opened"}

Next = Callable[[], Awaitable[BoltResponse]]


class Ember:
    """The running app: start it, serve `web`, stop it."""

    def __init__(
        self, given: Settings, clock: Clock, timing: Timing | None = None, *, fetcher: Fetcher | None = None
    ) -> None:
        self.settings = given
        self.store = Store(given.ember_database_url)
        self.clients = SlackClients(given.api_url, given.slack_bot_token.get_secret_value())
        self.followups = Followups()
        self.lookup = Lookup(self.store, self.clients.reading)
        seal = Seal(given.encryption_keys) if given.encryption_keys else None
        self.host = Host(
            self.store, self.clients, self.followups, clock, self.lookup, base_url=given.base_url, seal=seal
        )
        self.calendars = Rounds(self.store, clock, seal, fetcher=fetcher, heard=self._heard_of)
        self.host.on_change.append(home.Freshness().changed)
        guard = Guard(self.lookup)
        posting, hold = self.clients.posting, policies.hold
        self.courier = Courier(self.store, posting, clock, SPEECHES, guard, hold=hold, timing=timing)
        self.engine = self.courier.engine = self._engine()
        self.host.on_change.extend([changes.Fresh(self.courier.nudge).changed, timetable.Upkeep().changed])
        self.metrics, self._built_at = Metrics(), clock.now()
        self.courier.carrier.observer, self.courier.carrier.troubled = self.metrics, notice.tell
        self.workspaces: dict[str, Workspace] = {}
        self.house = House(self.host, self.workspaces, self.courier.nudge)
        self.host.on_return.append(self.house.speak_again)
        self.host.on_move.append(self.house.keep_times)
        self.bolt = self._bolt()
        self.dispatcher = Dispatcher(self.bolt, self.clients, self.followups)
        self.socket = self._socket()
        self.web = self._web()
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._meeting: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[None] | None = None

    def _bolt(self) -> AsyncApp:
        async def authorize(team_id: str | None) -> AuthorizeResult:
            return self._authorize(team_id)

        app = AsyncApp(
            name="ember",
            logger=_bolts_log(),
            client=self.clients.posting,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
            ignoring_self_assistant_message_events_enabled=False,
            attaching_function_token_enabled=False,
            raise_error_for_unhandled_request=False,
        )
        app.middleware(self._introduce)
        self.host.on_change.append(commands.register(app, PRACTICES))
        for practice in PRACTICES:
            if practice.register is not None:
                practice.register(app)
        home.register(app)
        linking.Linking(self.calendars).register(app)
        events.register(app)
        return app

    def _engine(self) -> Engine:
        if self.settings.ember_engine == "embedded":
            return EmbeddedEngine(self.courier)
        from bot.courier.engines.distributed import DistributedEngine

        return DistributedEngine(self.courier, self.settings.ember_database_url)

    def _socket(self) -> SocketLine | None:
        token = self.settings.slack_app_token
        return SocketLine(token.get_secret_value(), self.clients.posting, self.dispatcher) if token else None

    def _web(self) -> Starlette:
        routes = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
            calendar.route(self.host),
        ]
        secret = self.settings.slack_signing_secret
        if secret is not None:
            edge = SlackEdge(secret.get_secret_value(), self.dispatcher, self.host.clock.now)
            routes.append(Route("/slack/events", self.metrics.timed(edge.answer), methods=["POST"]))
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _web: Starlette) -> AsyncIterator[None]:
        try:
            await self.start()
            yield
        finally:
            await self.stop()

    async def start(self) -> None:
        """Open what needs a running loop.  Raises NotMigrated when the database is not ready."""
        await require_head(self.store)
        await self.clients.open()
        async with self.store.look(None) as session:
            self.workspaces.update({one.slack_id: one for one in await installs.all_workspaces(session)})
        self._meeting = self.followups.start("meet the workspace", self.house.meet())
        self._loading = self.followups.start("load the spark's model", asyncio.to_thread(spark.warm))
        self.followups.start("load the time zones", asyncio.to_thread(zones))
        if self.socket is not None:
            await self.socket.open()
        self._every(self.house.housekeep, hours=HOUSEKEEPING_HOURS)
        for look in (self.calendars.read_due, self.calendars.settle_due):
            self._every(self._in_the_background, look, seconds=CALENDAR_SECONDS)
        self._scheduler.start()
        await self.engine.start()

    async def stop(self) -> None:
        """Finish what runs, then close everything."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self.socket is not None:
            await self.socket.close()
        if self._meeting is not None:
            self._meeting.cancel()
        await self.followups.drain()
        await self.engine.stop()
        await self.clients.close()
        await self.store.close()

    async def look_now(self) -> None:
        """Plan and say what is due, without waiting for the next tick."""
        await self.courier.plan()
        await self.courier.dispatch()
        await self.calendars.look()
        await self.courier.dispatch()

    def _every(self, look: Callable[..., Awaitable[None]], *args: object, **interval: int) -> None:
        """Do something again and again, never twice at once; what was missed is made up for once."""
        self._scheduler.add_job(
            look, "interval", args, misfire_grace_time=None, coalesce=True, max_instances=1, **interval
        )

    async def _in_the_background(self, look: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self.followups.start("look after calendars and meetings", look())

    async def _heard_of(self, workspace_id: uuid.UUID, client_id: uuid.UUID, now: dt.datetime) -> None:
        """Write anew what shows a client with whom there was a meeting."""
        async with self.store.work(workspace_id) as session:
            await changes.refresh(session, client_id, now)
        self.courier.nudge()
        workspace = next((one for one in self.workspaces.values() if one.id == workspace_id), None)
        if workspace is not None:
            self.followups.start("refresh Home", home.refresh_all(self.host, workspace, {client_id}))

    def _authorize(self, team_id: object) -> AuthorizeResult:
        workspace = self.workspaces.get(team_id) if isinstance(team_id, str) else None
        if workspace is None:
            raise Refused(NOT_READY)
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.slack_id,
            bot_user_id=workspace.bot_slack_id,
            bot_token=self.settings.slack_bot_token.get_secret_value(),
        )

    async def _introduce(self, request: AsyncBoltRequest, next: Next) -> BoltResponse:  # noqa: A002  Bolt's name
        """Tell handlers who asks; an event about somebody else only says where."""
        envelope = request.context["envelope"]
        workspace = self.workspaces[str(request.context.team_id)]
        request.context["host"], request.context["workspace"] = self.host, workspace
        if envelope.kind is not Kind.EVENT or envelope.name in PERSONAL_EVENTS:
            event = request.body.get("event")
            if isinstance(event, Mapping) and is_nobodys(event):
                return BoltResponse(status=200, body="")
            request.context["here"] = await introduce(self.host, workspace, envelope)
        return await next()

    async def _healthz(self, _request: Request) -> Response:
        return await health_answer(self.store, self.host.clock.now(), self._built_at)

    async def _metrics(self, _request: Request) -> Response:
        return await self.metrics.answer(self.store, self.host.clock)

    async def _readyz(self, _request: Request) -> Response:
        is_loaded = self._loading is not None and self._loading.done()
        return await ready_answer(self.socket, is_met=bool(self.workspaces), is_loaded=is_loaded)


def _bolts_log() -> logging.Logger:
    """Return a logger that keeps Bolt's errors alone: its warnings quote what people typed."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return logger


def build(
    settings: Settings,
    clock: Clock | None = None,
    timing: Timing | None = None,
    *,
    fetcher: Fetcher | None = None,
) -> Ember:
    """Wire everything; nothing is opened yet.

    fetcher: how linked calendars are fetched, for tests and the playground to let their own machine in.
    """
    return Ember(settings, clock or Clock(), timing, fetcher=fetcher)
