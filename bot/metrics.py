"""What those who run Ember can watch: is it well (`/healthz`), is it ready (`/readyz`), its numbers (`/metrics`)."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.clock import Clock
from bot.courier.health import Watch, watch
from bot.courier.rows import State
from bot.slack.socket import SocketLine
from bot.store.engine import Store

log = structlog.get_logger(__name__)

PLANNER_LATE: Final = dt.timedelta(minutes=3)
MESSAGE_LATE: Final = dt.timedelta(minutes=5)
SECONDS: Final = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 10.0)
DATABASE_AWAY: Final = {"database": "it does not answer"}

Endpoint = Callable[[Request], Awaitable[Response]]


def faults(found: Watch, now: dt.datetime, started_at: dt.datetime) -> dict[str, str]:
    """Return what is wrong, by part; whatever stood still before this process started is counted from then on."""
    wrong = {}
    if found.planned_at is not None:
        idle = now - max(found.planned_at, min(started_at, now))
        if idle > PLANNER_LATE:
            wrong["planner"] = f"nobody has looked for {_minutes(idle)} at what is due"
    if found.oldest_due_at is not None:
        late = now - max(found.oldest_due_at, min(started_at, now))
        if late > MESSAGE_LATE:
            wrong["queue"] = f"the oldest message is {_minutes(late)} late"
    return wrong


def _minutes(span: dt.timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} minutes"


async def health_answer(store: Store, now: dt.datetime, started_at: dt.datetime) -> Response:
    """Return "ok", or 503 and why not as JSON."""
    try:
        async with store.look(None) as session:
            wrong = faults(await watch(session, now), now, started_at)
    except (SQLAlchemyError, OSError):
        log.exception("the database does not answer")
        wrong = DATABASE_AWAY
    return JSONResponse({"healthy": False, **wrong}, status_code=503) if wrong else PlainTextResponse("ok")


async def ready_answer(socket: SocketLine | None, *, is_met: bool, is_loaded: bool) -> Response:
    """Return that Ember is ready, or 503 and what is still missing, as JSON.

    is_met: Slack said which workspace this is; is_loaded: the spark's model is there.
    """
    missing = {}
    if not is_met:
        missing["slack"] = "not connected to a workspace yet"
    if not is_loaded:
        missing["spark"] = "its model is being loaded"
    if socket is not None and not await socket.is_connected():
        missing["socket"] = "the Socket Mode line is down"
    return JSONResponse({"ready": not missing, **missing}, status_code=503 if missing else 200)


class Metrics:
    """The numbers of one process, and at each look those that the database knows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._deliveries = Counter(
            "ember_deliveries", "What became of messages, step by step", ["kind", "state"], registry=self.registry
        )
        self._posting = Histogram(
            "ember_posting_seconds", "How long Slack took to answer a post", buckets=SECONDS, registry=self.registry
        )
        self._requests = Histogram(
            "ember_request_seconds",
            "How long Ember took to answer Slack",
            ["status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._planner = self._gauge("ember_planner_age_seconds", "Since somebody last looked at what is due")
        self._late = self._gauge("ember_oldest_due_seconds", "How late the oldest message is, where one may be said")
        self._depth = Gauge("ember_queue_depth", "Messages that are due, by state", ["state"], registry=self.registry)
        self._paused = self._gauge("ember_paused_conversations", "Conversations that are closed to Ember just now")
        self._suspended = self._gauge("ember_suspended_workspaces", "Workspaces whose key Slack does not accept")

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(name, says, registry=self.registry)

    def posted(self, seconds: float) -> None:
        """Count an answer of Slack's to a post or a change."""
        self._posting.observe(seconds)

    def ended(self, kind: str, state: State) -> None:
        """Count what became of a message."""
        self._deliveries.labels(kind, state.value).inc()

    def timed(self, answer: Endpoint) -> Endpoint:
        """Return an endpoint whose answers are timed."""

        async def timing(request: Request) -> Response:
            started = time.perf_counter()
            response = await answer(request)
            self._requests.labels(str(response.status_code)).observe(time.perf_counter() - started)
            return response

        return timing

    async def answer(self, store: Store, clock: Clock) -> Response:
        """Return every number as Prometheus reads it; 503 when the database does not answer."""
        now = clock.now()
        try:
            async with store.look(None) as session:
                self.show(await watch(session, now), now)
        except (SQLAlchemyError, OSError):
            log.exception("the database does not answer")
            return JSONResponse(DATABASE_AWAY, status_code=503)
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def show(self, found: Watch, now: dt.datetime) -> None:
        """Take over what the database knows."""
        self._planner.set(_since(found.planned_at, now))
        self._late.set(_since(found.oldest_due_at, now))
        for state, count in found.depth.items():
            self._depth.labels(state.value).set(count)
        self._paused.set(found.paused)
        self._suspended.set(found.suspended)


def _since(instant: dt.datetime | None, now: dt.datetime) -> float:
    return max(0.0, (now - instant).total_seconds()) if instant is not None else 0.0
