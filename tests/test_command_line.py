import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from bot import log
from bot.cli import cli
from bot.store.engine import Store
from bot.workspaces import installs
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parent.parent
NOBODY = "http://127.0.0.1:9/api/"
SERVING = {"SLACK_SIGNING_SECRET": "a-signing-secret", "SLACK_BOT_TOKEN": "xoxb-a-bot", "SLACK_API_URL": NOBODY}


def environment(**ours):
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "EMBER_"))}
    return {**theirs, **ours}


def ember(*words, **settings):
    """Run a command as people do: a process of its own, which takes a second or two to load."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def inside(monkeypatch):
    """Run commands in this very process."""
    for name in [name for name in os.environ if name.startswith(("SLACK_", "EMBER_"))]:
        monkeypatch.delenv(name)
    mask = os.umask(0o022)
    yield lambda *words, **settings: CliRunner().invoke(cli, words, env=settings)
    os.umask(mask)
    log.set_up(as_json=False)


@pytest.fixture
def fresh(tmp_path):
    return f"sqlite:///{tmp_path}/somewhere/new/ember.db"


def test_without_a_word_it_says_what_there_is():
    done = ember()
    assert all(command in done.stdout for command in ("serve", "migrate", "export", "demo"))
    assert "Traceback" not in done.stderr


def test_migrate_can_be_repeated(fresh, inside):
    done = ember("migrate", EMBER_DATABASE_URL=fresh)
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")
    again = inside("migrate", EMBER_DATABASE_URL=fresh)
    assert (again.exit_code, again.stdout) == (0, "The database is up to date.\n")


def test_serve_without_settings_says_everything_that_is_missing_at_once():
    done = ember("serve", EMBER_PORT="a lot", EMBER_DATABASE_URL="mysql://there")
    assert done.returncode == 2
    for fault in (
        "SLACK_BOT_TOKEN is missing",
        "EMBER_PORT",
        "EMBER_DATABASE_URL starts with sqlite:/// or postgresql://",
    ):
        assert fault in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_needs_a_way_in(inside):
    done = inside("serve", SLACK_BOT_TOKEN="xoxb-a-bot")
    assert done.exit_code == 2
    assert "SLACK_SIGNING_SECRET" in done.stderr
    assert "SLACK_APP_TOKEN" in done.stderr


@pytest.mark.parametrize("command", [("serve",), ("export",)])
def test_a_database_without_tables_is_told_about_not_used(fresh, inside, command):
    done = inside(*command, EMBER_DATABASE_URL=fresh, **SERVING)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "The database has no tables yet. Run `ember migrate` first.\n"


async def keep_a_workspace(url):
    store = Store(url)
    async with store.work(None) as session:
        await installs.install(
            session,
            slack_id="T0001",
            name="Our agency",
            address="https://ours.slack.com/",
            bot_slack_id="U0BOT",
            now=NOW,
        )
    await store.close()


def test_export_writes_json_to_the_screen_or_to_a_file(database_url, tmp_path, inside):
    asyncio.run(keep_a_workspace(database_url))
    shown = ember("export", EMBER_DATABASE_URL=database_url)
    assert shown.returncode == 0
    [workspace] = json.loads(shown.stdout)["workspaces"]
    assert workspace["workspace"]["name"] == "Our agency"
    file = tmp_path / "all.json"
    written = inside("export", "--format", "json", "--out", str(file), EMBER_DATABASE_URL=database_url)
    assert (written.exit_code, written.stdout) == (0, ""), written.stderr
    assert str(file) in written.stderr
    assert json.loads(file.read_text("utf-8")) == json.loads(shown.stdout)


def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def until_it_answers(url):
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(600):
            try:
                return await http.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")


def test_ctrl_c_between_loading_and_the_command_says_nothing():
    interrupted = (
        "import os, signal, sys, typer.main;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a shell's background jobs ignore it
        "typer.main.get_command = lambda *_: os.kill(os.getpid(), signal.SIGINT);"
        "sys.argv = ['ember', 'demo'];"
        "from bot.__main__ import main;"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", interrupted], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("polite", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_cleanly_when_asked_even_while_slack_cannot_be_reached(migrated_sqlite, tmp_path, polite):
    database = tmp_path / "ember.db"
    database.write_bytes(migrated_sqlite.read_bytes())
    port = free_port()
    settings = {**SERVING, "EMBER_PORT": str(port), "EMBER_DATABASE_URL": f"sqlite:///{database}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment(**settings), stderr=subprocess.PIPE, text=True
    )
    healthy = await until_it_answers(f"http://127.0.0.1:{port}/healthz")
    ready = await until_it_answers(f"http://127.0.0.1:{port}/readyz")
    process.send_signal(polite)
    _, log = await asyncio.to_thread(process.communicate, timeout=9)
    assert (healthy.status_code, ready.status_code) == (200, 503)
    assert process.returncode in {0, -polite}
    assert "Traceback" not in log
    assert "a-signing-secret" not in log
    assert "xoxb-a-bot" not in log


async def test_a_taken_port_is_an_error_not_a_silence(migrated_sqlite, tmp_path):
    database = tmp_path / "ember.db"
    database.write_bytes(migrated_sqlite.read_bytes())
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with taken:
        port = str(taken.sockets[0].getsockname()[1])
        settings = {**SERVING, "EMBER_PORT": port, "EMBER_DATABASE_URL": f"sqlite:///{database}"}
        done = await asyncio.to_thread(ember, "serve", **settings)
    assert done.returncode != 0
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_does_not_load_what_only_other_commands_need():
    heavy = (
        "import sys, bot.app; print([name for name in ('alembic', 'typer', 'bot.playground') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_demo_links_calendars_of_this_machine_alone():
    for site in ("http://10.0.0.1:80", "http://127.0.0.1:80@example.org", "https://example.org"):
        found = CliRunner().invoke(cli, ["demo", "--no-open", "--calendars", site])
        assert found.exit_code == 2, site
        assert "it is http://127.0.0.1 and a port" in found.output, site
