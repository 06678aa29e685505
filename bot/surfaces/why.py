"""What stands behind a spark ("Why?"): its parts in words that can be followed, the check-ins, its course."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import felt
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.practice import clicks
from bot.practices.spark import service as spark
from bot.practices.spark.course import course
from bot.practices.spark.rules import (
    BRIGHT,
    ENOUGH_CONTACT_DAYS,
    ENOUGH_FOR_A_SHARE,
    ENOUGH_HISTORY,
    FADED,
    START,
    Band,
    Part,
    Reading,
    in_days,
)
from bot.practices.spark.service import Facts
from bot.slack import limits
from bot.slack.blocks import Block, actions, button, chart, context, header, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, lines, markup, shorten
from bot.store.session import Work
from bot.surfaces.worth import shown_in
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.here import Here, as_id

DAYS_SHOWN: Final = 5
NOTES_READ: Final = 25
POINTS: Final = 20
TITLE: Final = "'s spark in %"
NEVER_READ: Final = Markup("Ember has not looked at this client yet. Log a conversation, and it will.")
NO_COURSE: Final = Markup("There is no course to draw yet.")
THRESHOLDS: Final = Markup(
    f"Bright from {BRIGHT:.0%}, dimming below that, fading from {FADED:.0%} down. Every contact day counts the same,"
    " with a note or without; ratings that only their author may read are left out."
)


@dataclass(frozen=True)
class Behind:
    """What a client's spark is made of, as one person may see it."""

    client: Client
    reading: Reading | None
    facts: Facts
    readable: frozenset[dt.date]
    notes: Sequence[Checkin]
    authors: Mapping[uuid.UUID, Member]
    course: Sequence[tuple[dt.date, float]]


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("spark.why"))(show)


async def show(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Explain the spark of a button's client."""
    await here.show(ack, await explain(here, as_id(action.get("value"))))


async def explain(here: Here, client_id: uuid.UUID, *, back_to: str = "") -> Panel:
    """Return what a client's spark is made of; `back_to` is the block id of the panel that asked.

    Raises clients.UnknownClient.
    """
    today = here.local.date()
    async with here.look() as session:
        behind = await _behind(session, here, client_id, today)
    return draw(behind, today=today, back_to=back_to)


async def _behind(session: Work, here: Here, client_id: uuid.UUID, today: dt.date) -> Behind:
    client = await clients.get(session, client_id)
    reading = (await spark.readings(session, [client_id], today)).get(client_id)
    facts = (await checkins.facts(session, [client_id]))[client_id]
    pauses = (await clients.pauses(session, [client_id])).get(client_id, ())
    notes = await checkins.history(session, [client_id], here.me, limit=NOTES_READ)
    points = course(facts.days, facts.ratings, client.rhythm_days, pauses, today, points=POINTS)
    return Behind(
        client,
        reading,
        facts,
        frozenset(await checkins.readable_days(session, client_id, here.me)),
        notes,
        await directory.members_by_id(session, {note.author_id for note in notes}),
        [(on, level) for on, level in points if level is not None],
    )


def draw(behind: Behind, *, today: dt.date, back_to: str = "") -> Panel:
    """Return the explanation; where it is shown in a modal, the chart's caption stands for the chart."""
    name, reading = behind.client.name, behind.reading
    blocks: list[Block] = [header(shorten(f"{name}'s spark", limits.HEADER))]
    if reading is None:
        blocks.append(section(NEVER_READ))
    else:
        status = clients.status_line(behind.client, today)
        blocks.append(section(lines([_level(reading), status])))
        blocks.append(section(lines([Markup("*How Ember counts*"), *_arithmetic(reading, behind.facts, today)])))
    blocks.append(section(_notes(behind, today)))
    blocks += _course(behind, today)
    blocks.append(context(THRESHOLDS))
    card = button("Open the card", "client.open", value=str(behind.client.id))
    if shown_in(back_to):
        blocks.append(actions(button("Back", "today.open:back"), card, block_id=back_to))
    else:
        blocks.append(actions(card))
    return Panel("Why?", _in_a_sentence(behind), blocks)


def _in_a_sentence(behind: Behind) -> str:
    if behind.reading is None:
        return f"There is nothing to say about {behind.client.name}'s spark yet."
    return f"{behind.client.name} is {behind.reading.band.value}: {behind.reading.reason()}."


def _level(reading: Reading) -> Markup:
    if reading.band is Band.LEARNING:
        return lines([Markup("*Still learning*"), f"{_first_up(reading.reason())}.", _to_learn(reading)])
    head = markup("*{band} · {level}*", band=reading.band.value.capitalize(), level=f"{reading.percent}%")
    return lines([head, f"{_first_up(reading.sentence())}."])


def _to_learn(reading: Reading) -> str:
    """Return what is missing before there is a level."""
    missing = []
    days = ENOUGH_CONTACT_DAYS - reading.contact_days
    if days > 0:
        missing.append(f"{days} more contact {'day' if days == 1 else 'days'}")
    left = ENOUGH_HISTORY - reading.history
    if left > 0:
        since = "" if reading.contact_days else " from the first on"
        missing.append(f"{left} more {'day' if left == 1 else 'days'} of getting to know them{since}")
    return f"Ember needs {' and '.join(missing)} before it says how bright the spark is."


def _arithmetic(reading: Reading, facts: Facts, today: dt.date) -> list[Markup]:
    """Return the parts of the level, a line for each, that a person can check against the log."""
    count = len(facts.days)
    said = [markup("• planned: a conversation every {cadence}", cadence=in_days(round(reading.cadence)))]
    if count:
        first = day(min(facts.days), today)
        said.append(
            markup("• logged: {count} since {first}", count=_count(count, "contact day"), first=first)
            if count > 1
            else markup("• logged: one contact day, {first}", first=first)
        )
    if count > 1:
        said.append(markup("• their own rhythm: usually every {typical}", typical=in_days(round(reading.typical))))
    since = markup(" since {last}", last=day(max(facts.days), today)) if count else Markup("")
    quiet = markup("• nothing logged{since}: {quiet}", since=since, quiet=in_days(reading.quiet_days))
    said.append(quiet if reading.quiet_days else Markup("• logged today"))
    if reading.paused:
        said.append(markup("• the pause of {paused} does not count", paused=in_days(reading.paused)))
    if reading.band is not Band.LEARNING:
        said += [markup("*What that makes of it:* {start}% to start with", start=START), *_parts(reading)]
    return said


def _parts(reading: Reading) -> list[Markup]:
    """Return what each part takes from the level or adds to it, in points: together they make what is shown."""
    names = {
        Part.GAP: _gap(reading),
        Part.PACE: markup("pace of the last six weeks: {pace} of their usual", pace=_percent(reading.pace)),
        Part.HISTORY: markup("{count} to go by", count=_count(reading.contact_days, "contact day")),
        Part.RATINGS: Markup(
            "how the conversations felt" if reading.warmth is not None else "how the conversations felt, no rating yet"
        ),
    }
    made = reading.parts()
    return [markup("• {name}: {points}", name=name, points=_points(made[part])) for part, name in names.items()]


def _gap(reading: Reading) -> Markup:
    if not reading.quiet_days:
        return Markup("no gap today")
    if reading.contact_days < ENOUGH_FOR_A_SHARE:
        return markup("a gap of {quiet}", quiet=in_days(reading.quiet_days))
    return markup("a gap that long happens {share} of the time", share=_percent(reading.share))


def _points(count: int) -> str:
    return f"+{count}" if count > 0 else f"−{-count}" if count else "±0"


def _notes(behind: Behind, today: dt.date) -> Markup:
    by_day: dict[dt.date, list[Checkin]] = {}
    for note in behind.notes:
        by_day.setdefault(note.happened_on, []).append(note)
    said = [_one_day(on, behind, today, notes) for on, notes in list(by_day.items())[:DAYS_SHOWN]]
    older = len(behind.readable) - len(said)
    hidden = len(set(behind.facts.days) - behind.readable)
    if older > 0:
        said.append(markup("and {older} before", older=_count(older, "contact day")))
    if hidden:
        said.append(markup("and {hidden} in notes you can't read", hidden=_count(hidden, "contact day")))
    return lines([Markup("*The check-ins behind it*"), *(said or [Markup("Nothing is logged yet.")])])


def _one_day(on: dt.date, behind: Behind, today: dt.date, notes: Sequence[Checkin]) -> Markup:
    spoke = [
        markup(
            "{author}, {felt}",
            author=behind.authors[note.author_id].name if note.author_id in behind.authors else "someone",
            felt=felt(note.feeling),
        )
        for note in notes
    ]
    return markup("• {day} · {spoke}", day=day(on, today), spoke=lines(spoke, " · "))


def _course(behind: Behind, today: dt.date) -> list[Block]:
    points = behind.course
    if len(points) < 2:
        return [context(NO_COURSE)]
    name = shorten(behind.client.name, limits.CHART_TITLE - len(TITLE))
    drawn = chart(
        f"{name}{TITLE}",
        [_label(on, today) for on, _ in points],
        {"Spark": [round(100 * level) for _, level in points]},
        y_label="Spark in %",
    )
    return [drawn, section(_caption(points, today))]


def _label(on: dt.date, today: dt.date) -> str:
    """Return a date as it stands under a chart; one of last year has its year, so that no two are alike."""
    return day(on, today).partition(" ")[2]


def _caption(points: Sequence[tuple[dt.date, float]], today: dt.date) -> Markup:
    """Return a course in one sentence."""
    (first_on, first), (_, last) = points[0], points[-1]
    low_on, low = min(points[:-1], key=lambda point: point[1])
    high_on, high = max(points[:-1], key=lambda point: point[1])
    turns = []
    if low < min(first, last):
        turns.append((low_on, markup("{level} at its lowest around {on}", level=f"{low:.0%}", on=day(low_on, today))))
    if high > max(first, last):
        turns.append((high_on, markup("{level} at its best around {on}", level=f"{high:.0%}", on=day(high_on, today))))
    return markup(
        "{title} {first} on {on}, {turns}{last} today.",
        title=bold("The course of the spark:"),
        first=f"{first:.0%}",
        on=day(first_on, today),
        turns=Markup("".join(f"{said}, " for _, said in sorted(turns))),
        last=f"{last:.0%}",
    )


def _percent(part: float) -> str:
    return f"{part:.0%}" if part >= 0.005 else "under 1%"


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _first_up(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
