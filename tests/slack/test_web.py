import asyncio
import json
import shutil
from urllib.parse import urlencode

import httpx
import pytest

from bot.slack.web import MAX_BODY
from tests.front_door import SECRET, agency

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def place(migrated_sqlite, tmp_path, clock):
    shutil.copy(migrated_sqlite, tmp_path / "ember.db")
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock) as place:
        yield place


def command(place, **more):
    fields = {"command": "/ember", "text": "help", "team_id": place.slack.world.team.id, "user_id": place.ana.id}
    return urlencode({**fields, "channel_id": place.slack.world.dm(place.ana.member).id, **more}).encode()


async def send(place, body, headers, **more):
    return await place.slack.raw(body, {**headers, **place.slack.sign(body), **more})


async def test_a_signed_command_is_answered(place):
    answer = await send(place, command(place), FORM)
    assert answer.status == 200
    assert "/checkin" in json.dumps(answer.body)


@pytest.mark.parametrize(
    "timestamp",
    ["", "soon", "1e9", "-5", "٣٤٥", "²", b"\xff\xfe", "9" * 400, "99999999999999", "0", "1.5", "0x10", "None"],
)
async def test_a_strange_timestamp_is_refused(place, timestamp):
    answer = await send(place, command(place), FORM, **{"X-Slack-Request-Timestamp": timestamp})
    assert (answer.status, answer.body) == (401, "invalid signature")


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v0=é", b"v0=\xff\xfe", "v1=" + "0" * 64, "v0=" + "0" * 64, "x" * 5000]
)
async def test_a_strange_signature_is_refused(place, signature):
    answer = await send(place, command(place), FORM, **{"X-Slack-Signature": signature})
    assert (answer.status, answer.body) == (401, "invalid signature")


@pytest.mark.parametrize("missing", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
async def test_both_headers_are_needed(place, missing):
    body = command(place)
    headers = place.slack.sign(body)
    del headers[missing]
    assert (await place.slack.raw(body, {**FORM, **headers})).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (301, 401)])
async def test_a_signature_holds_for_five_minutes_either_way(place, clock, seconds, status):
    body = command(place)
    headers = place.slack.sign(body)
    clock.set(
        clock.now().replace(microsecond=0).fromtimestamp(clock.now().timestamp() - seconds, tz=clock.now().tzinfo)
    )
    assert (await place.slack.raw(body, {**FORM, **headers})).status == status


async def test_a_changed_body_is_refused(place):
    headers = place.slack.sign(command(place))
    assert (await place.slack.raw(command(place, text="list"), {**FORM, **headers})).status == 401


async def test_another_secret_is_refused(place):
    import hashlib
    import hmac

    body = command(place)
    headers = place.slack.sign(body)
    base = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    for secret, status in ((b"another", 401), (SECRET.encode(), 200)):
        headers["X-Slack-Signature"] = "v0=" + hmac.new(secret, base, hashlib.sha256).hexdigest()
        assert (await place.slack.raw(body, {**FORM, **headers})).status == status


async def test_header_bytes_that_no_http_client_sends_are_refused(place):
    host, port = place.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: a\x00b\r\nContent-Length: 0\r\n\r\n")
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert status.split()[1] in {b"400", b"401"}


async def test_a_body_over_the_cap_is_refused_before_it_is_read(place):
    answer = await place.slack.raw(b"x" * (MAX_BODY + 1), FORM)
    assert (answer.status, answer.body) == (413, "body too large")


async def test_a_body_of_unknown_length_is_cut_off_at_the_cap(place):
    async def chunks():
        for _ in range(MAX_BODY // 50_000 + 2):
            yield b"x" * 50_000

    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{place.address}/slack/events", content=chunks())
    assert answer.status_code == 413


async def test_somebody_who_hangs_up_in_the_middle_does_no_harm(place):
    host, port = place.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await send(place, command(place), FORM)).status == 200


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", FORM),
        (b"comm", FORM),
        (b"payload=", FORM),
        (b"payload=%7B%22type%22%3A", FORM),
        (b"payload=%5B1%5D", FORM),
        (b"payload=3", FORM),
        (b"payload=null", FORM),
        (b'{"type":', JSON),
        (b"[1, 2]", JSON),
        (b"7", JSON),
        (b'"text"', JSON),
        (b"{}", JSON),
        (b"", JSON),
        (b"\xff\xfe\x00", JSON),
        (b"command=\xff", FORM),
        (b"[" * 200_000, JSON),
        (b'{"type": ' + b"9" * 5000 + b"}", JSON),
        (b'{"type": "event_callback", "authorizations": 7}', JSON),
    ],
)
async def test_what_is_none_of_slacks_shapes_is_a_bad_request(place, body, headers):
    answer = await send(place, body, headers)
    assert (answer.status, answer.body) == (400, "not a Slack request")


async def test_a_form_that_was_cut_off_is_at_worst_a_bad_request(place):
    whole = command(place)
    for end in range(0, len(whole), 7):
        assert (await send(place, whole[:end], FORM)).status in {200, 400}


async def test_the_word_payload_in_a_line_is_a_word(place):
    answer = await send(place, command(place, command="/checkin", text="4 payload=3 is what they asked about"), FORM)
    assert "payload=3 is what they asked about" in json.dumps(answer.body)


async def test_slack_can_verify_the_address_with_a_signature_only(place):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert (await place.slack.raw(body, JSON)).status == 401
    answer = await send(place, body, JSON)
    assert (answer.status, answer.json) == (200, {"challenge": "3eZbrw1aB"})


async def test_slack_can_check_the_certificate(place):
    answer = await send(place, b"ssl_check=1&token=legacy", FORM)
    assert (answer.status, answer.body) == (200, "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("GET", "/elsewhere", 404),
        ("GET", "/healthz", 200),
    ],
)
async def test_other_doors(place, method, path, status):
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.request(method, f"{place.address}{path}")).status_code == status
