"""Calendars on this machine: a site that answers as badly as it is told to, and what stands in its calendars."""

import asyncio
import gzip
import json

from bot.practices.meetings import parsing
from bot.practices.meetings.fetching import Fetcher, Limits
from bot.practices.meetings.reading import Reader
from bot.practices.meetings.sieve import NoCalendar, sieve

QUICK = Limits(seconds=0.4, size=50_000)
PATIENT = Limits(seconds=20.0, size=50_000)
CRLF = "\r\n"


def calendar(*events: str, more: str = "") -> bytes:
    """Return a calendar with these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", more, *events, "END:VCALENDAR", ""]
    return CRLF.join(line for line in lines if line or line is lines[-1]).encode()


def event(uid="one", starts="20260513T140000Z", ends="20260513T150000Z", title="Northwind", *more) -> str:
    """Return an event; whatever else is said about it line by line."""
    lines = [f"UID:{uid}@example.com", f"DTSTART{_after(starts)}", *([f"DTEND{_after(ends)}"] if ends else [])]
    return CRLF.join(["BEGIN:VEVENT", *lines, f"SUMMARY:{title}", *more, "END:VEVENT"])


def _after(value: str) -> str:
    return value if value.startswith((";", ":")) else f":{value}"


class Site:
    """A site on this machine that answers as badly as it is told to; `asked` holds the heads of all requests."""

    def __init__(self) -> None:
        self.pages, self.asked, self._server = {}, [], None

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_):
        self._server.close()

    @property
    def port(self):
        return self._server.sockets[0].getsockname()[1]

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def address(self, path="/calendar.ics"):
        return f"{self.origin}{path}"

    def fetcher(self, limits=PATIENT, **more):
        return Fetcher(limits, allowed=frozenset({self.origin}), **more)

    def page(self, body, status="200 OK", path="/calendar.ics", zipped=False, **headers):
        """Have a page answer; headers in Python's spelling."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if zipped:
            body, named["content-encoding"] = gzip.compress(body), "gzip"
        head = "".join(f"{name}: {value}\r\n" for name, value in {"content-length": len(body), **named}.items())
        self.pages[path] = [f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body]
        return self.address(path)

    def raw(self, *parts, path="/calendar.ics"):
        """Have a page send these bytes, and wait so many seconds wherever a number stands."""
        self.pages[path] = list(parts)
        return self.address(path)

    async def _answer(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            path, _, _ = head.split()[1].partition("?")
            for part in self.pages.get(path, [b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"]):
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                else:
                    await asyncio.sleep(part)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class SameProcess(Reader):
    """Reads well-meant calendars right here, where the process of its own is not what a test is about."""

    async def _answer(self, job, body):
        try:
            return parsing.read(body, json.loads(job), sieve)
        except NoCalendar:
            return {"why": parsing.NOT_A_CALENDAR}
