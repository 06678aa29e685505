"""A message on its way waits for its moment, as the workspace and the person have chosen."""

import datetime as dt

import pytest

from bot.courier.kinds import Delivery
from bot.courier.policies import hold
from bot.courier.rows import Op, ScheduleRow
from bot.courier.times import at_local, day_ends
from bot.store.base import new_id
from bot.workspaces import away, settings
from bot.workspaces.settings import Preference, Settings

BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"
TODAY = dt.date(2026, 5, 12)


def at(hour, minute=0, on=TODAY, tz=BERLIN):
    return at_local(on, dt.time(hour, minute), tz)


def message(workspace, recipient, due, *, op=Op.POST, expires=None):
    return Delivery(
        new_id(),
        workspace.id,
        recipient,
        "digest",
        None,
        TODAY,
        op,
        0,
        due,
        expires or due + dt.timedelta(days=10),
        due,
    )


@pytest.fixture
def waits(store, workspace):
    """Ask until when a message waits that is due at an instant."""

    async def asking(recipient, due, **more):
        async with store.look(workspace.id) as session:
            return await hold(session, message(workspace, recipient, due, **more), due)

    return asking


@pytest.fixture
async def ana(store, workspace, people):
    """Ana, who is an admin; the workspace keeps Germany's holidays."""
    ana = await people.member(is_admin=True)
    async with store.work(workspace.id) as session:
        await settings.change(session, Settings(tz=BERLIN, country="DE"), by=ana, now=at(9))
    return ana


async def test_a_channel_and_a_person_wait_alike(waits, ana):
    ascension, friday = dt.date(2026, 5, 14), dt.date(2026, 5, 15)
    for recipient in ("C0TEAM", "U0ANA"):
        assert await waits(recipient, at(9)) is None
        assert await waits(recipient, at(20)) == at(8, on=TODAY + dt.timedelta(days=1))
        assert await waits(recipient, at(9, on=ascension)) == at(8, on=friday)


async def test_a_person_waits_as_they_chose_and_nobody_else_does(store, workspace, people, waits, ana):
    tom = await people.member("U0TOM", "Tom", BERLIN)
    async with store.work(workspace.id) as session:
        chosen = Preference(quiet_from=dt.time(12), quiet_until=dt.time(13))
        await settings.change_preference(session, tom.id, chosen)
        back = TODAY + dt.timedelta(days=1)
        await away.set_away(session, ana.id, from_on=TODAY, back_on=back, cover_id=tom.id, today=TODAY, now=at(9))
    assert await waits("U0TOM", at(12, 30)) == at(13)
    assert await waits("U0TOM", at(20)) is None
    assert await waits("U0ANA", at(9)) == at(8, on=back)
    assert await waits("U0NOBODY", at(20)) is None


async def test_what_comes_too_late_waits_until_it_is_of_no_use(waits, ana):
    midnight = day_ends(TODAY, BERLIN)
    assert await waits("C0TEAM", at(20), expires=midnight) == midnight


async def test_a_change_of_what_stands_there_never_waits(waits, ana):
    assert await waits("C0TEAM", at(20), op=Op.UPDATE) is None


async def test_a_channel_is_quiet_by_the_clock_of_its_own_times(store, workspace, people, waits):
    await people.member()
    assert await waits("C0TOKYO", at(9, tz=TOKYO)) is not None
    async with store.work(workspace.id) as session:
        times = {"kind": "digest", "local_time": dt.time(9), "weekdays": 31, "grace_minutes": 540}
        await session.add_row(
            ScheduleRow, id=new_id(), recipient="C0TOKYO", tz=TOKYO, next_due_at=at(9, tz=TOKYO), **times
        )
    assert await waits("C0TOKYO", at(9, tz=TOKYO)) is None
