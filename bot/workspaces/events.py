"""What Slack tells us about people and channels: rows go stale, and whoever needs them asks again.

Where Ember can speak again, whoever waits for that hears of it.
"""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.workspaces import directory
from bot.workspaces.here import Host
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import member_facts

PEOPLE = ("user_change", "team_join")
UNARCHIVED = frozenset({"channel_unarchive", "group_unarchive"})
CHANNELS = (
    "channel_archive",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
)


def register(app: AsyncApp) -> None:
    """Listen to what changes in the directory."""
    for name in PEOPLE:
        app.event(name)(person_changed)
    for name in CHANNELS:
        app.event(name)(channel_changed)


async def person_changed(event: dict[str, Any], host: Host, workspace: Workspace) -> None:
    """Ask again about a person before they are next relied on; a zone that they have moved to holds at once."""
    user = event.get("user")
    says = user if isinstance(user, dict) else {"id": user}
    slack_id = says.get("id")
    if not isinstance(slack_id, str):
        return
    facts = member_facts(says, workspace) if len(says) > 1 else None
    has_moved = False
    async with host.store.work(workspace.id) as session:
        await directory.member_went_stale(session, slack_id, facts)
        if facts is not None and says.get("tz") == facts.tz:
            has_moved = await directory.member_moved(session, slack_id, facts.tz)
    if has_moved:
        for tell in host.on_move:
            host.followups.start("go by another clock", tell(workspace))


async def channel_changed(event: dict[str, Any], host: Host, workspace: Workspace) -> None:
    """Ask again who can read a channel; until then nobody counts on it."""
    channel = event.get("channel")
    slack_id = channel.get("id") if isinstance(channel, dict) else channel
    if isinstance(slack_id, str):
        async with host.store.work(workspace.id) as session:
            await directory.channel_went_stale(session, slack_id)
        if _is_return(event, workspace):
            for tell in host.on_return:
                host.followups.start("speak in a channel again", tell(workspace, slack_id))


def _is_return(event: dict[str, Any], workspace: Workspace) -> bool:
    is_us = event.get("user") == workspace.bot_slack_id
    return event.get("type") in UNARCHIVED or (event.get("type") == "member_joined_channel" and is_us)
