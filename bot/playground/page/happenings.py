"""What can happen to conversations and people, with the event that Slack would send the app."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from bot.playground.page.stage import Stage, Told
from bot.playground.people import Channel, Member, Message

Json = dict[str, Any]
Happening = Callable[[Stage, Member, Channel], Awaitable[None]]

CLIENTS_TEAM = "T0000CLIENT"
STRANGER, GUEST = "Priya", "Omar"


async def archive(stage: Stage, member: Member, channel: Channel) -> None:
    """Archive a channel."""
    await _archived(stage, member, channel, archived=True)


async def unarchive(stage: Stage, member: Member, channel: Channel) -> None:
    """Open an archived channel again."""
    await _archived(stage, member, channel, archived=False)


async def share(stage: Stage, _member: Member, channel: Channel) -> None:
    """Share a channel with a client's workspace; one of their people joins."""
    channel.shared, channel.pending = True, False
    stage.world.changed("channels")
    await stage.announce("channel_shared", channel=channel.id, connected_team_id=CLIENTS_TEAM)
    if not any(_is_stranger(stage, one) for one in channel.members):
        strangers = (one for one in stage.world.members.values() if one.team_id == CLIENTS_TEAM)
        await _join(stage, next(strangers, None) or stage.world.add_member(STRANGER, team=CLIENTS_TEAM), channel)


async def unshare(stage: Stage, _member: Member, channel: Channel) -> None:
    """Stop sharing a channel; the client's people leave."""
    channel.shared = channel.pending = False
    channel.members[:] = [one for one in channel.members if not _is_stranger(stage, one)]
    stage.world.changed("channels")
    await stage.announce("channel_unshared", channel=channel.id, previously_connected_team_id=CLIENTS_TEAM)


async def invite_app(stage: Stage, member: Member, channel: Channel) -> None:
    """Invite the app."""
    await _join(stage, stage.world.bot, channel, inviter=member.id)


async def remove_app(stage: Stage, _member: Member, channel: Channel) -> None:
    """Remove the app."""
    await _leave(stage, stage.world.bot, channel)


async def guest_joins(stage: Stage, member: Member, channel: Channel) -> None:
    """Invite a guest: one of the workspace's who is not there yet, or a new one."""
    there = (one for one in stage.world.members.values() if one.guest and one.id not in channel.members)
    guest = next(there, None)
    if guest is None:
        guest = stage.world.add_member(GUEST, tz=member.tz, guest=True)
        await stage.announce("team_join", user=guest.seen(stage.ground.clock.now()))
    await _join(stage, guest, channel, inviter=member.id)


async def guest_leaves(stage: Stage, _member: Member, channel: Channel) -> None:
    """Let the guest who joined last leave."""
    there = [one for one in channel.members if stage.world.members[one].guest]
    if not there:
        raise Told("There is no guest here.")
    await _leave(stage, stage.world.members[there[-1]], channel)


async def join(stage: Stage, member: Member, channel: Channel) -> None:
    """Join a public channel."""
    if channel.kind != "public":
        raise Told("Only a member can add somebody to a private channel.")
    await _join(stage, member, channel)


async def leave(stage: Stage, member: Member, channel: Channel) -> None:
    """Leave a channel."""
    await _leave(stage, member, channel)


HAPPENINGS: Mapping[str, Happening] = {
    one.__name__: one
    for one in (archive, unarchive, share, unshare, invite_app, remove_app, guest_joins, guest_leaves, join, leave)
}


async def happen(stage: Stage, member: Member, channel: Channel, what: str) -> None:
    """Let something happen to a channel.  Told: when it cannot."""
    happening = HAPPENINGS.get(what)
    if happening is None:
        raise Told("That cannot happen here.")
    if channel.kind == "im":
        raise Told("That happens to channels, not to direct messages.")
    await happening(stage, member, channel)


async def add_channel(stage: Stage, member: Member, name: str, *, private: bool) -> Channel:
    """Add a channel with one member in it; the app is not."""
    plain = "-".join(name.lower().removeprefix("#").split())[:80]
    if any(channel.name == plain for channel in stage.world.channels.values()):
        raise Told("That name is taken.")
    channel = stage.world.add_channel(plain, members=[member], private=private, bot=False)
    if not private:
        about = {"id": channel.id, "name": plain, "created": channel.created, "creator": member.id}
        await stage.announce("channel_created", channel=about)
    return channel


async def add_member(stage: Stage, name: str, tz: str, *, guest: bool) -> Member:
    """Add a colleague or a guest, who is in no channel yet."""
    if tz not in available_timezones():
        raise Told("There is no such time zone.")
    member = stage.world.add_member(" ".join(name.split())[:80], tz=tz, guest=guest)
    await stage.announce("team_join", user=member.seen(stage.ground.clock.now()))
    return member


async def _archived(stage: Stage, member: Member, channel: Channel, *, archived: bool) -> None:
    if channel.archived == archived:
        raise Told("It is archived already." if archived else "It is not archived.")
    channel.archived = archived
    stage.world.changed("channels")
    family = "channel" if channel.kind == "public" else "group"
    what = "archive" if archived else "unarchive"
    await stage.announce(f"{family}_{what}", channel=channel.id, user=member.id)


async def _join(stage: Stage, member: Member, channel: Channel, inviter: str = "") -> None:
    if member.id in channel.members:
        raise Told(f"{member.name} is in #{channel.name} already.")
    channel.members.append(member.id)
    trace = Message(channel.id, "", member.id, f"<@{member.id}> has joined the channel")
    trace.extra = {"subtype": "channel_join"} | ({"inviter": inviter} if inviter else {})
    stage.world.post(trace)
    await _moved(stage, "member_joined_channel", member, channel, inviter)


async def _leave(stage: Stage, member: Member, channel: Channel) -> None:
    if member.id not in channel.members:
        raise Told(f"{member.name} is not in #{channel.name}.")
    channel.members.remove(member.id)
    await _moved(stage, "member_left_channel", member, channel, "")


async def _moved(stage: Stage, kind: str, member: Member, channel: Channel, inviter: str) -> None:
    stage.world.changed("channels")
    about_the_app = member is stage.world.bot
    if channel.kind == "public" or stage.world.bot.id in channel.members or about_the_app:
        letter = "C" if channel.kind == "public" else "G"
        where: Json = {"channel": channel.id, "channel_type": letter, "team": stage.world.team.id}
        await stage.announce(kind, user=member.id, **where, **({"inviter": inviter} if inviter else {}))


def _is_stranger(stage: Stage, member_id: str) -> bool:
    return stage.world.members[member_id].team_id != stage.world.team.id
