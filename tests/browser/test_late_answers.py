"""Ember answers too late: Slack says so where one looks, nothing typed is lost, and nothing is kept twice."""

import re

from playwright.sync_api import expect

from tests.browser.hands import by_keyboard
from tests.browser.instruments import tab
from tests.browser.test_accessible import findings
from tests.browser.test_speaking_first import same, switch
from tests.browser.visitor import Visitor

pytestmark = by_keyboard
LATE = "Ember answers too late"
TROUBLE = "We had some trouble connecting. Try again?"


def test_a_command_is_answered_by_slackbot_and_stays_in_the_box(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("general")
    colleague.open("general")
    switch(visitor, LATE, on=True)
    visitor.ask("/ember today")
    slackbot = same(visitor.newest)
    expect(slackbot).to_contain_text("Slackbot")
    visitor.sees("Only visible to you", within=slackbot)
    visitor.sees('/ember failed with the error "operation_timeout"', within=slackbot)
    expect(visitor.box).to_have_value("/ember today")

    wire = tab(visitor, "Wire")
    failures = wire.get_by_role("checkbox", name="Failures")
    visitor.hands.press(failures)
    expect(wire.get_by_role("listitem").filter(has_text="answer:command").last).to_contain_text("operation_timeout")
    visitor.hands.press(failures)

    switch(visitor, LATE, on=False)
    with visitor.answered():
        visitor.hands.press(visitor.box)
    visitor.sees("Worth a call", within=visitor.newest)
    colleague.misses(re.compile("operation_timeout"))


def test_a_button_is_marked_and_what_ember_saved_is_saved(visitor: Visitor) -> None:
    visitor.open("general")
    visitor.ask("/ember today")
    today = same(visitor.newest)
    mark = today.get_by_role("img", name=TROUBLE)
    switch(visitor, LATE, on=True)

    with visitor.answered():
        visitor.press(re.compile("^Not now: set Northwind aside"), within=today)
    visitor.sees(re.compile("Slack did not open the window"), within=visitor.newest)
    expect(mark).to_be_visible()
    visitor.sees(TROUBLE, within=visitor.page.get_by_role("status"))
    assert findings(visitor) == []

    visitor.press("We've spoken with Northwind", within=today)
    visitor.sees(re.compile("✓ Northwind · you spoke today"), within=today)

    switch(visitor, LATE, on=False)
    visitor.press(re.compile("^Undo"), within=today)
    visitor.misses(re.compile("you spoke"), within=today)
    visitor.press(re.compile("^Not now: set Northwind aside"), within=today)
    expect(visitor.dialog).to_have_accessible_name("Not now")
    expect(mark).to_have_count(0)


def test_a_form_says_so_keeps_what_was_typed_and_saves_it_once(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("orchard")
    visitor.say("/checkin")
    visitor.tick("Warm")
    visitor.write("What happened?", "They sent plums.")
    switch(colleague, LATE, on=True)
    visitor.save()

    visitor.sees(TROUBLE, within=visitor.dialog)
    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value("They sent plums.")
    expect(visitor.dialog.get_by_role("radio", name="Warm", exact=True)).to_be_checked()
    assert findings(visitor) == []

    switch(colleague, LATE, on=False)
    visitor.save()
    visitor.sees("Saved: Orchard · warm", within=visitor.dialog)
    visitor.press("Done", within=visitor.dialog)
    visitor.ask("/client orchard")
    visitor.press("Show notes", within=visitor.newest)
    expect(visitor.newest.get_by_text("They sent plums.")).to_have_count(1)
