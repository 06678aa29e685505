"""From a claimed lane to a message at Slack's: write it, ask who reads there, keep it, post it once, keep the outcome.

No transaction is open during a call.  Whatever goes wrong before the message is kept as being sent counts as a failure
or as nothing; whatever goes wrong after that leaves it unknown.
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.courier import calls, finishing, history
from bot.courier.guard import GUESTS, LEFT, SHARED, Clear, Exposed, Unsure, Verdict
from bot.courier.kinds import Guarding, Hold, Speech
from bot.courier.lanes import Claim
from bot.courier.observer import Nobody, Observer, Troubled
from bot.courier.outcomes import (
    CLOSED,
    ILLEGIBLE,
    NO_TOKEN,
    NOBODY,
    Answer,
    Outcome,
    failure,
    outcome_of,
    until_next_look,
)
from bot.courier.rows import DeliveryRow, Op, State
from bot.courier.timing import Timing
from bot.store.engine import Store
from bot.workspaces import installs
from bot.workspaces.installs import Workspace

log = structlog.get_logger(__name__)

Body = dict[str, Any]


@dataclass
class Carrier:
    """Carries one claimed message at a time through to its end.

    hold: when a message has to wait, asked again right before it goes.  look: how an unknown message is looked for.
    elapsed: seconds that never step back.  troubled: has somebody told that a channel is closed or overheard, or that
    whoever a message was for has left.  at_slack: how many messages wait for Slack just now.
    """

    store: Store
    slack: AsyncWebClient
    clock: Clock
    speeches: Mapping[str, Speech]
    guard: Guarding
    hold: Hold | None = None
    timing: Timing = field(default_factory=Timing)
    look: history.Look = history.look
    elapsed: Callable[[], float] = time.monotonic
    observer: Observer = field(default_factory=Nobody)
    troubled: Troubled | None = None
    at_slack: int = 0
    _workspaces: dict[uuid.UUID, Workspace] = field(default_factory=dict)

    async def carry(self, claim: Claim) -> None:
        """See a claimed message through to what became of it."""
        if claim.unknown:
            await self.finish(claim, await self._find_out(claim))
            return
        said = await self._written(claim)
        outcome = said if isinstance(said, Outcome) else await self._send(claim, said)
        if outcome is not None:
            await self.finish(claim, outcome)

    async def _written(self, claim: Claim) -> Body | Outcome:
        """Return what is to be posted, or why nothing is; a bug there is logged and counts as a failure."""
        try:
            return await self.prepare(claim)
        except Exception:  # a practice's words failed: that is this message's failure, not its lane's
            log.exception("a message could not be written", kind=claim.delivery.kind, delivery=str(claim.row_id))
            return failure("could_not_be_written", claim.failures, backoff=self.timing.backoff)

    async def prepare(self, claim: Claim) -> Body | Outcome:
        """Return what is to be posted, or why nothing is."""
        now = self.clock.now()
        async with self.store.look(claim.workspace_id) as session:
            until = await self.hold(session, claim.delivery, now) if self.hold is not None else None
            if until is not None and until > now:
                return Outcome(State.QUEUED, "held", wait=0.0, due_at=until)
            message = await self.speeches[claim.delivery.kind].render(session, claim.delivery, now)
            if message is None:
                return Outcome(State.CANCELLED, "nothing to say", wait=0.0)
            if claim.delivery.op is Op.UPDATE and claim.stands is None:
                return Outcome(State.CANCELLED, "nothing stands there to change", wait=0.0)
        body: Body = message.plain() if claim.is_plain else message.body()
        workspace = await self._workspace(claim.workspace_id)
        with self._waiting():
            verdict = await self.guard(workspace, claim.channel, now)
        return self._unless_overheard(verdict) or body

    def _unless_overheard(self, verdict: Verdict) -> Outcome | None:
        match verdict:
            case Clear():
                return None
            case Exposed(why):
                return Outcome(State.CANCELLED, why, wait=0.0)
            case Unsure(why):
                wait = self.timing.unsure
                closed, revoked = why in CLOSED, why in NO_TOKEN
                return Outcome(State.QUEUED, why or "unsure", wait=wait, pauses=closed, suspends=revoked)

    async def _send(self, claim: Claim, body: Body) -> Outcome | None:
        """Keep the message as being sent and post it; None if it is not ours to send any more."""
        since = self.elapsed()
        if not await self.freeze(claim, body):
            async with self.store.work(claim.workspace_id) as session:
                await finishing.release(session, claim)
            return None
        if self.elapsed() - since + self.timing.timeout >= self.timing.lease:
            return Outcome(State.QUEUED, "too late in the lease", wait=self.timing.unsure)
        return await self.call(claim, body)

    async def freeze(self, claim: Claim, body: Body) -> bool:
        """Keep what is about to be posted; False if it is not ours to post any more."""
        async with self.store.work(claim.workspace_id) as session:
            return await finishing.freeze(session, claim, body, self.clock.now(), self.timing)

    async def call(self, claim: Claim, body: Body) -> Outcome:
        """Post or change the message, once, and return what the answer means."""
        metadata, seconds = history.metadata_of(claim), self.timing.timeout
        since = self.elapsed()
        with self._waiting():
            if claim.stands is not None:
                answer = await calls.update(self.slack, claim.stands, body, metadata, seconds=seconds)
            else:
                answer = await calls.post(self.slack, claim.channel, body, metadata, seconds=seconds)
        self.observer.posted(self.elapsed() - since)
        return outcome_of(
            answer,
            op=claim.delivery.op,
            to_person=claim.to_person,
            failures=claim.failures,
            is_plain="blocks" not in body,
            backoff=self.timing.backoff,
        )

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        """Write what became of a message and let its lane go; False if the lane is another's by now."""
        if outcome.pauses or outcome.suspends or outcome.state is State.DEAD:
            log.warning("Slack refused a message", why=outcome.why, channel=claim.channel, kind=claim.delivery.kind)
        async with self.store.work(claim.workspace_id) as session:
            is_ours = await finishing.finish(session, claim, outcome, self.clock.now(), self.timing)
        is_news = not (claim.unknown and outcome.state is State.UNKNOWN)
        if is_ours and is_news:
            self.observer.ended(claim.delivery.kind, outcome.state)
        if is_ours and self.troubled is not None and _is_trouble(outcome, to_person=claim.to_person):
            async with self.store.work(claim.workspace_id) as session:
                await self.troubled(session, claim.delivery, self.clock.now())
        return is_ours

    async def _find_out(self, claim: Claim) -> Outcome:
        """Return what becomes of a message of which we do not know whether it was posted.

        Before that has settled, only finding it changes anything.
        """
        left = self.timing.settle - claim.age
        if claim.delivery.op is Op.UPDATE:
            again = Outcome(State.QUEUED, "said again to be sure", wait=0.0)
            return again if left <= 0 else Outcome(State.UNKNOWN, wait=left)
        match await self._looked(claim):
            case history.Found(channel, ts):
                return Outcome(State.SENT, sent=(channel, ts))
            case history.Absent() if left > 0:
                return Outcome(State.UNKNOWN, wait=until_next_look(claim.age, self.timing.settle))
            case history.Absent():
                return Outcome(State.QUEUED, "it did not arrive", wait=0.0)
            case history.Unread(answer):
                if answer.error in ILLEGIBLE and left <= 0:
                    return Outcome(State.PARKED, answer.error)
                wait = answer.retry_after if answer.retry_after is not None else self.timing.unsure
                closed, revoked = answer.error in CLOSED, answer.error in NO_TOKEN
                return Outcome(State.UNKNOWN, answer.error, wait=max(wait, left), pauses=closed, suspends=revoked)

    async def _looked(self, claim: Claim) -> history.Sight:
        conversation = await self._conversation(claim)
        try:
            with self._waiting():
                async with asyncio.timeout(self.timing.looking):
                    return await self.look(self.slack, claim, conversation)
        except TimeoutError:
            return history.Unread(Answer(error="no answer", unclear=True))

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[None]:
        self.at_slack += 1
        try:
            yield
        finally:
            self.at_slack -= 1

    async def _conversation(self, claim: Claim) -> str | None:
        """Return the id of a DM that we have spoken in before."""
        if not claim.to_person:
            return None
        spoken = sa.select(DeliveryRow.sent_channel).where(
            DeliveryRow.lane_id == claim.lane_id, DeliveryRow.sent_channel.is_not(None)
        )
        async with self.store.look(claim.workspace_id) as session:
            return (await session.execute(spoken.limit(1))).scalar_one_or_none()

    async def _workspace(self, workspace_id: uuid.UUID) -> Workspace:
        if workspace_id not in self._workspaces:
            async with self.store.look(None) as session:
                self._workspaces = {one.id: one for one in await installs.all_workspaces(session)}
        return self._workspaces[workspace_id]


def _is_trouble(outcome: Outcome, *, to_person: bool) -> bool:
    """Return whether somebody has to act: open a channel again, decide who reads there, stand in for who has left."""
    if to_person:
        return outcome.state is State.CANCELLED and outcome.why in {LEFT, *NOBODY}
    return outcome.pauses or (outcome.state is State.CANCELLED and outcome.why in {GUESTS, SHARED})
