"""One thing to call about: an overdue promise, a date ahead, the last note in its author's words, else their cause."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.practices.checkins import service as checkins
from bot.practices.checkins.service import Checkin
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Fact
from bot.practices.practice import Section, Value
from bot.practices.promises import service as promises
from bot.practices.promises.service import Promise
from bot.slack.text import Markup, day, markup, one_line
from bot.store.session import Work
from bot.workspaces.directory import members_by_id
from bot.workspaces.visibility import Audience, Person

SHOWN: Final = 140
AHEAD: Final = dt.timedelta(days=14)
PROMISES: Final = 200
CAUSES: Final = frozenset({Field.CAUSE})
PLAIN: Final = Markup("ask how they are, and what is on their mind")


async def ideas(
    session: Work,
    client_ids: Collection[uuid.UUID],
    audience: Audience,
    on: dt.date,
    *,
    coming: Mapping[uuid.UUID, Sequence[Value]],
) -> dict[uuid.UUID, Markup]:
    """Return one idea for each client, of what an audience may read; coming: what practices say about dates ahead."""
    late: dict[uuid.UUID, Promise] = {}
    for promise in await promises.due_by(session, client_ids, audience, on - dt.timedelta(days=1), limit=PROMISES):
        known = late.setdefault(promise.client_id, promise)
        if known.theirs and not promise.theirs:
            late[promise.client_id] = promise
    said = await checkins.quotable(session, client_ids, audience)
    causes = {one.client_id: one for one in reversed(await nuance.of_clients(session, client_ids, audience, CAUSES))}
    authors = await members_by_id(session, {one.author_id for one in said.values()})
    names = {member.id: member.name for member in authors.values()}
    if isinstance(audience, Person):
        names[audience.id] = "you"
    found = {}
    for client_id in client_ids:
        ahead, last, cause = _ahead(coming.get(client_id, ()), on), said.get(client_id), causes.get(client_id)
        found[client_id] = idea(late.get(client_id), ahead, last, names, on, cause=cause)
    return found


def _ahead(values: Sequence[Value], on: dt.date) -> Value | None:
    dates = [value for value in values if value.section is Section.COMING and value.on and value.on <= on + AHEAD]
    return min(dates, key=lambda value: value.on or on, default=None)


def idea(
    owed: Promise | None,
    ahead: Value | None,
    last: Checkin | None,
    names: Mapping[uuid.UUID, str],
    on: dt.date,
    *,
    cause: Fact | None = None,
) -> Markup:
    """Return an idea in words, without its heading; names: how authors are called."""
    if owed is not None:
        what, due = one_line(owed.what, SHOWN), day(owed.due_on, on)
        if owed.theirs:
            return markup("ask for “{what}”, which they promised for {due}", what=what, due=due)
        return markup("“{what}”, which we promised for {due}", what=what, due=due)
    if ahead is not None:
        return ahead.text
    if last is not None:
        return markup(
            "pick up from “{note}” ({author}, {day})",
            note=one_line(last.note, SHOWN),
            author=names.get(last.author_id, "someone"),
            day=day(last.happened_on, on),
        )
    if cause is not None:
        what = one_line(cause.text, SHOWN)
        return markup("ask what you could do for what they care about: {what}", what=what)
    return PLAIN
