import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.courier.kinds import Delivery, Schedule
from bot.courier.rows import Op
from bot.practices.clients import service as clients
from bot.practices.milestones import service, speaking
from bot.practices.milestones.rules import Calendar, Occasion, Step
from bot.practices.milestones.service import Details
from bot.practices.people import service as people_service
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person

TODAY = dt.date(2026, 5, 12)  # a Tuesday


def at(on, hour=8, minute=30, tz="Europe/Berlin"):
    """Return a local time as an instant."""
    return dt.datetime.combine(on, dt.time(hour, minute), ZoneInfo(tz))


class Desk:
    """Ana looks after Northwind, Tom covers; Priya is there."""

    def __init__(self, store, workspace, people):
        self.store, self.workspace, self._people = store, workspace, people

    async def open(self):
        self.ana = await self._people.member("U0ANA", "Ana")
        self.tom = await self._people.member("U0TOM", "Tom")
        self.sam = await self._people.member("U0SAM", "Sam")
        self.northwind = await self.client("Northwind", backup=self.tom.id)
        async with self.work() as session:
            self.priya = await people_service.add(
                session, self.northwind, "Priya", None, None, by=self.ana.id, key="priya", now=at(TODAY)
            )
        return self

    def work(self):
        return self.store.work(self.workspace.id)

    async def client(self, name, **more):
        async with self.work() as session:
            details = clients.Details(name=name, owner=self.ana.id, rhythm_days=7, **more)
            made = await clients.set_up(session, details, by=self.ana.id, key=name, now=at(TODAY), today=TODAY)
        return made.id

    async def has(self, slack_id="U0ANA", name="Ana", tz="Europe/Berlin", **flags):
        """Change what Slack says about a member."""
        return await self._people.member(slack_id, name, tz, **flags)

    async def keep(self, on, *, written=None, by=None, **more):
        """Keep a date that falls on a day, as it was written down long ago unless told otherwise."""
        year, repeats, leap_day = more.pop("year", None), more.pop("repeats", True), more.pop("leap_day", "feb28")
        given = {
            "client_id": self.northwind,
            "contact_id": self.priya.id,
            "occasion": Occasion.ANNIVERSARY,
            "title": "",
            "calendar": Calendar(on.month, on.day, year, repeats=repeats, leap_day=leap_day),
            "leads": (7, 0),
            "note": None,
            "visibility": Visibility.TEAM,
            **more,
        }
        written = written or TODAY - dt.timedelta(days=300)
        async with self.work() as session:
            one = await service.add(
                session, Details(**given), by=by or self.ana, key=str(new_id()), now=at(written), today=written
            )
        return one.milestone.id

    async def change(self, use_case, *args, **more):
        async with self.work() as session:
            return await use_case(session, *args, **more)

    async def answer(self, milestone_id, on, step=Step.MARKING, words=None, *, by=None, when=TODAY):
        async with self.work() as session:
            return await service.answer(
                session, milestone_id, on, step, words=words, by=by or self.ana, now=at(when, 9), today=when
            )

    async def morning(self, on=TODAY, member=None, client_ids=None):
        """Return the lines of somebody's morning."""
        member = member or self.ana
        async with self.store.look(self.workspace.id) as session:
            ids = client_ids or [self.northwind]
            found = await speaking.morning(session, ids, Person(member.id), at(on, tz=member.tz))
        return [value for values in found.values() for value in values]

    async def decides(self, now, *members, on=None):
        """Return what is to be said alone to members whose morning has come at an instant."""
        due = [
            Schedule(
                new_id(),
                self.workspace.id,
                member.slack_id,
                "morning",
                dt.time(8, 30),
                member.tz,
                31,
                dt.timedelta(hours=9),
                at(on or now.astimezone(ZoneInfo(member.tz)).date(), tz=member.tz),
            )
            for member in members
        ]
        async with self.work() as session:
            return await speaking.decide(session, due, now)

    async def says(self, occurrence, op=Op.POST, *, now=None):
        """Return what is said in a message, None for nothing."""
        delivery = Delivery(
            new_id(),
            self.workspace.id,
            occurrence.recipient,
            occurrence.kind,
            occurrence.subject,
            occurrence.local_date,
            op,
            0,
            occurrence.due_at,
            occurrence.expires_at,
            occurrence.due_at,
        )
        async with self.store.look(self.workspace.id) as session:
            return await speaking.render(session, delivery, now or occurrence.due_at)


@pytest.fixture
async def desk(store, workspace, people):
    return await Desk(store, workspace, people).open()
