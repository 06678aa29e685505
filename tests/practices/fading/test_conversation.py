"""“I'll do it today”, pressed when it is too late, and on what is no client's."""

import datetime as dt

from bot.practices.fading.rows import FadingRow
from bot.store.base import new_id
from bot.workspaces import away, settings
from tests.front_door import agency, reads, sees
from tests.rhythm import NOW, WEEKLY_THEN_QUIET
from tests.support import ON_SQLITE
from tests.voice import WEDNESDAY_AT_NINE, Voice

pytestmark = ON_SQLITE
DAY = dt.timedelta(days=1)


async def test_pressed_too_late_or_for_nobody_it_says_so_and_changes_nothing(database_url, clock):
    async with agency(database_url, clock) as place:
        voice = Voice(place, place.elsewhere)
        await voice.choose()
        client = await voice.client("Northwind", *WEEKLY_THEN_QUIET[-5:], backup=place.tom)
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


async def test_only_the_clients_team_and_whoever_covers_for_one_of_them_take_it_on(database_url, clock):
    async with agency(database_url, clock) as place:
        voice = Voice(place, place.elsewhere)
        await voice.choose()
        await voice.client("Northwind", *WEEKLY_THEN_QUIET[-5:])
        await voice.timetable()
        await voice.at(WEDNESDAY_AT_NINE)
        [alert] = voice.said_in(place.elsewhere)
        await place.tom.click("fading.take", in_=alert)
        await voice.settle()
        assert sees(place.tom) == (
            "Kind of you. Northwind's team takes this on: tell Ana that you would. If you speak with them anyway, press"
            " “We've spoken”."
        )
        [row] = await place.rows(FadingRow)
        assert row.taken_by is None
        async with place.ember.store.look(voice.workspace.id) as session:
            assert (await settings.read(session)).fade_at == settings.Settings().fade_at

        ana, tom, today = await voice.member(place.ana), await voice.member(place.tom), clock.now().date()
        async with place.ember.store.work(voice.workspace.id) as session:
            absence = {"from_on": today, "back_on": today + 9 * DAY, "cover_id": tom.id, "today": today}
            await away.set_away(session, ana.id, **absence, now=clock.now())
        [alert] = voice.said_in(place.elsewhere)
        await place.tom.click("fading.take", in_=alert)
        await voice.settle()
        [alert] = voice.said_in(place.elsewhere)
        assert "*Tom's on it today*" in reads(alert)
