"""“We've spoken”: one press on the card, the day put right, a note added, all of it taken back."""

import datetime as dt

import pytest

from bot.playground.people import Message
from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.slack.blocks import actions, section
from bot.slack.text import Markup
from tests.front_door import card, reads, sees, set_up_client, turn_to
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)
YESTERDAY = dt.date(2026, 5, 11)


@pytest.fixture
async def pressed(place, northwind):
    """Ana has pressed "We've spoken" on the card."""
    await card(place)
    await place.ana.click("spark.spoken")
    await place.quiet()


async def held(place):
    return [(row.happened_on, row.feeling, row.note) for row in await place.rows(CheckinRow)]


def offers(place, *elements, block_id=None):
    """Put a message with elements of Ember's before Ana, as a list of clients would."""
    blocks = [section(Markup("*Worth a call*")), actions(*elements, block_id=block_id)]
    message = Message(place.elsewhere.id, "", place.slack.world.bot.id, "Worth a call", blocks=blocks, app=True)
    return place.slack.world.post(message)


@ON_SQLITE
async def test_one_press_notes_the_day_and_says_so(place, pressed):
    assert await held(place) == [(TODAY, None, "")]
    assert "Noted: you spoke with Northwind today." in sees(place.ana)
    assert all(each in sees(place.ana) for each in ("Add a note", "It was yesterday", "Undo"))


@ON_SQLITE
async def test_a_second_press_says_kindly_that_it_is_noted(place, pressed):
    await card(place)
    await place.ana.click("spark.spoken")
    await place.quiet()
    assert await held(place) == [(TODAY, None, "")]
    assert "Noted already: you spoke with Northwind today." in sees(place.ana)


async def test_the_same_click_delivered_twice_is_one_conversation(place, northwind):
    await card(place)
    click = await place.ana.click("spark.spoken")
    await place.slack.redeliver(click)
    assert await held(place) == [(TODAY, None, "")]


@ON_SQLITE
async def test_it_was_yesterday_moves_the_day(place, pressed):
    await place.ana.click("spark.spoken_on:yesterday")
    await place.quiet()
    assert await held(place) == [(YESTERDAY, None, "")]
    assert "Noted: you spoke with Northwind yesterday." in sees(place.ana)
    assert "It was yesterday" not in sees(place.ana)


def picker(message):
    """Return the action id and the block of the receipt's calendar."""
    [block] = [block for block in message.blocks if block["type"] == "actions"]
    [found] = [element for element in block["elements"] if element["type"] == "datepicker"]
    return found["action_id"]


@ON_SQLITE
async def test_the_receipt_lets_a_day_be_picked_again_and_again(place, pressed):
    for day in (dt.date(2026, 5, 8), dt.date(2026, 5, 6)):
        await place.ana.choose(picker(place.ana.sees()[-1]), day)
        await place.quiet()
        assert await held(place) == [(day, None, "")]
        assert f"Noted: you spoke with Northwind on {day:%a} {day.day} May." in sees(place.ana)


@ON_SQLITE
async def test_an_old_receipt_moves_no_note_and_adds_no_day(place, pressed):
    receipt = place.ana.sees()[-1]
    old = [dict(block) for block in receipt.blocks]
    await place.ana.click("checkin.edit", label="Add a note")
    await place.ana.modal()
    await place.ana.submit(feeling="5", note="Loved the launch")
    await place.ana.close_modal(everything=True)
    for act in (
        lambda: place.ana.click("spark.spoken_on:yesterday"),
        lambda: place.ana.choose(picker(receipt), YESTERDAY),
    ):
        receipt.blocks = old
        await act()
        await place.quiet()
        assert await held(place) == [(TODAY, 5, "Loved the launch")]
        assert "Noted already: you spoke with Northwind today." in sees(place.ana)


@ON_SQLITE
async def test_a_press_repeated_after_it_gave_way_to_a_note_says_so(place, northwind):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.fill(feeling="4", note="Fine")
    await place.ana.click("checkin.more")
    await place.quiet()
    await place.ana.submit(when="2026-05-11")
    await place.ana.close_modal(everything=True)
    await card(place)
    press = await place.ana.click("spark.spoken")
    await place.quiet()
    await place.ana.click("spark.spoken_on:yesterday")
    await place.quiet()
    assert await held(place) == [(YESTERDAY, 4, "Fine")]
    await place.slack.redeliver(press)
    await place.quiet()
    assert await held(place) == [(YESTERDAY, 4, "Fine")]
    assert "Noted already: you spoke with Northwind yesterday." in sees(place.ana)


@ON_SQLITE
async def test_undo_leaves_nothing(place, pressed):
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert (await held(place), await place.rows(DraftRow)) == ([], [])
    assert "Undone: your conversation with Northwind is not noted any more." in sees(place.ana)
    assert "Put it back" not in sees(place.ana)


@ON_SQLITE
async def test_undo_is_over_after_ten_minutes(place, pressed):
    place.clock.advance(dt.timedelta(minutes=10, seconds=1))
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert await held(place) == [(TODAY, None, "")]
    assert "Undo works for ten minutes. You can still change or delete it from the client's card." in sees(place.ana)


@ON_SQLITE
async def test_a_click_repeated_after_undo_notes_nothing(place, northwind):
    await card(place)
    click = await place.ana.click("spark.spoken")
    await place.quiet()
    await place.ana.click("checkin.undo")
    await place.slack.redeliver(click)
    await place.quiet()
    assert await held(place) == []
    assert "You took that back" in sees(place.ana)


@ON_SQLITE
async def test_a_note_is_added_in_an_empty_form(place, pressed):
    await place.ana.click("checkin.edit", label="Add a note")
    modal = await place.ana.modal()
    assert modal.title == "Add a note"
    assert (modal.value("feeling"), modal.value("note"), modal.value("when")) == (None, None, "2026-05-12")
    answer = await place.ana.submit(feeling="5", note="Loved the launch, we owe her the plan by Friday")
    assert answer.errors == {}
    assert await held(place) == [(TODAY, 5, "Loved the launch, we owe her the plan by Friday")]
    await place.quiet()
    assert "Saved: Northwind · glowing" in sees(place.ana)
    assert "A promise?" in sees(place.ana)


@ON_SQLITE
async def test_it_can_be_deleted_from_that_form(place, pressed):
    await place.ana.click("checkin.edit")
    await place.ana.modal()
    await place.ana.click("checkin.delete")
    await place.quiet()
    assert "That you have spoken is not noted any more." in str(place.ana.confirmed)
    assert await held(place) == []
    assert "Your conversation with Northwind is not noted any more." in sees(place.ana)


@ON_SQLITE
async def test_card_and_notes_show_it_without_an_empty_line(place, pressed):
    assert "Next due Tue 19 May · usually every 7 days" in reads(await card(place))
    assert "*Tue 12 May · spoke* · Ana" in reads(await turn_to(place, "notes"))
    await place.ana.click("card.notes")
    await place.quiet()
    assert "*Tue 12 May* · spoke · Ana" in sees(place.ana)
    message = place.ana.sees()[-1]
    assert [block["type"] for block in message.blocks] == ["header", "section", "actions"]


@ON_SQLITE
async def test_the_team_sees_it_and_cannot_change_it(place):
    await set_up_client(place, "Halden", team=[place.tom.member])
    await card(place, name="halden")
    await place.ana.click("spark.spoken")
    await place.quiet()
    await card(place, place.tom, "halden")
    shown = reads(await turn_to(place, "notes", place.tom))
    assert "spoke* · Ana" in shown
    assert "Add a note" not in shown
    await place.tom.click("spark.spoken")
    await place.quiet()
    assert len(await held(place)) == 2


@ON_SQLITE
async def test_it_is_found_by_no_words(place, pressed):
    answer = await place.ana.command("/client", "find spoke", channel=place.elsewhere)
    assert "Nothing found" in reads(answer.message)


@ON_SQLITE
async def test_a_day_is_picked(place, northwind):
    picker = {"type": "datepicker", "action_id": "spark.spoken_on"}
    message = offers(place, picker, block_id=f"spoken:{northwind.id}")
    await place.ana.choose("spark.spoken_on", dt.date(2026, 5, 4), in_=message)
    await place.quiet()
    assert await held(place) == [(dt.date(2026, 5, 4), None, "")]


@ON_SQLITE
@pytest.mark.parametrize(
    ("day", "told"), [(dt.date(2026, 5, 13), "still ahead"), (dt.date(2016, 5, 1), "more than 10 years ago")]
)
async def test_a_day_that_cannot_be_is_refused_in_words(place, northwind, day, told):
    picker = {"type": "datepicker", "action_id": "spark.spoken_on"}
    message = offers(place, picker, block_id=f"spoken:{northwind.id}")
    await place.ana.choose("spark.spoken_on", day, in_=message)
    await place.quiet()
    assert await held(place) == []
    assert told in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize("value", ["{id}:tomorrow", "{id}:2026-02-31", "nobody", "{id}:2026-05-11x", ":yesterday"])
async def test_strange_values_change_nothing_and_are_answered(place, northwind, value):
    button = {"type": "button", "action_id": "spark.spoken_on", "text": {"type": "plain_text", "text": "On"}}
    message = offers(place, button | {"value": value.format(id=northwind.id)})
    await place.ana.click("spark.spoken_on", in_=message)
    await place.quiet()
    assert await held(place) == []
    assert "Ember does not know that" in sees(place.ana)


@ON_SQLITE
async def test_what_ended_meanwhile_is_not_noted(place, northwind):
    shown = await card(place)
    await place.ana.command("/client", "end northwind")
    await place.ana.click("client.end")
    await place.quiet()
    await place.ana.click("spark.spoken", in_=shown)
    await place.quiet()
    assert await held(place) == []
    assert "has ended. Resume it first." in sees(place.ana)


@ON_SQLITE
async def test_home_hears_of_it(place, northwind):
    place.clock.advance(dt.timedelta(days=8))
    await place.ana.open_home()
    await place.quiet()
    assert "*Northwind*" in str(place.ana.home())
    await place.ana.click("home.show:clients", in_="home")
    await place.quiet()
    assert "overdue · " in str(place.ana.home())
    await card(place)
    await place.ana.click("spark.spoken", in_="message")
    await place.quiet()
    assert "overdue · " not in str(place.ana.home())


@ON_SQLITE
@pytest.mark.parametrize(
    ("now", "on"),
    [
        (dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC), dt.date(2026, 3, 29)),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
    ],
)
async def test_in_the_night_the_clocks_change_today_and_yesterday_are_right(place, now, on):
    place.clock.set(now)
    await set_up_client(place, "Halden")
    await card(place, name="halden")
    await place.ana.click("spark.spoken")
    await place.quiet()
    assert [day for day, _, _ in await held(place)] == [on]
    await place.ana.click("spark.spoken_on:yesterday")
    await place.quiet()
    assert [day for day, _, _ in await held(place)] == [on - dt.timedelta(days=1)]
