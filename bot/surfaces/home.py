"""App Home: what is worth doing today, the clients, and what can be set; a way to start when there is nothing yet.

A Home is published whole, so sending one again does no harm.  A member's come one after the other; each is sent with
Slack's word for the one before it, so that of two from two processes the one read later is what stays.
"""

import asyncio
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.health import health
from bot.log import refusal
from bot.practices.clients import service as clients
from bot.practices.milestones import ahead
from bot.practices.practice import clicks
from bot.slack.blocks import View
from bot.slack.blocks_lint import fit
from bot.store.session import Work
from bot.surfaces import channels, delivery, forget, home_panel
from bot.surfaces import help as helping
from bot.surfaces.home_panel import Day, Segment, Spot, read_spot
from bot.surfaces.listing import read
from bot.surfaces.worth import read_for
from bot.workspaces import directory, teams
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, Host
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import UNREACHABLE
from bot.workspaces.visibility import reader

log = structlog.get_logger(__name__)

SETTLE_SECONDS: Final = 0.05
AGAIN_SECONDS: Final = 0.2
TRIES: Final = 5
AT_ONCE: Final = 5
DATES_AHEAD: Final = 14


def register(app: AsyncApp) -> None:
    """Connect Home and its buttons."""
    app.event("app_home_opened")(opened)
    for name in ("home.show", "home.mine", "home.all", "home.more"):
        app.action(clicks(name))(turn)
    app.action("home.audit")(show_decisions)
    app.action("home.held")(show_held)
    app.action("home.help")(show_help)
    delivery.register(app)


async def opened(event: dict[str, Any], here: Here) -> None:
    """Show Home, and keep it fresh from now on."""
    if event.get("tab", "home") != "home":
        return
    if not here.member.home_opened:
        async with here.work() as session:
            await directory.opened_home(session, here.member.id, now=here.now)
    here.later("publish Home", refresh(here.host, here.workspace, here.member))


async def turn(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show another part of Home, or another page of the clients, and stay there."""
    async with here.work() as session:
        await directory.turned_home(session, here.member.id, read_spot(action.get("value")).words)
    await ack()
    here.later("publish Home", refresh(here.host, here.workspace, here.member))


async def show_help(ack: AsyncAck, here: Here) -> None:
    """Show what Ember can do."""
    await here.show(ack, helping.of_ember())


async def show_held(ack: AsyncAck, here: Here) -> None:
    """Show how to see all that is kept about somebody."""
    await here.show(ack, await forget.command(here, ""))


async def show_decisions(ack: AsyncAck, here: Here) -> None:
    """Show admins who reads along where, and what was decided last."""
    await here.show(ack, await channels.channels(here))


class Freshness:
    """Brings Home up to date behind the answers: for whoever acted and for the client's team, many changes at once."""

    def __init__(self) -> None:
        self._changes: dict[uuid.UUID, set[tuple[uuid.UUID, uuid.UUID]]] = {}

    def changed(self, here: Here, client_id: uuid.UUID) -> None:
        """Take note of a change; the first of several sets out, the others go with it."""
        if here.workspace.id not in self._changes:
            self._changes[here.workspace.id] = set()
            here.later("refresh Home", self._refresh(here))
        self._changes[here.workspace.id].add((client_id, here.member.id))

    async def _refresh(self, here: Here) -> None:
        try:
            await asyncio.sleep(SETTLE_SECONDS)
        finally:
            changes = self._changes.pop(here.workspace.id)
        await refresh_all(here.host, here.workspace, {client for client, _ in changes}, {who for _, who in changes})


async def refresh_all(
    host: Host, workspace: Workspace, client_ids: Collection[uuid.UUID], also: Collection[uuid.UUID] = ()
) -> None:
    """Publish Home for whoever looks at it among the teams of clients and some more members, a few at a time."""
    async with host.store.look(workspace.id) as session:
        watching = await teams.watching(session, client_ids, also)
    few = asyncio.Semaphore(AT_ONCE)

    async def one(member: Member) -> None:
        async with few:
            await refresh(host, workspace, member)

    acted_first = sorted(watching, key=lambda member: member.id not in also)
    await asyncio.gather(*(one(member) for member in acted_first if member.is_ours))


async def refresh(host: Host, workspace: Workspace, member: Member) -> None:
    """Publish a member's Home; what Slack refuses is logged, never raised.

    One after the other, so that each reads what is so once the one before it stands.  Where another process published
    one between, Home is read again.
    """
    turn = host.homes.setdefault(member.id, asyncio.Lock())
    async with turn:
        refused: set[str] = set()
        for _ in range(TRIES):
            word = await _publish(host, workspace, member, refused)
            if word is None:
                return
            refused.add(word)
            await asyncio.sleep(AGAIN_SECONDS)  # whoever published the other one notes Slack's word for it meanwhile
        log.warning("Home was not published", member=str(member.id), why="others come between")


async def _publish(host: Host, workspace: Workspace, member: Member, refused: Collection[str]) -> str | None:
    """Publish once; return Slack's word that is out of date, None where all is said and done.

    refused: words that Slack did not take; where nobody knows a newer one, Home is published without.
    """
    async with host.store.look(workspace.id) as session:
        words, hash_ = await directory.home_of(session, member.id)
        view = fit(await draw(session, member, read_spot(words), host.clock.now()), "home")
    known = hash_ if hash_ not in refused else ""
    try:
        answer = await host.clients.posting.views_publish(user_id=member.slack_id, view=view, hash=known or None)
    except UNREACHABLE as error:
        if known and refusal(error) == "hash_conflict":
            return known
        log.warning("Home was not published", member=str(member.id), why=refusal(error))
        return None
    async with host.store.work(workspace.id) as session:
        await directory.published_home(session, member.id, str((answer.get("view") or {}).get("hash") or ""))
    return None


async def draw(session: Work, member: Member, spot: Spot, now: dt.datetime) -> View:
    """Return a member's Home as it is now, in a fixed number of queries."""
    local = member.local(now)
    doing = delivery.line(await health(session, now), is_admin=member.is_admin)
    if spot.segment is Segment.CLIENTS:
        page = await read(session, member, mine=spot.mine, offset=spot.offset, today=local.date())
        anyone = page.total or await clients.page(session, limit=1)
        return home_panel.clients(page, doing) if anyone else home_panel.empty()
    if spot.segment is Segment.SETTINGS:
        anyone = await clients.page(session, limit=1)
        return home_panel.settings(doing, is_admin=member.is_admin) if anyone else home_panel.empty()
    me = await reader(session, member, now)
    found = await read_for(session, member, me, local)
    if not found.clients:
        return home_panel.empty()
    near = await ahead.coming(session, me, local.date(), DATES_AHEAD, client_ids=found.clients)
    return home_panel.today(Day(found, [one for one in near if not one.is_skipped]), doing)
