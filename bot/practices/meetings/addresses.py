"""Which addresses a calendar may be fetched from: nothing inside the server's own network, nothing but https."""

import ipaddress
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST: Final = 2_000
PORTS: Final = {"https": 443, "http": 80}
ONLY_HERE: Final = (
    "This demo reads no calendar from outside this machine, so that nothing leaves it. An Ember in your own Slack does."
)
_WORLD: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_THE_WORLD: Final = [
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
]
_UNPRINTED: Final = re.compile(r"[\x00-\x20\x7f\\]")


class BadAddress(ValueError):
    """An address that no calendar can be fetched from; says what to do."""


def is_public(address: str) -> bool:
    """Return whether an IP address lies out in the world.  Raises ValueError for text that is none.

    Within IPv6 only what is given out to the world counts: no address that wraps one of IPv4 but NAT64's, whose inner
    one has to be public itself.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _WORLD:
            return False
    return not any(ip in each for each in _NOT_THE_WORLD if each.version == ip.version)


def origin(scheme: str, host: str, port: int | None) -> str:
    """Return scheme, host and port as one word: "http://127.0.0.1:8123"."""
    return f"{scheme}://{host}:{port or PORTS.get(scheme, 0)}"


def of_a_calendar(typed: str, *, allowed: Collection[str] = (), public: bool = True) -> str:
    """Return the https address that somebody pasted; webcal is another word for it.  Raises BadAddress.

    allowed: origins that may be fetched without encryption.  public: whether any other may be fetched at all.
    """
    text = typed.strip().removeprefix("<").removesuffix(">")
    if len(text) > LONGEST:
        raise BadAddress("That address is too long. Copy the secret address in iCal format again.")
    if not text or _UNPRINTED.search(text):
        raise BadAddress("Paste the whole address, without spaces. It starts with https://.")
    scheme, colon, rest = text.partition("://")
    if scheme.casefold() in {"webcal", "webcals"}:
        text = f"https{colon}{rest}"
    parts = _split(text)
    is_allowed = origin(parts.scheme, parts.hostname or "", _port(parts)) in allowed
    if parts.scheme != "https" and not is_allowed:
        raise BadAddress("The address starts with https:// or webcal://. Copy the secret address in iCal format.")
    if not parts.hostname:
        raise BadAddress("That address names no site. Copy the secret address in iCal format again.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("Ember takes no address with a user name or a password in it. Copy the secret iCal address.")
    if not (public or is_allowed):
        raise BadAddress(ONLY_HERE)
    return parts._replace(fragment="").geturl()


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress("That is no address of a site. Copy the secret address in iCal format again.") from None
    return parts


def _port(parts: SplitResult) -> int | None:
    return parts.port
