"""What lists and cards say about clients."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.practices.clients import places, rows, why
from bot.practices.clients.rows import Client
from bot.practices.clients.rules import Stage, Status
from bot.practices.practice import Section, Value
from bot.slack.text import Markup, day, lines, markup, together
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Audience

KEY = Markup("Key client")
STAGES = {
    Stage.ONBOARDING: Markup("In onboarding"),
    Stage.RENEWAL: Markup("Renewal ahead"),
    Stage.WINDING_DOWN: Markup("Winding down"),
}
RHYTHMS = {
    Stage.ONBOARDING: "every {now} while in onboarding, {steady} once steady",
    Stage.RENEWAL: "every {now} before the renewal, {steady} once steady",
    Stage.WINDING_DOWN: "every {now} while winding down, {steady} when steady",
}
"""How often a client is spoken with in a stage of its own, and otherwise."""


@dataclass(frozen=True)
class Listed:
    """A client in a list, with the name of who looks after it (empty when nobody does)."""

    client: Client
    owner: str


async def page(
    session: Work,
    *,
    member_id: uuid.UUID | None = None,
    statuses: Collection[Status] = (Status.ACTIVE, Status.PAUSED),
    limit: int = 20,
    offset: int = 0,
) -> list[Listed]:
    """Return clients by name with who looks after them, those of one member's teams or all."""
    found = await rows.page(session, member_id=member_id, statuses=statuses, limit=limit, offset=offset)
    return await listed(session, found)


async def present(session: Work, *, member_id: uuid.UUID | None = None, limit: int) -> list[Client]:
    """Return clients that have not ended by name, those of one member's teams or all."""
    statuses = (Status.ACTIVE, Status.PAUSED)
    return await rows.page(session, member_id=member_id, statuses=statuses, limit=limit, offset=0)


async def listed(session: Work, clients: Sequence[Client]) -> list[Listed]:
    """Return clients with the names of who looks after them."""
    names = await owners(session, [client.id for client in clients])
    return [Listed(client, names.get(client.id, "")) for client in clients]


async def digest_channels(
    session: Work, default: uuid.UUID | None, *, client_ids: Collection[uuid.UUID] | None = None
) -> dict[str, frozenset[uuid.UUID]]:
    """Return, for each team channel by Slack's id, the clients whose digest goes there; none that ended.

    default: our id of the channel for clients without one of their own.
    """
    theirs: dict[str, set[uuid.UUID]] = {}
    for channel, client_id in await places.digest_channels(session, default, client_ids=client_ids):
        theirs.setdefault(channel, set()).add(client_id)
    return {channel: frozenset(ids) for channel, ids in theirs.items()}


async def owners(session: Work, client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the name of who looks after each client; one without an owner is absent."""
    roles = await teams(session, client_ids)
    owner_of = {
        client_id: member_id
        for client_id, theirs in roles.items()
        for member_id, role in theirs.items()
        if role is Role.OWNER
    }
    known = await directory.members_by_id(session, owner_of.values())
    return {client_id: known[member_id].name for client_id, member_id in owner_of.items()}


async def card(
    session: Work, clients: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return why each client hired us, who looks after it, and where the relationship stands."""
    _ = audience  # everyone of ours may know these
    found = await rows.get_many(session, clients)
    roles = await teams(session, found)
    known = await directory.members_by_id(session, {member_id for theirs in roles.values() for member_id in theirs})
    names = {member_id: member.name for member_id, member in known.items()}
    return {client.id: tuple(_says(client, roles[client.id], names, now.date())) for client in found.values()}


def _says(
    client: Client, roles: Mapping[uuid.UUID, Role], names: Mapping[uuid.UUID, str], today: dt.date
) -> Iterable[Value]:
    yield from why.on_card(client, today)
    standing = lines([KEY if client.is_key else "", _life(client, today)], " · ")
    if standing:
        yield Value(Section.STANDING, standing, weight=10)
    team = _team_line(roles, names)
    if team:
        yield Value(Section.TEAM, team)


def status_line(client: Client, today: dt.date) -> Markup:
    """Return what is out of the ordinary about a client: paused, ended, another stage; empty when nothing is."""
    return _life(client, today) or STAGES.get(client.stage, Markup(""))


def rhythm_in_words(client: Client) -> str:
    """Return how often a client is spoken with: "every 7 days while in onboarding, 14 once steady".

    Where a stage changes nothing about that: "in onboarding, usually every day".
    """
    now = "day" if client.rhythm_days == 1 else f"{client.rhythm_days} days"
    if client.rhythm_days == client.steady_days:
        stage = f"{STAGES[client.stage].lower()}, " if client.stage in STAGES else ""
        return f"{stage}usually every {now}"
    return RHYTHMS[client.stage].format(now=now, steady=client.steady_days)


def _life(client: Client, today: dt.date) -> Markup:
    status = client.status_on(today)
    if status is Status.ENDED:
        return markup("Ended {on}", on=_date(client.ended_on, today)) if client.ended_on else Markup("Ended")
    if status is Status.PAUSED:
        return (
            markup("Paused until {on}", on=_date(client.paused_until, today))
            if client.paused_until
            else Markup("Paused")
        )
    return Markup("")


def _date(date: dt.date | None, today: dt.date) -> str:
    if date is None:
        return ""
    return day(date) if date.year == today.year else f"{day(date)} {date.year}"


def _team_line(roles: Mapping[uuid.UUID, Role], names: Mapping[uuid.UUID, str]) -> Markup:
    def those(role: Role) -> Markup:
        return together(sorted(names[member_id] for member_id, theirs in roles.items() if theirs is role))

    parts = []
    if owner := those(Role.OWNER):
        parts.append(markup("{owner} looks after them", owner=owner))
    if backup := those(Role.BACKUP):
        parts.append(markup("{backup} covers", backup=backup))
    if team := those(Role.TEAM):
        parts.append(markup("with {team}", team=team))
    return Markup(" · ".join(parts))
