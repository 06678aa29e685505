"""Who is reminded of a client's dates on a day: whoever looks after it, their cover while away, else the backup."""

import datetime as dt
import uuid
from collections.abc import Collection

from bot.practices.milestones.rules import Roles, responsible
from bot.store.session import Work
from bot.workspaces import away, directory
from bot.workspaces.teams import Role, teams


async def on_duty(session: Work, client_ids: Collection[uuid.UUID], on: dt.date) -> dict[uuid.UUID, uuid.UUID]:
    """Return by client who is reminded on a day, by our ids; a client with nobody left is absent."""
    if not client_ids:
        return {}
    roles = {client_id: _roles(theirs) for client_id, theirs in (await teams(session, client_ids)).items()}
    asked = {one for each in roles.values() for one in (each.owner, each.backup) if one is not None}
    absent = await away.away_on(session, asked, on) if asked else {}
    covers = {one.cover_id for one in absent.values() if one.cover_id is not None}
    gone = {**absent, **(await away.away_on(session, covers, on) if covers else {})}
    known = await directory.members_by_id(session, asked | covers)
    present = {one.id for one in known.values() if one.is_ours}
    out = {member_id: one.cover_id for member_id, one in gone.items()}
    found = {client_id: responsible(each, present=present, away=out) for client_id, each in roles.items()}
    return {client_id: one for client_id, one in found.items() if one is not None}


def _roles(theirs: dict[uuid.UUID, Role]) -> Roles:
    return Roles(
        *(next((one for one, role in theirs.items() if role is wanted), None) for wanted in (Role.OWNER, Role.BACKUP))
    )
