"""Fifty and more hostile calendars in one round: each member hears what is wrong, nothing is stuck, memory is bounded.

To look at it alone: python -m pytest tests/surfaces/test_hostile_calendars.py -v
"""

import asyncio
import datetime as dt
import gzip
import resource
import sys
import zlib
from pathlib import Path

import pytest

from bot.practices.meetings import links, rows
from bot.practices.meetings.fetching import Fetcher, Limits
from bot.practices.meetings.reading import Bounds, Reader
from bot.practices.meetings.rules import Why
from bot.practices.meetings.wording import SENTENCES
from bot.workspaces import directory
from bot.workspaces.sealing import Seal
from tests.calendars import Site, calendar, event
from tests.front_door import KEY, reads
from tests.support import ON_SQLITE

pytestmark = [
    ON_SQLITE,
    pytest.mark.skipif(sys.platform != "linux", reason="measures a process as Linux does"),
    pytest.mark.timeout(300),
]

OK = b"HTTP/1.1 200 OK\r\n"
FINE = event("fine", title="Northwind")
"""Stands in each calendar that is odd in one event only: it is read all the same."""

A_PROCESS = 400_000_000
"""How many bytes the process that reads calendars may take, as in `ember serve`."""
BESIDES = 60_000_000
"""How many bytes more the server itself may take meanwhile: it fetches four at once, none of them over 2 MB."""


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


HUGE = b"BEGIN:VCALENDAR\r\n" + b"x" * 2_100_000

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
    "a huge body": ([head(content_length=len(HUGE)) + HUGE], Why.TOO_BIG),
    "a huge body in chunks": ([head(transfer_encoding="chunked"), chunks(*[b"x" * 9_000] * 250)], Why.TOO_BIG),
    "a body without an end": ([head(), *[b"x" * 90_000] * 40], Why.TOO_BIG),
    "a gzip bomb": ([head(content_encoding="gzip", content_length=len(bomb())) + bomb()], Why.TOO_BIG),
    "a bomb in a bomb": ([head(content_encoding="gzip, gzip") + bomb(2)], Why.NOT_A_CALENDAR),
    "a bomb that says deflate": ([head(content_encoding="deflate") + zlib.compress(b"x" * 9)], Why.NOT_A_CALENDAR),
    "gzip that is none": ([head(content_encoding="gzip", content_length=9) + b"not gzip!"], Why.BROKEN_OFF),
    "gzip cut short": ([head(content_encoding="gzip") + gzip.compress(HUGE[:40_000])[:30]], Why.BROKEN_OFF),
    "on and on": ([leading("?again")], Why.LEADS_ON),
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
NEVER = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
DEEP = "\r\n".join(["BEGIN:VEVENT"] * 5_000 + ["END:VEVENT"] * 5_000)
DEEP_ZONE = "\r\n".join(["BEGIN:VTIMEZONE", *["BEGIN:STANDARD"] * 2_000, *["END:STANDARD"] * 2_000, "END:VTIMEZONE"])
ONE_OF_MANY = b"BEGIN:VEVENT\nUID:7\nDTSTART:20260513T1000Z\nEND:VEVENT\n"
MANY = b"BEGIN:VCALENDAR\r\n" + ONE_OF_MANY * 30_000 + b"END:VCALENDAR"

CALENDARS = {
    "nothing at all": (b"", Why.NOT_A_CALENDAR),
    "a page": (b"<!doctype html><title>Sign in</title>", Why.NOT_A_CALENDAR),
    "nul bytes": (b"\0" * 5_000, Why.NOT_A_CALENDAR),
    "another charset": (calendar(FINE).decode().encode("utf-16"), None),
    "thirty thousand events": (MANY, Why.TOO_MUCH),
    "lines without an end": (b"BEGIN:VCALENDAR" + b"\r\n" * 300_000 + b"END:VCALENDAR", Why.TOO_MUCH),
    "a calendar cut short": (calendar(FINE)[:-9], Why.NOT_A_CALENDAR),
    "nul bytes in between": (calendar(FINE).replace(b"SUMMARY:", b"SUM\0MARY:"), None),
    "letters that are none": (calendar(FINE).replace(b"Fine", b"Fine \xff\xfe"), None),
    "deep nesting": (calendar(FINE, DEEP), None),
    "deep zones": (calendar(FINE, more=DEEP_ZONE), None),
    "an end before its beginning": (calendar("END:VEVENT", "END:VCALENDAR", FINE), None),
    "every second for ever": (odd(*ROUND, "RRULE:FREQ=SECONDLY"), None),
    "every second, in small letters": (odd(*ROUND, "rrule:freq=secondly;count=99999999"), None),
    "every 30th of February": (odd("UID:n", "DTSTART:19900101T100000Z", NEVER), Why.TOO_MUCH),
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


FEEDS = {
    **SITES,
    **{name: ([head(content_length=len(body)) + body], why) for name, (body, why) in CALENDARS.items()},
}
HANGING = [name for name, (_, why) in SITES.items() if why is Why.TOO_SLOW]


class Patient(Fetcher):
    """Gives up soon on the sites that hang on purpose, and lets a busy machine take its time over the others."""

    def __init__(self, site):
        super().__init__(Limits(seconds=30.0), allowed=frozenset({site.origin}))
        self.soon = site.fetcher(Limits(seconds=0.4))
        self.hanging = {site.address(path(name)) for name in HANGING}

    async def fetch(self, address, marks=None):
        return await (self.soon.fetch(address, marks) if address in self.hanging else super().fetch(address, marks))


class Watched(Reader):
    """Notes for each answer by which process it was given, how much memory that may take, and how much it ever took."""

    def __init__(self, answers):
        super().__init__(Bounds(seconds=30.0, cpu=1))
        self.answers = answers

    async def _ask(self, job, body):
        said = await super()._ask(job, body)
        pid = self._process.pid
        may, _ = resource.prlimit(pid, resource.RLIMIT_AS)
        self.answers.append((pid, may, memory("VmHWM", pid)))
        return said


def memory(which, pid="self"):
    """Return how many bytes a process has (VmRSS), or ever had at most (VmHWM)."""
    (line,) = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith(f"{which}:")]
    return int(line.split()[1]) * 1024


def path(name):
    return f"/{list(FEEDS).index(name)}"


class Round:
    """All of them, each linked by a member of their own, and one fine calendar after them, read in one round."""

    def __init__(self, voice, site):
        self.voice, self.place, self.site, self.answers = voice, voice.place, site, []
        self.calendars = voice.place.ember.calendars
        self.calendars.fetcher, self.calendars.reader = Patient(site), lambda: Watched(self.answers)

    async def link(self):
        await self.voice.client("Northwind", 3)
        self.people = {name: self.place.join(f"Reader {number}") for number, name in enumerate(FEEDS)}
        self.people["fine"] = self.place.ana
        await self.place.our_ids(*(person.member for person in self.people.values()))
        for name, (parts, _) in FEEDS.items():
            self.site.raw(*parts, path=path(name))
        self.site.page(calendar(FINE))
        async with self.work() as session:
            for name, person in self.people.items():
                address = self.site.address(path(name) if name in FEEDS else "/calendar.ics")
                await links.link(session, await self.member(session, person), Seal([KEY]).close(address), now=self.now)

    @property
    def now(self):
        return self.place.clock.now()

    def work(self):
        return self.place.ember.store.work(self.voice.workspace.id)

    async def member(self, session, person):
        return (await directory.find_members(session, [person.id]))[person.id]

    async def became(self, name):
        """Return a member's calendar, how many meetings were found in it, and what the member was told."""
        async with self.work() as session:
            member = await self.member(session, self.people[name])
            shown = await links.shown(session, member, now=self.now)
            meetings = await rows.of_member(session, member.id, since=self.now - dt.timedelta(days=9))
        told = [reads(one) for one in self.people[name].sees() if one.app]
        return shown.link, len(meetings), told


@pytest.fixture
async def hostile(voice):
    async with Site() as site:
        made = Round(voice, site)
        await made.link()
        yield made


async def test_of_fifty_hostile_calendars_each_is_told_or_read_and_nothing_is_stuck(hostile, subtests):
    assert len(FEEDS) >= 50
    Path("/proc/self/clear_refs").write_text("5")  # what this process had at most is counted from now on
    before = memory("VmRSS")
    async with asyncio.timeout(200):
        assert await hostile.calendars.read_due() == len(FEEDS) + 1
    besides = memory("VmHWM") - before
    while await hostile.voice.courier.dispatch():
        pass  # a look of the courier's ends after a while on a slow machine
    for name, (_, why) in FEEDS.items():
        with subtests.test(name):
            link, found, told = await hostile.became(name)
            assert (link.wrong, link.claimed_until) == (why, None)
            assert link.next_read_at > hostile.now
            if why is None:
                assert (found, told) == (1, [])
            else:
                assert found == 0
                assert [SENTENCES[why] in one for one in told] == [True]
    link, found, told = await hostile.became("fine")
    assert (link.wrong, found, told) == (None, 1, [])
    assert await hostile.calendars.read_due() == 0
    assert besides < BESIDES
    assert {may for _, may, _ in hostile.answers} == {A_PROCESS}
    assert max(took for _, _, took in hostile.answers) < A_PROCESS
    assert len({pid for pid, _, _ in hostile.answers}) >= 2  # where one ended over a calendar, another went on
