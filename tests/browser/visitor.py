"""Somebody before the page: what they do and what they see, in the words of the page."""

import re
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

LOOPBACK = {"127.0.0.1", ""}


class Visitor:
    """Acts on the page by roles and names, as people and screen readers find things."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.went_elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._watch)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _watch(self, request: Request) -> None:
        if (urlsplit(request.url).hostname or "") not in LOOPBACK:
            self.went_elsewhere.append(request.url)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def arrive(self) -> None:
        """Open the page and wait until it answers."""
        self.page.goto("/")
        expect(self.side).to_be_visible()

    def leave(self) -> None:
        """Close every window that is still open: Slack keeps them for the person, not for the tab."""
        while self.page.locator("dialog[open]").count():
            title = self.page.locator("dialog[open] h2:visible").last.text_content()
            self.page.keyboard.press("Escape")
            expect(self.page.locator("dialog[open] h2:visible").filter(has_text=title)).to_have_count(0)

    @property
    def side(self) -> Locator:
        """The side bar."""
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def dialog(self) -> Locator:
        """The window on top."""
        return self.page.get_by_role("dialog").last

    @property
    def newest(self) -> Locator:
        """The newest message on show."""
        return self.page.locator("main li[data-ts]").last

    def open(self, name: str) -> None:
        """Go to a channel, a person or the app."""
        self.side.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\b")).click()

    def box(self) -> Locator:
        """Return the message box."""
        return self.page.get_by_role("main").get_by_role("textbox", name=re.compile("^Message "))

    def say(self, text: str) -> None:
        """Write into the message box and press Enter."""
        self.box().fill(text)
        self.box().press("Enter")

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Expect words on the page."""
        expect((within or self.page.get_by_role("main")).get_by_text(text).last).to_be_visible()

    def becomes(self, person: str) -> None:
        """Act as somebody else."""
        self.page.get_by_role("button", name=re.compile("^Acting as")).click()
        self.page.get_by_role("menuitemradio", name=re.compile(rf"^{person}\b")).click()
        expect(self.page.get_by_role("button", name=re.compile(f"^Acting as {person}"))).to_be_visible()

    def choose(self, field: str, typed: str, option: str | None = None) -> None:
        """Type into a select of the window on top and take an option."""
        box = self.dialog.get_by_role("combobox", name=re.compile(f"^{field}"))
        box.click()
        box.fill(typed)
        self.page.get_by_role("option", name=re.compile(f"^{option or typed}")).first.click()

    def write(self, field: str, text: str) -> None:
        """Fill in a text field of the window on top."""
        self.dialog.get_by_role("textbox", name=field).fill(text)

    def tick(self, choice: str) -> None:
        """Take a radio button of the window on top."""
        self.dialog.get_by_role("radio", name=choice, exact=True).check()

    def more(self, choice: str) -> None:
        """Open the first overflow menu of the newest message and take a choice."""
        self.newest.get_by_role("button", name=re.compile("^More options")).first.click()
        self.page.get_by_role("menuitem", name=choice).click()

    def on_message(self, words: str, choice: str) -> None:
        """Open a message's menu and take a choice."""
        message = self.page.locator("main li[data-ts]").filter(has_text=words)
        message.hover()
        message.get_by_role("button", name="More actions").click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{choice}")).click()

    def lights(self, theme: Literal["light", "dark"]) -> None:
        """Put the page into the light or the dark."""
        self.page.emulate_media(color_scheme=theme)
