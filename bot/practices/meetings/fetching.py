"""Fetching a calendar from an address that somebody pasted: bounded in time, size and where it may lead.

Every host is resolved here, all its addresses are checked, and the connection goes to the very address that was
checked; the host's name stays in the Host header and in TLS.  No cookies, no proxies, no redirect unchecked.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from bot.practices.meetings.addresses import PORTS, is_public, origin
from bot.practices.meetings.rules import Why

Resolve = Callable[[str, int], Awaitable[list[str]]]

UNCHANGED: Final = 304
MOVED: Final = frozenset({301, 302, 303, 307, 308})
NO_ENTRY: Final = frozenset({401, 403})
GONE: Final = frozenset({404, 410})
BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
MOST_TRIED: Final = 3
LONGEST_MARK: Final = 200
GZIP: Final = 31
SAYS: Final = {"accept": "text/calendar, */*;q=0.1", "accept-encoding": "gzip", "user-agent": "Ember"}


class NotFetched(Exception):
    """There is no calendar to be had."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Limits:
    """How long one calendar may take in all (seconds), how big it may be unpacked (bytes), how often it may lead on."""

    seconds: float = 10.0
    size: int = 2_000_000
    redirects: int = 3


@dataclass(frozen=True)
class Marks:
    """By what a site knows that somebody has its newest version already."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A calendar as it came, None where it is the one that is known; and the marks to come back with."""

    body: bytes | None
    marks: Marks


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host.  Raises OSError or UnicodeError for a name that leads nowhere."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Fetcher:
    """Fetches calendars.

    allowed: origins such as "http://127.0.0.1:8123" that are fetched although they are unencrypted or on this machine:
    for tests and the playground; nobody else is let in.  public: whether sites out in the world are asked at all.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        allowed: frozenset[str] = frozenset(),
        public: bool = True,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.limits, self.allowed, self.public = limits or Limits(), allowed, public
        self._resolve, self._tls = resolve, tls

    async def fetch(self, address: str, marks: Marks | None = None) -> Fetched:
        """Return what stands at an address, if it is another than the one with these marks.  Raises NotFetched."""
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._follow(address, marks or Marks())
        except TimeoutError:
            raise NotFetched(Why.TOO_SLOW) from None
        except httpx.TimeoutException:
            raise NotFetched(Why.TOO_SLOW) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, zlib.error):
            raise NotFetched(Why.BROKEN_OFF) from None

    async def _follow(self, address: str, marks: Marks) -> Fetched:
        url = _url(address)
        for _ in range(self.limits.redirects + 1):
            answer = await self._ask(url, marks)
            if isinstance(answer, Fetched):
                return answer
            url = _joined(url, answer)
        raise NotFetched(Why.LEADS_ON)

    async def _ask(self, url: httpx.URL, marks: Marks) -> Fetched | str:
        """Return what stands at an address, or the address that it leads to."""
        unconnected = NotFetched(Why.NO_ANSWER)
        addresses = (await self._checked(url))[:MOST_TRIED]
        patience = self.limits.seconds / (len(addresses) + 1)  # one that swallows all leaves time for the next
        tls = await self._context() if url.scheme == "https" else None
        for ip in addresses:
            async with httpx.AsyncHTTPTransport(verify=tls or False, trust_env=False) as line:
                request = self._request(url, ip, marks, patience)
                try:
                    answer = await line.handle_async_request(request)
                except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                    unconnected = NotFetched(_about(error))
                    continue
                answer.request = request
                try:
                    return await self._read(answer, marks)
                finally:
                    await answer.aclose()
        raise unconnected

    async def _checked(self, url: httpx.URL) -> list[str]:
        """Return the addresses of a site, every one of them checked.  Raises NotFetched."""
        port, host = url.port or PORTS.get(url.scheme, 0), url.raw_host.decode("ascii")
        is_allowed = origin(url.scheme, host, port) in self.allowed
        if url.userinfo or not host or not (is_allowed or self.public):
            raise NotFetched(Why.NOT_ALLOWED)
        if url.scheme != "https" and not is_allowed:
            raise NotFetched(Why.UNENCRYPTED)
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise NotFetched(Why.UNKNOWN_SITE) from None
        if not found:
            raise NotFetched(Why.UNKNOWN_SITE)
        if not is_allowed and not all(_is_public(each) for each in found):
            raise NotFetched(Why.NOT_ALLOWED)
        return found

    def _request(self, url: httpx.URL, ip: str, marks: Marks, patience: float) -> httpx.Request:
        """Return the request to one address of a site, which still hears its own name.

        patience: how long a connection may take to come about, in seconds.
        """
        host = url.raw_host.decode("ascii")
        named = f"[{host}]" if ":" in host else host
        headers = {**SAYS, "host": named if url.port is None else f"{named}:{url.port}"}
        if marks.etag:
            headers["if-none-match"] = marks.etag
        if marks.modified:
            headers["if-modified-since"] = marks.modified
        seconds = dict.fromkeys(("read", "write", "pool"), self.limits.seconds)
        known = {"timeout": {**seconds, "connect": patience}, "sni_hostname": host}
        return httpx.Request("GET", url.copy_with(host=ip), headers=headers, extensions=known)

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
        return self._tls

    async def _read(self, answer: httpx.Response, marks: Marks) -> Fetched | str:
        code = answer.status_code
        if code == UNCHANGED and marks != Marks():
            return Fetched(None, marks)
        if code in MOVED and "location" in answer.headers:
            return answer.headers["location"]
        if code != httpx.codes.OK:
            raise NotFetched(_refusal(code))
        return Fetched(await self._body(answer), _marks(answer.headers))

    async def _body(self, answer: httpx.Response) -> bytes:
        """Return what was sent, unpacked here: a small parcel that holds a huge one never gets to unfold."""
        packed = answer.headers.get("content-encoding", "identity").strip().casefold()
        if packed not in {"identity", "gzip", "x-gzip", ""}:
            raise NotFetched(Why.NOT_A_CALENDAR)
        unpack = zlib.decompressobj(GZIP) if "gzip" in packed else None
        most, raw, body = self.limits.size, 0, bytearray()
        async for piece in answer.aiter_raw():
            raw += len(piece)
            body += piece if unpack is None else unpack.decompress(piece, most + 1 - len(body))
            if raw > most or len(body) > most:
                raise NotFetched(Why.TOO_BIG)
        if unpack is not None and not unpack.eof:
            raise NotFetched(Why.BROKEN_OFF)
        return bytes(body)


def _url(address: str) -> httpx.URL:
    try:
        return httpx.URL(address)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise NotFetched(Why.UNKNOWN_SITE) from None


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise NotFetched(Why.LEADS_ON) from None


def _is_public(address: str) -> bool:
    try:
        return is_public(address)
    except ValueError:
        return False


def _about(error: httpx.TransportError) -> Why:
    """Return why no connection came about: a certificate that is not the site's, or silence."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, ssl.SSLError):
            return Why.CERTIFICATE
        below = below.__cause__ or below.__context__
    return Why.NO_ANSWER


def _refusal(code: int) -> Why:
    if code in NO_ENTRY:
        return Why.NO_ENTRY
    if code in GONE:
        return Why.GONE
    return Why.BUSY if code in BUSY else Why.NOT_A_CALENDAR


def _marks(headers: Mapping[str, str]) -> Marks:
    return Marks(_mark(headers.get("etag")), _mark(headers.get("last-modified")))


def _mark(given: str | None) -> str | None:
    """Return a mark that can be kept and sent back; an odd one is as good as none."""
    is_usable = given is not None and given.isascii() and given.isprintable() and len(given) <= LONGEST_MARK
    return given if is_usable else None
