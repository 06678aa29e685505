"""The whole main job against `python -m bot serve`, as a process of its own: over signed HTTP, and over Socket Mode."""

import asyncio
import json
import os
import sys

import pytest

from bench.kill import SECRET, TOKEN, served
from bot.playground.server import StandIn
from tests.front_door import sees

pytestmark = pytest.mark.without_coverage
APP_TOKEN = "xapp-only-on-this-machine"


async def until(slack, person, words):
    """Wait until somebody has words before them."""
    return await slack.world.until(lambda: words in sees(person) or None, 5)


@pytest.mark.parametrize(
    ("database_url", "way"), [("sqlite", "http"), ("postgresql", "socket")], indirect=["database_url"]
)
async def test_from_the_first_client_to_the_export(database_url, tmp_path, way):
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN, app_token=APP_TOKEN) as slack:
        ana = slack.world.add_member("Ana", tz="Europe/Berlin")
        channel = slack.world.add_channel("northwind", members=[ana])
        me = slack.person(ana)
        socket = {"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": ""} if way == "socket" else {}
        async with served(slack, database_url, tmp_path / "ember.log", **socket) as (_, address):
            slack.connect(None if way == "socket" else f"{address}/slack/events")
            await journey(slack, me, channel)
        exported = await run_export(database_url)

    [workspace] = exported["workspaces"]
    assert [client["name"] for client in workspace["client"]] == ["Northwind"]
    assert [contact["name"] for contact in workspace["contact"]] == ["Priya"]
    kept = {checkin["note"]: checkin for checkin in workspace["checkin"]}
    assert set(kept) == {
        "Paused when asked about Q3. We owe her the plan by Friday.",
        "The launch film made them proud and loud",
        "Could you call me about the budget?",
        "A walk, no agenda",
    }
    assert kept["Could you call me about the budget?"]["via"] == "message"
    assert kept["The launch film made them proud and loud"]["edited_at"]
    assert [promise["what"] for promise in workspace["promise"]] == ["We owe her the plan"]
    assert "Traceback" not in (tmp_path / "ember.log").read_text()


async def close(person):
    """Close every window that is open."""
    if person.modals():
        await person.close_modal(everything=True)


async def journey(slack, me, channel):
    await me.command("/client", "new Northwind", channel=channel)
    await me.submit(name="Northwind", rhythm="7", heard_in=[channel])
    assert "*Northwind* is set up" in sees(me)
    await close(me)

    await me.command("/client", "person northwind Priya, Head of Brand", channel=channel)
    await me.submit()
    await close(me)

    await me.command("/checkin", channel=channel)
    await me.submit(feeling="4", note="Paused when asked about Q3. We owe her the plan by Friday.")
    await me.click("checkin.promise")
    await until(slack, me, "*Promised:*")
    await close(me)

    await me.command("/checkin", "northwind glowing The launch film made them proud", channel=channel)
    await until(slack, me, "Saved: Northwind · glowing")
    await me.click("checkin.edit")
    await me.submit(note="The launch film made them proud and loud")
    await close(me)

    message = me.post(channel, "Could you call me about the budget?")
    await me.message_shortcut("checkin.from_message", message)
    await me.submit(feeling="3")
    await close(me)

    await me.shortcut("checkin.open")
    await me.submit(client="Northwind", feeling="5", note="A walk, no agenda")
    await close(me)

    await me.command("/checkin", "northwind 1 a slip of the thumb")
    await until(slack, me, "Saved: Northwind · cold")
    await me.click("checkin.undo")
    await until(slack, me, "Undone")
    await close(me)

    await me.command("/client", "northwind")
    await me.click("card.tab:notes")
    await until(slack, me, "A walk, no agenda")
    await me.click("card.tab:people")
    await until(slack, me, "Priya")
    await close(me)
    await me.command("/client", "find budg")
    await until(slack, me, "Could you call me about the")


async def run_export(database_url):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "export", "--format", "json"),
        env={**os.environ, "EMBER_DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return json.loads(out)
