"""What is said about promises unasked: to a team what is due, to a person what is theirs to keep or to ask for."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.clients import service as clients
from bot.practices.practice import Section, Value
from bot.practices.promises import rows
from bot.practices.promises.rows import Promise
from bot.practices.promises.rules import PromiseState
from bot.slack import limits
from bot.slack.blocks import Element, button
from bot.slack.text import Markup, bold, day, lines, markup, shorten
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person

LATE_FOR = dt.timedelta(days=14)
"""How long a promise whose day has passed is brought up unasked; its client's card goes on showing it."""
STAYS_HOURS = 12
"""From how many hours before midday on a promise counts as settled on the day itself."""
MOST = 200
WHAT_SHOWN = 100


async def stirring(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients with a promise that is due on a day or was lately."""
    return await rows.due_clients(session, on - LATE_FOR, on)


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among these workspaces that have such clients."""
    return await rows.due_workspaces(session, workspace_ids, on - LATE_FOR, on)


async def carriers(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the members, by our ids, who promised something that is due on a day or was lately."""
    return await rows.carriers(session, on - LATE_FOR, on)


async def all_carriers(session: Work) -> set[uuid.UUID]:
    """Return the members, by our ids, who promised anything that is open still."""
    return await rows.carriers(session, dt.date.min, dt.date.max)


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is due today or late, ours with who carries it: "media plan for Northwind, today, Ana"."""
    on = now.date()
    found = await _due(session, client_ids, audience, on)
    authors = await members_by_id(session, {promise.author_id for promise in found})
    named = await clients.get_many(session, {promise.client_id for promise in found})
    said: dict[uuid.UUID, list[Value]] = {}
    for promise in found:
        what, client = _what(promise), named[promise.client_id].name
        if promise.theirs:
            text = markup("{client} owe us {what}, {when}", client=client, what=what, when=_when(promise, on))
        else:
            author = authors[promise.author_id].name if promise.author_id in authors else ""
            about = markup("{what} for {client}", what=what, client=client)
            text = lines([about, _when(promise, on), author], ", ")
        said.setdefault(promise.client_id, []).append(_value(promise, text, on))
    return said


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what a person promised, to any client, and what the clients that they look after owe us.

    What is done stays in sight for the day.
    """
    on, me = now.date(), audience.id if isinstance(audience, Person) else None
    theirs = [promise for promise in await _due(session, client_ids, audience, on) if promise.theirs]
    since, settled = on - LATE_FOR, now - dt.timedelta(hours=STAYS_HOURS)
    mine = [] if me is None else await rows.carried(session, me, since=since, until=on, settled=settled, limit=MOST)
    named = await clients.get_many(session, {promise.client_id for promise in (*mine, *theirs)})
    said: dict[uuid.UUID, list[Value]] = {}
    for promise in (*mine, *theirs):
        if promise.client_id in named:
            said.setdefault(promise.client_id, []).append(_to_do(promise, named[promise.client_id].name, on))
    return said


def _to_do(promise: Promise, client: str, on: dt.date) -> Value:
    """Return a promise with the button that says it is done, or takes that back."""
    what, name, key = _what(promise), bold(client), str(promise.id)
    if promise.state is PromiseState.KEPT:
        text = markup("✓ {client} {what} · done", client=name, what=what)
        return _value(promise, text, on, button("Undo", "promise.undo", value=key))
    ours = markup("*You promised* {client}", client=name)
    who = markup("{client} promised us", client=name) if promise.theirs else ours
    text = markup("{who} {what}, {when}", who=who, what=what, when=_when(promise, on))
    heard = shorten(f"Done: {promise.what}", limits.ACCESSIBILITY_LABEL)
    return _value(promise, text, on, button("Done", "promise.done", value=key, accessibility_label=heard))


async def _due(session: Work, client_ids: Collection[uuid.UUID], audience: Audience, on: dt.date) -> list[Promise]:
    found = await rows.open_ones(session, client_ids, audience, until=on, limit=MOST)
    return [promise for promise in found if promise.due_on >= on - LATE_FOR]


def _value(promise: Promise, text: Markup, on: dt.date, beside: Element | None = None) -> Value:
    late = (on - promise.due_on).days
    return Value(Section.PROMISES, text, weight=late, subject=promise.id, accessory=beside, on=promise.due_on)


def _what(promise: Promise) -> str:
    return shorten(" ".join(promise.what.split()), WHAT_SHOWN)


def _when(promise: Promise, on: dt.date) -> str:
    late = (on - promise.due_on).days
    if late <= 0:
        return "today" if late == 0 else f"by {day(promise.due_on, on)}"
    return "1 day late" if late == 1 else f"{late} days late"
