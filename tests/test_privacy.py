"""Privacy by construction: whatever was written by whom for whom, nobody is ever shown what is not theirs to read.

Agencies by chance (tests/worlds.py), every surface that shows text, every reader: a case is one surface asked once.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.practices.anticipations import service as anticipations
from bot.practices.blockers import service as blockers
from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.differences import service as differences
from bot.practices.fading.service import Fading
from bot.practices.listening import conversation as questions
from bot.practices.listening import service as listening
from bot.practices.meetings.service import Upcoming
from bot.practices.milestones import ahead, feed
from bot.practices.nuance import drawing
from bot.practices.nuance import rows as fact_rows
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import MANY
from bot.practices.practice import Occasion, Practice, Section, Value
from bot.practices.promises import service as promises
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups
from bot.slack.text import Markup
from bot.store.engine import Store
from bot.surfaces import alert, brief, digest, digest_panel, find, home, listing, morning, morning_panel, today, wrap
from bot.surfaces.card import Cards, Tab, notes
from bot.surfaces.home_panel import Segment, Spot
from bot.surfaces.unasked import midday
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, Host
from bot.workspaces.lookup import Lookup
from bot.workspaces.settings import Settings
from bot.workspaces.visibility import Audience, Room, covered, reader
from tests.support import ON_SQLITE
from tests.worlds import DAY, NOW, PLANS, TODAY, World, keep, rooms, texts

AHEAD = NOW + DAY / 8
SETTINGS = ("", "one_to_one", "with_team", "in_front_of_boss")
LOCAL = midday(TODAY, "Europe/Berlin")


@dataclass
class Asked:
    """One question: of which world, by whom, and chance for what is left to it."""

    host: Host
    world: World
    who: Member | Room
    chance: random.Random

    @property
    def here(self) -> Here:
        """A request of the member's, as it comes in."""
        envelope = Envelope(Kind.COMMAND, team=self.world.workspace.slack_id, user=self.member.slack_id)
        member = replace(self.member, covers=self.covers)
        return Here(self.host, self.world.workspace, member, envelope, NOW, is_among_us=True)

    covers: frozenset[Any] = frozenset()

    @property
    def member(self) -> Member:
        assert isinstance(self.who, Member)
        return self.who

    @property
    def room(self) -> Room:
        assert isinstance(self.who, Room)
        return self.who

    @property
    def client(self) -> Any:
        return self.chance.choice(self.world.clients)

    @property
    def contact(self) -> Any:
        return self.chance.choice([*self.world.known, *self.chance.choice(self.world.contacts)])


Surface = Callable[[Any, Asked, Audience], Awaitable[object]]
"""Asked in a session of its own, as an audience; returns whatever it shows."""


def of_practices(practices: Sequence[Practice]) -> dict[str, tuple[Surface, bool, bool]]:
    """Return what every practice of the catalogue contributes anywhere, and who may ask: people, rooms."""
    found: dict[str, tuple[Surface, bool, bool]] = {}
    for practice in practices:
        for part in ("card", "digest", "morning", "handover"):
            if (contribution := getattr(practice, part, None)) is not None:
                surface = _contribution(contribution)
                found[f"{practice.name}.{part}"] = (surface, part != "digest", part in {"card", "digest"})
        if practice.brief is not None:
            found[f"{practice.name}.brief"] = (_briefing(practice.brief), True, True)
        if (holds := getattr(practice, "holds", None)) is not None:
            found[f"{practice.name}.holds"] = (_holding(holds), True, False)
    return found


def _contribution(contribution: Any) -> Surface:
    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        return await contribution(session, asked.world.clients, audience, LOCAL)

    return ask


def _briefing(briefing: Any) -> Surface:
    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        occasions = [
            Occasion(client, frozenset(asked.chance.sample(contacts, asked.chance.randint(0, 2))), setting)
            for client, contacts in zip(asked.world.clients, asked.world.contacts, strict=True)
            for setting in asked.chance.sample(SETTINGS, 1)
        ]
        return await briefing(session, occasions, audience, LOCAL)

    return ask


def _holding(holds: Any) -> Surface:
    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        return await holds(session, asked.contact, audience)

    return ask


async def card(session: Any, asked: Asked, audience: Audience) -> object:
    return await Cards(PRACTICES).card(asked.here, asked.client, asked.chance.choice(list(Tab)))


async def all_notes(session: Any, asked: Asked, audience: Audience) -> object:
    return await notes(asked.here, asked.client, offset=asked.chance.choice((0, 0, 5)))


async def found(session: Any, asked: Asked, audience: Audience) -> object:
    """Ask for the beginning of a word: what was typed is shown again, and is no word of anybody's."""
    word = asked.chance.choice(sorted(asked.world.words))
    return await find.find(
        asked.here, word[: asked.chance.choice((2, 6, 7, 8))], offset=asked.chance.choice((0, 0, 10))
    )


async def found_by_another(session: Any, asked: Asked, audience: Audience) -> object:
    return await find.find(asked.here, f"zq{max(asked.world.number - 1, 0):04d}")


async def whole_brief(session: Any, asked: Asked, audience: Audience) -> object:
    there = frozenset(asked.chance.sample(sorted({asked.contact, asked.contact}), 1))
    about = Upcoming(None, asked.client, there, asked.chance.choice(SETTINGS), AHEAD)
    return (await brief.brief_message(session, about, audience, LOCAL))[1]


async def today_panel(session: Any, asked: Asked, audience: Audience) -> object:
    return await today.today(asked.here)


async def list_of_clients(session: Any, asked: Asked, audience: Audience) -> object:
    return await listing.listing(asked.here, mine=asked.chance.random() < 0.5)


async def home_page(session: Any, asked: Asked, audience: Audience) -> object:
    segment = asked.chance.choice(list(Segment))
    return await home.draw(session, asked.member, Spot(segment), NOW)


async def your_morning(session: Any, asked: Asked, audience: Audience) -> object:
    duty = dict.fromkeys(asked.chance.sample(asked.world.clients, 2), asked.member.id)
    return morning_panel.draw(await morning.read(session, asked.member, TODAY, duty, NOW))


async def profile(session: Any, asked: Asked, audience: Audience) -> object:
    known = await nuance.profile(session, asked.contact, asked.here.me)
    return drawing.page(known, LOCAL), [drawing.all_of(known, field, TODAY) for field in MANY]


async def draft(session: Any, asked: Asked, audience: Audience) -> object:
    return await nuance.check_draft(session, asked.contact, " ".join(asked.world.words), audience)


async def list_of_questions(session: Any, asked: Asked, audience: Audience) -> object:
    return await questions._list(asked.here, asked.client)


async def calendar(session: Any, asked: Asked, audience: Audience) -> object:
    return feed.write(await ahead.coming(session, audience, TODAY, None), TODAY)


async def by_id(session: Any, asked: Asked, audience: Audience) -> object:
    """Whoever makes up a button's value gets to what it names, and no further."""
    readers = (
        checkins.readable, promises.readable, differences.readable, blockers.readable, anticipations.readable,
        listening.readable_answers, nuance.readable,
    )  # fmt: skip
    return [await readable(session, asked.world.refs, audience) for readable in readers]


async def team_digest(session: Any, asked: Asked, audience: Audience) -> object:
    channel, all_of_it = digest.Channel(asked.room.clients, TODAY, "Europe/Berlin"), asked.room.clients
    found = await digest.read(session, channel, Settings(), NOW, stirred=all_of_it, among=all_of_it)
    return digest_panel.draw(found)


async def friday_wrap(session: Any, asked: Asked, audience: Audience) -> object:
    return await wrap.read(session, asked.room.clients, TODAY - 7 * DAY, TODAY, "Europe/Berlin")


async def fading_alert(session: Any, asked: Asked, audience: Audience) -> object:
    if not asked.room.clients:
        return None
    one = Fading(asked.client, asked.chance.choice(sorted(asked.room.clients)), TODAY, None, 0.6)
    return alert.draw(await alert.read(session, one, asked.room, TODAY, NOW))


FOR_PEOPLE = (
    card, all_notes, found, found_by_another, whole_brief, today_panel, list_of_clients, home_page, your_morning,
    profile, draft, list_of_questions, calendar, by_id,
)  # fmt: skip
FOR_ROOMS = (whole_brief, team_digest, friday_wrap, fading_alert)


def catalogue(practices: Sequence[Practice]) -> list[tuple[str, Surface, bool]]:
    """Return every surface for each who may ask: its name, itself, and whether it is a room that asks."""
    found = [(one.__name__, one, False) for one in FOR_PEOPLE] + [(one.__name__, one, True) for one in FOR_ROOMS]
    for name, (surface, for_people, for_rooms) in of_practices(practices).items():
        found += [(name, surface, in_room) for in_room, may in ((False, for_people), (True, for_rooms)) if may]
    return found


@asynccontextmanager
async def hosting(database_url: str) -> AsyncIterator[Host]:
    store = Store(database_url)
    slack = SlackClients("http://127.0.0.1:9/api/", "xoxb-example")
    host = Host(store, slack, Followups(), MovableClock(NOW), Lookup(store, slack.reading))
    try:
        yield host
    finally:
        await host.followups.drain(1)
        await store.close()


async def ask(host: Host, world: World, name: str, surface: Surface, who: Member | Room, chance: random.Random) -> int:
    """Ask a surface once; return how many words it showed.  Fails where one of them is not for whoever asked."""
    asked = Asked(host, world, who, chance)
    async with host.store.look(world.workspace.id) as session:
        audience = who if isinstance(who, Room) else await reader(session, who, NOW)
        asked.covers = frozenset() if isinstance(who, Room) else await covered(session, who.id, TODAY)
        shown = texts(await surface(session, asked, audience))
    leaks = world.forbidden(shown, audience)
    whom = who.name if isinstance(who, Member) else f"a room for {len(who.clients)} clients"
    written = [world.words.get(word, "another workspace's") for word in leaks]
    assert not leaks, f"{name} shows {whom} what is not theirs: {written}"
    return sum(shown.count(word) for word in world.words)


@dataclass
class Tally:
    """How often each surface was asked, and how many words it showed."""

    asked: Counter[str]
    shown: Counter[str]


async def ask_around(host: Host, world: World, surfaces: Sequence[Any], cases: int, tally: Tally) -> None:
    """Ask some surfaces of a world, each as somebody of those who may."""
    chance = random.Random(f"{world.number} {world.plan.chance}")
    everybody, channels = world.members, rooms(world)
    for name, surface, in_room in chance.choices(surfaces, k=cases):
        who = chance.choice(channels if in_room else everybody)
        tally.shown[name] += await ask(host, world, name, surface, who, chance)
        tally.asked[name] += 1


def worlds_of(profile: hypothesis.settings) -> tuple[int, int]:
    """Return how many agencies to make, and how often to ask in each."""
    return (300, 40) if profile.max_examples > 40 else (60, 10)


def all_worlds(database_url: str, surfaces: Sequence[Any]) -> Tally:
    """Ask around in many agencies."""
    tally, number = Tally(Counter(), Counter()), 0
    worlds, cases = worlds_of(hypothesis.settings())
    with asyncio.Runner() as runner:
        opened = hosting(database_url)
        host = runner.run(opened.__aenter__())

        @hypothesis.settings(
            max_examples=worlds,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        )
        @given(plan=PLANS)
        def in_a_world(plan):
            nonlocal number
            number += 1
            world = runner.run(keep(host.store, plan, number))
            runner.run(ask_around(host, world, surfaces, cases, tally))

        try:
            in_a_world()
        finally:
            runner.run(opened.__aexit__(None, None, None))
    return tally


@ON_SQLITE
@pytest.mark.many_examples
@pytest.mark.timeout(1800)
def test_nobody_is_ever_shown_what_is_not_theirs_to_read(database_url, caplog):
    caplog.set_level(logging.INFO)
    with capture_logs() as logged:
        tally = all_worlds(database_url, catalogue(PRACTICES))
    worlds, cases = worlds_of(hypothesis.settings())
    assert tally.asked.total() >= worlds * cases * 0.9
    assert tally.shown.total() * 3 > tally.asked.total(), "the surfaces showed next to nothing, so this tells nothing"
    assert "zq0" not in repr(logged) + caplog.text


async def leaking(session, client_ids, audience, now):
    """Return what a careless practice would show: whatever there is."""
    rows = (await session.execute(sa.select(fact_rows.FactRow.client_id, fact_rows.FactRow.text))).all()
    return {one: [Value(Section.HINT, Markup(text))] for one, text in rows}


@ON_SQLITE
def test_a_practice_that_forgot_to_ask_who_reads_is_found(database_url):
    careless = Practice("careless", card=leaking)
    surfaces = [one for one in catalogue([careless]) if one[0] == "careless.card"]
    assert len(surfaces) == 2
    with pytest.raises(AssertionError, match=r"careless\.card shows"):
        all_worlds(database_url, surfaces)
