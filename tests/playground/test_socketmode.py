import asyncio
import contextlib

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.conftest import hasty

SECRET, BOT, APP = "a-signing-secret", "xoxb-test", "xapp-test"


@pytest.fixture
async def bolt(slack):
    slack.connect(None)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT, base_url=slack.url, session=session)
        app = AsyncApp(client=client, signing_secret=SECRET)
        yield app


@contextlib.asynccontextmanager
async def listening(slack, app):
    handler = AsyncSocketModeHandler(app, APP, ping_interval=1)
    await handler.connect_async()
    await slack.connected()
    try:
        yield handler
    finally:
        await handler.close_async()
        tasks = (
            handler.client.message_processor,
            handler.client.message_receiver,
            handler.client.current_session_monitor,
        )
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_commands_submissions_and_events_travel_over_a_socket(slack, bolt, me, make):
    heard = []

    async def checkin(ack, body, client):
        await ack("Logged.")
        await client.views_open(trigger_id=body["trigger_id"], view=make.modal(make.text("note")))

    async def save(ack, view):
        heard.append(view["state"]["values"]["note"]["value"]["value"])
        await ack(response_action="errors", errors={"note": "Say more."})

    async def joined(event):
        heard.append(event["user"])

    bolt.command("/checkin")(checkin)
    bolt.view("form")(save)
    bolt.event("team_join")(joined)
    async with listening(slack, bolt):
        answer = await me.command("/checkin", "4 fine")
        assert (answer.status, answer.text) == (200, "Logged.")
        await me.modal()
        assert (await me.submit(note="short")).errors == {"note": "Say more."}
        assert (await slack.event("team_join", user="U1")).ok
        await slack.settled()
    assert heard == ["short", "U1"]


@hasty
async def test_an_app_that_does_not_acknowledge_is_late(slack, bolt, me):
    async def silent():
        await asyncio.sleep(0)

    bolt.command("/checkin")(silent)
    async with listening(slack, bolt):
        assert (await me.command("/checkin")).error == "operation_timeout"


async def test_the_app_reconnects_when_slack_asks_it_to(slack, bolt, me):
    async def checkin(ack):
        await ack("Still here.")

    bolt.command("/checkin")(checkin)
    async with listening(slack, bolt):
        await slack.disconnect()
        await slack.connected()
        assert (await me.command("/checkin")).text == "Still here."
    assert len(slack.calls("apps.connections.open")) == 2


async def test_a_socket_needs_an_app_token_and_an_unused_ticket(slack, client):
    answer = await client.apps_connections_open(app_token=APP)
    async with client.session.ws_connect(answer["url"]) as socket:
        hello = await socket.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.session.ws_connect(answer["url"])


async def test_ten_sockets_are_the_most(client, slack):
    async with contextlib.AsyncExitStack() as sockets:
        for _ in range(10):
            url = (await client.apps_connections_open(app_token=APP))["url"]
            socket = await sockets.enter_async_context(client.session.ws_connect(url))
            await socket.receive_json()
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await client.apps_connections_open(app_token=APP)
