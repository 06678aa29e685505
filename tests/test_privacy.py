"""Privacy by construction: whatever was written by whom for whom, nobody is ever shown what is not theirs to read.

Agencies by chance (tests/worlds.py), every surface that shows text, every reader: a case is one surface asked once.
`make thorough`, or this file alone with `--hypothesis-profile thorough -s`, asks more than 10,000 of other agencies.
"""

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.clock import MovableClock
from bot.courier.kinds import Delivery
from bot.courier.rows import Op
from bot.practices.anticipations import service as anticipations
from bot.practices.blockers import conversation as blocker_forms
from bot.practices.blockers import service as blockers
from bot.practices.cadence import conversation as not_now
from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import conversation as checkin_forms
from bot.practices.checkins import queries, quotes, reading
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.practices.differences import conversation as difference_forms
from bot.practices.differences import service as differences
from bot.practices.fading.service import Fading
from bot.practices.listening import conversation as questions
from bot.practices.listening import service as listening
from bot.practices.meetings.service import Upcoming
from bot.practices.milestones import ahead, feed, speaking
from bot.practices.milestones import conversation as date_forms
from bot.practices.nuance import conversation as fact_forms
from bot.practices.nuance import drawing
from bot.practices.nuance import rows as fact_rows
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import MANY, Field
from bot.practices.practice import Occasion, Practice, Section, Value
from bot.practices.promises import conversation as promise_forms
from bot.practices.promises import service as promises
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups, Refused
from bot.slack.text import Markup
from bot.store import session as scoping
from bot.store.base import new_id
from bot.store.engine import Store
from bot.surfaces import (
    alert,
    brief,
    digest,
    digest_panel,
    export,
    find,
    forget,
    handover,
    home,
    listing,
    meetings,
    morning,
    morning_panel,
    today,
    why,
    wrap,
)  # fmt: skip
from bot.surfaces.card import Cards, Tab, notes
from bot.surfaces.home_panel import Segment, Spot
from bot.surfaces.unasked import midday
from bot.workspaces import here as front_door
from bot.workspaces import visibility
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, Host, introduce
from bot.workspaces.lookup import Lookup
from bot.workspaces.settings import Settings
from bot.workspaces.visibility import Audience, Room, Visibility, reader
from tests import worlds
from tests.rewritten import rewritten
from tests.worlds import DAY, NOW, TODAY, World, a_plan, keep, rooms, texts

AHEAD = NOW + DAY / 8
SETTINGS = ("", "one_to_one", "with_team", "in_front_of_boss")
LOCAL = midday(TODAY, "Europe/Berlin")


@dataclass(frozen=True)
class Window(Here):
    """A request, whose answer is for us to read instead of for Slack to draw."""

    shown: list[object] = field(default_factory=list)

    def open(self, view: Any) -> None:
        self.shown.append(view)

    def update(self, view: Any) -> None:
        self.shown.append(view)

    async def show(self, ack: Any, panel: Any) -> None:
        self.shown.append(panel)


async def ack(**answer: Any) -> None:
    """Tell Slack that something arrived."""


@dataclass
class Asked:
    """One question: of which world, by whom, and chance for what is left to it."""

    host: Host
    world: World
    who: Member | Room
    chance: random.Random
    covers: frozenset[Any] = frozenset()

    @property
    def here(self) -> Window:
        """A request of the member's, as it comes in."""
        team = self.world.workspace.slack_id
        envelope = Envelope(Kind.COMMAND, team=team, user=self.member.slack_id, user_team=team)
        member = replace(self.member, covers=self.covers)
        return Window(self.host, self.world.workspace, member, envelope, NOW, is_among_us=True)

    @property
    def local(self) -> Any:
        """Now, where whoever asks is."""
        return NOW.astimezone(ZoneInfo(self.who.tz)) if isinstance(self.who, Member) else LOCAL

    def delivery(self, kind: str, subject: Any = None, until: Any = AHEAD) -> Delivery:
        """Return a message to whoever asks, on its way."""
        recipient, on = self.member.slack_id, self.local.date()
        about = (self.world.workspace.id, recipient, kind, subject, on, Op.POST, 0, NOW, until, NOW)
        return Delivery(new_id(), *about)

    def one(self, *kinds: str) -> Any:
        """Return the id of something that is kept of these kinds, of any where none is named, whosever it is."""
        ids = [ref for kind in kinds or self.world.kept for ref in self.world.kept.get(kind, ())]
        return self.chance.choice(ids) if ids else new_id()

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
        return await contribution(session, asked.world.clients, audience, asked.local)

    return ask


def _briefing(briefing: Any) -> Surface:
    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        occasions = [
            Occasion(client, frozenset(asked.chance.sample(contacts, asked.chance.randint(0, 2))), setting)
            for client, contacts in zip(asked.world.clients, asked.world.contacts, strict=True)
            for setting in asked.chance.sample(SETTINGS, 1)
        ]
        return await briefing(session, occasions, audience, asked.local)

    return ask


def _holding(holds: Any) -> Surface:
    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        return await holds(session, asked.contact, audience)

    return ask


def _press(handler: Any, value: Callable[[Asked], str]) -> Surface:
    """Return a button as a surface, pressed with whatever value somebody may make up."""

    async def ask(session: Any, asked: Asked, audience: Audience) -> object:
        here = asked.here
        try:
            await handler(ack, here, {"value": value(asked)})
        except Refused as refused:
            return str(refused)
        return here.shown

    return ask


def _about_a_client(*kinds: str) -> Callable[[Asked], str]:
    return lambda asked: f"{asked.client}:{asked.one(*kinds)}"


PRESSED: dict[str, Surface] = {
    "a note to edit": _press(checkin_forms.open_edit, lambda asked: str(asked.one("checkin"))),
    "a promise to edit": _press(promise_forms.open_edit, lambda asked: str(asked.one("promise"))),
    "a promise to move": _press(promise_forms.open_move, lambda asked: str(asked.one("promise"))),
    "a difference to edit": _press(difference_forms.open_edit, lambda asked: str(asked.one("difference"))),
    "a difference to settle": _press(difference_forms.open_closing, lambda asked: str(asked.one("difference"))),
    "a difference in a note": _press(difference_forms.open_new, _about_a_client("checkin")),
    "a blocker to edit": _press(blocker_forms.open_edit, lambda asked: str(asked.one("blocker"))),
    "a blocker to close": _press(blocker_forms.open_close, lambda asked: str(asked.one("blocker"))),
    "a blocker in a note": _press(blocker_forms.open_new, _about_a_client("checkin")),
    "an answer": _press(questions.open_answer, lambda asked: f"{asked.one('question')}:{asked.client}:{asked.contact}"),
    "three lines": _press(questions.open_lines, lambda asked: str(asked.one("reflected", "checkin"))),
    "a date to edit": _press(date_forms.open_edit, lambda asked: str(asked.one("milestone"))),
    "a date to plan": _press(date_forms.open_plan, lambda asked: f"{asked.one('milestone')}:{TODAY.isoformat()}"),
    "a date of a win": _press(date_forms.open_new, _about_a_client("checkin")),
    "all dates": _press(date_forms.show_all, lambda asked: str(asked.client)),
    "a fact to edit": _press(fact_forms.open_edit, lambda asked: f"{asked.one('fact')}:{asked.contact}"),
    "a profile to fill in": _press(fact_forms._opening(fact_forms.forms.PROFILE), lambda asked: str(asked.contact)),
    "a language card": _press(fact_forms._opening(fact_forms.forms.LANGUAGE_CARD), lambda asked: str(asked.contact)),
    "not now": _press(not_now.not_now, lambda asked: str(asked.client)),
    "what there is to take over": _press(handover.show, lambda asked: str(asked.client)),
    "a brief by a button": _press(brief.opened, lambda asked: str(asked.client)),
    "all that is held": _press(forget.show, lambda asked: str(asked.contact)),
    "all that is held, to print": _press(forget.show_printable, lambda asked: str(asked.contact)),
    "why": _press(why.show, lambda asked: str(asked.client)),
}
FORM_OF_A_NOTE = "a note to edit"
"""It names all that can be noticed, for anybody to choose from."""


async def card(session: Any, asked: Asked, audience: Audience) -> object:
    return await Cards(PRACTICES).card(asked.here, asked.client, asked.chance.choice(list(Tab)))


async def all_notes(session: Any, asked: Asked, audience: Audience) -> object:
    return await notes(asked.here, asked.client, offset=asked.chance.choice((0, 0, 5)))


async def found(session: Any, asked: Asked, audience: Audience) -> object:
    """Ask for the beginning of a word: what was typed is shown again, and is no word of anybody's."""
    word = asked.chance.choice(sorted(asked.world.words))
    return await find.find(asked.here, word[: asked.chance.choice((2, 4, 5))], offset=asked.chance.choice((0, 0, 10)))


async def found_by_another(session: Any, asked: Asked, audience: Audience) -> object:
    """Ask for what may stand in any workspace: what all words begin with."""
    return await find.find(asked.here, "zq", offset=asked.chance.choice((0, 10, 20, 30)))


async def whole_brief(session: Any, asked: Asked, audience: Audience) -> object:
    there = frozenset(asked.chance.sample(sorted({asked.contact, asked.contact}), 1))
    about = Upcoming(None, asked.client, there, asked.chance.choice(SETTINGS), AHEAD)
    return (await brief.brief_message(session, about, audience, asked.local))[1]


async def today_panel(session: Any, asked: Asked, audience: Audience) -> object:
    return await today.today(asked.here)


async def list_of_clients(session: Any, asked: Asked, audience: Audience) -> object:
    return await listing.listing(asked.here, mine=asked.chance.random() < 0.5)


async def home_page(session: Any, asked: Asked, audience: Audience) -> object:
    segment = asked.chance.choice(list(Segment))
    return await home.draw(session, asked.member, Spot(segment), NOW)


async def your_morning(session: Any, asked: Asked, audience: Audience) -> object:
    duty = dict.fromkeys(asked.chance.sample(asked.world.clients, 2), asked.member.id)
    return morning_panel.draw(await morning.read(session, asked.member, asked.local.date(), duty, NOW))


async def profile(session: Any, asked: Asked, audience: Audience) -> object:
    known = await nuance.profile(session, asked.contact, asked.here.me)
    return drawing.page(known, asked.local), [drawing.all_of(known, each, asked.local) for each in MANY]


async def draft(session: Any, asked: Asked, audience: Audience) -> object:
    """Hold all that was ever said against what each of them would rather not read."""
    said = " ".join(asked.world.words)
    return [await nuance.check_draft(session, one, said, audience) for one in asked.world.kept.get("avoided", ())]


async def list_of_questions(session: Any, asked: Asked, audience: Audience) -> object:
    return await questions._list(asked.here, asked.client)


async def calendar(session: Any, asked: Asked, audience: Audience) -> object:
    return feed.write(await ahead.coming(session, audience, asked.local.date(), None), TODAY)


async def by_id(session: Any, asked: Asked, audience: Audience) -> object:
    """Whoever makes up a button's value gets to what it names, and no further."""
    readers = (
        checkins.readable, promises.readable, differences.readable, blockers.readable, anticipations.readable,
        listening.readable_answers, nuance.readable,
    )  # fmt: skip
    refs = [ref for ids in asked.world.kept.values() for ref in ids]
    return [await readable(session, refs, audience) for readable in readers]


async def quotable_by_id(session: Any, asked: Asked, audience: Audience) -> object:
    """Ask for notes by id beside which nothing was noticed, for a channel that quotes them."""
    notes = await checkins.readable(session, asked.world.kept.get("unmarked", ()), audience)
    return [note.note for note in notes.values()]


async def before_a_meeting(session: Any, asked: Asked, audience: Audience) -> object:
    theirs = [one for who, one in asked.world.in_calendars if asked.world.members[who].id == asked.member.id]
    on_their_way = [asked.delivery("brief", one.id, until=one.starts_at) for one in theirs if one.starts_at > NOW]
    return [await meetings.before(session, each, NOW) for each in on_their_way]


async def after_a_meeting(session: Any, asked: Asked, audience: Audience) -> object:
    theirs = [one for who, one in asked.world.in_calendars if asked.world.members[who].id == asked.member.id]
    held = [one for one in theirs if one.starts_at <= NOW]
    return (
        await meetings.afterwards(session, asked.delivery("afterwards", asked.chance.choice(held).id), NOW)
        if held
        else None
    )


async def taking_over(session: Any, asked: Asked, audience: Audience) -> object:
    return await handover.render(session, asked.delivery(handover.KIND, asked.client), NOW)


async def dates_of_today(session: Any, asked: Asked, audience: Audience) -> object:
    return await speaking.render(session, asked.delivery(speaking.KIND), NOW)


async def at_the_door(session: Any, asked: Asked, audience: Audience) -> object:
    """Come in as a guest, or after one has left: the sentence that turns them away is all there is."""
    try:
        here = await introduce(asked.host, asked.world.workspace, asked.here.envelope)
    except Refused as refused:
        return str(refused)
    return await Cards(PRACTICES).card(here, asked.client), await notes(here, asked.client, offset=0)


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
    profile, draft, list_of_questions, calendar, by_id, before_a_meeting, after_a_meeting, taking_over, dates_of_today,
)  # fmt: skip
FOR_ROOMS = (whole_brief, team_digest, friday_wrap, fading_alert, quotable_by_id)
SILENT = frozenset({
    "after_a_meeting", "why", "a difference in a note", "people.holds", "meetings.holds", "coverage.card", "spark.card",
    "coverage.card in a room", "spark.card in a room", "checkins.digest in a room", "blockers.card in a room",
    "blockers.brief in a room", "listening.card in a room", "coverage.brief", "coverage.brief in a room",
    "kudos.digest in a room",
})  # fmt: skip
"""Surfaces that say nothing in anybody's words; what they say is read all the same."""


RARE = frozenset({"blockers.morning"})
"""Surfaces that say something to one person on one morning: many agencies are asked until somebody is it."""


Entry = tuple[str, Surface, bool]
"""A surface by name, and whether it is a room that asks."""


def catalogue(practices: Sequence[Practice]) -> list[Entry]:
    """Return every surface for each who may ask."""
    found = [(one.__name__, one, False) for one in FOR_PEOPLE] + [(one.__name__, one, True) for one in FOR_ROOMS]
    found += [(name, surface, False) for name, surface in PRESSED.items()]
    for name, (surface, for_people, for_rooms) in of_practices(practices).items():
        found += [(name, surface, in_room) for in_room, may in ((False, for_people), (True, for_rooms)) if may]
    return found


def called(entry: Entry) -> str:
    """Return how a surface is counted: in a room it is another one."""
    name, _, in_room = entry
    return f"{name} in a room" if in_room else name


@dataclass
class Tally:
    """How often each surface was asked, and how many words it showed."""

    asked: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)


class Agencies:
    """Agencies by chance, each in a workspace of its own, kept as they are asked for; and whoever asks around there."""

    def __init__(self, database_url: str) -> None:
        self._runner, self._opened, self._kept = asyncio.Runner(), AsyncExitStack(), dict[int, World]()
        self._host = self._runner.run(self._open(database_url))

    async def _open(self, database_url: str) -> Host:
        store = Store(database_url)
        self._opened.push_async_callback(store.close)
        slack = SlackClients("http://127.0.0.1:9/api/", "xoxb-example")
        host = Host(store, slack, Followups(), MovableClock(NOW), Lookup(store, slack.reading))
        self._opened.push_async_callback(host.followups.drain, 1)
        return host

    def close(self) -> None:
        """Let go of the database."""
        self._runner.run(self._opened.aclose())
        self._runner.close()

    def world(self, seed: int) -> World:
        """Return the agency of a seed."""
        if seed not in self._kept:
            plan = a_plan(seed)
            self._kept[seed] = self._runner.run(keep(self._host.store, plan, len(self._kept)))
        return self._kept[seed]

    def ask_around(self, seed: int, surfaces: Sequence[Entry], tally: Tally) -> None:
        """Ask surfaces of an agency, once each, as somebody of those who may."""
        world = self.world(seed)
        chance = random.Random(seed)
        for entry in surfaces:
            self._count(world, entry, chance.choice(rooms(world) if entry[2] else world.ours), chance, tally)

    def ask_as_everybody(self, seed: int, surfaces: Sequence[Entry], tally: Tally, *, rounds: int = 1) -> None:
        """Ask surfaces of an agency, as everybody who may."""
        world = self.world(seed)
        chance = random.Random(seed)
        for entry in surfaces * rounds:
            for who in rooms(world) if entry[2] else world.ours:
                self._count(world, entry, who, chance, tally)

    def _count(self, world: World, entry: Entry, who: Member | Room, chance: random.Random, tally: Tally) -> None:
        name, surface, _ = entry
        tally.shown[called(entry)] += self._runner.run(self._ask(world, name, surface, who, chance))
        tally.asked[called(entry)] += 1

    def knock(self, seed: int) -> None:
        """Have those who are not ours come to the door of an agency."""
        world = self.world(seed)
        for who in world.outsiders:
            self._runner.run(self._ask(world, "the door", at_the_door, who, random.Random(seed)))

    async def _ask(self, world: World, name: str, surface: Surface, who: Member | Room, chance: random.Random) -> int:
        """Ask a surface once; return how many words it showed.  Fails where one of them is not for whoever asked."""
        asked = Asked(self._host, world, who, chance)
        async with self._host.store.look(world.workspace.id) as session:
            audience = who if isinstance(who, Room) else await reader(session, who, NOW)
            asked.covers = frozenset() if isinstance(audience, Room) else audience.covers
            shown = texts(await surface(session, asked, audience))
        leaks = world.forbidden(shown, audience)
        if name == FORM_OF_A_NOTE:
            leaks = {word for word in leaks if worlds.WORD.fullmatch(word)}
        whom = who.name if isinstance(who, Member) else f"a room for {len(who.clients)} clients"
        written = {word: world.words.get(word, "noted, or another workspace's") for word in leaks}
        assert not leaks, f"{name} shows {whom} what is not theirs: {written} (agency {world.plan.seed})"
        return sum(shown.count(word) for word in world.words)

    def write(self, words: str) -> None:
        """Have somebody write something down, in an agency that is asked about nothing else."""
        self._runner.run(self._write(self.world(OF_WRITERS), words))

    async def _write(self, world: World, words: str) -> None:
        by, client, contact, seen_by = world.members[0], world.clients[0], world.contacts[0][0], Visibility.ME
        note = checkins.Note(client, 4, words, Via.MODAL, seen_by, unsaid=words, quote=words, win=words, need=words)
        async with self._host.store.work(world.workspace.id) as session:
            await checkins.record(session, note, by=by, key="a note", now=NOW)
            promised = promises.Details(client, words, TODAY, by.id, theirs=False, visibility=seen_by)
            await promises.make(session, promised, by=by, key="a promise", now=NOW)
            said = nuance.Said(words, words)
            await nuance.add(session, contact, Field.DETAIL, said, seen_by, by=by, key="a fact", now=NOW)

    async def _exported(self) -> dict[str, Any]:
        written: list[str] = []
        await export.export(self._host.store, written.append, lambda _: None)
        return json.loads("".join(written))

    def export(self) -> dict[str, Any]:
        """Return all that is kept, as whoever runs Ember takes it along."""
        return self._runner.run(self._exported())

    @property
    def kept(self) -> dict[str, World]:
        """The agencies that are kept so far, by the id of their workspace."""
        return {str(world.workspace.id): world for world in self._kept.values()}


@pytest.fixture(scope="module")
def agencies(migrated_sqlite, tmp_path_factory) -> Iterator[Agencies]:
    """Agencies on SQLite, shared by the tests of this file: none of them changes anything."""
    path = tmp_path_factory.mktemp("agencies") / "ember.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    opened = Agencies(f"sqlite+aiosqlite:///{path}")
    yield opened
    opened.close()


A_FEW, MANY_MORE = range(2), 95
MOST, OF_WRITERS = 8, 999
FURTHER = 20
"""How many more agencies are asked at most until every surface that can has shown something."""


def seeds() -> Sequence[int]:
    """Return which agencies to ask around in: a few that are always the same, or many that never were before."""
    if hypothesis.settings().max_examples <= 40:
        return A_FEW
    first = random.SystemRandom().randrange(1000, 10**9)
    return range(first, first + MANY_MORE)


@pytest.mark.many_examples
@pytest.mark.timeout(3600)
def test_nobody_is_ever_shown_what_is_not_theirs_to_read(agencies, caplog):
    caplog.set_level(logging.INFO)
    surfaces, tally = catalogue(PRACTICES), Tally()
    those = seeds()
    with capture_logs() as logged:
        for seed in those:
            agencies.ask_around(seed, surfaces, tally)
            agencies.knock(seed)
        quiet = [one for one in surfaces if called(one) not in SILENT and not tally.shown[called(one)]]
        for seed in range(those[0], those[-1] + FURTHER):
            if {called(one) for one in quiet} - RARE:
                agencies.ask_as_everybody(seed, quiet, tally)
                quiet = [one for one in quiet if not tally.shown[called(one)]]
    print(f"\n{tally.asked.total()} cases in {len(agencies.kept)} agencies, {tally.shown.total()} words shown")
    print(*(f"{tally.asked[name]:6} {tally.shown[name]:6} {name}" for name in sorted(tally.asked)), sep="\n")
    assert {called(one) for one in quiet} <= (RARE if those == A_FEW else set()), "what shows nothing tells nothing"
    assert set(tally.asked) == {called(one) for one in surfaces}
    assert not worlds.WORD.search(repr(logged) + caplog.text)


def test_an_export_keeps_workspaces_apart_and_says_of_each_note_who_may_read_it(agencies):
    for seed in A_FEW:
        agencies.world(seed)
    parts, found = agencies.export()["workspaces"], 0
    assert len(parts) == len(agencies.kept) >= len(A_FEW)
    for part in parts:
        world = agencies.kept[part["workspace"]["id"]]
        for row in (row for name, rows in part.items() if name != "workspace" for row in rows):
            words = worlds.WORD.findall(json.dumps(row))
            assert set(words) <= set(world.words)
            meant = {world.words[word].visibility.value for word in words}
            assert "visibility" not in row or meant <= {row["visibility"]}
            found += len(words)
    assert found > 100


def test_what_somebody_writes_is_in_no_log(agencies, caplog):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        agencies.write("what nobody else is to know")
    assert "what nobody else is to know" not in repr(logged) + caplog.text


async def leaking(session, client_ids, audience, now):
    """Return what a careless practice would show: whatever there is."""
    rows = (await session.execute(sa.select(fact_rows.FactRow.client_id, fact_rows.FactRow.text))).all()
    return {one: [Value(Section.HINT, Markup(text))] for one, text in rows}


def test_a_practice_that_forgot_to_ask_who_reads_is_found(agencies):
    surfaces = [one for one in catalogue([Practice("careless", card=leaking)]) if one[0] == "careless.card"]
    assert len(surfaces) == 2
    for each in surfaces:
        with pytest.raises(AssertionError, match=r"careless\.card shows"):
            agencies.ask_as_everybody(0, [each], Tally())


@dataclass(frozen=True)
class Filter:
    """What stands between somebody and what is not theirs: where, how it reads, how without it, where that shows.

    in_agency: the seed of one in which it does.
    """

    module: ModuleType
    reads: str
    gone: str
    shows: str
    in_agency: int = 0


def _decides(reads: str, gone: str, shows: str, in_agency: int = 0) -> Filter:
    return Filter(visibility, reads, gone, shows, in_agency)


FILTERS = {
    "a person reads as the team if in it": _decides(
        "as_team = audience.id in team or client_id in audience.covers", "as_team = True", "by_id"
    ),
    "a cover reads as the teams do for whose members they cover": _decides(
        "client_id in audience.covers\n", "bool(audience.covers)\n", "by_id", 4
    ),
    "a person's own, in Python": _decides("(visibility is Visibility.TEAM and as_team)\n", "as_team\n", "by_id"),
    "a person, in Python": _decides(
        "return visibility is Visibility.EVERYONE or (visibility is Visibility.TEAM and as_team)",
        "return True",
        "by_id",
    ),
    "a room's own, in Python": _decides(
        "(visibility is Visibility.TEAM and client_id in audience.clients)",
        "client_id in audience.clients",
        "quotable_by_id in a room",
    ),
    "a room's clients, in Python": _decides(
        "visibility is Visibility.TEAM and client_id in audience.clients",
        "visibility is Visibility.TEAM",
        "quotable_by_id in a room",
        2,
    ),
    "a person's teams": _decides("= client_id.in_(theirs)", "= sa.true()", "all_notes"),
    "a cover's teams": _decides("client_id.in_(audience.covers)", "sa.true()", "all_notes", 7),
    "whose teams": _decides(".where(ClientMemberRow.member_id == audience.id)", "", "all_notes"),
    "a person's own": _decides("everyone, sa.and_(team, as_team))", "everyone, as_team)", "all_notes"),
    "a person": _decides(
        "return sa.or_(author_id == audience.id, everyone, sa.and_(team, as_team))", "return sa.true()", "found"
    ),
    "a room's own": _decides(
        "sa.and_(team, client_id.in_(audience.clients))",
        "client_id.in_(audience.clients)",
        "promises.card in a room",
        3,
    ),
    "a room's clients": _decides("sa.and_(team, client_id.in_(audience.clients))", "team", "promises.card in a room"),
    "nothing private in a room": _decides(
        "return in_room if private is None else sa.and_(in_room, private.is_(False))",
        "return in_room",
        "nuance.brief in a room",
        1,
    ),
    "who covers": _decides(
        'AwayRow.cover_id == sa.bindparam("member", type_=sa.Uuid())', "AwayRow.cover_id.is_not(None)", "all_notes"
    ),
    "from which day somebody covers": _decides(
        'AwayRow.from_on <= sa.bindparam("today", type_=sa.Date()),', "", "all_notes", 4
    ),
    "until which day somebody covers": _decides(
        'AwayRow.back_on > sa.bindparam("today", type_=sa.Date()),', "", "all_notes"
    ),
    "the day somebody is back": _decides("AwayRow.back_on > ", "AwayRow.back_on >= ", "by_id", 6),
    "the workspace": Filter(scoping, "or PREPARED in state.execution_options:", "or True:", "today_panel"),
    "the door": Filter(front_door, "if not member.is_ours or envelope", "if envelope", "the door"),
    "no words in a quote beside a signal": Filter(
        quotes, "unmarked = isinstance(audience, Room)", "unmarked = False", "friday_wrap in a room"
    ),
    "no words in an alert beside a signal": Filter(
        reading, "unmarked = isinstance(audience, Room)", "unmarked = False", "fading_alert in a room", 2
    ),
    "no words in a history beside a signal": Filter(
        queries, "wanted.append(~_IS_MARKED)", "pass", "checkins.card in a room"
    ),
    "no thanks beside a signal": Filter(
        queries,
        "            allowed(audience),\n            ~_IS_MARKED,",
        "            allowed(audience),",
        "checkins.digest in a room",
    ),
}


def ask_on(agencies: Agencies, surface: str, first: int) -> None:
    """Ask a surface of an agency and then of others, at the door first, while nobody is shown what is not theirs."""
    surfaces = [one for one in catalogue(PRACTICES) if called(one) == surface]
    for seed in (first, *range(MOST)):
        agencies.knock(seed)
        agencies.ask_as_everybody(seed, surfaces, Tally(), rounds=3)


@pytest.mark.parametrize("taken", FILTERS.values(), ids=list(FILTERS))
def test_it_is_noticed_when_a_filter_is_gone(agencies, scope, taken: Filter):
    with rewritten(taken.module, taken.reads, taken.gone), pytest.raises(AssertionError, match="what is not theirs"):
        ask_on(agencies, taken.shows, taken.in_agency)
    scope.take()
