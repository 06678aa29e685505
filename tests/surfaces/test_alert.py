"""A client has gone quiet, by the front door: what is said, what each answer makes of it, in place."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.rows import DeliveryRow, State
from bot.practices.cadence import service as cadence
from bot.practices.checkins.rules import Purpose
from bot.practices.clients.rows import ClientRow
from bot.practices.fading.rows import FadingRow
from bot.practices.fading.rules import Ending
from bot.practices.promises.rules import Guess
from bot.workspaces import away, settings
from bot.workspaces.directory import MemberRow
from bot.workspaces.settings import FadeFirst, SettingRow
from tests.front_door import reads, sees
from tests.rhythm import WEEKLY_THEN_QUIET
from tests.support import ON_SQLITE
from tests.voice import WEDNESDAY_AT_NINE

pytestmark = ON_SQLITE
DAY = dt.timedelta(days=1)


@pytest.fixture
async def voice(place, voice):
    await voice.client("Northwind", *WEEKLY_THEN_QUIET[-9:], backup=place.tom)
    return voice


async def alert_at(voice, instant=WEDNESDAY_AT_NINE):
    await voice.timetable()
    await voice.at(instant)
    return alert_of(voice)


def alert_of(voice):
    found = [one for one in voice.said_in(voice.team) if one.text.startswith("Northwind")]
    assert len(found) <= 1
    return found[0] if found else None


async def the_alert(place):
    [row] = await place.rows(FadingRow)
    return row


async def test_it_names_reason_idea_and_who_looks_after_them_and_mentions_nobody(place, voice):
    alert = await alert_at(voice)
    assert reads(alert) == (
        "*Northwind has gone quiet*\n"
        "Nothing logged for 31 days; usually every 7 (a gap that long happens 10% of the time).\n"
        "*One idea:* pick up from “talked about the plan, 30 days before” (Ana, Sun 12 Apr)\n"
        "Ana looks after them · Tom covers\n"
        "We've spoken\nI'll do it today\nNot now\nWhy?"
    )
    assert alert.text == (
        "Northwind has gone quiet: nothing logged for 31 days; usually every 7"
        " (a gap that long happens 10% of the time). Ana looks after them · Tom covers."
    )
    assert [one.text for one in voice.said_in(place.elsewhere)] == [alert.text], "there is no digest beside it"
    await voice.at(WEDNESDAY_AT_NINE + DAY)
    assert len([one for one in voice.said_in(place.elsewhere) if "gone quiet" in one.text]) == 1


async def test_weve_spoken_closes_it_in_place_moves_no_threshold_and_undone_it_is_open_again(place, voice):
    alert = await alert_at(voice)
    before = reads(alert)
    await place.tom.click("call.spoken", in_=alert)
    await voice.settle()
    assert alert_of(voice).ts == alert.ts
    assert reads(alert_of(voice)) == "✓ *Northwind* · Tom spoke with them today"
    assert alert_of(voice).text == "Northwind: Tom spoke with them today."
    assert (await the_alert(place)).ending is Ending.SPOKEN
    async with place.ember.store.look(voice.workspace.id) as session:
        assert (await settings.read(session)).fade_at == settings.Settings().fade_at
    assert "Noted: you spoke with Northwind today." in sees(place.tom)
    assert "Add a note" in sees(place.tom)
    await place.tom.click("checkin.undo")
    await voice.settle()
    assert (await the_alert(place)).closed_at is None
    assert reads(alert_of(voice)) == before


async def test_ill_do_it_today_shows_who_is_on_it_and_the_next_one_is_told(place, voice):
    alert = await alert_at(voice)
    stale = [dict(block) for block in alert.blocks]
    await place.tom.click("fading.take", in_=alert)
    await voice.settle()
    assert "*Tom's on it today*\nWe've spoken\nNot now\nWhy?" in reads(alert_of(voice))
    alert_of(voice).blocks = stale
    await place.ana.click("fading.take", in_=alert_of(voice))
    await voice.settle()
    assert sees(place.ana) == "Tom is on it today already."
    await voice.at(WEDNESDAY_AT_NINE + DAY - dt.timedelta(minutes=30))
    [morning] = [one for one in place.tom.sees() if one.text.startswith("Your Thursday")]
    assert "You said yesterday that you'd do it. Did you speak?\n*Northwind* · Ana's client · " in reads(morning)


async def test_not_now_asks_until_when_closes_it_and_is_an_answer(place, voice):
    alert = await alert_at(voice)
    await place.ana.click("call.not_now", in_=alert)
    await voice.settle()
    await place.ana.submit(until="week", reason="away")
    await voice.settle()
    assert reads(alert_of(voice)) == "✓ *Northwind* · set aside until Wed 20 May"
    assert (await the_alert(place)).ending is Ending.NOT_NOW
    async with place.ember.store.look(voice.workspace.id) as session:
        assert (await settings.read(session)).fade_at > settings.Settings().fade_at
    await place.ana.click("cadence.wake")
    await place.ana.close_modal(everything=True)
    await voice.settle()
    assert reads(alert_of(voice)) == "✓ *Northwind* · was set aside"


async def test_a_reply_in_its_thread_is_logged_for_its_client_and_closes_it(place, voice):
    alert = await alert_at(voice)
    reply = place.tom.write(place.elsewhere, "Rang Priya, all good", thread=alert)
    await place.tom.message_shortcut("checkin.from_message", reply)
    await voice.settle()
    assert (await place.tom.submit(feeling="4")).errors == {}, "its client is filled in"
    await voice.settle()
    assert reads(alert_of(voice)) == "✓ *Northwind* · Tom spoke with them today"
    assert (await the_alert(place)).ending is Ending.LOGGED
    await place.tom.close_modal(everything=True)


async def test_a_late_promise_is_the_idea_three_notes_alike_are_said_and_who_covers_for_an_absent_owner(place, voice):
    *earlier, one, two, last = WEEKLY_THEN_QUIET[-6:]
    halden = await voice.client("Halden", *earlier)
    for days in (one, two):
        await voice.note(halden, "the state of things", days=days, purpose=Purpose.PROJECT)
    late = Guess("media plan", dt.date(2026, 5, 1), theirs=False)
    await voice.note(halden, "the state of things", days=last, purpose=Purpose.PROJECT, promise=late)
    ana, tom = await voice.member(place.ana), await voice.member(place.tom)
    async with place.ember.store.work(voice.workspace.id) as session:
        today, now = dt.date(2026, 5, 12), place.clock.now()
        absence = {"from_on": today, "back_on": today + 9 * DAY, "cover_id": tom.id, "today": today, "now": now}
        await away.set_away(session, ana.id, **absence)
    assert "Ana is away · Tom covers" in reads(await alert_at(voice))
    [halden] = [reads(one) for one in voice.said_in(place.elsewhere) if one.text.startswith("Halden")]
    assert "Last three notes: project status.\n*One idea:* “media plan”, which we promised for Fri 1 May" in halden


async def moves_to(place, person, tz):
    async with place.ember.store.work(next(iter(place.ember.workspaces.values())).id) as session:
        await session.execute(sa.update(MemberRow).where(MemberRow.slack_id == person.id).values(tz=tz))


async def test_whoever_takes_it_on_is_shown_whatever_day_it_is_where_they_are(place, voice):
    alert = await alert_at(voice)
    await moves_to(place, place.tom, "Pacific/Honolulu")  # still Tuesday there
    await place.tom.click("fading.take", in_=alert)
    await voice.settle()
    assert "*Tom's on it today*\nWe've spoken\nNot now\nWhy?" in reads(alert_of(voice))


async def test_an_alert_goes_by_its_channels_day_not_by_that_of_most_people(place, voice):
    await voice.choose(tz=None)
    ours = [place.join(name, place.elsewhere) for name in ("Jo", "Sky", "Max")]
    await place.ember.lookup.members(voice.workspace, [one.id for one in ours], now=place.clock.now())
    for one in ours:
        await moves_to(place, one, "Pacific/Honolulu")
    [client], ana = await place.rows(ClientRow), await voice.member(place.ana)
    async with place.ember.store.work(voice.workspace.id) as session:
        until = dt.date(2026, 5, 13)
        await cadence.snooze(session, client.id, until=until, by=ana, now=place.clock.now() - DAY)
    assert "Nothing logged for 31 days" in reads(await alert_at(voice))
    [row] = await place.rows(FadingRow)
    async with place.ember.store.work(voice.workspace.id) as session:
        await voice.refresh(session, row.client_id)
    await voice.settle()
    assert "Nothing logged for 31 days" in reads(alert_of(voice)), "in Honolulu they are set aside still"


async def test_one_that_looks_better_by_itself_says_so_in_the_digest_too(place, voice):
    await voice.client("Halden", 9)
    await alert_at(voice)
    [row] = await place.rows(FadingRow)
    async with place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(SettingRow).values(fade_at=0.75))
        await voice.refresh(session, row.client_id)
    await voice.settle()
    assert reads(alert_of(voice)) == "✓ *Northwind* · brighter again"
    [digest] = [one for one in voice.said_in(place.elsewhere) if one.text.startswith("Good morning")]
    assert "✓ Northwind · brighter again" in reads(digest)


@pytest.mark.parametrize("became", [State.CANCELLED, State.EXPIRED])
async def test_one_that_could_not_be_said_is_said_the_next_morning_once(place, voice, became):
    await voice.timetable()
    place.clock.set(WEDNESDAY_AT_NINE)
    await voice.courier.plan()
    async with place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(DeliveryRow).where(DeliveryRow.kind == "fade").values(state=became))
    await voice.settle()
    assert alert_of(voice) is None
    await voice.at(WEDNESDAY_AT_NINE + DAY)
    assert "Nothing logged for 32 days" in reads(alert_of(voice))
    await voice.at(WEDNESDAY_AT_NINE + 2 * DAY)
    assert len([one for one in voice.said_in(place.elsewhere) if "gone quiet" in one.text]) == 1


async def test_back_from_owner_first_what_the_channel_has_not_heard_is_said_but_nothing_of_long_ago(place, voice):
    await voice.choose(fade_first=FadeFirst.OWNER)
    await voice.timetable()
    await voice.at(WEDNESDAY_AT_NINE)
    await voice.choose(fade_first=FadeFirst.CHANNEL)
    await voice.at(WEDNESDAY_AT_NINE + DAY)
    assert alert_of(voice) is not None
    async with place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(FadingRow).values(opened_on=dt.date(2025, 11, 2)))
        await session.execute(sa.delete(DeliveryRow).where(DeliveryRow.kind == "fade"))
    await voice.at(WEDNESDAY_AT_NINE + 2 * DAY)
    assert len([one for one in voice.said_in(place.elsewhere) if "gone quiet" in one.text]) == 1


async def test_owner_first_the_channel_hears_a_working_day_later(place, voice):
    await voice.choose(fade_first=FadeFirst.OWNER)
    await voice.timetable()
    await voice.at(WEDNESDAY_AT_NINE - dt.timedelta(minutes=30))
    await voice.at(WEDNESDAY_AT_NINE)
    [morning] = [one for one in place.ana.sees() if one.text.startswith("Your Wednesday")]
    assert "*Northwind* · nothing logged for 31 days" in reads(morning)
    assert voice.said_in(place.elsewhere) == []
    assert (await the_alert(place)).closed_at is None
    await voice.at(WEDNESDAY_AT_NINE + DAY)
    assert "nothing logged for 32 days" in alert_of(voice).text.lower()
    await voice.at(WEDNESDAY_AT_NINE + 2 * DAY)
    assert len([one for one in voice.said_in(place.elsewhere) if "gone quiet" in one.text]) == 1


async def test_one_that_is_over_before_it_is_said_is_not_said(place, voice):
    await voice.timetable()
    place.clock.set(WEDNESDAY_AT_NINE)
    await voice.courier.plan()
    await voice.note((await the_alert(place)).client_id, "She rang us")
    async with place.ember.store.work(voice.workspace.id) as session:
        await voice.refresh(session, (await the_alert(place)).client_id)
    await voice.courier.dispatch()
    assert voice.said_in(place.elsewhere) == []
