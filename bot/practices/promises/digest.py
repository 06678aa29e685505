"""What is said about promises unasked: to a team what is due, to a person what is theirs to keep or to ask for."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from bot.practices.clients import service as clients
from bot.practices.practice import Section, Value
from bot.practices.promises import drawing, rows, wording
from bot.practices.promises.rows import Promise
from bot.practices.promises.rules import PromiseState
from bot.slack.blocks import Element, button
from bot.slack.text import Markup, bold, lines, markup
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person

LATE_FOR = dt.timedelta(days=14)
"""How long a promise whose day has passed is brought up unasked; its client's card goes on showing it."""
STAYS_HOURS = 12
"""From how many hours before midday on a promise counts as settled on the day itself."""
MOST = 200


async def stirring(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients with a promise that is due on a day or was lately."""
    return await rows.due_clients(session, on - LATE_FOR, on)


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among these workspaces that have such clients."""
    return await rows.due_workspaces(session, workspace_ids, on - LATE_FOR, on)


async def carriers(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the members, by our ids, who carry a promise that is due on a day or was lately."""
    return await rows.carriers(session, on - LATE_FOR, on)


async def all_carriers(session: Work) -> set[uuid.UUID]:
    """Return the members, by our ids, who carry any promise that is open still."""
    return await rows.carriers(session, dt.date.min, dt.date.max)


async def digest(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is due today or late, ours with who carries it: "media plan for Northwind, today, Ana"."""
    on = now.date()
    found = await _due(session, client_ids, audience, on)
    known = await members_by_id(session, {promise.carrier_id for promise in found})
    named = await clients.get_many(session, {promise.client_id for promise in found})
    said: dict[uuid.UUID, list[Value]] = {}
    for promise in found:
        what, when, client = wording.what(promise), wording.when(promise, on), named[promise.client_id].name
        if promise.theirs:
            text = markup("{client} owe us {what}, {when}", client=client, what=what, when=when)
        else:
            carrier = known[promise.carrier_id].name if promise.carrier_id in known else ""
            about = markup("{what} for {client}", what=what, client=client)
            text = lines([about, when, carrier], ", ")
        said.setdefault(promise.client_id, []).append(_value(promise, text, on))
    return said


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what a person carries, for any client, and what the clients that they look after owe us.

    What is done stays in sight for the day.
    """
    on, me = now.date(), audience if isinstance(audience, Person) else None
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
    """Return a promise with the buttons that say what became of it, or take that back."""
    what, name = wording.what(promise), bold(client)
    if promise.state is not PromiseState.OPEN:
        outcome = wording.OUTCOMES[promise.state]
        text = markup("✓ {client} {what} · {outcome}", client=name, what=what, outcome=outcome)
        return _value(promise, text, on, button("Undo", "promise.undo", value=str(promise.id)))
    ours = markup("*You promised* {client}", client=name)
    who = markup("{client} promised us", client=name) if promise.theirs else ours
    text = markup("{who} {what}, {when}", who=who, what=what, when=wording.when(promise, on))
    return _value(promise, text, on, buttons=drawing.in_morning(promise))


async def _due(session: Work, client_ids: Collection[uuid.UUID], audience: Audience, on: dt.date) -> list[Promise]:
    found = await rows.open_ones(session, client_ids, audience, until=on, limit=MOST)
    return [promise for promise in found if promise.due_on >= on - LATE_FOR]


def _value(
    promise: Promise, text: Markup, on: dt.date, beside: Element | None = None, buttons: tuple[Element, ...] = ()
) -> Value:
    late = (on - promise.due_on).days
    subject, due_on = promise.id, promise.due_on
    return Value(Section.PROMISES, text, late, subject, accessory=beside, buttons=buttons, on=due_on)
