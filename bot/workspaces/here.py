"""Who asks, from where, and what a handler may do about it."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.clock import Clock
from bot.log import refusal
from bot.slack.blocks import View
from bot.slack.blocks_lint import fit
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups, Refused, with_typed
from bot.slack.panel import Panel
from bot.slack.whisper import open_window, reply, whisper
from bot.slack.windows import Windows
from bot.store.engine import Store
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Channel, ChannelFacts, Exposure, Member
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import UNREACHABLE, Lookup
from bot.workspaces.sealing import Seal
from bot.workspaces.visibility import Person, as_reader, reader

log = structlog.get_logger(__name__)

OTHERS_READ = "Others may be able to read along here, so Ember opened a window."
NOT_OURS = "Ember is for full members of this workspace, so it can't answer guests or people from other organisations."
LOOK_AGAIN_SECONDS = 1.0
CANNOT_TELL = "Ember could not check with Slack who you are, so it did nothing. Please try again in a minute."
OVERTAKEN = {"hash_conflict", "not_found"}
"""What Slack says of a window that shows something newer by now, or that somebody has closed: nobody waits for it."""


@dataclass(frozen=True)
class Host:
    """What lives as long as the process."""

    store: Store
    clients: SlackClients
    followups: Followups
    clock: Clock
    lookup: Lookup
    on_change: list[Callable[["Here", uuid.UUID], None]] = field(default_factory=list)
    """Who wants to know that something about a client has changed."""
    on_return: list[Callable[[Workspace, str], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """Who wants to know that Ember may speak in a channel again, by Slack's id: it was invited, or unarchived."""
    on_move: list[Callable[[Workspace], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """Who wants to know that somebody of a workspace goes by another clock."""
    homes: WeakValueDictionary[uuid.UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """Whose Home is being published just now, by our member id: one after the other."""
    windows: Windows = field(default_factory=Windows)
    """Where people are pressing: of two quick presses in one window, the second one stands there."""
    base_url: str = ""
    """Under which address people reach Ember's own pages, without a slash at the end; empty where none is set."""
    seal: Seal | None = None
    """What keeps secrets of other people's; None where nobody has set a key, so that none are kept."""


@dataclass(frozen=True)
class Here:
    """One request: the member who sent it, the instant it came, and where its answer may be shown."""

    host: Host
    workspace: Workspace
    member: Member
    envelope: Envelope
    now: dt.datetime
    is_among_us: bool
    """Whether only our own people can read the channel the request came from."""

    @property
    def me(self) -> Person:
        """The member as an audience."""
        return as_reader(self.member)

    @property
    def local(self) -> dt.datetime:
        """This instant in the member's zone; its date is their today."""
        return self.member.local(self.now)

    def work(self) -> AbstractAsyncContextManager[Work]:
        """Open a writing transaction."""
        return self.host.store.work(self.workspace.id)

    def look(self) -> AbstractAsyncContextManager[Work]:
        """Open a reading transaction."""
        return self.host.store.look(self.workspace.id)

    def later(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Go on with something after the answer; nothing that must survive."""
        self.host.followups.start(what, work)

    def changed(self, client_id: uuid.UUID) -> None:
        """Say, after a commit, that something about a client is different now."""
        for tell in self.host.on_change:
            tell(self, client_id)

    def open(self, view: View) -> None:
        """Open a modal (push it over an open one) once the answer is out; tell the member if Slack refuses."""
        self.later("open a modal", self._open(view))

    async def _open(self, view: View, outcome: str = "") -> None:
        async with self._telling("open the window", outcome):
            await open_window(self.host.clients, self.envelope, fit(view, "modal"))

    @asynccontextmanager
    async def _telling(self, what: str, outcome: str) -> AsyncIterator[None]:
        """Tell the member if Slack refuses to do something, and what was done all the same."""
        try:
            yield
        except UNREACHABLE as error:
            log.warning("something was not shown", what=what, why=refusal(error))
            if refusal(error) in OVERTAKEN:
                return
            sorry = f"Slack did not {what} just now."
            again = with_typed(self.envelope, f"{sorry} Please try again.")
            await self.tell(f"{outcome} {sorry}" if outcome else again)

    async def tell(self, sentence: str) -> None:
        """Say something to the member where no window opens."""
        clients, envelope = self.host.clients, self.envelope
        if envelope.kind is Kind.COMMAND:
            await reply(clients, envelope.response_url, {"text": sentence})
        elif envelope.response_url:
            await whisper(clients, envelope, sentence)
        else:
            await clients.posting.chat_postMessage(channel=envelope.user, text=sentence)

    def update(self, view: View) -> None:
        """Redraw the modal that was clicked in, once the answer is out."""
        self.later("update a modal", self._update(view))

    async def _update(self, view: View, outcome: str = "") -> None:
        clicked, shown = self.envelope.view, fit(view, "modal")
        async with self._telling("redraw the window", outcome):
            await self.host.windows.redraw(self.host.clients.posting, clicked, shown, self.envelope.pressed)

    async def show(self, ack: AsyncAck, panel: Panel) -> None:
        """Answer with a panel: in place where only our people look on, in a modal for one where others might."""
        if self.envelope.kind is Kind.SUBMISSION:
            await ack(response_action="update", view=panel.as_modal())
        elif self.envelope.kind is Kind.COMMAND and self.is_among_us:
            await ack(response_type="ephemeral", **panel.as_message())
        elif self.envelope.kind is Kind.COMMAND:
            await ack(response_type="ephemeral", text=OTHERS_READ)
            self._show_in_window(panel)
        else:
            await ack()
            self._show_later(panel)

    async def show_in_window(self, ack: AsyncAck, panel: Panel) -> None:
        """Answer a click with a panel in a window, so that what it was made in stays."""
        await ack()
        self._show_in_window(panel)

    def _show_later(self, panel: Panel) -> None:
        envelope = self.envelope
        if envelope.view.get("type") == "modal":
            self.later("update a modal", self._update(panel.as_modal(), panel.outcome))
        elif envelope.kind is Kind.ACTION and envelope.response_url and self.is_among_us:
            self.later("redraw a message", self._replace(panel))
        elif envelope.trigger_id:
            self._show_in_window(panel)
        else:
            self.later("answer a DM", self._post(panel))

    def _show_in_window(self, panel: Panel) -> None:
        self.later("open a modal", self._open(panel.as_modal(), panel.outcome))

    async def _replace(self, panel: Panel) -> None:
        message = {**panel.as_message(), "replace_original": True}
        async with self._telling("redraw the message", panel.outcome):
            await reply(self.host.clients, self.envelope.response_url, message)

    async def _post(self, panel: Panel) -> None:
        await self.host.clients.posting.chat_postMessage(channel=self.envelope.channel, **panel.as_message())


async def introduce(host: Host, workspace: Workspace, envelope: Envelope) -> Here:
    """Return who asks.  Raises Refused for guests, strangers, bots, and whoever Slack can't tell us about."""
    now, until = host.clock.now(), asyncio.get_running_loop().time() + LOOK_AGAIN_SECONDS
    async with host.store.look(workspace.id) as session:
        member, channel = await directory.meet(session, envelope.user, envelope.channel, now=now)
        if member is None and envelope.channel:
            channel = (await directory.find_channels(session, [envelope.channel], now=now)).get(envelope.channel)
        covers = (await reader(session, member, now)).covers if member is not None else frozenset()
    if member is None or member.stale:
        member = (await host.lookup.members(workspace, [envelope.user], now=now)).get(envelope.user)
    if member is None:
        raise Refused(CANNOT_TELL)
    if not member.is_ours or envelope.user_team != workspace.slack_id:
        raise Refused(NOT_OURS)
    among_us = await _is_among_us(host, workspace, envelope, channel, now=now, until=until)
    return Here(host, workspace, replace(member, covers=covers), envelope, now, among_us)


async def _is_among_us(
    host: Host, workspace: Workspace, envelope: Envelope, channel: Channel | None, *, now: dt.datetime, until: float
) -> bool:
    """Return whether only our own people read where a request came from.

    Where that was so a while ago, and in a DM, which may be anybody's, Slack is asked first, until an instant of the
    loop's clock; elsewhere it is asked for the next time.
    """
    is_dm, is_internal = envelope.channel.startswith("D"), channel is not None and channel.exposure is Exposure.INTERNAL
    if not envelope.channel:
        return True
    if is_dm and envelope.kind is Kind.EVENT:
        if not is_internal:
            host.followups.start("keep a DM", _keep_dm(host, workspace, envelope.channel, now))
        return True
    if channel is not None and (not channel.stale or (is_dm and is_internal)):
        return is_internal
    reading = _reads_as_internal(host, workspace, envelope.channel, now)
    if not is_dm and not is_internal:
        host.followups.start("read a channel", reading)
        return False
    task = asyncio.create_task(reading)
    host.followups.track(task)
    done, _ = await asyncio.wait({task}, timeout=max(0, until - asyncio.get_running_loop().time()))
    return bool(done) and task.result()


async def _reads_as_internal(host: Host, workspace: Workspace, slack_id: str, now: dt.datetime) -> bool:
    found = await host.lookup.channels(workspace, [slack_id], now=now)
    return found[slack_id].exposure is Exposure.INTERNAL


async def _keep_dm(host: Host, workspace: Workspace, slack_id: str, now: dt.datetime) -> None:
    """Remember a DM that Slack tells Ember about: its own, with the member who wrote or opened it."""
    async with host.store.work(workspace.id) as session:
        facts = ChannelFacts(slack_id, "", Exposure.INTERNAL, is_archived=False)
        await directory.keep_channel(session, facts, now=now)


def as_id(text: object) -> uuid.UUID:
    """Return the id that a button or a form carried.  Raises Refused for anything else."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise Refused("Ember does not know that one any more. Please open it again.") from None
