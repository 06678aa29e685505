"""Know the person, keep the word: what was learnt is there before the meeting, and two taps log it afterwards.

Ana's calendar stands on this machine: a meeting of every week with Priya and Omar, first held before clocks changed.
"""

import datetime as dt
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.clock import Clock
from tests.browser.conftest import PHONE, demo_in, visit
from tests.browser.hands import Finger, Keyboard
from tests.browser.instruments import tab
from tests.browser.test_accessible import findings
from tests.browser.test_phone import fits
from tests.browser.test_speaking_first import ANAS, FRIDAY, LOOKS, assert_pressable, ember_writes_to
from tests.browser.visitor import Visitor
from tests.calendars import calendar, event

WEEK, BEFORE, LONG = dt.timedelta(weeks=1), dt.timedelta(minutes=15), dt.timedelta(minutes=30)
A_MINUTE = dt.timedelta(minutes=1)
AT = dt.time(10)
MOST_BLOCKS = 12
FELT = ["Cold", "Cool", "Neutral", "Warm", "Glowing"]
WHY_IT_MATTERS = re.compile("^Why it matters to the work")
DISLIKES = 2
"""Which of the six questions that is, from 0."""


def next_meeting() -> dt.datetime:
    """Return ten o'clock on Ana's next working day."""
    days = (Clock().now().astimezone(ANAS).date() + dt.timedelta(days=ahead) for ahead in (1, 2, 3))
    return dt.datetime.combine(next(day for day in days if day.weekday() <= FRIDAY), AT, ANAS)


def across_a_change(at: dt.datetime, step: dt.timedelta) -> dt.datetime:
    """Return the same weekday and hour so many weeks off that clocks have changed between the two."""
    there = at + step
    while there.utcoffset() == at.utcoffset():
        there += step
    return there


def every_week(first: dt.datetime) -> bytes:
    """Return a calendar with half an hour every week, of which only the attendees tell with whom it is."""
    starts, ends = (f";TZID={ANAS.key}:{at:%Y%m%dT%H%M%S}" for at in (first, first + LONG))
    mails = [f"ATTENDEE:mailto:{name}" for name in ("priya@northwind.example", "omar@northwind.example")]
    return calendar(event("weekly", starts, ends, "Weekly catch-up", "RRULE:FREQ=WEEKLY", *mails))


@contextmanager
def served(body: bytes) -> Iterator[str]:
    """Serve a calendar on this machine; yields the site's origin."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()
        thread.join()


@pytest.fixture
def calendars() -> Iterator[str]:
    """The site where Ana's calendar stands."""
    with served(every_week(across_a_change(next_meeting(), -WEEK))) as origin:
        yield origin


@pytest.fixture
def town(calendars: str, seeded: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an agency in which that site's calendars may be linked."""
    shutil.copytree(seeded / "data", tmp_path / "data")
    with demo_in(tmp_path, "--calendars", calendars) as address:
        yield address


@pytest.fixture
def ana(chromium: Browser, town: str) -> Iterator[Visitor]:
    """Ana, at a laptop, with the keys alone."""
    with visit(chromium, town, Keyboard) as somebody:
        yield somebody


def fills_in_what_omar_likes_and_what_not(ana: Visitor) -> None:
    """Answer two of the six questions, one with why it matters, from the card."""
    opens_omars_page(ana)
    ana.press(re.compile("^Edit profile"), within=ana.newest)
    ana.write("What do they like?", "trains that run on time")
    ana.write("What do they dislike?", "being kept waiting")
    ana.hands.write(ana.dialog.get_by_role("textbox", name=WHY_IT_MATTERS).nth(DISLIKES), "be there before he is")
    ana.save()
    ana.sees("What we know · 3/6", within=ana.dialog)
    ana.leave()


def opens_omars_page(ana: Visitor) -> None:
    """Go from the client's card to a person's page."""
    ana.open("northwind")
    ana.ask("/client northwind")
    ana.press("Show people", within=ana.newest)
    ana.press(re.compile("^Profile: Omar"), within=ana.newest)
    ana.sees("How to talk to them", within=ana.newest)


def logs_what_she_noticed(ana: Visitor, due: dt.date) -> None:
    """Log a check-in with a signal, what was not said, and a promise."""
    ana.open("northwind")
    ana.say("/checkin")
    ana.tick("Cool")
    ana.write("What happened?", "Omar went through the invoice line by line.")
    ana.press("Add what you noticed", within=ana.dialog)
    ana.choose("Who was there?", "Om", "Omar")
    ana.choose("What I noticed", "Paus", "Paused")
    ana.write("What was not said?", "Who signs off the spring budget.")
    ana.write("What did we promise?", "the cost per depot on one page")
    ana.pick_day("Promised by", due)
    ana.save()
    ana.sees("Saved: Northwind · cool", within=ana.dialog)
    ana.leave()


def links(ana: Visitor, address: str) -> None:
    """Link a calendar, and look until it was read."""
    ana.ask("/ember calendar")
    ana.press("Link my calendar", within=ana.newest)
    ana.write("Secret address", address)
    ana.save("Link it")
    ana.sees("Your calendar is linked.", within=ana.dialog)
    ana.leave()
    for _ in range(LOOKS):
        ana.ask("/ember calendar")
        if ana.newest.get_by_text(re.compile("2 meetings with a client in the next two weeks")).count():
            return
    raise AssertionError("the calendar is not read")


def moves_to(ana: Visitor, at: dt.datetime) -> None:
    """Move the clock; it runs on from there."""
    clock = tab(ana, "Clock")
    ana.hands.pick_day(clock.get_by_label("Date"), at.date())
    ana.hands.pick_time(clock.get_by_label("Time"), at.time())
    ana.press("Set the clock", within=clock)
    expect(clock).to_contain_text(f"{at:%A}, {at.day} {at:%B %Y}")
    expect(clock.get_by_role("time")).to_have_text(re.compile(f"^{at:%H}:"))
    ana.press("Instruments")


def briefs(somebody: Visitor) -> Locator:
    """Return the briefs that stand between Ana and Ember."""
    return somebody.messages.filter(has_text="Why us:")


def assert_helps(brief: Locator) -> None:
    """Fail where a brief leaves out what was learnt, or is longer than somebody reads in thirty seconds."""
    blocks = brief.locator(".blocks > .block")
    begins = (
        "Northwind, 10:00 AM · Omar and Priya",
        "Sensitive, Priya: the board review: wait until she brings it up",
        "Why us: “Ideas our own team cannot see.”",
        "Open with: trains that run on time (Omar)",
    )
    for at, words in enumerate(begins):
        expect(blocks.nth(at)).to_have_text(words)
    assert blocks.count() <= MOST_BLOCKS
    for words in (
        "We owe: the media plan, ",
        "the cost per depot on one page, today",
        "They owe: the lead numbers by depot",
        "Omar's there: headline first",
        "Priya's there: short, and let her say it first",
        "Omar: dislikes being kept waiting · for the work: be there before he is",
        "Omar: paused · not said: Who signs off the spring budget · “Omar went through the invoice line by line.”",
    ):
        expect(brief).to_contain_text(words)


def fits_a_phone(chromium: Browser, town: str) -> None:
    """Fail where the brief can't be read or pressed on a phone."""
    with visit(chromium, town, Finger, viewport=PHONE, has_touch=True, is_mobile=True) as on_a_phone:
        ember_writes_to(on_a_phone)
        expect(briefs(on_a_phone)).to_have_count(1)
        fits(on_a_phone)
        assert_pressable(briefs(on_a_phone))


def logs_it_in_two_taps(ana: Visitor) -> None:
    """Open the brief's thread, in which one question stands, and press a word."""
    ana.press(re.compile("^1 reply"), within=briefs(ana))
    asked = replies(ana)
    expect(asked).to_have_count(1)
    ana.sees("How did it leave them?", within=asked)
    for at, word in enumerate(FELT):
        expect(asked.get_by_role("button").nth(at)).to_have_text(word)
    ana.press("Warm", within=asked)
    ana.sees("Saved: Northwind · warm", within=asked)


def replies(ana: Visitor) -> Locator:
    """Return the messages below the one that opens the thread."""
    return ana.thread.locator("li.reply-count ~ li[data-ts]")


def notes_a_detail(ana: Visitor) -> None:
    """Add a little detail to a person's page, so that the next brief says something new."""
    opens_omars_page(ana)
    ana.press("Add a detail", within=ana.newest)
    ana.write("What is it?", "plays the trombone")
    ana.save()
    ana.sees("plays the trombone", within=ana.dialog)
    ana.leave()


@pytest.mark.timeout(300)
def test_what_is_known_comes_before_each_meeting_and_two_taps_log_it_after(
    ana: Visitor, calendars: str, town: str, chromium: Browser
) -> None:
    meeting = next_meeting()
    fills_in_what_omar_likes_and_what_not(ana)
    logs_what_she_noticed(ana, meeting.date())
    links(ana, f"{calendars}/ana.ics")

    moves_to(ana, meeting - BEFORE)
    ember_writes_to(ana)
    expect(briefs(ana)).to_have_count(1)
    assert_helps(briefs(ana))
    fits_a_phone(chromium, town)

    moves_to(ana, meeting + LONG + A_MINUTE)
    logs_it_in_two_taps(ana)
    assert findings(ana) == []
    ana.press("Close thread", within=ana.thread)
    ana.open("northwind")
    ana.ask("/client northwind")
    ana.press("Show notes", within=ana.newest)
    ana.sees(f"{meeting:%a} {meeting.day} {meeting:%b} · warm · Ana", within=ana.newest)

    notes_a_detail(ana)
    moves_to(ana, across_a_change(meeting, WEEK) - BEFORE)
    ember_writes_to(ana)
    expect(briefs(ana)).to_have_count(2)
    expect(briefs(ana).last).to_contain_text("Northwind, 10:00 AM · Omar and Priya")
    expect(briefs(ana).last).to_contain_text("plays the trombone")
    ana.press(re.compile("^1 reply"), within=briefs(ana).first)
    expect(replies(ana)).to_have_count(1)
