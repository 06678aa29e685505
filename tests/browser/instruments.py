"""The way to the instruments."""

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

TABS = ("Wire", "Clock", "Faults", "Channels", "Database")


def tab(visitor: Visitor, name: str) -> Locator:
    """Open the instruments at a tab and return its panel."""
    page, tabs = visitor.page, visitor.page.get_by_role("tablist", name="Instruments")
    if not tabs.count():
        visitor.press("Instruments")
    visitor.hands.press(tabs.get_by_role("tab", name=name))
    panel = page.get_by_role("tabpanel", name=name)
    expect(panel).to_be_visible()
    return panel
