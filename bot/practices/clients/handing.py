"""A client changes hands, for good: who looks after it from now on, and who has left and still stands there."""

import datetime as dt
import uuid

from bot.practices.clients.rows import Client
from bot.practices.clients.service import hold
from bot.store.session import Work
from bot.workspaces import audit, teams
from bot.workspaces.directory import Member, members_by_id
from bot.workspaces.teams import Role

WHAT = "owner"


async def hand_over(session: Work, client_id: uuid.UUID, to: Member, *, by: uuid.UUID, now: dt.datetime) -> Client:
    """Have somebody look after a client; who did so far stays in its team, unless they have left.

    Where the backup takes over, the two change places.  Whoever has it already keeps it.  It is written down who
    decided.  Raises UnknownClient.
    """
    client = await hold(session, client_id)
    roles = dict((await teams.teams(session, [client_id]))[client_id])
    before = next((one for one, role in roles.items() if role is Role.OWNER), None)
    if before == to.id:
        return client
    names = await members_by_id(session, {before} if before is not None else set())
    if before is not None:
        del roles[before]
        if names[before].is_ours:
            roles[before] = Role.BACKUP if roles.get(to.id) is Role.BACKUP else Role.TEAM
    roles[to.id] = Role.OWNER
    await teams.set_team(session, client_id, roles)
    was = names[before].name if before is not None else "nobody"
    await audit.write(session, WHAT, f"{client.name}: {was} → {to.name}", by, now)
    return client


async def left_behind(session: Work) -> dict[uuid.UUID, Member]:
    """Return the clients of the workspace whose owner has left, by whom."""
    known = await members_by_id(session, await teams.everyone(session))
    gone = {one.id: one for one in known.values() if one.is_gone}
    return {client_id: gone[owner] for client_id, owner in (await teams.owned(session, gone)).items()}
