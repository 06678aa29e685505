"""How somebody reaches what is on the page: with a mouse, with a finger, or with the keys alone."""

import datetime as dt
import re
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

FAR = 120
"""More presses of one key than anything on the page is away."""
HAS_FOCUS = "each === document.activeElement"


class Hands(Protocol):
    """What hands can do with a page."""

    def press(self, target: Locator) -> None:
        """Press a button, a tab, a link, a box to tick."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text into a field."""

    def pick_day(self, field: Locator, day: dt.date) -> None:
        """Put a day into a date field."""

    def pick_time(self, field: Locator, time: dt.time) -> None:
        """Put a time of day into a time field."""

    def tick(self, radio: Locator) -> None:
        """Choose one of a group of radio buttons."""

    def take(self, item: Locator) -> None:
        """Take an item of the menu that is open."""

    def search(self, box: Locator, typed: str, option: Locator) -> None:
        """Type into a box with a list and take an option."""

    def go(self, side: Locator, name: str) -> None:
        """Go to a conversation or to the app."""

    def turn_to(self, message: Locator) -> None:
        """Have a message's tools appear."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """Click."""
        target.click()

    def write(self, field: Locator, text: str) -> None:
        """Click into a field and fill it in."""
        self.press(field)
        field.fill(text)

    def pick_day(self, field: Locator, day: dt.date) -> None:
        """Take a day, as the browser's calendar hands it over."""
        field.fill(day.isoformat())

    def pick_time(self, field: Locator, time: dt.time) -> None:
        """Take a time, as the browser's clock hands it over."""
        field.fill(f"{time:%H:%M}")

    def tick(self, radio: Locator) -> None:
        """Click a radio button."""
        self.press(radio)
        expect(radio).to_be_checked()

    def take(self, item: Locator) -> None:
        """Click an item of a menu."""
        self.press(item)

    def search(self, box: Locator, typed: str, option: Locator) -> None:
        """Type, click an option, and put the list away if it stays."""
        self.write(box, typed)
        self.press(option)
        if box.get_attribute("aria-expanded") == "true":
            self.page.keyboard.press("Escape")

    def go(self, side: Locator, name: str) -> None:
        """Click a name in the side bar."""
        self.press(side.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\b")))

    def turn_to(self, message: Locator) -> None:
        """Point at a message."""
        message.hover()


class Finger(Mouse):
    """Taps."""

    def press(self, target: Locator) -> None:
        """Tap."""
        target.tap()

    def turn_to(self, message: Locator) -> None:
        """Tap a message."""
        message.tap()


class Keyboard:
    """Tab, arrows, Enter, Escape, Ctrl+K and letters: never a click."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        """Go there and press Enter; a box takes the space bar, a tab is reached by arrows from the open one."""
        if _is(target, "each.matches('[role=tab]')"):
            tabs = target.locator("xpath=ancestor::*[@role='tablist']")
            self._reach(tabs.get_by_role("tab", selected=True))
            self._step("ArrowRight", target)
        else:
            self._reach(target)
        is_box = target.evaluate("each => each.matches('[type=checkbox]')")
        self.page.keyboard.press("Space" if is_box else "Enter")

    def write(self, field: Locator, text: str) -> None:
        """Go there and type over what it holds."""
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def pick_day(self, field: Locator, day: dt.date) -> None:
        """Type month, day and year; where Enter would not send a form, then Enter."""
        self._type_parts(field, f"{day:%m%d%Y}")
        if not _is(field, "each.form"):
            self.page.keyboard.press("Enter")

    def pick_time(self, field: Locator, time: dt.time) -> None:
        """Type hour, minute, and the letter of AM or PM."""
        self._type_parts(field, f"{time:%I%M%p}"[:-1])

    def tick(self, radio: Locator) -> None:
        """Tab to the group, then arrows and the space bar."""
        group = radio.locator("xpath=ancestor::*[@role='radiogroup']")
        self._step(self._tab_towards(group), group, "each.contains(document.activeElement)")
        self._step("ArrowDown", radio)
        self.page.keyboard.press("Space")
        expect(radio).to_be_checked()

    def take(self, item: Locator) -> None:
        """Walk down the menu from its top and press Enter."""
        expect(item).to_be_visible()
        self.page.keyboard.press("Home")
        self._step("ArrowDown", item)
        self.page.keyboard.press("Enter")

    def search(self, box: Locator, typed: str, option: Locator) -> None:
        """Type, walk down the list, press Enter."""
        self.write(box, typed)
        expect(option).to_be_visible()
        self._step("ArrowDown", option, "each.id === document.activeElement.getAttribute('aria-activedescendant')")
        self.page.keyboard.press("Enter")

    def go(self, side: Locator, name: str) -> None:
        """Open the switcher with Ctrl+K and type a name."""
        self.page.keyboard.press("Control+k")
        switcher = self.page.get_by_role("dialog", name="Go to a conversation")
        expect(switcher.get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(switcher).to_be_hidden()

    def turn_to(self, message: Locator) -> None:
        """Go to the list of messages and up to one of them."""
        self._reach(self.page.get_by_role("region", name=re.compile("^Messages in ")))
        self._step("ArrowUp", message)

    def _type_parts(self, field: Locator, keys: str) -> None:
        self._reach(field)
        for _ in range(2):
            self.page.keyboard.press("ArrowLeft")
        self.page.keyboard.type(keys)

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        self._step(self._tab_towards(target), target)

    def _tab_towards(self, target: Locator) -> str:
        before = _is(target, "document.activeElement.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING")
        return "Shift+Tab" if before else "Tab"

    def _step(self, key: str, target: Locator, is_there: str = HAS_FOCUS) -> None:
        """Press a key until a target is reached; what was drawn anew on the way is looked up again."""
        element = target.element_handle()
        for _ in range(FAR):
            there = element.evaluate(f"each => each.isConnected ? {is_there} : null")
            if there:
                return
            if there is None:
                element = target.element_handle()
            else:
                self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead there")


by_keyboard = pytest.mark.parametrize("visitor", [Keyboard], indirect=True)
by_mouse_and_by_keyboard = pytest.mark.parametrize("visitor", [Mouse, Keyboard], indirect=True)
"""With which hands the visitor of a story comes: with a mouse, where it does not say."""


def _is(target: Locator, what: str) -> bool:
    return bool(target.evaluate(f"each => {what}"))
