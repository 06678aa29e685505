"""Promises, blockers, what is needed next and why they hired us, through the front door."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.anticipations.rows import AnticipationRow
from bot.practices.blockers.rows import BlockerRow
from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients.rows import ClientRow
from bot.practices.promises.rows import PromiseEventRow, PromiseRow
from bot.store.search import SearchEntry
from tests.front_door import card, reads, sees, set_up_client, turn_to
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)
FRIDAY = dt.date(2026, 5, 15)
DAY = dt.timedelta(days=1)
pytestmark = ON_SQLITE


@pytest.fixture
async def northwind(place):
    """A client of Ana's and Tom's."""
    return await set_up_client(place, heard_in=[place.northwind], team=[place.tom.member], rhythm=30)


async def managing(place):
    """Return the side of Northwind's card on which things are added."""
    await card(place)
    return await turn_to(place, "manage")


async def promised(place):
    [row] = await place.rows(PromiseRow)
    return row


async def test_a_line_fills_in_the_form_and_one_tap_keeps_the_promise(place, northwind):
    await place.ana.command("/client", "promise northwind media plan by Friday", channel=place.elsewhere)
    form = await place.ana.modal()
    assert (form.value("what"), form.value("due")) == ("media plan", "2026-05-15")
    assert await place.rows(PromiseRow) == []
    answer = await place.ana.submit(carrier=place.tom.member)
    assert answer.errors == {}
    row = await promised(place)
    ids = await place.our_ids(place.ana.member, place.tom.member)
    assert (row.what, row.due_on, row.checkin_id) == ("media plan", FRIDAY, None)
    assert (row.author_id, row.carrier_id) == (ids[place.ana.id], ids[place.tom.id])
    assert "We promised Northwind: media plan, by Fri 15 May." in sees(place.ana)
    await place.ana.close_modal(everything=True)
    assert "*Promised*\nmedia plan · by Fri 15 May · Tom" in reads(await card(place))


async def test_the_other_word_for_it_theirs_and_a_line_without_a_day(place, northwind):
    await place.ana.command("/client", "promised northwind they owe us the brand files by Friday")
    form = await place.ana.modal()
    assert form.value("theirs") == ["yes"]
    await place.ana.close_modal(everything=True)
    await place.ana.command("/client", "promise northwind the media plan")
    answer = await place.ana.submit(due="2026-05-11")
    assert answer.errors == {"due": "That day has passed. Pick today or a later day."}
    answer = await place.ana.submit(due="2026-05-13", carrier=place.join("Sam", place.elsewhere).member)
    assert "couldn't read this promise" in answer.errors["carrier"]
    assert (await place.ana.submit(carrier=None)).errors == {}
    assert (await promised(place)).what == "the media plan"


async def test_somebody_who_is_no_full_member_is_named_as_who_can_keep_no_promise(place, northwind):
    await place.ana.command("/client", "promise northwind media plan by Friday", channel=place.elsewhere)
    answer = await place.ana.submit(carrier=place.join("Gil", place.elsewhere, guest=True).member)
    assert "guests, bots and people who left can't keep a promise" in answer.errors["carrier"]


@pytest.fixture
async def promise(place, northwind):
    """A promise of Ana's, by Friday."""
    await place.ana.command("/client", "promise northwind media plan by Friday", channel=place.elsewhere)
    await place.ana.submit()
    await place.ana.close_modal(everything=True)
    return await promised(place)


async def test_a_card_says_done_and_the_press_can_be_taken_back(place, promise):
    await place.ana.click("promise.done:card", in_=await card(place))
    await place.quiet()
    assert (await promised(place)).state == "kept"
    assert "✓ Northwind · media plan · done" in sees(place.ana)
    await place.ana.click("promise.undo:card")
    await place.quiet()
    assert (await promised(place)).state == "open"
    assert [row.state for row in await place.rows(PromiseEventRow)] == ["kept", "open"]


async def test_the_menu_on_a_card_says_what_became_of_a_promise(place, promise):
    await place.ana.choose("promise.more:card", f"exceeded:{promise.id}", in_=await card(place))
    await place.quiet()
    row = await promised(place)
    assert (row.state, row.settled_at) == ("exceeded", place.clock.now())
    assert "media plan · exceeded\nUndo" in sees(place.ana)


async def test_a_promise_moves_with_a_reason_and_back(place, promise):
    await place.ana.choose("promise.more:card", f"move:{promise.id}", in_=await card(place))
    answer = await place.ana.submit(to="2026-05-11")
    assert answer.errors == {"to": "Pick today or a later day, within five years."}
    await place.ana.submit(to="2026-05-22", why="Legal is reading it")
    row = await promised(place)
    assert (row.due_on, row.moved_from, row.times_moved) == (dt.date(2026, 5, 22), FRIDAY, 1)
    assert "media plan for Northwind is due Fri 22 May now." in sees(place.ana)
    await place.ana.close_modal(everything=True)
    await place.tom.choose("promise.more:card", f"edit:{promise.id}", in_=await card(place, place.tom))
    await place.quiet()
    assert "Moved from Fri 15 May to Fri 22 May · Ana, Tue 12 May · Legal is reading it" in sees(place.tom)
    await place.ana.choose("promise.more:card", f"move:{promise.id}", in_=await card(place))
    await place.quiet()
    await place.ana.submit(to="2026-05-29")
    await place.ana.click("promise.unmove")
    await place.quiet()
    row = await promised(place)
    assert (row.due_on, row.moved_from, row.times_moved) == (dt.date(2026, 5, 22), FRIDAY, 1)


async def test_a_promise_is_edited_and_deleted_only_after_asking(place, promise):
    await place.ana.choose("promise.more:card", f"edit:{promise.id}", in_=await card(place))
    await place.ana.submit(what="the whole media plan", visibility="me")
    row = await promised(place)
    assert (row.what, row.visibility) == ("the whole media plan", "me")
    [entry] = await place.rows(SearchEntry, kind="promise")
    assert (entry.body, entry.visibility) == ("the whole media plan", "me")
    await place.ana.close_modal(everything=True)
    assert "media plan" not in reads(await card(place, place.tom))
    await place.ana.choose("promise.more:card", f"edit:{promise.id}", in_=await card(place))
    await place.ana.modal()
    await place.ana.click("promise.drop")
    await place.quiet()
    assert "Delete this promise?" in str(place.ana.confirmed)
    assert await place.rows(PromiseRow) == []
    assert await place.rows(SearchEntry, kind="promise") == []


async def test_a_message_becomes_a_promise_without_a_check_in(place, northwind):
    message = place.tom.post(place.northwind, "We'll send the plan by Friday")
    await place.ana.message_shortcut("checkin.from_message", message)
    await place.ana.modal()
    await place.ana.click("checkin.as_promise")
    await place.quiet()
    form = await place.ana.modal()
    assert (form.title, form.value("due")) == ("Promise", "2026-05-15")
    await place.ana.submit()
    assert (await promised(place)).what == "We'll send the plan"
    assert await place.rows(CheckinRow) == []


# blockers


async def noticed(place):
    """Log a check-in in which a blocker was noticed."""
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    await place.ana.click("checkin.more")
    await place.quiet()
    said = {"feeling": "3", "note": "Legal holds the brief back", "signals": ["blocker"]}
    await place.ana.submit(client="Northwind", **said, need="A plan for the launch")


async def test_a_check_in_that_noticed_a_blocker_offers_to_note_it_and_it_ends_by_another_way(place, northwind):
    await noticed(place)
    [checkin] = await place.rows(CheckinRow)
    await place.ana.click("blocker.new")
    await place.quiet()
    form = await place.ana.modal()
    assert form.value("what") == "Legal holds the brief back"
    await place.ana.submit(side="theirs", cause="A new counsel")
    [row] = await place.rows(BlockerRow)
    assert (row.checkin_id, row.side, row.opened_on, row.other_way) == (checkin.id, "theirs", TODAY, None)
    await place.ana.close_modal(everything=True)
    said = "*In the way:* Legal holds the brief back · since Tue 12 May · their side · perhaps A new counsel"
    shown = await card(place)
    assert said in reads(shown)
    await place.ana.choose("blocker.more", f"close:{row.id}", in_=shown)
    answer = await place.ana.submit(other_way="  ")
    assert answer.errors == {"other_way": "Write which way led round it, for the next time."}
    await place.ana.submit(other_way="Their agency sends it", ended="It came")
    [row] = await place.rows(BlockerRow)
    assert (row.closed_on, row.other_way, row.ended) == (TODAY, "Their agency sends it", "It came")
    assert "In the way" not in reads(await card(place))
    found = await place.tom.command("/client", "find counsel", channel=place.elsewhere)
    assert "in the way until Tue 12 May" in reads(found.message)
    await place.ana.click("blocker.undo")
    await place.quiet()
    assert "Another way round: Their agency sends it" in reads(await card(place))


async def test_a_private_blocker_is_its_authors_alone_and_asks_before_it_goes(place, northwind):
    await place.ana.click("blocker.new", in_=await managing(place))
    await place.ana.submit(what="their boss dislikes us", visibility="me")
    await place.ana.close_modal(everything=True)
    [row] = await place.rows(BlockerRow)
    assert "their boss" not in reads(await card(place, place.tom))
    found = await place.tom.command("/client", "find boss", channel=place.elsewhere)
    assert "Nothing found" in reads(found.message)
    await place.ana.choose("blocker.more", f"edit:{row.id}", in_=await card(place))
    await place.ana.modal()
    await place.ana.click("blocker.drop")
    await place.quiet()
    assert "Delete this blocker?" in str(place.ana.confirmed)
    assert await place.rows(BlockerRow) == []
    assert await place.rows(SearchEntry, kind="blocker") == []


async def test_a_blocker_stands_since_a_day_that_can_be_meant(place, northwind):
    await place.ana.click("blocker.new", in_=await managing(place))
    answer = await place.ana.submit(what="Legal is slow", opened_on="1900-01-01")
    assert answer.errors == {"opened_on": "Pick a day within the last five years."}
    assert (await place.ana.submit(opened_on="2022-05-12")).errors == {}
    [row] = await place.rows(BlockerRow)
    assert row.opened_on == dt.date(2022, 5, 12)


async def test_what_two_people_change_about_a_blocker_at_once_is_kept_and_what_contradicts_is_asked(place, northwind):
    await place.ana.click("blocker.new", in_=await managing(place))
    await place.ana.submit(what="Legal is slow")
    [row] = await place.rows(BlockerRow)
    await place.ana.click("blocker.edit")
    await place.quiet()
    await place.ana.modal()
    await place.tom.choose("blocker.more", f"close:{row.id}", in_=await card(place, place.tom))
    await place.tom.submit(other_way="Their agency sends it")
    answer = await place.ana.submit(other_way="Ring them", cause="A new counsel")
    assert "Somebody changed this to “Their agency sends it” meanwhile." in answer.errors["other_way"]
    answer = await place.ana.submit(other_way="", side="theirs")
    assert answer.errors == {}
    [row] = await place.rows(BlockerRow)
    assert (row.cause, row.side, row.closed_on) == ("A new counsel", "theirs", TODAY)
    assert row.other_way == "Their agency sends it"


# what they will need next


async def test_what_they_will_need_next_is_listed_until_done_or_dropped(place, northwind):
    await noticed(place)
    assert "*They'll need next:* A plan for the launch" in sees(place.ana)
    await place.ana.close_modal(everything=True)
    [need] = await place.rows(AnticipationRow)
    shown = await card(place)
    assert "*They'll need next:* A plan for the launch" in reads(shown)
    await place.ana.choose("need.more", f"done:{need.id}", in_=shown)
    await place.quiet()
    assert "They'll need next" not in reads(await card(place))
    await place.ana.click("need.undo")
    await place.quiet()
    assert "They'll need next" in reads(await card(place))
    await place.ana.choose("need.more", f"dropped:{need.id}", in_=await card(place))
    await place.quiet()
    assert "They'll need next" not in reads(await card(place))


async def test_what_a_check_in_says_they_will_need_follows_it(place, northwind):
    await noticed(place)
    [checkin] = await place.rows(CheckinRow)
    await place.ana.click("checkin.edit")
    await place.quiet()
    form = await place.ana.modal()
    assert form.value("need") == "A plan for the launch"
    await place.ana.submit(need="A plan for autumn", visibility="me")
    [need] = await place.rows(AnticipationRow)
    assert (need.what, need.visibility, need.checkin_id) == ("A plan for autumn", "me", checkin.id)
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert await place.rows(AnticipationRow) == []
    await place.ana.click("draft.feel:3")
    await place.quiet()
    [need] = await place.rows(AnticipationRow)
    assert (need.what, need.visibility) == ("A plan for autumn", "me")
    assert len(await place.rows(SearchEntry, kind="anticipation")) == 1


async def test_what_they_will_need_is_noted_from_the_card_and_deleted_after_asking(place, northwind):
    await place.ana.click("need.new", in_=await managing(place))
    await place.ana.submit(what="A new brief")
    await place.ana.close_modal(everything=True)
    [need] = await place.rows(AnticipationRow)
    await place.tom.choose("need.more", f"edit:{need.id}", in_=await card(place, place.tom))
    form = await place.tom.modal()
    assert form.value("what") == "A new brief"
    answer = await place.tom.submit(what="A new brief for spring", visibility="me")
    assert answer.errors == {"visibility": "Only Ana can make this theirs alone."}
    answer = await place.tom.submit(what="A new brief for spring", visibility="everyone")
    assert answer.errors == {}
    [need] = await place.rows(AnticipationRow)
    assert (need.what, need.visibility) == ("A new brief for spring", "everyone")
    found = await place.ana.command("/client", "find spring", channel=place.elsewhere)
    assert "A new brief for" in reads(found.message)
    await place.tom.click("need.edit")
    await place.quiet()
    await place.tom.modal()
    await place.tom.click("need.drop")
    await place.quiet()
    assert "Delete this?" in str(place.tom.confirmed)
    assert await place.rows(AnticipationRow) == []
    assert await place.rows(SearchEntry, kind="anticipation") == []


# why they hired us


async def test_why_they_hired_us_is_not_overwritten_by_who_said_it_at_the_same_time(place, northwind):
    for person in (place.ana, place.tom):
        await person.command("/client", "northwind", channel=place.elsewhere)
        await person.click("client.why")
        await place.quiet()
    await place.tom.submit(why="ideas our own team cannot see")
    answer = await place.ana.submit(why="we answer on the same day")
    assert list(answer.errors) == ["why"]
    assert "Somebody changed this to “ideas our own team cannot see” meanwhile." in answer.errors["why"]
    [row] = await place.rows(ClientRow)
    assert row.why_hired == "ideas our own team cannot see"


async def test_why_they_hired_us_is_asked_again_on_the_card_after_half_a_year(place, northwind):
    await place.ana.click("client.why", in_=await card(place))
    await place.ana.submit(why="ideas our own team cannot see", why_type="innovation")
    await place.ana.close_modal(everything=True)
    [row] = await place.rows(ClientRow)
    assert (row.why_type, row.why_confirmed_on) == ("innovation", TODAY)
    shown = reads(await card(place))
    assert "*Why us:* “ideas our own team cannot see” · innovation" in shown
    assert "Still why?" not in shown
    long_ago = TODAY - 213 * DAY
    async with place.ember.store.work(place.workspace.id) as session:
        await session.execute(sa.update(ClientRow).values(why_confirmed_on=long_ago))
    shown = await card(place)
    assert "Still why? Asked 7 months ago.\nStill true\nEdit" in reads(shown)
    await place.ana.click("client.why_true:card", in_=shown)
    await place.quiet()
    [row] = await place.rows(ClientRow)
    assert row.why_confirmed_on == TODAY
    assert "Still why?" not in reads(await card(place))
    await place.ana.click("client.why_undo")
    await place.quiet()
    [row] = await place.rows(ClientRow)
    assert row.why_confirmed_on == long_ago


async def test_a_brief_opens_with_why_and_has_what_is_owed_in_the_way_needed_and_said(place, northwind):
    await noticed(place)
    await place.ana.close_modal(everything=True)
    await place.ana.click("client.why", in_=await card(place))
    await place.ana.submit(why="ideas our own team cannot see")
    await place.ana.close_modal(everything=True)
    for typed in ("media plan by today", "they owe us the brand files by Friday"):
        await place.ana.command("/client", f"promise northwind {typed}", channel=place.elsewhere)
        await place.ana.submit()
        await place.ana.close_modal(everything=True)
    await place.ana.click("blocker.new", in_=await managing(place))
    await place.ana.submit(what="Legal is slow", other_way="Their agency sends it")
    await place.ana.close_modal(everything=True)
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    await place.ana.click("checkin.more")
    await place.quiet()
    await place.ana.submit(client="Northwind", feeling="4", note="They are glad", quote="the best week")
    await place.ana.close_modal(everything=True)
    brief = reads((await place.ana.command("/client", "brief northwind", channel=place.elsewhere)).message)
    parts = [
        "*Why us:* “ideas our own team cannot see”",
        "*We owe:* media plan, today. *They owe:* the brand files, by Fri 15 May",
        "*In the way:* Legal is slow, since Tue 12 May (another way round: Their agency sends it)",
        "*They'll need next:* A plan for the launch",
        "*Their words:* “the best week” Tue 12 May",
    ]
    places = [brief.index(part) for part in parts]
    assert places == sorted(places)
