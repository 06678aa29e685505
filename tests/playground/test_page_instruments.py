import asyncio
import datetime as dt

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.playground.page.facts import Facts
from bot.playground.page.glance import Rows, Table
from bot.playground.page.instruments import FAULTS
from bot.playground.page.site import Page
from bot.playground.server import StandIn
from tests.playground.tabs import tab_of
from tests.support import PATIENCE

SECRET, BOT = "a-signing-secret", "xoxb-test"
TWO = dt.timedelta(seconds=2)


class Cupboard:
    """A database of one table."""

    async def tables(self):
        return [Table("client", 3)]

    async def rows(self, table, offset, limit):
        if table != "client":
            raise KeyError(table)
        return Rows(["name"], [["Northwind"], ["Halden"], ["Orchard"]][offset : offset + limit], 3)


@pytest.fixture
def glance():
    return Cupboard()


def shown(push):
    return dt.datetime.fromisoformat(push["clock"]["now"])


def kinds(app):
    return [payload["event"]["type"] for payload, _ in app.requests]


def wire_kinds(answer):
    return [record["kind"] for record in answer["records"]]


async def test_the_clock_is_moved_for_everybody_and_runs_on(tab, toms, slack, clock):
    before = clock.now()
    assert (await tab.ask("clock", to="+1h"))["clock"]["moved"]
    pushed = await toms.until("clock")
    assert dt.timedelta(hours=1) <= shown(pushed) - before < dt.timedelta(hours=1) + TWO
    assert clock.now() < clock.now()
    posted = slack.person(slack.world.user(tab.me)).post(slack.world.dm(slack.world.user(tab.me)), "later")
    assert float(posted.ts) >= shown(pushed).timestamp()


async def test_tomorrow_at_nine_is_nine_where_one_lives(tab, clock):
    clock.set(dt.datetime(2026, 5, 12, 23, 30, tzinfo=dt.UTC))
    await tab.ask("clock", to="tomorrow9")
    tomorrow = dt.datetime(2026, 5, 14, 7, tzinfo=dt.UTC)
    assert tomorrow <= shown(await tab.until("clock")) < tomorrow + TWO


@pytest.mark.parametrize(
    ("to", "at"),
    [
        ("2026-12-24T18:00:00+00:00", dt.datetime(2026, 12, 24, 18, tzinfo=dt.UTC)),
        ("2026-12-24T18:00", dt.datetime(2026, 12, 24, 17, tzinfo=dt.UTC)),
    ],
)
async def test_the_clock_takes_any_instant_ones_own_wall_clock_included(tab, clock, to, at):
    assert (await tab.ask("clock", to=to))["ok"]
    assert at <= clock.now() < at + TWO
    await tab.ask("clock", to="now")
    pushed = await tab.until("clock", lambda body: not body["clock"]["moved"])
    assert abs(shown(pushed) - Clock().now()) < TWO


async def test_an_instant_out_of_this_world_is_refused(tab):
    answer = await tab.ask("clock", to="0001-01-01")
    assert answer["told"] == "The clock goes from 2000 to 2099."


@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - {"late"}))
async def test_a_fault_stays_on_until_it_is_switched_off(tab, toms, client, slack, northwind, kind):
    await tab.ask("fault", kind=kind, on=True)
    assert {one["kind"] for one in (await toms.until("faults"))["faults"] if one["on"]} == {kind}
    await client.auth_test()
    for _ in range(2):
        assert await _meets(client, northwind) == kind
    await tab.ask("fault", kind=kind, on=False)
    assert {one["on"] for one in (await toms.until("faults"))["faults"]} == {False}
    assert await _meets(client, northwind) is None


async def test_an_app_that_answers_too_late_is_given_up_at_once(tab, client, app, slack, northwind, make):
    refused = []

    async def answer(payload):
        try:
            await client.views_open(trigger_id=payload["trigger_id"], view=make.modal())
        except SlackApiError as no:
            refused.append(no.response["error"])
        return {"text": "Saved"}

    app.answer = answer
    command = {"channel": northwind.id, "name": "/checkin", "text": "4 fine"}
    await tab.ask("fault", kind="late", on=True)
    [fault] = [one for one in (await tab.until("faults"))["faults"] if one["on"]]
    assert fault["label"] == "Ember answers too late (3 s)"
    assert (await tab.ask("command", **command))["ok"] is False
    [given_up] = slack.failures()
    assert (given_up.kind, given_up.error, given_up.status) == ("answer:command", "operation_timeout", 0)
    assert (app.last["text"], refused) == ("4 fine", ["expired_trigger_id"])

    await tab.ask("fault", kind="late", on=False)
    assert (await tab.ask("command", **command))["ok"]
    assert refused == ["expired_trigger_id"]


async def _meets(client, channel):
    try:
        async with asyncio.timeout(0.5):
            await client.chat_postMessage(channel=channel.id, text="x")
    except TimeoutError:
        return "slow"
    except SlackApiError as error:
        wait = error.response.headers.get("Retry-After")
        return {(429, "3"): "rate_limited", (500, None): "server_error"}[error.response.status_code, wait]
    except aiohttp.ClientConnectionError:
        return "dropped_line"
    return None


@pytest.mark.parametrize(
    ("what", "expected", "tells"),
    [
        ("archive", {"archived": True}, ["channel_archive"]),
        ("share", {"shared": True}, ["channel_shared", "member_joined_channel"]),
        ("guest_joins", {"shared": False}, ["team_join", "member_joined_channel"]),
        ("remove_app", {"app_in": False}, ["member_left_channel"]),
        ("leave", {"joined": False}, ["member_left_channel"]),
    ],
)
async def test_what_happens_to_a_channel_is_pushed_and_told_to_the_app(tab, app, northwind, what, expected, tells):
    assert (await tab.ask("channel_do", channel=northwind.id, what=what))["ok"]
    pushed = tab.told("channels")[-1]
    [channel] = [one for one in pushed["channels"] if one["id"] == northwind.id]
    assert {key: channel[key] for key in expected} == expected
    assert kinds(app) == tells


@pytest.mark.parametrize(
    ("there", "back", "tells"),
    [
        ("archive", "unarchive", "channel_unarchive"),
        ("share", "unshare", "channel_unshared"),
        ("remove_app", "invite_app", "member_joined_channel"),
        ("guest_joins", "guest_leaves", "member_left_channel"),
        ("leave", "join", "member_joined_channel"),
    ],
)
async def test_what_happened_can_be_taken_back(tab, app, northwind, there, back, tells):
    before = set(northwind.members)
    no = await tab.ask("channel_do", channel=northwind.id, what=back)
    assert no["ok"] is (back == "unshare")
    await tab.ask("channel_do", channel=northwind.id, what=there)
    assert (await tab.ask("channel_do", channel=northwind.id, what=back))["ok"]
    assert kinds(app)[-1] == tells
    assert (set(northwind.members), northwind.archived, northwind.shared) == (before, False, False)


async def test_a_guest_or_stranger_who_is_known_is_asked_first(tab, slack, app, northwind):
    guest = slack.world.add_member("Guest", guest=True)
    await tab.ask("channel_do", channel=northwind.id, what="guest_joins")
    await tab.ask("channel_do", channel=northwind.id, what="share")
    assert kinds(app) == ["member_joined_channel", "channel_shared", "member_joined_channel"]
    [priya] = [one for one in slack.world.members.values() if one.name == "Priya"]
    assert northwind.members[-2:] == [guest.id, priya.id]
    general = slack.world.add_channel("general", members=[slack.world.user(tab.me)])
    await tab.ask("channel_do", channel=general.id, what="share")
    assert general.members[-1] == priya.id


async def test_a_private_channel_goes_by_other_events(tab, slack, app, ana):
    secret = slack.world.add_channel("secret", members=[ana], private=True)
    await tab.ask("channel_do", channel=secret.id, what="archive")
    await tab.ask("channel_do", channel=secret.id, what="remove_app")
    await tab.ask("channel_do", channel=secret.id, what="guest_joins")
    assert kinds(app) == ["group_archive", "member_left_channel", "team_join"]
    no = await tab.ask("channel_do", channel=secret.id, what="join")
    assert no["told"] == "Only a member can add somebody to a private channel."


async def test_what_cannot_happen_says_so(tab, slack, ana, northwind):
    dm = slack.world.dm(ana)
    for channel, what, why in (
        (northwind, "explode", "That cannot happen here."),
        (northwind, "guest_leaves", "There is no guest here."),
        (northwind, "join", "Ana is in #northwind already."),
        (northwind, "unarchive", "It is not archived."),
        (dm, "archive", "That happens to channels, not to direct messages."),
    ):
        assert (await tab.ask("channel_do", channel=channel.id, what=what))["told"] == why


async def test_a_channel_and_a_colleague_are_added(tab, toms, slack, app):
    answer = await tab.ask("add_channel", name="#New Ideas", private=False)
    listed = {one["id"]: one for one in tab.told("channels")[-1]["channels"]}[answer["channel"]]
    assert (listed["name"], listed["joined"], listed["app_in"]) == ("new-ideas", True, False)
    assert (await tab.ask("add_channel", name="new ideas"))["told"] == "That name is taken."
    answer = await tab.ask("add_member", name="Sam", tz="Asia/Tokyo", guest=True)
    found = await toms.until("members", lambda body: answer["user"] in {one["id"] for one in body["members"]})
    [sam] = [one for one in found["members"] if one["id"] == answer["user"]]
    assert (sam["name"], sam["tz"], sam["guest"], sam["me"]) == ("Sam", "Asia/Tokyo", True, False)
    assert kinds(app) == ["channel_created", "team_join"]
    assert (await tab.ask("add_member", name="Sam", tz="Mars/North"))["told"] == "There is no such time zone."


async def test_each_request_on_the_wire_is_pushed_in_short_and_shown_in_full(tab, toms, app, northwind):
    app.answer = {"text": "Logged."}
    await tab.ask("command", channel=northwind.id, name="/checkin", text="4 fine")
    await toms.until("wire", lambda body: body["records"][-1]["kind"] == "answer:command")
    sent, answered = (await toms.ask("wire"))["records"]
    assert (sent["direction"], sent["kind"], sent["summary"]) == ("to_app", "command", "/checkin 4 fine")
    assert (answered["kind"], answered["status"], answered["error"], answered["summary"]) == (
        "answer:command",
        200,
        None,
        "Logged.",
    )
    assert answered["n"] == sent["n"] + 1
    assert (sent["user"], sent["answers"], answered["user"], answered["answers"]) == (tab.me, None, None, sent["n"])
    assert 0 <= answered["ms"] < 500
    full = (await toms.ask("wire_record", n=sent["n"]))["record"]
    assert full["payload"]["text"] == "4 fine"
    assert (await toms.ask("wire_record", n=99))["told"] == "That is not remembered any more."


async def test_the_wire_says_what_failed(tab, client, app, slack, northwind):
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0", text="Hello")
    slack.faults.add("chat.postMessage", "dropped_before_store")
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=northwind.id, text="Hello")
    slack.faults.add("auth.test", "error_500_stored")
    with pytest.raises(SlackApiError):
        await client.auth_test()
    records = (await tab.ask("wire"))["records"]
    assert [(one["kind"], one["error"], one["summary"]) for one in records] == [
        ("call:chat.postMessage", "channel_not_found", "C0 Hello"),
        ("call:chat.postMessage", "connection cut", f"{northwind.id} Hello"),
        ("call:auth.test", "HTTP 500", ""),
    ]


async def test_every_kind_of_record_has_a_summary(tab, client, app, northwind, make, ana):
    async def opening(payload):
        app.answer = None
        await client.views_open(trigger_id=payload["trigger_id"], view=make.modal(make.text("note"), *row))

    menu = {"type": "overflow", "action_id": "which", "options": make.options("why:1", "card:1")}
    row = make.message(make.button("more"), menu)
    app.answer = opening
    await tab.ask("shortcut", callback_id="log")
    [view] = (await tab.until("views"))["stack"]
    await tab.ask("action", place={"view": view["id"]}, block_id="row", action_id="more", state={})
    chosen = {"selected_option": menu["options"][0]}
    await tab.ask("action", place={"view": view["id"]}, block_id="row", action_id="which", state=chosen)
    app.answer = {"response_action": "errors", "errors": {"note": "No."}}
    await tab.ask("submit", view=view["id"], values={"note": {"value": {"value": "x"}}})
    app.answer = None
    await tab.ask("channel_do", channel=northwind.id, what="archive")
    told = {(one["kind"], one["summary"]) for one in (await tab.ask("wire"))["records"]}
    assert told >= {
        ("shortcut", "log"),
        ("call:views.open", "Form"),
        ("block_actions", "more"),
        ("block_actions", "which why:1"),
        ("view_submission", "form"),
        ("answer:view_submission", "errors"),
        ("event:channel_archive", f"{ana.id} {northwind.id}"),
    }


async def test_the_wire_is_read_back_by_pages_and_forgets_the_oldest(tab, client, slack):
    for _ in range(2300):
        slack.ground.record("from_app", "call:auth.test", {})
    await client.auth_test()
    newest = await tab.ask("wire")
    assert [newest["records"][0]["n"], newest["records"][-1]["n"]] == [2102, 2301]
    older = await tab.ask("wire", before=2102)
    assert older["records"][-1]["n"] == 2101
    assert len(slack.wire) <= 2200
    assert (await tab.ask("wire_record", n=1))["ok"] is False
    assert (await tab.ask("wire_record", n=2301))["record"]["kind"] == "call:auth.test"


async def test_the_database_is_one_table_at_a_time(tab, slack, ana):
    async with tab_of(slack, ana) as other:
        assert (await other.scene())["has_tables"]
    assert (await tab.ask("tables"))["tables"] == [{"name": "client", "rows": 3}]
    found = await tab.ask("rows", table="client", offset=1)
    assert (found["columns"], found["rows"], found["total"]) == (["name"], [["Halden"], ["Orchard"]], 3)
    assert (await tab.ask("rows", table="secrets"))["told"] == "There is no such table."


async def test_only_what_the_app_subscribed_to_is_told(app):
    facts = Facts(events=frozenset({"channel_archive"}))
    async with StandIn(signing_secret=SECRET, bot_token=BOT, page=Page(facts)) as slack:
        slack.connect(app.url)
        channel = slack.world.add_channel("northwind", members=[slack.world.add_member("Ana")])
        async with tab_of(slack) as tab:
            await tab.ask("channel_do", channel=channel.id, what="share")
            await tab.ask("channel_do", channel=channel.id, what="archive")
    assert kinds(app) == ["channel_archive"]


async def test_a_clock_that_cannot_be_moved_says_so():
    async with StandIn(signing_secret=SECRET, bot_token=BOT, page=Page()) as slack, tab_of(slack) as tab:
        assert (await tab.ask("clock", to="+1h"))["told"] == "This clock cannot be moved."
        assert (await tab.ask("tables"))["tables"] == []
        assert (await tab.ask("rows", table="client"))["told"] == "There is no database to look into."


async def test_what_happens_with_no_app_there_has_happened_all_the_same(tab, slack, northwind, ana):
    slack.connect(None)
    assert (await tab.ask("say", channel=slack.world.dm(ana).id, text="Anybody?"))["ok"]
    assert (await tab.ask("open_home", tab="home"))["ok"]
    assert (await tab.ask("channel_do", channel=northwind.id, what="archive"))["told"] == "No app is connected."
    assert northwind.archived


async def test_a_stand_in_that_stops_lets_its_pages_and_its_errands_go(app):
    async def never(_):
        await asyncio.Event().wait()

    app.answer = never
    async with StandIn(signing_secret=SECRET, bot_token=BOT, page=Page(), deadline=2 * PATIENCE) as slack:
        slack.connect(app.url)
        slack.world.add_member("Ana")
        async with tab_of(slack) as tab:
            await tab.ask("open_home", tab="home")
            await tab.start("shortcut", callback_id="log")
            await asyncio.wait_for(slack.stop(), PATIENCE)
            assert (await tab._socket.receive()).type is aiohttp.WSMsgType.CLOSE
