"""`/client list`: the clients somebody looks after, or all of them, the most overdue first."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.cadence import service as cadence
from bot.practices.cadence.rules import Standing, standing
from bot.practices.cadence.service import Snooze
from bot.practices.checkins import service as checkins
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.practice import clicks
from bot.practices.spark import service as spark
from bot.practices.spark.rules import Reading
from bot.practices.spark.service import Pause
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, lines, markup, shorten
from bot.store.session import Work
from bot.workspaces.directory import Member
from bot.workspaces.here import Here
from bot.workspaces.visibility import Person, covered

ROWS: Final = 20
CONSIDERED: Final = 1000
MINE, ALL = "mine", "all"
EVERYONES: Final = Markup("You are in no client's team yet, so these are everyone's.")


@dataclass(frozen=True)
class Row:
    """A client in a list: who looks after it (empty for nobody), what is due and how bright its spark is, in words."""

    client: Client
    owner: str
    due: Markup
    spark: str = ""


@dataclass(frozen=True)
class Page:
    """A part of a list: which one, its rows from `offset` on, and how many there are in all."""

    mine: bool
    rows: Sequence[Row]
    offset: int
    total: int

    @property
    def has_more(self) -> bool:
        """Whether rows follow."""
        return self.offset + len(self.rows) < self.total

    @property
    def cursor(self) -> str:
        """What a "more" button carries."""
        return f"{MINE if self.mine else ALL}:{self.offset + len(self.rows)}"


def register(app: AsyncApp) -> None:
    """Connect the buttons of the list."""
    app.action(clicks("list.page"))(turn)


async def turn(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show another page of the list."""
    mine, offset = read_cursor(action.get("value"))
    await here.show(ack, await listing(here, mine=mine, offset=offset))


async def listing(here: Here, *, mine: bool = True, offset: int = 0) -> Panel:
    """Return the list; somebody without clients of their own is shown all of them."""
    async with here.look() as session:
        page = await read(session, here.member, mine=mine, offset=offset, today=here.local.date())
        alone = mine and not page.total
        if alone:
            page = await read(session, here.member, mine=False, offset=0, today=here.local.date())
    return draw(page, alone=alone)


async def read(session: Work, member: Member, *, mine: bool, offset: int, today: dt.date) -> Page:
    """Return a page of a member's clients or of all, none that ended, the first 1,000 by name considered.

    Most overdue first, then by the day something is due, then by name; ones that are set aside, then paused ones last.
    """
    found = await clients.page(session, member_id=member.id if mine else None, limit=CONSIDERED)
    ids = [one.client.id for one in found]
    last = await checkins.last_days(session, ids)
    pauses = await clients.pauses(session, ids)
    me = Person(member.id, await covered(session, member.id, today))
    aside = await cadence.snoozed(session, ids, me, today)
    stands = {
        one.client.id: _standing(one.client, last.get(one.client.id), pauses.get(one.client.id, ()), today)
        for one in found
    }
    ordered = sorted(found, key=lambda one: _place(one.client, stands[one.client.id], aside, today))
    start = offset if 0 <= offset < len(ordered) else 0
    shown = ordered[start : start + ROWS]
    readings = await spark.readings(session, [one.client.id for one in shown], today)
    rows = [
        Row(
            one.client,
            one.owner,
            due_in_words(one.client, stands[one.client.id], aside.get(one.client.id), today),
            spark_in_words(one.client, readings.get(one.client.id), today),
        )
        for one in shown
    ]
    return Page(mine, rows, start, len(ordered))


def _standing(client: Client, last: dt.date | None, pauses: Iterable[Pause], today: dt.date) -> Standing:
    return standing(last, client.started_on, client.rhythm_days, today, pauses=pauses)


def _place(
    client: Client, where: Standing, aside: Mapping[uuid.UUID, Snooze], today: dt.date
) -> tuple[bool, dt.date, dt.date, str]:
    paused = client.status_on(today) is Status.PAUSED
    back = aside[client.id].until_on if client.id in aside else dt.date.min
    return (paused, dt.date.min if paused else back, dt.date.min if paused else where.due_on, client.name.casefold())


def spark_in_words(client: Client, reading: Reading | None, today: dt.date) -> str:
    """Return how bright a client's spark is; empty while its clock stands still, and where nothing is known."""
    return reading.band.value if reading is not None and client.status_on(today) is Status.ACTIVE else ""


def due_in_words(client: Client, where: Standing, aside: Snooze | None, today: dt.date) -> Markup:
    """Return when the next conversation is due: "long overdue · nothing logged for 19 days (usually 7)"."""
    if client.status_on(today) is Status.PAUSED:
        until = client.paused_until
        return markup("paused until {day}", day=day(until, today)) if until else Markup("paused")
    if aside is not None:
        return cadence.set_aside(aside, today)
    if where.state == "calm":
        return markup("next due {day}", day=day(where.due_on, today))
    return markup("{state} · {because}", state=where.label, because=where.because)


def draw(page: Page, *, alone: bool = False) -> Panel:
    """Return a page as a panel; `alone` says that the reader has no clients of their own."""
    if not page.total:
        return nobody_yet()
    title = "My clients" if page.mine else "All clients"
    blocks: list[Block] = [header(title)]
    if alone:
        blocks.append(context(EVERYONES))
    blocks += [row_block(row) for row in page.rows]
    blocks.append(context(count(page)))
    blocks.append(actions(*_buttons(page, alone=alone)))
    return Panel(title, f"{title}: {len(page.rows)} of {page.total}, the most overdue first.", blocks)


def row_block(row: Row) -> Block:
    """Return a client's two lines with a button to its card."""
    head = lines([bold(row.client.name), row.owner], " · ")
    aloud = shorten(f"Open {row.client.name}", limits.ACCESSIBILITY_LABEL)
    opens = button("Open", "client.open", value=str(row.client.id), accessibility_label=aloud)
    return section(lines([head, lines([row.spark, row.due], " · ")]), accessory=opens)


def count(page: Page) -> Markup:
    """Return which rows of how many are shown."""
    if page.total >= CONSIDERED:
        return Markup(f"The first {CONSIDERED:,} clients by name are sorted here. `/client name` opens any other.")
    first, last = page.offset + 1, page.offset + len(page.rows)
    return Markup(f"{first}–{last} of {page.total}, the most overdue first")


def _buttons(page: Page, *, alone: bool) -> list[Element]:
    buttons = [button("More", "list.page:more", value=page.cursor)] if page.has_more else []
    if page.mine:
        buttons.append(button("All clients", "list.page:which", value=f"{ALL}:0"))
    elif not alone:
        buttons.append(button("My clients", "list.page:which", value=f"{MINE}:0"))
    return [*buttons, button("Add a client", "client.new")]


def nobody_yet() -> Panel:
    """Return what stands where there is no client at all."""
    says = Markup("*No clients yet.* Add the first one: its name, who looks after it, and how often you usually speak.")
    add = button("Add a client", "client.new", style="primary")
    return Panel("Clients", "There are no clients yet. Add the first one.", [section(says), actions(add)])


def read_cursor(value: object) -> tuple[bool, int]:
    """Return (mine?, offset) from what a button carried; anything strange is the first page of one's own."""
    which, _, offset = str(value).partition(":")
    return which != ALL, int(offset) if re.fullmatch(r"\d{1,6}", offset, re.ASCII) else 0
