"""Telling somebody that a channel is closed to Ember, or that others read along there: one DM, once in a week.

It goes to whoever looks after most of the channel's clients, else to an admin.
"""

import datetime as dt
import uuid
from collections import Counter
from typing import Final
from zoneinfo import ZoneInfo

from bot.courier import said
from bot.courier.gate import next_moment
from bot.courier.guard import GUESTS, SHARED
from bot.courier.health import health
from bot.courier.kinds import Delivery, Message, Occurrence, Speech
from bot.courier.ledger import enqueue
from bot.courier.policies import person_policies
from bot.practices.clients import service as clients
from bot.slack.blocks import section
from bot.slack.text import Markup, lines, markup
from bot.store.session import Work
from bot.surfaces.delivery import HELD, advice
from bot.workspaces import directory, settings
from bot.workspaces.directory import Channel, Exposure, Member
from bot.workspaces.teams import Role, teams

KIND: Final = "notice"
ONCE_IN: Final = dt.timedelta(days=7)
OF_USE: Final = dt.timedelta(days=2)


async def tell(session: Work, delivery: Delivery, now: dt.datetime) -> None:
    """Queue a word about the channel in which a message was not said, unless that was said lately."""
    channel = (await directory.find_channels(session, [delivery.recipient])).get(delivery.recipient)
    member = await _concerned(session, delivery.recipient)
    if channel is None or member is None:
        return
    today = now.astimezone(ZoneInfo(member.tz)).date()
    before = await said.about(session, member.slack_id, KIND, [channel.id])
    if any(today - one.local_date < ONCE_IN for one in before):
        return
    due_at = next_moment((await person_policies(session, [member], now))[member.id], now)
    if due_at is not None:
        await enqueue(session, Occurrence(member.slack_id, KIND, today, due_at, due_at + OF_USE, channel.id), now)


async def _concerned(session: Work, slack_id: str) -> Member | None:
    """Return who looks after most of the clients whose news goes to a channel, else an admin."""
    known = await settings.read(session)
    theirs = (await clients.digest_channels(session, known.team_channel_id)).get(slack_id, frozenset())
    roles = await teams(session, theirs)
    owners = Counter(one for team in roles.values() for one, role in team.items() if role is Role.OWNER)
    people = await directory.members_by_id(session, owners)
    present = [one for one in sorted(owners, key=lambda one: (-owners[one], one)) if people[one].is_ours]
    return people[present[0]] if present else await directory.an_admin(session)


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write what is wrong with the channel by now; None if nothing is any more."""
    channel = await _channel(session, delivery.subject)
    if channel is None:
        return None
    why = await _why(session, channel, now)
    if not why:
        return None
    head = markup("*Ember could not say something in {where}*", where=Markup(f"<#{channel.slack_id}>"))
    text = f"Ember could not say something in #{channel.name or channel.slack_id}. {why}"
    return Message(text, [section(lines([head, Markup(why)]))])


async def _channel(session: Work, channel_id: uuid.UUID | None) -> Channel | None:
    return (await directory.channels_by_id(session, [channel_id])).get(channel_id) if channel_id is not None else None


async def _why(session: Work, channel: Channel, now: dt.datetime) -> str:
    """Return what is in the way and what to do about it, empty if nothing is."""
    for paused in (await health(session, now)).paused:
        if paused.channel == channel.slack_id:
            return advice(paused.reason)
    if channel.exposure is Exposure.VISIBLE and not channel.is_allowed:
        return HELD[SHARED if channel.is_shared else GUESTS]
    return ""


NOTICE: Final = Speech(KIND, render)
