"""A newcomer's first minutes, with a mouse."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_the_one_minute(visitor: Visitor) -> None:
    steps = visitor.page.get_by_role("region", name="First steps")
    steps.get_by_role("button", name=re.compile("^Type")).click()
    visitor.box().press("Enter")

    visitor.sees("Worth a call")
    visitor.sees(re.compile(r"nothing logged for \d+ days"), within=visitor.newest)
    visitor.sees("One idea:", within=visitor.newest)
    expect(visitor.newest).to_contain_text("Northwind")

    visitor.newest.get_by_role("button", name="We've spoken").first.click()

    visitor.sees(re.compile("you spoke today"), within=visitor.newest)

    visitor.press("Undo", within=visitor.newest)

    expect(visitor.newest.get_by_text("you spoke today")).to_have_count(0)
    visitor.sees("One idea:", within=visitor.newest)


def test_why_a_client_is_named_is_told_with_a_picture(visitor: Visitor) -> None:
    visitor.say("/ember today")
    visitor.more("Why?")

    visitor.sees(re.compile("a gap that long happens"), within=visitor.newest)
    expect(visitor.newest.get_by_role("img")).to_be_visible()
    visitor.press("Show as table", within=visitor.newest)
    expect(visitor.newest.get_by_role("table")).to_be_visible()


def test_a_check_in_by_form_a_wrong_input_is_shown_at_its_field(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.say("/checkin")
    visitor.write("What happened?", "Rang about the launch; she laughed again.")
    visitor.press("Save", within=visitor.dialog)

    visitor.sees("How did it leave them?", within=visitor.dialog)
    expect(visitor.dialog.get_by_role("radiogroup", name=re.compile("How did it leave them"))).to_have_attribute(
        "aria-invalid", "true"
    )
    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value(
        "Rang about the launch; she laughed again."
    )

    visitor.tick("Warm")
    visitor.press("Save", within=visitor.dialog)

    visitor.sees("Undo", within=visitor.dialog)
    visitor.press("Close", within=visitor.dialog)
    visitor.say("/client northwind")
    visitor.sees("Rang about the launch; she laughed again.", within=visitor.newest)


def test_a_check_in_in_one_line_can_be_undone(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.say("/checkin warm she laughed again")
    visitor.sees("she laughed again", within=visitor.newest)

    visitor.press("Undo", within=visitor.newest)

    visitor.sees(re.compile("taken back|undone", re.IGNORECASE), within=visitor.newest)


def test_a_message_is_logged_by_its_menu(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.on_message("Saw Omar at the logistics fair", "Log to Ember")

    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value(
        re.compile("Saw Omar at the logistics fair")
    )
    visitor.tick("Neutral")
    visitor.press("Save", within=visitor.dialog)
    visitor.sees("Undo", within=visitor.dialog)


def test_home_shows_clients_and_opens_the_form(visitor: Visitor) -> None:
    visitor.open("Ember")
    visitor.sees("My clients")
    visitor.sees("Northwind")

    visitor.press("Log a check-in")
    visitor.choose("Client", "orch", "Orchard")
    visitor.tick("Glowing")
    visitor.write("What happened?", "The tasting tour sold out.")
    visitor.press("Save", within=visitor.dialog)

    visitor.sees("Undo", within=visitor.dialog)


def test_the_first_client_of_an_empty_agency(newcomer: Visitor) -> None:
    newcomer.open("general")
    newcomer.say("/client new Northwind")
    newcomer.press("Save", within=newcomer.dialog)

    newcomer.sees(re.compile("Northwind"), within=newcomer.dialog)


def test_a_guest_is_refused_kindly(visitor: Visitor) -> None:
    visitor.becomes("Lee")
    visitor.open("general")
    visitor.say("/ember today")

    visitor.sees(re.compile("Ember is for full members"))
