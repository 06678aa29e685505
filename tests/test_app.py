import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys

import httpx
import pytest
import sqlalchemy as sa
import structlog
from slack_sdk.errors import SlackApiError

from bot import log
from bot.app import build
from bot.clock import MovableClock
from bot.playground.hosting import DidNotStart, hosting
from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.practices.spark.rows import SparkRow
from bot.store.schema import NotMigrated
from bot.store.seen import Seen
from tests.conftest import NOW
from tests.front_door import agency, set_up_by_form, settings
from tests.listening import listening


@pytest.fixture
def address(migrated_sqlite, tmp_path):
    shutil.copy(migrated_sqlite, tmp_path / "ember.db")
    return f"sqlite+aiosqlite:///{tmp_path}/ember.db"


@pytest.fixture
async def place(address, clock):
    async with agency(address, clock, ticking=True) as place:
        yield place


async def test_it_is_ready_once_slack_has_said_which_workspace_this_is(place, tmp_path, migrated_sqlite):
    shutil.copy(migrated_sqlite, tmp_path / "second.db")
    ember = build(settings(place.slack, f"sqlite+aiosqlite:///{tmp_path}/second.db"), MovableClock(NOW))
    place.slack.faults.add("auth.test", "slow", delay=0.3)
    async with hosting(ember.web) as there, httpx.AsyncClient(trust_env=False, base_url=there) as http:
        before = await http.get("/readyz")
        assert (before.status_code, before.json()["ready"]) == (503, False)
        assert "workspace" in before.json()["slack"]
        assert (await http.get("/healthz")).text == "ok"
        await ember.followups.drain()
        after = await http.get("/readyz")
        assert (after.status_code, after.json()) == (200, {"ready": True})


async def test_it_keeps_asking_until_slack_answers(place, tmp_path, migrated_sqlite, monkeypatch):
    monkeypatch.setattr("bot.housekeeping.RETRY_SECONDS", 0.01)
    shutil.copy(migrated_sqlite, tmp_path / "second.db")
    ember = build(settings(place.slack, f"sqlite+aiosqlite:///{tmp_path}/second.db"), MovableClock(NOW))
    place.slack.faults.add("auth.test", "refused", error="ratelimited", times=3)
    with listening() as heard:
        async with hosting(ember.web):
            await ember.followups.drain()
            assert [workspace.name for workspace in ember.workspaces.values()] == ["Example"]
    assert heard.getvalue().count("Slack does not say who we are") == 3


async def test_it_answers_at_once_after_a_restart_while_slack_is_away(place):
    await place.ana.command("/ember", "help")
    ember = build(settings(place.slack, place.ember.settings.ember_database_url), MovableClock(NOW))
    place.slack.faults.add("auth.test", "slow", delay=0.5)
    async with hosting(ember.web) as there:
        place.slack.connect(f"{there}/slack/events")
        assert (await place.ana.command("/ember", "help")).ok


async def test_a_client_that_was_there_before_sparks_were_kept_gets_one_at_the_start(place, monkeypatch):
    monkeypatch.setattr("bot.housekeeping.BACKFILLED_AT_ONCE", 1)
    for name in ("Northwind", "Halden"):
        await set_up_by_form(place, name)
    (workspace,) = place.ember.workspaces.values()
    async with place.ember.store.work(workspace.id) as session:
        await session.execute(sa.delete(SparkRow))
    ember = build(settings(place.slack, place.ember.settings.ember_database_url), MovableClock(NOW))
    async with hosting(ember.web):
        await ember.followups.drain()
    assert len(await place.rows(SparkRow)) == 2


async def test_it_does_not_start_on_a_database_without_tables(place, tmp_path):
    ember = build(settings(place.slack, f"sqlite+aiosqlite:///{tmp_path}/empty.db"), MovableClock(NOW))
    with pytest.raises(NotMigrated):
        await ember.start()
    await ember.stop()
    with pytest.raises((DidNotStart, SystemExit)):
        async with hosting(ember.web):
            pass


async def test_what_is_under_way_is_finished_before_it_stops(address, clock):
    done = []

    async def work():
        await asyncio.sleep(0.2)
        done.append(True)

    async with agency(address, clock) as place:
        place.ember.followups.start("something", work())
    assert done == [True]


async def test_a_message_of_nobodys_is_left_alone(place):
    await place.ana.dm("hello there")
    await place.quiet()
    before = len(place.slack.posted())
    channel = place.slack.world.dm(place.ana.member).id
    said = {"channel": channel, "channel_type": "im", "text": "Northwind 4 fine", "ts": "1.1"}
    for nobody in ({"bot_id": "B1", "user": place.ana.id}, {"subtype": "message_changed", "user": place.ana.id}, {}):
        assert (await place.slack.event("message", **said, **nobody)).ok
    await place.quiet()
    assert len(place.slack.posted()) == before


async def test_a_line_with_a_file_beside_it_is_still_a_line(place):
    channel = place.slack.world.dm(place.ana.member).id
    said = {"channel": channel, "channel_type": "im", "text": "Northwind 4 fine", "ts": "1.1", "user": place.ana.id}
    await place.slack.event("message", **said, subtype="file_share")
    await place.quiet()
    assert [draft.text for draft in await place.rows(DraftRow)] == ["Northwind 4 fine"]


async def test_a_guest_who_writes_is_told_and_one_who_only_looks_at_home_is_left_in_peace(place):
    guest = place.slack.person(place.slack.world.add_member("Gia", guest=True))
    await guest.open_home()
    await place.quiet()
    assert place.slack.posted() == []
    await guest.dm("Northwind 4 fine")
    await place.quiet()
    [message] = place.slack.posted(guest.member)
    assert message.text.startswith("Ember is for full members of this workspace")
    assert await place.rows(CheckinRow) == []


async def test_somebody_of_another_organisation_is_refused(place):
    stranger = place.slack.person(place.slack.world.add_member("Stan", team="T0000000099"))
    assert "full members" in (await stranger.command("/checkin", "4 fine")).text


async def test_an_event_that_another_organisation_shares_with_us_is_ours_to_hear(place):
    """In a shared channel Slack names their team at the top and ours among the authorizations."""
    from bot.playground import payloads

    body = payloads.event(place.slack.ground, {"type": "user_change", "user": {"id": place.ana.id}})
    body["team_id"] = "T0000000099"
    raw = json.dumps(body).encode()
    with listening() as heard:
        answer = await place.slack.raw(raw, {"Content-Type": "application/json", **place.slack.sign(raw)})
    assert (answer.status, heard.getvalue()) == (200, "")


async def test_housekeeping_forgets_what_no_replay_can_bring_back(place, clock):
    import datetime as dt

    await place.ana.command("/checkin", "Halden 4 fine")
    await place.quiet()
    assert len(await place.rows(DraftRow)) == 1
    clock.advance(dt.timedelta(days=40))
    await place.ember.house.housekeep()
    assert (await place.rows(DraftRow), await place.rows(Seen)) == ([], [])


def test_every_known_error_is_told_without_what_it_quotes():
    secret = "what somebody wrote"

    def breaks():
        try:
            int(secret)
        except ValueError as error:
            raise KeyError(secret) from error

    with pytest.raises(KeyError) as caught:
        breaks()
    text = log.told((caught.type, caught.value, caught.tb))
    assert secret not in text
    assert [line for line in text.splitlines() if line.endswith("Error")] == ["ValueError", "KeyError"]
    assert "int(secret)" in text


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (TypeError("takes no arguments"), "TypeError: takes no arguments"),
        (ConnectionResetError("by peer"), "ConnectionResetError: by peer"),
        (SlackApiError("long", {"ok": False, "error": "not_in_channel"}), "SlackApiError: not_in_channel"),
        (SlackApiError("long", "<html>"), "SlackApiError: HTTP error"),
        (SlackApiError("long", {"ok": False, "error": "What somebody wrote"}), "SlackApiError: HTTP error"),
    ],
)
def test_what_helps_an_operator_is_told(error, ends):
    assert log.told((type(error), error, None)).endswith(ends)


def test_an_error_that_caused_itself_ends():
    error = KeyError()
    other = KeyError()
    error.__context__, other.__context__ = other, error
    assert log.told((KeyError, error, None)).count("KeyError") == 2


def test_the_libraries_log_as_we_do():
    wrote = "what somebody wrote"
    with pytest.raises(ValueError, match=wrote) as caught:
        int(wrote)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "oh", (), (caught.type, caught.value, caught.tb))
    text = log.Discreet().format(record)
    assert "ValueError" in text
    assert wrote not in text


def test_the_log_is_one_json_object_a_line_where_no_one_looks_on(capsys):
    before = structlog.get_config()
    log.set_up(as_json=True)
    structlog.get_logger().error("oh", what="something", exc_info=LookupError())
    structlog.configure(**before)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["what"], line["level"]) == ("oh", "something", "error")
    assert line["exception"].endswith("LookupError")


def test_a_fresh_database_and_an_export_are_for_the_owners_eyes(tmp_path):
    settings = {**os.environ, "EMBER_DATABASE_URL": f"sqlite:///{tmp_path}/ember.db"}
    for words in (["migrate"], ["export", "--out", str(tmp_path / "all.json")]):
        subprocess.run([sys.executable, "-m", "bot", *words], env=settings, check=True, timeout=60, umask=0o022)
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert {"ember.db", "all.json"} <= set(modes)
    assert set(modes.values()) == {0}
