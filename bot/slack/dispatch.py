"""From a parsed request to an answer, in time: the same way for HTTP and for Socket Mode."""

import asyncio
import json
from typing import Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.blocks import section
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind, open_envelope
from bot.slack.errors import ANSWERED, KEPT_TEXT, Followups, Refused, reference, respond, tell
from bot.slack.forms import FieldErrors
from bot.slack.panel import Panel
from bot.slack.text import clean, escape, quote, shorten
from bot.slack.whisper import reply, whisper

log = structlog.get_logger(__name__)

DEADLINE_SECONDS = 2.5
QUOTED = 500
NOT_FOUND = 404
UNKNOWN = "That comes from another version of Ember. `/ember help` shows what works now."


class Place(Protocol):
    """Where a request came from, as far as the dispatcher needs to know it."""

    @property
    def is_among_us(self) -> bool:
        """Whether only our own people can read along."""

    async def show(self, ack: AsyncAck, panel: Panel) -> None:
        """Answer with a panel where only the one who asked reads it."""


class Dispatcher:
    """Runs Bolt behind the outermost boundary and a deadline (seconds)."""

    def __init__(
        self, app: AsyncApp, clients: SlackClients, followups: Followups, deadline: float = DEADLINE_SECONDS
    ) -> None:
        self._app = app
        self._clients = clients
        self._followups = followups
        self.deadline = deadline
        app.error(self._on_error)

    async def answer(self, request: AsyncBoltRequest) -> BoltResponse:
        """Return Bolt's answer, or a sentence when it fails or takes too long; call `is_out` when it is sent."""
        envelope = open_envelope(request.body)
        request.context["envelope"] = envelope
        ANSWERED.set(answered := asyncio.Event())
        asyncio.get_running_loop().call_later(self.deadline, answered.set)
        task = asyncio.create_task(self._dispatch(request, envelope))
        self._followups.track(task)
        done, _ = await asyncio.wait({task}, timeout=self.deadline)
        return task.result() if done else self._too_slow(task, envelope)

    @staticmethod
    async def is_out() -> None:
        """Let what the request started begin, now that its answer is sent."""
        if (answered := ANSWERED.get()) is not None:
            answered.set()

    async def _dispatch(self, request: AsyncBoltRequest, envelope: Envelope) -> BoltResponse:
        try:
            response = await self._app.async_dispatch(request)
        except Exception as error:  # noqa: BLE001  the outermost boundary
            return self._failed(error, envelope)
        if response.status == NOT_FOUND:
            log.warning("nothing handles this", kind=envelope.kind, name=shorten(clean(envelope.name), 80))
            return self._say(envelope, UNKNOWN)
        return response

    async def _on_error(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        envelope, ack = request.context["envelope"], request.context.ack
        here: Place | None = request.context.get("here")
        answered = ack.response
        if isinstance(error, Refused) and answered is None and here is not None and _is_overlooked(envelope, here):
            await here.show(ack, _panel(envelope, str(error)))
            return ack.response or BoltResponse(status=200, body="")
        return self._failed(error, envelope, answered)

    def _failed(self, error: Exception, envelope: Envelope, answered: BoltResponse | None = None) -> BoltResponse:
        """Return what is told about an error; an answer that was given before it stands."""
        if isinstance(error, FieldErrors) and answered is None:
            return respond(error.response())
        if isinstance(error, Refused) and answered is None:
            return self._say(envelope, str(error))
        code, name = reference(), shorten(clean(envelope.name), 80)
        log.error("request failed", reference=code, kind=envelope.kind, name=name, exc_info=error)
        if answered is not None:
            return answered
        return self._say(envelope, f"Something went wrong on Ember's side (reference {code}). Please try once more.")

    def _too_slow(self, task: asyncio.Task[BoltResponse], envelope: Envelope) -> BoltResponse:
        """Answer in time for work that goes on; it is not stopped, and what it makes is made once."""
        code = reference()
        log.warning("request is slow", reference=code, kind=envelope.kind, name=shorten(clean(envelope.name), 80))
        if envelope.kind is Kind.SUBMISSION:
            return tell(envelope, f"Ember is slow just now (reference {code}). Press the button again: it saves once.")
        if envelope.kind is Kind.COMMAND and envelope.response_url:
            self._followups.start("late answer", self._answer_late(task, envelope))
        return tell(envelope, f"Ember is slow just now (reference {code}), and still at it. The answer follows here.")

    async def _answer_late(self, task: asyncio.Task[BoltResponse], envelope: Envelope) -> None:
        response = await task
        if response.body:
            await reply(self._clients, envelope.response_url, _message(response.body))

    def _say(self, envelope: Envelope, sentence: str) -> BoltResponse:
        if envelope.kind in {Kind.ACTION, Kind.SHORTCUT, Kind.EVENT}:
            self._followups.start("whisper", whisper(self._clients, envelope, sentence))
        return tell(envelope, sentence)


def _is_overlooked(envelope: Envelope, here: Place) -> bool:
    """Return whether others may read along where an answer would stand."""
    in_place = envelope.kind in {Kind.COMMAND, Kind.ACTION, Kind.SHORTCUT}
    return in_place and bool(envelope.channel) and not here.is_among_us


def _panel(envelope: Envelope, sentence: str) -> Panel:
    """Return a sentence, and what the person had typed, for a window."""
    typed = shorten(envelope.typed, KEPT_TEXT)
    parts = [quote(typed[start : start + QUOTED]) for start in range(0, len(typed), QUOTED)]
    shown = [escape(sentence), *([escape("You typed:"), *parts] if parts else [])]
    return Panel("Ember", sentence, [section(part) for part in shown])


def _message(body: str) -> dict[str, object]:
    """Return an answer's body as the message it stands for."""
    return json.loads(body) if body.startswith("{") else {"text": body}
