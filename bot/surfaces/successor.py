"""What somebody who has left was to hear of today: whoever looks after those clients now hears of it instead."""

import datetime as dt

from bot.courier import ledger
from bot.courier.kinds import Delivery
from bot.practices.milestones import ahead, speaking
from bot.practices.milestones.duty import on_duty
from bot.practices.milestones.reminding import HORIZON
from bot.store.session import Work
from bot.workspaces.directory import Member, find_members, members_by_id
from bot.workspaces.teams import teams


async def tell(session: Work, delivery: Delivery, now: dt.datetime) -> None:
    """Queue the dates of a day for whoever is on duty by now; a message of theirs that stands already is changed.

    What has no day of its own is left to their next morning.
    """
    if delivery.kind != speaking.KIND:
        return
    for member in await _successors(session, delivery):
        on = member.day(now)
        theirs = (await speaking.todays(session, member, on)).dates if on == delivery.local_date else ()
        if all(one.is_skipped for one in theirs):
            continue
        if await ledger.enqueue(session, speaking.occurrence(member.slack_id, on, member.tz, now), now) is None:
            await ledger.bump(session, kind=speaking.KIND, recipient=member.slack_id, local_date=on, now=now)


async def _successors(session: Work, delivery: Delivery) -> list[Member]:
    """Return who is on duty on a message's day for the clients of whom it was to tell."""
    left = (await find_members(session, [delivery.recipient])).get(delivery.recipient)
    dated = {one.client.id for one in await ahead.coming(session, None, delivery.local_date, HORIZON, alone=True)}
    roles = await teams(session, dated)
    if left is None:
        return []
    theirs = [client_id for client_id in dated if left.id in roles[client_id]]
    on_it = set((await on_duty(session, theirs, delivery.local_date)).values()) - {left.id}
    return sorted((await members_by_id(session, on_it)).values(), key=lambda one: one.id)
