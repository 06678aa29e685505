import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.playground.server import StandIn
from tests.courier.post_office import PostOffice

SECRET, TOKEN = "a-signing-secret", "xoxb-test"


@pytest.fixture
async def slack():
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN, clock=Clock()) as slack:
        yield slack


@pytest.fixture
async def client(slack):
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=TOKEN, base_url=slack.url, session=session, retry_handlers=[])


@pytest.fixture
def office(store, workspace, slack, client, clock):
    return PostOffice(store, workspace, slack, client, clock)


@pytest.fixture
def team(slack):
    """The channel that most messages go to."""
    return slack.world.add_channel("team", members=[slack.world.add_member("Ana")])
