import asyncio
import datetime as dt

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.elements import ClientSideError


async def refusal(call):
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_the_app_posts_where_it_is_a_member(client, slack, ana, northwind):
    answer = await client.chat_postMessage(channel=northwind.id, text="Hello")
    assert [message.text for message in slack.posted(northwind)] == ["Hello"]
    assert slack.posted()[0].ts == answer["ts"]
    world = slack.world
    closed = world.add_channel("closed", archived=True)
    shut = world.add_channel("announcements", restricted=True)
    public = world.add_channel("public", bot=False)
    private = world.add_channel("private", bot=False, private=True)
    assert await refusal(client.chat_postMessage(channel=closed.id, text="x")) == "is_archived"
    assert await refusal(client.chat_postMessage(channel=shut.id, text="x")) == "restricted_action"
    assert await refusal(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
    assert await refusal(client.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refusal(client.api_call("chat.postMessage", json={"text": "x"})) == "missing_argument"


async def test_the_app_writes_to_a_person_by_user_id(client, slack, ana, me):
    answer = await client.chat_postMessage(channel=ana.id, text="Your Tuesday")
    assert answer["channel"] == slack.world.dm(ana).id
    assert [message.text for message in me.sees(slack.world.dm(ana))] == ["Your Tuesday"]
    assert [message.text for message in slack.posted(ana)] == ["Your Tuesday"]
    opened = await client.conversations_open(users=ana.id)
    assert opened["channel"]["id"] == answer["channel"]


async def test_messages_slack_cannot_draw_are_refused(client, northwind):
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=northwind.id, text="x", blocks=[{"type": "divider"}] * 51)
    assert caught.value.response["error"] == "invalid_blocks"
    assert caught.value.response["response_metadata"]["messages"]
    assert await refusal(client.chat_postMessage(channel=northwind.id, text="x" * 40_001)) == "msg_too_long"
    assert await refusal(client.api_call("chat.postMessage", json={"channel": northwind.id})) == "no_text"
    broken = client.api_call("chat.postMessage", data={"channel": northwind.id, "text": "x", "blocks": "[{"})
    assert await refusal(broken) == "invalid_blocks_format"


async def test_a_key_that_slack_does_not_document_is_named_in_the_refusal(client, northwind, make):
    picker = {"type": "datepicker", "action_id": "on", "accessibility_label": "Another day"}
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=northwind.id, text="x", blocks=make.message(picker))
    assert caught.value.response["error"] == "invalid_blocks"
    says = "[ERROR] invalid additional property: accessibility_label [json-pointer:/blocks/0/elements/0]"
    assert caught.value.response["response_metadata"]["messages"] == [says]


async def test_form_json_and_query_arguments_are_all_read(client, slack, northwind):
    blocks = '[{"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}]'
    await client.api_call("chat.postMessage", data={"channel": northwind.id, "text": "form", "blocks": blocks})
    await client.api_call("chat.postMessage", params={"channel": northwind.id, "text": "query"})
    await client.api_call("chat.postMessage", json={"channel": northwind.id, "text": "json"})
    assert [message.text for message in slack.posted()] == ["form", "query", "json"]
    assert slack.posted()[0].blocks[0]["block_id"]


async def test_an_ephemeral_message_is_for_one_person(client, slack, me, ana, northwind):
    tom = slack.world.add_member("Tom")
    posted = await client.chat_postEphemeral(channel=northwind.id, user=ana.id, text="Only you")
    assert [message.text for message in me.sees(northwind)] == ["Only you"]
    assert slack.posted() == []
    stranger = client.chat_postEphemeral(channel=northwind.id, user=tom.id, text="x")
    assert await refusal(stranger) == "user_not_in_channel"
    update = client.chat_update(channel=northwind.id, ts=posted["message_ts"], text="x")
    assert await refusal(update) == "message_not_found"


async def test_only_own_messages_are_changed_and_deleted(client, slack, me, northwind, make):
    blocks = make.message(make.button("ok"))
    ts = (await client.chat_postMessage(channel=northwind.id, text="one", blocks=blocks))["ts"]
    await client.chat_update(channel=northwind.id, ts=ts, text="two")
    assert (slack.posted()[0].text, len(slack.posted()[0].blocks)) == ("two", 1)
    await client.chat_update(channel=northwind.id, ts=ts, text="three", blocks=[])
    assert slack.posted()[0].blocks == []
    theirs = me.post(northwind, "mine").ts
    assert await refusal(client.chat_update(channel=northwind.id, ts=theirs, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=northwind.id, ts=theirs)) == "cant_delete_message"
    await client.chat_delete(channel=northwind.id, ts=ts)
    assert slack.posted() == []
    assert await refusal(client.chat_delete(channel=northwind.id, ts=ts)) == "message_not_found"


async def test_what_stays_in_a_changed_message_keeps_its_id(client, slack, northwind):
    line, words = {"type": "divider"}, {"type": "section", "text": {"type": "mrkdwn", "text": "One of two is done."}}
    ts = (await client.chat_postMessage(channel=northwind.id, text="one", blocks=[line]))["ts"]
    before = slack.posted()[0].blocks[0]["block_id"]
    await client.chat_update(channel=northwind.id, ts=ts, text="two", blocks=[words, line])
    assert slack.posted()[0].blocks[1]["block_id"] == before


async def test_history_is_newest_first_bounded_paged_and_shows_metadata_on_request(client, slack, me, northwind, clock):
    metadata = {"event_type": "ember_delivery", "event_payload": {"id": "1"}}
    first = await client.chat_postMessage(channel=northwind.id, text="0", metadata=metadata)
    clock.advance(dt.timedelta(minutes=1))
    for number in range(1, 5):
        await client.chat_postMessage(channel=northwind.id, text=str(number))
    await client.chat_postEphemeral(channel=northwind.id, user=me.id, text="never here")
    await client.chat_postMessage(channel=northwind.id, text="reply", thread_ts=first["ts"])
    pages = [page["messages"] async for page in await client.conversations_history(channel=northwind.id, limit=2)]
    assert [[message["text"] for message in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    later = await client.conversations_history(channel=northwind.id, oldest=first["ts"])
    assert [message["text"] for message in later["messages"]] == ["4", "3", "2", "1"]
    here = await client.conversations_history(channel=northwind.id, latest=first["ts"], inclusive=True)
    assert "metadata" not in here["messages"][0]
    here = await client.conversations_history(
        channel=northwind.id, latest=first["ts"], inclusive=True, include_all_metadata=True
    )
    assert here["messages"][0]["metadata"] == metadata
    thread = await client.conversations_replies(channel=northwind.id, ts=first["ts"])
    assert [message["text"] for message in thread["messages"]] == ["0", "reply"]
    assert await refusal(client.conversations_replies(channel=northwind.id, ts="1.0")) == "thread_not_found"
    elsewhere = slack.world.add_channel("elsewhere", bot=False)
    assert await refusal(client.conversations_history(channel=elsewhere.id)) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=northwind.id, cursor="?")) == "invalid_cursor"
    assert await refusal(client.conversations_history(channel=northwind.id, limit=0)) == "invalid_limit"


async def test_metadata_of_another_shape_is_refused(client, northwind):
    call = client.chat_postMessage(channel=northwind.id, text="x", metadata={"event_type": "a b", "event_payload": {}})
    assert await refusal(call) == "invalid_metadata_format"


async def test_message_times_are_unique_and_rise_with_the_clock_standing_still(client, northwind, clock, slack):
    clock.set(dt.datetime(2026, 5, 14, 9, tzinfo=dt.UTC))
    for _ in range(3):
        await client.chat_postMessage(channel=northwind.id, text="x")
    times = [message.ts for message in slack.posted()]
    assert times == sorted(set(times))
    assert times[0].startswith("1778749200.")


async def test_a_permalink_names_channel_and_time(client, me, northwind):
    message = me.post(northwind, "Priya called")
    answer = await client.chat_getPermalink(channel=northwind.id, message_ts=message.ts)
    assert answer["permalink"] == f"https://example.slack.com/archives/{northwind.id}/p{message.ts.replace('.', '')}"


async def test_a_message_shortcut_carries_the_message(me, app, northwind):
    message = me.post(northwind, "Tom & Priya <3")
    await me.message_shortcut("log", message)
    payload = app.last
    assert (payload["type"], payload["callback_id"]) == ("message_action", "log")
    assert payload["message"]["text"] == "Tom &amp; Priya &lt;3"
    assert payload["message_ts"] == payload["message"]["ts"]
    assert payload["channel"] == {"id": northwind.id, "name": "northwind"}
    assert payload["response_url"]
    assert payload["trigger_id"]


async def test_a_click_on_a_message_carries_its_place_and_accepts_the_confirmation(me, app, client, northwind, make):
    sure = {
        "title": make.plain("Sure?"),
        "text": make.plain("1 note"),
        "confirm": make.plain("Yes"),
        "deny": make.plain("No"),
    }
    row = make.message(make.button("drop", value="7", confirm=sure), make.button("keep"))
    posted = await client.chat_postMessage(channel=northwind.id, text="x", blocks=row)
    await me.click("drop", "7")
    payload = app.last
    assert payload["container"]["message_ts"] == posted["ts"]
    assert payload["container"]["is_ephemeral"] is False
    assert payload["message"]["ts"] == posted["ts"]
    assert (payload["actions"][0]["action_id"], payload["actions"][0]["block_id"]) == ("drop", "row")
    assert me.confirmed == [sure]


async def test_an_ephemeral_click_has_no_message_in_it(me, app, client, northwind, ana, make):
    row = make.message(make.button("go"))
    await client.chat_postEphemeral(channel=northwind.id, user=ana.id, text="x", blocks=row)
    await me.click("go", label="Go")
    assert app.last["container"]["is_ephemeral"] is True
    assert "message" not in app.last


async def test_menus_pickers_and_boxes_are_chosen_from(me, app, client, northwind, make):
    row = make.message(
        {"type": "overflow", "action_id": "menu", "options": make.options("why", "not_now")},
        {"type": "datepicker", "action_id": "day"},
        {"type": "static_select", "action_id": "pick", "options": make.options("mine", "all")},
    )
    await client.chat_postMessage(channel=northwind.id, text="x", blocks=row)
    await me.choose("menu", "not_now")
    assert app.last["actions"][0]["selected_option"]["value"] == "not_now"
    await me.choose("day", dt.date(2026, 5, 14))
    assert app.last["actions"][0]["selected_date"] == "2026-05-14"
    await me.choose("pick", "All")
    assert app.last["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "all"
    for action, value in (("menu", "never"), ("pick", "none"), ("nothing", "x")):
        with pytest.raises(ClientSideError):
            await me.choose(action, value)


async def test_a_body_that_is_not_json_is_refused(client, slack):
    headers = {"Authorization": "Bearer xoxb-test", "Content-Type": "application/json"}
    async with client.session.post(slack.url + "chat.postMessage", data="[", headers=headers) as response:
        assert (await response.json())["error"] == "invalid_json"


async def test_a_reaction_is_added_once(client, me, northwind):
    message = me.post(northwind, "hello")
    await client.reactions_add(channel=northwind.id, timestamp=message.ts, name="fire")
    assert message.reactions[0]["name"] == "fire"
    again = client.reactions_add(channel=northwind.id, timestamp=message.ts, name="fire")
    assert await refusal(again) == "already_reacted"


async def test_a_test_can_wait_for_a_message_and_read_everything_drawn(client, slack, ana):
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(slack.until_posted(1, ana))
        await client.chat_postMessage(channel=ana.id, text="x")
    assert [message.text for message in waiting.result()] == ["x"]
    assert [surface for _, surface in slack.wire.drawn()] == ["message"]


async def test_a_thread_and_a_time_must_exist(client, me, northwind, slack, ana):
    reply = client.chat_postMessage(channel=northwind.id, text="x", thread_ts="1.0")
    assert await refusal(reply) == "thread_not_found"
    assert await refusal(client.conversations_history(channel=northwind.id, oldest="soon")) == "invalid_ts_oldest"
    assert await refusal(client.chat_getPermalink(channel=northwind.id, message_ts="1.0")) == "message_not_found"
    nothing = client.reactions_add(channel=northwind.id, timestamp="1.0", name="fire")
    assert await refusal(nothing) == "message_not_found"
    own = (await client.chat_postMessage(channel=northwind.id, text="x"))["ts"]
    northwind.archived = True
    assert await refusal(client.chat_update(channel=northwind.id, ts=own, text="y")) == "is_archived"


async def test_metadata_must_be_an_object(client, northwind):
    call = client.api_call("chat.postMessage", json={"channel": northwind.id, "text": "x", "metadata": ["x"]})
    assert await refusal(call) == "invalid_metadata_format"
    blocks = client.api_call("chat.postMessage", json={"channel": northwind.id, "text": "x", "blocks": {"type": "x"}})
    assert await refusal(blocks) == "invalid_blocks_format"


async def test_a_click_can_name_its_message_and_an_open_modal_covers_the_rest(me, app, client, northwind, make):
    row = make.message(make.button("go"))
    await client.chat_postMessage(channel=northwind.id, text="older", blocks=row)
    await client.chat_postMessage(channel=northwind.id, text="newer", blocks=row)
    await me.click("go")
    assert app.last["message"]["text"] == "newer"
    older = next(message for message in me.sees(northwind) if message.text == "older")
    await me.click("go", in_=older)
    assert app.last["message"]["text"] == "older"
    await client.views_open(trigger_id=app.last["trigger_id"], view=make.modal())
    with pytest.raises(ClientSideError):
        await me.click("go")
    await me.click("go", in_="message")


async def test_two_people_may_talk_where_the_app_cannot_listen(client, slack, ana, me):
    private = slack.world.other_dm(ana, slack.world.add_member("Tom"))
    assert await refusal(client.conversations_history(channel=private.id)) == "channel_not_found"
    reply = me.post(private, "again", thread=me.post(private, "hello"))
    assert reply.thread_ts == me.sees(private)[0].ts
