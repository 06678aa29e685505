"""The way in that tests use: Ember served over HTTP, Slack's stand-in beside it, people who act."""

import inspect
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import HttpUrl, SecretStr
from slack_bolt.async_app import AsyncApp

from bot.app import Ember, build
from bot.clock import Clock, MovableClock
from bot.config import Settings
from bot.playground.hosting import hosting
from bot.playground.modal import words_of
from bot.playground.people import Channel, Member, Message
from bot.playground.person import Person
from bot.playground.server import StandIn
from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients import service as clients
from bot.practices.clients.rows import ClientRow
from bot.practices.nuance.rows import FactRow
from bot.practices.people import service as people
from bot.slack.blocks_lint import problems
from bot.store.base import new_id
from bot.workspaces.directory import ChannelRow
from bot.workspaces.installs import Workspace
from tests.support import PATIENCE

SECRET, BOT_TOKEN, APP_TOKEN = "a-signing-secret", "xoxb-a-bot", "xapp-an-app"
KEY = "an-example-key-that-seals-no-secret-of-anyo="


@dataclass
class Place:
    """Ember and Slack, both running, and who is there."""

    ember: Ember
    slack: StandIn
    clock: Clock
    ana: Person
    tom: Person
    northwind: Any
    elsewhere: Any
    address: str

    @property
    def workspace(self) -> Workspace:
        """The workspace that Ember is in."""
        return next(iter(self.ember.workspaces.values()))

    async def quiet(self) -> None:
        """Wait until Ember has finished everything it does behind an answer."""
        await self.ember.followups.drain()

    async def rows(self, table: type, **criteria: Any) -> list[Any]:
        """Return the rows of a table, as objects, oldest first."""
        async with self.ember.store.look(self.workspace.id) as session:
            found = await session.execute(
                sa.select(table).filter_by(**criteria).order_by(*sa.inspect(table).primary_key)
            )
            return list(found.scalars())

    async def has_been_in(self, *channels: Channel) -> None:
        """Let Ember know who reads some channels, as after its first command there."""
        ids = [channel.id for channel in channels]
        await self.ember.lookup.channels(self.workspace, ids, now=self.clock.now())

    async def our_ids(self, *members: Member) -> dict[str, UUID]:
        """Return Ember's ids of people, by Slack's; whoever is new gets to be known."""
        ids = [member.id for member in members]
        found = await self.ember.lookup.members(self.workspace, ids, now=self.clock.now())
        return {slack_id: member.id for slack_id, member in found.items()}

    def join(self, name: str, *channels: Channel, **flags: Any) -> Person:
        """Add somebody to the workspace and to channels; flags as in World.add_member."""
        member = self.slack.world.add_member(name, **flags)
        for channel in channels:
            channel.members.append(member.id)
        return self.slack.person(member)


def settings(slack: StandIn, database_url: str, *, socket: bool = False) -> Settings:
    """Return what Ember needs to talk to the stand-in."""
    return Settings(
        slack_signing_secret=SecretStr(SECRET),
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN) if socket else None,
        slack_api_url=slack.url,
        ember_database_url=database_url,
        ember_port=0,
        ember_base_url=HttpUrl("https://ember.example.com"),
        ember_encryption_keys=SecretStr(KEY),
    )


class AtRest:
    """An engine that never asks: Ember speaks first when a test has it do so."""

    async def start(self) -> None:
        """Begin nothing."""

    async def stop(self) -> None:
        """Have nothing to finish."""

    def nudge(self) -> None:
        """Let what waits wait."""


@asynccontextmanager
async def agency(
    database_url: str, clock: MovableClock, *, socket: bool = False, ticking: bool = False
) -> AsyncIterator[Place]:
    """Run Ember for a small agency: Ana and Tom, a client's channel and another one.

    ticking: its own engine looks for what is due, as in `ember serve`; else nobody does.
    """
    stand_in = StandIn(
        signing_secret=SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        clock=clock,
        retry_delays=(0, 0.01, 0.02),
        deadline=2 * PATIENCE,
    )
    async with stand_in as slack:
        ana = slack.world.add_member("Ana", tz="Europe/Berlin")
        tom = slack.world.add_member("Tom", tz="Europe/Berlin")
        northwind = slack.world.add_channel("northwind", members=[ana, tom])
        elsewhere = slack.world.add_channel("general", members=[ana, tom])
        ember = build(settings(slack, database_url, socket=socket), clock)
        ember.dispatcher.deadline = PATIENCE
        if not ticking:
            ember.engine = ember.courier.engine = AtRest()
        async with hosting(ember.web) as address:
            if socket:
                await slack.connected()
            else:
                slack.connect(f"{address}/slack/events")
            await ember.followups.drain()
            place = Place(ember, slack, clock, slack.person(ana), slack.person(tom), northwind, elsewhere, address)
            yield place
            await place.quiet()
            check_what_was_shown(place)
            await check_what_others_could_read(place)


def check_what_was_shown(place: Place) -> None:
    """Fail when anything that Ember had Slack draw breaks one of Slack's rules."""
    for payload, surface in place.slack.wire.drawn():
        assert problems(payload, surface) == [], payload


async def check_what_others_could_read(place: Place) -> None:
    """Fail when a client's name or a note stands where a client can read along.

    What somebody typed may come back to them alone; an admin may have allowed a channel.
    """
    allowed = {row.slack_id for row in await place.rows(ChannelRow) if row.allowed_shared is not None}
    told = {row.name for row in await place.rows(ClientRow)} | {row.note for row in await place.rows(CheckinRow)}
    told |= {row.text for row in await place.rows(FactRow)}
    world = place.slack.world
    for message in world.messages():
        channel = world.channels[message.channel_id]
        outsiders = any(
            world.members[one].guest or world.members[one].team_id != world.team.id for one in channel.members
        )
        is_embers_own = channel.kind == "im" and world.bot.id in channel.members
        overlooked = channel.kind == "im" or channel.shared or channel.pending or outsiders
        if message.app and overlooked and not is_embers_own and channel.id not in allowed:
            text = message.text if message.ephemeral_to is None else message.text.partition("You typed:")[0]
            said = json.dumps([text, message.blocks], ensure_ascii=False)
            assert not [words for words in told if words in said], said


async def set_up_client(
    place: Place,
    name: str = "Northwind",
    *,
    by: Person | None = None,
    heard_in: Sequence[Channel] = (),
    team: Sequence[Member] = (),
    backup: Member | None = None,
    digest: Channel | None = None,
    rhythm: int = 7,
) -> Any:
    """Have a client that somebody looks after, as their form would have set it up; return its row."""
    person = by or place.ana
    others = [*team, *([backup] if backup is not None else [])]
    ids = await place.our_ids(person.member, *others)
    workspace, lookup, now = place.workspace, place.ember.lookup, place.clock.now()
    spoken_in = [*heard_in, *([digest] if digest is not None else [])]
    channels = await lookup.channels(workspace, [channel.id for channel in spoken_in], now=now)
    details = clients.Details(
        name,
        ids[person.id],
        rhythm,
        backup=ids[backup.id] if backup is not None else None,
        team=frozenset(ids[member.id] for member in team),
        heard_in=frozenset(channels[channel.id].id for channel in heard_in),
        digest_channel_id=channels[digest.id].id if digest is not None else None,
    )
    today = now.astimezone(ZoneInfo(person.member.tz)).date()
    async with place.ember.store.work(workspace.id) as session:
        made = await clients.set_up(session, details, by=ids[person.id], key=str(new_id()), now=now, today=today)
    return (await place.rows(ClientRow, id=made.id))[0]


async def set_up_by_form(
    place: Place,
    name: str = "Northwind",
    *,
    by: Person | None = None,
    heard_in: Sequence[Channel] = (),
    **fields: Any,
) -> Any:
    """Set up a client through its form and close it; return its row."""
    person = by or place.ana
    await person.command("/client", f"new {name}")
    answer = await person.submit({"name": name, "rhythm": "7", "heard_in": list(heard_in), **fields})
    assert answer.ok, answer
    assert answer.errors == {}, answer.errors
    await person.close_modal(everything=True)
    await place.quiet()
    return (await place.rows(ClientRow, name=name))[-1]


async def add_person(place: Place, client: str, name: str) -> None:
    """Have somebody at a client, as Ana would have added them."""
    [row] = await place.rows(ClientRow, sort_name=client)
    by, now = (await place.our_ids(place.ana.member))[place.ana.id], place.clock.now()
    async with place.ember.store.work(row.workspace_id) as session:
        await people.add(session, row.id, name, None, None, by=by, key=str(new_id()), now=now)


def listened_to(bolt: AsyncApp) -> dict[str, set[str]]:
    """Return the names an app listens to, by kind; one that takes any ending stands there bare and with one."""
    found: dict[str, set[str]] = {}
    for listener in bolt._async_listeners:
        matches = inspect.getclosurevars(listener.matchers[0].func).nonlocals["func"]
        kind = matches.__qualname__.partition(".")[0].removeprefix("_")
        (name,) = (value for value in inspect.getclosurevars(matches).nonlocals.values() if not callable(value))
        if isinstance(name, re.Pattern):
            stem = name.pattern.removeprefix("^").removesuffix("(:.*)?$").replace("\\", "")
            names = {stem, f"{stem}:4"}
            assert all(name.match(each) for each in names), name.pattern
        else:
            names = {str(name)}
        found.setdefault(kind, set()).update(names)
    return found


def reads(message: Message | None) -> str:
    """Return the words that a message shows, buttons included."""
    assert message is not None, "there is no message"
    return "\n".join(words_of(message.blocks)) or message.text


async def card(place: Place, person: Person | None = None, name: str = "northwind") -> Message:
    """Have somebody (Ana, if nobody is named) open a client's card; return it."""
    return (await (person or place.ana).command("/client", name, channel=place.elsewhere)).message


async def turn_to(place: Place, tab: str, person: Person | None = None) -> Message:
    """Turn the card that somebody sees (Ana, if nobody is named) to another tab; return it."""
    who = person or place.ana
    await who.click(f"card.tab:{tab}")
    await place.quiet()
    return who.sees()[-1]


def sees(person: Person) -> str:
    """Return what a person has before them: the modal on top, or Ember's newest message."""
    modals = person.modals()
    if modals:
        return "\n".join([modals[-1].title, *words_of(modals[-1].shown.blocks)])
    return reads(next((message for message in reversed(person.sees()) if message.app), None))
