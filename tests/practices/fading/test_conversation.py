"""“I'll do it today”, pressed when it is too late, and on what is no client's."""

import pytest

from bot.practices.fading.rows import FadingRow
from bot.store.base import new_id
from tests.front_door import agency, sees
from tests.rhythm import NOW, WEEKLY_THEN_QUIET
from tests.voice import WEDNESDAY_AT_NINE, Voice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_pressed_too_late_or_for_nobody_it_says_so_and_changes_nothing(database_url, clock):
    async with agency(database_url, clock) as place:
        voice = Voice(place, place.elsewhere)
        await voice.choose()
        client = await voice.client("Northwind", *WEEKLY_THEN_QUIET[-5:])
        await voice.timetable()
        assert place.clock.now() == NOW
        await voice.at(WEDNESDAY_AT_NINE)
        [alert] = voice.said_in(place.elsewhere)
        stale = [dict(block) for block in alert.blocks]
        await voice.note(client, "She rang us")
        async with place.ember.store.work(voice.workspace.id) as session:
            await voice.refresh(session, client)
        alert.blocks = stale
        await place.tom.click("fading.take", in_=alert)
        await voice.settle()
        assert sees(place.tom) == "Nothing is open about Northwind any more. Its card shows where things stand."
        alert.blocks = [
            {**block, "elements": [{**one, "value": str(new_id())} for one in block["elements"]]}
            if block["type"] == "actions"
            else block
            for block in stale
        ]
        await place.tom.click("fading.take", in_=alert)
        await voice.settle()
        assert "That client is gone, or never was." in sees(place.tom)
        [row] = await place.rows(FadingRow)
        assert row.taken_by is None
