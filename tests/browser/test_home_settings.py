"""Home's settings: what one sets holds, a time at which nothing would come is refused at its field."""

import datetime as dt
import re

from playwright.sync_api import expect

from tests.browser.hands import by_mouse_and_by_keyboard
from tests.browser.test_accessible import findings
from tests.browser.visitor import Visitor

USUAL, LATER, AT_NIGHT = dt.time(8, 30), dt.time(9, 40), dt.time(22, 15)


def goes_to_settings(visitor: Visitor) -> None:
    visitor.open("Ember")
    visitor.hands.press(visitor.main.get_by_role("tab", name="Home"))
    visitor.press(re.compile("^(Show Settings|Settings, shown now)$"))
    visitor.sees("Who looks after your clients meanwhile.")


@by_mouse_and_by_keyboard
def test_ones_own_morning_and_dates_are_set(visitor: Visitor) -> None:
    goes_to_settings(visitor)
    visitor.press("Open the settings")
    morning = visitor.dialog.get_by_label(re.compile("^Your morning comes at"))
    dates = visitor.dialog.get_by_role("checkbox", name=re.compile("^Dates that matter"))
    expect(morning).to_have_value(f"{USUAL:%H:%M}")
    visitor.hands.pick_time(morning, AT_NIGHT)
    visitor.save()
    expect(morning).to_have_attribute("aria-invalid", "true")
    visitor.sees(re.compile("It is quiet from"), within=visitor.dialog)

    visitor.hands.pick_time(morning, LATER)
    expect(dates).to_be_checked()
    visitor.hands.press(dates)
    visitor.save()
    visitor.sees("This holds now for you:", within=visitor.dialog)
    visitor.press("Done", within=visitor.dialog)

    visitor.press("Open the settings")
    expect(morning).to_have_value(f"{LATER:%H:%M}")
    expect(dates).not_to_be_checked()
    visitor.hands.pick_time(morning, USUAL)
    visitor.hands.press(dates)
    visitor.save()
    visitor.sees("This holds now for you:", within=visitor.dialog)


def test_everybody_can_read_and_use_them(visitor: Visitor) -> None:
    goes_to_settings(visitor)
    assert findings(visitor) == []
    visitor.press("Open the settings")
    expect(visitor.dialog).to_have_accessible_name("My settings")
    assert findings(visitor) == []
    visitor.press("Settings for everyone", within=visitor.dialog)
    expect(visitor.dialog).to_have_accessible_name("Settings for everyone")
    assert findings(visitor) == []
