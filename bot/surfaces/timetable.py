"""When each team channel and each person is spoken to: worked out anew whenever somebody changes who is who."""

import asyncio
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from typing import Final

from bot.courier import ledger
from bot.courier.ledger import Times
from bot.courier.times import DIGEST_GRACE, EVERY_DAY
from bot.practices.blockers import showing as blockers
from bot.practices.clients import service as clients
from bot.practices.milestones import speaking as dates
from bot.practices.promises import digest as promises
from bot.store.session import Work
from bot.surfaces import digest, morning
from bot.workspaces import away, settings
from bot.workspaces.directory import members_by_id
from bot.workspaces.here import Here
from bot.workspaces.settings import Settings
from bot.workspaces.teams import Role, everyone, teams

UNTIL_THE_DAY_ENDS: Final = dt.timedelta(hours=24)
SETTLE_SECONDS: Final = 0.05


class Upkeep:
    """Keeps a workspace's times behind the answers: many changes at once are looked at once."""

    def __init__(self) -> None:
        self._waiting: set[uuid.UUID] = set()

    def changed(self, here: Here, client_id: uuid.UUID) -> None:
        """Take note that something about a client is different, its team perhaps; to be told after the commit."""
        _ = client_id
        if here.workspace.id not in self._waiting:
            self._waiting.add(here.workspace.id)
            here.later("see who is spoken to when", self._keep(here))

    async def _keep(self, here: Here) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        self._waiting.discard(here.workspace.id)
        async with here.look() as session:
            is_kept = await _is_kept(session, here.now)
        if not is_kept:
            async with here.work() as session:
                await keep(session, here.now)


async def keep(session: Work, now: dt.datetime) -> None:
    """Write down when everyone is spoken to; what stays as it was keeps what is due."""
    for kind, times in (await _wanted(session, now)).items():
        await ledger.set_schedules(session, kind, times, now)


async def _is_kept(session: Work, now: dt.datetime) -> bool:
    """Return whether it is written down already when everyone is spoken to, as after most changes."""
    wanted = await _wanted(session, now)
    kept = {kind: await ledger.schedules(session, kind) for kind in wanted}
    return kept == {kind: {one: at for one, at in times.items() if at.weekdays} for kind, times in wanted.items()}


async def _wanted(session: Work, now: dt.datetime) -> dict[str, dict[str, Times]]:
    """Return when everyone is to be spoken to, by kind and recipient."""
    known = await settings.read(session)
    theirs = await clients.digest_channels(session, known.team_channel_id)
    return {digest.KIND: await digests(session, theirs, known), morning.KIND: await mornings(session, now)}


async def digests(session: Work, theirs: dict[str, frozenset[uuid.UUID]], known: Settings) -> dict[str, Times]:
    """Return the time of each team channel's digest: in the zone chosen, else the one most of the owners are in."""
    roles = await teams(session, {one for ids in theirs.values() for one in ids})
    owners = {client_id: _those(team, {Role.OWNER}) for client_id, team in roles.items()}
    people = await members_by_id(session, {one for each in owners.values() for one in each})
    fallback = await settings.zone(session, known)
    times: dict[str, Times] = {}
    for channel, ids in theirs.items():
        zones = Counter(people[one].tz for client_id in sorted(ids) for one in owners[client_id] if one in people)
        tz = known.tz or (max(zones, key=lambda zone: (zones[zone], zone)) if zones else fallback)
        times[channel] = Times(known.digest_at, tz, known.workdays, DIGEST_GRACE)
    return times


async def mornings(session: Work, now: dt.datetime) -> dict[str, Times]:
    """Return the time of each person's morning who has a client, covers for somebody, promised or wrote something down.

    Whoever wants neither mornings nor dates has none.
    """
    today = now.date()
    ids = await everyone(session) | await away.covering(session, today) | await promises.all_carriers(session)
    ids |= await dates.all_writers(session) | await blockers.all_writers(session)
    people = [member for member in (await members_by_id(session, ids)).values() if member.is_ours]
    chosen = await settings.preferences(session, [member.id for member in people])
    return {
        member.slack_id: Times(chosen[member.id].morning_at, member.tz, EVERY_DAY, UNTIL_THE_DAY_ENDS)
        for member in people
        if chosen[member.id].wants_morning or chosen[member.id].wants_dates
    }


def _those(team: dict[uuid.UUID, Role], roles: Collection[Role]) -> list[uuid.UUID]:
    return sorted(member_id for member_id, role in team.items() if role in roles)
