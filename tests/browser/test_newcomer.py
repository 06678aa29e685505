"""A newcomer's first minutes at a laptop: with a mouse, and the ways that matter most with the keys alone."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from bot.clock import Clock
from tests.browser.hands import Keyboard, by_mouse_and_by_keyboard
from tests.browser.visitor import Visitor


def today() -> dt.date:
    """Return the day it is for Ana, as whom the page opens."""
    return Clock().now().astimezone(ZoneInfo("Europe/Berlin")).date()


@by_mouse_and_by_keyboard
def test_the_one_minute(visitor: Visitor) -> None:
    steps = visitor.page.get_by_role("region", name="First steps")
    visitor.press(re.compile("^Type"), within=steps)
    expect(visitor.box).to_be_focused()
    with visitor.answered():
        visitor.page.keyboard.press("Enter")

    visitor.sees("Worth a call", within=visitor.newest)
    visitor.sees(re.compile(r"Northwind\s*Fading · nothing logged for \d+ days"), within=visitor.newest)
    visitor.sees("One idea:", within=visitor.newest)
    there = visitor.messages.count()

    visitor.press("We've spoken with Northwind", within=visitor.newest)

    visitor.sees(re.compile("✓ Northwind · you spoke today"), within=visitor.newest)
    expect(visitor.messages).to_have_count(there)

    visitor.press(re.compile("^Undo"), within=visitor.newest)

    visitor.misses(re.compile("you spoke"), within=visitor.newest)
    visitor.sees(re.compile(r"Northwind\s*Fading · nothing logged for \d+ days"), within=visitor.newest)


@by_mouse_and_by_keyboard
def test_why_a_client_is_named_is_told_with_a_picture(visitor: Visitor) -> None:
    visitor.ask("/ember today")
    visitor.more("Why?")

    visitor.sees("The check-ins behind it", within=visitor.newest)
    expect(visitor.newest.get_by_role("img", name=re.compile("Northwind's spark in %, a line chart"))).to_be_visible()

    visitor.press("Show as table", within=visitor.newest)
    numbers = visitor.newest.get_by_role("table", name="Northwind's spark in %")
    expect(numbers.get_by_role("row")).not_to_have_count(0)

    visitor.press("Back", within=visitor.newest)
    visitor.sees("One idea:", within=visitor.newest)


@by_mouse_and_by_keyboard
def test_a_wrong_input_is_shown_at_its_field_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    visitor.open("orchard")
    visitor.say("/checkin")
    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_be_focused()
    expect(visitor.dialog.get_by_role("combobox", name="Client")).to_have_value("Orchard")
    visitor.write("What happened?", "Rang about the launch; she laughed again.")
    visitor.save()

    feeling = visitor.dialog.get_by_role("radiogroup", name="How did it leave them?")
    expect(feeling).to_have_attribute("aria-invalid", "true")
    expect(feeling).to_have_accessible_description(re.compile("Please complete this required field."))
    visitor.sees("Please complete this required field.", within=visitor.dialog)
    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value(re.compile("laughed again"))

    visitor.tick("Warm")
    visitor.misses("Please complete this required field.", within=visitor.dialog)
    visitor.save()

    visitor.sees("Saved: Orchard · warm", within=visitor.dialog)
    visitor.press("Done", within=visitor.dialog)
    visitor.ask("/client orchard")
    visitor.press("Show notes", within=visitor.newest)
    visitor.sees("Rang about the launch; she laughed again.", within=visitor.newest)


@by_mouse_and_by_keyboard
def test_a_check_in_in_one_line_can_be_undone(visitor: Visitor) -> None:
    visitor.open("orchard")
    visitor.ask("/checkin warm she sang on the phone")
    visitor.sees("she sang on the phone", within=visitor.newest)
    there = visitor.messages.count()

    visitor.press("Undo", within=visitor.newest)

    visitor.sees(re.compile("Undone. Your note about Orchard is taken back"), within=visitor.newest)
    expect(visitor.messages).to_have_count(there)


@by_mouse_and_by_keyboard
def test_a_message_is_logged_by_its_menu(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.on_message("Saw Omar at the logistics fair", "Log to Ember")

    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value(
        re.compile("Saw Omar at the logistics fair")
    )
    visitor.tick("Neutral")
    visitor.save()

    visitor.sees("Saved: Northwind · neutral", within=visitor.dialog)
    visitor.press("Undo", within=visitor.dialog)
    visitor.sees("taken back", within=visitor.dialog)


@by_mouse_and_by_keyboard
def test_a_shortcut_opens_the_form_and_the_client_is_found_by_typing(visitor: Visitor) -> None:
    visitor.open("general")
    visitor.shortcut("Log a check-in")

    client = visitor.dialog.get_by_role("combobox", name="Client")
    visitor.hands.write(client, "zzz")
    visitor.sees("No results", within=visitor.dialog)
    visitor.choose("Client", "orch", "Orchard")
    expect(client).to_have_value("Orchard")


@by_mouse_and_by_keyboard
def test_home_shows_clients_and_opens_the_form(visitor: Visitor) -> None:
    visitor.open("Ember")
    visitor.press(re.compile("^(Show Clients|Clients, shown now)$"))
    visitor.sees("My clients")
    visitor.sees(re.compile(r"Northwind · Ana\s*fading"))

    visitor.press("Log a check-in")
    visitor.choose("Client", "lum", "Lumen")
    visitor.tick("Glowing")
    visitor.write("What happened?", "The lamp reads along.")
    visitor.save()

    visitor.sees("Saved: Lumen · glowing", within=visitor.dialog)
    visitor.press("Undo", within=visitor.dialog)
    visitor.sees("taken back", within=visitor.dialog)


@by_mouse_and_by_keyboard
def test_not_now_asks_until_when_and_says_what_is_wrong_with_a_day(visitor: Visitor) -> None:
    visitor.ask("/ember today")
    visitor.press(re.compile("^Not now: set Northwind aside"), within=visitor.newest)

    visitor.pick_day("Date", today() - dt.timedelta(days=3))
    visitor.write("In a few words", "Board week")
    visitor.save("Set aside")

    day = visitor.dialog.get_by_label(re.compile("^Date"))
    expect(day).to_have_attribute("aria-invalid", "true")
    expect(day).to_be_focused()
    visitor.sees("Pick a day after today.", within=visitor.dialog)
    expect(visitor.dialog.get_by_role("textbox", name=re.compile("^In a few words"))).to_have_value("Board week")

    visitor.pick_day("Date", today() + dt.timedelta(days=9))
    visitor.save("Set aside")

    visitor.sees(re.compile("Northwind is set aside until"), within=visitor.dialog)
    visitor.sees(re.compile("✓ Northwind · set aside until"), within=visitor.newest)
    visitor.press("Bring back", within=visitor.dialog)
    visitor.sees("Northwind is back.", within=visitor.dialog)


@by_mouse_and_by_keyboard
def test_a_conversation_of_another_day_is_picked_from_a_calendar(visitor: Visitor) -> None:
    visitor.ask("/ember today")
    visitor.more("Another day")
    day = visitor.newest.get_by_label(re.compile("When did you speak"))

    visitor.hands.pick_day(day, today() - dt.timedelta(days=4))

    visitor.sees(re.compile("✓ Northwind · you spoke on"), within=visitor.newest)
    visitor.press(re.compile("^Undo"), within=visitor.newest)
    visitor.misses(re.compile("you spoke"), within=visitor.newest)


@by_mouse_and_by_keyboard
def test_ending_a_relationship_is_asked_about_first(visitor: Visitor) -> None:
    visitor.ask("/client end orchard")
    visitor.press("End", within=visitor.newest)
    question = visitor.page.get_by_role("dialog", name="End this relationship?")
    visitor.press("Keep it", within=question)

    expect(question).to_be_hidden()
    expect(visitor.newest).to_contain_text("End the relationship with Orchard?")

    visitor.press("End", within=visitor.newest)
    visitor.press("End it", within=question)

    visitor.sees(re.compile("Orchard has ended"), within=visitor.newest)
    visitor.press("Resume", within=visitor.newest)
    visitor.sees(re.compile("Orchard is active again"), within=visitor.newest)


@by_mouse_and_by_keyboard
def test_windows_stack_and_go_back_one_by_one_or_all_at_once(visitor: Visitor) -> None:
    visitor.open("orchard")
    visitor.say("/checkin")
    visitor.tick("Warm")
    visitor.write("What happened?", "Talked about winter.")
    visitor.save()
    visitor.sees("Saved: Orchard · warm", within=visitor.dialog)

    visitor.press("Add detail", within=visitor.dialog)
    expect(visitor.dialog).to_have_accessible_name("Edit a check-in")
    visitor.write("Their words", "Snow, at last.")
    visitor.press("Back", within=visitor.dialog)
    expect(visitor.dialog).to_have_accessible_name("Saved")

    visitor.press("Add detail", within=visitor.dialog)
    expect(visitor.dialog).to_have_accessible_name("Edit a check-in")
    visitor.press("Clear all", within=visitor.dialog)
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


@by_mouse_and_by_keyboard
def test_a_guest_and_somebody_of_another_organisation_are_refused(visitor: Visitor) -> None:
    visitor.becomes("Lee")
    visitor.open("visuals")
    visitor.ask("/ember today")
    visitor.sees(re.compile("Ember is for full members"))

    visitor.becomes("Dev")
    expect(visitor.side.get_by_role("button", name=re.compile("^northwind"))).to_have_count(0)
    visitor.open("quayside-and-us")
    visitor.say("/ember today")
    visitor.sees("/ember is not a valid command.", within=visitor.page.get_by_role("status"))
    expect(visitor.box).to_have_value("/ember today")


@pytest.mark.parametrize("newcomer", [Keyboard], indirect=True)
def test_the_first_client_of_an_empty_agency(newcomer: Visitor) -> None:
    newcomer.open("northwind")
    newcomer.say("/client new Northwind")
    newcomer.choose("Who covers?", "an", "Ana")
    newcomer.choose("Heard in", "north", "# northwind")
    newcomer.save()

    newcomer.sees("Pick somebody else to cover: this one looks after them already.", within=newcomer.dialog)
    newcomer.choose("Who covers?", "tom", "Tom")
    newcomer.save()
    newcomer.sees(re.compile("Northwind is set up"), within=newcomer.dialog)

    newcomer.leave()
    newcomer.ask("/checkin 4 they signed, and brought cake")
    newcomer.sees("Saved: Northwind · warm", within=newcomer.newest)
