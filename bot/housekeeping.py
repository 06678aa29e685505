"""What goes on behind the answers: the workspace is met, its people are known, times are kept, the house is cleaned."""

import asyncio
import datetime as dt
from collections.abc import Callable

import structlog
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.courier import ledger
from bot.log import refusal
from bot.practices.checkins import service as checkins
from bot.practices.promises import dates
from bot.store.seen import forget_seen
from bot.surfaces import handover, timetable
from bot.workspaces import holidays, installs, settings
from bot.workspaces.here import Host
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import UNREACHABLE

log = structlog.get_logger(__name__)

KEEP_SEEN = dt.timedelta(days=30)
RETRY_SECONDS = 10
BACKFILLED_AT_ONCE = 50


class House:
    """Looks after the workspaces, by Slack's id; nudge: has the courier look at once at what is to be said."""

    def __init__(self, host: Host, workspaces: dict[str, Workspace], nudge: Callable[[], None]) -> None:
        self._host, self._workspaces, self._nudge = host, workspaces, nudge

    async def meet(self) -> None:
        """Ask Slack which workspace the token belongs to, keep asking until it says, then read its directory."""
        says = await self._ask_who_we_are()
        while says is None:
            await asyncio.sleep(RETRY_SECONDS)
            says = await self._ask_who_we_are()
        now = self._host.clock.now()
        async with self._host.store.work(None) as session:
            workspace = await installs.install(
                session,
                slack_id=says["team_id"],
                name=says["team"],
                address=says["url"],
                bot_slack_id=says["user_id"],
                now=now,
            )
        async with self._host.store.work(workspace.id) as session:
            await ledger.resume_all(session)
        self._workspaces[workspace.slack_id] = workspace
        followups = self._host.followups
        followups.start("read the directory", self._know_everyone(workspace))
        followups.start("load the words of dates", asyncio.to_thread(dates.warm))
        followups.start("bring the sparks up to date", self._look_back(workspace))

    async def _ask_who_we_are(self) -> AsyncSlackResponse | None:
        try:
            return await self._host.clients.reading.auth_test()
        except UNREACHABLE as error:
            log.warning("Slack does not say who we are", why=refusal(error), again_in_seconds=RETRY_SECONDS)
            return None

    async def _know_everyone(self, workspace: Workspace) -> None:
        """Read the directory, then see who is spoken to when: by the clocks that we know of if Slack does not say."""
        try:
            await self._host.lookup.read_everyone(workspace, now=self._host.clock.now())
        finally:
            await self.keep_times(workspace)
        await self._ask_for_owners(workspace)

    async def _ask_for_owners(self, workspace: Workspace) -> None:
        async with self._host.store.work(workspace.id) as session:
            asked = await handover.ask_for_owners(session, self._host.clock.now())
        if asked:
            self._nudge()

    async def _look_back(self, workspace: Workspace) -> None:
        """Give a spark to clients that were there before sparks were kept."""
        found = BACKFILLED_AT_ONCE
        while found == BACKFILLED_AT_ONCE:
            async with self._host.store.work(workspace.id) as session:
                found = await checkins.backfill(session, limit=BACKFILLED_AT_ONCE)

    async def keep_times(self, workspace: Workspace) -> None:
        """See who is spoken to when; where anybody has holidays, have them ready."""
        async with self._host.store.work(workspace.id) as session:
            await timetable.keep(session, self._host.clock.now())
            has_holidays = bool(await settings.countries(session))
        if has_holidays:
            await asyncio.to_thread(holidays.warm)

    async def speak_again(self, workspace: Workspace, channel: str) -> None:
        """Say what has waited for a channel, by Slack's id, that is open to Ember again."""
        async with self._host.store.work(workspace.id) as session:
            is_waiting = await ledger.resume(session, channel)
        if is_waiting:
            self._nudge()

    async def housekeep(self) -> None:
        """Forget what no replay can bring back, and read every directory again."""
        now = self._host.clock.now()
        async with self._host.store.work(None) as session:
            await forget_seen(session, before=now - KEEP_SEEN)
            await checkins.forget_drafts(session, now=now)
        for workspace in self._workspaces.values():
            self._host.followups.start("read the directory again", self._know_everyone(workspace))
