import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient


async def test_a_rate_limit_says_when_to_come_back(client, slack, northwind):
    slack.faults.add("chat.postMessage", "rate_limited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=northwind.id, text="x")
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel=northwind.id, text="x")
    assert [call.ok for call in slack.calls("chat.postMessage")] == [False, True]


@pytest.mark.parametrize(("kind", "stored"), [("error_500_stored", 1), ("error_500_not_stored", 0)])
async def test_a_500_may_or_may_not_have_stored(client, slack, northwind, kind, stored):
    slack.faults.add("chat.postMessage", kind)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=northwind.id, text="x")
    assert caught.value.response.status_code == 500
    assert len(slack.posted()) == stored


@pytest.mark.parametrize(("kind", "stored"), [("dropped_after_store", 1), ("dropped_before_store", 0)])
async def test_a_connection_is_cut_before_or_after_storing(client, slack, northwind, kind, stored):
    slack.faults.add("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=northwind.id, text="x")
    assert len(slack.posted()) == stored
    assert [call.status for call in slack.calls()] == [0]


async def test_the_sdk_default_posts_twice_when_the_connection_drops(client, slack, northwind):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    careless = AsyncWebClient(token="xoxb-test", base_url=slack.url, session=client.session)
    await careless.chat_postMessage(channel=northwind.id, text="x")
    assert len(slack.posted()) == 2


async def test_slack_may_be_slow_or_refuse_on_purpose(client, slack, northwind):
    slack.faults.add("*", "slow", delay=0.1)
    slack.faults.add("chat.postMessage", "refused", error="not_in_channel", times=2)
    started = time.perf_counter()
    await client.auth_test()
    assert time.perf_counter() - started >= 0.1
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel=northwind.id, text="x")
    slack.faults.clear()
    await client.chat_postMessage(channel=northwind.id, text="x")


async def test_every_call_may_take_its_time(client, slack):
    slack.latency = (0.05, 0.06)
    started = time.perf_counter()
    await asyncio.gather(*[client.auth_test() for _ in range(5)])
    assert 0.05 <= time.perf_counter() - started < 0.25
