"""What stands at Slack's already: what a message showed first, which ones show somebody, what a thread is about."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.courier.rows import DeliveryRow, LaneRow, Op, State
from bot.store.session import Work

SAID = (State.SENDING, State.UNKNOWN, State.SENT)
PLANNED = (State.QUEUED, *SAID)
UNSAID = (State.CANCELLED, State.EXPIRED)
ZONES_APART = dt.timedelta(days=2)


@dataclass(frozen=True)
class Said:
    """A message as it was planned: to whom (Slack's id), of which kind, about what, for which date."""

    recipient: str
    kind: str
    subject: uuid.UUID | None
    local_date: dt.date


WHAT = (LaneRow.channel, DeliveryRow.kind, DeliveryRow.subject, DeliveryRow.local_date)
POSTS = sa.select(*WHAT).join(LaneRow, LaneRow.id == DeliveryRow.lane_id).where(DeliveryRow.op == Op.POST)


@dataclass(frozen=True)
class First:
    """A message as it was planned and posted first; body: None while it has not been."""

    body: Mapping[str, Any] | None
    created_at: dt.datetime


async def first(session: Work, delivery_id: uuid.UUID) -> First:
    """Return what a message was at first, by the delivery's id, which its changes share."""
    row = DeliveryRow
    shown = sa.case((row.state.in_(SAID), row.body))
    return First(*(await session.execute(sa.select(shown, row.created_at).where(row.id == delivery_id))).one())


async def planned_with(session: Work, recipient: str, kind: str, created_at: dt.datetime) -> list[Said]:
    """Return the messages of a kind that were planned for a recipient at one go."""
    which = (LaneRow.channel == recipient, DeliveryRow.kind == kind, DeliveryRow.created_at == created_at)
    return [Said(*row) for row in await session.execute(POSTS.where(*which, DeliveryRow.state.in_(PLANNED)))]


async def standing(session: Work, kind: str, subjects: Collection[uuid.UUID]) -> list[Said]:
    """Return the messages of a kind about any of these, but those that were held back or came too late."""
    if not subjects:
        return []
    which = (DeliveryRow.kind == kind, DeliveryRow.subject.in_(set(subjects)), DeliveryRow.state.not_in(UNSAID))
    return [Said(*row) for row in await session.execute(POSTS.where(*which))]


async def since(session: Work, recipient: str, kinds: Collection[str], on: dt.date) -> list[Said]:
    """Return the messages of some kinds that a recipient got or was to get since a date, whatever became of them."""
    which = (LaneRow.channel == recipient, DeliveryRow.kind.in_(set(kinds)), DeliveryRow.local_date >= on)
    return [Said(*row) for row in await session.execute(POSTS.where(*which))]


async def stands_at(session: Work, recipient: str, kind: str, subject: uuid.UUID) -> str:
    """Return when the newest message of a kind about something stands at Slack's, in its words; empty for none."""
    row = DeliveryRow
    which = (LaneRow.channel == recipient, row.kind == kind, row.subject == subject, row.sent_ts.is_not(None))
    query = sa.select(row.sent_ts).join(LaneRow, LaneRow.id == row.lane_id).where(*which, row.op == Op.POST)
    return (await session.execute(query.order_by(row.due_at.desc()).limit(1))).scalar_one_or_none() or ""


async def newest_body(
    session: Work, recipient: str, kind: str, subjects: Collection[uuid.UUID], *, since: dt.date
) -> Mapping[str, Any] | None:
    """Return what the newest message of a kind about any of these showed when it was posted; None for none."""
    row = DeliveryRow
    which = (LaneRow.channel == recipient, row.kind == kind, row.local_date >= since, row.subject.in_(set(subjects)))
    query = sa.select(row.body).join(LaneRow, LaneRow.id == row.lane_id).where(*which)
    query = query.where(row.op == Op.POST, row.state.in_(SAID), row.body.is_not(None))
    found: Mapping[str, Any] | None = (
        await session.execute(query.order_by(row.due_at.desc()).limit(1))
    ).scalar_one_or_none()
    return found


async def is_waiting(session: Work, recipient: str, kind: str) -> bool:
    """Return whether a message of a kind is to go to a recipient that is not written yet."""
    which = (LaneRow.channel == recipient, DeliveryRow.kind == kind, DeliveryRow.state == State.QUEUED)
    found = await session.execute(POSTS.where(*which).limit(1))
    return found.first() is not None


async def showing(session: Work, kinds: Collection[str], word: str, *, since: dt.datetime) -> list[Said]:
    """Return the messages of some kinds, due after an instant, in which a word stands, such as an id.

    Their dates bound what is read: no zone's date is further from UTC's than `ZONES_APART`.
    """
    text = sa.cast(DeliveryRow.body, sa.Text())
    dates = DeliveryRow.local_date >= (since - ZONES_APART).date()
    which = (DeliveryRow.kind.in_(set(kinds)), dates, DeliveryRow.due_at > since, DeliveryRow.state.in_(SAID))
    return [Said(*row) for row in await session.execute(POSTS.where(*which, text.contains(word, autoescape=True)))]


async def dates(
    session: Work, recipients: Collection[str], kinds: Collection[str], *, since: dt.date
) -> list[tuple[str, dt.date]]:
    """Return for which dates, from one on, recipients (Slack's ids) got a message of some kinds, each with whose."""
    query = sa.select(LaneRow.channel, DeliveryRow.local_date).join(DeliveryRow, DeliveryRow.lane_id == LaneRow.id)
    theirs = (LaneRow.channel.in_(set(recipients)), DeliveryRow.kind.in_(set(kinds)))
    which = (*theirs, DeliveryRow.local_date >= since)
    arrived = (DeliveryRow.op == Op.POST, DeliveryRow.state == State.SENT)
    return [(channel, on) for channel, on in await session.execute(query.where(*which, *arrived))]


async def missed(session: Work, recipients: Collection[str], kind: str, *, since: dt.date) -> set[tuple[str, dt.date]]:
    """Return for which dates, from one on, a message of a kind was planned for recipients that they did not get."""
    query = sa.select(LaneRow.channel, DeliveryRow.local_date).join(DeliveryRow, DeliveryRow.lane_id == LaneRow.id)
    which = (LaneRow.channel.in_(set(recipients)), DeliveryRow.kind == kind, DeliveryRow.local_date >= since)
    failed = (DeliveryRow.op == Op.POST, DeliveryRow.state != State.SENT)
    return {(channel, on) for channel, on in await session.execute(query.where(*which, *failed))}


async def subject_of_thread(session: Work, channel: str, thread_ts: str) -> uuid.UUID | None:
    """Return what the message is about that a thread hangs on, by Slack's ids; None where it is none of Ember's.

    The lane leads there: it is the channel's, but for a person's, which goes by theirs.
    """
    lane = sa.select(LaneRow.id).where(LaneRow.channel == channel)
    where = (DeliveryRow.lane_id.in_(lane), DeliveryRow.sent_channel == channel, DeliveryRow.sent_ts == thread_ts)
    posts = sa.select(DeliveryRow.subject).where(DeliveryRow.op == Op.POST, *where)
    found: uuid.UUID | None = (await session.execute(posts)).scalars().first()
    return found
