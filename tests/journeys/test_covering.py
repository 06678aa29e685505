"""What whoever covers for a colleague may do at their clients, through the front door."""

import datetime as dt

import pytest

from bot.practices.clients.rows import ClientRow
from bot.workspaces.away import set_away
from bot.workspaces.directory import find_members
from tests.front_door import sees, set_up_client, turn_to
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)
pytestmark = ON_SQLITE
THEIRS = "Only Northwind's team changes this. Ana can, or an admin."


@pytest.fixture
async def northwind(place):
    """A client of Ana's, who is away; Tom, who is not in its team, covers."""
    client = await set_up_client(place, heard_in=[place.northwind], rhythm=30)
    async with place.ember.store.work(place.workspace.id) as session:
        known = await find_members(session, [place.ana.id, place.tom.id])
        absence = {"from_on": TODAY, "back_on": TODAY + dt.timedelta(days=9), "today": TODAY, "now": place.clock.now()}
        await set_away(session, known[place.ana.id].id, cover_id=known[place.tom.id].id, **absence)
    return client


async def test_a_cover_pauses_until_a_day_and_resumes_and_leaves_what_is_for_good_to_the_team(place, northwind):
    tom = place.tom
    for refused in ("edit northwind", "rename northwind Southwind", "aliases northwind NW", "end northwind"):
        await tom.command("/client", refused, channel=place.elsewhere)
        await place.quiet()
        assert THEIRS in sees(tom), refused
    await tom.command("/client", "northwind", channel=place.elsewhere)
    await turn_to(place, "manage", tom)
    await tom.click("client.hand")
    await place.quiet()
    assert THEIRS in sees(tom)
    await tom.command("/client", "pause northwind", channel=place.elsewhere)
    await tom.modal()
    assert (await tom.submit()).errors == {"until": THEIRS}
    assert [row.status for row in await place.rows(ClientRow)] == ["active"]
    await tom.close_modal(everything=True)
    await tom.command("/client", "pause northwind", channel=place.elsewhere)
    await tom.modal()
    assert (await tom.submit(until="2026-05-20")).errors == {}
    await place.quiet()
    assert [row.paused_until for row in await place.rows(ClientRow)] == [dt.date(2026, 5, 20)]
    await tom.close_modal(everything=True)
    await tom.command("/client", "resume northwind", channel=place.elsewhere)
    await place.quiet()
    assert [row.status for row in await place.rows(ClientRow)] == ["active"]
