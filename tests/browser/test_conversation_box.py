"""Where one writes and where one stands: suggestions, drafts, joining and leaving, Back and reload, light and dark."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.hands import by_keyboard
from tests.browser.test_accessible import findings
from tests.browser.visitor import Visitor

ENTER_AND_AT_ONCE_CTRL_K = """async () => {
  const press = (key, ctrlKey) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
  press("Enter", false);
  for (let drawn = 0; drawn < 5; drawn += 1) await null;
  press("k", true);
}"""
"""Both keys before the browser has told the page that the dialog was closed."""


def suggested(visitor: Visitor) -> Locator:
    return visitor.main.get_by_role("listbox", name="Commands").get_by_role("option")


def stands_in(visitor: Visitor, name: str) -> None:
    expect(visitor.main.get_by_role("heading", level=1)).to_have_text(name)


@by_keyboard
def test_a_command_is_chosen_from_what_the_box_suggests(visitor: Visitor) -> None:
    visitor.open("general")
    keys, options = visitor.page.keyboard, suggested(visitor)
    visitor.hands.write(visitor.box, "/")
    expect(options).to_have_count(3)
    expect(options.first).to_have_attribute("aria-selected", "true")
    keys.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(visitor.box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    keys.press("Tab")
    expect(visitor.box).to_have_value("/client ")
    expect(options).to_have_count(0)
    visitor.sees("Open, set up, list and search clients")

    visitor.hands.write(visitor.box, "/em")
    expect(options).to_have_count(1)
    keys.press("Escape")
    expect(options).to_have_count(0)
    keys.type("b")
    expect(options).to_have_count(1)
    there = visitor.messages.count()
    keys.press("Enter")
    expect(visitor.box).to_have_value("/ember ")
    expect(visitor.box).to_be_focused()
    expect(visitor.messages).to_have_count(there)
    with visitor.answered():
        keys.type("help")
        keys.press("Enter")
    visitor.sees("Only visible to you", within=visitor.newest)


def test_a_suggestion_is_taken_with_the_mouse_and_a_draft_waits_where_it_was_begun(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.hands.write(visitor.box, "/")
    visitor.hands.press(suggested(visitor).filter(has_text="/checkin"))
    expect(visitor.box).to_have_value("/checkin ")
    expect(visitor.box).to_be_focused()
    visitor.page.keyboard.type("warm she")

    visitor.open("halden")
    expect(visitor.box).to_have_value("")
    visitor.open("northwind")
    expect(visitor.box).to_have_value("/checkin warm she")
    visitor.hands.write(visitor.box, "")


@by_keyboard
def test_a_channel_is_joined_and_left_again(visitor: Visitor) -> None:
    visitor.becomes("Tom")
    visitor.open("marlow")
    visitor.sees(re.compile("You are looking at"))
    expect(visitor.box).to_have_count(0)
    visitor.press("Join channel")
    expect(visitor.box).to_be_visible()
    visitor.sees(re.compile("Tom has joined the channel"), within=visitor.newest)

    visitor.press("4 members")
    people = visitor.page.get_by_role("dialog", name="Members of #marlow")
    for name in ("Ana", "Sam", "Tom", "Ember"):
        visitor.sees(name, within=people)
    assert findings(visitor) == []
    visitor.press("Leave #marlow", within=people)
    visitor.sees(re.compile("You are looking at"))
    expect(visitor.box).to_have_count(0)


def test_the_switcher_opens_again_however_soon_after_it_was_closed(visitor: Visitor) -> None:
    visitor.open("northwind")
    switcher = visitor.page.get_by_role("dialog", name="Go to a conversation")
    visitor.page.keyboard.press("Control+k")
    expect(switcher.get_by_role("combobox")).to_be_focused()
    visitor.page.keyboard.type("halden")
    visitor.page.evaluate(ENTER_AND_AT_ONCE_CTRL_K)
    stands_in(visitor, "halden")
    expect(switcher.get_by_role("combobox")).to_have_value("")
    visitor.page.keyboard.type("north")
    visitor.page.keyboard.press("Enter")
    stands_in(visitor, "northwind")
    expect(switcher).to_be_hidden()


@by_keyboard
def test_back_and_reload_keep_ones_place(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.open("halden")
    visitor.open("Ember")
    visitor.hands.press(visitor.main.get_by_role("tab", name="Messages"))
    visitor.page.reload()
    expect(visitor.main.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")

    visitor.page.go_back()
    expect(visitor.main.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    visitor.page.go_back()
    stands_in(visitor, "halden")
    visitor.page.go_back()
    stands_in(visitor, "northwind")
    visitor.page.go_forward()
    stands_in(visitor, "halden")
    visitor.page.reload()
    stands_in(visitor, "halden")
    visitor.sees("Halden still owe us the brand files. Shall I ask Karl directly?")


@by_keyboard
def test_light_and_dark_are_chosen_and_kept_whatever_the_system_says(visitor: Visitor) -> None:
    visitor.lights("light")
    light = paper(visitor)
    visitor.lights("dark")
    dark = paper(visitor)
    assert light != dark

    visitor.lights("light")
    visitor.press("Theme: as the system. Change")
    expect(visitor.page.get_by_role("button", name="Theme: dark. Change")).to_be_visible()
    assert paper(visitor) == dark
    visitor.page.reload()
    expect(visitor.side).to_be_visible()
    assert paper(visitor) == dark

    visitor.press("Theme: dark. Change")
    visitor.lights("dark")
    expect(visitor.page.get_by_role("button", name="Theme: light. Change")).to_be_visible()
    assert paper(visitor) == light
    visitor.press("Theme: light. Change")
    expect(visitor.page.get_by_role("button", name="Theme: as the system. Change")).to_be_visible()
    assert paper(visitor) == dark


def paper(visitor: Visitor) -> str:
    """Return the colour that everything stands on."""
    colour: str = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour
