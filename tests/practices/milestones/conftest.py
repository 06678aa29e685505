import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.courier.kinds import Delivery, Schedule
from bot.courier.rows import Op
from bot.practices.milestones import service, speaking
from bot.practices.milestones.rules import Calendar, Occasion, Step
from bot.practices.milestones.service import Details
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.teams import Role, set_team
from bot.workspaces.visibility import Person
from tests.desk import Desk
from tests.support import TODAY


def at(on, hour=8, minute=30, tz="Europe/Berlin"):
    """Return a local time as an instant."""
    return dt.datetime.combine(on, dt.time(hour, minute), ZoneInfo(tz))


class Dates(Desk):
    """Tom is Northwind's backup; Priya is there."""

    async def furnish(self):
        await self.do(set_team, self.northwind, {self.ana.id: Role.OWNER, self.tom.id: Role.BACKUP})
        self.priya = await self.person("Priya")

    async def has(self, slack_id="U0ANA", name="Ana", tz="Europe/Berlin", **flags):
        """Change what Slack says about a member."""
        return await self.people.member(slack_id, name, tz, **flags)

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
    return await Dates(store, workspace, people).open()
