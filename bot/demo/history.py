"""A year of conversations, written through the practices as if each had been logged on its day."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.demo.agency import Agency, Dated, Promised, Story, Told, Town, moment, working_day
from bot.practices.blockers import service as blockers
from bot.practices.blockers.rules import Side
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Feeling, Medium, Setting, Signal, Via
from bot.practices.checkins.service import Note, Receipt
from bot.practices.clients import service as clients
from bot.practices.clients.rules import Stage
from bot.practices.clients.service import Details
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import LEADS, Calendar, Occasion
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import MANY, Field
from bot.practices.people import service as people
from bot.practices.promises import service as promises
from bot.practices.promises.rules import Guess, PromiseState
from bot.store.engine import Store
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces import settings
from bot.workspaces.directory import Channel, Member
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import Lookup

READERS = {"team": Visibility.TEAM, "everyone": Visibility.EVERYONE, "me": Visibility.ME}
OPENS, CLOSES = 9, 17


@dataclass(frozen=True)
class Book:
    """Who and what Ember knows by name, and the day it is."""

    members: Mapping[str, Member]
    channels: Mapping[str, Channel]
    today: dt.date


async def write(
    store: Store, lookup: Lookup, workspace: Workspace, agency: Agency, town: Town, now: dt.datetime
) -> None:
    """Keep every client of the agency with its year, one transaction each."""
    by_id = await lookup.members(workspace, [one.id for one in town.members.values()], now=now)
    rooms = await lookup.channels(workspace, [one.id for one in town.channels.values()], now=now)
    book = Book(
        {name: by_id[one.id] for name, one in town.members.items()},
        {name: rooms[one.id] for name, one in town.channels.items()},
        today_of(agency, now),
    )
    async with store.work(workspace.id) as session:
        known = replace(await settings.read(session), team_channel_id=book.channels[agency.team_channel].id)
        await settings.change(session, known, by=book.members[agency.colleagues[0].name], now=now)
    for story in agency.stories:
        async with store.work(workspace.id) as session:
            await _tell(session, story, book)


def today_of(agency: Agency, now: dt.datetime) -> dt.date:
    """Return the day it is for whoever the page opens as: the first colleague."""
    return now.astimezone(ZoneInfo(agency.colleagues[0].tz)).date()


async def _tell(session: Work, story: Story, book: Book) -> None:
    owner = book.members[story.owner]
    began = working_day(book.today, story.started)
    client = await clients.set_up(
        session,
        Details(
            name=story.name,
            owner=owner.id,
            rhythm_days=story.rhythm,
            backup=book.members[story.backup].id,
            team=frozenset(book.members[name].id for name in story.team),
            heard_in=frozenset({book.channels[story.heard_in].id}),
            started_on=began,
            stage=Stage(story.stage),
        ),
        by=owner.id,
        key=f"demo:{story.name}",
        now=_office_hours(began, story.started, owner.tz),
        today=began,
    )
    if story.why is not None:
        await clients.set_why(session, client.id, story.why)
    contacts = {
        person.name: (
            await people.add(
                session,
                client.id,
                person.name,
                person.job,
                person.tz,
                email=person.email,
                by=owner.id,
                key=f"demo:{story.name}:{person.name}",
                now=_office_hours(began, story.started, owner.tz),
            )
        ).id
        for person in story.people
    }
    await _known(session, story, owner, contacts, book)
    if story.spoken is not None:
        for days in range(story.spoken.first, story.spoken.last - 1, -story.spoken.every):
            await _record(session, story, days, owner, Note(client.id, None, "", Via.SPOKEN), book)
    for told in sorted(story.notes, key=lambda each: -each.days):
        by, note = book.members[told.by], _note(told, client.id, contacts, book.today)
        kept = await _record(session, story, told.days, by, note, book)
        if told.promise is not None and kept.promise is not None:
            await _settle(session, told.promise, kept.promise.id, by, book)
    for date in story.dates:
        key, now = f"demo:{story.name}:{date.who}:{date.occasion}", _office_hours(began, story.started, owner.tz)
        details = _date(date, client.id, contacts[date.who], book.today)
        await milestones.add(session, details, by=owner, key=key, now=now, today=book.today)
    for place, one in enumerate(story.blocked):
        by, since = book.members[one.by], working_day(book.today, one.days)
        blocked = blockers.Details(one.what, one.cause, Side(one.side), None, since, Visibility.TEAM)
        key, now = f"demo:{story.name}:blocked:{place}", _office_hours(since, one.days, by.tz)
        await blockers.add(session, client.id, blocked, by=by, key=key, now=now)
    if story.paused is not None:
        began, ends = working_day(book.today, story.paused.days), working_day(book.today, -story.paused.until_in)
        await clients.pause(session, client.id, ends, today=began)


async def _known(session: Work, story: Story, owner: Member, contacts: Mapping[str, uuid.UUID], book: Book) -> None:
    """Write down what the owner knows about the people of a client, and who reports to whom."""
    for person in story.people:
        contact_id = contacts[person.name]
        if person.boss is not None:
            about = (person.name, person.job, person.tz)
            await people.edit(session, contact_id, *about, email=person.email, reports_to=contacts[person.boss])
        for place, fact in enumerate(person.known):
            field, said = Field(fact.field), nuance.Said(fact.text, fact.why)
            now = _office_hours(working_day(book.today, fact.days), fact.days, owner.tz)
            if field in MANY:
                key = f"demo:{story.name}:{person.name}:{place}"
                await nuance.add(session, contact_id, field, said, Visibility.TEAM, by=owner, key=key, now=now)
            else:
                await nuance.write(session, contact_id, {field: said}, by=owner, now=now)


def _date(told: Dated, client_id: uuid.UUID, contact_id: uuid.UUID, today: dt.date) -> milestones.Details:
    on = working_day(today + dt.timedelta(days=told.ahead), 0)
    year = on.year - told.years if told.years is not None else None
    when = Calendar(on.month, on.day, year)
    occasion = Occasion(told.occasion)
    return milestones.Details(client_id, contact_id, occasion, "", when, LEADS, told.note, Visibility.TEAM)


async def _record(session: Work, story: Story, days: int, by: Member, note: Note, book: Book) -> Receipt:
    then = _office_hours(working_day(book.today, days), days, by.tz)
    return await checkins.record(session, note, by=by, key=f"demo:{story.name}:{days}", now=then)


async def _settle(session: Work, told: Promised, promise_id: uuid.UUID, by: Member, book: Book) -> None:
    """Note what became of a promise, on the day it was due."""
    then = _office_hours(working_day(book.today, -told.due_in), -told.due_in, by.tz)
    await promises.settle(session, promise_id, by=by, state=PromiseState(told.became), now=then)


def _note(told: Told, client_id: uuid.UUID, contacts: Mapping[str, uuid.UUID], today: dt.date) -> Note:
    promise = told.promise
    return Note(
        client_id,
        Feeling[told.left.upper()],
        told.note,
        Via.MODAL,
        visibility=READERS[told.readers],
        unsaid=told.unsaid,
        win=told.win,
        quote=told.quote,
        medium=Medium(told.how),
        setting=Setting(told.setting) if told.setting else None,
        details=checkins.Details(
            frozenset(contacts[name] for name in told.people), frozenset(Signal(each) for each in told.noticed)
        ),
        promise=Guess(promise.what, working_day(today, -promise.due_in), promise.theirs) if promise else None,
    )


def _office_hours(day: dt.date, number: int, tz: str) -> dt.datetime:
    """Return an instant in somebody's working day, another one for each number."""
    hour, minute = OPENS + number * 5 % (CLOSES - OPENS), number * 17 % 60
    return moment(day, f"{hour:02}:{minute:02}", tz)
