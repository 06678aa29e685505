"""What is done with clients: set up, changed, paused, ended, found by name or channel."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.practices.clients import called, places, rows
from bot.practices.clients.finding import (
    UnknownClient,
    get,
    get_many,
    hold,
    in_channel,
    named,
    named_or_here,
    nearest,
    offer,
    present_names,
    split_line,
)
from bot.practices.clients.life import end, follow, pause, pauses, replan, require_running, resume, unfollowed
from bot.practices.clients.rows import Client, Found
from bot.practices.clients.rules import (
    MAX_ALIASES,
    Stage,
    Status,
    check_name,
    fold,
    rhythm,
    without_commas,
    words,
)
from bot.practices.clients.showing import (
    Listed,
    card,
    digest_channels,
    listed,
    owners,
    page,
    present,
    rhythm_in_words,
    status_line,
)
from bot.practices.clients.why import ask_why, confirm_why, set_why
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.teams import Role, set_team, teams

__all__ = [
    "ChangedMeanwhile",
    "ChannelTaken",
    "Client",
    "Details",
    "Found",
    "Listed",
    "NameTaken",
    "NotTheirs",
    "Sheet",
    "TooManyAliases",
    "UnknownClient",
    "ask_why",
    "card",
    "confirm_why",
    "digest_channels",
    "edit",
    "end",
    "follow",
    "get",
    "get_many",
    "hold",
    "in_channel",
    "listed",
    "named",
    "named_or_here",
    "nearest",
    "offer",
    "owners",
    "page",
    "pause",
    "pauses",
    "present",
    "present_names",
    "rename",
    "require_editor",
    "require_running",
    "require_unchanged",
    "resume",
    "rhythm_in_words",
    "set_aliases",
    "set_up",
    "set_why",
    "sheet",
    "split_line",
    "status_line",
    "unfollowed",
]  # fmt: skip


class NotTheirs(Refused):
    """A change by someone outside the client's team; the sentence names whom to ask."""


class NameTaken(Exception):
    """Another client answers to this name.  The transaction is half done: leave it, so that it is rolled back."""

    def __init__(self, client: Found, name: str) -> None:
        super().__init__(f"{client.name} answers to {name}")
        self.client = client
        self.name = name


class ChannelTaken(Exception):
    """Another client is heard in this channel.  The transaction is half done: leave it, so that it is rolled back."""

    def __init__(self, channel_id: uuid.UUID, client_name: str) -> None:
        super().__init__(f"{client_name} is heard in {channel_id}")
        self.channel_id = channel_id
        self.client_name = client_name


class ChangedMeanwhile(Exception):
    """Somebody saved other things about a client while its form was open."""


class TooManyAliases(ValueError):
    """More names than a client needs; says what to do."""


@dataclass(frozen=True)
class Details:
    """What a client is set up with: our ids of members and channels, the usual days between conversations while steady.

    `aliases` None leaves them as they are; `started_on` None means today, or as it was.
    """

    name: str
    owner: uuid.UUID
    rhythm_days: int
    backup: uuid.UUID | None = None
    team: frozenset[uuid.UUID] = frozenset()
    heard_in: frozenset[uuid.UUID] = frozenset()
    digest_channel_id: uuid.UUID | None = None
    started_on: dt.date | None = None
    stage: Stage = Stage.STEADY
    is_key: bool = False
    aliases: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Sheet:
    """All that the form shows of a client; channels by Slack's ids."""

    client: Client
    aliases: tuple[str, ...]
    owner: Member | None
    backup: Member | None
    team: tuple[Member, ...]
    heard_in: tuple[str, ...]
    digest_to: str | None

    @property
    def digest(self) -> str:
        """A short word for all that the form shows; another one means that something was changed."""
        client = self.client
        people = [self.owner, self.backup, None, *self.team]
        shown = (
            *(client.name, client.steady_days, client.stage.value, client.is_key, client.started_on.isoformat()),
            *(self.aliases, self.heard_in, self.digest_to, [str(member and member.id) for member in people]),
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


async def set_up(
    session: Work, details: Details, *, by: uuid.UUID, key: str, now: dt.datetime, today: dt.date
) -> Client:
    """Keep a new client; a repeat of the same key returns the first one.

    Raises NameTaken, ChannelTaken, TooManyAliases, rules.BadName and rules.BadRhythm.
    """
    client_id = new_id()
    earlier = await first_time(session, key, ref=client_id, now=now)
    if earlier is not None:
        return await get(session, earlier)
    name = check_name(details.name)
    client = Client(
        id=client_id,
        name=name,
        status=Status.ACTIVE,
        stage=details.stage,
        steady_days=rhythm(details.rhythm_days),
        started_on=details.started_on or today,
        paused_until=None,
        ended_on=None,
        why_hired=None,
        why_asked_at=None,
        digest_channel_id=details.digest_channel_id,
        created_by=by,
        is_key=details.is_key,
    )
    await rows.insert(session, client, sort_name=fold(name), now=now)
    await _set_names(session, client_id, name, details.aliases or ())
    await _set_team(session, client_id, details)
    await _set_channels(session, client_id, details.heard_in)
    await follow(session, client)
    return client


async def edit(session: Work, client_id: uuid.UUID, details: Details) -> Client:
    """Change what a client was set up with; an old name stays as an alias.  Raises as `set_up` does."""
    client = await hold(session, client_id)
    name = check_name(details.name)
    if name != client.name or details.aliases is not None:
        kept = await _aliases(session, client_id) if details.aliases is None else details.aliases
        await _set_names(session, client_id, name, _with_old(kept, client.name, name))
    await rows.change(
        session,
        client_id,
        name=name,
        sort_name=fold(name),
        rhythm_days=rhythm(details.rhythm_days),
        stage=details.stage,
        is_key=details.is_key,
        started_on=details.started_on or client.started_on,
        digest_channel_id=details.digest_channel_id,
    )
    await _set_team(session, client_id, details)
    await _set_channels(session, client_id, details.heard_in)
    changed = await get(session, client_id)
    if (changed.rhythm_days, changed.started_on) != (client.rhythm_days, client.started_on):
        await replan(session, changed)
    return changed


async def rename(session: Work, client_id: uuid.UUID, new_name: str) -> Client:
    """Call a client something else; it still answers to its old name.  Raises NameTaken and rules.BadName."""
    client = await hold(session, client_id)
    name = check_name(new_name)
    aliases = _with_old(await _aliases(session, client_id), client.name, name)
    await _set_names(session, client_id, name, aliases)
    await rows.change(session, client_id, name=name, sort_name=fold(name))
    return await get(session, client_id)


async def set_aliases(session: Work, client_id: uuid.UUID, aliases: Iterable[str]) -> Client:
    """Replace the other names of a client.  Raises NameTaken, TooManyAliases and rules.BadName."""
    client = await hold(session, client_id)
    await _set_names(session, client_id, client.name, tuple(aliases))
    return client


async def sheet(session: Work, client_id: uuid.UUID) -> Sheet:
    """Return all that the form shows of a client.  Raises UnknownClient."""
    client = await get(session, client_id)
    roles = (await teams(session, [client_id]))[client_id]
    known = await directory.members_by_id(session, roles)

    def those(role: Role) -> tuple[Member, ...]:
        found = [known[member_id] for member_id, theirs in roles.items() if theirs is role]
        return tuple(sorted(found, key=lambda member: member.name))

    return Sheet(
        client=client,
        aliases=await _aliases(session, client_id),
        owner=next(iter(those(Role.OWNER)), None),
        backup=next(iter(those(Role.BACKUP)), None),
        team=those(Role.TEAM),
        heard_in=tuple(await places.channels(session, client_id)),
        digest_to=await places.digest_channel(session, client_id),
    )


async def require_editor(session: Work, client: Client, member: Member, *, lasting: bool = False) -> None:
    """Let through the client's team, who set it up, and admins; whoever covers there for what the day needs.

    lasting: what outlasts a cover's days, such as who is in the team.  Raises NotTheirs, naming whom to ask.
    """
    roles = (await teams(session, [client.id]))[client.id]
    covers = not lasting and client.id in member.covers
    if covers or member.is_admin or member.id == client.created_by or member.id in roles:
        return
    owner = (await owners(session, [client.id])).get(client.id)
    whom = f"{owner} can, or an admin" if owner else "An admin can"
    raise NotTheirs(f"Only {client.name}'s team changes this. {whom}.")


async def require_unchanged(session: Work, client_id: uuid.UUID, digest: str, *, key: str, now: dt.datetime) -> None:
    """Let through a form that shows what is kept (by its sheet's digest), or that is pressed again.

    Raises ChangedMeanwhile.
    """
    pressed_again = await first_time(session, key, ref=client_id, now=now) is not None
    if not pressed_again and (await sheet(session, client_id)).digest != digest:
        raise ChangedMeanwhile


async def _aliases(session: Work, client_id: uuid.UUID) -> tuple[str, ...]:
    return tuple(name for name, is_alias in await called.names(session, client_id) if is_alias)


def _with_old(aliases: Iterable[str], old: str, new: str) -> tuple[str, ...]:
    return tuple(aliases) if old == new else (*aliases, without_commas(old))


async def _set_names(session: Work, client_id: uuid.UUID, name: str, aliases: Collection[str]) -> None:
    folded = {fold(name): name}
    for alias in map(check_name, aliases):
        folded.setdefault(fold(alias), alias)
    if len(folded) > MAX_ALIASES + 1:
        raise TooManyAliases(f"Please keep it to {MAX_ALIASES} other names.")
    found_by = [word for each in folded.values() for word in words(each)]
    taken = await called.set_names(session, client_id, folded, found_by)
    if taken:
        holders = await called.by_names(session, taken)
        raise NameTaken(holders[taken[0]], folded[taken[0]])


async def _set_team(session: Work, client_id: uuid.UUID, details: Details) -> None:
    before = (await teams(session, [client_id]))[client_id]
    roles: dict[uuid.UUID, Role] = {member_id: role for member_id, role in before.items() if role is Role.SPONSOR}
    roles.update(dict.fromkeys(details.team, Role.TEAM))
    if details.backup is not None:
        roles[details.backup] = Role.BACKUP
    roles[details.owner] = Role.OWNER
    await set_team(session, client_id, roles)


async def _set_channels(session: Work, client_id: uuid.UUID, channel_ids: Collection[uuid.UUID]) -> None:
    taken = await places.set_channels(session, client_id, channel_ids)
    if taken:
        raise ChannelTaken(taken[0], await places.heard_in(session, taken[0]))
