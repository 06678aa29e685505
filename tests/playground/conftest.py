import datetime as dt
import json
from urllib.parse import parse_qsl

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock, MovableClock
from bot.playground.hosting import hosting
from bot.playground.page.facts import Command, Facts, Finish, Shortcut, Step
from bot.playground.page.site import Page
from bot.playground.server import StandIn
from tests.playground.tabs import tab_of
from tests.support import PATIENCE

SECRET, BOT, APP = "a-signing-secret", "xoxb-test", "xapp-test"

FACTS = Facts(
    name="Ember",
    commands=(Command("/checkin", "Log a conversation", "[client]"),),
    shortcuts=(Shortcut("global", "Log", "log"), Shortcut("message", "Keep", "keep", "Keep this message")),
    tour=(Step("Begin", "Type it.", "/checkin", done=(Finish("command", "/checkin"),)),),
    farewell="Well done.",
)


class App:
    """The smallest app: verifies signatures, remembers requests, answers what the test set."""

    def __init__(self):
        self.requests = []
        self.answer = None
        self.url = ""

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        if not SignatureVerifier(SECRET).is_valid_request(body, dict(request.headers)):
            return PlainTextResponse("invalid request", status_code=401)
        if request.headers["content-type"] == "application/json":
            payload = json.loads(body)
        else:
            payload = dict(parse_qsl(body.decode(), keep_blank_values=True))
            payload = json.loads(payload["payload"]) if "payload" in payload else payload
        self.requests.append((payload, dict(request.headers)))
        answer = self.answer
        if isinstance(answer, Response):
            return answer
        if callable(answer):
            answer = await answer(payload)
        return PlainTextResponse("") if answer is None else JSONResponse(answer)

    @property
    def last(self):
        return self.requests[-1][0]


@pytest.fixture
async def app():
    app = App()
    async with hosting(Starlette(routes=[Route("/slack/events", app.__call__, methods=["POST"])])) as address:
        app.url = f"{address}/slack/events"
        yield app


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def glance():
    return None


@pytest.fixture
def deadline():
    """Seconds that the app may take."""
    return 2 * PATIENCE


HASTE = 0.3
hasty = pytest.mark.parametrize("deadline", [HASTE])
"""For what comes too late: the app may take no longer than this."""


@pytest.fixture
async def slack(clock, app, glance, deadline):
    stand_in = StandIn(
        signing_secret=SECRET,
        bot_token=BOT,
        app_token=APP,
        clock=clock,
        signing_clock=Clock(),
        deadline=deadline,
        retry_delays=(0, 0.02, 0.02),
        page=Page(FACTS, glance=glance),
    )
    async with stand_in as slack:
        slack.connect(app.url)
        yield slack


@pytest.fixture
async def client(slack):
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=BOT, base_url=slack.url, session=session, retry_handlers=[])


@pytest.fixture
def ana(slack):
    return slack.world.add_member("Ana", tz="Europe/Berlin")


@pytest.fixture
def me(slack, ana):
    return slack.person(ana)


@pytest.fixture
def northwind(slack, ana):
    return slack.world.add_channel("northwind", members=[ana])


@pytest.fixture
def tom(slack, northwind):
    tom = slack.world.add_member("Tom")
    northwind.members.append(tom.id)
    return tom


@pytest.fixture
async def tab(slack, ana, northwind):
    """A page where Ana sits."""
    async with tab_of(slack, ana) as tab:
        tab.pushes.clear()
        yield tab


@pytest.fixture
async def toms(slack, tom):
    """A page where Tom sits."""
    async with tab_of(slack, tom) as tab:
        tab.pushes.clear()
        yield tab


@pytest.fixture
def half_hour():
    return dt.timedelta(minutes=31)


def plain(text):
    return {"type": "plain_text", "text": text}


def field(block_id, element, *, optional=False, **extra):
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.title()),
        "element": element,
        "optional": optional,
    } | extra


def modal(*blocks, **extra):
    blocks = list(blocks) or [{"type": "section", "text": plain("Hello")}]
    view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Save"), "blocks": blocks}
    return view | extra


def button(action_id, **extra):
    return {"type": "button", "action_id": action_id, "text": plain("Go")} | extra


def options(*values):
    return [{"text": plain(value.title()), "value": value} for value in values]


@pytest.fixture
def make():
    """Builders of Slack's JSON."""

    class Make:
        plain, field, modal, button, options = map(staticmethod, (plain, field, modal, button, options))

        @staticmethod
        def text(block_id, **extra):
            return field(block_id, {"type": "plain_text_input", "action_id": "value"} | extra)

        @staticmethod
        def message(*elements):
            return [{"type": "actions", "block_id": "row", "elements": list(elements)}]

    return Make
