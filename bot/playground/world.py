"""The state of the pretended workspace: people, conversations, messages, views, and a way to wait for a change."""

import asyncio
import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.clock import Clock
from bot.playground.changes import Change, Changes, Listener, What
from bot.playground.log import Log, by_ts, is_reply
from bot.playground.people import Channel, Member, Message
from bot.playground.refusal import Refused
from bot.playground.views import Views, name_blocks

Json = dict[str, Any]
T = TypeVar("T")

MOMENT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace itself."""

    id: str = "T0000000001"
    name: str = "Example"
    domain: str = "example"


class World:
    """Everything Slack would remember about one workspace."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.team = Team()
        self.app_id = "A0000000001"
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.canvases: dict[str, Any] = {}
        self._ids = itertools.count(1)
        self._logs: dict[str, Log] = {}
        self._changes = Changes()
        self._read: dict[tuple[str, str], str] = {}
        self._opened = _ts(clock.now() - MOMENT)
        self._last_ts = dt.datetime.fromtimestamp(0, dt.UTC)
        self._waiting: set[asyncio.Event] = set()
        self.bot = Member("U0000000BOT", "Ember", self.team.id, bot=True, app_id=self.app_id, bot_id="B0000000001")
        slackbot = Member("USLACKBOT", "Slackbot", self.team.id)
        self.members |= {member.id: member for member in (slackbot, self.bot)}
        self.views = Views(self.team.id, self.app_id, self.bot.bot_id, self._views_changed)

    def new_id(self, letter: str) -> str:
        """Return an id of Slack's shape: a letter and ten characters."""
        return f"{letter}{next(self._ids):010d}"

    def number_from(self, first: int) -> None:
        """Number what is made from now on from here, so that a world made anew gives no id a second time."""
        self._ids = itertools.count(first)

    def add_member(
        self,
        name: str,
        *,
        tz: str = "Europe/London",
        guest: bool = False,
        bot: bool = False,
        deleted: bool = False,
        admin: bool = False,
        team: str | None = None,
        email: str = "",
        locale: str = "en-GB",
    ) -> Member:
        """Add a person; `team` is the id of another workspace for a stranger met through Slack Connect."""
        home = team or self.team.id
        member = Member(self.new_id("U"), name, home, tz, guest, bot, deleted, admin, locale=locale, email=email)
        member.bot_id = self.new_id("B") if bot else ""
        self.members[member.id] = member
        self.changed("members")
        return member

    def add_channel(
        self,
        name: str,
        *,
        members: Sequence[Member] = (),
        private: bool = False,
        shared: bool = False,
        pending: bool = False,
        archived: bool = False,
        restricted: bool = False,
        bot: bool = True,
    ) -> Channel:
        """Add a channel; `bot` tells whether the app is in it, `restricted` that only admins may post."""
        ids = [member.id for member in members] + ([self.bot.id] if bot else [])
        channel = Channel(self.new_id("C"), name, "private" if private else "public", ids)
        channel.shared, channel.pending, channel.archived, channel.restricted = shared, pending, archived, restricted
        return self._keep(channel, creator=ids[0] if ids else self.bot.id)

    def dm(self, member: Member) -> Channel:
        """Return the conversation between a person and the app, opened when it is not there yet."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.user == member.id:
                return channel
        channel = Channel(self.new_id("D"), "", "im", [member.id, self.bot.id], user=member.id)
        return self._keep(channel, creator=member.id)

    def other_dm(self, one: Member, other: Member) -> Channel:
        """Return a conversation between two people that the app cannot see."""
        return self._keep(Channel(self.new_id("D"), "", "im", [one.id, other.id], user=other.id), creator=one.id)

    def _keep(self, channel: Channel, creator: str) -> Channel:
        channel.created, channel.creator = int(self.clock.now().timestamp()), creator
        self.channels[channel.id] = channel
        self.changed("channels")
        return channel

    def ts(self) -> str:
        """Return a message time: now, but always later than the one before."""
        self._last_ts = max(self.clock.now(), self._last_ts + MOMENT)
        return _ts(self._last_ts)

    def post(self, message: Message) -> Message:
        """Keep a message; an empty `ts` is filled in, one that is taken moves on by a microsecond."""
        log = self.log(message.channel_id)
        message.ts = message.ts or self.ts()
        while log.find(message.ts) is not None:
            message.ts = _next(message.ts)
        name_blocks(message.blocks)
        log.add(message)
        self.message_changed(message)
        return message

    def remove(self, message: Message) -> None:
        """Take a message away; one that was replied to leaves a trace, for as long as a reply stands."""
        if message.deleted:
            return
        if self._answered(message):
            message.bury()
            self.message_changed(message)
            return
        message.deleted = True
        self._take_out(message)
        parent = self.message(message.channel_id, str(message.thread_ts)) if is_reply(message) else None
        if parent is not None and parent.deleted and not self._answered(parent):
            self._take_out(parent)

    def _answered(self, message: Message) -> bool:
        return any(one.ephemeral_to is None for one in self.log(message.channel_id).replies(message.ts))

    def _take_out(self, message: Message) -> None:
        self.log(message.channel_id).remove(message)
        self._tell(Change("gone", message.channel_id, message.ts, message.ephemeral_to or ""))
        self._thread_changed(message)

    def message_changed(self, message: Message) -> None:
        """Say that a message is new or other than before."""
        self._tell(Change("message", message.channel_id, message.ts))
        self._thread_changed(message)

    def _thread_changed(self, message: Message) -> None:
        if is_reply(message):
            self._tell(Change("message", message.channel_id, str(message.thread_ts)))

    def log(self, channel_id: str) -> Log:
        """Return what stands in a conversation."""
        return self._logs.setdefault(channel_id, Log())

    def messages(self, channel_id: str | None = None) -> list[Message]:
        """Return what still stands in a channel, or everywhere, oldest first, ephemeral ones included."""
        if channel_id is not None:
            return list(self.log(channel_id).messages)
        return list(heapq.merge(*(log.messages for log in self._logs.values()), key=by_ts))

    def message(self, channel_id: str, ts: str) -> Message | None:
        """Return one standing message."""
        return self.log(channel_id).find(ts)

    def sees(self, member: Member, channel_id: str | None = None) -> list[Message]:
        """Return what a person sees in a channel, or everywhere, newest last."""
        return [message for message in self.messages(channel_id) if self.visible(message, member)]

    def visible(self, message: Message, member: Member) -> bool:
        """Tell whether a message stands before a person's eyes."""
        if message.ephemeral_to is not None:
            return message.ephemeral_to == member.id
        return self.may_read(member, self.channels[message.channel_id])

    def may_read(self, member: Member, channel: Channel) -> bool:
        """Tell whether a person can open a conversation: guests and strangers only those they are in."""
        outsider = member.guest or member.team_id != self.team.id
        return member.id in channel.members or (channel.kind == "public" and not outsider)

    def read_until(self, user_id: str, channel_id: str) -> str:
        """Return the time of the newest message a person has seen; what is older than this world counts as seen."""
        return self._read.get((user_id, channel_id), self._opened)

    def read(self, member: Member, channel: Channel) -> None:
        """Note that a person has seen everything in a conversation."""
        newest = next(self.log(channel.id).backwards(), None)
        if newest is not None and newest.ts > self.read_until(member.id, channel.id):
            self._read[member.id, channel.id] = newest.ts
            self.changed("read", channel.id, member.id)

    def shown(self, message: Message, *, metadata: bool = False) -> Json:
        """Return a message as Slack's JSON."""
        return message.seen(self.team.id, self.app_id, self.bot.bot_id, metadata=metadata)

    def conversation(self, channel_id: str, *, inside: bool = True) -> Channel:
        """Return a conversation the app may know of.  Refused: channel_not_found, and not_in_channel if `inside`."""
        channel = self.channels.get(channel_id)
        member = channel is not None and self.bot.id in channel.members
        if channel is None or (channel.kind != "public" and not member):
            raise Refused("channel_not_found")
        if inside and not member:
            raise Refused("not_in_channel")
        return channel

    def user(self, user_id: str) -> Member:
        """Return a member.  Refused: user_not_found."""
        if user_id not in self.members:
            raise Refused("user_not_found")
        return self.members[user_id]

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of every change from now on; the returned function ends it."""
        return self._changes.listen(listener)

    def changed(self, what: What, channel_id: str = "", user_id: str = "") -> None:
        """Say that something other than a message changed."""
        self._tell(Change(what, channel_id, user_id=user_id))

    def _views_changed(self, what: What, user_id: str) -> None:
        self.changed(what, user_id=user_id)

    def _tell(self, change: Change) -> None:
        self._changes.tell(change)
        self.touch()

    def touch(self) -> None:
        """Wake whoever waits for the world to change."""
        for event in self._waiting:
            event.set()

    async def until(self, look: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109  the caller says how long
        """Return what `look` finds, at once or after a change; TimeoutError when it stays None."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    await event.wait()
                    event.clear()
        finally:
            self._waiting.discard(event)
        return found


def _ts(at: dt.datetime) -> str:
    return f"{int(at.timestamp())}.{at.microsecond:06d}"


def _next(ts: str) -> str:
    seconds, _, micros = ts.partition(".")
    carry, left = divmod(int(micros) + 1, 1_000_000)
    return f"{int(seconds) + carry}.{left:06d}"
