"""Small agencies by chance, in which everything somebody wrote is a word of its own, and who may ever read that word.

`forbidden` is written straight from the promise: a client's team by default, everyone here, only me; what was noticed,
what stands beside it and what is private never where others read along; nothing for guests and whoever has left.  It
knows nothing of the code that keeps the promise.
"""

import datetime as dt
import random
import re
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.practices.anticipations import rows as anticipations
from bot.practices.anticipations.rules import Outcome
from bot.practices.blockers import rows as blockers
from bot.practices.blockers.rules import Side
from bot.practices.cadence import rows as cadence
from bot.practices.cadence.rules import Reason
from bot.practices.checkins import rows as checkins
from bot.practices.checkins.rules import Feeling, Purpose, Signal, Via
from bot.practices.clients import rows as clients
from bot.practices.clients.rules import Stage, Status
from bot.practices.differences import rows as differences
from bot.practices.listening import rows as listening
from bot.practices.meetings import rows as meetings
from bot.practices.meetings.rules import State as Meets
from bot.practices.milestones import rows as milestones
from bot.practices.milestones.rules import Calendar, Occasion, Step
from bot.practices.nuance import rows as nuance
from bot.practices.nuance.rules import Channel, Depth, Field
from bot.practices.people import rows as people
from bot.practices.promises import rows as promises
from bot.practices.promises.rules import PromiseState
from bot.practices.spark import rows as spark
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.search import Kind, Visibility, add_entry
from bot.store.session import Work
from bot.workspaces import installs
from bot.workspaces.away import AwayRow
from bot.workspaces.directory import Member, MemberRow
from bot.workspaces.installs import Workspace
from bot.workspaces.teams import Role, set_team
from bot.workspaces.visibility import Audience, Room

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
NAMES = ("Ana", "Tom", "Sam", "Kim", "Lea")
ZONES = {"Lea": "Pacific/Honolulu"}
"""Where it is another day than here; everybody else is in Berlin."""
OUTSIDERS = ("Gus", "Gil")
"""A guest and somebody who has left: both stand in teams and cover, and are shown nothing."""
CLIENTS = ("Northwind", "Halden", "Orchard")
CONTACTS = ("Priya", "Omar")
LETTERS = "ghijklmnopqrstuvwxyz"
WORD = re.compile(rf"zq[{LETTERS}]{{4}}", re.IGNORECASE)
"""What everything is said in: six letters, so that nothing is ever cut within a word; none of them occurs in an id."""
CHOSEN = {Field.PREFERS: Channel.CALL.value, Field.DEPTH: Depth.HEADLINE.value}
"""Fields that hold one of a few values, none of anybody's words."""
NOTICED = frozenset(Signal) - {Signal.PAUSED, Signal.BLOCKER, Signal.OCCASION}
"""What is noticed and said in words that nothing else is said in."""
RATED = re.compile(rf"({'|'.join(NAMES)}), ({'|'.join(one.word for one in Feeling)})\b")
GLOWING = re.compile(rf"glowing\. Thanks, ({'|'.join(NAMES)})\b")

PAST, NOW_AWAY, FUTURE = ((-9, -2), (-3, 0)), ((-1, 1), (0, 2)), ((1, 4), (3, 9))
"""Absences, in days from today: the first day away and the first day back."""


@dataclass(frozen=True)
class Written:
    """A word that somebody wrote: where, who may read it, and whether it is never said where others read along."""

    client: int
    author: int
    visibility: Visibility
    in_confidence: bool = False


@dataclass(frozen=True)
class Noted:
    """A conversation as it is written down: for whom, how it felt, and what was noticed."""

    written: Written
    feeling: Feeling
    signals: frozenset[Signal]


@dataclass(frozen=True)
class Absence:
    """Somebody away: who, who covers, and in how many days it begins and is over."""

    who: int
    cover: int
    begins: int
    ends: int

    def holds_on(self, on: dt.date) -> bool:
        """Return whether they are away on a day."""
        return self.begins <= (on - TODAY).days < self.ends


@dataclass(frozen=True)
class Line:
    """Something to be kept: what kind, about whom, by whom, for whom; days and chance decide the rest."""

    kind: str
    client: int
    contact: int
    author: int
    visibility: Visibility
    days: int
    chance: int


@dataclass(frozen=True)
class Plan:
    """What an agency is to be."""

    seed: int
    teams: tuple[dict[int, Role], ...]
    absences: tuple[Absence, ...]
    lines: tuple[Line, ...]


@dataclass
class World:
    """An agency that is kept: whom and what our ids stand for, and every word that was written in it."""

    number: int
    workspace: Workspace
    plan: Plan
    members: list[Member]
    clients: list[uuid.UUID]
    contacts: list[list[uuid.UUID]]
    words: dict[str, Written] = field(default_factory=dict)
    noted: list[Noted] = field(default_factory=list)
    kept: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    """What is kept, by kind."""
    known: list[uuid.UUID] = field(default_factory=list)
    """Whom at a client something is known about, as often as something is."""
    in_calendars: list[tuple[int, meetings.Meeting]] = field(default_factory=list)
    """Meetings, and whose."""

    @property
    def ours(self) -> list[Member]:
        """Who asks: everybody but guests and those who have left."""
        return self.members[: len(NAMES)]

    @property
    def outsiders(self) -> list[Member]:
        """Guests, and those who have left."""
        return self.members[len(NAMES) :]

    def word(self, line: Line, *, in_confidence: bool = False) -> str:
        """Return a new word for what a line says."""
        made = f"zq{_two_letters(self.number)}{_two_letters(len(self.words))}"
        self.words[made] = self.written(line, in_confidence=in_confidence)
        return made

    def written(self, line: Line, *, in_confidence: bool = False) -> Written:
        """Return whose a line is, and for whom."""
        return Written(line.client, line.author, line.visibility, in_confidence)

    def forbidden(self, shown: str, audience: Audience) -> set[str]:
        """Return what of a text an audience may not read; a word of another workspace is none of theirs."""
        found = {word.lower() for word in WORD.findall(shown)}
        words = {word for word in found if word not in self.words or not self.may(audience, self.words[word])}
        return words | self._noticed(shown, audience) | self._felt(shown, audience)

    def _noticed(self, shown: str, audience: Audience) -> set[str]:
        """Return what was noticed and is said to somebody who may read no note in which it was."""
        theirs = self._readable(audience) if not isinstance(audience, Room) else []
        known = {signal for one in theirs for signal in one.signals}
        return {signal.label for signal in NOTICED - known if signal.label in shown}

    def _felt(self, shown: str, audience: Audience) -> set[str]:
        """Return whose ratings are told to somebody who may read no note that says so."""
        theirs = {(one.written.author, one.feeling.word) for one in self._readable(audience)}
        said = {*RATED.findall(shown), *((name, Feeling.GLOWING.word) for name in GLOWING.findall(shown))}
        return {f"{name}, {word}" for name, word in said if (NAMES.index(name), word) not in theirs}

    def _readable(self, audience: Audience) -> list[Noted]:
        return [one for one in self.noted if self.may(audience, one.written)]

    def may(self, audience: Audience, one: Written) -> bool:
        """Return whether an audience may read something."""
        if isinstance(audience, Room):
            theirs = one.visibility is Visibility.TEAM and self.clients[one.client] in audience.clients
            return (one.visibility is Visibility.EVERYONE or theirs) and not one.in_confidence
        who = [member.id for member in self.members].index(audience.id)
        if who >= len(NAMES):
            return False
        if one.visibility is Visibility.TEAM:
            return who == one.author or who in self.team_of(one.client, who)
        return one.visibility is Visibility.EVERYONE or who == one.author

    def team_of(self, client: int, who: int) -> Collection[int]:
        """Return a client's team and who covers there, on the day it is where somebody is."""
        team, today = self.plan.teams[client], NOW.astimezone(ZoneInfo(self.members[who].tz)).date()
        covers = {one.cover for one in self.plan.absences if one.who in team and one.holds_on(today)}
        return covers.union(team)


def _two_letters(number: int) -> str:
    first, second = divmod(number, len(LETTERS))
    return LETTERS[first] + LETTERS[second]


Write = Callable[[Work, World, Line], Any]
KINDS: dict[str, Write] = {}


def kind(write: Write) -> Write:
    """Have lines of a kind be written by a function of its name."""
    KINDS[write.__name__] = write
    return write


def _about(world: World, line: Line) -> dict[str, Any]:
    client, author = world.clients[line.client], world.members[line.author].id
    return {"client_id": client, "author_id": author, "visibility": line.visibility}


async def _findable(session: Work, world: World, line: Line, kind: Kind, ref: uuid.UUID, text: str) -> None:
    world.kept.setdefault(kind.value, []).append(ref)
    await add_entry(session, kind, ref, **_about(world, line), text=text)


def _on(line: Line) -> dt.date:
    return TODAY - line.days * DAY


def _at(line: Line) -> dt.datetime:
    return NOW - line.days * DAY


@kind
async def checkin(session: Work, world: World, line: Line) -> uuid.UUID:
    signals = frozenset(one for place, one in enumerate(Signal) if line.chance >> place & 1 and line.days % 2)
    beside = bool(signals)
    said = {
        part: world.word(line, in_confidence=beside) if line.chance % 5 else None
        for part in ("quote", "win", "struggle")
    }
    feeling = Feeling(line.chance % 5 + 1)
    world.noted.append(Noted(world.written(line, in_confidence=beside), feeling, signals))
    one = checkins.Checkin(
        new_id(),
        **_about(world, line),
        feeling=feeling,
        note=world.word(line, in_confidence=beside),
        unsaid=world.word(line, in_confidence=True),
        happened_on=_on(line),
        purpose=Purpose.SERVICE,
        via=Via.SPOKEN,
        created_at=_at(line),
        **said,
    )
    there = frozenset({world.contacts[line.client][line.contact]})
    await checkins.insert(session, one, checkins.Details(there, signals))
    if not signals:
        world.kept.setdefault("unmarked", []).append(one.id)
    await _findable(session, world, line, Kind.CHECKIN, one.id, one.in_words)
    return one.id


@kind
async def promise(session: Work, world: World, line: Line) -> None:
    state = PromiseState.KEPT if line.chance % 4 == 0 else PromiseState.OPEN
    one = promises.Promise(
        new_id(),
        checkin_id=None,
        carrier_id=world.members[line.author].id,
        what=world.word(line),
        due_on=TODAY + (3 - line.days) * DAY,
        theirs=bool(line.chance % 2),
        state=state,
        created_at=_at(line),
        **_about(world, line),
    )
    await promises.insert_once(session, one)
    if state is not PromiseState.OPEN:
        await promises.settle(session, one.id, state, _at(line))
    why = promises.Event(new_id(), one.id, None, _on(line), TODAY, world.word(line), one.author_id, _at(line))
    await promises.note(session, why)
    await _findable(session, world, line, Kind.PROMISE, one.id, one.what)


@kind
async def fact(session: Work, world: World, line: Line) -> None:
    fields = [*Field, *[Field.SENSITIVE] * 5, *[Field.UP_AT_NIGHT] * 3, *[Field.AVOIDS] * 3]
    field_ = fields[line.chance % len(fields)]
    private = field_ in {Field.UP_AT_NIGHT, Field.SENSITIVE}
    if private and line.visibility is Visibility.EVERYONE:
        return
    texts = [world.word(line, in_confidence=private) for _ in range(2)]
    text = CHOSEN.get(field_, texts[0])
    contact = None if field_ is Field.CAUSE and line.days % 2 else world.contacts[line.client][line.contact]
    about = _about(world, line)
    one = nuance.Fact(
        new_id(), contact_id=contact, field=field_, text=text, why=texts[1], private=private, created_at=_at(line),
        **about,
    )  # fmt: skip
    many = field_ in {Field.DETAIL, Field.CAUSE, Field.SENSITIVE, Field.OBSERVATION}
    if await nuance.insert_once(session, one, slot=None if many else field_.value):
        world.known += [contact] if contact is not None else []
        if field_ is Field.AVOIDS:
            world.kept.setdefault("avoided", []).append(world.contacts[line.client][line.contact])
        await _findable(session, world, line, Kind.FACT, one.id, f"{one.text}\n{one.why}")


@kind
async def question(session: Work, world: World, line: Line) -> None:
    about = _about(world, line)
    contact = world.contacts[line.client][line.contact]
    one = listening.Question(
        new_id(), about["client_id"], contact, about["author_id"], world.word(line), line.visibility, _at(line)
    )
    await listening.add_questions(session, [one])
    await _findable(session, world, line, Kind.QUESTION, one.id, one.text)
    if line.chance % 2:
        said = listening.Answer(
            new_id(), one.id, contact_id=contact, text=world.word(line), answered_at=_at(line), **about
        )
        await listening.add_answer(session, said)
        await _findable(session, world, line, Kind.ANSWER, said.id, said.text)


@kind
async def reflection(session: Work, world: World, line: Line) -> None:
    three = {part: world.word(line, in_confidence=True) for part in ("feeling", "fact", "question")}
    about = _about(world, line)
    one = listening.Reflection(
        new_id(), checkin_id=await checkin(session, world, line), created_at=_at(line), **three, **about
    )
    await listening.put_reflection(session, one)
    world.kept.setdefault("reflected", []).append(one.checkin_id)


@kind
async def difference(session: Work, world: World, line: Line) -> None:
    one = differences.Difference(
        new_id(),
        checkin_id=None,
        text=world.word(line),
        resolve_by=TODAY + (2 - line.days) * DAY,
        created_at=_at(line),
        closed_at=NOW if line.chance % 4 == 0 else None,
        resolution=world.word(line) if line.chance % 4 == 0 else None,
        **_about(world, line),
    )
    await differences.insert(session, one)
    await _findable(session, world, line, Kind.DIFFERENCE, one.id, f"{one.text}\n{one.resolution or ''}")


@kind
async def blocker(session: Work, world: World, line: Line) -> None:
    words = [world.word(line) for _ in range(4)]
    other, ended = (words[2] if line.chance % 3 else None), (words[3] if line.chance % 4 == 0 else None)
    details = blockers.Details(words[0], words[1], Side.THEIRS, other, _on(line), line.visibility)
    about = _about(world, line)
    one = blockers.Blocker(
        new_id(), about["client_id"], None, about["author_id"], details, TODAY if ended else None, ended, _at(line)
    )
    await blockers.insert(session, one)
    await _findable(session, world, line, Kind.BLOCKER, one.id, "\n".join(words))


@kind
async def anticipation(session: Work, world: World, line: Line) -> None:
    one = anticipations.Anticipation(
        new_id(), checkin_id=None, what=world.word(line), state=Outcome.OPEN, created_at=_at(line),
        **_about(world, line),
    )  # fmt: skip
    await anticipations.insert_once(session, one)
    await _findable(session, world, line, Kind.ANTICIPATION, one.id, one.what)


@kind
async def milestone(session: Work, world: World, line: Line) -> None:
    on = TODAY + (0, 2, 7, 14)[line.days % 4] * DAY
    contact = world.contacts[line.client][line.contact]
    about = _about(world, line)
    details = milestones.Details(
        about["client_id"], contact, Occasion.OTHER, world.word(line), Calendar(on.month, on.day), (14, 7, 2, 0),
        world.word(line), line.visibility,
    )  # fmt: skip
    one = milestones.Milestone(new_id(), details, about["author_id"], _at(line))
    await milestones.insert(session, one, next_on=on)
    world.kept.setdefault("milestone", []).append(one.id)
    await _findable(session, world, line, Kind.DATE, one.id, f"{details.title}\n{details.note}")
    before = milestones.Said(
        new_id(), one.id, on.replace(year=2025), Step.PLANNED, world.word(line), one.author_id, _at(line)
    )
    await milestones.say(session, before)


@kind
async def snooze(session: Work, world: World, line: Line) -> None:
    team = Line(line.kind, line.client, line.contact, line.author, Visibility.TEAM, line.days, line.chance)
    about = _about(world, team)
    until = TODAY + (1 + line.days) * DAY
    one = cadence.Snooze(about["client_id"], about["author_id"], until, Reason.OTHER, world.word(team), _at(line))
    await cadence.put(session, one)


@kind
async def meeting(session: Work, world: World, line: Line) -> None:
    starts = NOW + (line.days - 3) * DAY
    one = meetings.Meeting(
        new_id(),
        world.members[line.author].id,
        world.clients[line.client],
        key=new_id().hex,
        starts_at=starts,
        ends_at=starts + DAY / 24,
        setting=None,
        state=Meets.AHEAD if starts > NOW else Meets.HELD,
        turn=0,
        checkin_id=None,
        people=frozenset({world.contacts[line.client][line.contact]}),
    )
    await meetings.insert(session, one)
    world.in_calendars.append((line.author, one))


OFTEN = ("fact",) * 6 + ("checkin",) * 3 + ("milestone", "blocker", "question", "reflection", "meeting") * 2


def a_plan(seed: int) -> Plan:
    """Return an agency by chance: somebody away now, in the past and in the future, and much that is written."""
    chance = random.Random(seed)
    everybody = range(len(NAMES) + len(OUTSIDERS))
    teams = tuple(
        {who: chance.choice(list(Role)) for who in chance.sample(everybody, chance.randint(0, 3))} for _ in CLIENTS
    )
    absences = []
    for when in (PAST, NOW_AWAY, NOW_AWAY, FUTURE):
        who, cover = chance.sample(everybody, 2)
        absences.append(Absence(who, cover, *chance.choice(when)))
    kinds = [*KINDS, *OFTEN]
    lines = tuple(
        Line(
            chance.choice(kinds),
            chance.randrange(len(CLIENTS)),
            chance.randrange(len(CONTACTS)),
            chance.randrange(len(NAMES)),
            chance.choice(list(Visibility)),
            chance.randint(0, 9),
            chance.randint(0, 511),
        )
        for _ in range(chance.randint(30, 44))
    )
    return Plan(seed, teams, tuple(absences), lines)


async def keep(store: Store, plan: Plan, number: int) -> World:
    """Keep an agency, in a workspace of its own."""
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=f"T{number}", name="Agency", address="https://a.slack.com/", bot_slack_id="U0", now=NOW
        )
    async with store.work(workspace.id) as session:
        members = [_member(place, name) for place, name in enumerate((*NAMES, *OUTSIDERS))]
        facts = {"is_stranger": False, "is_bot": False, "is_admin": False, "checked_at": NOW, "home_opened_at": None}
        rows = [
            {
                "id": one.id, "slack_id": one.slack_id, "name": one.name, "tz": one.tz,
                "is_guest": one.is_guest, "is_gone": one.is_gone, **facts,
            }
            for one in members
        ]  # fmt: skip
        await session.add_rows(MemberRow, rows)
        reasons = [f"zq{_two_letters(number)}{LETTERS[-1]}{LETTERS[place]}" for place in range(len(CLIENTS))]
        made = [await _client(session, *about, members[0].id) for about in zip(CLIENTS, reasons, strict=True)]
        contacts = [[await _contact(session, one, name, members[0].id) for name in CONTACTS] for one in made]
        world = World(number, workspace, plan, members, made, contacts)
        world.words |= {why: Written(place, 0, Visibility.EVERYONE) for place, why in enumerate(reasons)}
        for client_id, team in zip(made, plan.teams, strict=True):
            await set_team(session, client_id, {members[who].id: role for who, role in team.items()})
        for one in plan.absences:
            await session.add_row(
                AwayRow, id=new_id(), member_id=members[one.who].id, cover_id=members[one.cover].id, note=None,
                from_on=TODAY + one.begins * DAY, back_on=TODAY + one.ends * DAY, created_at=NOW,
            )  # fmt: skip
        for line in plan.lines:
            await KINDS[line.kind](session, world, line)
    return world


def _member(place: int, name: str) -> Member:
    zone = ZONES.get(name, "Europe/Berlin")
    return Member(new_id(), f"U{place}", name, zone, is_guest=name == "Gus", is_gone=name == "Gil")


async def _client(session: Work, name: str, why: str, by: uuid.UUID) -> uuid.UUID:
    began, asked_on = TODAY - 400 * DAY, TODAY - 180 * DAY
    one = clients.Client(
        new_id(),
        name,
        Status.ACTIVE,
        Stage.STEADY,
        7,
        began,
        None,
        None,
        why,
        None,
        None,
        by,
        why_confirmed_on=asked_on,
    )
    await clients.insert(session, one, sort_name=name.casefold(), now=NOW)
    about = {"client_id": one.id, "author_id": by, "visibility": Visibility.EVERYONE}
    await add_entry(session, Kind.WHY, one.id, **about, text=why)
    await spark.insert_once(session, spark.Spark(one.id, began, 7, is_running=True, fade_on=TODAY, due_on=TODAY))
    return one.id


async def _contact(session: Work, client_id: uuid.UUID, name: str, by: uuid.UUID) -> uuid.UUID:
    one = people.Contact(new_id(), client_id, name, None, None, has_left=False)
    await people.insert_once(session, one, folded=name.casefold(), by=by, now=NOW)
    return one.id


def rooms(world: World) -> list[Room]:
    """Return a room for every set of clients."""
    sets = ({one for place, one in enumerate(world.clients) if chosen >> place & 1} for chosen in range(8))
    return [Room(frozenset(ids)) for ids in sets]


def texts(shown: Any) -> str:
    """Return everything that a surface made, in one text; a calendar's lines unfolded."""
    return shown.decode().replace("\r\n ", "") if isinstance(shown, bytes) else repr(shown)
