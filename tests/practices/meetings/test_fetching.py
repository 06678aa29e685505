"""Fetching a calendar: bounded in time and size, never inside the server's network, politely."""

import asyncio
import contextlib
import datetime as dt
import socket
import ssl
import sys
import tracemalloc

import pytest

from bot.practices.meetings.fetching import Fetcher, Limits, Marks, NotFetched
from bot.practices.meetings.rules import Why
from tests.calendars import PATIENT, QUICK, calendar, event

BODY = calendar(event())


async def why(fetcher, address, marks=None):
    with pytest.raises(NotFetched) as refused:
        await fetcher.fetch(address, marks)
    return refused.value.why


def leads_to(*addresses):
    async def resolve(_host, _port):
        return list(addresses)

    return resolve


async def test_a_calendar_is_fetched_and_asked_for_politely(site):
    address = site.page(BODY, etag='"v1"', last_modified="Tue, 12 May 2026 09:00:00 GMT", set_cookie="a=b")
    fetched = await site.fetcher().fetch(address)
    assert fetched.body == BODY
    assert fetched.marks == Marks('"v1"', "Tue, 12 May 2026 09:00:00 GMT")
    await site.fetcher().fetch(address, fetched.marks)
    first, second = (head.lower() for head in site.asked)
    assert "if-none-match" not in first
    assert 'if-none-match: "v1"' in second
    assert "if-modified-since: tue, 12 may 2026 09:00:00 gmt" in second
    assert "cookie" not in second


async def test_a_calendar_that_has_not_changed_is_not_sent_again(site):
    address = site.page(b"", status="304 Not Modified")
    marks = Marks(etag='"v1"')
    fetched = await site.fetcher().fetch(address, marks)
    assert (fetched.body, fetched.marks) == (None, marks)
    assert await why(site.fetcher(), address) is Why.NOT_A_CALENDAR


async def test_a_zipped_calendar_is_unpacked(site):
    assert (await site.fetcher().fetch(site.page(BODY, zipped=True))).body == BODY


async def test_a_small_parcel_that_holds_a_huge_one_is_never_unfolded(site):
    address = site.page(b"x" * 20_000_000, zipped=True)
    tracemalloc.start()
    try:
        assert await why(site.fetcher(PATIENT), address) is Why.TOO_BIG
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


async def test_three_redirects_are_followed_and_a_fourth_is_not(site):
    for step in range(4):
        site.page(b"", status="302 Found", path=f"/{step}", location=f"/{step + 1}", set_cookie="a=b")
    site.page(BODY, path="/4")
    assert (await site.fetcher().fetch(site.address("/1"))).body == BODY
    assert not any("cookie" in head.lower() for head in site.asked)
    assert await why(site.fetcher(), site.address("/0")) is Why.LEADS_ON


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://127.0.0.1/a", Why.NOT_ALLOWED),
        ("http://127.0.0.1:9/a", Why.UNENCRYPTED),
        ("https://169.254.169.254/latest/meta-data", Why.NOT_ALLOWED),
        ("https://[::1]/", Why.NOT_ALLOWED),
        ("https://2130706433/", Why.NOT_ALLOWED),
        ("https://ana:secret@example.com/", Why.NOT_ALLOWED),
        ("file:///etc/passwd", Why.NOT_ALLOWED),
        ("gopher://example.com/", Why.UNENCRYPTED),
        ("//10.0.0.1/a", Why.UNENCRYPTED),
    ],
)
async def test_a_redirect_is_checked_like_the_address_itself(site, location, reason):
    address = site.page(b"", status="301 Moved", location=location)
    assert await why(site.fetcher(), address) is reason


async def test_one_address_inside_is_enough_to_refuse_a_site():
    fetcher = Fetcher(QUICK, resolve=leads_to("8.8.8.8", "10.0.0.1"))
    assert await why(fetcher, "https://calendar.example.com/a.ics") is Why.NOT_ALLOWED


async def test_the_connection_goes_to_the_address_that_was_checked_and_says_the_sites_name(site):
    named = f"http://calendar.example.com:{site.port}"
    fetcher = Fetcher(PATIENT, allowed=frozenset({named}), resolve=leads_to("127.0.0.1"))
    site.page(BODY)
    assert (await fetcher.fetch(f"{named}/calendar.ics")).body == BODY
    assert f"host: calendar.example.com:{site.port}" in site.asked[0].lower()


async def test_proxies_of_the_environment_are_left_alone(site, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await site.fetcher().fetch(site.page(BODY))).body == BODY


async def test_nothing_on_this_machine_is_fetched_unless_it_was_let_in(site):
    site.page(BODY)
    assert await why(Fetcher(QUICK), site.address()) is Why.UNENCRYPTED
    assert await why(Fetcher(QUICK), f"https://127.0.0.1:{site.port}/calendar.ics") is Why.NOT_ALLOWED
    assert await why(Fetcher(QUICK), f"https://localhost:{site.port}/calendar.ics") is Why.NOT_ALLOWED
    assert site.asked == []


async def test_where_nothing_may_leave_the_machine_no_name_is_looked_up_and_nobody_else_is_asked(site):
    looked_up = []

    async def resolve(host, _port):
        looked_up.append(host)
        return ["127.0.0.1"]

    here = Fetcher(QUICK, allowed=frozenset({site.origin}), public=False, resolve=resolve)
    for address in ("https://calendar.example.com/a.ics", "https://8.8.8.8/a.ics", "http://calendar.example.com/a.ics"):
        assert await why(here, address) is Why.NOT_ALLOWED
        assert await why(here, site.page(b"", status="302 Found", location=address)) is Why.NOT_ALLOWED
    assert set(looked_up) == {"127.0.0.1"}
    assert (await here.fetch(site.page(BODY))).body == BODY


@pytest.mark.skipif(sys.platform != "linux", reason="only there all of 127.0.0.0/8 is this machine")
@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
async def test_an_address_that_swallows_everything_leaves_time_for_the_next(site):
    named = f"http://calendar.example.com:{site.port}"
    site.page(BODY)
    with socket.socket() as hole, contextlib.ExitStack() as waiting:
        hole.bind(("127.0.0.2", site.port))
        hole.listen(0)
        for _ in range(4):  # nobody takes these, so whoever comes after them waits
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.2", site.port))
        both = Fetcher(Limits(seconds=6.0), allowed=frozenset({named}), resolve=leads_to("127.0.0.2", "127.0.0.1"))
        assert (await both.fetch(f"{named}/calendar.ics")).body == BODY
        alone = Fetcher(QUICK, allowed=frozenset({named}), resolve=leads_to("127.0.0.2"))
        assert await why(alone, f"{named}/calendar.ics") is Why.NO_ANSWER


async def test_a_slow_site_is_given_up_as_a_whole(site):
    drip = [b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", *(part for _ in range(200) for part in (b"x", 0.05))]
    address = site.raw(*drip)
    before = asyncio.get_running_loop().time()
    assert await why(site.fetcher(QUICK), address) is Why.TOO_SLOW
    assert asyncio.get_running_loop().time() - before < 2


async def test_a_name_that_leads_nowhere_is_said_so():
    async def nowhere(_host, _port):
        raise OSError

    assert await why(Fetcher(QUICK, resolve=nowhere), "https://nowhere.example/") is Why.UNKNOWN_SITE
    assert await why(Fetcher(QUICK, resolve=leads_to()), "https://nowhere.example/") is Why.UNKNOWN_SITE


def certified(tmp_path, name):
    """Return a server's context with a certificate for a name, and a client's that trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    made = made.not_valid_after(dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "site.pem").write_bytes(pem + key.private_bytes(*kinds))
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(tmp_path / "site.pem")
    return ours, ssl.create_default_context(cadata=pem.decode())


async def test_a_site_proves_its_name_although_its_address_was_resolved_before(tmp_path):
    server, client = certified(tmp_path, "calendar.example.com")
    heard = []
    server.sni_callback = lambda _socket, name, _context: heard.append(name)

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(BODY), BODY))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server)
    port = listening.sockets[0].getsockname()[1]
    names = [f"https://{name}:{port}" for name in ("calendar.example.com", "other.example.com")]
    fetcher = Fetcher(Limits(seconds=5), allowed=frozenset(names), resolve=leads_to("127.0.0.1"), tls=client)
    try:
        assert (await fetcher.fetch(f"{names[0]}/a.ics")).body == BODY
        assert await why(fetcher, f"{names[1]}/a.ics") is Why.CERTIFICATE
    finally:
        listening.close()
    assert heard[0] == "calendar.example.com"
