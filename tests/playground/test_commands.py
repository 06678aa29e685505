import asyncio

import aiohttp
import pytest
from starlette.responses import PlainTextResponse

from bot.playground.delivery import NothingConnected
from bot.playground.server import StandIn
from tests.playground.conftest import HASTE, hasty


async def post(url, body):
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.json()


async def test_a_command_arrives_signed_with_the_fields_slack_sends(me, app, northwind, slack):
    answer = await me.command("/checkin", "4 went well", channel=northwind)
    assert answer.ok
    assert answer.status == 200
    sent = app.last
    assert set(sent) == {
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
        "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    }  # fmt: skip
    assert (sent["command"], sent["text"], sent["channel_name"]) == ("/checkin", "4 went well", "northwind")
    assert (sent["channel_id"], sent["user_id"], sent["team_id"]) == (northwind.id, me.id, slack.world.team.id)


async def test_a_command_in_private_places_does_not_name_them(me, app, slack, ana):
    await me.command("/checkin", channel=slack.world.add_channel("secret", members=[ana], private=True))
    assert app.last["channel_name"] == "privategroup"
    await me.command("/checkin")
    assert app.last["channel_name"] == "directmessage"


async def test_an_answer_in_the_body_is_seen_by_the_sender_alone(me, app, northwind, slack):
    tom = slack.world.add_member("Tom")
    northwind.members.append(tom.id)
    app.answer = {"text": "Logged."}
    answer = await me.command("/checkin", channel=northwind)
    assert answer.text == "Logged."
    assert [message.text for message in me.sees(northwind)] == ["Logged."]
    assert slack.person(tom).sees(northwind) == []
    assert slack.posted(northwind) == []


async def test_an_answer_in_channel_is_seen_by_all(me, app, northwind, slack):
    app.answer = {"text": "Logged.", "response_type": "in_channel"}
    await me.command("/checkin", channel=northwind)
    assert [message.text for message in slack.posted(northwind)] == ["Logged."]


async def test_an_answer_with_blocks_slack_refuses_is_not_shown(me, app, northwind):
    app.answer = {"text": "x", "blocks": [{"type": "divider"}] * 51}
    answer = await me.command("/checkin", channel=northwind)
    assert answer.error == "invalid_command_response"
    assert answer.problems
    assert me.sees(northwind) == []


@hasty
async def test_an_answer_after_the_deadline_is_an_operation_timeout(me, app):
    async def late(_):
        await asyncio.sleep(1)

    app.answer = late
    answer = await me.command("/checkin")
    assert answer.error == "operation_timeout"
    assert answer.elapsed >= HASTE
    assert answer.told == '/checkin failed with the error "operation_timeout"'


async def test_a_refused_request_is_a_dispatch_failed(me, app, slack):
    slack.connect(app.url + "/elsewhere")
    answer = await me.command("/checkin")
    assert (answer.status, answer.error) == (404, "dispatch_failed")
    slack.connect("http://127.0.0.1:1/")
    assert (await me.command("/checkin")).error == "dispatch_failed"
    assert [record.error for record in slack.failures()] == ["dispatch_failed", "dispatch_failed"]


async def test_without_an_app_there_is_nothing_to_deliver_to(me, slack):
    slack.connect(None)
    with pytest.raises(NothingConnected):
        await me.command("/checkin")


async def test_a_wrong_secret_is_noticed_by_the_app(app):
    async with StandIn(signing_secret="another", bot_token="xoxb-x") as slack:
        slack.connect(app.url)
        person = slack.person(slack.world.add_member("Ana"))
        assert (await person.command("/checkin")).status == 401


async def test_raw_bytes_reach_the_app_unsigned_or_signed(slack, app):
    body = b"command=%2Fcheckin"
    assert (await slack.raw(body, {"X-Slack-Signature": "v0=é".encode()})).status == 401
    headers = slack.sign(body) | {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await slack.raw(body, headers)).status == 200


async def test_a_response_url_works_five_times(me, app, northwind):
    await me.command("/checkin", channel=northwind)
    url = app.last["response_url"]
    for number in range(5):
        assert await post(url, {"text": str(number)}) == (200, {"ok": True})
    assert await post(url, {"text": "6"}) == (404, {"ok": False, "error": "used_url"})
    assert [message.text for message in me.sees(northwind)] == ["0", "1", "2", "3", "4"]


async def test_a_response_url_expires_after_half_an_hour(me, app, clock, half_hour):
    await me.command("/checkin")
    clock.advance(half_hour)
    assert await post(app.last["response_url"], {"text": "late"}) == (404, {"ok": False, "error": "expired_url"})


async def test_a_response_url_refuses_what_slack_cannot_draw(me, app):
    await me.command("/checkin")
    status, body = await post(app.last["response_url"], {"text": ""})
    assert (status, body["error"]) == (400, "no_text")


async def test_a_response_url_replaces_and_deletes_the_clicked_message(me, app, northwind, make):
    app.answer = {"text": "Logged.", "blocks": make.message(make.button("undo"))}
    await me.command("/checkin", channel=northwind)
    app.answer = None
    await me.click("undo")
    url = app.last["response_url"]
    await post(url, {"replace_original": True, "text": "Undone."})
    assert [message.text for message in me.sees(northwind)] == ["Undone."]
    await post(url, {"delete_original": True})
    assert me.sees(northwind) == []


async def test_the_wire_keeps_what_went_both_ways(me, app, slack):
    app.answer = {"text": "Logged."}
    await me.command("/checkin")
    assert [(record.direction, record.kind) for record in slack.wire] == [
        ("to_app", "command"),
        ("from_app", "answer:command"),
    ]
    assert list(slack.wire.drawn()) == [({"text": "Logged."}, "message")]


async def test_a_response_url_refuses_what_it_cannot_read_or_replace(me, app, slack, make):
    await me.command("/checkin")
    url = app.last["response_url"]
    assert (await post(url, ["x"]))[1]["error"] == "invalid_payload"
    assert (await post(url, {"replace_original": True, "text": "x"}))[1]["error"] == "message_not_found"
    assert (await post(url, {"delete_original": True}))[1]["error"] == "message_not_found"
    assert (await post(url, {"text": 7}))[1]["error"] == "invalid_arguments"
    assert (await post(slack.url + "hooks/none", {"text": "x"}))[1]["error"] == "invalid_url"


async def test_a_public_message_replaced_by_a_click_is_marked_edited(me, app, northwind, make, slack):
    app.answer = {"text": "Logged.", "response_type": "in_channel", "blocks": make.message(make.button("undo"))}
    await me.command("/checkin", channel=northwind)
    app.answer = None
    await me.click("undo")
    await post(app.last["response_url"], {"replace_original": True, "text": "Undone."})
    assert slack.posted()[0].edited
    assert slack.posted()[0].blocks == []


async def test_what_stays_in_a_replaced_message_keeps_its_id(me, app, northwind, make, slack):
    line = {"type": "divider"}
    app.answer = {"text": "One.", "response_type": "in_channel", "blocks": [line, *make.message(make.button("undo"))]}
    await me.command("/checkin", channel=northwind)
    before = slack.posted()[0].blocks[0]["block_id"]
    app.answer = None
    await me.click("undo")
    await post(app.last["response_url"], {"replace_original": True, "text": "Two.", "blocks": [line]})
    assert [block["block_id"] for block in slack.posted()[0].blocks] == [before]


async def test_an_answer_in_plain_text_is_shown_as_it_is(me, app):
    app.answer = PlainTextResponse("Logged.")
    answer = await me.command("/checkin")
    assert (answer.text, answer.blocks, me.sees()[0].text) == ("Logged.", [], "Logged.")


async def test_an_answer_that_claims_json_but_is_not_is_text(me, app):
    app.answer = PlainTextResponse("{", media_type="application/json")
    assert (await me.command("/checkin")).text == "{"
