"""Asking Slack who somebody is and who can read a channel, and writing the answer down."""

import asyncio
import datetime as dt
import zoneinfo
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.log import refusal
from bot.store.engine import Store
from bot.workspaces import directory
from bot.workspaces.directory import Channel, ChannelFacts, Exposure, Member, MemberFacts
from bot.workspaces.installs import Workspace

log = structlog.get_logger(__name__)

PEOPLE_PAGE = 200
READERS_PAGE = 999
AT_ONCE = 8
PATIENCE_SECONDS = 1.8
Readers = tuple[Exposure, bool]
"""Who can read a channel, and whether another organisation can."""

UNREACHABLE = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)


class Lookup:
    """Slack's directory, read through our rows."""

    def __init__(self, store: Store, slack: AsyncWebClient) -> None:
        self._store = store
        self._slack = slack
        self._people, self._places = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(AT_ONCE)

    async def members(
        self, workspace: Workspace, slack_ids: Collection[str], *, now: dt.datetime, afresh: bool = False
    ) -> dict[str, Member]:
        """Return the people behind Slack ids, asking Slack about the new and the stale; who can't be read is absent.

        With `afresh`, whom Slack was not asked about lately counts as stale too.
        """
        async with self._store.look(workspace.id) as session:
            known = await directory.find_members(session, slack_ids)
            for old in await directory.not_read_lately(session, slack_ids, now) if afresh else ():
                known[old] = replace(known[old], stale=True)
        missing = [slack_id for slack_id in dict.fromkeys(slack_ids) if slack_id not in known or known[slack_id].stale]
        if not missing:
            return known
        facts = [fact for fact in await self._gather(self._ask_member(workspace, one) for one in missing) if fact]
        async with self._store.work(workspace.id) as session:
            for fact in facts:
                await directory.keep_member(session, fact, now=now)
            fresh = await directory.find_members(session, [fact.slack_id for fact in facts])
        certain = {slack_id: member for slack_id, member in known.items() if not member.stale}
        return {**certain, **fresh}

    async def channels(
        self, workspace: Workspace, slack_ids: Collection[str], *, now: dt.datetime, afresh: bool = False
    ) -> dict[str, Channel]:
        """Return channels behind Slack ids, asking Slack about the new and the stale (all of them if `afresh`).

        A channel that Slack would not tell us about is kept with its exposure unknown.
        """
        async with self._store.look(workspace.id) as session:
            known = await directory.find_channels(session, slack_ids, now=now)
        missing = [one for one in dict.fromkeys(slack_ids) if afresh or one not in known or known[one].stale]
        if not missing:
            return known
        asked = await self._gather(self._ask_channel(workspace, one, now=now) for one in missing)
        unread = [ChannelFacts(one, "", Exposure.UNKNOWN, is_archived=False) for one in missing]
        async with self._store.work(workspace.id) as session:
            for blank, fact in zip(unread, asked, strict=True):
                is_known = fact is not None and fact.exposure is not Exposure.UNKNOWN
                await directory.keep_channel(session, fact or blank, now=now if is_known else None)
            fresh = await directory.find_channels(session, missing, now=now)
        return {**known, **fresh}

    async def why_closed(self, slack_id: str) -> str:
        """Return why Slack does not tell us about a channel: its code, "no answer", or nothing where it does."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._places:
                await self._slack.conversations_info(channel=slack_id)
        except UNREACHABLE as error:
            return refusal(error)
        return ""

    async def read_everyone(self, workspace: Workspace, *, now: dt.datetime) -> int:
        """Write down everyone in Slack's directory; return how many there are."""
        count = 0
        async for users in self._pages():
            facts = [member_facts(user, workspace) for user in users]
            async with self._store.work(workspace.id) as session:
                for fact in facts:
                    await directory.keep_member(session, fact, now=now)
            count += len(facts)
        log.info("directory read", members=count)
        return count

    async def _pages(self) -> AsyncIterator[list[dict[str, Any]]]:
        cursor = ""
        while True:
            answer = await self._slack.users_list(limit=PEOPLE_PAGE, cursor=cursor)
            yield answer.get("members", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    async def _gather(self, asking: Iterable[Any]) -> list[Any]:
        return list(await asyncio.gather(*asking))

    async def _ask_member(self, workspace: Workspace, slack_id: str) -> MemberFacts | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._people:
                answer = await self._slack.users_info(user=slack_id)
        except UNREACHABLE as error:
            log.warning("could not read a member", slack_id=slack_id, why=refusal(error))
            return None
        return member_facts(answer["user"], workspace)

    async def _ask_channel(self, workspace: Workspace, slack_id: str, *, now: dt.datetime) -> ChannelFacts | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._places:
                answer = await self._slack.conversations_info(channel=slack_id)
                channel = answer["channel"]
                readers = await self._readers(workspace, channel, now=now)
        except UNREACHABLE as error:
            log.warning("could not read a channel", slack_id=slack_id, why=refusal(error))
            return None
        return ChannelFacts(
            slack_id, channel.get("name") or "", readers[0], bool(channel.get("is_archived")), readers[1]
        )

    async def _readers(self, workspace: Workspace, channel: Mapping[str, Any], *, now: dt.datetime) -> Readers:
        """Return who reads a conversation; a DM that Slack tells us about is Ember's own with one person."""
        if is_shared(channel):
            return Exposure.VISIBLE, True
        if not channel.get("is_im"):
            return await self._read_by(workspace, channel["id"], now=now)
        person = (await self.members(workspace, [channel["user"]], now=now)).get(channel["user"])
        if person is None:
            return Exposure.UNKNOWN, False
        return Exposure.INTERNAL if person.is_ours else Exposure.VISIBLE, person.is_stranger

    async def _read_by(self, workspace: Workspace, slack_id: str, *, now: dt.datetime) -> Readers:
        """Return who reads a channel that is not shared: a single guest or unreadable person makes it visible."""
        cursor, readers = "", list[str]()
        while True:
            answer = await self._slack.conversations_members(channel=slack_id, limit=READERS_PAGE, cursor=cursor)
            readers += answer.get("members", [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        known = await self.members(workspace, readers, now=now)
        if len(known) < len(set(readers)):
            return Exposure.UNKNOWN, False
        strangers = any(member.is_stranger for member in known.values())
        outside = strangers or any(member.is_guest for member in known.values())
        return Exposure.VISIBLE if outside else Exposure.INTERNAL, strangers


SLACKBOT = "USLACKBOT"
"""Slack's own bot in every workspace, of which its directory says that it is none."""


@cache
def zones() -> frozenset[str]:
    """Return the time zones that this machine knows; the first time it looks through a folder of them."""
    return frozenset(zoneinfo.available_timezones())


def is_shared(channel: Mapping[str, Any]) -> bool:
    """Return whether another organisation reads a channel, or has been asked to."""
    return any(channel.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids"))


def member_facts(user: Mapping[str, Any], workspace: Workspace) -> MemberFacts:
    """Return what matters of a user of Slack's."""
    profile = user.get("profile") or {}
    called = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    team = user.get("team_id") or workspace.slack_id
    return MemberFacts(
        slack_id=user["id"],
        name=next((name for name in called if name), user["id"]),
        tz=user["tz"] if user.get("tz") in zones() else "UTC",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or team != workspace.slack_id,
        is_bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        is_gone=bool(user.get("deleted")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )
