"""The page in a hand: 390 pixels wide, with a finger."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def fits(visitor: Visitor) -> None:
    """Fail where the page can be pushed sideways."""
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    for part in visitor.page.locator("main, main .messages, main .home, dialog[open] .modal-body").all():
        assert part.evaluate("each => each.scrollWidth - each.clientWidth") <= 0


def test_conversations_come_first_and_back_leads_to_them(on_a_phone: Visitor) -> None:
    expect(on_a_phone.box).to_be_hidden()
    fits(on_a_phone)

    on_a_phone.open("northwind")
    expect(on_a_phone.side).to_be_hidden()
    fits(on_a_phone)

    on_a_phone.press("Back to conversations")
    expect(on_a_phone.side).to_be_visible()
    expect(on_a_phone.box).to_be_hidden()

    on_a_phone.open("Ember")
    on_a_phone.press(re.compile("^(Show Today|Today, shown now)$"))
    on_a_phone.sees(re.compile("^Your "))
    fits(on_a_phone)
    on_a_phone.press(re.compile("^(Show Clients|Clients, shown now)$"))
    on_a_phone.sees("My clients")
    fits(on_a_phone)
    on_a_phone.press("Show Today")


def test_the_one_minute(on_a_phone: Visitor) -> None:
    on_a_phone.open("general")
    on_a_phone.ask("/ember today")
    on_a_phone.sees("Worth a call", within=on_a_phone.newest)
    fits(on_a_phone)

    on_a_phone.press("We've spoken with Northwind", within=on_a_phone.newest)

    on_a_phone.sees(re.compile("✓ Northwind · you spoke today"), within=on_a_phone.newest)
    fits(on_a_phone)
    on_a_phone.press(re.compile("^Undo"), within=on_a_phone.newest)
    on_a_phone.misses(re.compile("you spoke"), within=on_a_phone.newest)

    on_a_phone.more("Why?")
    on_a_phone.sees("The check-ins behind it", within=on_a_phone.newest)
    fits(on_a_phone)


def test_a_window_fills_the_screen(on_a_phone: Visitor) -> None:
    on_a_phone.open("orchard")
    on_a_phone.say("/checkin")
    expect(on_a_phone.dialog).to_be_visible()
    assert on_a_phone.dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}

    on_a_phone.press("Add what you noticed", within=on_a_phone.dialog)
    expect(on_a_phone.dialog.get_by_role("textbox", name=re.compile("^Their words"))).to_be_attached()
    fits(on_a_phone)
    on_a_phone.tick("Glowing")
    on_a_phone.write("What happened?", "The tasting tour sold out.")
    on_a_phone.save()
    on_a_phone.sees("Saved: Orchard · glowing", within=on_a_phone.dialog)
    on_a_phone.press("Undo", within=on_a_phone.dialog)
    on_a_phone.sees("taken back", within=on_a_phone.dialog)


def test_a_thread_and_the_instruments_fit_too(on_a_phone: Visitor) -> None:
    on_a_phone.open("northwind")
    on_a_phone.hands.turn_to(on_a_phone.newest)
    on_a_phone.press("Reply in thread", within=on_a_phone.newest)
    expect(on_a_phone.thread).to_be_visible()
    fits(on_a_phone)
    on_a_phone.press("Close thread", within=on_a_phone.thread)

    on_a_phone.press("Back to conversations")
    on_a_phone.press("Instruments")
    for name in ("Clock", "Faults", "Channels", "Database", "Wire"):
        on_a_phone.hands.press(on_a_phone.page.get_by_role("tab", name=name))
        fits(on_a_phone)
