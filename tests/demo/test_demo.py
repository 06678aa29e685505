"""`ember demo` from the outside: starts, answers, keeps, refuses, stops."""

import asyncio
import errno
import os
import shutil
import signal
import socket
import sqlite3
import sys
from contextlib import closing

import httpx
import pytest
from typer.testing import CliRunner

from bot import log
from bot.cli import cli
from bot.demo.files import NotHere
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
    assert "`python -m bot demo --reset` starts over" in demo.said
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


def button_in(blocks, action_id):
    """Return the block_id and the action_id of a button."""
    [block] = [one for one in blocks for each in one.get("elements", ()) if each.get("action_id") == action_id]
    return {"block_id": block["block_id"], "action_id": action_id}


async def calendar_asked_for(tab):
    """Type `/ember calendar` to Ember as Ana; return the answer's place and blocks."""
    dm = (await tab.scene())["app"]["dm"]
    assert (await tab.ask("command", channel=dm, name="/ember", text="calendar"))["ok"]
    message = (await tab.until("message"))["message"]
    return {"channel": dm, "ts": message["ts"]}, message["blocks"]


async def test_the_link_to_ones_dates_answers_at_the_demos_own_address(folder):
    async with folder.running(empty=True) as demo, demo.tab() as tab:
        place, blocks = await calendar_asked_for(tab)
        await tab.ask("action", place=place, **button_in(blocks, "calendar.new"), state={})
        made = await tab.until("message", lambda body: "Your link is" in body["message"]["text"])
        link = made["message"]["text"].removeprefix("Your link is ")
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(link)
    assert link.startswith(f"{demo.address}/calendar/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")


async def test_a_calendar_from_outside_is_refused_at_its_field_and_its_site_is_not_even_looked_up(folder, monkeypatch):
    looked_up = []

    def look_up(host, *_, **__):
        looked_up.append(host)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    async with folder.running(empty=True) as demo, demo.tab() as tab:
        place, blocks = await calendar_asked_for(tab)
        await tab.ask("action", place=place, **button_in(blocks, "calendar.link"), state={})
        [form] = (await tab.until("views", lambda body: body["stack"]))["stack"]
        values = {"address": {"address": {"value": "https://calendar.example.com/ana.ics"}}}
        answer = await tab.ask("submit", view=form["id"], values=values)
        assert await rows(tab, "calendar_link") == 0
    assert answer["errors"]["address"].startswith("This demo reads no calendar from outside this machine")
    assert looked_up == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers at every address of 127.0.0.0/8")
async def test_nobody_else_can_reach_it(folder):
    async with folder.running(empty=True) as demo:
        port = int(demo.address.rpartition(":")[2])
        with socket.socket() as another:
            another.bind(("127.0.0.2", port))  # would be taken if the demo listened everywhere


@pytest.mark.parametrize("politely", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_cleanly_while_a_page_is_open(folder, politely):
    demo = folder.start("--empty")
    async with demo.tab() as tab:
        await tab.scene()
        code, out, err = await asyncio.to_thread(demo.stop, politely)
    assert (code, err, folder.files()) == (0, "", ["empty.db", "empty.db.lock"])
    assert out.endswith("Stopped. What you logged is kept for the next time.\n")


async def test_what_was_logged_is_there_the_next_time_until_it_is_reset(folder):
    async with folder.running() as demo:
        kept, me, northwind = await log_a_checkin(demo)

    async with folder.running() as again, again.tab() as tab:
        scene = await tab.scene()
        assert scene["me"] == me
        assert northwind in {one["id"] for one in scene["channels"]}
        assert await rows(tab, "checkin") == kept
        assert await rows(tab, "workspace") == 1
        assert await rows(tab, "member") == len([one for one in scene["members"] if one["id"] != "USLACKBOT"]) + 1

    async with folder.running(reset=True) as anew, anew.tab() as tab:
        assert await rows(tab, "checkin") == kept - 1


async def test_an_empty_one_has_people_and_channels_but_no_clients_and_a_file_of_its_own(folder):
    async with folder.running(empty=True) as demo, demo.tab() as tab:
        scene = await tab.scene()
        assert scene["tour"][0]["command"] == "/client new Northwind"
        assert "northwind" in {one["name"] for one in scene["channels"]}
        assert await rows(tab, "client") == 0
        assert await rows(tab, "member") > 4
    assert folder.files() == ["empty.db", "empty.db.lock"]


@pytest.mark.parametrize("setting", ["EMBER_DATABASE_URL", "EMBER_ENGINE", "SLACK_BOT_TOKEN"])
async def test_it_stays_away_from_a_place_where_ember_really_runs(folder, monkeypatch, setting):
    monkeypatch.setenv(setting, "sqlite:///data/ember.db")
    with pytest.raises(NotHere, match=f"^{setting} is set here, so this looks like a place where Ember really runs."):
        async with folder.running():
            pass
    assert not (folder.path / "data").exists()


async def test_an_engine_for_several_replicas_is_a_place_where_ember_really_runs(folder):
    code, said = await asyncio.to_thread(folder.refused, "--port", "0", EMBER_ENGINE="distributed")
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("EMBER_ENGINE is set here, so this looks like a place where Ember really runs.")


async def test_an_env_file_counts_and_one_that_is_not_filled_in_does_not(folder):
    (folder.path / ".env").write_text("SLACK_BOT_TOKEN=\n#EMBER_DATABASE_URL=sqlite:///x.db\nEMBER_ENGINE=embedded\n")
    async with folder.running(empty=True):
        pass
    (folder.path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-real\n")
    with pytest.raises(NotHere, match=r"^SLACK_BOT_TOKEN is set here") as told:
        async with folder.running():
            pass
    assert "xoxb-real" not in str(told.value)


@pytest.mark.parametrize("reset", [False, True])
async def test_a_file_with_somebody_elses_workspace_is_left_alone(folder, migrated_sqlite, reset):
    (folder.path / AGENCY).parent.mkdir(parents=True)
    shutil.copy(migrated_sqlite, folder.path / AGENCY)
    store = Store(f"sqlite+aiosqlite:///{folder.path / AGENCY}")
    async with store.work(None) as session:
        await installs.install(
            session, slack_id="T0REAL", name="Ours", address="https://ours.slack.com/", bot_slack_id="U0", now=NOW
        )
    await store.close()
    before = (folder.path / AGENCY).read_bytes()

    with pytest.raises(NotHere, match=f"{AGENCY} holds the workspace Ours, which is not the demo's."):
        async with folder.running(reset=reset):
            pass

    assert (folder.path / AGENCY).read_bytes() == before


async def test_a_file_that_is_no_database_is_told_about_and_replaced_on_request(folder):
    (folder.path / EMPTY).parent.mkdir(parents=True)
    (folder.path / EMPTY).write_text("a shopping list that is long enough to be read as the head of a file " * 20)
    with pytest.raises(NotHere) as told:
        async with folder.running(empty=True):
            pass
    assert str(told.value) == f"{EMPTY} can't be read as a database. `ember demo --empty --reset` makes a new one."
    demo = await asyncio.to_thread(folder.start, "--empty", "--reset")
    async with demo.tab() as tab:
        assert await rows(tab, "client") == 0


async def test_a_taken_port_says_the_way_out(folder):
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        code, said = await asyncio.to_thread(folder.refused, "--port", str(port))
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"Port {port} is taken")
    assert "`python -m bot demo --port 0` takes any free one" in said
    assert not (folder.path / "data").exists()


async def test_a_port_that_is_not_for_everybody_says_the_way_out(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(NotHere) as told:
        async with folder.running(port=80):
            pass
    assert str(told.value) == (
        "Port 80 is not for everybody on this machine. Choose another: `ember demo --port 0` takes any free one."
    )
    assert not (folder.path / "data").exists()


@pytest.mark.parametrize(
    ("started", "typed"),
    [
        (".venv/bin/ember", ".venv/bin/ember"),
        ("{folder}/ember", "ember"),
        ("/elsewhere/ember", "/elsewhere/ember"),
        ("/elsewhere/bot/__main__.py", "python -m bot"),
    ],
)
def test_what_it_says_to_type_starts_what_was_started(folder, monkeypatch, started, typed):
    found = folder.path / "ember"
    found.touch(0o755)
    monkeypatch.setenv("PATH", str(folder.path))
    monkeypatch.setattr(sys, "argv", [started.format(folder=folder.path)])
    mask = os.umask(0o022)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = CliRunner().invoke(cli, ["demo", "--port", str(taken.getsockname()[1])])
    os.umask(mask)
    log.set_up(as_json=False)
    assert (done.exit_code, f"`{typed} demo --port 0`" in done.stderr) == (2, True), done.output


async def test_a_proxy_of_the_environment_is_not_asked(folder, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with folder.running(empty=True) as demo, demo.tab() as tab:
        assert await rows(tab, "member") > 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
async def test_ctrl_c_while_it_is_still_loading_says_nothing(folder):
    for pause in (0.5, 0.75, 1.0):
        loading = folder.spawn("--empty")
        await asyncio.sleep(pause)
        loading.send_signal(signal.SIGINT)
        _, said = await asyncio.to_thread(loading.communicate, timeout=60)
        assert said == ""
        assert loading.returncode in {0, 130, -signal.SIGINT}


async def test_a_demo_that_runs_keeps_its_files_to_itself(folder):
    async with folder.running(empty=True) as demo:
        before = (folder.path / EMPTY).stat()
        says = f"A demo runs already at {demo.address}: open that, or stop it first."
        code, said = await asyncio.to_thread(folder.refused, "--port", "0", "--empty", "--reset")
        assert (code, said) == (2, f"{says}\n")
        with pytest.raises(NotHere) as told:
            async with folder.running(empty=True):
                pass
        assert str(told.value) == says
        assert (folder.path / EMPTY).stat().st_ino == before.st_ino
        async with demo.tab() as tab:
            assert await rows(tab, "workspace") == 1


async def test_a_demo_that_was_killed_keeps_nobody_out(folder):
    demo = await asyncio.to_thread(folder.start, "--empty")
    demo.process.kill()
    await asyncio.to_thread(demo.process.wait)
    async with folder.running(empty=True) as again, again.tab() as tab:
        assert await rows(tab, "workspace") == 1


def grow_old(folder):
    """Let the kept agency be ten days old; return the day it was made on then."""
    made = NOW.replace(year=2026, month=3, day=4)
    with closing(sqlite3.connect(folder.path / AGENCY)) as database:
        database.execute("UPDATE workspace SET installed_at = ?", [made.strftime("%Y-%m-%d %H:%M:%S.%f")])
        database.commit()
    return "4 March 2026"


async def test_an_agency_that_grew_old_untouched_is_made_anew_and_another_is_kept(folder):
    async with folder.running() as demo, demo.tab() as tab:
        there = await rows(tab, "checkin")

    day = grow_old(folder)
    async with folder.running() as anew:
        assert f"The agency of {day}, in which nothing was logged since, was made anew.\n" in anew.said
        kept, *_ = await log_a_checkin(anew)
        assert kept == there + 1

    async with folder.running() as young:
        assert " was made " not in young.said

    day = grow_old(folder)
    async with folder.running() as again, again.tab() as tab:
        assert f"This agency was made on {day}; `ember demo --reset` makes a fresh one.\n" in again.said
        assert await rows(tab, "checkin") == kept
