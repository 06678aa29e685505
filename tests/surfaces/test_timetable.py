"""When each team channel and each person is spoken to."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.rows import ScheduleRow
from bot.surfaces import timetable
from bot.workspaces import settings
from bot.workspaces.settings import Preference
from tests.surfaces.conftest import NOW


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
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
