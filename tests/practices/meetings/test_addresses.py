"""Which addresses a calendar may be fetched from."""

import pytest

from bot.practices.meetings.addresses import BadAddress, is_public, of_a_calendar

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.0.170", "198.18.0.1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.9", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "3fff::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::1", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1", "5f00::1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_what_lies_out_in_the_world_is(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://calendar.example.com/secret.ics", "https://calendar.example.com/secret.ics"),
        (" webcal://calendar.example.com/secret.ics ", "https://calendar.example.com/secret.ics"),
        ("WEBCAL://calendar.example.com:8443/a?b=c#d", "https://calendar.example.com:8443/a?b=c"),
        ("<https://calendar.example.com/a.ics>", "https://calendar.example.com/a.ics"),
    ],
)
def test_an_address_is_kept_as_https(typed, kept):
    assert of_a_calendar(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "hello", "http://calendar.example.com/a.ics", "ftp://example.com/a", "file:///etc/passwd", "https://"),
        *("https://ana:secret@example.com/a.ics", "https://ana@example.com/", "https://exa mple.com/", "https://[::1"),
        *("https://example.com:99999/", "https://example.com/\r\nHost: x", "javascript:alert(1)"),
        "https://a/" + "x" * 2_000,
    ],
)
def test_any_other_address_says_what_to_paste(typed):
    with pytest.raises(BadAddress, match=r"\.$"):
        of_a_calendar(typed)


def test_only_an_address_that_was_let_in_goes_unencrypted():
    allowed = {"http://127.0.0.1:8123"}
    assert of_a_calendar("http://127.0.0.1:8123/a.ics", allowed=allowed) == "http://127.0.0.1:8123/a.ics"
    with pytest.raises(BadAddress):
        of_a_calendar("http://127.0.0.1:8124/a.ics", allowed=allowed)


def test_where_nothing_may_leave_the_machine_any_other_address_is_refused_with_the_reason():
    allowed = {"http://127.0.0.1:8123"}
    assert of_a_calendar("http://127.0.0.1:8123/a.ics", allowed=allowed, public=False)
    for typed in ("https://calendar.example.com/a.ics", "webcal://calendar.example.com/a.ics"):
        with pytest.raises(BadAddress, match=r"^This demo reads no calendar from outside this machine"):
            of_a_calendar(typed, allowed=allowed, public=False)
