"""What is the page's own: its notes and its banner, drafts, who one is, the side bar, what a date field says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.conftest import visit
from tests.browser.exhibition import exhibition
from tests.browser.hands import Mouse, by_keyboard
from tests.browser.test_accessible import findings
from tests.browser.test_phone import in_sight
from tests.browser.visitor import Visitor


class Line:
    """The line between page and playground, in hands that can cut it and speak into it."""

    def __init__(self, page: Page) -> None:
        self._is_cut = False
        page.route_web_socket(re.compile("/live"), self._open)
        page.reload()

    def _open(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        if self._is_cut:
            socket.close()
        else:
            socket.connect_to_server()

    def push(self, **what: Any) -> None:
        """Tell the page something, as the playground would."""
        self._socket.send(json.dumps(what))

    def cut(self) -> None:
        """Have the playground be out of reach."""
        self._is_cut = True
        self._socket.close()

    def mend(self) -> None:
        """Have it be in reach again."""
        self._is_cut = False


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the exhibition."""
    with exhibition() as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Ana, in a channel: with a mouse, unless a test asks for other hands."""
    with visit(chromium, address, getattr(request, "param", Mouse)) as somebody:
        somebody.open("gallery")
        yield somebody


@pytest.fixture
def line(visitor: Visitor) -> Line:
    """The line of the page that Ana looks at."""
    return Line(visitor.page)


def test_a_note_is_read_and_seen_above_an_open_window(visitor: Visitor, line: Line) -> None:
    visitor.say("/gallery")
    expect(visitor.dialog).to_be_visible()
    line.push(push="toast", tone="error", text="Gallery did not answer in time.")
    note = visitor.dialog.get_by_role("status").get_by_text("Gallery did not answer in time.")
    expect(note).to_be_visible()
    in_sight(note)
    assert findings(visitor) == []

    line.push(push="toast", tone="info", text="It has come.")
    note = visitor.dialog.get_by_role("status").get_by_text("It has come.")
    visitor.press("Dismiss", within=visitor.dialog.locator(".toast", has_text="It has come."))
    expect(note).to_have_count(0)


def test_a_lost_line_is_told_above_an_open_window_until_it_is_back(visitor: Visitor, line: Line) -> None:
    visitor.say("/gallery")
    expect(visitor.dialog).to_be_visible()
    line.cut()
    told = visitor.dialog.get_by_role("status").filter(has_text="Reconnecting")
    expect(told).to_be_visible()
    in_sight(told)
    visitor.write("E-mail", "priya@example.com")
    visitor.sees("The connection to the playground was lost.", within=visitor.dialog.get_by_role("alert"))

    line.mend()
    expect(told).to_have_count(0)
    visitor.write("E-mail", "omar@example.com")
    expect(visitor.dialog.get_by_role("textbox", name="E-mail")).to_have_value("omar@example.com")


def test_nobody_finds_the_draft_of_somebody_else(visitor: Visitor) -> None:
    visitor.hands.write(visitor.box, "Between us")
    visitor.becomes("Sam")
    expect(visitor.box).to_have_value("")
    visitor.becomes("Ana")
    expect(visitor.box).to_have_value("Between us")


def test_whoever_one_is_one_stays_after_a_reload(visitor: Visitor) -> None:
    visitor.becomes("Sam")
    visitor.page.reload()
    expect(visitor.page.get_by_role("button", name=re.compile("^Acting as Sam"))).to_be_visible()
    expect(visitor.main.get_by_role("heading", level=1)).to_have_text("gallery")


@by_keyboard
def test_what_was_folded_by_keys_is_unfolded_by_keys(visitor: Visitor) -> None:
    here = visitor.side.get_by_role("button", name=re.compile("^gallery,"))
    visitor.hands.press(here)
    visitor.page.keyboard.press("Home")
    visitor.page.keyboard.press("Enter")
    expect(here).to_have_count(0)

    visitor.hands.write(visitor.box, "Elsewhere meanwhile")
    visitor.press("Channels", within=visitor.side)
    expect(here).to_be_visible()


def test_a_date_in_a_window_says_what_it_waits_for_until_it_is_there(visitor: Visitor) -> None:
    visitor.say("/gallery")
    block = visitor.dialog.locator("[data-block='day']")
    day = block.get_by_label("By when")
    expect(day).to_have_accessible_description("Pick a day")
    visitor.sees("Pick a day", within=block)

    day.fill("2026-05-18")
    expect(day).to_have_accessible_description("")
    visitor.misses("Pick a day", within=block)
