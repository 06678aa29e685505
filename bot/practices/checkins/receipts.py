"""What somebody says happened, what was kept of it, and whose it is."""

import datetime as dt
import uuid
from dataclasses import dataclass

from bot.practices.anticipations import service as anticipations
from bot.practices.checkins import rows, rules
from bot.practices.checkins.rows import Checkin, Details
from bot.practices.checkins.rules import Medium, OurRole, Purpose, Setting, Signal, Via
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.promises import recognise
from bot.practices.promises import service as promises
from bot.practices.promises.rules import Guess
from bot.practices.promises.service import Promise
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces.directory import Member

NOTHING_MORE = Details()


class UnknownCheckin(Exception):
    """There is no such check-in any more, or not for this member."""


class NotTheAuthor(Exception):
    """Only whoever wrote a check-in changes it."""


class TooLateToUndo(Exception):
    """The ten minutes are over."""


class NotTheirPerson(ValueError):
    """Somebody who was picked is not at this client."""


@dataclass(frozen=True)
class Note:
    """What somebody says happened: nothing but that they spoke, where there is neither feeling nor text.

    `said_on` is a local date, None for today; `promise` was spelled out in a form.
    """

    client_id: uuid.UUID
    feeling: int | None
    text: str
    via: Via
    visibility: Visibility = Visibility.TEAM
    purpose: Purpose | None = None
    said_on: dt.date | None = None
    unsaid: str | None = None
    quote: str | None = None
    medium: Medium | None = None
    setting: Setting | None = None
    details: Details = NOTHING_MORE
    promise: Guess | None = None
    source_channel: str | None = None
    source_ts: str | None = None
    win: str | None = None
    struggle: str | None = None
    our_role: OurRole | None = None
    need: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What was kept: the check-in, its promise or one to confirm, and whether to ask why they hired us.

    `signals` were noticed in it; `need`: what they will need next; `leaves_win`: it went elsewhere, or fewer read it,
    and a date made of its win stays as it is; `repeated` says that this was handled before: the same delivery, or a day
    that was noted already.
    """

    checkin: Checkin
    client: Client
    promise: Promise | None = None
    guess: Guess | None = None
    asks_why: bool = False
    repeated: bool = False
    signals: frozenset[Signal] = frozenset()
    need: str | None = None
    leaves_win: bool = False


async def receipt(
    session: Work, checkin_id: uuid.UUID, *, by: Member, client: Client | None = None, guessing: bool = True
) -> Receipt:
    """Return the receipt of a check-in of one's own.  Raises UnknownCheckin or NotTheAuthor."""
    checkin = await own(session, checkin_id, by)
    promise = (await promises.of_checkins(session, [checkin_id])).get(checkin_id)
    guess = None
    if promise is None and guessing and checkin.note:
        guess = recognise.guess(checkin.note, rules.contact_day(checkin.created_at, by.tz, None))
    client = client or await clients.get(session, checkin.client_id)
    asks_why = client.why_hired is None and client.why_asked_at == checkin.created_at
    signals = (await rows.details_of(session, [checkin_id]))[checkin_id].signals
    return Receipt(checkin, client, promise, guess, asks_why, signals=signals, need=await _need(session, checkin_id))


async def _need(session: Work, checkin_id: uuid.UUID) -> str | None:
    found = (await anticipations.of_checkins(session, [checkin_id])).get(checkin_id)
    return found.what if found is not None else None


async def own(session: Work, checkin_id: uuid.UUID, by: Member) -> Checkin:
    """Return a check-in of one's own.  Raises UnknownCheckin or NotTheAuthor."""
    checkin = await rows.get(session, checkin_id)
    if checkin is None:
        raise UnknownCheckin
    if not rules.may_change(checkin.author_id, by.id):
        raise NotTheAuthor
    return checkin
