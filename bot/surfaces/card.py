"""A client's card: what every practice has to say about one client, on four tabs, each capped for a phone's screen."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import felt, may_change
from bot.practices.checkins.service import Checkin
from bot.practices.clients import service as clients
from bot.practices.clients.forms import end_button, resume_button
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.practice import Practice, Section, Value, clicks
from bot.slack import limits
from bot.slack.blocks import Block, Element, actions, button, context, header, plain, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, bold, day, escape, lines, markup, shorten, shorten_markup
from bot.store.search import Visibility
from bot.workspaces import directory
from bot.workspaces.here import Here, as_id

CAPS: Final = {Section.PEOPLE: 6, Section.PROMISES: 4, Section.HISTORY: 5}
CAP: Final = 4
HEADINGS: Final = {
    Section.PEOPLE: Markup("*People*"),
    Section.PROMISES: Markup("*Promised*"),
    Section.HISTORY: Markup("*Latest notes*"),
}
WHERE_EMPTY: Final = {
    Section.PEOPLE: Markup("*People*\nNobody here yet. Add the people you talk to."),
    Section.HISTORY: Markup("*Latest notes*\nNothing you can read is logged yet. Log the first conversation below."),
}


class Tab(StrEnum):
    """A side of the card."""

    NOW = "now"
    PEOPLE = "people"
    NOTES = "notes"
    MANAGE = "manage"


PARTS: Final = {
    Tab.NOW: (
        *(Section.WHY, Section.STANDING, Section.TEAM, Section.PROMISES, Section.NEEDS, Section.COMING),
        *(Section.OPENER, Section.PLAINLY),
    ),
    Tab.PEOPLE: (Section.PEOPLE, Section.WITH_THEM, Section.SENSITIVE),
    Tab.NOTES: (Section.HISTORY, Section.WORDS, Section.LISTEN, Section.HINT, Section.ASK),
    Tab.MANAGE: (),
}
"""Which tab a line stands on, by its section, in the order they are drawn."""
NO_WHY: Final = Markup("*Why us:* nobody has said yet why they hired us.")
LONGEST_LINE: Final = 400
NOTES_A_PAGE: Final = 5
FROM_BRIEF: Final = "client.open:brief"
"""The action id of what leads from a brief to a card; the brief stays where it was sent."""


class Cards:
    """The cards, made of what these practices contribute."""

    def __init__(self, practices: Iterable[Practice]) -> None:
        self._contributions = [practice.card for practice in practices if practice.card is not None]

    def register(self, app: AsyncApp) -> None:
        """Connect the buttons that lead to a card and the ones on it that no practice owns."""
        app.action(clicks("client.open"))(self.open)
        app.action(clicks("card.tab"))(self.turn)
        app.action(clicks("card.notes"))(all_notes)

    async def open(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Show the card of a button's client; from a brief in a message in a window, so that the brief stays."""
        card = await self.card(here, as_id(action.get("value")))
        if action.get("action_id") == FROM_BRIEF and here.envelope.view.get("type") != "modal":
            await here.show_in_window(ack, card)
        else:
            await here.show(ack, card)

    async def turn(self, ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
        """Show another tab of a card."""
        asked = str(action.get("action_id")).partition(":")[2]
        tab = Tab(asked) if asked in set(Tab) else Tab.NOW
        await here.show(ack, await self.card(here, as_id(action.get("value")), tab))

    async def card(self, here: Here, client_id: uuid.UUID, tab: Tab = Tab.NOW) -> Panel:
        """Return a tab of a client's card as this member may see it.  Raises clients.UnknownClient."""
        values: list[Value] = []
        async with here.look() as session:
            client = await clients.get(session, client_id)
            for contribution in self._contributions if PARTS[tab] else ():
                values += (await contribution(session, [client_id], here.me, here.local)).get(client_id, ())
        return draw(client, values, today=here.local.date(), tab=tab)


def draw(client: Client, values: Sequence[Value], *, today: dt.date, tab: Tab = Tab.NOW) -> Panel:
    """Return a tab of a card from what there is to say."""
    status = client.status_on(today)
    blocks: list[Block] = [header(shorten(client.name, limits.HEADER)), actions(*_tabs(client, tab))]
    for part in PARTS[tab]:
        blocks += _part(part, [value for value in values if value.section is part])
    if tab is Tab.NOW and not client.why_hired:
        blocks.insert(2, section(NO_WHY, accessory=button("Say why", "client.why", value=str(client.id))))
    if tab is Tab.MANAGE:
        blocks += _manage(client, status)
    has_notes = any(value.section is Section.HISTORY for value in values)
    blocks.append(actions(*_often(client, status), *_here(client, status, tab, has_notes=has_notes)))
    says = f"This is {client.name}'s card: {tab.value.capitalize()}."
    return Panel(shorten(client.name, limits.VIEW_TITLE), says, blocks)


def _tabs(client: Client, on: Tab) -> list[Element]:
    return [
        button(
            tab.value.capitalize(),
            f"card.tab:{tab.value}",
            value=str(client.id),
            style="primary" if tab is on else None,
            accessibility_label=f"{tab.value.capitalize()}, shown now" if tab is on else f"Show {tab.value}",
        )
        for tab in Tab
    ]


def _part(part: Section, values: Sequence[Value]) -> list[Block]:
    if not values:
        return [section(WHERE_EMPTY[part])] if part in WHERE_EMPTY else []
    cap = CAPS.get(part, CAP)
    heaviest = sorted(values, key=lambda value: -value.weight)[:cap]
    blocks: list[Block] = []
    waiting: list[Markup] = []
    heading = HEADINGS.get(part)
    for value in heaviest:
        line = shorten_markup(value.text, LONGEST_LINE)
        if heading is not None:
            line, heading = lines([heading, line]), None
        if value.accessory is None and not value.buttons:
            waiting.append(line)
            continue
        blocks += _together(waiting)
        blocks.append(section(line, accessory=value.accessory))
        blocks += [actions(*value.buttons)] if value.buttons else []
        waiting = []
    blocks += _together(waiting)
    if len(values) > cap and part is not Section.HISTORY:
        blocks.append(context(Markup(f"and {len(values) - cap} more")))
    return blocks


def _together(waiting: Sequence[Markup]) -> list[Block]:
    apart = "\n\n" if any("\n" in line for line in waiting) else "\n"
    return [section(lines(waiting, apart))] if waiting else []


def _often(client: Client, status: Status) -> list[Element]:
    key = str(client.id)
    spoken = [] if status is Status.ENDED else [button("We've spoken", "spark.spoken", value=key)]
    return [button("Log a check-in", "checkin.log", value=key), *spoken, button("Brief", "brief.open", value=key)]


def _here(client: Client, status: Status, tab: Tab, *, has_notes: bool) -> list[Element]:
    """Return what can be done on one tab beside what stands on each."""
    key, is_over = str(client.id), status is Status.ENDED
    if tab is Tab.NOW and not is_over:
        not_now = [button("Not now", "cadence.not_now", value=key)] if status is Status.ACTIVE else []
        return [button("Add a promise", "promise.new", value=key), *not_now]
    if tab is Tab.PEOPLE:
        return [button("Add a person", "person.new", value=key)]
    if tab is Tab.NOTES and has_notes:
        return [button("All notes", "card.notes", value=f"{key}:0"), button("Story", "story.open", value=key)]
    return []


def _manage(client: Client, status: Status) -> list[Block]:
    """Return all that can be added and changed, a row for each kind."""
    key = str(client.id)
    adding = [button("Add a person", "person.new", value=key), *([] if status is Status.ENDED else _keeping(key))]
    changing = [
        button("Edit", "client.edit", value=key),
        button("Rename", "client.rename", value=key),
        button("Why they hired us", "client.why", value=key),
        *([] if status is Status.ENDED else [button("Hand over", "client.hand", value=key)]),
    ]
    return [
        section(Markup("*Add*")),
        actions(*adding),
        section(Markup("*Change*")),
        actions(*changing),
        section(Markup("*Rest*")),
        actions(*_resting(client, status)),
    ]


def _keeping(key: str) -> list[Element]:
    return [
        button("Add a date", "milestone.new", value=key),
        button("Add a promise", "promise.new", value=key),
        button("Note a blocker", "blocker.new", value=key),
        button("Note a difference", "difference.new", value=key),
        button("What's next for them?", "need.new", value=key),
    ]


def _resting(client: Client, status: Status) -> list[Element]:
    key = str(client.id)
    if status is Status.ENDED:
        return [resume_button(client)]
    if status is Status.PAUSED:
        return [resume_button(client), end_button(client)]
    not_now, pause = button("Not now", "cadence.not_now", value=key), button("Pause", "client.pause", value=key)
    return [not_now, pause, end_button(client)]


async def all_notes(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show a page of a client's notes, as this member may read them."""
    client_id, _, after = str(action.get("value")).partition(":")
    offset = int(after) if re.fullmatch(r"\d{1,6}", after, re.ASCII) else 0
    await here.show(ack, await notes(here, as_id(client_id), offset=offset))


async def notes(here: Here, client_id: uuid.UUID, *, offset: int) -> Panel:
    """Return five notes about a client, newest first, in full.  Raises clients.UnknownClient."""
    async with here.look() as session:
        client = await clients.get(session, client_id)
        found = await checkins.history(session, [client_id], here.me, limit=NOTES_A_PAGE + 1, offset=offset)
        authors = await directory.members_by_id(session, [checkin.author_id for checkin in found])
    blocks: list[Block] = [header(shorten(f"Notes about {client.name}", limits.HEADER))]
    for checkin in found[:NOTES_A_PAGE]:
        author = authors[checkin.author_id].name if checkin.author_id in authors else ""
        alone = "only you see this" if checkin.visibility is Visibility.ME else ""
        head = lines([bold(day(checkin.happened_on, here.local.date())), felt(checkin.feeling), author, alone], " · ")
        mine = may_change(checkin.author_id, here.member.id)
        label = "Add a note" if checkin.is_bare else "Edit"
        key = str(checkin.id)
        edit, thank = button(label, "checkin.edit", value=key), button("Say thanks", "kudos.give", value=key)
        blocks.append(section(head, accessory=edit if mine else thank))
        blocks += _in_full(checkin)
    if not found:
        blocks.append(section(Markup("Nothing here that you can read.")))
    blocks.append(actions(*_turning(client_id, offset, more=len(found) > NOTES_A_PAGE)))
    return Panel("Notes", f"These are the notes about {client.name}, newest first.", blocks)


def _in_full(checkin: Checkin) -> list[Block]:
    blocks = [_whole(escape(checkin.note), checkin.note)] if checkin.note else []
    if checkin.quote:
        blocks.append(_whole(markup("“{said}”", said=checkin.quote), checkin.quote))
    if checkin.unsaid:
        text = markup("_Not said:_ {unsaid}", unsaid=checkin.unsaid)
        blocks.append(_whole(text, f"Not said: {checkin.unsaid}"))
    for label, said in (("Their win", checkin.win), ("Their struggle", checkin.struggle)):
        if said:
            blocks.append(_whole(markup("_{label}:_ {said}", label=label, said=said), f"{label}: {said}"))
    return blocks


def _whole(text: Markup, unescaped: str) -> Block:
    if len(text) <= limits.TEXT:
        return section(text)
    return {"type": "section", "text": plain(shorten(unescaped, limits.TEXT))}


def _turning(client_id: uuid.UUID, offset: int, *, more: bool) -> list[Element]:
    buttons = []
    if offset:
        buttons.append(button("Newer", "card.notes:newer", value=f"{client_id}:{max(offset - NOTES_A_PAGE, 0)}"))
    if more:
        buttons.append(button("Older", "card.notes:older", value=f"{client_id}:{offset + NOTES_A_PAGE}"))
    return [*buttons, button("Back to the card", "card.tab:notes", value=str(client_id))]
