"""`/ember today`, by the front door: who is worth a call and why, and what one tap on a row does."""

import datetime as dt
import re
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.practices.cadence.rows import SnoozeRow
from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.practices.checkins.rules import Via
from bot.practices.clients import service as clients
from bot.slack.blocks_lint import problems
from bot.surfaces.worth import CALLS, carry, places_of, read, read_for, shown_in
from tests.front_door import agency, reads, sees, set_up_client
from tests.rhythm import NOW, WEEKLY, WEEKLY_THEN_QUIET, move, with_a_past
from tests.shown import buttons
from tests.support import ON_SQLITE


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        await place.has_been_in(place.northwind, place.elsewhere)
        yield place


async def today(person, channel):
    answer = await person.command("/ember", "today", channel=channel)
    assert problems(answer.json, "message") == []
    assert len(answer.blocks) <= 20
    return answer.message


async def spoken(place):
    return await place.rows(CheckinRow, via=Via.SPOKEN)


async def test_before_the_first_client_it_offers_to_add_one(place):
    shown = await today(place.ana, place.elsewhere)
    assert "No clients yet" in reads(shown)
    assert buttons(shown) == ["Add a client"]


@ON_SQLITE
async def test_when_all_is_calm_it_says_so_and_what_comes_next(place):
    await with_a_past(place, "Northwind", *WEEKLY)
    shown = await today(place.ana, place.elsewhere)
    assert "*All calm.* Nobody is waiting for a call. Enjoy the quiet.\nNext is *Northwind*, due Sun 17 May." in reads(
        shown
    )
    assert shown.text == "All calm: no client is waiting for a call."


@ON_SQLITE
async def test_next_is_nobody_who_is_set_aside(place):
    await with_a_past(place, "Halden", 3)
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.not_now", value=str(northwind.id))
    await place.quiet()
    await place.ana.submit(until="week")
    await place.ana.close_modal(everything=True)
    await place.quiet()
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*All calm.* Nobody is waiting for a call. Enjoy the quiet.\nNext is *Halden*, due Sat 16 May.\n" in shown


@ON_SQLITE
async def test_nothing_is_called_calm_while_a_promise_is_late(place):
    await set_up_client(place, "Halden")
    for line in ("we send her the media plan by Wednesday", "they send us the brand files by tomorrow"):
        await place.ana.command("/checkin", f"Halden 4 {line}", channel=place.elsewhere)
        await place.ana.click("checkin.promise")
        await place.quiet()
    move(place, NOW + dt.timedelta(days=4))
    shown = await today(place.ana, place.elsewhere)
    assert "calm" not in reads(shown)
    assert "Enjoy" not in reads(shown)
    assert "Nobody is waiting for a call.\nNext is *Halden*, due Tue 19 May." in reads(shown)
    assert shown.text == (
        "No client is waiting for a call. Late: “we send her the media plan” for Halden and 1 other promise."
    )


async def test_a_promise_that_is_late_is_said_aloud_after_who_is_worth_a_call(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await set_up_client(place, "Halden")
    await place.ana.command("/checkin", "Halden 4 they send us the brand files by tomorrow", channel=place.elsewhere)
    await place.ana.click("checkin.promise")
    await place.quiet()
    move(place, NOW + dt.timedelta(days=3))
    shown = await today(place.ana, place.elsewhere)
    assert shown.text == "Worth a call today: Northwind. Late: “they send us the brand files” from Halden."


@ON_SQLITE
async def test_a_client_gone_quiet_is_named_with_the_reason_and_one_idea(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "Your Tuesday" in shown
    assert "*Worth a call*\n*Northwind*\nFading · nothing logged for 30 days; usually every 7" in shown
    assert "*One idea:* pick up from “talked about the Northwind plan, 30 days before” (you, Sun 12 Apr)" in shown
    assert "We've spoken" in shown


@ON_SQLITE
async def test_the_most_urgent_come_first_five_at_most_and_the_list_has_the_rest(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    for number in range(6):
        await with_a_past(place, f"Client {number}", 8 + number)
    shown = await today(place.ana, place.elsewhere)
    named = re.findall(r"^\*(Northwind|Client \d)\*$", reads(shown), re.MULTILINE)
    assert named == ["Northwind", "Client 5", "Client 4", "Client 3", "Client 2"]
    assert shown.text == "Worth a call today: Northwind and 6 others."
    await place.ana.click("list.page:which", label="and 2 more")
    await place.quiet()
    assert "1–7 of 7, the most overdue first" in sees(place.ana)


@ON_SQLITE
async def test_the_owner_is_named_when_it_is_somebody_else(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET, backup=place.tom.member)
    assert "*Northwind* · Ana\n" in reads(await today(place.tom, place.elsewhere))
    assert "*Northwind*\n" in reads(await today(place.ana, place.elsewhere))


@ON_SQLITE
async def test_somebody_without_clients_is_shown_everyones(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    sam = place.join("Sam", place.elsewhere)
    shown = reads(await today(sam, place.elsewhere))
    assert "You are in no client's team yet, so these are everyone's." in shown
    assert "*Northwind* · Ana\n" in shown
    assert "*One idea:* ask how they are" in shown, "a note for the team is not for Sam"


@ON_SQLITE
async def test_one_tap_makes_the_row_calm_in_place_and_the_others_stay(place):
    await with_a_past(place, "Halden", 30)
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    shown = await today(place.ana, place.elsewhere)
    await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    assert len([message for message in place.ana.sees(place.elsewhere) if message.app]) == 1, "it is the same message"
    [said] = await spoken(place)
    assert (said.client_id, said.feeling, said.note, said.happened_on) == (northwind.id, None, "", dt.date(2026, 5, 12))
    assert "✓ *Northwind* · you spoke today · bright again" in sees(place.ana)
    assert "*Halden*\n" in sees(place.ana)
    assert shown.ts == place.ana.sees(place.elsewhere)[-1].ts
    for each in ("It was yesterday", "Add a note", "Undo"):
        assert each in sees(place.ana)


@ON_SQLITE
async def test_a_second_tap_does_nothing_more(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    before = place.ana.sees(place.elsewhere)[-1]
    stale = [dict(block) for block in before.blocks]
    first = await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    await place.slack.redeliver(first)
    place.ana.sees(place.elsewhere)[-1].blocks = stale
    await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    assert len(await spoken(place)) == 1
    assert "✓ *Northwind*" in sees(place.ana)


@ON_SQLITE
async def test_undone_the_row_is_as_it_was(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    before = sees(place.ana)
    await place.ana.click("today.spoken")
    await place.quiet()
    await place.ana.click("today.undo")
    await place.quiet()
    assert await spoken(place) == []
    assert sees(place.ana) == before
    await place.ana.click("today.spoken")
    await place.quiet()
    assert len(await spoken(place)) == 1


async def stale_after_a_note(place):
    """Tap, add a note, and have the panel before one that was drawn before the note."""
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.spoken")
    await place.quiet()
    panel = place.ana.sees(place.elsewhere)[-1]
    stale = [dict(block) for block in panel.blocks]
    await place.ana.click("today.note")
    await place.quiet()
    await place.ana.submit(feeling="5", note="She laughed about the launch")
    await place.ana.close_modal(everything=True)
    await place.quiet()
    panel.blocks = stale


async def test_an_old_undo_takes_no_note_away(place):
    await stale_after_a_note(place)
    await place.ana.click("today.undo")
    await place.quiet()
    [said] = await spoken(place)
    assert (said.feeling, said.note) == (5, "She laughed about the launch")
    assert await place.rows(DraftRow) == []
    assert "✓ *Northwind* · you spoke today" in sees(place.ana)
    assert "Edit the note" in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize("picked", [False, True])
async def test_an_old_other_day_makes_no_second_contact_day(place, picked):
    await stale_after_a_note(place)
    before = len(await place.rows(CheckinRow))
    if picked:
        panel = place.ana.sees(place.elsewhere)[-1]
        elements = [element for block in panel.blocks for element in block.get("elements", [])]
        [picker] = [each["action_id"] for each in elements if each.get("type") == "datepicker"]
        await place.ana.choose(picker, "2026-05-08")
    else:
        await place.ana.click("today.yesterday")
    await place.quiet()
    [said] = await spoken(place)
    assert (said.happened_on, said.note) == (dt.date(2026, 5, 12), "She laughed about the launch")
    assert len(await place.rows(CheckinRow)) == before
    assert "Edit the note" in sees(place.ana)


@ON_SQLITE
async def test_a_client_that_still_needs_a_call_is_not_ticked_off(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.choose("today.more", "Another day")
    await place.quiet()
    await place.ana.choose(f"today.on:{northwind.id}", "2026-04-14")
    await place.quiet()
    says = "✓ *Northwind* · you spoke on Tue 14 Apr\nLong overdue · nothing logged for 28 days; usually every 7"
    assert says in sees(place.ana)
    assert {"We've spoken", "Log", "Not now", "Add a note", "Undo"} <= set(buttons(place.ana.sees(place.elsewhere)[-1]))
    shown = await today(place.ana, place.elsewhere)
    assert "*Worth a call*\n*Northwind*\nLong overdue · nothing logged for 28 days; usually every 7" in reads(shown)
    assert "✓" not in reads(shown)
    assert shown.text == "Worth a call today: Northwind."
    await place.ana.click("today.spoken")
    await place.quiet()
    assert "✓ *Northwind* · you spoke today · " in sees(place.ana)
    assert sorted(each.happened_on for each in await spoken(place)) == [dt.date(2026, 4, 14), dt.date(2026, 5, 12)]


@ON_SQLITE
async def test_an_undo_that_comes_too_late_says_so_and_is_offered_no_more(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.spoken")
    await place.quiet()
    panel = place.ana.sees(place.elsewhere)[-1]
    move(place, NOW + dt.timedelta(minutes=11))
    await place.ana.click("today.undo", in_=panel)
    await place.quiet()
    assert "Undo works for ten minutes. You can still change or delete it from the client's card." in sees(place.ana)
    assert len(await spoken(place)) == 1


@ON_SQLITE
@pytest.mark.parametrize("first", [False, True])
async def test_it_was_yesterday_is_one_conversation_on_the_day_before(place, first):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    if first:
        await place.ana.click("today.spoken")
        await place.quiet()
        await place.ana.click("today.yesterday")
    else:
        await place.ana.choose("today.more", "It was yesterday")
    await place.quiet()
    [said] = await spoken(place)
    assert said.happened_on == dt.date(2026, 5, 11)
    assert "✓ *Northwind* · you spoke yesterday · bright again" in sees(place.ana)


@ON_SQLITE
async def test_another_day_is_picked_in_the_row_itself(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.choose("today.more", "Another day")
    await place.quiet()
    await place.ana.choose(f"today.on:{northwind.id}", "2026-05-08")
    await place.quiet()
    assert "✓ *Northwind* · you spoke on Fri 8 May" in sees(place.ana)
    [said] = await spoken(place)
    await place.ana.choose(f"today.on:{northwind.id}:{said.id}", "2026-05-07")
    await place.quiet()
    [said] = await spoken(place)
    assert said.happened_on == dt.date(2026, 5, 7)


@ON_SQLITE
async def test_each_picker_says_whose_day_it_is_for(place):
    def asks():
        drawn = place.ana.sees(place.elsewhere)[-1].blocks
        elements = [element for block in drawn for element in block.get("elements", [])]
        return [each["placeholder"]["text"] for each in elements if each["type"] == "datepicker"]

    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.choose("today.more", "Another day")
    await place.quiet()
    assert asks() == ["When did you speak with Northwind?"]
    await place.ana.click("today.open:back")
    await place.quiet()
    await place.ana.click("today.spoken")
    await place.quiet()
    assert asks() == ["Another day: Northwind"]


@ON_SQLITE
async def test_who_asks_for_another_day_can_go_back(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    before = sees(place.ana)
    await place.ana.choose("today.more", "Another day")
    await place.quiet()
    assert "We've spoken" not in sees(place.ana)
    await place.ana.click("today.open:back")
    await place.quiet()
    assert sees(place.ana) == before


@ON_SQLITE
async def test_a_day_ahead_is_refused_in_a_sentence(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.choose("today.more", "Another day")
    await place.quiet()
    await place.ana.choose(f"today.on:{northwind.id}", "2026-05-13")
    await place.quiet()
    assert "That day is still ahead" in sees(place.ana)
    assert await spoken(place) == []


@ON_SQLITE
async def test_a_note_is_added_to_what_was_tapped(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.spoken")
    await place.quiet()
    await place.ana.click("today.note")
    await place.quiet()
    answer = await place.ana.submit(feeling="5", note="She laughed about the launch")
    assert answer.errors == {}
    await place.ana.close_modal(everything=True)
    [said] = await spoken(place)
    assert (said.feeling, said.note) == (5, "She laughed about the launch")
    await place.quiet()
    assert "✓ *Northwind* · you spoke today" in sees(place.ana)
    assert "Edit the note" in sees(place.ana)
    assert "Undo" not in sees(place.ana)


@ON_SQLITE
async def test_not_now_sets_a_client_aside_until_a_day(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.not_now", value=str(northwind.id))
    await place.quiet()
    await place.ana.submit(until="week")
    await place.ana.close_modal(everything=True)
    [aside] = await place.rows(SnoozeRow)
    assert aside.until_on == dt.date(2026, 5, 19)
    await place.quiet()
    assert "✓ *Northwind* · set aside until Tue 19 May" in sees(place.ana)
    assert "*All calm.*" in reads(await today(place.ana, place.elsewhere))
    move(place, NOW + dt.timedelta(days=7))
    assert "*Worth a call*\n*Northwind*" in reads(await today(place.ana, place.elsewhere))


@ON_SQLITE
async def test_a_row_follows_what_its_windows_settled(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET, team=[place.tom.member])
    await with_a_past(place, "Orchard", 20)
    await today(place.ana, place.elsewhere)
    panel = place.ana.sees(place.elsewhere)[-1]
    await place.ana.click("today.log", value=str(northwind.id))
    await place.quiet()
    await place.ana.submit(feeling="5", note="They called")
    await place.ana.close_modal(everything=True)
    await place.quiet()
    assert "✓ *Northwind* · bright again · next due Tue 19 May" in reads(panel)
    assert "*Orchard*\n" in reads(panel)
    await place.ana.click("today.spoken", in_=panel)
    await place.quiet()
    assert "✓ *Orchard* · you spoke today" in reads(panel)
    await place.ana.click("today.note", in_=panel)
    await place.quiet()
    await place.ana.submit(feeling="4", note="A walk, no agenda")
    await place.ana.close_modal(everything=True)
    await place.quiet()
    assert "Edit the note" in reads(panel)
    assert "Undo" not in reads(panel)


@ON_SQLITE
async def test_in_a_window_the_row_follows_too(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("today.open", in_="home")
    await place.ana.modal()
    await place.ana.click("today.not_now")
    await place.quiet()
    await place.ana.submit(until="month")
    await place.quiet()
    await place.ana.close_modal()
    assert "✓ *Northwind* · set aside until Fri 12 Jun" in sees(place.ana)


@ON_SQLITE
async def test_a_window_that_was_closed_meanwhile_is_not_missed(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("today.open", in_="home")
    await place.ana.modal()
    await place.ana.click("today.log")
    await place.quiet()
    await place.ana.close_modal(everything=True)
    await place.ana.command("/checkin", "Northwind 5 they called")
    await place.quiet()
    assert "*All calm.*" in reads(await today(place.ana, place.elsewhere))


@ON_SQLITE
async def test_what_a_colleague_logged_shows_at_the_next_tap(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET, team=[place.tom.member])
    orchard = await with_a_past(place, "Orchard", 20)
    await today(place.ana, place.elsewhere)
    await place.tom.command("/checkin", "Northwind 5 they called", channel=place.elsewhere)
    await place.ana.click("today.spoken", value=str(orchard.id))
    await place.quiet()
    assert "✓ *Northwind* · bright again · next due Tue 19 May" in sees(place.ana)
    assert "✓ *Orchard* · you spoke today" in sees(place.ana)


@ON_SQLITE
async def test_paused_and_ended_clients_are_left_in_peace(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.command("/client", "pause Northwind")
    await place.ana.submit()
    await place.ana.close_modal(everything=True)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*Northwind*" not in shown


@ON_SQLITE
async def test_the_menu_leads_to_the_card_and_to_the_reasons(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    before = sees(place.ana)
    await place.ana.choose("today.more", "Why?")
    await place.quiet()
    assert "Northwind's spark" in sees(place.ana)
    await place.ana.click("today.open:back")
    await place.quiet()
    assert sees(place.ana) == before
    await place.ana.choose("today.more", "Open the card")
    await place.quiet()
    await place.ana.click("card.tab:notes")
    await place.quiet()
    assert "*Latest notes*" in sees(place.ana)


@ON_SQLITE
async def test_one_taps_do_not_hide_the_last_words(place):
    northwind = await with_a_past(place, "Northwind", 100, 60, team=[place.tom.member])
    for ago in (40, 36, 33, 32, 31, 30):
        move(place, NOW - dt.timedelta(days=ago))
        await place.ana.command("/client", "northwind", channel=place.elsewhere)
        await place.ana.click("spark.spoken", value=str(northwind.id))
        await place.quiet()
    await place.tom.command("/checkin", channel=place.elsewhere)
    await place.tom.fill(client="Northwind", feeling="2", note="For my eyes only")
    await place.tom.click("checkin.more")
    await place.quiet()
    await place.tom.submit(visibility="me")
    await place.tom.close_modal(everything=True)
    move(place, NOW)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*One idea:* pick up from “talked about the Northwind plan, 60 days before” (you, Fri 13 Mar)" in shown


@ON_SQLITE
async def test_an_overdue_promise_is_the_one_idea_ours_before_theirs(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    for says, due in (("Send the brand files", "2026-05-01"), ("Show the media plan", "2026-05-08")):
        await place.ana.command("/checkin", channel=place.elsewhere)
        await place.ana.fill(client="Northwind", feeling="4", note=f"Talked: {says}")
        await place.ana.click("checkin.more")
        await place.quiet()
        await place.ana.submit(promise=says, promise_due=due, when="2026-04-12")
        await place.ana.close_modal(everything=True)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*One idea:* “Send the brand files”, which we promised for Fri 1 May" in shown
    assert "*Promised*\n• *Northwind* · Send the brand files · 11 days late · you" in shown
    assert "• *Northwind* · Show the media plan · 4 days late · you" in shown


@ON_SQLITE
async def test_promises_show_a_week_ahead_and_theirs_with_their_age(place):
    await set_up_client(place, "Halden")
    lines = ["we send them the plan by Friday", "they send us the brand files by tomorrow", "we meet by 30 May"]
    for line in lines:
        await place.ana.command("/checkin", f"Halden 4 {line}", channel=place.elsewhere)
        await place.ana.click("checkin.promise")
        await place.quiet()
    move(place, NOW + dt.timedelta(days=3))
    shown = reads(await today(place.ana, place.elsewhere))
    assert "we send them the plan · today · you" in shown
    assert "*Halden* · waiting on them: they send us the brand files" in shown
    assert "2 days late" in shown
    assert "30 May" not in shown


@ON_SQLITE
async def test_a_monday_looks_back_to_friday(place):
    await with_a_past(place, "Northwind", *WEEKLY, team=[place.tom.member])
    friday = NOW + dt.timedelta(days=3)
    move(place, friday - dt.timedelta(days=1))
    await place.tom.command("/checkin", "Northwind 3 that was Thursday", channel=place.elsewhere)
    move(place, friday)
    await place.tom.command("/checkin", "Northwind 5 a good end of the week", channel=place.elsewhere)
    for days in (2, 3):
        move(place, friday + dt.timedelta(days=days))
        shown = reads(await today(place.ana, place.elsewhere))
        assert "*Captured since Friday*\n• *Northwind* · Tom · glowing · “a good end of the week”" in shown
        assert "Thursday" not in shown.partition("Captured")[2]


@ON_SQLITE
async def test_what_colleagues_logged_since_yesterday_shows_one_line_each(place):
    await with_a_past(place, "Northwind", *WEEKLY, team=[place.tom.member])
    move(place, NOW - dt.timedelta(days=1, hours=9))
    await place.tom.command("/checkin", "Northwind 5 they loved the film", channel=place.elsewhere)
    move(place, NOW - dt.timedelta(days=1, hours=12))
    await place.tom.command("/checkin", "Northwind 3 the day before yesterday", channel=place.elsewhere)
    move(place, NOW)
    await place.ana.command("/checkin", "Northwind 4 my own", channel=place.elsewhere)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*Captured since yesterday*\n• *Northwind* · Tom · glowing · “they loved the film”" in shown
    assert "the day before" not in shown.partition("Captured")[2]
    assert "my own" not in shown.partition("Captured")[2]


@ON_SQLITE
async def test_anothers_private_note_shows_nowhere(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET, team=[place.tom.member])
    move(place, NOW - dt.timedelta(hours=20))
    await place.tom.command("/checkin", channel=place.elsewhere)
    await place.tom.fill(client="Northwind", feeling="2", note="She may leave in autumn")
    await place.tom.click("checkin.more")
    await place.quiet()
    await place.tom.submit(visibility="me", promise="Talk to her", promise_due="2026-05-11", when="2026-04-13")
    await place.tom.close_modal(everything=True)
    move(place, NOW)
    shown = reads(await today(place.ana, place.elsewhere))
    assert "*Northwind*" in shown
    assert "autumn" not in shown
    assert "Talk to her" not in shown
    assert "Tom" not in shown
    assert "Talk to her" in reads(await today(place.tom, place.elsewhere))


@ON_SQLITE
async def test_a_guest_is_refused(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    omar = place.join("Omar", guest=True)
    answer = await omar.command("/ember", "today")
    assert "full members" in answer.text
    assert "Northwind" not in str(answer.body)


@ON_SQLITE
async def test_where_a_client_reads_along_the_panel_is_a_window_and_is_redrawn_there(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    shared = place.slack.world.add_channel("with-northwind", members=[place.ana.member], shared=True)
    answer = await place.ana.command("/ember", "today", channel=shared)
    assert "Northwind" not in str(answer.body)
    await place.ana.modal()
    await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    assert len(place.ana.modals()) == 1
    assert "✓ *Northwind* · you spoke today" in sees(place.ana)
    await place.ana.click("today.undo")
    await place.quiet()
    await place.ana.choose("today.more", "Why?")
    await place.quiet()
    assert "The course of the spark:" in sees(place.ana)
    assert problems(place.ana.modals()[-1].shown.source, "modal") == []


@ON_SQLITE
@pytest.mark.parametrize("text", ["today", "Today?", " TODAY "])
async def test_today_in_a_message_to_ember_is_the_panel(place, text):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.dm(text)
    await place.quiet()
    assert "*Worth a call*" in sees(place.ana)
    await place.ana.click("today.spoken")
    await place.quiet()
    assert "✓ *Northwind*" in sees(place.ana)


@ON_SQLITE
async def test_home_leads_to_it(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("today.open", in_="home", label="All of today")
    modal = await place.ana.modal()
    assert modal.title == "Your Tuesday"
    await place.ana.click("today.spoken")
    await place.quiet()
    assert "✓ *Northwind*" in sees(place.ana)
    await place.ana.close_modal(everything=True)
    await place.ana.click("home.show:clients", in_="home")
    await place.quiet()
    assert "bright · next due Tue 19 May" in str(place.ana.home())


@ON_SQLITE
async def test_a_second_click_in_the_same_place_changes_nothing(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await today(place.ana, place.elsewhere)
    await place.ana.click("today.spoken")
    await place.quiet()
    assert buttons(place.ana.sees(place.elsewhere)[-1])[0] == "Add a note"
    await place.ana.click("today.yesterday")
    await place.quiet()
    assert "It was yesterday" not in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize(
    ("instant", "local", "weekday", "friday"),
    [
        ("2026-10-24T22:30:00", "2026-10-25", "Sunday", "2026-10-23"),
        ("2026-10-25T00:30:00", "2026-10-25", "Sunday", "2026-10-23"),
        ("2026-10-25T01:30:00", "2026-10-25", "Sunday", "2026-10-23"),
        ("2026-10-25T22:59:00", "2026-10-25", "Sunday", "2026-10-23"),
        ("2026-10-25T23:01:00", "2026-10-26", "Monday", "2026-10-23"),
        ("2026-03-29T00:59:00", "2026-03-29", "Sunday", "2026-03-27"),
        ("2026-03-29T01:30:00", "2026-03-29", "Sunday", "2026-03-27"),
    ],
)
async def test_a_day_is_the_persons_own_also_when_clocks_change_at_night(place, instant, local, weekday, friday):
    now = dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)
    on = dt.date.fromisoformat(local)
    await with_a_past(place, "Northwind", 40, 10, now=now, team=[place.tom.member])
    midnight = dt.datetime.combine(dt.date.fromisoformat(friday), dt.time(), ZoneInfo("Europe/Berlin"))
    for moment, words in ((midnight, "just after midnight"), (midnight - dt.timedelta(seconds=1), "just before it")):
        move(place, moment)
        await place.tom.command("/checkin", f"Northwind 4 {words}", channel=place.elsewhere)
        [*_, row] = await place.rows(CheckinRow)
        async with place.ember.store.work(row.workspace_id) as session:
            changed = sa.update(CheckinRow).where(CheckinRow.id == row.id)
            await session.execute(changed.values(happened_on=on - dt.timedelta(days=10)))
    move(place, now)
    shown = reads(await today(place.ana, place.elsewhere))
    assert f"Your {weekday}" in shown
    assert "just after midnight" in shown.partition("Captured")[2]
    assert "just before it" not in shown.partition("Captured")[2]
    await place.ana.click("today.spoken")
    await place.quiet()
    assert "you spoke today" in sees(place.ana)
    assert [each.happened_on for each in await spoken(place)] == [on]
    await place.ana.click("today.yesterday")
    await place.quiet()
    assert [each.happened_on for each in await spoken(place)] == [on - dt.timedelta(days=1)]


@contextmanager
def counting():
    """Count the statements that reach a database."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


async def test_the_number_of_queries_does_not_grow_with_the_clients(office):
    async def asked():
        here = office.here("Ana")
        async with here.look() as session:
            with counting() as seen:
                found = await read(session, here)
        return found, len(seen)

    northwind = await office.client("Northwind", started=dt.date(2026, 1, 10))
    await office.note(northwind, "called", by="Tom", said_on=dt.date(2026, 3, 1))
    few, before = await asked()
    for number in range(40):
        client = await office.client(f"Client {number}", started=dt.date(2026, 1, 10))
        await office.note(client, "called", by="Tom", said_on=dt.date(2026, 3, 1))
    many, after = await asked()
    assert (len(few.rows), len(many.rows), many.more) == (1, CALLS, 36)
    assert after == before


async def test_the_rows_are_as_if_every_spark_were_read(office):
    since = dt.date(2026, 1, 10)
    for number, every in enumerate((2, 3, 4, 5, 7, 7, 11, 30)):
        client = await office.client(f"Client {number}", started=since)
        for time in range(number % 3 + 4):
            await office.note(client, "called", by="Tom", said_on=since + dt.timedelta(days=every * time))
    here = office.here("Ana")
    kinds = set()
    async with here.look() as session:
        listed = await clients.page(session, limit=100)
        for days in range(0, 120, 6):
            now = dt.datetime.combine(since + dt.timedelta(days=30 + days), dt.time(9), here.local.tzinfo)
            shown = await read_for(session, here.member, here.me, now)
            places = (await places_of(session, listed, here.me, now.date())).values()
            waiting = sorted((one for one in places if one.is_worth_a_call), key=lambda place: place.urgency)
            assert [row.place for row in shown.rows] == waiting[:CALLS]
            kinds |= {row.place.is_fading for row in shown.rows}
    assert kinds == {True, False}


@ON_SQLITE
def test_a_block_carries_which_rows_are_shown_and_anything_strange_carries_none(office):
    ids = [person.id for person in office.people.values()]
    assert shown_in(carry("today0", ids)) == ids
    assert len(carry("today0", ids * 2)) <= 255
    for strange in (None, "", "today0:", "today0:x.y", 7):
        assert shown_in(strange) == []
