"""The brief: what to have at hand before a conversation, in twelve blocks at most, read in thirty seconds."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.kinds import Message
from bot.practices.catalogue import PRACTICES
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.meetings.rules import Known, before
from bot.practices.meetings.service import Upcoming
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Occasion, Section, Value, clicks
from bot.slack.blocks import Block, actions, button, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, lines, markup, shorten, shorten_markup, together, when
from bot.store.session import Work
from bot.surfaces import brief_line
from bot.surfaces.card import FROM_BRIEF
from bot.workspaces.here import Here, as_id
from bot.workspaces.visibility import Audience

__all__ = ["Brief", "brief_message", "collect", "command", "draw", "led", "news_of", "opened", "register", "setting_of"]

ORDER: Final = (
    *(Section.SENSITIVE, Section.WHY, Section.OPENER, Section.PROMISES, Section.WITH_THEM, Section.PLAINLY),
    *(Section.LISTEN, Section.NEEDS, Section.WORDS, Section.ASK),
)
CAPS: Final = {
    Section.WHY: 1,
    Section.OPENER: 1,
    Section.PROMISES: 4,
    Section.WITH_THEM: 4,
    Section.WORDS: 1,
    Section.ASK: 4,
}
CAP: Final = 2
MOST_BLOCKS: Final = 12
MOST_CARRIED: Final = 50
LONGEST_LINE: Final = 300
MOST_UNKNOWN, LONGEST_UNKNOWN = 3, 40
HEADINGS: Final = {
    Section.SENSITIVE: Markup("*Take care:*"),
    Section.WHY: Markup("*Why us:*"),
    Section.OPENER: Markup("*Open with:*"),
    Section.PLAINLY: Markup("*Say plainly:*"),
    Section.LISTEN: Markup("*Listen for:*"),
    Section.NEEDS: Markup("*What they may need:*"),
    Section.WORDS: Markup("*Their words:*"),
    Section.ASK: Markup("*Ask:*"),
}
ANYBODYS: Final = frozenset({Section.WHY, Section.PROMISES, Section.PLAINLY, Section.NEEDS})
"""Said whoever is there, even where it is about somebody else."""

NOTHING: Final = Markup("Nothing is kept about them yet that helps before a conversation. Log one, or add a person.")
MARK: Final = "brief:"
"""Opens the block id that says what a brief held, in short words, for the next one to know what is new."""

MARK_LENGTH: Final = 10


@dataclass(frozen=True)
class Brief:
    """What there is to say before one conversation, and who is there.

    unknown: names that were typed and fit nobody; odd: what was typed and is no time that can be told.
    """

    client: Client
    people: Sequence[Contact]
    values: Sequence[Value]
    starts_at: dt.datetime | None = None
    unknown: Sequence[str] = ()
    odd: Sequence[str] = ()

    @property
    def news(self) -> tuple[str, ...]:
        """A short word for each thing that is said: another word is something new.

        Questions are no news: they come round by themselves.
        """
        return tuple(dict.fromkeys(_mark(value) for value in self.values if value.section is not Section.ASK))


async def collect(session: Work, about: Upcoming, audience: Audience, now: dt.datetime) -> Brief:
    """Return what every practice has to say before a conversation, capped.  Raises clients.UnknownClient."""
    client = await clients.get(session, about.client_id)
    theirs = (await people.of_clients(session, [client.id]))[client.id]
    there = [one for one in theirs if one.id in about.people]
    occasion = Occasion(client.id, frozenset(one.id for one in there), about.setting)
    values: list[Value] = []
    for practice in PRACTICES:
        if practice.brief is not None:
            values += (await practice.brief(session, [occasion], audience, now)).get(client.id, ())
    return Brief(client, there, _best(values, occasion.people), about.starts_at)


def _best(values: Sequence[Value], there: Collection[Any]) -> list[Value]:
    """Return the weightiest of each part, without what is about somebody who is not there."""
    fitting = [one for one in values if not there or one.person in {None, *there} or one.section in ANYBODYS]
    best: list[Value] = []
    for part in ORDER:
        ranked = sorted((one for one in fitting if one.section is part), key=lambda one: -one.weight)
        best += ranked[: CAPS.get(part, CAP)]
    return best


def draw(found: Brief, now: dt.datetime) -> Panel:
    """Return a brief: who and when, one block for each part, and what to do next.

    now: in the reader's zone.
    """
    blocks: list[Block] = [section(_title(found, now), block_id=_block_id(found.news))]
    parts = {part: [one for one in found.values if one.section is part] for part in ORDER}
    spare = MOST_BLOCKS - sum(1 for theirs in parts.values() if theirs) - 2
    for part, theirs in parts.items():
        drawn = _part(part, theirs, spare)
        spare -= max(len(drawn) - 1, 0)
        blocks += drawn
    if len(blocks) == 1:
        blocks.append(section(NOTHING))
    key = str(found.client.id)
    went, more = button("How did it go?", "checkin.log", value=key), button("More", FROM_BRIEF, value=key)
    blocks.append(actions(went, more, button("Copy to a canvas", "brief.canvas", value=_whom(found))))
    return Panel("Brief", _says(found, now), blocks)


def _whom(found: Brief) -> str:
    """Return with which client and people a brief is for, as a button carries it: nobody where it is for anybody."""
    there = () if found.unknown else found.people[:MOST_CARRIED]
    return f"{found.client.id}:{','.join(str(one.id) for one in there)}"


def _part(part: Section, theirs: Sequence[Value], spare: int) -> list[Block]:
    """Return a part in one block; each line in its own where something can be pressed and there are blocks to spare."""
    if not theirs:
        return []
    said = _led(part, theirs)
    if len(theirs) > 1 and (spare < len(theirs) - 1 or not any(one.accessory for one in theirs)):
        return [section(lines(said))]
    return [section(line, accessory=one.accessory) for line, one in zip(said, theirs, strict=True)]


def led(values: Sequence[Value]) -> list[Markup]:
    """Return the lines of a brief in their order, the first of each part with what leads into it."""
    parts = ([one for one in values if one.section is part] for part in ORDER)
    return [line for part, theirs in zip(ORDER, parts, strict=True) if theirs for line in _led(part, theirs)]


def _led(part: Section, theirs: Sequence[Value]) -> list[Markup]:
    said = [shorten_markup(one.text, LONGEST_LINE) for one in theirs]
    return [_led_into(part, said[0]), *said[1:]]


def _title(found: Brief, now: dt.datetime) -> Markup:
    name = found.client.name.replace("*", "∗")
    if found.starts_at is None:
        head = markup("*{name}*", name=name)
    else:
        head = markup("*{name}, {at}*", name=name, at=when(found.starts_at, _clock(found.starts_at, now), "{time}"))
    return lines([lines([head, _names(found.people)], " · "), _not_known(found.unknown), _no_time(found.odd)])


def _not_known(names: Sequence[str]) -> Markup:
    """Return that some names fit nobody there, or several people; empty for none."""
    said = _quoted(names)
    if not said:
        return Markup()
    verb = "is" if len(said) == 1 else "are"
    says = "Ember can't tell who {names} {verb} there: this is for whoever comes."
    return markup(says, names=together(said), verb=verb)


def _no_time(words: Sequence[str]) -> Markup:
    """Return that some words are no time of today or tomorrow; empty for none."""
    said = _quoted(words)
    says = "Ember did not understand {words}: it reads a time of today or tomorrow, such as 14:00 or 2:30 pm."
    return markup(says, words=together(said)) if said else Markup()


def _quoted(names: Sequence[str]) -> list[Markup]:
    return [markup("“{name}”", name=shorten(name, LONGEST_UNKNOWN)) for name in names[:MOST_UNKNOWN]]


def _says(found: Brief, now: dt.datetime) -> Markup:
    at = f" at {_clock(found.starts_at, now)}" if found.starts_at is not None else ""
    there = _names(found.people)
    who = f" with {there}" if there else ""
    return markup("Your conversation with {name}{at}{who}.", name=found.client.name, at=at, who=Markup(who))


def _clock(at: dt.datetime, now: dt.datetime) -> str:
    return f"{at.astimezone(now.tzinfo):%H:%M}"


def _names(there: Sequence[Contact]) -> Markup:
    return together([one.name for one in there])


def _led_into(part: Section, line: Markup) -> Markup:
    """Return the first line of a part with the words that lead into it, unless it brings its own."""
    heading = HEADINGS.get(part)
    return line if heading is None or line.startswith("*") else lines([heading, line], " ")


def _mark(value: Value) -> str:
    what = value.subject.hex if value.subject is not None else value.text
    return hashlib.sha256(f"{value.section.name}:{what}".encode()).hexdigest()[:MARK_LENGTH]


def _block_id(news: Sequence[str]) -> str:
    return f"{MARK}{'.'.join(news)}"


def news_of(body: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return what a brief that was posted held, in the words of `Brief.news`."""
    blocks = body.get("blocks") if body is not None else None
    ids = (str(block.get("block_id", "")) for block in blocks or () if isinstance(block, Mapping))
    found = next((one for one in ids if one.startswith(MARK)), MARK).removeprefix(MARK)
    return tuple(found.split(".")) if found else ()


async def brief_message(session: Work, about: Upcoming, audience: Audience, now: dt.datetime) -> tuple[Brief, Message]:
    """Return what there is to say before a conversation, and the message that says it.

    now: in the reader's zone.  Raises clients.UnknownClient.
    """
    found = await collect(session, about, audience, now)
    panel = draw(found, now)
    return found, Message(panel.text, tuple(panel.blocks))


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("brief.open"))(opened)


async def opened(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show the brief for a button's client, whoever is there."""
    async with here.look() as session:
        found = await collect(session, Upcoming(None, as_id(action.get("value"))), here.me, here.local)
    await here.show(ack, draw(found, here.local))


async def command(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client brief northwind [Priya, Omar] [14:00]`.  Raises clients.UnknownClient."""
    async with here.look() as session:
        channel = here.envelope.channel
        client, said = await clients.named_or_here(session, rest, channel=channel, example="/client brief northwind")
        line = brief_line.read(said, (await people.of_clients(session, [client.id]))[client.id], here.local)
        there = [] if line.unknown else line.people  # whoever else comes may be their boss: this is for everybody
        who = frozenset(one.id for one in there)
        found = await collect(session, Upcoming(None, client.id, who, setting_of(there), line.at), here.me, here.local)
    found = replace(found, people=found.people or line.people, unknown=line.unknown, odd=line.odd)
    await here.show(ack, draw(found, here.local))


def setting_of(there: Sequence[Contact]) -> str:
    """Return before whom people at a client speak, as a check-in's setting says it; empty where that is not known."""
    found = before([Known(one.id, one.client_id, one.name, "", one.reports_to_id) for one in there])
    return found.value if found else ""
