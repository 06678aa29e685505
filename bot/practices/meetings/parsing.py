"""Reads calendars on standard input, one after another, in a process of its own that may run out of time or memory.

Started by path, with nothing of Ember around it but the sieve beside it.  A frame is its length as four bytes, then its
bytes.  A job is two frames, what to do as JSON and the calendar; its answer is one frame of JSON:
{"meetings": [{"key", "title", "starts_at", "ends_at", "attendees"}, …]} or {"why": "not_a_calendar" | "too_much"}.
"""

import contextlib
import datetime as dt
import hashlib
import json
import struct
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Final
from zoneinfo import ZoneInfo

HEAD: Final = struct.Struct(">I")
LONGEST: Final = dt.timedelta(hours=12)
SHORTEST: Final = dt.timedelta(minutes=30)
LONGEST_TITLE: Final = 200
LONGEST_MAIL: Final = 254
MOST_ATTENDEES: Final = 50
HALF: Final = 32
NOT_A_CALENDAR, TOO_MUCH = "not_a_calendar", "too_much"
BAD_EVENT: Final = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError, AssertionError),
    *(NotImplementedError, OSError),
)
"""What the libraries raise over an event that makes no sense."""


def read(body: bytes, job: dict[str, Any], sieve: Callable[[str, dt.datetime, dt.datetime], str]) -> dict[str, Any]:
    """Return the answer to one job: {"since", "until": instants, "zone": for times without one, "most": meetings}."""
    import icalendar

    since, until = (dt.datetime.fromisoformat(job[name]) for name in ("since", "until"))
    text = body.decode("utf-8-sig", errors="replace").replace("\x00", "")
    try:
        calendar = icalendar.Calendar.from_ical(sieve(text, since, until))
        found = _occurrences(calendar, since, until)
    except MemoryError:
        return {"why": TOO_MUCH}
    except BAD_EVENT:
        return {"why": NOT_A_CALENDAR}
    keys = _Keys(calendar, _zone(job["zone"]))
    owner = str(calendar.get("X-WR-CALNAME", "")).strip().casefold()
    meetings: dict[str, dict[str, Any]] = {}
    for one in found:
        try:
            told = _meeting(one, keys, owner)
        except BAD_EVENT:
            continue
        if told is not None:
            meetings[told["key"]] = told
    if len(meetings) > job["most"]:
        return {"why": TOO_MUCH}  # the rest would count as cancelled
    return {"meetings": sorted(meetings.values(), key=_begins)}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _begins(told: dict[str, Any]) -> tuple[str, str]:
    return told["starts_at"], told["key"]


def _occurrences(calendar: Any, since: dt.datetime, until: dt.datetime) -> list[Any]:
    import recurring_ical_events

    class Forgiving(recurring_ical_events.CalendarQuery):  # type: ignore[misc]
        """Leaves out a series that makes no sense, and reads the others."""

        suppressed_errors: ClassVar[list[type[Exception]]] = list(BAD_EVENT)

    query = recurring_ical_events.of(calendar, skip_bad_series=True, calendar_query=Forgiving)
    return list(query.between(since, until))


class _Keys:
    """By what a meeting is known, wherever it is moved to: its uid, and when it was meant to be if it comes round.

    zone: for times without one.
    """

    def __init__(self, calendar: Any, zone: ZoneInfo) -> None:
        self.zone, self._again, self._moved = zone, set[str](), dict[tuple[str, dt.datetime], dt.timedelta]()
        for event in calendar.walk("VEVENT"):
            uid, meant = str(event.get("UID")), event.get("RECURRENCE-ID")
            if any(mark in event for mark in ("RRULE", "RDATE", "RECURRENCE-ID")):
                self._again.add(uid)
            if "RANGE" in getattr(meant, "params", ()):
                with contextlib.suppress(*BAD_EVENT):
                    since = self.instant(meant.dt)
                    self._moved[uid, since] = self.instant(event["DTSTART"].dt) - since

    def of(self, event: Any) -> str:
        """Return the key of a meeting: which series, then which one of it."""
        uid = str(event.get("UID"))
        which = self._meant(uid, event).isoformat() if uid in self._again else ""
        return "".join(hashlib.sha256(each.encode("utf-8", "replace")).hexdigest()[:HALF] for each in (uid, which))

    def _meant(self, uid: str, event: Any) -> dt.datetime:
        """Return when one of a series was meant to be.

        Where it and all after it have moved, each says when the first of them was, and it is known by how much.
        """
        meant = self.instant(event["RECURRENCE-ID"].dt)
        moved = self._moved.get((uid, meant))
        return meant if moved is None else self.instant(event["DTSTART"].dt - moved)

    def instant(self, value: Any) -> dt.datetime:
        """Return a date or time of a calendar as an instant."""
        at: dt.datetime = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        return (at if at.tzinfo is not None else at.replace(tzinfo=self.zone)).astimezone(dt.UTC)


def _meeting(event: Any, keys: _Keys, owner: str) -> dict[str, Any] | None:
    """Return what is told of a meeting, None for what is none, or was declined by whoever the calendar is named for."""
    starts, status = event["DTSTART"].dt, str(event.get("STATUS", "")).upper()
    if not isinstance(starts, dt.datetime) or status == "CANCELLED":
        return None
    begins, ends = keys.instant(starts), keys.instant(event["DTEND"].dt) if "DTEND" in event else None
    if ends is None or ends <= begins:
        ends = begins + SHORTEST
    asked, declined = _asked(event)
    if ends - begins > LONGEST or owner in declined or (asked and asked <= declined):
        return None
    return {
        "key": keys.of(event),
        "title": " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_TITLE],
        "starts_at": begins.isoformat(),
        "ends_at": ends.isoformat(),
        "attendees": sorted(asked - declined)[:MOST_ATTENDEES],
    }


def _asked(event: Any) -> tuple[set[str], set[str]]:
    """Return who is asked, whoever asks among them, and who of them has declined, by e-mail."""
    asked, declined = set[str](), set[str]()
    for one in (each for name in ("ORGANIZER", "ATTENDEE") for each in _listed(event.get(name))):
        if mail := _mail(one):
            asked.add(mail)
            if str(getattr(one, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED":
                declined.add(mail)
    return asked, declined


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _mail(value: Any) -> str:
    text = str(value).strip().casefold().removeprefix("mailto:")
    if "@" not in text:
        text = str(getattr(value, "params", {}).get("EMAIL", "")).strip().casefold()
    return text if "@" in text and len(text) <= LONGEST_MAIL else ""


def main() -> None:
    """Answer jobs until there are no more.  Arguments: bytes of memory, CPU seconds for each job."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    sys.path.insert(0, str(Path(__file__).parent))
    from sieve import NoCalendar, TooMuch, sieve  # type: ignore[import-not-found]

    _bound_memory(memory)
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    while (job := _frame(given)) is not None and (body := _frame(given)) is not None:
        _bound_time(seconds)
        try:
            answer = read(body, json.loads(job), sieve)
        except NoCalendar:
            answer = {"why": NOT_A_CALENDAR}
        except (TooMuch, MemoryError):
            answer = {"why": TOO_MUCH}
        said = json.dumps(answer).encode()
        taken.write(HEAD.pack(len(said)) + said)
        taken.flush()


def _frame(given: BinaryIO) -> bytes | None:
    head = given.read(HEAD.size)
    return given.read(HEAD.unpack(head)[0]) if len(head) == HEAD.size else None


def _bound_memory(memory: int) -> None:
    """Have more memory than that refused, where the machine can do so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _bound_time(seconds: int) -> None:
    """Have the process end that computes for longer than that from now on."""
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


if __name__ == "__main__":
    main()
