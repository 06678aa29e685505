import datetime as dt
import time

import aiohttp
import pytest

from bot.playground.people import Message
from tests.playground.tabs import tab_of

STRANGERS = "T0000CLIENT"


def texts(answer):
    return [message["text"] for message in answer["messages"]]


def unread(channels, name):
    return channels[name]["unread"]


async def read_all(tab, channel, limit):
    """Page back to the beginning."""
    pages, before = [], None
    while True:
        answer = await tab.ask("history", channel=channel.id, before=before, limit=limit)
        pages.insert(0, texts(answer))
        if not answer["more"]:
            return pages
        before = answer["messages"][0]["ts"]


async def test_what_one_says_the_others_see_at_once(tab, toms, northwind, ana):
    answer = await tab.ask("say", channel=northwind.id, text="Hello, all & sundry")
    seen = await toms.message("Hello, all &amp; sundry")
    assert (seen["user"], seen["ts"], seen["channel"]) == (ana.id, answer["ts"], northwind.id)
    assert (seen["app"], seen["only_you"], seen["edited"], seen["reply_count"]) == (False, False, False, 0)
    assert tab.told("message")[0]["message"]["text"] == "Hello, all &amp; sundry"


async def test_names_channels_and_addresses_become_links(tab, toms, northwind, ana, tom):
    said = "@tom see #northwind, https://example.com/a?b=1&c=2. And mail ana@tom.example, #nothing, @nobody"
    await tab.ask("say", channel=northwind.id, text=said)
    [message] = (await toms.ask("history", channel=northwind.id))["messages"]
    assert message["text"] == (
        f"<@{tom.id}> see <#{northwind.id}|northwind>, <https://example.com/a?b=1&amp;c=2>."
        " And mail ana@tom.example, #nothing, @nobody"
    )


async def test_history_comes_by_pages_oldest_first_whatever_the_order_it_was_kept_in(tab, slack, ana, northwind):
    for number in (3, 1, 0, 4, 2):
        slack.world.post(Message(northwind.id, f"170000000{number}.000000", ana.id, str(number)))
    assert await read_all(tab, northwind, 2) == [["0"], ["1", "2"], ["3", "4"]]
    assert await read_all(tab, northwind, 5) == [["0", "1", "2", "3", "4"]]


async def test_two_messages_of_the_same_instant_are_two(tab, slack, ana, northwind):
    for text in ("one", "other"):
        slack.world.post(Message(northwind.id, "1700000000.999999", ana.id, text))
    assert await read_all(tab, northwind, 50) == [["one", "other"]]


async def test_a_thread_stands_apart_and_its_parent_counts_it(tab, toms, northwind, tom):
    parent = (await tab.ask("say", channel=northwind.id, text="Question"))["ts"]
    await toms.ask("say", channel=northwind.id, text="Answer", thread_ts=parent)
    latest = (await toms.ask("say", channel=northwind.id, text="Another", thread_ts=parent))["ts"]
    seen = await tab.until("message", lambda body: body["message"].get("reply_count") == 2)
    assert (seen["message"]["latest_reply"], seen["message"]["reply_users"]) == (latest, [tom.id])
    assert texts(await tab.ask("history", channel=northwind.id)) == ["Question"]
    assert texts(await tab.ask("thread", channel=northwind.id, ts=parent)) == ["Question", "Answer", "Another"]


async def test_a_reply_to_what_is_gone_is_not_kept(tab, northwind):
    answer = await tab.ask("say", channel=northwind.id, text="Answer", thread_ts="1.2")
    assert answer["told"] == "This thread is gone."


async def test_a_reply_shown_to_all_stands_in_both_places(tab, client, northwind):
    parent = (await tab.ask("say", channel=northwind.id, text="Question"))["ts"]
    await client.chat_postMessage(channel=northwind.id, text="Aloud", thread_ts=parent, reply_broadcast=True)
    assert (await tab.message("Aloud"))["broadcast"]
    assert texts(await tab.ask("history", channel=northwind.id)) == ["Question", "Aloud"]
    assert texts(await tab.ask("thread", channel=northwind.id, ts=parent)) == ["Question", "Aloud"]


async def test_what_the_app_posts_changes_and_takes_back_is_pushed(tab, client, northwind):
    posted = await client.chat_postMessage(channel=northwind.id, text="Draft")
    assert (await tab.message("Draft"))["app"]
    await client.chat_update(channel=northwind.id, ts=posted["ts"], text="Final")
    assert (await tab.message("Final"))["edited"]
    await client.chat_delete(channel=northwind.id, ts=posted["ts"])
    assert (await tab.until("gone")) == {"push": "gone", "channel": northwind.id, "ts": posted["ts"]}
    assert texts(await tab.ask("history", channel=northwind.id)) == []


async def test_a_reply_taken_back_is_no_longer_counted(tab, client, northwind):
    parent = (await tab.ask("say", channel=northwind.id, text="Question"))["ts"]
    reply = await client.chat_postMessage(channel=northwind.id, text="Answer", thread_ts=parent)
    await tab.until("message", lambda body: body["message"].get("reply_count") == 1)
    await client.chat_delete(channel=northwind.id, ts=reply["ts"])
    await tab.until("message", lambda body: body["message"]["ts"] == parent and body["message"]["reply_count"] == 0)


async def test_an_answer_for_one_is_seen_by_one(tab, toms, app, northwind):
    app.answer = {"text": "Only for you"}
    assert (await tab.ask("command", channel=northwind.id, name="/checkin", text=""))["ok"]
    assert (await tab.message("Only for you"))["only_you"]
    assert texts(await tab.ask("history", channel=northwind.id)) == ["Only for you"]
    assert texts(await toms.ask("history", channel=northwind.id)) == []
    assert toms.told("message") == []


async def test_a_response_url_changes_and_removes_what_one_sees(tab, app, northwind, make):
    app.answer = {"text": "Logged.", "blocks": make.message(make.button("undo"))}
    await tab.ask("command", channel=northwind.id, name="/checkin", text="")
    seen = await tab.message("Logged.")
    place = {"channel": northwind.id, "ts": seen["ts"]}
    app.answer = None
    assert (await tab.ask("action", place=place, block_id="row", action_id="undo", state={}))["ok"]
    url = app.last["response_url"]
    async with aiohttp.ClientSession() as session:
        await session.post(url, json={"replace_original": True, "text": "Undone."})
        assert (await tab.message("Undone."))["ts"] == seen["ts"]
        await session.post(url, json={"delete_original": True})
    assert (await tab.until("gone"))["ts"] == seen["ts"]


async def test_what_is_gone_for_one_was_never_there_for_another(toms, app, me, northwind, make):
    app.answer = {"text": "Logged.", "blocks": make.message(make.button("undo"))}
    await me.command("/checkin", channel=northwind)
    app.answer = None
    await me.click("undo")
    async with aiohttp.ClientSession() as session:
        await session.post(app.last["response_url"], json={"delete_original": True})
    await toms.ask("wire")
    assert toms.told("gone") == []


async def test_the_app_reads_what_is_said_to_it_alone(tab, app, slack, ana, northwind):
    await tab.ask("say", channel=northwind.id, text="Not for the app")
    dm = slack.world.dm(ana)
    answer = await tab.ask("say", channel=dm.id, text="For the app")
    await tab.until("wire", lambda body: body["records"][-1]["kind"] == "answer:event:message")
    event = app.last["event"]
    assert (event["type"], event["channel_type"], event["text"]) == ("message", "im", "For the app")
    assert (event["ts"], event["channel"], len(app.requests)) == (answer["ts"], dm.id, 1)


async def test_unread_counts_what_others_said_since_one_looked(tab, toms, slack, northwind, tom):
    await tab.ask("say", channel=northwind.id, text="one")
    await tab.ask("say", channel=northwind.id, text="two")
    pushed = await toms.until("channel", lambda body: body["channel"]["unread"] == 2)
    assert pushed["channel"]["id"] == northwind.id
    assert unread(await tab.channels(), "northwind") == 0
    async with tab_of(slack, tom) as other:
        await toms.ask("read", channel=northwind.id)
        await other.until("channel", lambda body: body["channel"]["unread"] == 0)
        await other.ask("say", channel=northwind.id, text="I read it all")
        assert unread(await other.channels(), "northwind") == 0
    assert unread(await toms.channels(), "northwind") == 0


async def test_what_was_there_before_counts_as_read_and_counting_ends_at_a_hundred(tab, slack, tom, ana, northwind):
    before = slack.world.clock.now() - dt.timedelta(days=1)
    for number in range(200):
        slack.world.post(Message(northwind.id, f"{before.timestamp() + number:.6f}", tom.id, "then"))
    assert unread(await tab.channels(), "northwind") == 0
    for _ in range(200):
        slack.person(tom).post(northwind, "now")
    assert unread(await tab.channels(), "northwind") == 100


async def test_a_guest_sees_only_where_they_are(slack, ana, northwind):
    guest = slack.world.add_member("Omar", guest=True)
    general = slack.world.add_channel("general", members=[ana, guest])
    async with tab_of(slack, guest) as tab:
        assert set(await tab.channels()) == {"general", "dm"}
        slack.person(ana).post(northwind, "Not for guests")
        slack.person(ana).post(general, "For guests too")
        await tab.message("For guests too")
        assert [body["message"]["text"] for body in tab.told("message")] == []
        for deed, more in (("history", {}), ("thread", {"ts": "1.2"}), ("read", {}), ("say", {"text": "x"})):
            answer = await tab.ask(deed, channel=northwind.id, **more)
            assert answer["told"] == "You can't open that conversation."
        assert (await tab.ask("command", channel=general.id, name="/checkin", text=""))["ok"]


async def test_a_stranger_sees_the_shared_channel_and_has_none_of_the_apps_commands(slack, app, ana, northwind):
    shared = slack.world.add_channel("orchard", members=[ana], shared=True)
    stranger = slack.world.add_member("Priya", team=STRANGERS)
    shared.members.append(stranger.id)
    async with tab_of(slack, stranger) as tab:
        scene = await tab.scene()
        assert [one["name"] for one in scene["channels"]] == ["orchard"]
        assert (scene["app"]["commands"], scene["app"]["shortcuts"], scene["app"]["dm"]) == ([], [], None)
        assert [one["stranger"] for one in scene["members"] if one["me"]] == [True]
        answer = await tab.ask("command", channel=shared.id, name="/checkin", text="")
        assert answer["told"] == "/checkin is not a valid command."
        assert (await tab.ask("shortcut", callback_id="log"))["told"] == "There is no such shortcut."
        assert (await tab.ask("open_home", tab="home"))["told"] == "The app lives in another workspace."
    assert app.requests == []


async def test_a_private_channel_is_for_its_members(slack, tab, toms, ana):
    slack.world.add_channel("leads", members=[ana], private=True)
    assert "leads" in await tab.channels()
    assert "leads" not in await toms.channels()


async def test_a_public_channel_is_read_before_it_is_joined_and_written_after(slack, tab, toms, tom):
    open_ = slack.world.add_channel("random", members=[tom])
    await toms.ask("say", channel=open_.id, text="Come in")
    assert texts(await tab.ask("history", channel=open_.id)) == ["Come in"]
    answer = await tab.ask("say", channel=open_.id, text="Hello")
    assert answer["told"] == "You are not in #random. Join it first."
    assert (await tab.ask("channel_do", channel=open_.id, what="join"))["ok"]
    assert (await tab.ask("say", channel=open_.id, text="Hello"))["ok"]


async def test_nobody_writes_where_slack_lets_nobody_write(slack, tab, ana):
    archived = slack.world.add_channel("old", members=[ana], archived=True)
    restricted = slack.world.add_channel("news", members=[ana], restricted=True)
    for channel, why in (
        (archived, "This channel is archived: nobody can write here."),
        (restricted, "Only some people can write in #news."),
    ):
        assert (await tab.ask("say", channel=channel.id, text="x"))["told"] == why
        assert (await tab.ask("command", channel=channel.id, name="/checkin", text=""))["told"] == why
    ana.admin = True
    assert (await tab.ask("say", channel=restricted.id, text="x"))["ok"]


async def test_two_people_talk_without_the_app(slack, tab, toms, app, ana, tom):
    between = slack.world.other_dm(ana, tom)
    pushed = await tab.until("channels", lambda body: any(one["id"] == between.id for one in body["channels"]))
    assert {one["id"]: one["with"] for one in pushed["channels"]}[between.id] == tom.id
    await tab.ask("say", channel=between.id, text="Psst")
    assert (await toms.message("Psst"))["channel"] == between.id
    assert {one["id"]: one["with"] for one in (await toms.channels()).values()}[between.id] == ana.id
    assert app.requests == []


async def test_somebody_else_may_sit_down_in_the_same_tab(tab, slack, tom):
    assert (await tab.ask("act_as", user=tom.id))["ok"]
    assert (await tab.scene())["me"] == tom.id
    assert (await tab.ask("act_as", user=slack.world.bot.id))["told"] == "Nobody can act as Ember."
    assert (await tab.ask("act_as", user="U0"))["told"] == "There is nobody like that here."


async def test_a_closed_tab_is_forgotten(slack, ana, northwind, tom):
    async with tab_of(slack, ana):
        pass
    async with tab_of(slack, tom) as toms:
        await toms.ask("say", channel=northwind.id, text="Anybody?")
        assert len(slack.world._changes._listeners) == 1


@pytest.mark.without_coverage
async def test_a_page_of_history_costs_the_same_in_a_long_channel(tab, slack, ana, northwind):
    slack.world.post(Message(northwind.id, "1500000000.000000", ana.id, "first"))
    few = await _seconds(tab, northwind)
    for number in range(20_000):
        slack.world.post(Message(northwind.id, f"{1600000000 + number}.000000", ana.id, "x"))
    await tab.ask("wire")
    assert await _seconds(tab, northwind) < 20 * few + 0.05


async def _seconds(tab, channel):
    best = 9.9
    for _ in range(5):
        started = time.perf_counter()
        await tab.ask("history", channel=channel.id, limit=1)
        best = min(best, time.perf_counter() - started)
    return best
