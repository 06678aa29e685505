"""How a promise is said: what, by when, for how long we have waited."""

import datetime as dt
import re
from typing import Final

from bot.practices.promises.rows import Event, Promise
from bot.practices.promises.rules import PromiseState
from bot.slack.text import Markup, day, lines, markup, one_line

WHAT_SHOWN: Final = 100
ON_CARD: Final = 200
_OWING: Final = re.compile(r"^(?:we owe (?:them|her|him|you)|(?:they|she|he) owes? us)\s+", re.IGNORECASE)
OUTCOMES: Final = {
    PromiseState.OPEN: "open again",
    PromiseState.KEPT: "done",
    PromiseState.MISSED: "missed",
    PromiseState.EXCEEDED: "exceeded",
    PromiseState.DROPPED: "dropped",
}


def what(promise: Promise, longest: int = WHAT_SHOWN) -> str:
    """Return what is promised, on one line."""
    return one_line(promise.what, longest)


def owed(promise: Promise) -> str:
    """Return what is promised without the words that say who owes it: "the plan" for "we owe her the plan"."""
    said = what(promise)
    return _OWING.sub("", said) or said


def when(promise: Promise, on: dt.date) -> str:
    """Return by when something is due: "today", "by Fri 15 May", "3 days late"."""
    late = (on - promise.due_on).days
    if late <= 0:
        return "today" if late == 0 else f"by {day(promise.due_on, on)}"
    return "1 day late" if late == 1 else f"{late} days late"


def days(count: int) -> str:
    """Return a number of days: "1 day", "6 days"."""
    return "1 day" if count == 1 else f"{count} days"


def waited(promise: Promise, now: dt.datetime) -> int:
    """Return for how many days we have waited for something; the instant carries the reader's zone."""
    return (now.date() - promise.created_at.astimezone(now.tzinfo).date()).days


def line(promise: Promise, carrier: str, now: dt.datetime) -> Markup:
    """Return a promise as a card says it: "media plan · by Fri 15 May · Ana"; theirs with how long we have waited."""
    on = now.date()
    if promise.theirs:
        age = waited(promise, now)
        since = f"Waiting on them for {days(age)}:" if age > 0 else "Waiting on them:"
        return lines([markup("{since} {what}", since=since, what=what(promise, ON_CARD)), when(promise, on)], " · ")
    return lines([what(promise, ON_CARD), when(promise, on), carrier, _moved(promise, on)], " · ")


def told(event: Event, name: str, now: dt.datetime) -> Markup:
    """Return what somebody said became of a promise: "Moved from Fri 15 May to Fri 22 May · Ana, Tue 12 May · why".

    now: in the reader's zone.
    """
    today = now.date()
    if event.state is not None:
        became = OUTCOMES[event.state].capitalize()
    elif event.from_on is not None and event.to_on is not None:
        became = f"Moved from {day(event.from_on, today)} to {day(event.to_on, today)}"
    else:
        became = "Moved"
    said = lines([name, day(event.at.astimezone(now.tzinfo).date(), today)], ", ")
    return lines([became, said, event.why or ""], " · ")


def _moved(promise: Promise, on: dt.date) -> str:
    if promise.moved_from is None or not promise.times_moved:
        return ""
    times = {1: "moved once", 2: "moved twice"}.get(promise.times_moved, f"moved {promise.times_moved} times")
    return f"{times}, first {day(promise.moved_from, on)}"
