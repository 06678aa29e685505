"""Dates that matter on the day when they come round, with whose they are and what was said about them."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.practices.clients import service as clients
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Client
from bot.practices.milestones import duty, rows, wording
from bot.practices.milestones.rows import Milestone, Said
from bot.practices.milestones.rules import Step
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.slack.errors import Refused
from bot.store.search import Visibility
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.teams import teams
from bot.workspaces.visibility import Audience, as_reader, may_see

GONE = "That date is not kept here any more."
MOVED = "That date was changed meanwhile. Please open it again."


class UnknownMilestone(Refused):
    """No such date here, or none that this person may see; the sentence says so."""


@dataclass(frozen=True)
class Coming:
    """A date on a day when it comes round, whose it is, and what was said about it this time and the last."""

    milestone: Milestone
    on: dt.date
    client: Client
    contact: Contact | None
    said: Said | None = None
    earlier: Said | None = None
    names: Mapping[uuid.UUID, str] = field(default_factory=dict)

    @property
    def client_id(self) -> uuid.UUID:
        """Of which client it is."""
        return self.milestone.details.client_id

    @property
    def author_id(self) -> uuid.UUID:
        """Who wrote it down."""
        return self.milestone.author_id

    @property
    def what(self) -> str:
        """What it is about: "Priya, 5 years at Northwind"."""
        person = self.contact.name if self.contact else ""
        return wording.what(self.milestone.details, self.client.name, person, self.on)

    @property
    def in_words(self) -> str:
        """All of its words: "Priya · Birthday · no surprises"."""
        return wording.in_words(self.milestone.details, self.contact.name if self.contact else "")

    @property
    def repeats(self) -> bool:
        """Whether it comes round every year."""
        return self.milestone.details.calendar.repeats

    @property
    def is_skipped(self) -> bool:
        """Whether it is left out this time."""
        return self.said is not None and self.said.step is Step.SKIPPED

    @property
    def answered(self) -> str:
        """What somebody said about this time; empty where nobody did."""
        return wording.answer(self.said, self._name(self.said), repeats=self.repeats) if self.said is not None else ""

    @property
    def last_time(self) -> str:
        """What was done the last time; empty where nobody did anything."""
        return wording.last_time(self.earlier, self.on, self._name(self.earlier))

    def _name(self, said: Said | None) -> str:
        return self.names.get(said.member_id, "Someone") if said is not None else ""


async def told(session: Work, milestone_id: uuid.UUID, on: dt.date | None, by: Member, today: dt.date) -> Coming:
    """Return a date as a member may see it, on a day when it comes round (None: the next one, else the first).

    Whoever covers for one of a client's team, or is reminded of its dates today, sees what its team
    sees.  Raises UnknownMilestone.
    """
    milestone = await rows.get(session, milestone_id)
    if milestone is None or not await _may_see(session, milestone, by, today):
        raise UnknownMilestone(GONE)
    if on is not None and milestone.details.calendar.next_on(on) != on:
        raise UnknownMilestone(MOVED)
    (found,) = await _known(session, [(milestone, on or _next_or_first(milestone, today))])
    return found


async def readable(
    session: Work, ids: Collection[uuid.UUID], audience: Audience, today: dt.date
) -> dict[uuid.UUID, Coming]:
    """Return the dates among these that an audience may see, each on the next day it comes round, else the first."""
    dated = [(one, _next_or_first(one, today)) for one in await rows.readable(session, ids, audience)]
    return {one.milestone.id: one for one in await _known(session, dated)}


def _next_or_first(milestone: Milestone, today: dt.date) -> dt.date:
    when = milestone.details.calendar
    return when.next_on(today) or when.in_year(when.year or today.year)


async def _may_see(session: Work, milestone: Milestone, member: Member, today: dt.date) -> bool:
    client_id, visibility = milestone.details.client_id, milestone.details.visibility
    team = (await teams(session, [client_id]))[client_id]
    if may_see(as_reader(member), visibility, client_id=client_id, team=team, author_id=milestone.author_id):
        return True
    if visibility is not Visibility.TEAM:
        return False
    return (await duty.on_duty(session, [client_id], today)).get(client_id) == member.id


async def coming(
    session: Work,
    audience: Audience | None,
    today: dt.date,
    days: int | None,
    *,
    client_ids: Collection[uuid.UUID] | None = None,
    alone: bool = False,
    past: bool = False,
) -> list[Coming]:
    """Return the dates that an audience may see (None: all) and that come round, the first one first.

    days: how far ahead, today included (None: all that are not over); client_ids: of these clients only; alone: only
    those that may be said alone, today's and what was asked to be; past: as of a day gone by, dates that have passed
    since included, whether said alone or not.  Clients that have ended and people who have left have none.
    """
    until = today + dt.timedelta(days=days) if days is not None else None
    if past:
        found = await rows.find(session, audience, client_ids=client_ids, over=True)
    else:
        alone_on = today if alone else None
        found = await rows.find(session, audience, client_ids=client_ids, until=until, alone_on=alone_on)
    dated = [(one, on) for one in found if (on := one.details.calendar.next_on(today)) is not None]
    near = [(one, on) for one, on in dated if until is None or on <= until]
    return [one for one in await _known(session, near) if _is_kept(one)]


def _is_kept(one: Coming) -> bool:
    return one.client.status is not Status.ENDED and not (one.contact is not None and one.contact.has_left)


async def _known(session: Work, dated: Sequence[tuple[Milestone, dt.date]]) -> list[Coming]:
    if not dated:
        return []
    ids = {milestone.details.client_id for milestone, _ in dated}
    known = await clients.get_many(session, ids)
    contacts = {one.id: one for theirs in (await people.of_clients(session, ids)).values() for one in theirs}
    about = await rows.said_about(session, [milestone.id for milestone, _ in dated])
    who = {one.member_id for each in about.values() for one in each}
    names = {one.id: one.name for one in (await directory.members_by_id(session, who)).values()} if who else {}
    found = []
    for milestone, on in sorted(dated, key=lambda pair: (pair[1], pair[0].id)):
        details = milestone.details
        contact = contacts.get(details.contact_id) if details.contact_id is not None else None
        said, earlier = _answers(about[milestone.id], on)
        found.append(Coming(milestone, on, known[details.client_id], contact, said, earlier, names))
    return found


def _answers(about: Sequence[Said], on: dt.date) -> tuple[Said | None, Said | None]:
    """Return what was said last about this time, and what was done the time before at which anybody said anything."""
    now = [one for one in about if one.occurs_on == on]
    before = [one for one in about if one.occurs_on.year < on.year]
    last = [one for one in before if one.occurs_on == before[-1].occurs_on]
    planned = [one for one in last if one.step is Step.PLANNED]
    done = planned or last
    return (now[-1] if now else None), (done[-1] if done else None)
