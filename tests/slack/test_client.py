import shutil

import aiohttp
import pytest

from bot.practices.checkins.rows import CheckinRow
from bot.slack.client import SlackClients
from tests.front_door import agency
from tests.listening import listening


@pytest.fixture
async def place(migrated_sqlite, tmp_path, clock):
    shutil.copy(migrated_sqlite, tmp_path / "ember.db")
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock) as place:
        await place.ana.command("/client", "new Northwind", channel=place.northwind)
        await place.ana.submit(name="Northwind", rhythm="7", heard_in=[place.northwind])
        await place.ana.close_modal(everything=True)
        yield place


def test_every_client_goes_to_the_address_of_the_settings():
    clients = SlackClients("http://127.0.0.1:9/api/", "xoxb-a-bot")
    assert {clients.posting.base_url, clients.reading.base_url} == {"http://127.0.0.1:9/api/"}


def test_a_proxy_of_the_environment_is_for_slack_out_there_alone(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    here = SlackClients("http://127.0.0.1:9/api/", "xoxb-a-bot")
    there = SlackClients("https://slack.com/api/", "xoxb-a-bot")
    assert {here.posting.proxy, here.reading.proxy} == {None}
    assert {there.posting.proxy, there.reading.proxy} == {"http://proxy.example.com:3128"}


def test_the_client_that_posts_never_tries_again_by_itself():
    assert SlackClients("http://127.0.0.1:9/api/", "xoxb-a-bot").posting.retry_handlers == []


def test_nothing_is_called_before_the_session_is_open():
    with pytest.raises(RuntimeError):
        _ = SlackClients("http://127.0.0.1:9/api/", "xoxb-a-bot").session


async def test_closing_what_was_never_opened_does_nothing():
    await SlackClients("http://127.0.0.1:9/api/", "xoxb-a-bot").close()


@pytest.mark.parametrize("fault", ["dropped_after_store", "dropped_before_store", "error_500_stored", "rate_limited"])
async def test_a_message_is_posted_once_whatever_becomes_of_the_connection(place, fault):
    await place.quiet()
    place.slack.faults.add("chat.postMessage", fault)
    with listening() as log:
        await place.ana.dm("Northwind 4 paused when asked about Q3")
        await place.quiet()
    assert len(place.slack.calls("chat.postMessage")) == 1
    assert len(await place.rows(CheckinRow)) == 1
    assert "follow-up failed" in log.getvalue()
    assert "paused when asked" not in log.getvalue()


async def test_bolts_own_client_does_not_try_again_either(place):
    client = place.ember.bolt.client
    place.slack.faults.add("chat.postMessage", "dropped_after_store")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=place.northwind.id, text="x")
    assert len(place.slack.calls("chat.postMessage")) == 1


async def test_a_question_is_asked_again_when_the_connection_drops(place):
    before = len(place.slack.calls("users.info"))
    place.slack.faults.add("users.info", "dropped_before_store")
    await place.ember.clients.reading.users_info(user=place.ana.id)
    assert len(place.slack.calls("users.info")) == before + 2


async def test_twenty_requests_ask_slack_nothing_about_the_token_and_share_connections(place):
    asked, made = len(place.slack.calls("auth.test")), []
    opened = []

    async def note(*_):
        opened.append(1)

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(note)
    trace.freeze()
    place.ember.clients.session.trace_configs.append(trace)
    before = len(place.slack.calls())
    for number in range(20):
        made.append(await place.ana.command("/checkin", channel=place.northwind))
        await place.ana.modal()
        await place.ana.close_modal()
        assert len(place.slack.calls("views.open")) == number + 2
    await place.quiet()
    assert all(answer.ok for answer in made)
    assert len(place.slack.calls("auth.test")) == asked == 1
    assert len(place.slack.calls()) - before == 20
    assert len(opened) <= 2
