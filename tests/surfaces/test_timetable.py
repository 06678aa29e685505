"""When each team channel and each person is spoken to."""

import datetime as dt

import sqlalchemy as sa

from bot.courier import ledger
from bot.courier.rows import ScheduleRow
from bot.surfaces import timetable
from bot.workspaces import settings
from bot.workspaces.settings import Preference
from tests.support import ON_SQLITE
from tests.surfaces.conftest import NOW


@ON_SQLITE
async def test_channels_go_by_most_of_their_owners_and_people_by_their_own_clock_if_they_want_to(office, people):
    berlin = office.people["Ana"]
    office.people["Kim"] = await people.member("U0KIM", "Kim", "America/New_York")
    team, other = await people.channel("C0TEAM"), await people.channel("C0OTHER")
    await office.client("Northwind", digest_channel_id=team.id)
    await office.client("Halden", "Kim", digest_channel_id=other.id)
    await office.client("Orchard", "Tom", backup=office.people["Sam"].id)
    unwanted = Preference(wants_morning=False, wants_dates=False)
    await office.change(settings.change_preference, office.people["Tom"].id, unwanted)
    await office.change(timetable.keep, NOW)
    async with office.host.store.look(office.workspace.id) as session:
        columns = (ScheduleRow.kind, ScheduleRow.recipient, ScheduleRow.tz, ScheduleRow.local_time)
        found = {tuple(row) for row in await session.execute(sa.select(*columns))}
    nine, half_past_eight = dt.time(9), dt.time(8, 30)
    assert found == {
        ("digest", "C0TEAM", berlin.tz, nine),
        ("digest", "C0OTHER", "America/New_York", nine),
        ("morning", berlin.slack_id, berlin.tz, half_past_eight),
        ("morning", "U0KIM", "America/New_York", half_past_eight),
        ("morning", office.people["Sam"].slack_id, berlin.tz, half_past_eight),
    }


class Watched:
    """Somebody who changed something: what is left for later, and how often something is written."""

    def __init__(self, office):
        self.store, self.workspace, self.now = office.host.store, office.workspace, NOW
        self.left, self.written = [], 0

    def look(self):
        return self.store.look(self.workspace.id)

    def work(self):
        self.written += 1
        return self.store.work(self.workspace.id)

    def later(self, _what, doing):
        self.left.append(doing)

    async def changes(self, upkeep):
        for _ in range(3):
            upkeep.changed(self, self.workspace.id)
        (doing,) = self.left
        self.left.clear()
        await doing


@ON_SQLITE
async def test_a_change_writes_only_where_somebody_is_spoken_to_at_another_time(office, people):
    office.people["Kim"] = await people.member("U0KIM", "Kim", "America/New_York")
    await office.client("Northwind")
    here, upkeep = Watched(office), timetable.Upkeep()
    await here.changes(upkeep)
    await here.changes(upkeep)
    assert here.written == 1
    await office.client("Halden", "Kim")
    await here.changes(upkeep)
    assert here.written == 2
    async with here.look() as session:
        assert "U0KIM" in await ledger.schedules(session, "morning")
