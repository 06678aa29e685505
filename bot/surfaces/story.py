"""A client's story: how a year with them unfolded, month by month, for the meeting in which it is looked back upon."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.clients import service as clients
from bot.practices.clients.forms import open_card
from bot.practices.clients.service import Client
from bot.practices.practice import Value, clicks
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, lines, markup, shorten, shorten_markup
from bot.store.session import Work
from bot.workspaces.here import Here, as_id
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Room, to_be_shown

A_MONTH: Final = 5
LONGEST_LINE: Final = 300
MOST_YEARS_AGO: Final = 50
NOTHING: Final = Markup(
    "Nothing is kept of that year that you could show. Wins, their words, promises that came to something, dates that"
    " were marked and differences that were settled stand here once they are noted."
)
LEFT_OUT: Final = Markup(
    "Left out: who of us missed what, what was noticed, what is for one of you alone. Read it before you show it."
)


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("story.open"))(opened)


async def opened(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show a year of a button's client."""
    client_id, _, ago = str(action.get("value")).partition(":")
    years = int(ago) if re.fullmatch(r"\d{1,2}", ago, re.ASCII) else 0
    await here.show(ack, await story(here, as_id(client_id), years=min(years, MOST_YEARS_AGO)))


async def command(here: Here, ack: AsyncAck, rest: str) -> None:
    """`/client story northwind`.  Raises clients.UnknownClient."""
    async with here.look() as session:
        channel = here.envelope.channel
        client, _ = await clients.named_or_here(session, rest, channel=channel, example="/client story northwind")
    await here.show(ack, await story(here, client.id))


async def story(here: Here, client_id: uuid.UUID, *, years: int = 0) -> Panel:
    """Return the twelve months with a client that ended so many years ago.  Raises clients.UnknownClient."""
    until = _years_before(here.local.date(), years)
    since = _years_before(until, 1) + dt.timedelta(days=1)
    async with here.look() as session:
        client = await clients.get(session, client_id)
        room = to_be_shown(here.me, client.id, (await teams(session, [client.id]))[client.id])
        told = await _told(session, room, client, since, until)
        spoken = await checkins.readable_days(session, client.id, room)
    days = sum(since <= day <= until for day in spoken) if room.clients else 0
    return draw(client, told, since, until, days=days, years=years)


async def _told(session: Work, room: Room, client: Client, since: dt.date, until: dt.date) -> list[Value]:
    told: list[Value] = []
    for practice in PRACTICES:
        if practice.story is not None:
            told += await practice.story(session, client.id, since, until, room)
    return told


def draw(
    client: Client, told: Sequence[Value], since: dt.date, until: dt.date, *, days: int = 0, years: int = 0
) -> Panel:
    """Return a year: why they hired us, on how many days we spoke (0: unsaid), then its months, the oldest first."""
    title = f"{client.name}, {since:%B %Y} to {until:%B %Y}"
    blocks: list[Block] = [header(shorten(title, limits.HEADER)), section(_opening(client, days))]
    by_month: dict[tuple[int, int], list[Value]] = {}
    for one in sorted(told, key=lambda one: (one.on or since, str(one.subject))):
        on = one.on or since
        by_month.setdefault((on.year, on.month), []).append(one)
    blocks += [_month(dt.date(year, month, 1), theirs) for (year, month), theirs in by_month.items()]
    blocks.append(context(LEFT_OUT) if told else section(NOTHING))
    blocks.append(actions(*_turning(client, since, years)))
    return Panel("Story", f"How {title} went, month by month.", blocks)


def _opening(client: Client, days: int) -> Markup:
    why = markup("*Why us:* “{why}”", why=" ".join(client.why_hired.split())) if client.why_hired else Markup("")
    spoke = markup("We spoke on {days}.", days="1 day" if days == 1 else f"{days} days") if days else Markup("")
    return lines([why, spoke]) or Markup("A year with them.")


def _month(first: dt.date, theirs: Sequence[Value]) -> Block:
    heaviest = sorted(theirs, key=lambda one: -one.weight)[:A_MONTH]
    shown = [one for one in theirs if one in heaviest]
    more = [markup("and {count} more", count=len(theirs) - A_MONTH)] if len(theirs) > A_MONTH else []
    said = [markup("• {text}", text=shorten_markup(one.text, LONGEST_LINE)) for one in shown]
    return section(lines([bold(f"{first:%B %Y}"), *said, *more]))


def _turning(client: Client, since: dt.date, years: int) -> list[Element]:
    key = str(client.id)
    older, newer = f"{key}:{years + 1}", f"{key}:{max(years - 1, 0)}"
    return [
        *([button("The year before", "story.open:older", value=older)] if client.started_on < since else []),
        *([button("The year after", "story.open:newer", value=newer)] if years else []),
        open_card(client.id),
    ]


def _years_before(day: dt.date, years: int) -> dt.date:
    year = day.year - years
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
