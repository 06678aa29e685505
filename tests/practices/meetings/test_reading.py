"""Reading meetings: what counts, when it is, and that it is the same one after it was moved."""

import datetime as dt

import pytest

from bot.practices.meetings.parsing import read
from bot.practices.meetings.reading import AHEAD, BACK, MOST_MEETINGS, Bounds, NotRead, Reader
from bot.practices.meetings.rules import Why, series
from bot.practices.meetings.sieve import sieve
from tests.calendars import calendar, event

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
WEEKLY = "RRULE:FREQ=WEEKLY"
OWN_ZONE = "\r\n".join(
    [
        *("BEGIN:VTIMEZONE", "TZID:Our place", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
        *("TZOFFSETFROM:+0530", "TZOFFSETTO:+0530", "TZNAME:OUR", "END:STANDARD", "END:VTIMEZONE"),
    ]
)


def meetings(*events, now=NOW, zone="Europe/Berlin", **more):
    """Return (title, start, minutes, attendees) of what is read, without starting a process."""
    job = {"since": (now - BACK).isoformat(), "until": (now + AHEAD).isoformat(), "zone": zone, "most": MOST_MEETINGS}
    return read(calendar(*events, **more), job, sieve)["meetings"]


def starts(*events, **more):
    return [one["starts_at"][:16] for one in meetings(*events, **more)]


def test_a_meeting_says_when_it_is_and_who_is_asked():
    who = ("ORGANIZER;CN=Ana:mailto:ana@ours.example", "ATTENDEE;CN=Priya:MAILTO:Priya@Northwind.example")
    (one,) = meetings(event("one", "20260513T140000Z", "20260513T144500Z", "Plan, and more", *who))
    assert (one["title"], one["starts_at"], one["ends_at"]) == (
        "Plan, and more", "2026-05-13T14:00:00+00:00", "2026-05-13T14:45:00+00:00",
    )  # fmt: skip
    assert one["attendees"] == ["ana@ours.example", "priya@northwind.example"]


PRIYA_DECLINED = "ATTENDEE;PARTSTAT=DECLINED:mailto:priya@northwind.example"


def test_who_has_declined_is_not_there():
    omar = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:omar@northwind.example"
    who = ("ORGANIZER:mailto:ana@ours.example", PRIYA_DECLINED, omar)
    (one,) = meetings(event("one", "20260513T140000Z", "20260513T150000Z", "Plan", *who))
    assert one["attendees"] == ["ana@ours.example", "omar@northwind.example"]


def test_one_that_all_of_them_or_its_own_member_have_declined_is_no_meeting():
    times = ("20260513T140000Z", "20260513T150000Z", "Plan")
    assert starts(event("one", *times, PRIYA_DECLINED)) == []
    ana = "ATTENDEE;PARTSTAT=declined:MAILTO:Ana@ours.example"
    ours = event("one", *times, "ATTENDEE:mailto:priya@northwind.example", ana)
    assert starts(ours) == ["2026-05-13T14:00"]
    assert starts(ours, more="X-WR-CALNAME:ana@Ours.example") == []


def test_one_that_comes_round_keeps_its_local_time_when_the_clocks_change():
    now = dt.datetime(2026, 10, 20, 9, 0, tzinfo=dt.UTC)
    weekly = event("w", ";TZID=Europe/Berlin:20260101T140000", ";TZID=Europe/Berlin:20260101T150000", "W", WEEKLY)
    assert starts(weekly, now=now) == ["2026-10-22T12:00", "2026-10-29T13:00"]


def test_one_that_is_moved_is_the_same_one():
    weekly = event("w", "20260501T140000Z", "20260501T150000Z", "W", WEEKLY)
    moved = event("w", "20260516T080000Z", "20260516T090000Z", "W", "RECURRENCE-ID:20260515T140000Z")
    before, after = meetings(weekly), meetings(weekly, moved)
    assert [one["starts_at"][:16] for one in after] == ["2026-05-16T08:00", "2026-05-22T14:00"]
    assert [one["key"] for one in before] == [one["key"] for one in after]
    assert meetings(event("x"))[0]["key"] == meetings(event("x", "20260514T100000Z", "20260514T110000Z"))[0]["key"]


def test_one_that_moves_with_all_that_follow_is_each_the_same_one_as_before():
    weekly = event("w", "20260501T140000Z", "20260501T150000Z", "W", WEEKLY)
    all_from = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260515T140000Z"
    later = event("w", "20260515T160000Z", "20260515T170000Z", "W", all_from)
    before, after = meetings(weekly), meetings(weekly, later)
    assert [one["starts_at"][:16] for one in after] == ["2026-05-15T16:00", "2026-05-22T16:00"]
    assert [one["key"] for one in before] == [one["key"] for one in after]


def test_keys_tell_which_come_round_together():
    weekly = event("w", "20260501T140000Z", "20260501T150000Z", "W", WEEKLY)
    later = event("w", "20260501T150000Z", "20260501T160000Z", "W", WEEKLY)
    keys = [one["key"] for one in (*meetings(weekly), *meetings(later))]
    assert len(set(keys)) == 4
    assert len({series(key) for key in keys}) == 1
    assert series(meetings(event("x"))[0]["key"]) != series(keys[0])


def test_one_moved_here_from_far_off_is_there_and_one_moved_far_off_is_not():
    weekly = event("w", "20260501T140000Z", "20260501T150000Z", "W", WEEKLY)
    here = event("w", "20260514T080000Z", "20260514T090000Z", "W", "RECURRENCE-ID:20260703T140000Z")
    away = event("w", "20260916T080000Z", "20260916T090000Z", "W", "RECURRENCE-ID:20260515T140000Z")
    assert starts(weekly, here, away) == ["2026-05-14T08:00", "2026-05-22T14:00"]


def test_what_is_cancelled_left_out_or_lasts_all_day_is_no_meeting():
    weekly = event("w", "20260501T140000Z", "20260501T150000Z", "W", WEEKLY, "EXDATE:20260515T140000Z")
    off = event("w", "20260522T140000Z", "20260522T150000Z", "W", "RECURRENCE-ID:20260522T140000Z", "STATUS:CANCELLED")
    whole = event("d", ";VALUE=DATE:20260513", ";VALUE=DATE:20260514", "Holiday")
    long = event("l", "20260513T080000Z", "20260515T080000Z", "Offsite")
    assert starts(weekly, off, whole, long, event("c", "20260513T100000Z", "", "C", "STATUS:CANCELLED")) == []


def test_zones_are_read_as_they_are_meant():
    own = event("own", ";TZID=Our place:20260513T140000", ";TZID=Our place:20260513T150000")
    windows = event("win", ";TZID=W. Europe Standard Time:20260513T140000", "")
    floating = event("float", "20260513T160000", "")
    assert starts(own, windows, floating, more=OWN_ZONE) == [
        "2026-05-13T08:30", "2026-05-13T12:00", "2026-05-13T14:00",
    ]  # fmt: skip
    assert starts(floating, zone="America/New_York") == ["2026-05-13T20:00"]


def test_what_somebody_typed_is_never_taken_for_a_line_of_its_own():
    breaks = ["\u2028", "\x85", "\x0b", "\x0c", "\x1c"]
    more = ("SUMMARY:Other", "END:VEVENT", "ATTENDEE:mailto:priya@northwind.example")
    planted = [f"hello{one}{line}" for one in breaks for line in more]
    told = meetings(
        "\r\n".join(
            [
                *("BEGIN:VEVENT", "UID:one", "DTSTART:20260513T140000Z", *(f"DESCRIPTION:{one}" for one in planted)),
                *("SUMMARY:Plan", "END:VEVENT"),
            ]
        )
    )
    assert [(one["title"], one["attendees"]) for one in told] == [("Plan", [])]


def test_what_is_too_long_for_a_title_or_a_list_of_guests_is_cut():
    guests = [f"ATTENDEE:mailto:{number:04}@example.com" for number in range(1_000)]
    guests.append("ATTENDEE:mailto:" + "x" * 50_000)
    long = event("long", "20260513T140000Z", "20260513T150000Z", "x" * 9_000, *guests)
    (one,) = meetings(long)
    assert (len(one["title"]), len(one["attendees"])) == (200, 50)


def test_more_meetings_than_anybody_has_are_refused_rather_than_cut():
    few = [event(f"n{number}") for number in range(3)]
    job = {"since": (NOW - BACK).isoformat(), "until": (NOW + AHEAD).isoformat(), "zone": "UTC", "most": 3}
    assert len(read(calendar(*few), job, sieve)["meetings"]) == 3
    assert read(calendar(*few, event("more")), job, sieve) == {"why": "too_much"}


def test_without_an_end_it_takes_half_an_hour():
    (one,) = meetings(event("one", "20260513T140000Z", ""))
    assert one["ends_at"] == "2026-05-13T14:30:00+00:00"


def test_only_what_is_near_is_read():
    far = [event(f"far{day}", f"202604{day:02}T100000Z", f"202604{day:02}T110000Z") for day in range(1, 29)]
    ended = event("old", "20200501T140000Z", "20200501T150000Z", "W", "RRULE:FREQ=DAILY;UNTIL=20210101T000000Z")
    assert sieve(calendar(*far, ended, event()).decode(), NOW - BACK, NOW + AHEAD).count("BEGIN:VEVENT") == 1


async def test_a_process_of_its_own_reads_many_calendars():
    async with Reader() as reader:
        for number in range(3):
            (one,) = await reader.read(calendar(event(f"n{number}", title="Émile & co")), NOW, "Europe/Berlin")
            assert (one.title, one.starts_at.isoformat()) == ("Émile & co", "2026-05-13T14:00:00+00:00")
        process = reader._process
    assert process.returncode is not None


async def test_one_that_hangs_is_ended_and_the_next_one_is_read():
    never = event("n", "19900101T100000Z", "19900101T110000Z", "N", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    async with Reader(Bounds(seconds=0.7)) as reader:
        with pytest.raises(NotRead) as refused:
            await reader.read(calendar(never), NOW, "Europe/Berlin")
        assert refused.value.why is Why.TOO_MUCH
        reader.bounds = Bounds()
        assert len(await reader.read(calendar(event()), NOW, "Europe/Berlin")) == 1


async def test_one_that_wants_too_much_memory_is_refused():
    async with Reader(Bounds(memory=30_000_000)) as reader:
        with pytest.raises(NotRead) as refused:
            await reader.read(calendar(event()) + b" " * 2_000_000, NOW, "Europe/Berlin")
    assert refused.value.why is Why.TOO_MUCH
