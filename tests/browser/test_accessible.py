"""axe looks at every surface, in the light and in the dark: it finds nothing serious and nothing critical."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import visit
from tests.browser.exhibition import exhibition
from tests.browser.instruments import TABS, tab
from tests.browser.visitor import Visitor


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[Visitor]:
    """Ana, before every block there is."""
    with exhibition() as address, visit(chromium, address) as somebody:
        yield somebody


def findings(visitor: Visitor) -> list[str]:
    """Return what axe finds serious or critical in what is on show, in the dark its contrast only."""
    found = Axe().run(visitor.page).response["violations"]
    visitor.lights("dark")
    found += Axe().run(visitor.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    visitor.lights("light")
    return [
        f"{each['id']} at {node['target']}: {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def test_the_agency(visitor: Visitor) -> None:
    visitor.ask("/ember today")
    visitor.sees("Worth a call", within=visitor.newest)
    assert findings(visitor) == []

    visitor.more("Why?")
    visitor.press("Show as table", within=visitor.newest)
    assert findings(visitor) == []

    visitor.ask("/client orchard")
    assert findings(visitor) == []

    visitor.hands.turn_to(visitor.messages.first)
    visitor.press("Reply in thread", within=visitor.messages.first)
    expect(visitor.thread).to_be_visible()
    assert findings(visitor) == []

    visitor.say("/checkin")
    visitor.save()
    visitor.sees("Please complete this required field.", within=visitor.dialog)
    assert findings(visitor) == []
    visitor.leave()

    visitor.open("Ember")
    visitor.press(re.compile("^(Show Today|Today, shown now)$"))
    visitor.sees(re.compile("^Your "))
    assert findings(visitor) == []
    visitor.press(re.compile("^(Show Clients|Clients, shown now)$"))
    visitor.sees("My clients")
    assert findings(visitor) == []
    visitor.press("Show Today")


def test_the_names_of_menus_and_pickers_tell_the_rows_apart(visitor: Visitor) -> None:
    visitor.ask("/ember today")
    menus = visitor.newest.get_by_role("button", name=re.compile("^More options"))
    names = menus.evaluate_all("all => all.map((each) => each.ariaLabel)")
    assert len(set(names)) == len(names) > 1

    visitor.press("We've spoken with Northwind", within=visitor.newest)
    expect(visitor.newest.get_by_label(re.compile("Northwind.*: Another day"))).to_be_visible()
    visitor.press(re.compile("^Undo"), within=visitor.newest)
    visitor.misses(re.compile("you spoke"), within=visitor.newest)


def test_menus_and_the_switcher(visitor: Visitor) -> None:
    visitor.press(re.compile("^Acting as"))
    expect(visitor.page.get_by_role("menuitemradio").first).to_be_visible()
    assert findings(visitor) == []
    visitor.page.keyboard.press("Escape")

    visitor.box.fill("/")
    expect(visitor.page.get_by_role("option").first).to_be_visible()
    assert findings(visitor) == []

    visitor.page.keyboard.press("Control+k")
    expect(visitor.dialog).to_be_visible()
    assert findings(visitor) == []


def test_the_instruments(visitor: Visitor) -> None:
    visitor.ask("/ember help")
    for name in TABS:
        tab(visitor, name)
        assert findings(visitor) == [], name
    tab(visitor, "Wire").get_by_role("listitem").filter(has_text="/ember").last.get_by_role("button").click()
    visitor.sees("Sent", within=visitor.page.get_by_role("tabpanel"))
    assert findings(visitor) == []

    tables = tab(visitor, "Database")
    visitor.press(re.compile("^checkin [0-9]"), within=tables)
    visitor.press("Open row 1", within=tables)
    assert findings(visitor) == []
    visitor.press("Back to the rows", within=tables)
    assert findings(visitor) == []
    visitor.press("All tables", within=tables)


def test_the_gallery(shown: Visitor) -> None:
    shown.open("gallery")
    expect(shown.newest).to_contain_text("Everything once")
    assert findings(shown) == []

    shown.say("/gallery")
    expect(shown.dialog).to_be_visible()
    assert findings(shown) == []
    shown.save()
    expect(shown.dialog.locator(".field-error").first).to_be_visible()
    assert findings(shown) == []
    shown.leave()

    shown.open("Gallery")
    shown.sees("Mix of media")
    assert findings(shown) == []


def test_the_phone(on_a_phone: Visitor) -> None:
    assert findings(on_a_phone) == []
    expect(on_a_phone.main).to_have_count(1)
    expect(on_a_phone.main.get_by_role("heading", level=1)).to_be_visible()

    on_a_phone.open("orchard")
    on_a_phone.ask("/ember today")
    assert findings(on_a_phone) == []
    tab(on_a_phone, "Wire")
    assert findings(on_a_phone) == []
    on_a_phone.press("Close instruments")

    on_a_phone.say("/checkin")
    expect(on_a_phone.dialog).to_be_visible()
    assert findings(on_a_phone) == []
