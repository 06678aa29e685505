"""The demo's parts: the bridge, the files, the look into the database, the manifest."""

import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import uuid
from contextlib import closing
from pathlib import Path

import aiohttp
import httpx
import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import build
from bot.clock import MovableClock
from bot.demo import agency, history, manifest, seal, seeding, tour
from bot.demo.bridge import PATHS, Bridge
from bot.demo.files import BESIDE, Files
from bot.demo.looking import Looking
from bot.playground.server import StandIn
from bot.practices.checkins.rows import DraftRow
from bot.practices.checkins.rules import Via
from bot.workspaces import installs
from tests.conftest import NOW
from tests.front_door import settings


async def echo(request: Request) -> Response:
    body = (await request.body()).decode()
    told = {"method": request.method, "path": str(request.url.path), "query": request.url.query, "body": body}
    answer = JSONResponse(told | {"mark": request.headers.getlist("x-mark")}, status_code=418)
    answer.headers["x-slack-no-retry"] = "1"
    return answer


async def broken(request: Request) -> Response:
    raise ZeroDivisionError


@pytest.fixture
async def bridge():
    made = Bridge()
    async with (
        StandIn(signing_secret="s", bot_token="xoxb-b", routes=made.routes()) as slack,
        httpx.AsyncClient(trust_env=False, base_url=slack.url.removesuffix("api/")) as http,
    ):
        yield made, http


async def test_the_bridge_hands_over_a_request_and_its_answer_as_they_are(bridge):
    over, http = bridge
    app = Starlette(routes=[Route("/slack/events", echo, methods=["POST"])])
    async with over.to(app):
        answer = await http.post(
            "slack/events?a=%20b", content=b"payload=%7B%7D", headers=[("X-Mark", "one"), ("X-Mark", "two")]
        )
    assert answer.status_code == 418
    assert answer.headers["x-slack-no-retry"] == "1"
    assert answer.json() == {
        "method": "POST", "path": "/slack/events", "query": "a=%20b", "body": "payload=%7B%7D", "mark": ["one", "two"]
    }  # fmt: skip


async def test_the_bridge_says_so_when_nothing_is_on_the_other_side(bridge):
    over, http = bridge
    assert (await http.get("readyz")).status_code == 503
    async with over.to(Starlette()):
        assert (await http.get("readyz")).status_code == 404
    assert (await http.get("readyz")).status_code == 503


async def test_a_crash_on_the_other_side_is_an_answer(bridge):
    over, http = bridge
    async with over.to(Starlette(routes=[Route("/healthz", broken)])):
        assert (await http.get("healthz")).status_code == 500


async def test_the_bridge_leads_to_everything_that_ember_serves(tmp_path):
    async with StandIn(signing_secret="s", bot_token="xoxb-b") as slack:
        ember = build(settings(slack, f"sqlite+aiosqlite:///{tmp_path}/ember.db"))
        served = {route.path for route in ember.web.routes}
        await ember.store.close()
        await ember.clients.close()
    fixed = {path for path in PATHS if "{" not in path}
    below = tuple(path.partition("{")[0] for path in PATHS if "{" in path)
    assert all(path in fixed or path.startswith(below) for path in served)


def test_forgetting_deletes_the_demos_own_files_alone(tmp_path):
    kept = Files(tmp_path / "agency.db")
    for suffix in BESIDE:
        kept.path.with_name(kept.path.name + suffix).write_text("")
        kept.draft.with_name(kept.draft.name + suffix).write_text("")
    for other in ("empty.db", "agency.db.backup", "agency.sqlite"):
        (tmp_path / other).write_text("")
    kept.forget(kept.path)
    kept.forget(kept.draft)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["agency.db.backup", "agency.sqlite", "empty.db"]


async def test_what_is_kept_stays_until_a_new_database_is_complete(tmp_path):
    kept, clock, told = Files(tmp_path / "agency.db"), MovableClock(NOW), agency.read()
    kept.path.write_text("what somebody logged")
    slack = StandIn(signing_secret="s", bot_token="xoxb-b", clock=clock)
    town = agency.move_in(slack.world, told, history.today_of(told, clock.now()))
    with pytest.raises(aiohttp.InvalidURL):  # the stand-in does not run, so nothing can be seeded
        await seeding.make(kept, slack, "xoxb-b", clock, told, town)
    assert kept.path.read_text() == "what somebody logged"


@pytest.fixture
async def looking(store, workspace):
    made = Looking()
    made.store = store
    return made


async def test_tables_are_counted_and_shown_newest_first_page_by_page(looking, store):
    async with store.work(None) as session:
        for number in range(3):
            await installs.install(
                session, slack_id=f"T{number}", name="n" * 200, address="a", bot_slack_id="B", now=NOW
            )
    assert {table.name: table.rows for table in await looking.tables()}["workspace"] == 4
    first = await looking.rows("workspace", 0, 2)
    then = await looking.rows("workspace", 2, 2)
    at = first.columns.index("slack_id")
    assert [row[at] for row in [*first.rows, *then.rows]] == ["T2", "T1", "T0", "T0001"]
    assert (first.total, then.total) == (4, 4)
    json.dumps(first.rows)


async def test_a_row_is_shown_whole_however_much_it_holds(looking, store, workspace, people):
    ana, told, more = await people.member(), "She liked the tasting tour. " * 100, {"quote": None, "topics": ["tour"]}
    async with store.work(workspace.id) as session:
        kept = {"author_id": ana.id, "text": told, "via": Via.LINE, "more": more, "created_at": NOW}
        await session.add_row(DraftRow, id=uuid.uuid4(), **kept)
    found = await looking.rows("draft", 0, 1)
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert (row["text"], row["more"], row["via"]) == (told, more, "line")
    json.dumps(found.rows)


async def test_there_is_no_table_by_another_name(looking):
    with pytest.raises(KeyError):
        await looking.rows("sqlite_master", 0, 10)


async def test_without_a_database_there_is_nothing_to_see():
    assert await Looking().tables() == ()
    with pytest.raises(KeyError):
        await Looking().rows("client", 0, 10)


def test_the_page_is_told_what_the_manifest_tells_slack():
    told = yaml.safe_load(manifest.path().read_text(encoding="utf-8"))
    facts = manifest.facts(tour.AGENCY)
    assert facts.name == told["features"]["bot_user"]["display_name"]
    assert [one.command for one in facts.commands] == [one["command"] for one in told["features"]["slash_commands"]]
    assert [one.callback_id for one in facts.shortcuts] == [one["callback_id"] for one in told["features"]["shortcuts"]]
    assert facts.events == set(told["settings"]["event_subscriptions"]["bot_events"])


def test_a_tour_has_three_steps():
    assert len(tour.AGENCY) == len(tour.EMPTY) == 3


@pytest.fixture
def sealed(migrated_sqlite, tmp_path):
    path = tmp_path / "agency.db"
    shutil.copy(migrated_sqlite, path)
    seal.put(path)
    return path


def test_a_seal_holds_until_somebody_writes_what_a_person_would_write(sealed):
    assert seal.look(sealed) == seal.Seal(None, unbroken=True)
    with closing(sqlite3.connect(sealed)) as database:
        database.execute("INSERT INTO workspace VALUES ('w', 'T1', 'n', 'a', 'U1', '2026-05-11 09:30:00.000000')")
        database.commit()
    assert seal.look(sealed) == seal.Seal(dt.datetime(2026, 5, 11, 9, 30, tzinfo=dt.UTC), unbroken=True)
    with closing(sqlite3.connect(sealed)) as database:
        database.execute("INSERT INTO client_word VALUES ('north', 'c', 'w')")
        database.commit()
    assert not seal.look(sealed).unbroken


def test_what_was_never_sealed_counts_as_broken(migrated_sqlite):
    assert not seal.look(migrated_sqlite).unbroken


def test_every_step_says_what_finishes_it():
    assert all(step.done for step in (*tour.AGENCY, *tour.EMPTY))


def would_make(*words):
    """Return the commands that make would run."""
    asked = ["make", "--no-print-directory", "--dry-run", *words]
    house = Path(__file__).resolve().parents[2]
    return subprocess.run(asked, cwd=house, capture_output=True, text=True, check=True).stdout


def test_make_hands_its_options_on_to_the_demo_and_installs_without_starting_it():
    assert ".venv/bin/ember demo --port 8991 --empty\n" in would_make("demo", "args=--port 8991 --empty")
    assert "bin/ember" not in would_make("install")
