"""The agency of the demo, read from agency.yaml: who works there, where they talk, which clients they have."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.reading import read_yaml
from bot.playground.people import Channel, Member, Message
from bot.playground.world import World

NAME, DOMAIN = "Example Agency", "example-agency"
FRIDAY = 4


@dataclass(frozen=True)
class Colleague:
    """Somebody who talks in the agency's channels; `team` is the workspace of somebody else's."""

    name: str
    tz: str
    admin: bool = False
    guest: bool = False
    team: str | None = None


@dataclass(frozen=True)
class Line:
    """What somebody said, so many working days ago at a time of their day."""

    days: int
    at: str
    by: str
    text: str


@dataclass(frozen=True)
class Place:
    """A channel and what was said there lately."""

    name: str
    members: tuple[str, ...]
    said: tuple[Line, ...] = ()
    shared: bool = False
    private: bool = False


@dataclass(frozen=True)
class Talk:
    """What two colleagues said to each other lately, where Ember is not."""

    between: tuple[str, ...]
    said: tuple[Line, ...]


@dataclass(frozen=True)
class Promised:
    """A promise, the working days until it is due (below zero it is late), and what became of it on that day."""

    what: str
    due_in: int
    theirs: bool = False
    became: str = "open"


@dataclass(frozen=True)
class Told:
    """A conversation, so many working days ago, and what its note says."""

    days: int
    by: str
    left: str
    note: str
    how: str
    people: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    setting: str | None = None
    quote: str | None = None
    unsaid: str | None = None
    win: str | None = None
    promise: Promised | None = None
    readers: str = "team"


@dataclass(frozen=True)
class Known:
    """Something that the owner wrote down about somebody so many working days ago: what, and why it matters."""

    field: str
    text: str
    why: str | None = None
    days: int = 30


@dataclass(frozen=True)
class Theirs:
    """Somebody at a client; boss: another one there, named further up."""

    name: str
    job: str
    tz: str
    email: str | None = None
    boss: str | None = None
    known: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Spoken:
    """Conversations that nobody wrote a note of: every so many working days, from the first to the last."""

    first: int
    last: int
    every: int


@dataclass(frozen=True)
class Pause:
    """A pause that began so many working days ago and ends in so many."""

    days: int
    until_in: int


@dataclass(frozen=True)
class Dated:
    """A date that matters about somebody: in how many days it comes round, for how many years by then, if known.

    At a weekend it is put off to Monday: so whoever looks at the next working morning finds it.
    """

    who: str
    occasion: str
    ahead: int
    years: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Blocked:
    """Something in the way since so many working days; side: "ours" or "theirs"."""

    days: int
    by: str
    what: str
    cause: str | None = None
    side: str = "theirs"


@dataclass(frozen=True)
class Story:
    """One client and all that is known of it."""

    name: str
    owner: str
    backup: str
    rhythm: int
    heard_in: str
    started: int
    people: tuple[Theirs, ...]
    notes: tuple[Told, ...]
    team: tuple[str, ...] = ()
    why: str | None = None
    stage: str = "steady"
    dates: tuple[Dated, ...] = ()
    spoken: Spoken | None = None
    paused: Pause | None = None
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True)
class Agency:
    """Everybody and everything; `team_channel` is where Ember tells the team by itself what is worth doing."""

    colleagues: tuple[Colleague, ...]
    places: tuple[Place, ...]
    talks: tuple[Talk, ...]
    stories: tuple[Story, ...]
    team_channel: str


@dataclass(frozen=True)
class Town:
    """The agency as Slack knows it, by name."""

    members: Mapping[str, Member]
    channels: Mapping[str, Channel]


def read() -> Agency:
    """Return the agency of agency.yaml."""
    told = read_yaml(Path(__file__).parent / "agency.yaml")
    return Agency(
        tuple(Colleague(**row) for row in told["colleagues"]),
        tuple(_place(row) for row in told["channels"]),
        tuple(Talk(tuple(row["between"]), _said(row)) for row in told["direct_messages"]),
        tuple(_story(row) for row in told["clients"]),
        told["team_channel"],
    )


def working_day(today: dt.date, days: int) -> dt.date:
    """Return the working day so many before today (1: the last one), or after it (-1: the next one).

    0 is today, or the next working day at a weekend.
    """
    step = dt.timedelta(days=1 if days <= 0 else -1)
    day = today
    if days == 0:
        while day.weekday() > FRIDAY:
            day += step
    for _ in range(abs(days)):
        day += step
        while day.weekday() > FRIDAY:
            day += step
    return day


def move_in(world: World, agency: Agency, today: dt.date) -> Town:
    """Fill Slack with the agency's people, channels, direct messages and talk.

    They have the same ids each time; what is made on the page later has others each time.
    """
    world.team = replace(world.team, name=NAME, domain=DOMAIN)
    members = {
        one.name: world.add_member(
            one.name,
            tz=one.tz,
            admin=one.admin,
            guest=one.guest,
            team=one.team,
            email=f"{one.name.lower()}@example.com",
        )
        for one in agency.colleagues
    }
    channels = {
        place.name: world.add_channel(
            place.name,
            members=[members[name] for name in place.members],
            private=place.private,
            shared=place.shared,
        )
        for place in agency.places
    }
    for member in members.values():
        if member.team_id == world.team.id:
            world.dm(member)
    heard = [(channels[place.name], place.said) for place in agency.places]
    heard += [(world.other_dm(*(members[name] for name in talk.between)), talk.said) for talk in agency.talks]
    world.number_from(int(world.clock.now().timestamp()))
    for channel, said in heard:
        for line in said:
            said_at = moment(working_day(today, line.days), line.at, members[line.by].tz)
            world.post(Message(channel.id, f"{said_at.timestamp():.6f}", members[line.by].id, line.text))
    return Town(members, channels)


def moment(day: dt.date, at: str, tz: str) -> dt.datetime:
    """Return the instant (UTC) of a time of day ("14:30") somewhere."""
    return dt.datetime.combine(day, dt.time.fromisoformat(at), ZoneInfo(tz)).astimezone(dt.UTC)


def _place(row: Mapping[str, Any]) -> Place:
    return Place(**{**row, "members": tuple(row["members"]), "said": _said(row)})


def _said(row: Mapping[str, Any]) -> tuple[Line, ...]:
    return tuple(Line(**line) for line in row.get("said", ()))


def _story(row: Mapping[str, Any]) -> Story:
    made: dict[str, Any] = {
        **row,
        "people": tuple(_theirs(person) for person in row["people"]),
        "notes": tuple(_told(note) for note in row["notes"]),
        "team": tuple(row.get("team", ())),
        "dates": tuple(Dated(**date) for date in row.get("dates", ())),
        "spoken": Spoken(**row["spoken"]) if "spoken" in row else None,
        "paused": Pause(**row["paused"]) if "paused" in row else None,
        "blocked": tuple(Blocked(**one) for one in row.get("blocked", ())),
    }
    return Story(**made)


def _theirs(row: Mapping[str, Any]) -> Theirs:
    return Theirs(**{**row, "known": tuple(Known(**fact) for fact in row.get("known", ()))})


def _told(row: Mapping[str, Any]) -> Told:
    made = {**row, "people": tuple(row.get("with", ())), "noticed": tuple(row.get("noticed", ()))}
    made["promise"] = Promised(**row["promise"]) if "promise" in row else None
    made["readers"] = row.get("for", "team")
    return Told(**{name: value for name, value in made.items() if name not in {"with", "for"}})
