"""Following a link of the workspace's own address: where it leads, and whom it leads nowhere."""

import pytest

GONE, SHUT = "That message is gone.", "You can't open that conversation."
NOT_YOURS, NOWHERE = "That canvas is gone, or nobody has shared it with you.", "The playground has no such page."


@pytest.fixture
def link(client):
    """The address of a message, as Slack gives it to the app."""

    async def link(channel, ts):
        return (await client.chat_getPermalink(channel=channel.id, message_ts=ts))["permalink"]

    return link


@pytest.fixture
async def canvas(client, slack, ana):
    """The address of a canvas that Ana may read."""
    content = {"type": "markdown", "markdown": "**Why us:** ideas"}
    made = await client.api_call("canvases.create", json={"title": "Northwind, brief", "document_content": content})
    access = {"canvas_id": made["canvas_id"], "access_level": "read", "user_ids": [ana.id]}
    await client.api_call("canvases.access.set", json=access)
    return f"https://example.slack.com/docs/{slack.world.team.id}/{made['canvas_id']}"


async def follow(tab, url):
    answer = await tab.ask("follow", url=url)
    return answer.get("told") or {key: answer[key] for key in answer.keys() - {"re", "ok"}}


async def test_a_messages_address_leads_to_it(tab, link, northwind):
    ts = (await tab.ask("say", channel=northwind.id, text="Question"))["ts"]
    assert await follow(tab, await link(northwind, ts)) == {"channel": northwind.id, "ts": ts, "thread": None}


async def test_a_replys_address_leads_into_its_thread(tab, link, northwind):
    parent = (await tab.ask("say", channel=northwind.id, text="Question"))["ts"]
    reply = (await tab.ask("say", channel=northwind.id, text="Answer", thread_ts=parent))["ts"]
    assert await follow(tab, await link(northwind, reply)) == {"channel": northwind.id, "ts": reply, "thread": parent}
    bare = (await link(northwind, reply)).partition("?")[0]
    assert (await follow(tab, bare))["thread"] == parent
    first = f"{await link(northwind, parent)}?thread_ts={parent}&cid={northwind.id}"
    assert await follow(tab, first) == {"channel": northwind.id, "ts": parent, "thread": parent}


async def test_a_conversations_address_leads_to_it(tab, northwind):
    there = {"channel": northwind.id, "ts": None, "thread": None}
    assert await follow(tab, f"https://example.slack.com/archives/{northwind.id}") == there


async def test_a_message_of_a_conversation_that_is_not_yours_is_told_kindly(slack, tab, toms, link, ana):
    leads = slack.world.add_channel("leads", members=[ana], private=True)
    address = await link(leads, (await tab.ask("say", channel=leads.id, text="Between us"))["ts"])
    assert (await follow(tab, address))["channel"] == leads.id
    assert await follow(toms, address) == SHUT


async def test_a_message_that_is_gone_or_was_for_somebody_else_is_told_kindly(tab, toms, client, link, northwind, ana):
    posted = await client.chat_postMessage(channel=northwind.id, text="Draft")
    address = await link(northwind, posted["ts"])
    await client.chat_delete(channel=northwind.id, ts=posted["ts"])
    assert await follow(tab, address) == GONE
    await client.chat_postEphemeral(channel=northwind.id, user=ana.id, text="Only you")
    ts = (await tab.message("Only you"))["ts"]
    address = f"https://example.slack.com/archives/{northwind.id}/p{ts.replace('.', '')}"
    assert (await follow(tab, address))["ts"] == ts
    assert await follow(toms, address) == GONE


async def test_a_canvas_is_read_by_those_it_is_shared_with(tab, toms, client, canvas):
    assert await follow(tab, canvas) == {"canvas": {"title": "Northwind, brief", "markdown": "**Why us:** ideas"}}
    assert await follow(toms, canvas) == NOT_YOURS
    await client.api_call("canvases.delete", json={"canvas_id": canvas.rpartition("/")[2]})
    assert await follow(tab, canvas) == NOT_YOURS


@pytest.mark.parametrize(
    "url",
    [
        "https://example.slack.com/",
        "https://example.slack.com/admin",
        "https://example.slack.com/archives/C1/p12",
        "https://other.slack.com/archives/{channel}",
        "https://example.slack.com.evil.example/archives/{channel}",
        "http://[",
    ],
)
async def test_other_addresses_lead_nowhere(tab, northwind, url):
    assert await follow(tab, url.format(channel=northwind.id)) == NOWHERE
