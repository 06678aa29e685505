"""What can be done with a check-in once it is saved: undo, edit, delete, keep its promise, say why they hired us."""

import datetime as dt

import pytest

from bot.practices.checkins.rows import CheckinPersonRow, CheckinRow, CheckinSignalRow, DraftRow
from bot.practices.clients.rows import ClientRow
from bot.practices.promises.rows import PromiseRow
from tests.front_door import add_person, reads, sees, set_up_client
from tests.support import ON_SQLITE

LINE = "4 we owe her the plan by Friday"


@pytest.fixture
async def receipt(place, northwind):
    """The receipt of a line with a promise in it, Ana's."""
    answer = await place.ana.command("/checkin", LINE, channel=place.northwind)
    return answer.message


async def find(place, person, words):
    answer = await person.command("/client", f"find {words}", channel=place.elsewhere)
    return reads(answer.message)


# undo


@ON_SQLITE
async def test_undo_takes_the_note_back_and_keeps_the_words(place, receipt):
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert await place.rows(CheckinRow) == []
    assert "we owe her the plan by Friday" in sees(place.ana)
    assert "Nothing found" in await find(place, place.ana, "plan")


@ON_SQLITE
async def test_an_undone_note_can_be_put_back(place, receipt):
    await place.ana.click("checkin.undo")
    await place.quiet()
    back = await place.ana.click("draft.feel:4")
    await place.slack.redeliver(back)
    [kept] = await place.rows(CheckinRow)
    assert (kept.feeling, kept.note, kept.via) == (4, "we owe her the plan by Friday", "line")
    assert "her the plan by Friday" in await find(place, place.ana, "owe")


async def test_putting_back_loses_nothing_and_shows_it_to_nobody_else(place, northwind):
    await add_person(place, "northwind", "Priya")
    await place.ana.command("/checkin", "4 fine", channel=place.northwind)
    await place.ana.click("checkin.edit", in_="message")
    await place.quiet()
    await place.ana.submit(
        people=["Priya"],
        setting="one_to_one",
        medium="call",
        purpose="project",
        signals=["may_leave"],
        unsaid="The budget",
        quote="Hm",
        promise="The plan",
        promise_due="2026-05-15",
        visibility="me",
        when="2026-05-04",
    )
    [before] = await place.rows(CheckinRow)
    await place.ana.click("checkin.undo")
    await place.quiet()
    await place.ana.click("draft.feel:4")
    [after] = await place.rows(CheckinRow)
    told = ("feeling", "note", "setting", "medium", "purpose", "unsaid", "quote", "visibility", "happened_on", "via")
    assert [getattr(after, name) for name in told] == [getattr(before, name) for name in told]
    assert after.visibility == "me"
    assert [row.signal for row in await place.rows(CheckinSignalRow)] == ["may_leave"]
    assert len(await place.rows(CheckinPersonRow, checkin_id=after.id)) == 1
    [promise] = await place.rows(PromiseRow)
    assert (promise.what, promise.visibility, promise.checkin_id) == ("The plan", "me", after.id)


@ON_SQLITE
async def test_undo_works_to_the_tenth_minute(place, receipt):
    place.clock.advance(dt.timedelta(minutes=10))
    await place.ana.click("checkin.undo")
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_after_ten_minutes_undo_says_what_to_do_instead(place, receipt):
    place.clock.advance(dt.timedelta(minutes=10, seconds=1))
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert len(await place.rows(CheckinRow)) == 1
    assert "Undo works for ten minutes. You can still change or delete it" in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize("action", ["checkin.undo", "checkin.edit", "checkin.promise", "checkin.no_promise"])
async def test_somebody_elses_click_changes_nothing(place, receipt, action):
    await place.tom.click(action, in_=receipt)
    await place.quiet()
    assert place.tom.modals() == []
    assert len(await place.rows(CheckinRow)) == 1
    assert await place.rows(PromiseRow) == []
    assert "Only the person who wrote a note can change it." in reads(place.tom.sees()[-1])


async def test_undoing_twice_says_that_it_is_gone(place, receipt):
    clicked = await place.ana.click("checkin.undo")
    await place.slack.redeliver(clicked)
    await place.quiet()
    assert "not there any more" in sees(place.ana)


# edit


@ON_SQLITE
async def test_the_author_changes_everything(place, northwind, receipt):
    halden = await set_up_client(place, "Halden")
    await add_person(place, "halden", "Hanna")
    await place.ana.click("checkin.edit", in_="message")
    await place.quiet()
    modal = await place.ana.modal()
    assert (modal.value("client"), modal.value("feeling")) == (str(northwind.id), "4")
    assert (modal.value("note"), modal.value("when")) == ("we owe her the plan by Friday", "2026-05-12")
    await place.ana.fill(client="Halden")
    answer = await place.ana.submit(
        feeling="1",
        note="Wrong client; they waited for an answer",
        people=["Hanna"],
        setting="with_team",
        medium="in_person",
        purpose="project",
        signals=["blocker"],
        unsaid="Why",
        quote="Again?",
        when="2026-05-10",
        visibility="everyone",
    )
    assert answer.errors == {}
    [kept] = await place.rows(CheckinRow)
    assert (kept.client_id, kept.feeling, kept.note) == (halden.id, 1, "Wrong client; they waited for an answer")
    assert (kept.setting, kept.medium, kept.purpose) == ("with_team", "in_person", "project")
    assert (kept.unsaid, kept.quote, kept.happened_on) == ("Why", "Again?", dt.date(2026, 5, 10))
    assert (kept.visibility, kept.via, kept.edited_at is None) == ("everyone", "line", False)
    assert "Nothing found" in await find(place, place.ana, "owe her")
    assert "Halden" in await find(place, place.ana, "waited")


async def test_an_edit_can_take_details_away_again(place, northwind, receipt):
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.submit(signals=["paused"], quote="Hm", medium="call")
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.submit(signals=[], quote=None, medium=None)
    [kept] = await place.rows(CheckinRow)
    assert (kept.quote, kept.medium) == (None, None)
    assert await place.rows(CheckinSignalRow) == []


@ON_SQLITE
async def test_an_edit_shows_and_changes_the_promise(place, receipt):
    await place.ana.click("checkin.promise")
    await place.quiet()
    await place.ana.click("checkin.edit")
    await place.quiet()
    modal = await place.ana.modal()
    assert modal.value("promise_due") == "2026-05-15"
    await place.ana.submit(promise="The whole plan", promise_due="2026-05-18")
    [promise] = await place.rows(PromiseRow)
    assert (promise.what, promise.due_on) == ("The whole plan", dt.date(2026, 5, 18))
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.submit(promise=None, promise_due=None)
    assert await place.rows(PromiseRow) == []


@ON_SQLITE
async def test_a_day_in_the_future_is_refused_when_editing_too(place, receipt):
    await place.ana.click("checkin.edit")
    await place.quiet()
    answer = await place.ana.submit(when="2026-05-13")
    assert list(answer.errors) == ["when"]


@ON_SQLITE
async def test_an_author_who_travelled_west_can_still_edit_yesterdays_tomorrow(place, northwind):
    place.clock.set(dt.datetime(2026, 5, 12, 22, 30, tzinfo=dt.UTC))
    await place.ana.command("/checkin", "4 late call", channel=place.northwind)
    place.ana.member.tz = "America/New_York"
    await place.slack.event("user_change", user=place.ana.member.seen(place.clock.now()))
    await place.ana.click("checkin.edit")
    await place.quiet()
    answer = await place.ana.submit(quote="See you")
    assert answer.errors == {}
    [kept] = await place.rows(CheckinRow)
    assert (kept.happened_on, kept.quote) == (dt.date(2026, 5, 13), "See you")


# delete


@ON_SQLITE
async def test_deleting_asks_first_and_takes_the_promise_along(place, receipt):
    await place.ana.click("checkin.promise")
    await place.quiet()
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.modal()
    await place.ana.click("checkin.delete")
    assert "a promise made in it, what they will need next, and three lines" in str(place.ana.confirmed)
    assert await place.rows(CheckinRow) == []
    assert await place.rows(PromiseRow) == []
    await place.quiet()
    assert "The note about Northwind is deleted." in sees(place.ana)
    await place.ana.close_modal(everything=True)
    assert "Nothing found" in await find(place, place.ana, "plan")


@ON_SQLITE
async def test_a_note_deleted_meanwhile_is_not_edited_back_into_being(place, receipt):
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.modal()
    await place.ana.click("checkin.undo", in_=receipt)
    answer = await place.ana.submit(note="A new thought")
    assert "not there any more" in "".join(answer.errors.values())
    assert (await place.ana.modal()).value("note") == "A new thought"
    assert await place.rows(CheckinRow) == []


# promises


@ON_SQLITE
async def test_a_promise_in_words_is_shown_and_kept_by_one_tap_only(place, receipt):
    assert "A promise?" in reads(receipt)
    assert "Fri 15 May" in reads(receipt)
    assert await place.rows(PromiseRow) == []
    tapped = await place.ana.click("checkin.promise")
    await place.slack.redeliver(tapped)
    [promise] = await place.rows(PromiseRow)
    assert (promise.due_on, promise.theirs, promise.state) == (dt.date(2026, 5, 15), False, "open")
    await place.quiet()
    assert "*Promised:*" in sees(place.ana)
    assert "Keep it" not in sees(place.ana)


@ON_SQLITE
async def test_no_promise_takes_the_question_away_and_keeps_none(place, receipt):
    await place.ana.click("checkin.no_promise")
    await place.quiet()
    assert "promise" not in sees(place.ana).lower()
    assert "Saved: Northwind" in sees(place.ana)
    assert await place.rows(PromiseRow) == []


@ON_SQLITE
async def test_a_note_without_a_date_asks_about_no_promise(place, northwind):
    answer = await place.ana.command("/checkin", "4 we owe her the plan", channel=place.northwind)
    assert "promise" not in reads(answer.message).lower()


# why they hired us


@ON_SQLITE
async def test_why_they_hired_us_is_asked_after_the_first_check_in_only(place, northwind):
    first = await place.ana.command("/checkin", "4 fine", channel=place.northwind)
    second = await place.ana.command("/checkin", "5 better", channel=place.northwind)
    third = await place.tom.command("/checkin", "5 best", channel=place.northwind)
    assert "why did Northwind hire you?" in reads(first.message)
    assert "hire" not in reads(second.message) + reads(third.message)


@ON_SQLITE
async def test_the_answer_opens_a_form_and_is_kept(place, northwind):
    await place.ana.command("/checkin", "4 fine", channel=place.northwind)
    await place.ana.click("client.why")
    await place.quiet()
    await place.ana.submit(why="Ideas our own team cannot see")
    [client] = await place.rows(ClientRow)
    assert client.why_hired == "Ideas our own team cannot see"


@ON_SQLITE
async def test_answering_about_a_promise_leaves_the_question_why_standing(place, receipt):
    assert "hire you?" in reads(receipt)
    await place.ana.click("checkin.promise")
    await place.quiet()
    assert "hire you?" in sees(place.ana)


@ON_SQLITE
async def test_nothing_of_a_deleted_note_is_left(place, northwind):
    await place.ana.command("/checkin", "she cried about the budget", channel=place.northwind)
    await place.ana.click("draft.feel:2")
    await place.quiet()
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.modal()
    await place.ana.click("checkin.delete")
    assert await place.rows(CheckinRow) == []
    assert await place.rows(DraftRow) == []
