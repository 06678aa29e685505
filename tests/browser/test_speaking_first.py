"""Ember speaks first: a working morning comes, and what was said by itself changes with what is done about it."""

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import PHONE, demo_in, visit
from tests.browser.hands import Finger, Hands, Keyboard, Mouse, by_keyboard
from tests.browser.instruments import tab
from tests.browser.test_accessible import findings
from tests.browser.test_phone import fits
from tests.browser.visitor import Visitor

ANAS = ZoneInfo("Europe/Berlin")
FRIDAY = 4
A_FINGER = 40
"""How many pixels high and wide what a finger is to press is at least."""
LOOKS = 30
ARRIVES_WITHIN = 60_000
"""Milliseconds within which what a fault held up has arrived after it is over."""


@pytest.fixture(params=[Mouse, Keyboard], ids=["by mouse", "by keyboard"])
def ana_and_tom(
    request: pytest.FixtureRequest, chromium: Browser, seeded: Path, tmp_path: Path
) -> Iterator[tuple[Visitor, Visitor]]:
    """Two colleagues, each at a laptop, before an agency that nobody has touched yet."""
    shutil.copytree(seeded / "data", tmp_path / "data")
    hands: type[Hands] = request.param
    with demo_in(tmp_path) as address, visit(chromium, address, hands) as ana, visit(chromium, address) as tom:
        tom.becomes("Tom")
        yield ana, tom


def working_morning(visitor: Visitor) -> dt.date:
    """Move the clock to nine on the next working day; return the day."""
    clock = tab(visitor, "Clock")
    shown = dt.datetime.fromisoformat(clock.get_by_role("time").get_attribute("datetime") or "")
    tomorrow = shown.astimezone(ANAS).date() + dt.timedelta(days=1)
    on = next(day for day in (tomorrow + dt.timedelta(days=ahead) for ahead in range(3)) if day.weekday() <= FRIDAY)
    visitor.press("Tomorrow 9:00" if on == tomorrow else "Monday 9:00", within=clock)
    expect(clock).to_contain_text(f"{on:%A}, {on.day} {on:%B %Y}")
    visitor.press("Instruments")
    return on


def digest_of(visitor: Visitor, on: dt.date) -> Locator:
    """Return the digest of a day."""
    return visitor.messages.filter(has_text=f"Good morning · {on:%a} {on.day} {on:%b}")


def ember_writes_to(visitor: Visitor) -> None:
    """Go to the messages that Ember sends somebody alone."""
    visitor.open("Ember")
    visitor.hands.press(visitor.main.get_by_role("tab", name="Messages"))


def switch(visitor: Visitor, fault: str, *, on: bool) -> None:
    """Switch a fault on or off."""
    lever = tab(visitor, "Faults").get_by_role("switch", name=re.compile(fault))
    visitor.hands.press(lever)
    expect(lever).to_be_checked(checked=on)


def same(message: Locator) -> Locator:
    """Return a message by its time, however its words change."""
    return message.page.get_by_role("main").locator(f'li[data-ts="{message.get_attribute("data-ts")}"]')


def test_what_stands_there_changes_with_what_is_done_about_it(ana_and_tom: tuple[Visitor, Visitor]) -> None:
    ana, tom = ana_and_tom
    tom.open("general")
    ana.open("general")
    on = working_morning(ana)

    digest = digest_of(ana, on)
    ana.sees("Gone quiet: Northwind (a message of its own below)", within=digest)
    ana.sees("Halden · Tom · nothing logged for", within=digest)
    alert = ana.messages.filter(has_text="Northwind has gone quiet")
    ana.sees("Ana looks after them · Tom covers", within=alert)
    alert = same(alert)

    ana.press("We've spoken with Northwind", within=alert)
    expect(alert).to_contain_text("✓ Northwind · Ana spoke with them today")
    expect(alert.get_by_role("button", name="We've spoken")).to_have_count(0)
    ana.sees("✓ Northwind · Ana spoke with them today", within=digest)
    ana.misses("Gone quiet", within=digest)

    ana.hands.press(digest.get_by_role("button", name=re.compile("^More options")))
    ana.hands.take(ana.page.get_by_role("menuitem", name="Not now"))
    expect(ana.dialog).to_have_accessible_name("Not now")
    ana.tick("Tomorrow")
    ana.save("Set aside")
    ana.sees("Halden is set aside until", within=ana.dialog)
    ana.leave()
    ana.sees("✓ Halden · set aside until", within=digest)

    theirs = digest_of(tom, on)
    tom.sees("✓ Northwind · Ana spoke with them today", within=theirs)
    tom.sees("✓ Halden · set aside until", within=theirs)
    tom.sees("✓ Northwind · Ana spoke with them today", within=tom.messages.nth(-1))
    tom.misses("Northwind has gone quiet")

    ember_writes_to(ana)
    morning = ana.messages.filter(has_text=f"Your {on:%A}")
    ana.sees("✓ Northwind · you spoke with them today", within=morning)
    ana.sees("Today: Mia's birthday (Orchard).", within=ana.messages.filter(has_text="Dark chocolate"))


def test_a_morning_can_be_read_by_everybody(visitor: Visitor) -> None:
    visitor.open("general")
    on = working_morning(visitor)
    visitor.sees("Promised", within=digest_of(visitor, on))
    expect(visitor.messages.filter(has_text="Northwind has gone quiet")).to_have_count(1)
    assert findings(visitor) == []

    ember_writes_to(visitor)
    visitor.sees(f"Your {on:%A}")
    expect(visitor.messages.filter(has_text="Mia's birthday")).to_have_count(1)
    assert findings(visitor) == []


def test_a_morning_fits_a_phone(visitor: Visitor, chromium: Browser, agency: str) -> None:
    on = working_morning(visitor)
    with visit(chromium, agency, Finger, viewport=PHONE, has_touch=True, is_mobile=True) as on_a_phone:
        on_a_phone.open("general")
        digest = digest_of(on_a_phone, on)
        on_a_phone.sees("Worth a call", within=digest)
        fits(on_a_phone)
        assert_pressable(digest)
        alert = on_a_phone.messages.filter(has_text="Northwind has gone quiet")
        assert_pressable(alert)
        on_a_phone.press("Why Northwind?", within=alert)
        on_a_phone.sees("The check-ins behind it", within=on_a_phone.dialog)
        fits(on_a_phone)
        on_a_phone.leave()

        on_a_phone.press("Back to conversations")
        ember_writes_to(on_a_phone)
        morning = on_a_phone.messages.filter(has_text=f"Your {on:%A}")
        on_a_phone.sees("You promised Northwind", within=morning)
        fits(on_a_phone)
        assert_pressable(morning)


def assert_pressable(message: Locator) -> None:
    """Fail where a button of a message is too small for a finger, or beyond the edge."""
    buttons = message.locator(".blocks").get_by_role("button").all()
    assert buttons
    for button in buttons:
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= A_FINGER
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]


@by_keyboard
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("fault", "seen"), [("429", "ratelimited"), ("The line drops", "connection cut")], ids=["429", "the line drops"]
)
def test_what_a_fault_holds_up_arrives_once_when_it_is_over(visitor: Visitor, fault: str, seen: str) -> None:
    visitor.open("general")
    switch(visitor, fault, on=True)
    on = working_morning(visitor)

    posts = tab(visitor, "Wire").get_by_role("listitem").filter(has_text="Good morning.")
    expect(posts.filter(has_text=seen).last).to_be_visible()
    visitor.open("Ember")  # elsewhere and back, as above
    visitor.open("general")
    expect(digest_of(visitor, on)).to_have_count(0)

    switch(visitor, fault, on=False)
    visitor.open("Ember")
    visitor.open("general")
    expect(digest_of(visitor, on)).to_have_count(1, timeout=ARRIVES_WITHIN)
    ember_writes_to(visitor)
    expect(visitor.messages.filter(has_text=f"Your {on:%A}")).to_have_count(1, timeout=ARRIVES_WITHIN)
    nothing_waits(visitor)
    ember_writes_to(visitor)
    expect(visitor.messages.filter(has_text=f"Your {on:%A}")).to_have_count(1)
    visitor.open("general")
    expect(digest_of(visitor, on)).to_have_count(1)


def nothing_waits(visitor: Visitor) -> None:
    """Look at Ember's Home until nothing is left to say: what it could say twice, it would have said by then."""
    counted = visitor.main.get_by_text(re.compile("^Messages: last looked Today"))
    for _ in range(LOOKS):
        visitor.open("general")
        visitor.open("Ember")
        visitor.hands.press(visitor.main.get_by_role("tab", name="Home"))
        expect(counted).to_be_visible()
        if "· 0 waiting" in (counted.text_content() or ""):
            return
    raise AssertionError("something is waiting still")


@by_keyboard
def test_where_a_guest_reads_along_nothing_is_said_and_the_owner_is_told(visitor: Visitor) -> None:
    visitor.open("general")
    channels = tab(visitor, "Channels")
    visitor.press("Guest joins", within=channels)
    visitor.sees(re.compile(r"\(guest\)"), within=channels)
    mornings = [working_morning(visitor)]
    ember_writes_to(visitor)
    visitor.sees(f"Your {mornings[0]:%A}")

    mornings += [
        working_morning(visitor),
        working_morning(visitor),
    ]  # on a day with a date, nobody gets a third message
    visitor.open("general")  # elsewhere and back: Tab has led over the messages' buttons, and so away from the foot
    ember_writes_to(visitor)
    told = visitor.messages.filter(has_text="Ember could not say something in #general")
    visitor.sees("Guests read along there, so Ember kept it back.", within=told)
    visitor.open("general")
    for on in mornings:
        expect(digest_of(visitor, on)).to_have_count(0)

    visitor.press("Guest leaves", within=tab(visitor, "Channels"))
    visitor.misses(re.compile(r"\(guest\)"), within=channels)
