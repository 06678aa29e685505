"""Small agencies by chance, in which everything somebody wrote is a word of its own, and who may ever read that word.

`forbidden` is written straight from the promise: a client's team by default, everyone here, only me; what was noticed
and what is private never where others read along.  It knows nothing of the code that keeps the promise.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from bot.practices.anticipations import rows as anticipations
from bot.practices.anticipations.rules import Outcome
from bot.practices.blockers import rows as blockers
from bot.practices.blockers.rules import Side
from bot.practices.cadence import rows as cadence
from bot.practices.cadence.rules import Reason
from bot.practices.checkins import rows as checkins
from bot.practices.checkins.rules import Purpose, Signal, Via
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
CLIENTS = ("Northwind", "Halden", "Orchard")
CONTACTS = ("Priya", "Omar")
WORD = re.compile(r"zq\d{7}")
CHOSEN = {Field.PREFERS: Channel.CALL.value, Field.DEPTH: Depth.HEADLINE.value}
"""Fields that hold one of a few values, none of anybody's words."""

WHO, WHERE, WHOM = (st.integers(0, len(those) - 1) for those in (NAMES, CLIENTS, CONTACTS))
PEOPLE_DO = {"is_guest": False, "is_stranger": False, "is_bot": False, "is_gone": False}


@dataclass(frozen=True)
class Written:
    """A word that somebody wrote: where, who may read it, and whether it is never said where others read along."""

    client: int
    author: int
    visibility: Visibility
    in_confidence: bool = False


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

    teams: tuple[dict[int, Role], ...]
    covers: dict[int, int]
    lines: tuple[Line, ...]
    chance: int


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
    refs: list[uuid.UUID] = field(default_factory=list)
    known: list[uuid.UUID] = field(default_factory=list)
    """Whom at a client something is known about, as often as something is."""

    def word(self, line: Line, *, in_confidence: bool = False) -> str:
        """Return a new word for what a line says."""
        made = f"zq{self.number:04d}{len(self.words):03d}"
        self.words[made] = Written(line.client, line.author, line.visibility, in_confidence)
        return made

    def forbidden(self, shown: str, audience: Audience) -> set[str]:
        """Return the words in a text that an audience may not read; a word of another workspace is none of theirs."""
        found = set(WORD.findall(shown))
        return {word for word in found if word not in self.words or not self._may(audience, self.words[word])}

    def _may(self, audience: Audience, one: Written) -> bool:
        if isinstance(audience, Room):
            theirs = one.visibility is Visibility.TEAM and self.clients[one.client] in audience.clients
            return (one.visibility is Visibility.EVERYONE or theirs) and not one.in_confidence
        who = [member.id for member in self.members].index(audience.id)
        team = self.plan.teams[one.client]
        stands_in = any(cover == who and away in team for away, cover in self.plan.covers.items())
        if one.visibility is Visibility.TEAM:
            return who == one.author or who in team or stands_in
        return one.visibility is Visibility.EVERYONE or who == one.author


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
    world.refs.append(ref)
    await add_entry(session, kind, ref, **_about(world, line), text=text)


def _on(line: Line) -> dt.date:
    return TODAY - line.days * DAY


def _at(line: Line) -> dt.datetime:
    return NOW - line.days * DAY


@kind
async def checkin(session: Work, world: World, line: Line) -> uuid.UUID:
    signals = frozenset(one for place, one in enumerate(Signal) if line.chance >> place & 1 and line.chance % 3)
    said = {part: world.word(line) if line.chance % 5 else None for part in ("quote", "win", "struggle")}
    one = checkins.Checkin(
        new_id(),
        **_about(world, line),
        feeling=line.chance % 5 + 1,
        note=world.word(line),
        unsaid=world.word(line, in_confidence=True),
        happened_on=_on(line),
        purpose=Purpose.SERVICE,
        via=Via.SPOKEN,
        created_at=_at(line),
        **said,
    )
    there = frozenset({world.contacts[line.client][line.contact]})
    await checkins.insert(session, one, checkins.Details(there, signals))
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
    fields = [*Field, *[Field.SENSITIVE] * 5, *[Field.UP_AT_NIGHT] * 3]
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
        await _findable(session, world, line, Kind.FACT, one.id, f"{one.text}\n{one.why}")


@kind
async def question(session: Work, world: World, line: Line) -> None:
    about = _about(world, line)
    contact = world.contacts[line.client][line.contact]
    one = listening.Question(
        new_id(), about["client_id"], contact, about["author_id"], world.word(line), line.visibility, _at(line)
    )
    await listening.add_questions(session, [one])
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
    alone = Line(line.kind, line.client, line.contact, line.author, Visibility.ME, line.days, line.chance)
    starts = NOW + (line.days - 3) * DAY
    one = meetings.Meeting(
        new_id(),
        world.members[line.author].id,
        world.clients[line.client],
        key=new_id().hex,
        title=world.word(alone),
        starts_at=starts,
        ends_at=starts + DAY / 24,
        setting=None,
        state=Meets.AHEAD if starts > NOW else Meets.HELD,
        turn=0,
        checkin_id=None,
        people=frozenset({world.contacts[line.client][line.contact]}),
    )
    await meetings.insert(session, one)


LINES = st.builds(
    Line,
    kind=st.sampled_from([*sorted(KINDS), *["fact"] * 5]),
    client=WHERE,
    contact=WHOM,
    author=WHO,
    visibility=st.sampled_from(Visibility),
    days=st.integers(0, 9),
    chance=st.integers(0, 255),
)
PLANS = st.builds(
    Plan,
    teams=st.tuples(*(st.dictionaries(WHO, st.sampled_from(Role), max_size=3) for _ in CLIENTS)),
    covers=st.dictionaries(WHO, WHO, max_size=2),
    lines=st.lists(LINES, min_size=10, max_size=22).map(tuple),
    chance=st.integers(0, 2**16),
)


async def keep(store: Store, plan: Plan, number: int) -> World:
    """Keep an agency, in a workspace of its own."""
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=f"T{number}", name="Agency", address="https://a.slack.com/", bot_slack_id="U0", now=NOW
        )
    async with store.work(workspace.id) as session:
        members = [Member(new_id(), f"U{place}", name, "Europe/Berlin") for place, name in enumerate(NAMES)]
        rows = [
            {
                "id": one.id, "slack_id": one.slack_id, "name": one.name, "tz": one.tz, **PEOPLE_DO, "is_admin": False,
                "checked_at": NOW, "home_opened_at": None,
            }
            for one in members
        ]  # fmt: skip
        await session.add_rows(MemberRow, rows)
        made = [await _client(session, name, members[0].id) for name in CLIENTS]
        contacts = [[await _contact(session, one, name, members[0].id) for name in CONTACTS] for one in made]
        world = World(number, workspace, plan, members, made, contacts)
        for client_id, team in zip(made, plan.teams, strict=True):
            await set_team(session, client_id, {members[who].id: role for who, role in team.items()})
        for who, cover in plan.covers.items():
            await session.add_row(
                AwayRow, id=new_id(), member_id=members[who].id, from_on=TODAY - DAY, back_on=TODAY + DAY,
                cover_id=members[cover].id, note=None, created_at=NOW,
            )  # fmt: skip
        for line in plan.lines:
            await KINDS[line.kind](session, world, line)
    return world


async def _client(session: Work, name: str, by: uuid.UUID) -> uuid.UUID:
    began = TODAY - 90 * DAY
    one = clients.Client(new_id(), name, Status.ACTIVE, Stage.STEADY, 7, began, None, None, None, None, None, by)
    await clients.insert(session, one, sort_name=name.casefold(), now=NOW)
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
    """Return everything that a surface made, in one text."""
    return shown.decode() if isinstance(shown, bytes) else repr(shown)
