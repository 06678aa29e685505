"""What is said about blockers: on cards and in a person's own brief, and once, on the seventh day, in a morning.

A room never hears of one, whoever may read it: it was noticed, not said.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.practices.blockers import rows
from bot.practices.blockers.rows import Blocker
from bot.practices.blockers.rules import ASKED_AFTER, DAY, LABELS, Side, asked_from
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.milestones.duty import on_duty
from bot.practices.practice import Occasion, Section, Value
from bot.slack import limits
from bot.slack.blocks import Element, button, option, overflow
from bot.slack.text import Markup, day, lines, markup, one_line, shorten
from bot.store.session import Work
from bot.workspaces.holidays import LONGEST_REST
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, Person, may_see
from bot.workspaces.workdays import first_working_day, works

MOST: Final = 100
IN_BRIEF: Final = 2
WEIGHT: Final = 10
SHOWN: Final = 200
SHOWN_IN_BRIEF: Final = 80


async def card(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is in each client's way, with what can be done about it."""
    if not isinstance(audience, Person):
        return {}
    said: dict[uuid.UUID, list[Value]] = {}
    for one in await rows.open_ones(session, client_ids, audience, limit=MOST):
        age = (now.date() - one.details.opened_on).days
        value = Value(Section.NEEDS, line(one, now.date()), WEIGHT + age, one.id, accessory=_menu(one))
        said.setdefault(one.client_id, []).append(value)
    return said


async def brief(
    session: Work, occasions: Collection[Occasion], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Return what is in each client's way, with the other way round, for one person to read."""
    if not isinstance(audience, Person):
        return {}
    by_client: dict[uuid.UUID, list[Blocker]] = {}
    for one in await rows.open_ones(session, [each.client_id for each in occasions], audience, limit=MOST):
        by_client.setdefault(one.client_id, []).append(one)
    return {client_id: [_in_brief(theirs, now.date())] for client_id, theirs in by_client.items()}


async def morning(
    session: Work, client_ids: Collection[uuid.UUID], audience: Audience, now: dt.datetime
) -> Mapping[uuid.UUID, Sequence[Value]]:
    """Ask one person once for another way round: whoever looks after the client and may read it, else its author."""
    if not isinstance(audience, Person):
        return {}
    on = now.date()
    candidates = await rows.unanswered(session, *_days(on))
    mine = [one for one in candidates if one.client_id in client_ids or one.author_id == audience.id]
    if not mine:
        return {}
    works_on = await works(session, audience.id)
    due = [one for one in mine if first_working_day(_asked_from(one, now), works_on) == on]
    named = await clients.get_many(session, {one.client_id for one in due})
    asked = await _asked(session, due, on)
    said: dict[uuid.UUID, list[Value]] = {}
    for one in due:
        client = named.get(one.client_id)
        if asked[one.id] == audience.id and client is not None and client.status_on(on) is Status.ACTIVE:
            said.setdefault(client.id, []).append(_question(one, client.name, on))
    return said


async def stirring(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the clients for whom another way round may be asked for on a day."""
    return {one.client_id for one in await rows.unanswered(session, *_days(on))}


async def stirring_workspaces(session: Work, workspace_ids: Collection[uuid.UUID], on: dt.date) -> set[uuid.UUID]:
    """Return those among many workspaces that have such clients."""
    return await rows.unanswered_in(session, workspace_ids, *_days(on))


async def writers(session: Work, on: dt.date) -> set[uuid.UUID]:
    """Return the members who noted what may be asked about on a day, by our ids."""
    return await rows.authors(session, *_days(on))


async def all_writers(session: Work) -> set[uuid.UUID]:
    """Return the members who noted anything that has no other way round, by our ids."""
    return await rows.authors(session, dt.datetime.min.replace(tzinfo=dt.UTC), dt.date.max)


def line(one: Blocker, on: dt.date) -> Markup:
    """Return a blocker as a card says it, with the other way round beneath."""
    said = one.details
    side = LABELS[said.side] if said.side is not Side.NOT_KNOWN else ""
    cause = f"perhaps {one_line(said.cause, SHOWN)}" if said.cause else ""
    what = markup("*In the way:* {what}", what=one_line(said.what, SHOWN))
    head = lines([what, f"since {day(said.opened_on, on)}", side, cause], " · ")
    way = markup("Another way round: {way}", way=one_line(said.other_way, SHOWN)) if said.other_way else Markup("")
    return lines([head, way])


def _in_brief(theirs: Sequence[Blocker], on: dt.date) -> Value:
    """Return all of a client's blockers on one line: "In the way: … since Tue 12 May (another way round: …)"."""
    said = [_with_way(one, on) for one in theirs[:IN_BRIEF]]
    more = f"and {len(theirs) - IN_BRIEF} more" if len(theirs) > IN_BRIEF else ""
    text = markup("*In the way:* {said}", said=lines([*said, more], " · "))
    return Value(Section.NEEDS, text, weight=WEIGHT)


def _with_way(one: Blocker, on: dt.date) -> Markup:
    said = one.details
    since = markup("{what}, since {day}", what=one_line(said.what, SHOWN_IN_BRIEF), day=day(said.opened_on, on))
    if not said.other_way:
        return since
    return markup("{since} (another way round: {way})", since=since, way=one_line(said.other_way, SHOWN_IN_BRIEF))


def _question(one: Blocker, client: str, on: dt.date) -> Value:
    about = {"client": client, "what": one_line(one.details.what, SHOWN), "since": day(one.details.opened_on, on)}
    text = markup("*{client}:* “{what}”, since {since}. Is there another way round?", **about)
    heard = shorten(f"Another way round: {one.details.what}", limits.ACCESSIBILITY_LABEL)
    key = str(one.id)
    row = (
        button("Note another way", "blocker.edit", value=key, accessibility_label=heard),
        button("It's over", "blocker.close", value=key),
    )
    return Value(Section.NEEDS, text, WEIGHT, one.id, buttons=row)


def _menu(one: Blocker) -> Element:
    key = str(one.id)
    return overflow("blocker.more", [option("It's over", f"close:{key}"), option("Edit", f"edit:{key}")])


def _asked_from(one: Blocker, now: dt.datetime) -> dt.date:
    return asked_from(one.details.opened_on, one.created_at.astimezone(now.tzinfo).date())


def _days(on: dt.date) -> tuple[dt.datetime, dt.date]:
    """Return since which instant what may be asked about on a day was noted, and since which day at the latest it is.

    What is noted is there already: nothing waits for longer than a week and a rest.
    """
    noted_on = on - ASKED_AFTER - LONGEST_REST - DAY
    return dt.datetime.combine(noted_on, dt.time.min, dt.UTC), on - ASKED_AFTER


async def _asked(session: Work, due: Sequence[Blocker], on: dt.date) -> dict[uuid.UUID, uuid.UUID]:
    """Return who is asked about each blocker, by our ids."""
    ids = {one.client_id for one in due}
    duty, team_of = await on_duty(session, ids, on), await teams(session, ids)
    found = {}
    for one in due:
        who = duty.get(one.client_id)
        found[one.id] = who if who is not None and _may_see(one, who, team_of[one.client_id]) else one.author_id
    return found


def _may_see(one: Blocker, who: uuid.UUID, team: Collection[uuid.UUID]) -> bool:
    readers = one.details.visibility
    return may_see(Person(who), readers, client_id=one.client_id, team=team, author_id=one.author_id)
