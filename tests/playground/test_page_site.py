import aiohttp
import pytest

from bot.playground.page.site import Page
from bot.playground.server import StandIn
from tests.playground.tabs import tab_of


@pytest.fixture
def origin(slack):
    return slack.url.removesuffix("/api/")


@pytest.fixture
def port(origin):
    return origin.rpartition(":")[2]


@pytest.fixture
async def web():
    async with aiohttp.ClientSession() as session:
        yield session


async def get(web, url, **headers):
    async with web.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        return answer.status, answer.headers, await answer.text()


async def test_the_page_may_run_its_own_files_and_its_import_map_alone(web, tmp_path):
    (tmp_path / "index.html").write_text('<script type="importmap">{}</script>', encoding="utf-8")
    async with StandIn(signing_secret="s", bot_token="xoxb-x", page=Page(static=tmp_path)) as slack:
        status, headers, text = await get(web, slack.url.removesuffix("api/"))
    policy = headers["Content-Security-Policy"].split("; ")
    assert status == 200
    assert "importmap" in text
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in str(policy)


async def test_files_come_with_their_type_and_are_asked_for_again_by_their_tag(web, origin):
    status, headers, _ = await get(web, f"{origin}/static/css/base.css")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "text/css; charset=utf-8", "no-cache")
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, _, text = await get(web, f"{origin}/static/css/base.css", If_None_Match=headers["ETag"])
    assert (status, text) == (304, "")
    status, headers, _ = await get(web, f"{origin}/static/js/main.js")
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["../site.py", "..%2fsite.py", "js/none.js", "js", "/etc/passwd", "%00"])
async def test_nothing_but_the_pages_files_is_served(web, origin, path):
    status, _, _ = await get(web, f"{origin}/static/{path}")
    assert status in {403, 404}


@pytest.mark.parametrize("path", ["/", "/static/css/base.css", "/live", "/api/auth.test"])
async def test_another_name_for_this_machine_is_refused(web, origin, port, path):
    for name in (f"evil.example:{port}", "127.0.0.1:1", f"127.0.0.1.evil.example:{port}", "[", f"127.0.0.1:{port}9999"):
        assert (await get(web, origin + path, Host=name))[0] == 403, name


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_the_usual_names_of_this_machine_are_welcome(web, origin, port, name):
    status, headers, _ = await get(web, f"{origin}/", Host=f"{name}:{port}")
    assert status == 200
    assert f"ws://{name}:{port}" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "theirs", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}", None]
)
async def test_another_sites_socket_is_refused(web, origin, port, theirs):
    headers = {"Origin": theirs.format(port=port)} if theirs else {}
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await web.ws_connect(f"{origin}/live", headers=headers)
    assert caught.value.status == 403


async def test_another_site_cannot_post_although_it_knows_the_token(web, slack, northwind):
    form = {"token": "xoxb-test", "channel": northwind.id, "text": "x"}
    async with web.post(f"{slack.url}chat.postMessage", data=form, headers={"Origin": "https://evil.example"}) as no:
        assert no.status == 403
    async with web.get(f"{slack.url}chat.postMessage", params=form, headers={"Sec-Fetch-Site": "cross-site"}) as no:
        assert no.status == 403
    assert slack.posted() == []


async def test_a_link_from_elsewhere_opens_the_page(web, origin):
    status, _, _ = await get(web, f"{origin}/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    assert status == 200


async def test_it_listens_on_loopback_only(slack):
    assert {address[0] for address in slack._runner.addresses} == {"127.0.0.1"}


async def test_without_a_page_there_is_none(web):
    async with StandIn(signing_secret="s", bot_token="xoxb-x") as slack:
        assert (await get(web, slack.url.removesuffix("api/")))[0] == 404


async def test_other_routes_are_served_at_the_same_port(web):
    async def hello(_):
        return aiohttp.web.Response(text="hello")

    routes = [aiohttp.web.get("/healthz", hello)]
    async with StandIn(signing_secret="s", bot_token="xoxb-x", routes=routes) as slack:
        assert (await get(web, slack.url.removesuffix("api/") + "healthz"))[::2] == (200, "hello")


async def test_a_page_that_opens_is_shown_everything_but_messages(slack, ana, northwind):
    async with tab_of(slack) as tab:
        scene = await tab.scene()
    assert scene["me"] == ana.id
    assert scene["team"] == {"id": slack.world.team.id, "name": "Example", "domain": "example"}
    assert [one["name"] for one in scene["members"]] == ["Slackbot", "Ember", "Ana"]
    assert [(one["name"], one["kind"], one["joined"]) for one in scene["channels"]] == [
        ("northwind", "public", True),
        ("", "im", True),
    ]
    assert scene["app"]["dm"] == slack.world.dm(ana).id
    assert scene["app"]["commands"] == [
        {"command": "/checkin", "description": "Log a conversation", "usage_hint": "[client]"}
    ]
    assert [one["callback_id"] for one in scene["app"]["shortcuts"]] == ["log", "keep"]
    finish = {"kind": "command", "begins": "/checkin"}
    assert scene["tour"] == [{"title": "Begin", "text": "Type it.", "command": "/checkin", "done": [finish]}]
    assert scene["farewell"] == "Well done."
    assert (scene["views"], scene["home"], scene["has_tables"]) == ([], None, False)
    assert {fault["on"] for fault in scene["faults"]} == {False}


async def test_an_empty_workspace_has_somebody_to_be(app):
    async with StandIn(signing_secret="s", bot_token="xoxb-x", page=Page()) as slack, tab_of(slack) as tab:
        scene = await tab.scene()
    assert scene["me"] in {one["id"] for one in scene["members"] if one["name"] == "You"}


@pytest.mark.parametrize(("wanted", "who"), [("Tom", "Tom"), ("nobody", "Ana")])
async def test_a_page_that_comes_back_is_who_it_was(slack, web, origin, ana, tom, wanted, who):
    ids = {one.name: one.id for one in (ana, tom)}
    headers, seat = {"Origin": origin}, {"as": ids.get(wanted, "U0")}
    async with web.ws_connect(f"{origin}/live", params=seat, headers=headers) as socket:
        assert (await socket.receive_json())["me"] == ids[who]


@pytest.mark.parametrize("frame", ["{", "[]", '{"do": "nothing"}', '{"id": 1}', '{"id": 1, "do": ["say"]}'])
async def test_a_frame_nobody_understands_is_answered_kindly(tab, frame):
    await tab.say_raw(frame)
    answer = await tab.answer(1 if '"id"' in frame else None)
    assert (answer["ok"], answer["told"]) == (False, "That could not be understood.")


@pytest.mark.parametrize(
    ("deed", "ask"),
    [
        ("history", {}),
        ("history", {"channel": 7}),
        ("history", {"channel": "C1"}),
        ("act_as", {"user": "U1"}),
        ("submit", {"view": "V1"}),
        ("action", {"place": "here", "block_id": "a", "action_id": "b"}),
        ("action", {"place": {"view": ["V1"]}, "block_id": "a", "action_id": "b"}),
        ("wire", {"before": "first"}),
        ("clock", {"to": "soon"}),
        ("fault", {"kind": "earthquake", "on": True}),
        ("rows", {"table": "x"}),
    ],
)
async def test_a_deed_that_lacks_something_says_so(tab, deed, ask):
    answer = await tab.ask(deed, **ask)
    assert answer["ok"] is False
    assert answer["told"].endswith(".")
