"""The instruments: the wire, the clock, faults, channels, tables."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse, by_keyboard, by_mouse_and_by_keyboard
from tests.browser.instruments import TABS, tab
from tests.browser.visitor import Visitor

FRIDAY = dt.date(2027, 1, 1)


@by_mouse_and_by_keyboard
def test_a_command_is_seen_on_the_wire_with_its_answer(visitor: Visitor) -> None:
    wire = tab(visitor, "Wire")
    visitor.ask("/ember help")

    visitor.press(re.compile("to Ember command"), within=wire.get_by_role("listitem").filter(has_text="help").last)
    visitor.sees(re.compile("response_url"), within=wire.get_by_role("region", name="Sent"))
    visitor.press("Back to the list", within=wire)

    visitor.press(re.compile("answer:command.* ms"), within=wire.get_by_role("listitem").last)
    visitor.sees(re.compile("ephemeral"), within=wire.get_by_role("region", name="Sent"))
    visitor.press("Back to the list", within=wire)

    visitor.hands.write(wire.get_by_role("searchbox", name="Filter the wire"), "nothing is called so")
    visitor.sees("Nothing fits the filter.", within=wire)


@by_keyboard
def test_tomorrow_morning_comes_when_it_is_asked_for(visitor: Visitor) -> None:
    visitor.open("visuals")
    clock = tab(visitor, "Clock")
    visitor.press("Tomorrow 9:00", within=clock)

    expect(visitor.page.get_by_role("banner")).to_contain_text(re.compile("9:0.*moved"))
    visitor.say("good morning")
    expect(visitor.newest).to_contain_text("good morning")
    expect(visitor.newest.get_by_role("time").first).to_have_text(re.compile("^9:0"))

    visitor.press("+1 hour", within=clock)
    expect(visitor.page.get_by_role("banner")).to_contain_text(re.compile("10:0.*moved"))

    visitor.press("Back to now", within=clock)
    expect(visitor.page.get_by_role("banner")).not_to_contain_text("moved")


@by_mouse_and_by_keyboard
def test_before_a_weekend_the_clock_offers_monday(visitor: Visitor) -> None:
    visitor.open("visuals")
    clock = tab(visitor, "Clock")
    visitor.hands.pick_day(clock.get_by_label("Date"), FRIDAY)
    visitor.hands.pick_time(clock.get_by_label("Time"), dt.time(20))
    visitor.press("Set the clock", within=clock)
    expect(clock).to_contain_text("Friday, 1 January 2027")

    visitor.press("Monday 9:00", within=clock)
    expect(clock).to_contain_text("Monday, 4 January 2027")
    expect(clock.get_by_role("button", name="Monday 9:00")).to_have_count(0)

    visitor.press("Back to now", within=clock)
    expect(visitor.page.get_by_role("banner")).not_to_contain_text("moved")


@pytest.mark.parametrize(
    ("visitor", "kind"), [(Mouse, "429"), (Keyboard, "The line drops"), (Mouse, "500")], indirect=["visitor"]
)
def test_a_fault_is_told_and_the_next_try_works(visitor: Visitor, kind: str) -> None:
    fault = tab(visitor, "Faults").get_by_role("switch", name=re.compile(kind))
    visitor.hands.press(fault)
    expect(fault).to_be_checked()
    visitor.ask("/checkin")
    visitor.sees(re.compile("Slack did not open the window"), within=visitor.newest)

    visitor.hands.press(fault)
    expect(fault).not_to_be_checked()
    visitor.say("/checkin")
    expect(visitor.dialog).to_be_visible()


@by_keyboard
def test_a_slow_slack_opens_no_window_and_ember_says_so(visitor: Visitor) -> None:
    fault = tab(visitor, "Faults").get_by_role("switch", name=re.compile("slow"))
    visitor.hands.press(fault)
    expect(fault).to_be_checked()
    visitor.ask("/checkin")
    visitor.sees(re.compile("Slack did not open the window"), within=visitor.newest)
    visitor.hands.press(fault)
    expect(fault).not_to_be_checked()


@by_keyboard
def test_an_archived_channel_is_read_only_until_it_is_brought_back(visitor: Visitor) -> None:
    visitor.open("marlow")
    channels = tab(visitor, "Channels")
    visitor.press("Archive", within=channels)
    visitor.sees("#marlow is archived. Messages can be read, not written.")

    visitor.press("Unarchive", within=channels)
    expect(visitor.box).to_be_visible()


@by_keyboard
def test_where_a_guest_reads_along_ember_answers_in_a_window(visitor: Visitor) -> None:
    visitor.open("halden")
    channels = tab(visitor, "Channels")
    visitor.press("Guest joins", within=channels)
    visitor.sees(re.compile(r"Lee \(guest\)"), within=channels)
    knows = tab(visitor, "Wire").get_by_role("listitem").filter(has_text="answer:event:member_joined_channel")
    expect(knows.last).to_be_visible()

    visitor.ask("/client halden")
    visitor.sees("Only visible to you", within=visitor.newest)
    visitor.sees("Others may be able to read along here, so Ember opened a window.", within=visitor.newest)
    expect(visitor.dialog).to_have_accessible_name("Halden")
    visitor.sees("Tom", within=visitor.dialog)
    visitor.leave()

    tab(visitor, "Channels")
    visitor.press("Guest leaves", within=channels)
    visitor.misses(re.compile(r"\(guest\)"), within=channels)


@by_mouse_and_by_keyboard
def test_a_channel_shared_with_a_client_says_so(visitor: Visitor) -> None:
    visitor.open("halden")
    channels = tab(visitor, "Channels")
    visitor.press("Share with a client", within=channels)
    visitor.sees("Shared with another organisation")
    visitor.press("Stop sharing", within=channels)
    visitor.misses("Shared with another organisation")


@by_mouse_and_by_keyboard
def test_ember_leaves_a_channel_and_is_invited_again(visitor: Visitor) -> None:
    visitor.open("general")
    channels = tab(visitor, "Channels")
    visitor.press("Remove Ember", within=channels)
    visitor.sees("App not in channel")
    expect(channels.get_by_role("button", name="Invite Ember")).to_be_focused()
    visitor.press("Invite Ember", within=channels)
    visitor.misses("App not in channel")


@by_keyboard
def test_a_new_channel_and_a_new_colleague_are_there_at_once(visitor: Visitor) -> None:
    channels = tab(visitor, "Channels")
    form = channels.locator("form").filter(has_text="New channel")
    visitor.hands.write(form.get_by_role("textbox", name="Name"), "tidewater")
    visitor.press("Add the channel", within=form)
    expect(visitor.side.get_by_role("button", name=re.compile("^tidewater"))).to_be_visible()

    form = channels.locator("form").filter(has_text="New member")
    visitor.hands.write(form.get_by_role("textbox", name="Name"), "Robin")
    visitor.press("Add the member", within=form)
    visitor.becomes("Robin")


@by_mouse_and_by_keyboard
def test_what_is_kept_can_be_looked_at(visitor: Visitor) -> None:
    tables = tab(visitor, "Database")
    visitor.press(re.compile("^checkin [0-9]"), within=tables)

    rows = tables.get_by_role("region", name="Rows of checkin").get_by_role("row")
    expect(rows).to_have_count(51)
    visitor.press("Later", within=tables)
    visitor.sees(re.compile("^51–"), within=tables)
    visitor.press("All tables", within=tables)
    expect(tables.get_by_role("button", name=re.compile("^client "))).to_be_visible()


@by_keyboard
def test_a_row_is_opened_whole_and_left_by_keyboard(visitor: Visitor) -> None:
    tables = tab(visitor, "Database")
    visitor.press(re.compile("^checkin [0-9]"), within=tables)
    visitor.press("Open row 2", within=tables)
    visitor.sees("checkin, row 2", within=tables)
    kept = tables.get_by_role("region", name="Kept")
    expect(kept).to_contain_text(re.compile(r'"id": "[0-9a-f]{8}-[0-9a-f-]{27}"'))
    expect(kept).to_contain_text('"note": ')

    visitor.page.keyboard.press("Escape")
    expect(tables.get_by_role("button", name="Open row 2", exact=True)).to_be_focused()
    visitor.page.keyboard.press("ArrowDown")
    expect(tables.get_by_role("button", name="Open row 3", exact=True)).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(tables.get_by_role("button", name=re.compile("^checkin [0-9]"))).to_be_focused()


@by_keyboard
def test_every_instrument_is_reached_by_keyboard(visitor: Visitor) -> None:
    visitor.press("Instruments")
    tabs = visitor.page.get_by_role("tablist", name="Instruments").get_by_role("tab")
    expect(tabs.first).to_be_focused()
    for name in TABS[1:]:
        visitor.page.keyboard.press("ArrowRight")
        expect(visitor.page.get_by_role("tabpanel", name=name)).to_be_visible()

    visitor.press(re.compile("^client "), within=visitor.page.get_by_role("tabpanel"))
    visitor.sees("Northwind", within=visitor.page.get_by_role("region", name="Rows of client"))
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name=re.compile("^client "))).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("complementary", name="Instruments")).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="Instruments")).to_be_focused()
