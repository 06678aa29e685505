"""The instruments: the wire, the clock, faults, channels, tables."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


def tab(visitor: Visitor, name: str) -> Locator:
    """Open the instruments at a tab and return its panel."""
    page = visitor.page
    if not page.get_by_role("tab", name=name).is_visible():
        page.get_by_role("button", name="Instruments", exact=True).click()
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel", name=name)


def test_a_command_is_seen_on_the_wire_with_its_answer(visitor: Visitor) -> None:
    wire = tab(visitor, "Wire")
    visitor.say("/ember help")

    wire.get_by_text("/ember").last.click()

    visitor.sees(re.compile("response_url"), within=visitor.page.get_by_role("complementary").last)


def test_tomorrow_morning_comes_when_it_is_asked_for(visitor: Visitor) -> None:
    tab(visitor, "Clock").get_by_role("button", name="Tomorrow 9:00").click()

    expect(visitor.page.get_by_role("banner")).to_contain_text("9:00 AM")
    visitor.say("good morning")
    expect(visitor.newest.get_by_role("time")).to_have_text(re.compile("9:0"))

    visitor.press("Back to now")
    expect(visitor.page.get_by_role("banner")).not_to_contain_text("moved")


def test_a_dropped_line_is_told_and_nothing_breaks(visitor: Visitor) -> None:
    fault = tab(visitor, "Faults").get_by_role("switch", name=re.compile("line", re.IGNORECASE))
    fault.click()
    visitor.say("/checkin")

    visitor.sees(re.compile("Slack would not open the window"))

    fault.click()
    visitor.say("/checkin")
    expect(visitor.dialog).to_be_visible()


def test_an_archived_channel_is_read_only(visitor: Visitor) -> None:
    visitor.open("halden")
    tab(visitor, "Channels").get_by_role("button", name=re.compile("^Archive")).click()

    visitor.sees(re.compile("is archived"))


def test_what_is_kept_can_be_looked_at(visitor: Visitor) -> None:
    tables = tab(visitor, "Database")
    tables.get_by_text("checkin", exact=True).first.click()

    expect(tables.get_by_role("table").get_by_role("row").nth(1)).to_be_visible()
