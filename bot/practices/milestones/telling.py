"""Putting right what was said about a date in a message of its own, once somebody has changed it or answered."""

import datetime as dt
from collections.abc import Iterable

from bot.courier import ledger, said
from bot.practices.milestones import service, speaking
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.reminding import HORIZON
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.here import as_id


async def again(session: Work, people: Iterable[Member], on: dt.date, now: dt.datetime) -> None:
    """Have what these people were told about a day written anew; mornings are once a change is known."""
    for recipient in sorted({member.slack_id for member in people}):
        await ledger.bump(session, kind=speaking.KIND, recipient=recipient, local_date=on, now=now)


async def answered(session: Work, one: Coming, *, by: Member, today: dt.date, now: dt.datetime) -> None:
    """Have what was said about a date on its day, and of one that comes alone all that was said ahead, written anew."""
    is_alone = one.milestone.details.alone
    days = {one.on, today} if is_alone else {one.on}
    for on in sorted(days):
        await again(session, [*await speaking.hearers(session, one, on), by], on, now)
    if is_alone:
        since = now - dt.timedelta(days=HORIZON)
        for each in await said.showing(session, [speaking.KIND], str(one.milestone.id), since=since):
            who, on = each.recipient, each.local_date
            if on not in days:
                await ledger.bump(session, kind=speaking.KIND, recipient=who, local_date=on, lasting=True, now=now)


async def heard_today(session: Work, carried: str | None, *, by: Member, today: dt.date) -> list[Member]:
    """Return who was told of a date alone today, by the id that a form carries (None: a new one).

    Raises UnknownMilestone and clients.NotTheirs.
    """
    if carried is None:
        return []
    kept = await service.editable(session, as_id(carried), by=by, today=today)
    is_said = kept.on == today or kept.milestone.details.alone
    return await speaking.hearers(session, kept, today) if is_said else []


async def late(session: Work, one: Coming, *, by: Member, today: dt.date, now: dt.datetime) -> None:
    """Have a date that turns out to be said alone today said today: its morning may have gone by."""
    if one.on == today or one.milestone.details.alone:
        await again(session, [*await speaking.hearers(session, one, today), by], today, now)
        for each in await speaking.late(session, one, today, now, but=by):
            await ledger.enqueue(session, each, now)
