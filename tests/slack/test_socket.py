import asyncio

import httpx
import pytest

from bot.app import build
from bot.clock import MovableClock
from bot.config import read_settings
from bot.practices.checkins.rows import CheckinRow
from tests.front_door import agency, settings
from tests.listening import listening
from tests.support import ON_SQLITE

LESS_THAN_WAITING_FOR_WORK_TO_END = 9


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock, socket=True) as place:
        yield place


@pytest.fixture
async def dry(migrated_sqlite, tmp_path, clock):
    (tmp_path / "ember.db").write_bytes(migrated_sqlite.read_bytes())
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock, socket=True) as place:
        yield place


async def set_up(place):
    await place.ana.command("/client", "new Northwind", channel=place.northwind)
    assert (await place.ana.submit(name="Northwind", rhythm="7", heard_in=[place.northwind])).errors == {}
    await place.ana.close_modal(everything=True)
    await place.quiet()


async def log(place, note):
    assert (await place.ana.command("/checkin", channel=place.northwind)).ok
    await place.ana.modal()
    answer = await place.ana.submit(feeling="4", note=note)
    assert (answer.error, answer.errors) == (None, {})
    await place.ana.close_modal(everything=True)
    await place.quiet()


@ON_SQLITE
async def test_a_check_in_travels_over_the_socket_before_and_after_slack_asks_to_reconnect(place):
    await set_up(place)
    await log(place, "before")
    for lap in range(2):
        await place.slack.disconnect("refresh_requested")
        await place.slack.connected()
        await log(place, f"after {lap}")
    line = await place.ana.command("/checkin", "5 in one line", channel=place.northwind)
    assert line.text.startswith("Saved:")
    assert (await place.ana.dm("Northwind 2 by DM")).ok
    await place.quiet()
    notes = [row.note for row in await place.rows(CheckinRow)]
    assert notes == ["before", "after 0", "after 1", "in one line", "by DM"]
    assert len(place.slack.calls("apps.connections.open")) == 3
    assert place.slack.failures() == []


@ON_SQLITE
async def test_an_event_that_comes_again_over_the_socket_makes_one_row(place):
    await set_up(place)
    answer = await place.ana.dm("Northwind 2 by DM")
    await asyncio.gather(*[place.slack.redeliver(answer) for _ in range(3)])
    await place.quiet()
    assert len(await place.rows(CheckinRow)) == 1


async def test_a_line_that_was_cut_comes_back(dry):
    await dry.slack._sockets.close()
    await dry.slack.connected(timeout=10)
    assert (await dry.ana.command("/ember", "help")).ok


async def test_readiness_tells_of_the_line(dry):
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(f"{dry.address}/readyz")).json() == {"ready": True}
        await dry.ember.socket.close()
        answer = await http.get(f"{dry.address}/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert "Socket Mode" in answer.json()["socket"]
        assert (await http.get(f"{dry.address}/healthz")).status_code == 200


async def test_what_breaks_is_told_over_the_socket_too(dry):
    async def broken(ack, here):
        raise KeyError(here.envelope.typed)

    dry.ember.bolt.command("/broken")(broken)
    with listening() as heard:
        answer = await dry.ana.command("/broken", "a secret")
    assert answer.text.startswith("Something went wrong on Ember's side")
    assert "> a secret" in answer.text
    assert "a secret" not in heard.getvalue()


async def test_a_request_under_way_is_answered_before_the_line_is_hung_up(dry):
    going = asyncio.Event()

    async def slow(ack):
        going.set()
        await asyncio.sleep(0.2)
        await ack("Done.")

    dry.ember.bolt.command("/slow")(slow)
    asking = asyncio.create_task(dry.ana.command("/slow"))
    await going.wait()
    await dry.ember.socket.close()
    assert (await asking).text == "Done."


async def test_a_line_that_was_never_opened_is_closed_without_a_word(dry, monkeypatch):
    ember = build(settings(dry.slack, dry.ember.settings.ember_database_url, socket=True), MovableClock())
    assert await ember.socket.is_connected() is False
    await ember.stop()


async def test_ember_starts_and_stops_while_slack_cannot_be_reached(dry):
    here = settings(dry.slack, dry.ember.settings.ember_database_url, socket=True)
    ember = build(here.model_copy(update={"slack_api_url": "http://127.0.0.1:9/api/"}), MovableClock())
    async with asyncio.timeout(LESS_THAN_WAITING_FOR_WORK_TO_END):
        await ember.start()
        assert await ember.socket.is_connected() is False
        await ember.stop()


async def test_without_a_signing_secret_there_is_no_way_in_over_http(dry, monkeypatch):
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-a-bot", "SLACK_APP_TOKEN": "xapp-an-app"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SLACK_SIGNING_SECRET", raising=False)
    monkeypatch.setenv("EMBER_DATABASE_URL", dry.ember.settings.ember_database_url)
    from bot.config import Settings

    ember = build(read_settings(Settings))
    transport = httpx.ASGITransport(ember.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://ember") as http:
        assert (await http.post("/slack/events", content=b"x")).status_code == 404
        assert (await http.get("/healthz")).status_code == 200
    await ember.stop()
