"""`ember demo` from the outside: starts, answers, keeps, refuses, stops."""

import asyncio
import shutil
import signal
import socket
import sqlite3
import sys
from contextlib import closing

import httpx
import pytest

from bot.store.engine import Store
from bot.workspaces import installs
from tests.conftest import NOW

AGENCY, EMPTY = "data/demo/agency.db", "data/demo/empty.db"


async def rows(tab, table):
    answer = await tab.ask("tables")
    return next(one["rows"] for one in answer["tables"] if one["name"] == table)


async def log_a_checkin(demo):
    """Log a check-in as Ana; return how many are kept then, and her id and the channel's."""
    async with demo.tab() as tab:
        scene = await tab.scene()
        northwind = next(one["id"] for one in scene["channels"] if one["name"] == "northwind")
        before = await rows(tab, "checkin")
        answer = await tab.ask("command", channel=northwind, name="/checkin", text="4 called about the board review")
        assert answer["ok"], answer
        assert await rows(tab, "checkin") == before + 1
        return before + 1, scene["me"], northwind


async def test_one_port_of_this_machine_serves_the_page_slack_and_ember(folder):
    demo = folder.start()
    assert f"  Open  {demo.address}\n" in demo.said
    assert "  1. Type /ember today" in demo.said
    assert "`ember demo --reset` starts over" in demo.said
    async with httpx.AsyncClient(trust_env=False, base_url=demo.address) as http:
        page = await http.get("/")
        ready = await http.get("/readyz")
        unsigned = await http.post("/slack/events", json={"type": "event_callback"})
        unknown = await http.post("/api/auth.test")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})
    assert unsigned.status_code == 401
    assert unknown.json()["error"] == "not_authed"
    async with demo.tab() as tab:
        scene = await tab.scene()
        assert scene["team"]["name"] == "Example Agency"
        assert [step["command"] for step in scene["tour"]] == ["/ember today", "", ""]
        assert {"/checkin", "/client", "/ember"} == {one["command"] for one in scene["app"]["commands"]}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers at every address of 127.0.0.0/8")
def test_nobody_else_can_reach_it(folder):
    demo = folder.start("--empty")
    port = int(demo.address.rpartition(":")[2])
    with socket.socket() as another:
        another.bind(("127.0.0.2", port))  # would be taken if the demo listened everywhere


@pytest.mark.parametrize("politely", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_cleanly_while_a_page_is_open(folder, politely):
    demo = folder.start("--empty")
    async with demo.tab() as tab:
        await tab.scene()
        code, out, err = await asyncio.to_thread(demo.stop, politely)
    assert (code, err) == (0, "")
    assert out.endswith("Stopped. What you logged is kept for the next time.\n")


async def test_what_was_logged_is_there_the_next_time_until_it_is_reset(folder):
    demo = folder.start()
    kept, me, northwind = await log_a_checkin(demo)
    await asyncio.to_thread(demo.stop)

    again = folder.start()
    async with again.tab() as tab:
        scene = await tab.scene()
        assert scene["me"] == me
        assert northwind in {one["id"] for one in scene["channels"]}
        assert await rows(tab, "checkin") == kept
        assert await rows(tab, "workspace") == 1
        assert await rows(tab, "member") == len([one for one in scene["members"] if one["id"] != "USLACKBOT"]) + 1
    await asyncio.to_thread(again.stop)

    anew = folder.start("--reset")
    async with anew.tab() as tab:
        assert await rows(tab, "checkin") == kept - 1


async def test_an_empty_one_has_people_and_channels_but_no_clients_and_a_file_of_its_own(folder):
    demo = folder.start("--empty")
    async with demo.tab() as tab:
        scene = await tab.scene()
        assert scene["tour"][0]["command"] == "/client new Northwind"
        assert "northwind" in {one["name"] for one in scene["channels"]}
        assert await rows(tab, "client") == 0
        assert await rows(tab, "member") > 4
    await asyncio.to_thread(demo.stop)
    assert folder.files() == ["empty.db", "empty.db.lock"]


@pytest.mark.parametrize("setting", ["EMBER_DATABASE_URL", "SLACK_BOT_TOKEN"])
def test_it_stays_away_from_a_place_where_ember_really_runs(folder, setting):
    code, said = folder.refused(**{setting: "sqlite:///data/ember.db"})
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"{setting} is set here, so this looks like a place where Ember really runs.")
    assert not (folder.path / "data").exists()


def test_an_env_file_counts_and_one_that_is_not_filled_in_does_not(folder):
    (folder.path / ".env").write_text("SLACK_BOT_TOKEN=\n#EMBER_DATABASE_URL=sqlite:///x.db\n")
    demo = folder.start("--empty")
    demo.stop()
    (folder.path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-real\n")
    code, said = folder.refused()
    assert code == 2
    assert "SLACK_BOT_TOKEN is set here" in said
    assert "xoxb-real" not in said


@pytest.mark.parametrize("words", [(), ("--reset",)])
async def test_a_file_with_somebody_elses_workspace_is_left_alone(folder, migrated_sqlite, words):
    (folder.path / AGENCY).parent.mkdir(parents=True)
    shutil.copy(migrated_sqlite, folder.path / AGENCY)
    store = Store(f"sqlite+aiosqlite:///{folder.path / AGENCY}")
    async with store.work(None) as session:
        await installs.install(
            session, slack_id="T0REAL", name="Ours", address="https://ours.slack.com/", bot_slack_id="U0", now=NOW
        )
    await store.close()
    before = (folder.path / AGENCY).read_bytes()

    code, said = await asyncio.to_thread(folder.refused, "--port", "0", *words)

    assert code == 2
    assert f"{AGENCY} holds the workspace Ours, which is not the demo's." in said
    assert (folder.path / AGENCY).read_bytes() == before


def test_a_file_that_is_no_database_is_told_about_and_replaced_on_request(folder):
    (folder.path / EMPTY).parent.mkdir(parents=True)
    (folder.path / EMPTY).write_text("a shopping list that is long enough to be read as the head of a file " * 20)
    code, said = folder.refused("--port", "0", "--empty")
    assert code == 2
    assert said == f"{EMPTY} can't be read as a database. `ember demo --empty --reset` makes a new one.\n"
    folder.start("--empty", "--reset")


async def test_a_taken_port_says_the_way_out(folder):
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        code, said = await asyncio.to_thread(folder.refused, "--port", str(port))
    assert code == 2
    assert said.startswith(f"Port {port} is taken")
    assert "`ember demo --port " in said
    assert not (folder.path / "data").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
async def test_ctrl_c_while_it_is_still_loading_says_nothing(folder):
    for pause in (0.25, 0.5, 1.0):
        loading = folder.spawn("--empty")
        await asyncio.sleep(pause)
        loading.send_signal(signal.SIGINT)
        _, said = await asyncio.to_thread(loading.communicate, timeout=60)
        assert said == ""
        assert loading.returncode in {0, 130, -signal.SIGINT}


async def test_a_demo_that_runs_keeps_its_files_to_itself(folder):
    demo = folder.start("--empty")
    before = (folder.path / EMPTY).stat()
    for words in ((), ("--reset",)):
        code, said = await asyncio.to_thread(folder.refused, "--port", "0", "--empty", *words)
        assert code == 2
        assert said == f"A demo runs already at {demo.address}: open that, or stop it first.\n"
    assert (folder.path / EMPTY).stat().st_ino == before.st_ino
    async with demo.tab() as tab:
        assert await rows(tab, "workspace") == 1


def test_a_demo_that_was_killed_keeps_nobody_out(folder):
    demo = folder.start("--empty")
    demo.process.kill()
    demo.process.wait()
    folder.start("--empty").stop()


def grow_old(folder):
    """Let the kept agency be ten days old; return the day it was made on then."""
    made = NOW.replace(year=2026, month=3, day=4)
    with closing(sqlite3.connect(folder.path / AGENCY)) as database:
        database.execute("UPDATE workspace SET installed_at = ?", [made.strftime("%Y-%m-%d %H:%M:%S.%f")])
        database.commit()
    return "4 March 2026"


async def test_an_agency_that_grew_old_untouched_is_made_anew_and_another_is_kept(folder):
    demo = folder.start()
    async with demo.tab() as tab:
        there = await rows(tab, "checkin")
    await asyncio.to_thread(demo.stop)

    day = grow_old(folder)
    anew = folder.start()
    assert f"The agency of {day}, in which nothing was logged since, was made anew.\n" in anew.said
    kept, *_ = await log_a_checkin(anew)
    assert kept == there + 1
    await asyncio.to_thread(anew.stop)

    young = folder.start()
    assert " was made " not in young.said
    await asyncio.to_thread(young.stop)

    day = grow_old(folder)
    again = folder.start()
    assert f"This agency was made on {day}; `ember demo --reset` makes a fresh one.\n" in again.said
    async with again.tab() as tab:
        assert await rows(tab, "checkin") == kept
