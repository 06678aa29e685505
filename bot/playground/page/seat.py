"""One open page: who acts in it, what it was shown last, and what it has yet to be told."""

import asyncio
import json
from dataclasses import asdict
from typing import Any

import structlog
from aiohttp import web

from bot.playground.changes import Change
from bot.playground.page import instruments
from bot.playground.page.stage import Stage
from bot.playground.people import Member
from bot.playground.person import Person
from bot.playground.reading import channel_shown, conversations, member_shown, shown, unread
from bot.playground.views import View

Json = dict[str, Any]

COALESCE = 0.01

log = structlog.get_logger(__name__)


class Seat:
    """One socket, and the member who sits there."""

    def __init__(self, stage: Stage, socket: web.WebSocketResponse, member: Member) -> None:
        self.stage = stage
        self.world = stage.world
        self._socket = socket
        self._dirty: dict[Change, None] = {}
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._wire_seen = stage.ground.wire.last
        self._unread: dict[str, int] = {}
        self.person = Person(stage.ground, stage.delivery, member)

    @property
    def member(self) -> Member:
        """Return who acts here."""
        return self.person.member

    async def act_as(self, member: Member) -> None:
        """Let somebody else sit here."""
        self.person = Person(self.stage.ground, self.stage.delivery, member)
        await self.show_scene()

    def heard(self, change: Change) -> None:
        """Note a change; it is pushed with the others of this moment."""
        self._dirty[change] = None
        self._wake.set()

    async def push_for_ever(self) -> None:
        """Push changes as they come, those of one moment together."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(COALESCE)
            await self.flush()

    async def flush(self) -> None:
        """Push what has changed since the last time, after what is being pushed already."""
        async with self._turn:
            self._wake.clear()
            dirty, self._dirty = self._dirty, {}
            try:
                pushes = self._pushes(list(dirty))
            except Exception:  # the page's other boundary: what can't be pushed keeps no answer back
                log.exception("a push failed")
                return
            for push in pushes:
                await self.send(push)

    async def send(self, body: Json) -> None:
        """Send one frame; a socket that is gone swallows it."""
        if not self._socket.closed:
            try:
                await self._socket.send_str(json.dumps(body, default=str))
            except ConnectionError:
                return

    async def show_scene(self) -> None:
        """Push everything but messages."""
        async with self._turn:
            await self.send(self._scene())

    def _scene(self) -> Json:
        world, me = self.world, self.member
        if _may_write_to_the_app(self.world.team.id, me):
            world.dm(me)
        self._dirty.clear()
        facts = self.stage.facts
        at_home = me.team_id == world.team.id
        app = {
            "id": world.app_id,
            "name": facts.name,
            "description": facts.description,
            "user": world.bot.id,
            "bot_id": world.bot.bot_id,
            "dm": world.dm(me).id if _may_write_to_the_app(world.team.id, me) else None,
            "commands": [asdict(one) for one in facts.commands if at_home],
            "shortcuts": [asdict(one) for one in facts.shortcuts if at_home],
        }
        scene = self._members() | self._channels() | self._views() | {"home": self._home()["view"]}
        scene |= {"push": "scene", "me": me.id, "team": asdict(world.team), "app": app}
        scene |= {"views": scene.pop("stack"), "clock": instruments.time_shown(self.stage)}
        scene |= {"faults": instruments.faults_shown(self.stage), "tour": [asdict(step) for step in facts.tour]}
        scene |= {"farewell": facts.farewell}
        self._dirty.clear()
        return scene | {"has_tables": self.stage.glance is not None}

    def _pushes(self, changes: list[Change]) -> list[Json]:
        pushes: list[Json] = []
        talked: dict[str, None] = {}
        for change in changes:
            match change.what:
                case "message":
                    talked[change.channel_id] = None
                    pushes += self._message(change)
                case "gone":
                    talked[change.channel_id] = None
                    pushes += self._gone(change)
                case "channel" | "read":
                    talked[change.channel_id] = None
                    self._unread.pop(change.channel_id, None)
                case "views" | "home":
                    pushes += [self._views() if change.what == "views" else self._home()] * self._is_mine(change)
                case "wire":
                    pushes += self._wire()
                case _:
                    pushes.append(self._whole(change))
        return pushes + [push for channel_id in talked for push in self._channel(channel_id)]

    def _whole(self, change: Change) -> Json:
        match change.what:
            case "members":
                return self._members()
            case "channels":
                return self._channels()
            case "clock":
                return {"push": "clock", "clock": instruments.time_shown(self.stage)}
            case _:
                return {"push": "faults", "faults": instruments.faults_shown(self.stage)}

    def _is_mine(self, change: Change) -> bool:
        return change.user_id == self.member.id

    def _message(self, change: Change) -> list[Json]:
        message = self.world.message(change.channel_id, change.ts)
        if message is None or not self.world.visible(message, self.member):
            return []
        return [{"push": "message", "channel": change.channel_id, "message": shown(self.world, message)}]

    def _gone(self, change: Change) -> list[Json]:
        channel = self.world.channels[change.channel_id]
        sees = self._is_mine(change) if change.user_id else self.world.may_read(self.member, channel)
        return [{"push": "gone", "channel": change.channel_id, "ts": change.ts}] if sees else []

    def _channel(self, channel_id: str) -> list[Json]:
        """Push one channel, if its count of unread messages is not what was shown."""
        channel = self.world.channels[channel_id]
        if not self.world.may_read(self.member, channel):
            return []
        count = unread(self.world, self.member, channel)
        if self._unread.get(channel_id) == count:
            return []
        self._unread[channel_id] = count
        return [{"push": "channel", "channel": channel_shown(self.world, self.member, channel)}]

    def _channels(self) -> Json:
        rows = [channel_shown(self.world, self.member, one) for one in conversations(self.world, self.member)]
        self._unread = {row["id"]: row["unread"] for row in rows}
        return {"push": "channels", "channels": rows}

    def _members(self) -> Json:
        rows = [member_shown(self.world, one, self.member) for one in self.world.members.values()]
        return {"push": "members", "members": rows}

    def _views(self) -> Json:
        return {"push": "views", "stack": [_seen(view) for view in self.world.views.stack(self.member.id)]}

    def _home(self) -> Json:
        view = self.world.views.home(self.member.id)
        return {"push": "home", "view": _seen(view) if view else None}

    def _wire(self) -> list[Json]:
        since, self._wire_seen = self._wire_seen, self.stage.ground.wire.last
        records = [instruments.brief(one) for one in self.stage.ground.wire.after(since)]
        return [{"push": "wire", "records": records}] if records else []


def _seen(view: View) -> Json:
    return view.seen() | {"errors": view.errors}


def _may_write_to_the_app(team_id: str, member: Member) -> bool:
    return member.team_id == team_id and not member.bot and not member.deleted and member.id != "USLACKBOT"
