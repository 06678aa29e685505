"""What would be said at an instant: decided and written as ever, then taken back; Slack is asked nothing."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from bot.clock import MovableClock
from bot.courier.guard import PERSON, Clear, Exposed, Verdict, judge
from bot.courier.kinds import Delivery, Hold, Message, Speech
from bot.courier.plan import plan
from bot.courier.rows import DeliveryRow, LaneRow, Op, State
from bot.store.engine import Store
from bot.store.session import Work
from bot.workspaces import directory, installs


@dataclass(frozen=True)
class Line:
    """One message that would go out, or why it would not: to whom (Slack's id, and by name), and what it says.

    fate: "goes out", or what keeps it.
    """

    workspace: str
    name: str
    delivery: Delivery
    fate: str
    message: Message | None


class Rehearsal(Store):
    """A store that keeps nothing: what is written is read once by `lines`, then taken back."""

    def __init__(self, url: str, speeches: Mapping[str, Speech], now: dt.datetime, hold: Hold | None = None) -> None:
        super().__init__(url)
        self.found: dict[tuple[uuid.UUID, str], Line] = {}
        self._speeches, self._now, self._hold = speeches, now, hold
        self._names: dict[uuid.UUID, str] = {}

    @asynccontextmanager
    async def work(self, workspace_id: uuid.UUID | None) -> AsyncIterator[Work]:
        """Open a writing transaction that comes to nothing."""
        async with self._work(info=self._info(workspace_id)) as session:
            await session.begin()
            try:
                yield session
                if workspace_id is not None:
                    await self._take_down(session)
            finally:
                await session.rollback()

    async def lines(self) -> list[Line]:
        """Return what would be said, the longest due first."""
        async with self.look(None) as session:
            self._names = {one.id: one.name for one in await installs.all_workspaces(session)}
        for workspace_id in self._names:
            async with self.look(workspace_id) as session:
                await self._take_down(session)
        await plan(self, self._speeches, MovableClock(self._now))
        return sorted(self.found.values(), key=lambda line: (line.delivery.due_at, line.workspace, line.name))

    async def _take_down(self, session: Work) -> None:
        """Write down what is queued and due in a workspace, as it would be said."""
        row = DeliveryRow
        query = sa.select(row, LaneRow.channel, LaneRow.paused_reason).join(LaneRow, LaneRow.id == row.lane_id)
        query = query.where(
            row.op == Op.POST, row.state == State.QUEUED, row.due_at <= self._now, row.expires_at > self._now
        )
        seen = {key for workspace_id, key in self.found if workspace_id == session.workspace_id}
        found = [row for row in await session.execute(query) if row[0].occurrence_key not in seen]
        verdicts = await _verdicts(session, {channel for _, channel, _ in found})
        for one, channel, paused in found:
            delivery = _delivery(one, channel)
            name, verdict = verdicts[channel]
            message, fate = await self._said(session, delivery)
            if paused is not None:
                fate = f"waits: {paused}"
            elif message is not None and not isinstance(verdict, Clear):
                fate = f"kept back: {verdict.why}" if isinstance(verdict, Exposed) else "Slack is asked first"
            line = Line(self._names[delivery.workspace_id], name, delivery, fate, message)
            self.found.setdefault((delivery.workspace_id, one.occurrence_key), line)

    async def _said(self, session: Work, delivery: Delivery) -> tuple[Message | None, str]:
        until = await self._hold(session, delivery, self._now) if self._hold is not None else None
        if until is not None and until > self._now:
            return None, f"waits until {until:%Y-%m-%d %H:%M} UTC"
        speech = self._speeches.get(delivery.kind)
        message = await speech.render(session, delivery, self._now) if speech is not None else None
        return (message, "goes out") if message is not None else (None, "nothing to say")


def _delivery(row: DeliveryRow, channel: str) -> Delivery:
    return Delivery(
        id=row.id,
        workspace_id=row.workspace_id,
        recipient=channel,
        kind=row.kind,
        subject=row.subject,
        local_date=row.local_date,
        op=row.op,
        revision=row.revision,
        due_at=row.due_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
    )


async def _verdicts(session: Work, recipients: Collection[str]) -> dict[str, tuple[str, Verdict]]:
    """Return recipients by name and whether they may be told, as far as Slack said so before."""
    people = await directory.find_members(session, [one for one in recipients if one.startswith(PERSON)])
    channels = await directory.find_channels(session, [one for one in recipients if not one.startswith(PERSON)])
    found: dict[str, tuple[str, Verdict]] = {}
    for one in recipients:
        person, channel = people.get(one), channels.get(one)
        name = person.name if person is not None else f"#{channel.name}" if channel is not None else one
        found[one] = name, judge(channel, is_direct=one.startswith((*PERSON, "D")), person=person)
    return found
