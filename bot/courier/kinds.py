"""What the courier carries: when somebody is spoken to, what about, and how it is written at that moment."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.courier import times
from bot.courier.guard import Verdict
from bot.courier.rows import Op
from bot.slack.blocks import Block
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.text import shorten
from bot.store.session import Work
from bot.workspaces.installs import Workspace

A_MORNING: Final = "morning"
"""The kind of a person's own message of a morning: what reminds people goes by the last one that they had."""

A_BRIEF: Final = "brief"
"""The kind of the message before a meeting: the meeting is when it is, so quiet hours and days off do not hold it."""

AFTERWARDS: Final = "afterwards"
"""The kind of the question after a meeting."""


@dataclass(frozen=True)
class Schedule:
    """A local time that has come: who is spoken to (Slack's id of a channel or a person), of which kind, on which date.

    due_at: that local time as an instant; weekdays: a bit each, Monday's is 1 and Sunday's 64.
    """

    id: uuid.UUID
    workspace_id: uuid.UUID
    recipient: str
    kind: str
    local_time: dt.time
    tz: str
    weekdays: int
    grace: dt.timedelta
    due_at: dt.datetime

    @property
    def zone(self) -> ZoneInfo:
        """The recipient's time zone."""
        return ZoneInfo(self.tz)

    @property
    def local_date(self) -> dt.date:
        """The date at the recipient's on which this is due."""
        return times.local_date(self.due_at, self.local_time, self.tz)


@dataclass(frozen=True)
class Occurrence:
    """One message that is to be said, once: what makes it one is its key.

    subject: what it is about, by our id; part: what tells apart messages about the same subject on the same date.
    """

    recipient: str
    kind: str
    local_date: dt.date
    due_at: dt.datetime
    expires_at: dt.datetime
    subject: uuid.UUID | None = None
    part: str = ""

    @property
    def key(self) -> str:
        """Which message this is in its workspace: planned again, it is the same one."""
        about = self.subject.hex if self.subject is not None else ""
        return f"{self.recipient}:{self.kind}:{about}{self.part}:{self.local_date.isoformat()}"


@dataclass(frozen=True)
class Delivery:
    """A message on its way: to whom, about what, and whether it is new or a change of one that was sent.

    id: the message's own, for a change too; revision: how many changes it has seen.
    """

    id: uuid.UUID
    workspace_id: uuid.UUID
    recipient: str
    kind: str
    subject: uuid.UUID | None
    local_date: dt.date
    op: Op
    revision: int
    due_at: dt.datetime
    expires_at: dt.datetime
    created_at: dt.datetime


@dataclass(frozen=True)
class Message:
    """What is posted: a full sentence for notifications and screen readers, and blocks.

    thread_ts: when the message stands at Slack's that this one answers, in Slack's words; empty for none.
    """

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    thread_ts: str = ""

    def body(self) -> dict[str, Any]:
        """Return it as Slack takes it."""
        return {"text": self.text, "blocks": list(self.blocks), **self._thread()}

    def plain(self) -> dict[str, Any]:
        """Return its text alone."""
        return {"text": shorten(self.text, MESSAGE_TEXT), **self._thread()}

    def _thread(self) -> dict[str, str]:
        return {"thread_ts": self.thread_ts} if self.thread_ts else {}


Render = Callable[[Work, Delivery, dt.datetime], Awaitable[Message | None]]
"""Writes a message at the moment it goes out, or again for a change; None where there is nothing (more) to say."""

Decide = Callable[[Work, Sequence[Schedule], dt.datetime], Awaitable[Sequence[Occurrence]]]
"""Says what is due at these local times of one workspace; opening what has to be opened, in the same transaction."""

Stirring = Callable[[Work, Collection[Schedule], dt.datetime], Awaitable[set[uuid.UUID]]]
"""Says over all workspaces at once which of these schedules, by id, may have anything to say; others cost no more."""

Guarding = Callable[[Workspace, str, dt.datetime], Awaitable[Verdict]]
"""Says whether a message may go to a recipient (Slack's id) just now; asked right before each post."""

Hold = Callable[[Work, Delivery, dt.datetime], Awaitable[dt.datetime | None]]
"""Says until when a message has to wait (quiet hours, a day off); None: it may go."""


@dataclass(frozen=True)
class Speech:
    """One kind of message that Ember starts by itself.

    A schedule's kind names the speech that decides; it may decide on messages of other kinds too.
    """

    kind: str
    render: Render
    decide: Decide | None = None
    stirring: Stirring | None = None
