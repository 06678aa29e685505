"""The calendar that others subscribe to: whose dates are in it, and on which days."""

import datetime as dt
import itertools

import icalendar
import pytest
from dateutil.rrule import rrulestr

from bot.practices.milestones import ahead, feed
from bot.practices.milestones.rules import LeapDay, Occasion, Step
from bot.store.search import Visibility
from bot.workspaces.visibility import Person
from tests.support import ON_SQLITE, TODAY

pytestmark = ON_SQLITE


async def events(desk, member=None, on=TODAY):
    async with desk.store.look(desk.workspace.id) as session:
        found = await ahead.coming(session, Person((member or desk.ana).id), on, None)
    read = icalendar.Calendar.from_ical(feed.write(found, on))
    return list(read.walk("VEVENT"))


def days(event, until=2033):
    """Return the days on which another program sees an event."""
    begins = event["dtstart"].dt
    rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=dt.datetime.combine(begins, dt.time()))
    found = itertools.takewhile(lambda each: each.year < until, rule)
    return [each.date() for each in found]


async def test_every_year_as_an_all_day_event_with_what_we_know(desk):
    milestone = await desk.keep(
        TODAY + dt.timedelta(days=7), year=2021, note="Likes handwritten notes; no fuss, please"
    )
    await desk.answer(milestone, dt.date(2025, 5, 19), Step.PLANNED, "team card", when=dt.date(2025, 5, 12))
    (event,) = await events(desk)
    assert event["summary"] == "Priya, at Northwind since 2021"
    assert event["description"] == "Likes handwritten notes; no fuss, please\nLast year: team card."
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert days(event, 2029) == [dt.date(year, 5, 19) for year in (2026, 2027, 2028)]


@pytest.mark.parametrize(("leap_day", "other"), [(LeapDay.BEFORE, (2, 28)), (LeapDay.AFTER, (3, 1))])
async def test_29_february_falls_in_other_calendars_where_it_falls_here(desk, leap_day, other):
    await desk.keep(dt.date(2024, 2, 29), leap_day=leap_day, occasion=Occasion.BIRTHDAY)
    (event,) = await events(desk)
    kept = {year: (2, 29) if year in {2028, 2032} else other for year in range(2026, 2033)}
    assert days(event) == [dt.date(year, *kept[year]) for year in kept]


async def test_what_comes_once_comes_once_and_what_is_skipped_is_left_out(desk):
    await desk.keep(TODAY, repeats=False, year=2026, occasion=Occasion.LAUNCH)
    yearly = await desk.keep(TODAY, occasion=Occasion.RENEWAL)
    await desk.answer(yearly, TODAY, Step.SKIPPED)
    once, again = await events(desk)
    assert "rrule" not in once
    assert once["dtstart"].dt == TODAY
    assert [each.dt for each in again["exdate"].dts] == [TODAY]


async def test_each_sees_what_they_may_see(desk):
    await desk.keep(TODAY, visibility=Visibility.ME, note="Between us")
    await desk.keep(TODAY, visibility=Visibility.TEAM)
    await desk.keep(TODAY, visibility=Visibility.EVERYONE)
    assert [len(await events(desk, member)) for member in (desk.ana, desk.tom, desk.sam)] == [3, 2, 1]
