"""What is worth reading in a calendar: the zones and the events near a span, each by the few lines that matter here.

Text in, text out, in one pass: what is hostile or merely old never gets to the library that reads the rest.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

MOST_EVENTS: Final = 1_500
MOST_LINES: Final = 200_000
MOST_ATTENDEES: Final = 50
LONGEST_LINE: Final = 1_000
LONGEST_DATES: Final = 40_000
LONGEST_TIME: Final = 160
TIMES: Final = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
AROUND: Final = dt.timedelta(days=2)
EARLIEST_SERIES: Final = "1990"
BEGIN: Final = "BEGIN:VCALENDAR"
END: Final = "END:VCALENDAR"
DATES: Final = frozenset({"RDATE", "EXDATE"})
PEOPLE: Final = frozenset({"ATTENDEE", "ORGANIZER"})
KEPT: Final = DATES | PEOPLE
OF_ALL: Final = frozenset({"X-WR-TIMEZONE", "X-WR-CALNAME"})
ONCE: Final = frozenset(
    {"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "STATUS", "SUMMARY", "SEQUENCE"}
)
TOO_OFTEN: Final = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)|INTERVAL=0*(?:;|$)", re.IGNORECASE)
YEARLY: Final = re.compile(r"FREQ=YEARLY", re.IGNORECASE)
DAY: Final = re.compile(r":(\d{8})")
UNTIL: Final = re.compile(r"UNTIL=(\d{8})", re.IGNORECASE)
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_LINE: Final = re.compile(r"\r?\n")
_NAME: Final = re.compile(r"[A-Za-z-]+")


class TooMuch(Exception):
    """There is more in a calendar than any person has."""


class NoCalendar(Exception):
    """The text is no calendar at all."""


def sieve(text: str, since: dt.datetime, until: dt.datetime) -> str:
    """Return a calendar of what may matter between two instants.  Raises NoCalendar and TooMuch."""
    if BEGIN not in text[:LONGEST_LINE].upper() or END not in text[-LONGEST_LINE:].upper():
        raise NoCalendar  # without its end it is half a calendar, and half of the meetings would count as cancelled
    lines = _LINE.split(_FOLD.sub("", text))  # not at every sign that Python takes for a new line: those may be typed
    if len(lines) > MOST_LINES:
        raise TooMuch
    first, last = f"{since - AROUND:%Y%m%d}", f"{until + AROUND:%Y%m%d}"
    kept = [BEGIN, "VERSION:2.0", "PRODID:-//Ember//Sieve//EN", *_about_all(lines)]
    events = 0
    for name, block in _blocks(lines):
        if name == "VTIMEZONE":
            kept += block
        elif (event := _event(block, first, last)) is not None:
            kept += event
            events += 1
            if events > MOST_EVENTS:
                raise TooMuch
    return "\r\n".join([*kept, END, ""])


def _about_all(lines: list[str]) -> list[str]:
    """Return the lines that say in which zone a calendar is, and whose: many go by their owner's e-mail address."""
    found: dict[str, str] = {}
    for line in lines:
        if line[:5].upper() == "X-WR-" and _name(line) in OF_ALL and len(line) < LONGEST_LINE:
            found.setdefault(_name(line), line)
    return list(found.values())


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the zones and the events, whole ones only; one that begins within another of its kind starts anew."""
    inside, block = "", list[str]()
    for line in lines:
        edge = line[:15].upper().rstrip()
        if edge in {"BEGIN:VEVENT", "BEGIN:VTIMEZONE"}:
            inside, block = edge[6:], []
        if not inside:
            continue
        block.append(line)
        if edge == f"END:{inside}":
            yield inside, block
            inside = ""


def _event(block: list[str], first: str, last: str) -> list[str] | None:
    """Return the lines of an event that matter here, None where it lies far off or is no meeting."""
    found: dict[str, str] = {}
    more: list[str] = []
    depth = attendees = 0
    for line in block[1:-1]:
        word = line[:6].upper()
        depth += (word == "BEGIN:") - word.startswith("END:")
        name = _name(line)
        if depth or name not in ONCE | KEPT:
            continue
        attendees += name in PEOPLE
        if name in ONCE:
            found.setdefault(name, line[:LONGEST_LINE])
        elif len(line) <= (LONGEST_DATES if name in DATES else LONGEST_LINE) and attendees <= MOST_ATTENDEES:
            more.append(line)
    if not _is_near(found, more, first, last):
        return None
    return ["BEGIN:VEVENT", *found.values(), *more, "END:VEVENT"]


def _name(line: str) -> str:
    word = _NAME.match(line)
    return word.group().upper() if word else ""


def _is_near(found: dict[str, str], more: list[str], first: str, last: str) -> bool:
    day = DAY.search(found.get("DTSTART", ""))
    if day is None or "UID" not in found or any(len(found.get(name, "")) > LONGEST_TIME for name in TIMES):
        return False
    rule = found.get("RRULE", "")
    if rule:
        is_old = day.group(1)[:4] < EARLIEST_SERIES and not YEARLY.search(rule)
        until = UNTIL.search(rule)
        is_over = until is not None and until.group(1) < first
        return not (TOO_OFTEN.search(rule) or is_old or is_over)
    moved = found.get("RECURRENCE-ID", "")
    if "RANGE=" in moved.upper() or any(_name(line) == "RDATE" for line in more):
        return True
    was = DAY.search(moved)
    return any(first <= one.group(1) <= last for one in (day, was) if one is not None)
