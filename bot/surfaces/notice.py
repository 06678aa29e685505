"""Telling somebody that channels are closed to Ember, or that others read along there: one DM, once in a week each.

It goes to whoever looks after most of a channel's clients, else to an admin; never on a day on which a date that
matters is said to them, for nobody gets two messages a day beside their morning.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from bot.courier import said
from bot.courier.gate import next_moment
from bot.courier.guard import GUESTS, PERSON, SHARED
from bot.courier.health import health
from bot.courier.kinds import Delivery, Message, Occurrence, Speech
from bot.courier.ledger import enqueue
from bot.courier.policies import person_policies
from bot.courier.times import day_ends
from bot.practices.clients import service as clients
from bot.practices.milestones import speaking
from bot.slack.blocks import section
from bot.slack.text import Markup, bold, lines, markup
from bot.store.session import Work
from bot.surfaces import successor
from bot.surfaces.delivery import ASK_AN_ADMIN, HELD, advice
from bot.workspaces import directory, settings
from bot.workspaces.directory import Channel, Exposure, Member
from bot.workspaces.teams import Role, teams

KIND: Final = "notice"
ONCE_IN: Final = dt.timedelta(days=7)
OF_USE: Final = dt.timedelta(days=2)
DAYS_AHEAD: Final = 7
SHOWN: Final = 10


async def tell(session: Work, delivery: Delivery, now: dt.datetime) -> None:
    """Queue a word about the channel in which a message was not said, unless that was said lately.

    A message to somebody who has left goes to whoever looks after their clients now.
    """
    if delivery.recipient.startswith(PERSON):
        await successor.tell(session, delivery, now)
        return
    theirs = await _heard_in(session)
    member = await _concerned(session, theirs.get(delivery.recipient, frozenset()))
    if member is None or await said.is_waiting(session, member.slack_id, KIND):
        return
    before = await said.showing(session, [KIND], _where(delivery.recipient), since=now - ONCE_IN)
    if any(one.recipient == member.slack_id for one in before):
        return
    due_at = await _free_moment(session, member, now)
    if due_at is not None:
        on = member.day(due_at)
        await enqueue(session, Occurrence(member.slack_id, KIND, on, due_at, due_at + OF_USE), now)


async def _free_moment(session: Work, member: Member, now: dt.datetime) -> dt.datetime | None:
    """Return when somebody can be told next, on a day on which nothing else is said to them; None if never."""
    policy, zone = (await person_policies(session, [member], now))[member.id], ZoneInfo(member.tz)
    today = now.astimezone(zone).date()
    told: dt.date | None = None
    taken = {one.local_date for one in await said.since(session, member.slack_id, (KIND, speaking.KIND), today)}
    at = next_moment(policy, now)
    for _ in range(DAYS_AHEAD):
        if at is None:
            return None
        on = at.astimezone(zone).date()
        if on not in taken and not (await speaking.todays(session, member, on, since=told)).dates:
            return at
        at, told = next_moment(policy, day_ends(on, member.tz)), on
    return at


async def _heard_in(session: Work) -> dict[str, frozenset[uuid.UUID]]:
    return await clients.digest_channels(session, (await settings.read(session)).team_channel_id)


async def _concerned(session: Work, client_ids: frozenset[uuid.UUID]) -> Member | None:
    """Return who looks after most of the clients whose news goes to a channel, else an admin."""
    roles = await teams(session, client_ids)
    owners = Counter(one for team in roles.values() for one, role in team.items() if role is Role.OWNER)
    people = await directory.members_by_id(session, owners)
    present = [one for one in sorted(owners, key=lambda one: (-owners[one], one)) if people[one].is_ours]
    return people[present[0]] if present else await directory.an_admin(session)


async def render(session: Work, delivery: Delivery, now: dt.datetime) -> Message | None:
    """Write what is wrong by now with the channels that are this person's to look after; None if nothing is."""
    theirs = await _heard_in(session)
    closed = await _closed(session, theirs, now)
    people = {one: await _concerned(session, theirs.get(one, frozenset())) for one in closed}
    mine = [one for one, member in people.items() if member is not None and member.slack_id == delivery.recipient]
    names = {one.slack_id: one.name or one.slack_id for one in (await directory.find_channels(session, mine)).values()}
    if not mine:
        return None
    if len(mine) == 1:
        (one,) = mine
        head = markup("*Ember could not say something in {where}*", where=Markup(_where(one)))
        text = f"Ember could not say something in #{names.get(one, one)}. {closed[one]}"
        return Message(text, [section(lines([head, Markup(closed[one])]))])
    says = [markup("• {where}: {why}", where=Markup(_where(one)), why=Markup(closed[one])) for one in mine[:SHOWN]]
    more = f"and {len(mine) - SHOWN} more" if len(mine) > SHOWN else ""
    closed_to = f"Ember could not say something in {len(mine)} channels"
    named = ", ".join(f"#{names.get(one, one)}" for one in mine[:SHOWN])
    return Message(f"{closed_to}: {named}.", [section(lines([bold(closed_to), *says, more]))])


async def _closed(session: Work, theirs: Mapping[str, object], now: dt.datetime) -> dict[str, str]:
    """Return what is in the way in each channel that is closed, and what to do about it, by Slack's id."""
    paused = {one.channel: advice(one.reason, ASK_AN_ADMIN) for one in (await health(session, now)).paused}
    known = await directory.find_channels(session, sorted(theirs))
    overheard = {one.slack_id: _overheard(one) for one in known.values() if one.exposure is Exposure.VISIBLE}
    found = {**{one: why for one, why in overheard.items() if why}, **paused}
    return {one: found[one] for one in sorted(found) if not one.startswith(PERSON)}


def _overheard(channel: Channel) -> str:
    return "" if channel.is_allowed else HELD[SHARED if channel.is_shared else GUESTS]


def _where(slack_id: str) -> str:
    return f"<#{slack_id}>"


NOTICE: Final = Speech(KIND, render)
