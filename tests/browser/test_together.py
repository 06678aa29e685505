"""Several people before the page at once: what one of them does reaches the others by itself, or stays private."""

import re

from playwright.sync_api import expect

from tests.browser.hands import by_keyboard
from tests.browser.visitor import Visitor

pytestmark = by_keyboard
"""Ana has the keys alone, Tom a mouse."""


def test_two_people_read_each_other_without_a_reload(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("northwind")
    colleague.open("northwind")
    colleague.page.evaluate("window.untouched = true")

    visitor.say("Priya rang back, all is *well*")
    colleague.sees("Priya rang back, all is well", within=colleague.newest)
    expect(colleague.newest).to_contain_text("Ana")

    colleague.open("general")
    visitor.say("She wants the plan on Friday")
    expect(colleague.side.get_by_role("button", name=re.compile("^northwind.*1 unread"))).to_be_visible()

    assert colleague.page.evaluate("window.untouched"), "the page was loaded again"


def test_an_answer_to_a_command_is_for_whoever_typed_it(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("halden")
    colleague.open("halden")
    visitor.ask("/client halden")
    visitor.sees("Only visible to you", within=visitor.newest)
    visitor.say("Halden looks fine to me")

    colleague.sees("Halden looks fine to me", within=colleague.newest)
    colleague.misses("Only visible to you")


def test_a_direct_message_is_for_two_and_can_be_logged_although_ember_is_not_in_it(
    visitor: Visitor, colleague: Visitor
) -> None:
    visitor.hands.go(visitor.side, "Tom")
    colleague.hands.go(colleague.side, "Ana")
    expect(colleague.side.get_by_role("button", name=re.compile(", direct message"))).to_have_count(1)
    visitor.say("Ring me when you are back?")
    colleague.sees("Ring me when you are back?", within=colleague.newest)

    visitor.on_message("Karl rang", "Log to Ember")
    expect(visitor.dialog.get_by_role("textbox", name="What happened?")).to_have_value(re.compile("^Karl rang"))
    visitor.choose("Client", "hald", "Halden")
    visitor.tick("Neutral")
    visitor.save()
    visitor.sees("Saved: Halden · neutral", within=visitor.dialog)
    visitor.press("Undo", within=visitor.dialog)
    visitor.sees("taken back", within=visitor.dialog)
    colleague.misses("Halden")


def test_a_reply_stays_in_its_thread_and_is_counted_at_its_message(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("halden")
    colleague.open("halden")
    question = visitor.messages.filter(has_text="Shall I ask Karl directly?")
    visitor.hands.turn_to(question)
    visitor.press("Reply in thread", within=question)
    visitor.hands.write(visitor.thread.get_by_role("textbox", name="Reply"), "I would, tomorrow")
    visitor.page.keyboard.press("Enter")
    visitor.sees("I would, tomorrow", within=visitor.thread)
    visitor.misses("I would, tomorrow")

    asked = colleague.messages.filter(has_text="Shall I ask Karl directly?")
    colleague.hands.press(asked.get_by_role("button", name=re.compile("1 reply")))
    colleague.sees("I would, tomorrow", within=colleague.thread)

    visitor.press("Close thread", within=visitor.thread)
    expect(visitor.thread).to_have_count(0)


def test_home_follows_what_a_colleague_notes(visitor: Visitor, colleague: Visitor) -> None:
    visitor.open("Ember")
    visitor.press(re.compile("^(Show Clients|Clients, shown now)$"))
    visitor.sees(re.compile(r"Halden · Tom\s*\w+ · overdue"))
    colleague.ask("/ember today")
    colleague.press("We've spoken with Halden", within=colleague.newest)
    colleague.sees(re.compile("✓ Halden · you spoke today"), within=colleague.newest)

    visitor.sees(re.compile(r"Halden · Tom\s*\w+ · next due"))
    expect(visitor.main.get_by_role("button", name="Clients, shown now")).to_be_focused()

    colleague.press(re.compile("^Undo"), within=colleague.newest)
    visitor.sees(re.compile(r"Halden · Tom\s*\w+ · overdue"))
