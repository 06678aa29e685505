"""What a user is told when something fails, and work that goes on behind an answer.

Nothing escapes: the user gets a sentence with a reference, the log gets the rest.
"""

import asyncio
import json
import secrets
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.slack.envelope import Envelope, Kind
from bot.slack.text import Markup, escape, lines, quote, shorten

log = structlog.get_logger(__name__)

KEPT_TEXT = 12_000
ANSWERED: ContextVar[asyncio.Event | None] = ContextVar("answered", default=None)
"""Set, within a request, to what happens when its answer is out."""


class Refused(Exception):
    """A request that is understood and declined; the sentence says why and what to do.

    It is a plain string, names and all: whoever shows it escapes it, and shows it where only our own people read.
    """


class Followups:
    """Work that goes on after Slack has its answer: tracked, and drained at the end.

    What a request starts waits until that request's answer is out.  Nothing that must survive a crash runs here.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, what: str, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Run work in the background; a failure is logged under its name."""
        task = asyncio.create_task(_guarded(what, work))
        self.track(task)
        return task

    def track(self, task: asyncio.Task[Any]) -> None:
        """Hold on to a task until it ends."""
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, seconds: float = 10) -> None:
        """Wait until everything that runs has ended, then stop what has not."""
        deadline = asyncio.get_running_loop().time() + seconds
        while self._running and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._running), timeout=left)
        stopped = set(self._running)
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)


async def _guarded(what: str, work: Coroutine[Any, Any, object]) -> None:
    answered = ANSWERED.get()
    try:
        if answered is not None:
            await answered.wait()
    except asyncio.CancelledError:
        work.close()
        raise
    try:
        await work
    except Exception:  # nobody waits for it any more, and whoever asked has their answer
        log.exception("follow-up failed", what=what)


def reference() -> str:
    """Return a short code that ties what a user was told to the log."""
    return secrets.token_hex(3)


def tell(envelope: Envelope, sentence: str) -> BoltResponse:
    """Say one sentence in the answer itself, where that can be seen, and give back what was typed.

    The answer to a click or a shortcut shows nothing; those are told by `whisper`.
    """
    if envelope.kind is Kind.COMMAND:
        return respond({"response_type": "ephemeral", "text": with_typed(envelope, sentence)})
    if envelope.kind is Kind.SUBMISSION and (block := first_input(envelope)):
        return respond({"response_action": "errors", "errors": {block: sentence}})
    if envelope.kind is Kind.OPTIONS:
        return respond({"options": []})
    return BoltResponse(status=200, body="")


def with_typed(envelope: Envelope, sentence: str) -> Markup:
    """Return the sentence, followed by what the user had typed."""
    if not envelope.typed:
        return escape(sentence)
    return lines([sentence, "You typed:", quote(shorten(envelope.typed, KEPT_TEXT))])


def respond(body: dict[str, Any]) -> BoltResponse:
    """Return a 200 with a JSON body."""
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": ["application/json"]})


def first_input(envelope: Envelope) -> str:
    """Return the block id of the first input of the submitted modal, or an empty string."""
    blocks = envelope.view.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict) and block.get("type") == "input":
            return str(block.get("block_id", ""))
    return ""
