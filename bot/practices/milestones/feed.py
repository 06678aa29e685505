"""Dates that matter as a calendar that others subscribe to (RFC 5545): all-day events that come round every year."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.practices.milestones import wording
from bot.practices.milestones.ahead import Coming
from bot.practices.milestones.rules import Calendar, LeapDay

if TYPE_CHECKING:
    from icalendar import Event

NAME = "Ember: dates that matter"
MADE_BY = "-//Ember//Dates that matter//EN"
AGAIN = dt.timedelta(hours=12)
DAY_AFTER_28_FEBRUARY = 60
"""Of a year: 29 February where there is one, else 1 March."""


def write(found: Sequence[Coming], today: dt.date) -> bytes:
    """Return the calendar.  The library takes a second to load, so the first to ask does so in a thread."""
    from icalendar import Calendar as Feed

    feed = Feed()
    feed.add("prodid", MADE_BY)
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", NAME)
    feed.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT12H")
    for one in sorted(found, key=lambda one: one.milestone.id):
        if one.milestone.details.calendar.repeats or not one.is_skipped:
            feed.add_component(_event(one, today))
    return bytes(feed.to_ical())


def _event(one: Coming, today: dt.date) -> "Event":
    from icalendar import Event

    details = one.milestone.details
    person = one.contact.name if one.contact is not None else ""
    event = Event()
    event.add("uid", f"{one.milestone.id}@ember")
    event.add("dtstamp", one.milestone.created_at)
    event.add("dtstart", _begins(one, today))
    event.add("summary", wording.with_client(wording.every_year(details, one.client.name, person), one.client.name))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("categories", [wording.LABELS[details.occasion]])
    known = "\n".join(part for part in (details.note or "", one.last_time) if part)
    if known:
        event.add("description", known)
    if details.calendar.repeats:
        event.add("rrule", _rule(details.calendar))
        if one.is_skipped:
            event.add("exdate", one.on)
    return event


def _begins(one: Coming, today: dt.date) -> dt.date:
    """Return the first day that is shown: this year's, or the first one of all where that is to come."""
    when = one.milestone.details.calendar
    return when.in_year(today.year) if when.repeats and (when.year or 0) <= today.year else one.on


def _rule(when: Calendar) -> dict[str, object]:
    if not when.is_leap_day:
        return {"freq": "yearly"}
    if when.leap_day is LeapDay.BEFORE:
        return {"freq": "yearly", "bymonth": 2, "bymonthday": -1}
    return {"freq": "yearly", "byyearday": DAY_AFTER_28_FEBRUARY}
