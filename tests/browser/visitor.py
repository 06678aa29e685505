"""Somebody before the page: what they do and what they see, in the words of the page."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser.hands import Hands

HERE = {"127.0.0.1", ""}
Words = str | re.Pattern[str]


class Visitor:
    """Acts on the page by roles and names, as people and screen readers find things."""

    def __init__(self, page: Page, hands: Hands) -> None:
        self.page = page
        self.hands = hands
        self.went_elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.context.on("request", self._watch)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _watch(self, request: Request) -> None:
        if (urlsplit(request.url).hostname or "") not in HERE:
            self.went_elsewhere.append(request.url)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    # Coming and going

    def arrive(self) -> None:
        """Open the page and wait until it answers."""
        self.page.goto("/")
        expect(self.side).to_be_visible()

    def leave(self) -> None:
        """Close every window that is still open: Slack keeps them for the person, not for the tab."""
        windows = self.page.get_by_role("dialog").filter(has=self.page.get_by_role("heading"))
        while headings := windows.last.get_by_role("heading").all_text_contents():
            if self.page.get_by_role("combobox", expanded=True).count():
                self.page.keyboard.press("Escape")
            self.page.keyboard.press("Escape")
            expect(windows.get_by_role("heading", name=headings[0], level=2)).to_have_count(0)

    def becomes(self, person: str) -> None:
        """Act as somebody else."""
        self.hands.press(self.page.get_by_role("button", name=re.compile("^Acting as")))
        self.hands.take(self.page.get_by_role("menuitemradio", name=re.compile(rf"^{person}\b")))
        expect(self.page.get_by_role("button", name=re.compile(f"^Acting as {person}"))).to_be_visible()

    def lights(self, theme: Literal["light", "dark"]) -> None:
        """Put the page into the light or the dark."""
        self.page.emulate_media(color_scheme=theme)

    # Where things are

    @property
    def side(self) -> Locator:
        """The side bar."""
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def main(self) -> Locator:
        """The conversation, or the app's Home."""
        return self.page.get_by_role("main")

    @property
    def dialog(self) -> Locator:
        """The window on top."""
        return self.page.get_by_role("dialog").last

    @property
    def messages(self) -> Locator:
        """The messages on show."""
        return self.main.locator("li[data-ts]")

    @property
    def newest(self) -> Locator:
        """The newest message on show."""
        return self.messages.last

    @property
    def thread(self) -> Locator:
        """The thread beside the conversation."""
        return self.page.get_by_role("complementary", name=re.compile("^Thread in "))

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.main.get_by_role("textbox", name=re.compile("^Message "))

    # What one does

    def open(self, name: str) -> None:
        """Go to a channel, a person or the app."""
        self.hands.go(self.side, name)
        expect(self.main.get_by_role("heading", level=1)).to_have_text(name)

    def say(self, text: str) -> None:
        """Write into the message box and press Enter."""
        self.hands.write(self.box, text)
        self.page.keyboard.press("Enter")

    def ask(self, command: str) -> None:
        """Type a command that is answered by a message, and wait for that."""
        with self.answered():
            self.say(command)

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Wait for the answer to what is done inside: afterwards it is the newest message."""
        expect(self.main.get_by_role("region", name=re.compile("^Messages in "))).to_have_attribute(
            "aria-busy", "false"
        )
        before = self.newest.get_attribute("data-ts") if self.messages.count() else None
        yield
        expect(self.newest).not_to_have_attribute("data-ts", before or "")

    def press(self, name: Words, *, within: Locator | None = None) -> None:
        """Press a button."""
        self.hands.press((within or self.page).get_by_role("button", name=name, exact=True))

    def choose(self, field: str, typed: str, option: str | None = None) -> None:
        """Type into a select of the window on top and take an option."""
        box = self.dialog.get_by_role("combobox", name=re.compile(f"^{re.escape(field)}"))
        self.hands.search(box, typed, self.page.get_by_role("option", name=re.compile(f"^{option or typed}")).first)

    def write(self, field: str, text: str) -> None:
        """Fill in a text field of the window on top."""
        self.hands.write(self.dialog.get_by_role("textbox", name=re.compile(f"^{re.escape(field)}")), text)

    def tick(self, choice: str) -> None:
        """Take a radio button of the window on top."""
        self.hands.tick(self.dialog.get_by_role("radio", name=choice, exact=True))

    def pick_day(self, field: str, day: dt.date) -> None:
        """Put a day into a date field of the window on top."""
        self.hands.pick_day(self.dialog.get_by_label(re.compile(f"^{re.escape(field)}")), day)

    def save(self, name: str = "Save") -> None:
        """Submit the window on top."""
        self.press(name, within=self.dialog)

    def more(self, choice: str) -> None:
        """Open the first overflow menu of the newest message and take a choice."""
        self.hands.press(self.newest.get_by_role("button", name=re.compile("^More options")).first)
        self.hands.take(self.page.get_by_role("menuitem", name=choice))

    def on_message(self, words: str, choice: str) -> None:
        """Open a message's menu and take a choice."""
        message = self.messages.filter(has_text=words)
        self.hands.turn_to(message)
        self.press("More actions", within=message)
        self.hands.take(self.page.get_by_role("menuitem", name=re.compile(f"^{choice}")))

    def shortcut(self, name: str) -> None:
        """Take a shortcut from the menu at the message box."""
        self.press("Shortcuts and commands", within=self.main)
        self.hands.take(self.page.get_by_role("menuitem", name=re.compile(f"^{name}")))

    # What one sees

    def sees(self, text: Words, *, within: Locator | None = None) -> None:
        """Expect words on the page."""
        expect((within or self.main).get_by_text(text).last).to_be_visible()

    def misses(self, text: Words, *, within: Locator | None = None) -> None:
        """Expect words to be nowhere on the page, or to go."""
        expect((within or self.main).get_by_text(text)).to_have_count(0)
