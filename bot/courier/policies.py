"""What the gate goes by, from what a workspace and its people have chosen, and what it says of a message on its way."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace
from functools import partial

import sqlalchemy as sa

from bot.courier.gate import Drop, HoldUntil, Policy, gate
from bot.courier.guard import PERSON
from bot.courier.kinds import A_BRIEF, Delivery
from bot.courier.rows import Op, ScheduleRow
from bot.store.session import Work
from bot.workspaces import away, settings
from bot.workspaces.away import Away
from bot.workspaces.directory import Member, find_members
from bot.workspaces.holidays import is_holiday
from bot.workspaces.settings import Preference, Settings


def for_channel(known: Settings, tz: str) -> Policy:
    """Return how a team channel is spoken to; `replace` says what is spoken about."""
    return Policy(
        tz,
        quiet_from=known.quiet_from,
        quiet_until=known.quiet_until,
        workdays=known.workdays,
        is_holiday=partial(is_holiday, country=known.country),
    )


def for_person(known: Settings, chosen: Preference, member: Member, absence: Away | None) -> Policy:
    """Return how a person is spoken to: their own choices before the workspace's, by their own clock."""
    return Policy(
        member.tz,
        quiet_from=known.quiet_from if chosen.quiet_from is None else chosen.quiet_from,
        quiet_until=known.quiet_until if chosen.quiet_until is None else chosen.quiet_until,
        workdays=known.workdays,
        is_holiday=partial(is_holiday, country=chosen.country or known.country),
        back_on=absence.back_on if absence is not None else None,
        is_gone=not member.is_ours,
    )


async def channel_policy(session: Work, recipient: str) -> Policy:
    """Return how a team channel (Slack's id) is spoken to: in the zone that its own times are in."""
    known = await settings.read(session)
    own = await session.execute(sa.select(ScheduleRow.tz).where(ScheduleRow.recipient == recipient).limit(1))
    return for_channel(known, own.scalar_one_or_none() or await settings.zone(session, known))


async def person_policies(session: Work, members: Collection[Member], now: dt.datetime) -> dict[uuid.UUID, Policy]:
    """Return how each of these members is spoken to at an instant."""
    known = await settings.read(session)
    chosen = await settings.preferences(session, [member.id for member in members])
    absent = await away.away_now(session, members, now)
    return {member.id: for_person(known, chosen[member.id], member, absent.get(member.id)) for member in members}


async def hold(session: Work, delivery: Delivery, now: dt.datetime) -> dt.datetime | None:
    """Return until when a message waits just now: quiet hours, a day off, somebody away; None where it may go.

    What would come too late waits until it is of no use.  A change of what stands there already disturbs nobody.  A
    brief waits for nothing but somebody's return.
    """
    if delivery.op is Op.UPDATE:
        return None
    policy = await _policy(session, delivery.recipient, now)
    if policy is not None and delivery.kind == A_BRIEF:
        policy = Policy(policy.tz, back_on=policy.back_on)
    verdict = gate(policy, delivery.due_at, now, expires_at=delivery.expires_at) if policy is not None else None
    if isinstance(verdict, HoldUntil):
        return verdict.at
    return delivery.expires_at if isinstance(verdict, Drop) else None


async def _policy(session: Work, recipient: str, now: dt.datetime) -> Policy | None:
    """Return how a recipient is spoken to; None for somebody unknown.  Whether they are one of us, the guard says."""
    if not recipient.startswith(PERSON):
        return await channel_policy(session, recipient)
    member = (await find_members(session, [recipient])).get(recipient)
    if member is None:
        return None
    return replace((await person_policies(session, [member], now))[member.id], is_gone=False)
