import asyncio

from starlette.responses import Response

from tests.playground.conftest import hasty


async def test_an_event_has_slacks_envelope(slack, app, northwind, ana):
    northwind.shared = True
    answer = await slack.event("member_joined_channel", channel=northwind.id, user=ana.id)
    assert answer.ok
    envelope = app.last
    assert envelope["type"] == "event_callback"
    assert envelope["event"]["type"] == "member_joined_channel"
    assert envelope["authorizations"][0]["user_id"] == slack.world.bot.id
    assert envelope["event_id"].startswith("Ev")
    assert envelope["is_ext_shared_channel"] is True


async def test_a_duplicate_has_the_same_event_id(slack, app):
    await slack.event("team_join", user={"id": "U1"}, duplicate=True)
    assert len(app.requests) == 2
    assert len({payload["event_id"] for payload, _ in app.requests}) == 1


async def test_a_failed_event_is_retried_three_times_with_number_and_reason(slack, app):
    app.answer = Response(status_code=500)
    await slack.event("app_uninstalled")
    await slack.settled()
    headers = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for _, h in app.requests]
    assert headers == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({payload["event_id"] for payload, _ in app.requests}) == 1
    assert len(slack.failures()) == 4


@hasty
async def test_a_late_event_is_retried_until_the_app_answers_in_time(slack, app):
    async def late_at_first(_):
        if len(app.requests) == 1:
            await asyncio.sleep(1)

    app.answer = late_at_first
    assert (await slack.event("user_change")).error == "operation_timeout"
    await slack.settled()
    assert [h.get("x-slack-retry-reason") for _, h in app.requests] == [None, "http_timeout"]


async def test_the_app_can_decline_retries(slack, app):
    app.answer = Response(status_code=500, headers={"X-Slack-No-Retry": "1"})
    await slack.event("user_change")
    await slack.settled()
    assert len(app.requests) == 1


async def test_a_dm_is_a_message_event_in_an_im(me, app, slack, ana):
    await me.dm("Northwind 4 & more")
    event = app.last["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", me.id)
    assert event["text"] == "Northwind 4 &amp; more"
    assert event["channel"] == slack.world.dm(ana).id
    assert [message.text for message in me.sees()] == ["Northwind 4 &amp; more"]


async def test_a_delivery_can_be_sent_again(me, app, slack):
    answer = await me.command("/checkin", "4 fine")
    await slack.redeliver(answer)
    assert app.requests[0][0] == app.requests[1][0]


async def test_a_global_shortcut_has_a_trigger_and_no_channel(me, app):
    await me.shortcut("log")
    assert (app.last["type"], app.last["callback_id"]) == ("shortcut", "log")
    assert app.last["trigger_id"]
    assert "channel" not in app.last
