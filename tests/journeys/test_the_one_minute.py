"""The one minute: a client has gone quiet, Ember says why and what about, one tap, and the row turns calm."""

import datetime as dt

from bot.practices.checkins.rows import CheckinRow
from bot.practices.checkins.rules import Via
from tests.front_door import reads, sees
from tests.rhythm import NOW, WEEKLY, WEEKLY_THEN_QUIET, move, with_a_past


async def test_a_client_gone_quiet_turns_calm_with_one_tap(place):
    northwind = await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET, team=[place.tom.member])
    await with_a_past(place, "Orchard", *WEEKLY, team=[place.tom.member])
    await with_a_past(place, "Halden", 30)
    move(place, NOW - dt.timedelta(hours=20))
    await place.tom.command("/checkin", "Orchard 5 the film made them proud", channel=place.elsewhere)
    move(place, NOW)

    answer = await place.ana.command("/ember", "today", channel=place.elsewhere)
    shown = reads(answer.message)
    assert answer.json["response_type"] == "ephemeral"
    assert "*Northwind*\nFading · nothing logged for 30 days; usually every 7" in shown
    assert "*One idea:* pick up from “talked about the Northwind plan, 30 days before”" in shown
    assert "*Halden*" in shown
    assert "*Captured since yesterday*\n• *Orchard* · Tom · glowing · “the film made them proud”" in shown

    await place.ana.choose("today.more", "Why?")
    await place.quiet()
    assert "The course of the spark:" in sees(place.ana)
    await place.ana.click("today.open:back")
    await place.quiet()

    await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    calm = sees(place.ana)
    assert "✓ *Northwind* · you spoke today · bright again" in calm
    assert "*Halden*" in calm

    await place.ana.click("today.undo")
    await place.quiet()
    assert sees(place.ana) == shown
    await place.ana.click("today.spoken", value=str(northwind.id))
    await place.quiet()
    await place.ana.click("today.yesterday")
    await place.quiet()
    assert "✓ *Northwind* · you spoke yesterday · bright again" in sees(place.ana)
    [said] = await place.rows(CheckinRow, via=Via.SPOKEN)
    assert (said.happened_on, said.feeling) == (dt.date(2026, 5, 11), None)

    await place.ana.click("today.not_now")
    await place.quiet()
    await place.ana.submit(until="week", reason="away")
    await place.ana.close_modal(everything=True)
    calm = reads((await place.ana.command("/ember", "today", channel=place.elsewhere)).message)
    assert "*All calm.* Nobody is waiting for a call." in calm
    assert "Next is *" in calm

    listed = reads((await place.ana.command("/client", "list", channel=place.elsewhere)).message)
    assert "*Northwind* · Ana\nbright · next due Mon 18 May" in listed
    card = reads((await place.tom.command("/client", "northwind", channel=place.elsewhere)).message)
    assert "Bright" in card
    assert "spoke" in card
    assert len(place.slack.posted()) == 0, "Ember spoke to nobody who had not asked"
