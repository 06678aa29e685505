"""What a practice may offer to the rest of the house; whatever is absent is empty."""

import datetime as dt
import re
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.blocks import Element
from bot.slack.text import Markup
from bot.store.session import Work
from bot.workspaces.here import Here
from bot.workspaces.visibility import Audience, Room


class Section(IntEnum):
    """The parts of what is said about a client; each surface has its own order, a morning this one.

    NICE is for digests alone.  A story has no parts but its months: its lines are HISTORY.
    """

    WHY = 1
    STANDING = 2
    TEAM = 3
    PEOPLE = 4
    PROMISES = 5
    COMING = 6
    HISTORY = 7
    HINT = 8
    NICE = 9
    SENSITIVE = 10
    OPENER = 11
    WITH_THEM = 12
    PLAINLY = 13
    LISTEN = 14
    ASK = 15
    NEEDS = 16
    WORDS = 17


@dataclass(frozen=True)
class Value:
    """One line that a practice has to say about a client: heavier ones first; an element may stand at its side.

    buttons: what stands under it, on a card and in somebody's own morning; on: the day it is about, where it is about
    one; person: whom at the client it is about, where it is about one.
    """

    section: Section
    text: Markup
    weight: int = 0
    subject: uuid.UUID | None = None
    accessory: Element | None = None
    buttons: tuple[Element, ...] = ()
    on: dt.date | None = None
    person: uuid.UUID | None = None


@dataclass(frozen=True)
class Occasion:
    """A conversation ahead: with which client, with whom (nobody named: whoever is there), before whom they speak.

    setting: the value of a check-in's setting, such as "in_front_of_boss"; empty where it is not known.
    """

    client_id: uuid.UUID
    people: frozenset[uuid.UUID] = frozenset()
    setting: str = ""


Contribution = Callable[
    [Work, Collection[uuid.UUID], Audience, dt.datetime], Awaitable[Mapping[uuid.UUID, Sequence[Value]]]
]
"""Many clients in one call.  The instant carries the reader's zone, so that its date is the reader's today."""

Briefing = Callable[[Work, Collection[Occasion], Audience, dt.datetime], Awaitable[Mapping[uuid.UUID, Sequence[Value]]]]
"""What to have at hand before conversations, by client: at most one occasion a client in a call."""


@dataclass(frozen=True)
class Held:
    """One thing that is kept about somebody at a client: of which kind, what it says, on which day.

    text: None for what is kept and not for this reader.  stays: it is kept without them once they are forgotten.
    """

    kind: str
    text: str | None
    on: dt.date | None = None
    stays: bool = False


Holding = Callable[[Work, uuid.UUID, Audience | None], Awaitable[Sequence[Held]]]
"""All that is kept about a person at a client (our id), each thing with its words where an audience may read them.

None for an audience: whoever runs Ember, who reads everything.
"""

Forgetting = Callable[[Work, uuid.UUID], Awaitable[None]]
"""Forgets a person at a client: what is about them alone, and every trace of them in what stays."""

Telling = Callable[[Work, uuid.UUID, dt.date, dt.date, Room], Awaitable[Sequence[Value]]]
"""What to tell of a client's days from one to another, both included, each line with its day (`on`).

It may be shown to the client: never who missed something, nor what was noticed.
"""

Stirring = Callable[[Work, dt.date], Awaitable[Collection[uuid.UUID]]]
"""Returns the clients of a workspace about whom there may be something to say on a day: it costs what is due."""

StirringWorkspaces = Callable[[Work, Collection[uuid.UUID], dt.date], Awaitable[Collection[uuid.UUID]]]
"""Returns those among many workspaces that may have such clients, in a session over all of them."""

Handle = Callable[[Here, AsyncAck, str], Awaitable[None]]


def clicks(name: str) -> re.Pattern[str]:
    """Return the pattern of a button's action id: its name, alone or with ":" and anything that tells it apart."""
    return re.compile(rf"^{re.escape(name)}(:.*)?$")


@dataclass(frozen=True)
class Verb:
    """A subcommand of `/client`: the words it answers to, what it does, and an example that works."""

    words: tuple[str, ...]
    does: str
    example: str
    handle: Handle


@dataclass(frozen=True)
class Practice:
    """One thing that a client-service team does."""

    name: str
    register: Callable[[AsyncApp], None] | None = None
    verbs: tuple[Verb, ...] = ()
    card: Contribution | None = None
    digest: Contribution | None = None
    morning: Contribution | None = None
    brief: Briefing | None = None
    stirring: Stirring | None = None
    stirring_workspaces: StirringWorkspaces | None = None
    holds: Holding | None = None
    forget: Forgetting | None = None
    handover: Contribution | None = None
    story: Telling | None = None
