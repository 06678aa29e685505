"""Setting a client aside for a while ("not now"), and bringing it back: by its day or by a press, by nothing else.

Everybody of ours sees the day and the reason.  The words beside them are for the client's team and whoever wrote them.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

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
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, Visibility, may_see

__all__ = ["Snooze", "card", "set_aside", "snooze", "snoozed", "wake"]


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

    A form that is pressed again (by `key`) sets nobody aside who was brought back meanwhile, and leaves what somebody
    else has said since.  Raises clients.UnknownClient, clients.NotTheirs, and Refused for one that has ended.
    """
    client = await clients.get(session, client_id)
    clients.require_running(client)
    await clients.require_editor(session, client, by)
    if key is not None and await first_time(session, key, ref=client_id, now=now) is not None:
        kept = (await rows.get(session, [client_id], after=dt.date.min)).get(client_id)
        if kept is None:
            raise Refused(f"{client.name} was brought back meanwhile. Press “Not now” again to set it aside.")
        if kept.member_id != by.id:
            return kept
    made = Snooze(client_id, by.id, until, reason, note or None, now)
    await rows.put(session, made)
    return made


async def wake(session: Work, client_id: uuid.UUID, *, by: Member) -> Client:
    """Bring a client back, set aside or not.  Raises clients.UnknownClient and clients.NotTheirs."""
    client = await clients.get(session, client_id)
    await clients.require_editor(session, client, by)
    await rows.drop(session, client_id)
    return client


async def snoozed(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, today: dt.date
) -> dict[uuid.UUID, Snooze]:
    """Return the clients among these that are set aside today, without words that are not for this audience.

    On the day itself a client is back.
    """
    found = await rows.get(session, client_ids, after=today)
    noted = [client_id for client_id, one in found.items() if one.note]
    team = await teams(session, noted) if noted else {}
    for client_id in noted:
        one = found[client_id]
        may = may_see(audience, Visibility.TEAM, client_id=client_id, team=team[client_id], author_id=one.member_id)
        found[client_id] = one if may else replace(one, note=None)
    return found


def set_aside(found: Snooze, today: dt.date) -> Markup:
    """Say until when a client is set aside, and why: "set aside until Mon 30 Nov · they're away"."""
    until = markup("set aside until {day}", day=day(found.until_on, today))
    why = "" if found.reason in {None, Reason.OTHER} else found.reason.label
    return lines([until, why, found.note or ""], " · ")


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return until when each client is set aside, with the way to bring it back."""
    today = now.date()
    found = await snoozed(session, client_ids, audience, today)
    return {client_id: [_line(one, today)] for client_id, one in found.items()}


def _line(found: Snooze, today: dt.date) -> Value:
    said = set_aside(found, today)
    back = button("Bring back", "cadence.wake", value=str(found.client_id))
    return Value(Section.STANDING, Markup(said[0].upper() + said[1:]), weight=20, accessory=back)
