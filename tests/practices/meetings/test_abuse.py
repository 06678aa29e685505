"""Fifty broken or hostile calendars: a clear sentence for each that can't be read, nothing stuck, memory bounded."""

import datetime as dt
import gzip
import resource
import zlib

import pytest

from bot.practices.meetings.fetching import NotFetched
from bot.practices.meetings.reading import Bounds, NotRead, Reader
from bot.practices.meetings.rules import Why
from bot.practices.meetings.wording import SENTENCES
from tests.calendars import PATIENT, QUICK, calendar, event

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
OK = b"HTTP/1.1 200 OK\r\n"
FINE = event("fine", title="Fine")
"""Stands in each calendar that is odd in one event only: it is read all the same."""


def head(**headers):
    return OK + "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


def leading(where):
    return f"HTTP/1.1 302 Found\r\nlocation: {where}\r\ncontent-length: 0\r\n\r\n".encode()


def chunks(*parts):
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


def bomb(layers=1):
    body = b"BEGIN:VCALENDAR\r\n" + b"X" * 30_000_000
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return body


HUGE = b"BEGIN:VCALENDAR\r\n" + b"x" * 60_000

SITES = {
    "nobody answers": ([], Why.BROKEN_OFF),
    "nothing but a newline": ([b"\r\n"], Why.BROKEN_OFF),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.6\r\n"], Why.BROKEN_OFF),
    "nul bytes for a head": ([b"\0" * 500], Why.BROKEN_OFF),
    "an endless head": ([OK + b"x-a: " + b"a" * 200_000], Why.BROKEN_OFF),
    "silence after the greeting": ([0.6], Why.TOO_SLOW),
    "a head by drips": ([OK, *[b"x: y\r\n", 0.05] * 20], Why.TOO_SLOW),
    "a body by drips": ([head(content_length=9_000), *[b"BEGIN", 0.05] * 20], Why.TOO_SLOW),
    "a body that breaks off": ([head(content_length=9_000) + b"BEGIN:VCALENDAR"], Why.BROKEN_OFF),
    "a length that is none": ([head(content_length="many") + b"BEGIN"], Why.BROKEN_OFF),
    "chunks of a length that is none": ([head(transfer_encoding="chunked") + b"zz\r\nx"], Why.BROKEN_OFF),
    "a huge body": ([head(content_length=60_017) + HUGE], Why.TOO_BIG),
    "a huge body in chunks": ([head(transfer_encoding="chunked"), chunks(*[b"x" * 9_000] * 9)], Why.TOO_BIG),
    "a body without an end": ([head(), *[b"x" * 9_000] * 40], Why.TOO_BIG),
    "a gzip bomb": ([head(content_encoding="gzip", content_length=len(bomb())) + bomb()], Why.TOO_BIG),
    "a bomb in a bomb": ([head(content_encoding="gzip, gzip") + bomb(2)], Why.NOT_A_CALENDAR),
    "a bomb that says deflate": ([head(content_encoding="deflate") + zlib.compress(b"x" * 9)], Why.NOT_A_CALENDAR),
    "gzip that is none": ([head(content_encoding="gzip", content_length=9) + b"not gzip!"], Why.BROKEN_OFF),
    "gzip cut short": ([head(content_encoding="gzip") + gzip.compress(HUGE[:40_000])[:30]], Why.BROKEN_OFF),
    "on and on": ([leading("/calendar.ics")], Why.LEADS_ON),
    "on to this machine": ([leading("https://127.0.0.1/")], Why.NOT_ALLOWED),
    "on to the cloud's secrets": ([leading("https://169.254.169.254/latest/")], Why.NOT_ALLOWED),
    "on to a wrapped address": ([leading("https://[::ffff:10.0.0.1]/")], Why.NOT_ALLOWED),
    "on to nothing": ([leading("https://")], Why.NOT_ALLOWED),
    "on to what is no address": ([leading("https://[/")], Why.UNKNOWN_SITE),
    "behind a door": ([b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"], Why.NO_ENTRY),
    "gone": ([b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"], Why.GONE),
    "busy": ([b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"], Why.BUSY),
    "a code that is none": ([b"HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n"], Why.NOT_A_CALENDAR),
}


def odd(*lines):
    """Return a calendar with a fine event and an odd one."""
    return calendar(FINE, "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))


ROUND = ("UID:r", "DTSTART:20260513T100000Z", "DTEND:20260513T110000Z", "SUMMARY:Odd")
DEEP = "\r\n".join(["BEGIN:VEVENT"] * 5_000 + ["END:VEVENT"] * 5_000)
DEEP_ZONE = "\r\n".join(["BEGIN:VTIMEZONE", *["BEGIN:STANDARD"] * 2_000, *["END:STANDARD"] * 2_000, "END:VTIMEZONE"])
ONE_OF_MANY = b"BEGIN:VEVENT\nUID:7\nDTSTART:20260513T1000Z\nEND:VEVENT\n"
MANY = b"BEGIN:VCALENDAR\r\n" + ONE_OF_MANY * 100_000 + b"END:VCALENDAR"

CALENDARS = {
    "nothing at all": (b"", Why.NOT_A_CALENDAR),
    "a page": (b"<!doctype html><title>Sign in</title>", Why.NOT_A_CALENDAR),
    "nul bytes": (b"\0" * 5_000, Why.NOT_A_CALENDAR),
    "another charset": (calendar(FINE).decode().encode("utf-16"), None),
    "a hundred thousand events": (MANY, Why.TOO_MUCH),
    "lines without an end": (b"BEGIN:VCALENDAR" + b"\r\n" * 300_000 + b"END:VCALENDAR", Why.TOO_MUCH),
    "a calendar cut short": (calendar(FINE)[:-9], Why.NOT_A_CALENDAR),
    "nul bytes in between": (calendar(FINE).replace(b"SUMMARY:", b"SUM\0MARY:"), None),
    "letters that are none": (calendar(FINE).replace(b"Fine", b"Fine \xff\xfe"), None),
    "deep nesting": (calendar(FINE, DEEP), None),
    "deep zones": (calendar(FINE, more=DEEP_ZONE), None),
    "an end before its beginning": (calendar("END:VEVENT", "END:VCALENDAR", FINE), None),
    "every second for ever": (odd(*ROUND, "RRULE:FREQ=SECONDLY"), None),
    "every second, in small letters": (odd(*ROUND, "rrule:freq=secondly;count=99999999"), None),
    "every day since the year 1": (odd("UID:o", "DTSTART:00010101T100000Z", "RRULE:FREQ=DAILY"), None),
    "a rule of length zero": (odd(*ROUND, "RRULE:"), None),
    "a rule of interval zero": (odd(*ROUND, "RRULE:FREQ=DAILY;INTERVAL=0"), None),
    "a rule of no kind": (odd(*ROUND, "RRULE:FREQ=NEVER"), None),
    "a rule that ends before it begins": (odd(*ROUND, "RRULE:FREQ=DAILY;UNTIL=20260601"), None),
    "a day that is none": (odd("UID:o", "DTSTART:20261345T999999Z"), None),
    "a day beyond all days": (odd("UID:o", "DTSTART:99991231T235959Z", "DURATION:P99999D", "RRULE:FREQ=YEARLY"), None),
    "a zone that is none": (odd("UID:o", "DTSTART;TZID=../../etc/passwd:20260513T100000"), None),
    "a zone of a novel": (odd("UID:o", f"DTSTART;TZID={'x' * 900}:20260513T100000"), None),
    "a length below zero": (odd("UID:o", "DTSTART:20260513T100000Z", "DURATION:-PT5H"), None),
    "no name": (odd("DTSTART:20260513T100000Z"), None),
    "a thousand guests": (odd(*ROUND, *(f"ATTENDEE:mailto:{one}@example.com" for one in range(1_000))), None),
    "a guest of a novel": (odd(*ROUND, "ATTENDEE:mailto:" + "x" * 50_000), None),
    "a title of a novel": (odd(*ROUND[:3], "SUMMARY:" + "x" * 900_000), None),
    "two moved to where none was": (odd(*ROUND, "RECURRENCE-ID:20260101T000000Z", "RECURRENCE-ID:x"), None),
}


def test_there_are_fifty_of_them():
    assert len(SITES) + len(CALENDARS) >= 50


@pytest.mark.parametrize("name", SITES)
async def test_a_hostile_site_is_left_with_a_clear_sentence(site, name):
    parts, why = SITES[name]
    with pytest.raises(NotFetched) as refused:
        await site.fetcher(QUICK if why is Why.TOO_SLOW else PATIENT).fetch(site.raw(*parts))
    assert refused.value.why is why
    assert SENTENCES[why].endswith(".")


async def read(reader, body):
    try:
        return None, await reader.read(body, NOW, "Europe/Berlin")
    except NotRead as refused:
        return refused.why, []


async def test_a_hostile_calendar_is_left_or_read_without_what_is_odd():
    """All of them go through one process, whose memory is bounded; where it ends over one, the next starts another."""
    async with Reader(Bounds(seconds=20.0, cpu=10)) as reader:
        for name, (body, why) in CALENDARS.items():
            said, found = await read(reader, body)
            assert said is why, name
            if why is not None:
                assert SENTENCES[why].endswith("."), name
                continue
            assert "Fine" in {one.title.split(" ")[0] for one in found}, name
            assert all(len(one.title) <= 200 and len(one.attendees) <= 50 for one in found), name
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 400_000  # KiB
