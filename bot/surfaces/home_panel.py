"""How Home is drawn: a row of tabs, then today, the clients, or what can be set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.practices.clients import why
from bot.practices.clients.service import Client
from bot.practices.milestones import wording
from bot.practices.milestones.ahead import Coming
from bot.practices.promises import drawing
from bot.practices.promises.service import Promise
from bot.slack import blocks, limits
from bot.slack.blocks import Block, Element, View, actions, button, context, header, section
from bot.slack.text import WEEKDAYS, Markup, bold, lines, markup, shorten
from bot.surfaces.calls import menu, spoken_button
from bot.surfaces.listing import ALL, MINE, ROWS, Page, count, read_cursor, row_block
from bot.surfaces.today_panel import calm, captured, one_idea, promise_line, reason
from bot.surfaces.worth import Row, Today

DATES_SHOWN: Final = 5
PROMISES_SHOWN: Final = 5
CHIPS: Final = 5
CHIP_NAME: Final = 50
WELCOME: Final = Markup(
    "*Ember keeps every client relationship warm.* Log a conversation in seconds, then see here who is due next and"
    " what was said."
)
NO_CLIENTS: Final = Markup(
    "*No clients yet.* Add the first one: its name, who looks after it, and how often you usually speak."
)
NONE_OF_YOURS: Final = Markup(
    "You are in no client's team yet. “All clients” shows everyone's; any of them can be yours."
)
EVERYONES: Final = Markup("You are in no client's team yet, so this is everyone's day.")
SETTINGS: Final = (
    ("*Settings*\nYour morning, quiet hours, what reaches you.", "Open", "settings.open:home", "Open the settings"),
    ("*Away and cover*\nWho looks after your clients meanwhile.", "Open", "away.open:home", "Open away and cover"),
    ("*Calendar*\nYour dates there, and a brief before a meeting.", "Open", "calendar.open:home", "Open your calendar"),
)
HELD: Final = (
    "*What we hold about somebody*\nShown in full, printable, and forgotten for good.",
    "Open",
    "home.held",
    "Open what we hold about somebody",
)
FOR_ADMINS: Final = (
    (
        "*Channels and decisions*\nWho reads along where, and what admins decided.",
        "Open",
        "home.audit",
        "Open channels",
    ),
)
EXPORT: Final = Markup("*Export:* whoever runs Ember writes everything that is kept to a file with `ember export`.")


class Segment(StrEnum):
    """A part of Home."""

    TODAY = "today"
    CLIENTS = "clients"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Spot:
    """Where somebody is on Home: which part, and within the clients whose and from which row on."""

    segment: Segment = Segment.TODAY
    mine: bool = True
    offset: int = 0

    @property
    def words(self) -> str:
        """How it is kept: "today", "mine:20", "settings"."""
        if self.segment is not Segment.CLIENTS:
            return self.segment.value
        return f"{MINE if self.mine else ALL}:{self.offset}"


def read_spot(words: object) -> Spot:
    """Return where somebody is from what a button carried or what was kept; anything strange is today."""
    said = str(words)
    if re.match(rf"({MINE}|{ALL}):", said) or said == Segment.CLIENTS:
        mine, offset = read_cursor(said)
        return Spot(Segment.CLIENTS, mine, offset)
    return Spot(Segment.SETTINGS) if said == Segment.SETTINGS else Spot()


@dataclass(frozen=True)
class Day:
    """Today: what is worth doing, the dates of the next fortnight, and why which clients hire us is to be asked."""

    found: Today
    coming: Sequence[Coming] = ()

    @property
    def stale(self) -> list[Client]:
        """The reader's clients of whom it is time to ask whether what is known still holds, by name."""
        if self.found.everyones:
            return []
        stale = [client for client in self.found.clients.values() if why.is_stale(client, self.found.on)]
        return sorted(stale, key=lambda client: client.name.casefold())


def empty() -> View:
    """Return the Home of a workspace without clients."""
    start = actions(
        button("Add a client", "client.new", style="primary"),
        button("Log a check-in", "checkin.log"),
        button("Help", "home.help"),
    )
    return blocks.home([header("Welcome to Ember"), section(WELCOME), section(NO_CLIENTS), start])


def today(day: Day, *after: Block) -> View:
    """Return Home's first part: what is worth doing now, and what stands below it."""
    found = day.found
    shown: list[Block] = [_tabs(Segment.TODAY), header(f"Your {WEEKDAYS[found.on.weekday()]}")]
    if found.everyones:
        shown.append(context(EVERYONES))
    if found.rows:
        shown.append(section(Markup("*Worth a call*")))
    for row in found.rows:
        shown += _call(row, found)
    if not found.rows:
        shown.append(section(calm(found)))
    shown += _promised(found)
    shown += [section(part) for part in (_dates(day), captured(found)) if part]
    shown += _whys(day)
    more = f"and {found.more} more" if found.more else "All of today"
    ways_on = button("Log a check-in", "checkin.log"), button(more, "today.open"), button("Help", "home.help")
    return blocks.home([*shown, actions(*ways_on), *after])


def _tabs(on: Segment) -> Block:
    return actions(*(_tab(segment, on) for segment in Segment))


def _tab(segment: Segment, on: Segment) -> Element:
    label = segment.value.capitalize()
    heard = f"{label}, shown now" if segment is on else f"Show {label}"
    return button(
        label,
        f"home.show:{segment}",
        value=segment.value,
        style="primary" if segment is on else None,
        accessibility_label=heard,
    )


def _call(row: Row, found: Today) -> list[Block]:
    client = row.place.client
    owner = row.place.owner if row.place.owner != found.me.name else ""
    says = lines([lines([bold(client.name), owner], " · "), reason(row.place), one_idea(row, found)])
    heard = shorten(f"Open {client.name}", limits.ACCESSIBILITY_LABEL)
    opens = button("Open", "client.open", value=str(client.id), accessibility_label=heard)
    return [section(says), actions(spoken_button(client.id, client.name), opens, menu(client.id, spoken_too=False))]


def _promised(found: Today) -> list[Block]:
    """Return what was promised: the reader's own with a button each, the others in one paragraph."""
    shown = sorted(found.promised, key=lambda promise: (promise.theirs, promise.due_on))[:PROMISES_SHOWN]
    if not shown:
        return []
    mine = [promise for promise in shown if _is_mine(promise, found)]
    parts = [section(promise_line(promise, found), accessory=drawing.on_card(promise)[0]) for promise in mine]
    others = [promise_line(promise, found) for promise in shown if promise not in mine]
    more = len(found.promised) - len(shown)
    rest = lines([*others, f"and {more} more" if more else ""])
    return [section(Markup("*Promised*")), *parts, *([section(rest)] if rest else [])]


def _is_mine(promise: Promise, found: Today) -> bool:
    return promise.carrier_id == found.me.id and not promise.theirs


def _dates(day: Day) -> Markup:
    on = day.found.on
    said = [
        markup(
            "• {when} · {what}",
            when=wording.short_day(one.on, on),
            what=wording.with_client(one.what, one.client.name),
        )
        for one in day.coming[:DATES_SHOWN]
    ]
    more = len(day.coming) - len(said)
    return lines([Markup("*Coming up*"), *said, f"and {more} more" if more else ""]) if said else Markup("")


def _whys(day: Day) -> list[Block]:
    """Return a button for each client whose reason is to be asked again."""
    chips = [
        button(f"{shorten(client.name, CHIP_NAME)}: still why?", f"client.why:{place}", value=str(client.id))
        for place, client in enumerate(day.stale[:CHIPS])
    ]
    return (
        [section(Markup("*Why they hired us*\nAsked half a year ago. Is it still that?")), actions(*chips)]
        if chips
        else []
    )


def clients(page: Page, *after: Block) -> View:
    """Return Home's second part: a page of clients."""
    start = actions(
        button("Log a check-in", "checkin.log"), button("Add a client", "client.new"), button("Help", "home.help")
    )
    shown: list[Block] = [_tabs(Segment.CLIENTS), header("My clients" if page.mine else "All clients")]
    shown += [row_block(row) for row in page.rows]
    shown.append(context(count(page)) if page.rows else section(NONE_OF_YOURS))
    return blocks.home([*shown, actions(*_turning(page)), start, *after])


def _turning(page: Page) -> list[Element]:
    which = MINE if page.mine else ALL
    buttons = []
    if page.offset:
        buttons.append(button("Back", "home.more:back", value=f"{which}:{max(page.offset - ROWS, 0)}"))
    if page.has_more:
        buttons.append(button("More", "home.more", value=page.cursor))
    if page.mine:
        return [*buttons, button("All clients", "home.all", value=f"{ALL}:0")]
    return [*buttons, button("My clients", "home.mine", value=f"{MINE}:0")]


def settings(*after: Block, is_admin: bool) -> View:
    """Return Home's third part: the ways to what can be set, and to what is kept."""
    rows = [*SETTINGS, HELD, *(FOR_ADMINS if is_admin else ())]
    shown: list[Block] = [_tabs(Segment.SETTINGS), header("Settings")]
    shown += [
        section(Markup(says), accessory=button(label, action, accessibility_label=heard))
        for says, label, action, heard in rows
    ]
    if is_admin:
        shown.append(context(EXPORT))
    return blocks.home([*shown, actions(button("Help", "home.help")), *after])
