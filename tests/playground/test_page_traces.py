"""What Slack leaves in a conversation by itself: who joined, and that a thread's first message was deleted."""

import pytest

GONE = "This message was deleted."


async def newest(tab, channel):
    return (await tab.ask("history", channel=channel.id))["messages"][-1]


async def test_who_joins_is_told_in_the_channel_and_not_delivered_as_a_message(tab, toms, slack, app, northwind, ana):
    await tab.ask("channel_do", channel=northwind.id, what="leave")
    await tab.ask("channel_do", channel=northwind.id, what="join")
    pushed = await toms.message(f"<@{ana.id}> has joined the channel")
    assert (pushed["subtype"], pushed["user"], pushed["app"]) == ("channel_join", ana.id, False)
    assert "inviter" not in pushed
    assert [payload["event"]["type"] for payload, _ in app.requests] == ["member_left_channel", "member_joined_channel"]


async def test_who_is_invited_is_told_with_who_invited_them(tab, slack, northwind, ana):
    await tab.ask("channel_do", channel=northwind.id, what="guest_joins")
    told = await newest(tab, northwind)
    assert (told["subtype"], told["inviter"]) == ("channel_join", ana.id)
    assert slack.world.members[told["user"]].guest


async def test_the_app_reads_that_it_joined_as_slack_tells_it(tab, client, slack, northwind):
    await tab.ask("channel_do", channel=northwind.id, what="remove_app")
    await tab.ask("channel_do", channel=northwind.id, what="invite_app")
    [told] = (await client.conversations_history(channel=northwind.id))["messages"]
    assert (told["subtype"], told["text"]) == ("channel_join", f"<@{slack.world.bot.id}> has joined the channel")
    assert "bot_id" not in told
    assert slack.posted(northwind) == []


async def test_that_somebody_joined_is_nothing_to_catch_up_on(tab, toms, northwind):
    await toms.ask("channel_do", channel=northwind.id, what="guest_joins")
    assert (await tab.channels())["northwind"]["unread"] == 0


@pytest.fixture
async def parent(client, northwind):
    return (await client.chat_postMessage(channel=northwind.id, text="Shall we?"))["ts"]


async def test_a_deleted_message_with_replies_leaves_a_trace(tab, client, slack, northwind, parent, make):
    await tab.ask("say", channel=northwind.id, text="Yes!", thread_ts=parent)
    await client.chat_delete(channel=northwind.id, ts=parent)
    pushed = await tab.message(GONE)
    assert (pushed["ts"], pushed["subtype"], pushed["user"]) == (parent, "tombstone", "USLACKBOT")
    assert (pushed["app"], pushed["reply_count"], "blocks" in pushed) == (False, 1, False)
    first, reply = (await tab.ask("thread", channel=northwind.id, ts=parent))["messages"]
    assert (first["text"], reply["text"]) == (GONE, "Yes!")
    assert (await tab.ask("say", channel=northwind.id, text="Or no?", thread_ts=parent))["ok"]
    assert slack.posted(northwind) == []


async def test_what_was_deleted_cannot_be_deleted_or_touched_again(tab, client, slack, northwind, parent):
    await tab.ask("say", channel=northwind.id, text="Yes!", thread_ts=parent)
    await client.chat_delete(channel=northwind.id, ts=parent)
    for call in (client.chat_delete, client.chat_update):
        with pytest.raises(Exception, match="message_not_found"):
            await call(channel=northwind.id, ts=parent, text="x")
    no = await tab.ask("message_shortcut", callback_id="keep", channel=northwind.id, ts=parent)
    assert no["told"] == "That message is gone."


async def test_the_trace_goes_with_the_last_reply(tab, client, northwind, parent):
    reply = await client.chat_postMessage(channel=northwind.id, text="Yes!", thread_ts=parent)
    await client.chat_delete(channel=northwind.id, ts=parent)
    await tab.message(GONE)
    await client.chat_delete(channel=northwind.id, ts=reply["ts"])
    await tab.until("gone", lambda body: body["ts"] == parent)
    assert (await tab.ask("history", channel=northwind.id))["messages"] == []


async def test_a_message_without_replies_leaves_nothing(tab, client, northwind, parent):
    await client.chat_delete(channel=northwind.id, ts=parent)
    await tab.until("gone", lambda body: body["ts"] == parent)
