"""What cards and briefs say about promises: what we owe, and what we wait for."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.practices.practice import Occasion, Section, Value
from bot.practices.promises import drawing, rows, wording
from bot.practices.promises.rows import Promise
from bot.slack.text import Markup, lines, markup
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person

SHOWN: Final = 200
IN_BRIEF: Final = 3
WEIGHT: Final = 10


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return the open promises of each client, soonest first; a person can say what became of them."""
    found = await rows.open_ones(session, client_ids, audience, limit=SHOWN)
    known = await members_by_id(session, {promise.carrier_id for promise in found})
    said: dict[uuid.UUID, list[Value]] = {client_id: [] for client_id in client_ids}
    for promise in found:
        carrier = known[promise.carrier_id].name if promise.carrier_id in known else ""
        text, late = wording.line(promise, carrier, now), (now.date() - promise.due_on).days
        row = drawing.on_card(promise) if isinstance(audience, Person) else ()
        value = Value(Section.PROMISES, text, late, promise.id, buttons=row, on=promise.due_on)
        said[promise.client_id].append(value)
    return said


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what both sides owe: "We owe: media plan, today. They owe: brand files, 6 days"."""
    found = await rows.open_ones(session, [one.client_id for one in occasions], audience, limit=SHOWN)
    by_client: dict[uuid.UUID, list[Promise]] = {}
    for promise in found:
        by_client.setdefault(promise.client_id, []).append(promise)
    return {client_id: [_owed(theirs, now)] for client_id, theirs in by_client.items()}


def _owed(found: Sequence[Promise], now: dt.datetime) -> Value:
    ours = [f"{wording.owed(one)}, {wording.when(one, now.date())}" for one in found if not one.theirs]
    theirs = [f"{wording.owed(one)}, {_age(one, now)}" for one in found if one.theirs]
    parts = [_side(Markup("*We owe:*"), ours), _side(Markup("*They owe:*"), theirs)]
    which = uuid.uuid5(
        found[0].id, " ".join(f"{one.id} {one.due_on}" for one in found)
    )  # the days that pass are no news
    return Value(Section.PROMISES, lines(parts, ". "), WEIGHT, which, on=found[0].due_on)


def _age(promise: Promise, now: dt.datetime) -> str:
    """Return how long we have waited for something: since it was due, else since it was promised."""
    late = (now.date() - promise.due_on).days
    return wording.days(late) if late > 0 else wording.when(promise, now.date())


def _side(title: Markup, said: Sequence[str]) -> Markup:
    more = f"and {len(said) - IN_BRIEF} more" if len(said) > IN_BRIEF else ""
    shown = lines([*said[:IN_BRIEF], more], " · ")
    return markup("{title} {shown}", title=title, shown=shown) if said else Markup("")
