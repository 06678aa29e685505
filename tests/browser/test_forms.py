"""What other apps send and Ember does not: fields of more kinds, windows that fill up later, what asks first."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from playwright.sync_api import Browser, expect

from tests.browser.conftest import visit
from tests.browser.exhibition import GALLERY, Exhibition, held
from tests.browser.hands import Mouse, by_keyboard, by_mouse_and_by_keyboard
from tests.browser.instruments import tab
from tests.browser.test_accessible import findings
from tests.browser.visitor import Visitor

Json = dict[str, Any]

ASKED = ("odds", "url", "noticed", "tags")
STATES = ("value", "selected_options")
FOLDED = 700
"""How many characters of a long text are shown at first."""


def window(title: str, *blocks: Json, **more: Any) -> Json:
    """Return a window."""
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": [*blocks], **more}


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def says(words: str) -> Json:
    return {"type": "section", "text": plain(words)}


def block(name: str) -> Json:
    """Return a block of the gallery's window."""
    found: Json = next(each for each in GALLERY["modal"]["blocks"] if each["block_id"] == name)
    return found


FIELDS = window("Fields", *map(block, ASKED), callback_id="fields", submit=plain("Save"))


def waiting(words: str) -> Json:
    """Return the window that fills up later."""
    more = {"callback_id": "waiting", "external_id": "waiting", "notify_on_close": True, "submit": plain("Save")}
    return window("Numbers", says(words), block("name"), **more)


def heard(view: Json) -> Json:
    """Return a window that says what the app was sent."""
    states = [state for fields in view["state"]["values"].values() for state in fields.values()]
    held = (state[key] for state in states for key in STATES if state.get(key))
    said = [[one["value"] for one in each] if isinstance(each, list) else each for each in held]
    return window("Heard", says(json.dumps(said)))


class Forms(Exhibition):
    """`/gallery fields` and `/gallery numbers` open a window; other words come to stand in the one with the numbers."""

    async def answer(self, request: web.Request) -> web.Response:
        """Open a window, change it, say what was sent and what was closed."""
        said = dict(parse_qsl(await request.text(), keep_blank_values=True))
        payload, words = json.loads(said.get("payload", "{}")), said.get("text", "")
        if words in {"fields", "numbers"}:
            view = FIELDS if words == "fields" else waiting("One moment…")
            await self.client.views_open(trigger_id=said["trigger_id"], view=view)
        elif words:
            await self.client.views_update(external_id="waiting", view=waiting(words))
        elif payload.get("type") == "view_submission":
            return web.json_response({"response_action": "update", "view": heard(payload["view"])})
        elif payload.get("type") == "view_closed":
            await self.client.chat_postMessage(channel=self.channel.id, text="The window was closed.")
        return web.Response()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address where that app is."""
    with held(Forms(0, 0)) as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Ana, in the channel where everything was posted."""
    with visit(chromium, address, getattr(request, "param", Mouse)) as somebody:
        somebody.open("gallery")
        yield somebody


@pytest.fixture
def sam(chromium: Browser, address: str) -> Iterator[Visitor]:
    """Sam, before the same app."""
    with visit(chromium, address) as somebody:
        somebody.becomes("Sam")
        somebody.open("gallery")
        yield somebody


@by_mouse_and_by_keyboard
def test_numbers_links_boxes_and_lists_are_checked_and_sent_as_they_stand(visitor: Visitor) -> None:
    visitor.say("/gallery fields")
    expect(visitor.dialog).to_have_accessible_name("Fields")
    visitor.write("Honest odds", "1.5")
    visitor.write("Link", "example")
    visitor.save()
    visitor.sees("Please enter a whole number.", within=visitor.dialog)
    visitor.sees("Please enter a valid URL.", within=visitor.dialog)
    expect(visitor.dialog.get_by_role("textbox", name="Honest odds")).to_be_focused()

    for name in ("Paused", "Avoided a topic", "Paused"):
        visitor.hands.press(visitor.dialog.get_by_role("checkbox", name=re.compile(f"^{name}")))
    visitor.choose("Tags", "Hal", "Halden")
    visitor.choose("Tags", "Orch", "Orchard")
    tags = visitor.dialog.get_by_role("combobox", name=re.compile("^Tags"))
    visitor.hands.write(tags, "North")
    visitor.sees("At most 2", within=visitor.dialog)
    visitor.page.keyboard.press("Enter")
    expect(visitor.dialog.get_by_role("button", name=re.compile("^Remove "))).to_have_count(2)
    visitor.page.keyboard.press("Escape")
    visitor.press("Remove Halden", within=visitor.dialog)
    visitor.choose("Tags", "North", "Northwind")

    visitor.write("Honest odds", "100")
    visitor.write("Link", "https://example.com/plan")
    visitor.save()
    visitor.sees("Must be at most 99.", within=visitor.dialog)
    visitor.misses("Please enter a valid URL.", within=visitor.dialog)
    visitor.write("Honest odds", "60")
    visitor.save()
    sent = ["60", "https://example.com/plan", ["avoided"], ["orchard", "northwind"]]
    visitor.sees(json.dumps(sent), within=visitor.dialog)


@by_keyboard
def test_a_window_fills_up_while_one_types_and_its_end_is_told(visitor: Visitor, sam: Visitor) -> None:
    visitor.say("/gallery numbers")
    visitor.sees("One moment…", within=visitor.dialog)
    sam.say("/gallery Three sparks faded.")
    visitor.sees("Three sparks faded.", within=visitor.dialog)
    visitor.misses("One moment…", within=visitor.dialog)

    visitor.write("Name", "Omar of the depots")
    sam.say("/gallery Two of them glow again.")
    visitor.sees("Two of them glow again.", within=visitor.dialog)
    name = visitor.dialog.get_by_role("textbox", name=re.compile("^Name"))
    expect(name).to_have_value("Omar of the depots")
    expect(name).to_be_focused()

    with visitor.answered():
        visitor.press("Close", within=visitor.dialog.get_by_role("contentinfo"))
    visitor.sees("The window was closed.", within=visitor.newest)
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


@by_keyboard
def test_what_is_long_is_read_a_part_at_a_time(visitor: Visitor) -> None:
    everything = visitor.messages.filter(has_text="Everything once")
    long = everything.locator("[data-block='long']")
    folded = len(long.text_content() or "")
    assert folded < FOLDED + len(" … See more")
    visitor.press("See more", within=long)
    expect(long.get_by_role("button", name="See less")).to_have_attribute("aria-expanded", "true")
    assert len(long.text_content() or "") > folded
    visitor.press("See less", within=long)
    expect(long.get_by_role("button", name="See more")).to_be_visible()
    assert len(long.text_content() or "") == folded

    table = everything.locator("[data-block='data_table']")
    visitor.sees("1–5 of 12", within=table)
    expect(table.get_by_role("button", name="Previous")).to_be_disabled()
    visitor.press("Next", within=table)
    visitor.press("Next", within=table)
    visitor.sees("11–12 of 12", within=table)
    expect(table.get_by_role("rowheader")).to_have_text(["Metric 11", "Metric 12"])
    expect(table.get_by_role("button", name="Next")).to_be_disabled()
    visitor.press("Previous", within=table)
    visitor.sees("6–10 of 12", within=table)
    visitor.press("This month", within=table)
    visitor.sees("1–5 of 12", within=table)


@by_mouse_and_by_keyboard
def test_what_asks_first_is_not_done_until_one_agrees(visitor: Visitor) -> None:
    buttons = visitor.messages.filter(has_text="Everything once").locator("[data-block='buttons']")
    question = visitor.page.get_by_role("dialog", name="Forget this check-in?")
    visitor.press("Forget", within=buttons)
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    assert findings(visitor) == []
    visitor.page.keyboard.press("Escape")
    expect(question).to_have_count(0)

    visitor.hands.press(buttons.get_by_role("button", name=re.compile("^More options")))
    visitor.hands.take(visitor.page.get_by_role("menuitem", name="Hand over"))
    visitor.press("Keep", within=visitor.page.get_by_role("dialog", name="Hand over?"))
    visitor.press("Forget", within=buttons)
    visitor.press("Forget it", within=question)
    expect(question).to_have_count(0)

    told = tab(visitor, "Wire").get_by_role("listitem").filter(has_text=re.compile("to Gallery.*block_actions"))
    expect(told.last).to_contain_text("forget")
    expect(told.filter(has_text="overflow")).to_have_count(0)


def test_an_open_list_can_be_read_by_everybody(visitor: Visitor) -> None:
    visitor.say("/gallery fields")
    tags = visitor.dialog.get_by_role("combobox", name=re.compile("^Tags"))
    visitor.hands.press(tags)
    expect(visitor.dialog.get_by_role("group", name="Everyone's").get_by_role("option")).to_have_count(2)
    assert findings(visitor) == []
    visitor.hands.write(tags, "zzz")
    visitor.sees("No results", within=visitor.dialog)
    assert findings(visitor) == []
