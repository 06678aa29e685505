"""What is done with dates that matter: kept, changed, dropped, answered."""

import datetime as dt
import uuid
from dataclasses import replace

from bot.practices.clients import service as clients
from bot.practices.clients import whose
from bot.practices.milestones import finding, rows
from bot.practices.milestones.ahead import Coming, UnknownMilestone, coming, readable, told
from bot.practices.milestones.rows import Details, Milestone, Said
from bot.practices.milestones.rules import Occasion, Step
from bot.practices.people import service as people
from bot.store.base import new_id
from bot.store.search import Kind, drop_entry
from bot.store.seen import first_time
from bot.store.session import Work
from bot.workspaces.directory import Member

__all__ = [
    "Coming", "Details", "Milestone", "NeedsWords", "NotTheirPerson", "Said", "UnknownMilestone", "add", "advance",
    "answer", "coming", "drop", "edit", "readable", "told", "unanswer",
]  # fmt: skip

OVER = dt.timedelta(days=2)
"""A day is over once it is over everywhere on earth, and no clock that is set back an hour brings it back."""
ADVANCED_AT_ONCE = 200


class NotTheirPerson(Exception):
    """The person is not at this client."""


class NeedsWords(Exception):
    """Something else was chosen, and nobody said what."""


async def add(session: Work, details: Details, *, by: Member, key: str, now: dt.datetime, today: dt.date) -> Coming:
    """Keep a date and return it as it comes round next; a repeat of the same key returns the first one.

    Raises clients.UnknownClient, NotTheirPerson, NeedsWords, and UnknownMilestone for one that was dropped meanwhile.
    """
    milestone = Milestone(new_id(), details, by.id, now)
    person = await _check(session, details)
    earlier = await first_time(session, key, ref=milestone.id, now=now)
    if earlier is None:
        await rows.insert(session, milestone, next_on=details.calendar.next_on(today))
        await finding.put(session, milestone, person)
    return await told(session, earlier or milestone.id, None, by, today)


async def edit(session: Work, milestone_id: uuid.UUID, details: Details, *, by: Member, today: dt.date) -> Coming:
    """Change what is known about a date.

    Raises UnknownMilestone, clients.NotTheirs, whose.NotTheirsAlone, clients.UnknownClient, NotTheirPerson and
    NeedsWords.
    """
    kept = await editable(session, milestone_id, by=by, today=today)
    await whose.require_author(session, kept, details.visibility, by)
    person = await _check(session, details)
    await rows.change(session, milestone_id, details, next_on=details.calendar.next_on(today))
    await finding.put(session, replace(kept.milestone, details=details), person)
    return await told(session, milestone_id, None, by, today)


async def drop(session: Work, milestone_id: uuid.UUID, *, by: Member, today: dt.date) -> Coming:
    """Forget a date; return what it was.  Raises UnknownMilestone and clients.NotTheirs."""
    kept = await editable(session, milestone_id, by=by, today=today)
    await rows.drop(session, milestone_id)
    await drop_entry(session, Kind.DATE, milestone_id)
    return kept


async def editable(session: Work, milestone_id: uuid.UUID, *, by: Member, today: dt.date) -> Coming:
    """Return a date that a member may change: its author, the client's team and who covers there, an admin.

    Raises UnknownMilestone and clients.NotTheirs.
    """
    kept = await told(session, milestone_id, None, by, today)
    if kept.milestone.author_id != by.id:
        await clients.require_editor(session, kept.client, by)
    return kept


async def answer(
    session: Work,
    milestone_id: uuid.UUID,
    on: dt.date,
    step: Step,
    *,
    words: str | None = None,
    by: Member,
    now: dt.datetime,
    today: dt.date,
) -> Coming:
    """Note what a member says about one time a date comes round; the same twice is said once.

    Raises UnknownMilestone.
    """
    before = (await told(session, milestone_id, on, by, today)).said
    if before is None or (before.step, before.said, before.member_id) != (step, words, by.id):
        await rows.say(session, Said(new_id(), milestone_id, on, step, words, by.id, now))
    return await told(session, milestone_id, on, by, today)


async def unanswer(
    session: Work, milestone_id: uuid.UUID, on: dt.date, said_id: uuid.UUID, *, by: Member, today: dt.date
) -> Coming:
    """Take back what a member said about one time; whoever sees the date may, and twice does it once.

    Raises UnknownMilestone.
    """
    await told(session, milestone_id, on, by, today)
    await rows.unsay(session, said_id, milestone_id)
    return await told(session, milestone_id, on, by, today)


async def advance(session: Work, now: dt.datetime) -> int:
    """Have dates that have passed come round again; return how many there were."""
    floor = (now - OVER).astimezone(dt.UTC).date()
    found = await rows.passed(session, floor, limit=ADVANCED_AT_ONCE)
    for milestone, passed_on in found:
        await rows.moved(session, milestone.id, passed_on, milestone.details.calendar.next_on(floor))
    return len(found)


async def _check(session: Work, details: Details) -> str:
    """Return the name of whose date it is, empty where it is about the client itself."""
    client = await clients.get(session, details.client_id)
    person = ""
    if details.contact_id is not None:
        theirs = {contact.id: contact.name for contact in (await people.of_clients(session, [client.id]))[client.id]}
        if details.contact_id not in theirs:
            raise NotTheirPerson
        person = theirs[details.contact_id]
    if details.occasion is Occasion.OTHER and not details.title:
        raise NeedsWords
    return person
