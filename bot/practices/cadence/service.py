"""Setting a client aside for a while ("not now"), and bringing it back."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.cadence import rows
from bot.practices.cadence.rows import Snooze
from bot.practices.cadence.rules import Reason
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.practice import Section, Value
from bot.slack.blocks import button
from bot.slack.errors import Refused
from bot.slack.text import Markup, day, lines, markup
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.visibility import Audience

__all__ = ["Snooze", "card", "conversed", "set_aside", "snooze", "snoozed", "wake"]


async def snooze(
    session: Work,
    client_id: uuid.UUID,
    *,
    until: dt.date,
    reason: Reason | None = None,
    note: str | None = None,
    by: Member,
    now: dt.datetime,
    key: str | None = None,
) -> Snooze:
    """Bring a client up no more before a day; a second time changes the day.

    A form that is pressed again (by `key`) sets nobody aside who was brought back meanwhile.  Raises
    clients.UnknownClient, and Refused for a relationship that has ended.
    """
    client = await clients.get(session, client_id)
    clients.require_running(client)
    pressed_again = key is not None and await first_time(session, key, ref=client_id, now=now) is not None
    if pressed_again and not await rows.get(session, [client_id], after=dt.date.min):
        raise Refused(f"{client.name} was brought back meanwhile. Press “Not now” again to set it aside.")
    made = Snooze(client_id, by.id, until, reason, note or None, now)
    await rows.put(session, made)
    return made


async def wake(session: Work, client_id: uuid.UUID) -> Client:
    """Bring a client back, set aside or not.  Raises clients.UnknownClient."""
    client = await clients.get(session, client_id)
    await rows.drop(session, client_id)
    return client


async def snoozed(session: Work, client_ids: Collection[uuid.UUID], today: dt.date) -> dict[uuid.UUID, Snooze]:
    """Return the clients among these that are set aside today; on the day itself a client is back."""
    return await rows.get(session, client_ids, after=today)


async def conversed(session: Work, client_id: uuid.UUID, *, before: dt.datetime) -> None:
    """Bring back a client that was spoken with, if it was set aside before the end (an instant) of that day."""
    await rows.drop_older(session, client_id, before=before)


def set_aside(found: Snooze, today: dt.date) -> Markup:
    """Say until when a client is set aside, and why: "set aside until Mon 30 Nov · they're away"."""
    until = markup("set aside until {day}", day=day(found.until_on, today))
    why = "" if found.reason in {None, Reason.OTHER} else found.reason.label
    return lines([until, why, found.note or ""], " · ")


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return until when each client is set aside, with the way to bring it back."""
    _ = audience  # everyone of ours may know these
    today = now.date()
    found = await snoozed(session, client_ids, today)
    return {client_id: [_line(one, today)] for client_id, one in found.items()}


def _line(found: Snooze, today: dt.date) -> Value:
    said = set_aside(found, today)
    back = button("Bring back", "cadence.wake", value=str(found.client_id))
    return Value(Section.STANDING, Markup(said[0].upper() + said[1:]), weight=20, accessory=back)
