"""The hint strip moves on by itself when a step is done, waits where one is not, and ends with a word."""

import re

from playwright.sync_api import expect

from tests.browser.hands import by_keyboard
from tests.browser.visitor import Visitor


@by_keyboard
def test_each_step_moves_on_when_it_is_done(visitor: Visitor) -> None:
    steps = visitor.page.get_by_role("region", name="First steps")
    visitor.sees("Step 1 of 3", within=steps)

    visitor.say("/ember today")
    visitor.sees(re.compile("Done: Step 1 of 3"), within=steps)
    visitor.sees(re.compile("^Step 2 of 3"), within=steps)

    visitor.more("Why?")
    visitor.sees(re.compile("^Step 3 of 3"), within=steps)
    visitor.press("Back", within=steps)
    visitor.sees(re.compile("Done: Step 2 of 3"), within=steps)
    visitor.press("Next", within=steps)

    visitor.press("Back", within=visitor.newest)
    visitor.press("We've spoken with Northwind", within=visitor.newest)
    visitor.sees(re.compile("thank you for looking in"), within=steps)
    visitor.press(re.compile("^Undo"), within=visitor.newest)

    visitor.press("Done", within=steps)
    expect(steps).to_have_count(0)


def test_a_form_that_comes_back_with_errors_finishes_nothing(newcomer: Visitor) -> None:
    steps = newcomer.page.get_by_role("region", name="First steps")
    newcomer.say("/client new")
    newcomer.save()
    newcomer.sees("Please complete this required field.", within=newcomer.dialog)
    newcomer.press("Cancel", within=newcomer.dialog)
    newcomer.sees(re.compile("^Step 1 of 3"), within=steps)
