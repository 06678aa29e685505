"""Why a client hired us: asked once, opens every brief, and is asked again twice a year."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from bot.practices.clients import rows
from bot.practices.clients.finding import get
from bot.practices.clients.rows import Client
from bot.practices.clients.rules import WHY_HOLDS, WHY_LABELS, Status, WhyType
from bot.practices.practice import Occasion, Section, Value
from bot.slack.blocks import Element, button, confirm
from bot.slack.text import Markup, bold, lines, markup, one_line
from bot.store.search import Entry, Kind, put_entry
from bot.store.session import Work
from bot.workspaces.holidays import LONGEST_REST
from bot.workspaces.visibility import Audience, Person, Visibility
from bot.workspaces.workdays import first_working_day, works

SHOWN: Final = 300
WEIGHT: Final = 100
IN_MORNING: Final = "morning"
"""Ends the action id of what stands in somebody's own morning, which is written anew after a press."""
DAYS_A_MONTH: Final = 30.4


async def set_why(
    session: Work, client_id: uuid.UUID, text: str, kind: WhyType | None = None, *, on: dt.date | None = None
) -> Client:
    """Write down why a client hired us, said on a day; None: nobody knows when, so it is not asked again."""
    await get(session, client_id)
    said = text.strip() or None
    await rows.change(session, client_id, why_hired=said, why_type=kind, why_confirmed_on=on if said else None)
    client = await get(session, client_id)
    entry = Entry(client_id, client_id, client.created_by, Visibility.EVERYONE)
    await put_entry(session, Kind.WHY, entry, in_words(client))
    return client


def in_words(client: Client) -> str:
    """Return why a client hired us and what kind of reason that is, as it is found; empty where nobody said why."""
    return " · ".join(part for part in (client.why_hired, _kind(client)) if part) if client.why_hired else ""


def _kind(client: Client) -> str:
    return WHY_LABELS[client.why_type] if client.why_type not in {None, WhyType.OTHER} else ""


async def confirm_why(session: Work, client_id: uuid.UUID, on: dt.date) -> Client:
    """Note on which day somebody said that it still is so; nothing happens where nobody said why."""
    if (await get(session, client_id)).why_hired:
        await rows.change(session, client_id, why_confirmed_on=on)
    return await get(session, client_id)


async def ask_why(session: Work, client_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Return whether to ask why a client hired us: True once for each client, and only while that is unknown."""
    return await rows.ask_why_once(session, client_id, now=now)


def on_card(client: Client, today: dt.date) -> Iterator[Value]:
    """Return why a client hired us, and whether that is to be asked again."""
    if client.why_hired:
        yield Value(Section.WHY, lines([_quoted(client.why_hired), _kind(client)], " · "), weight=WEIGHT)
    if is_stale(client, today):
        ask = markup("Still why? Asked {ago}.", ago=_ago(client, today))
        yield Value(Section.WHY, ask, buttons=_buttons(client))


def is_stale(client: Client, today: dt.date) -> bool:
    """Return whether it is time to ask whether a client still hires us for what is known."""
    due = client.why_asked_on
    return due is not None and due <= today and client.status_on(today) is not Status.ENDED


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return why each client hired us: the first line of a brief."""
    _ = audience, now  # everyone of ours may know these
    found = await rows.get_many(session, [one.client_id for one in occasions])
    known = {client.id: client.why_hired for client in found.values()}
    return {key: [Value(Section.WHY, _quoted(why), weight=WEIGHT)] for key, why in known.items() if why}


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Ask whoever looks after a client, once, whether it still hires us for what is known."""
    if not isinstance(audience, Person) or not client_ids:
        return {}
    on, found = now.date(), await rows.get_many(session, client_ids)
    stale = [client for client in found.values() if is_stale(client, on) and client.status_on(on) is Status.ACTIVE]
    if not stale:
        return {}
    works_on = await works(session, audience.id)
    said: dict[uuid.UUID, Sequence[Value]] = {}
    for client in stale:
        if client.why_asked_on is not None and first_working_day(client.why_asked_on, works_on) == on:
            about = {"client": client.name, "why": _short(client.why_hired or "")}
            text = markup("*Why {client} hired us:* “{why}”. Is it still that?", **about)
            said[client.id] = [Value(Section.WHY, text, buttons=_buttons(client, IN_MORNING))]
    return said


async def stirring(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients about whose reason somebody may be asked on a day."""
    return await rows.why_confirmed(session, *_days(on))


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces that have such clients."""
    return await rows.why_confirmed_in(session, workspace_ids, *_days(on))


def _days(on: dt.date) -> tuple[dt.date, dt.date]:
    return on - WHY_HOLDS - LONGEST_REST, on - WHY_HOLDS


def _quoted(why: str) -> Markup:
    return markup("{title} “{why}”", title=bold("Why us:"), why=_short(why))


def _short(why: str) -> str:
    return one_line(why, SHOWN)


def _ago(client: Client, today: dt.date) -> str:
    days = (today - (client.why_confirmed_on or today)).days
    months = round(days / DAYS_A_MONTH)
    return f"{months} months ago" if months < 24 else f"{months // 12} years ago"


def _buttons(client: Client, where: str = "card") -> tuple[Element, ...]:
    key = str(client.id)
    edit = button("Edit", "client.why", value=key, accessibility_label="Edit why they hired us")
    sure = confirm("Still true?", "Ember asks again in half a year.", "Still true", "Not now")
    asks = sure if where == IN_MORNING else None  # a card shows a way back, a morning only loses the line
    return (button("Still true", f"client.why_true:{where}", value=key, confirm=asks), edit)
