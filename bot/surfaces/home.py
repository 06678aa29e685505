"""App Home: the clients somebody looks after, what is due, and a way to start when there is nothing yet.

A Home is published whole, so sending one again does no harm.
"""

import asyncio
import uuid
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.health import health
from bot.log import refusal
from bot.practices.clients import service as clients
from bot.slack import blocks
from bot.slack.blocks import Block, Element, View, actions, button, context, header, section
from bot.slack.blocks_lint import fit
from bot.slack.text import Markup
from bot.surfaces import delivery
from bot.surfaces import help as helping
from bot.surfaces.listing import ALL, MINE, Page, count, read, read_cursor, row_block
from bot.workspaces import directory, teams
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, Host
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import UNREACHABLE

log = structlog.get_logger(__name__)

SETTLE_SECONDS: Final = 0.05
WELCOME: Final = Markup(
    "*Ember keeps every client relationship warm.* Log a conversation in seconds, then see here who is due next and"
    " what was said."
)
NO_CLIENTS: Final = Markup(
    "*No clients yet.* Add the first one: its name, who looks after it, and how often you usually speak."
)
NONE_OF_YOURS: Final = Markup(
    "You are in no client's team yet. “All clients” shows everyone's; any of them can be yours."
)


def register(app: AsyncApp) -> None:
    """Connect Home and its buttons."""
    app.event("app_home_opened")(opened)
    app.action("home.mine")(turn)
    app.action("home.all")(turn)
    app.action("home.more")(turn)
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
    """Show one's own clients, all of them, or more of either."""
    mine, offset = read_cursor(action.get("value"))
    await ack()
    here.later("publish Home", refresh(here.host, here.workspace, here.member, mine=mine, offset=offset))


async def show_help(ack: AsyncAck, here: Here) -> None:
    """Show what Ember can do."""
    await here.show(ack, helping.of_ember())


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
        async with here.look() as session:
            watching = await teams.watching(session, {client for client, _ in changes}, {who for _, who in changes})
        for member in watching:
            if member.is_ours:
                await refresh(here.host, here.workspace, member)


async def refresh(host: Host, workspace: Workspace, member: Member, *, mine: bool = True, offset: int = 0) -> None:
    """Publish a member's Home; what Slack refuses is logged, never raised."""
    now = host.clock.now()
    today = now.astimezone(ZoneInfo(member.tz)).date()
    async with host.store.look(workspace.id) as session:
        page = await read(session, member, mine=mine, offset=offset, today=today)
        anyone = page.total or await clients.page(session, limit=1)
        doing = delivery.line(await health(session, now), is_admin=member.is_admin)
    view = fit(draw(page, doing) if anyone else empty(), "home")
    try:
        await host.clients.posting.views_publish(user_id=member.slack_id, view=view)
    except UNREACHABLE as error:
        log.warning("Home was not published", member=str(member.id), why=refusal(error))


def empty() -> View:
    """Return the Home of a workspace without clients."""
    start = actions(
        button("Add a client", "client.new", style="primary"),
        button("Log a check-in", "checkin.log"),
        button("Help", "home.help"),
    )
    return blocks.home([header("Welcome to Ember"), section(WELCOME), section(NO_CLIENTS), start])


def draw(page: Page, *after: Block) -> View:
    """Return Home with a page of clients, and what stands below them."""
    start = actions(
        button("What is worth doing now?", "today.open", style="primary"),
        button("Log a check-in", "checkin.log"),
        button("Add a client", "client.new"),
        button("Help", "home.help"),
    )
    shown: list[Block] = [start, header("My clients" if page.mine else "All clients")]
    shown += [row_block(row) for row in page.rows]
    shown.append(context(count(page)) if page.rows else section(NONE_OF_YOURS))
    return blocks.home([*shown, actions(*_turning(page)), *after])


def _turning(page: Page) -> list[Element]:
    buttons = [button("More", "home.more", value=page.cursor)] if page.has_more else []
    if page.mine:
        return [*buttons, button("All clients", "home.all", value=f"{ALL}:0")]
    return [*buttons, button("My clients", "home.mine", value=f"{MINE}:0")]
