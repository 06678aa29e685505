"""The page in a hand: 390 pixels wide, with a finger; and on half a screen."""

import re

from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import visit
from tests.browser.instruments import tab
from tests.browser.visitor import Visitor

HALF = {"width": 820, "height": 800}
TOUCHED = "button, textarea, .select, input:not([type=radio], [type=checkbox], [role=combobox]), label:has(input)"
TOO_SMALL = "all => all.filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)"
SEEN = """each => {
  const { left, top, width, height } = each.getBoundingClientRect();
  return each.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""
PARTS = [
    "main", "main .messages", "main .home", ".thread", ".thread-list", ".instruments", ".inst-body",
    "dialog[open] .modal-body",
]  # fmt: skip


def fits(visitor: Visitor) -> None:
    """Fail where the page can be pushed sideways."""
    assert visitor.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    for part in visitor.page.locator(", ".join(PARTS)).all():
        assert part.evaluate("each => each.scrollWidth - each.clientWidth") <= 0


def in_sight(part: Locator) -> None:
    """Fail where the middle of something is beyond the edge, or where something else lies over it."""
    expect(part).to_be_in_viewport()
    assert part.evaluate(SEEN)


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


def test_the_instruments_are_at_hand_in_a_conversation_and_hide_nothing_of_it(on_a_phone: Visitor) -> None:
    on_a_phone.open("northwind")
    wire = tab(on_a_phone, "Wire")
    on_a_phone.say("Rang Priya, all is well")
    expect(on_a_phone.newest).to_contain_text("Rang Priya")
    in_sight(on_a_phone.newest)
    in_sight(on_a_phone.box)

    on_a_phone.ask("/ember help")
    answer = wire.get_by_role("listitem").filter(has_text="answer:command").last
    expect(answer).to_be_visible()
    in_sight(answer)
    on_a_phone.press("Instruments")
    expect(wire).to_have_count(0)

    on_a_phone.press("Back to conversations")
    on_a_phone.open("Ember")
    on_a_phone.press("Instruments")
    expect(wire).to_be_visible()
    fits(on_a_phone)


def test_what_a_window_holds_is_large_enough_for_a_finger(on_a_phone: Visitor) -> None:
    on_a_phone.open("orchard")
    on_a_phone.say("/checkin")
    on_a_phone.press("Add what you noticed", within=on_a_phone.dialog)
    expect(on_a_phone.dialog.get_by_role("textbox", name=re.compile("^Their words"))).to_be_attached()
    assert on_a_phone.dialog.locator(TOUCHED).evaluate_all(TOO_SMALL) == []


def test_on_half_a_screen_the_instruments_leave_room_for_side_bar_and_conversation(
    chromium: Browser, agency: str
) -> None:
    with visit(chromium, agency, viewport=HALF) as somebody:
        panel = tab(somebody, "Wire")
        in_sight(somebody.side.get_by_role("button", name="Channels"))
        in_sight(somebody.page.get_by_role("button", name="Close instruments"))

        somebody.open("northwind")
        somebody.say("Rang Priya, all is well")
        expect(somebody.newest).to_contain_text("Rang Priya")
        for part in (somebody.newest, somebody.box, panel):
            in_sight(part)
        fits(somebody)
