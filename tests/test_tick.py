"""`ember tick`: what it shows, what it refuses, what it sends, and that a rehearsal leaves no trace."""

import datetime as dt
import json
import os
import shutil

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot import log, ticking
from bot.cli import cli
from bot.clock import Clock
from bot.config import DatabaseSettings
from bot.courier.guard import GUESTS
from bot.courier.kinds import Message, Occurrence, Speech
from bot.courier.ledger import Times, enqueue, set_schedules
from bot.courier.rehearsal import Rehearsal
from bot.courier.rows import DeliveryRow, LaneRow, State
from bot.practices.tables import metadata
from bot.slack.blocks import section
from bot.slack.text import markup
from bot.workspaces.directory import Exposure
from tests.front_door import agency, settings
from tests.rhythm import with_a_past
from tests.support import ON_SQLITE

NINE = dt.datetime(2026, 5, 13, 9, 0, tzinfo=dt.UTC)
BEFORE = NINE - dt.timedelta(hours=12)


async def decide(_session, schedules, now):
    expires = now + dt.timedelta(hours=9)
    return [Occurrence(one.recipient, "digest", one.local_date, one.due_at, expires) for one in schedules]


async def render(_session, delivery, _now):
    if delivery.recipient == "C0QUIET":
        return None
    text = f"Good morning, {delivery.recipient}"
    return Message(text, [section(markup("{text}", text=text))])


SPEECHES = {"digest": Speech("digest", render, decide)}


@pytest.fixture
async def planned(store, workspace, people):
    """Four channels with a digest at nine, one of which guests read, and an older message to Ana."""
    await people.member()
    await people.channel("C0TEAM")
    await people.channel("C0QUIET")
    await people.channel("C0GUEST", Exposure.VISIBLE)
    times = Times(dt.time(9), "UTC", 127, dt.timedelta(hours=9))
    older = Occurrence("U0ANA", "digest", BEFORE.date(), BEFORE, NINE + dt.timedelta(hours=1))
    async with store.work(workspace.id) as session:
        await set_schedules(session, "digest", dict.fromkeys(("C0TEAM", "C0QUIET", "C0GUEST", "C0NEW"), times), BEFORE)
        await enqueue(session, older, BEFORE)
    return store


async def everything(store, scope):
    """Return every row there is, of all workspaces."""
    async with store.look(None) as session:
        connection = await session.connection()
        found = {name: [*await connection.execute(sa.select(table))] for name, table in metadata.tables.items()}
    scope.take()
    return found


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (
            NINE,
            {
                "Ana": "goes out",
                "#channel C0TEAM": "goes out",
                "#channel C0QUIET": "nothing to say",
                "#channel C0GUEST": f"kept back: {GUESTS}",
                "C0NEW C0NEW": "Slack is asked first",
            },
        ),
        (NINE - dt.timedelta(minutes=1), {"Ana": "goes out"}),
        (
            NINE + dt.timedelta(days=2, hours=2),
            {
                "#channel C0TEAM": "goes out",
                "#channel C0QUIET": "nothing to say",
                "#channel C0GUEST": f"kept back: {GUESTS}",
                "C0NEW C0NEW": "Slack is asked first",
            },
        ),
    ],
)
async def test_a_rehearsal_shows_every_message_and_leaves_no_trace(planned, scope, at, expected):
    before = await everything(planned, scope)
    rehearsal = Rehearsal(planned.url.render_as_string(hide_password=False), SPEECHES, at)
    lines = await rehearsal.lines()
    await rehearsal.close()
    told = {line.name if line.name == "Ana" else f"{line.name} {line.delivery.recipient}": line.fate for line in lines}
    assert told == expected
    assert all((line.message is None) is (line.fate == "nothing to say") for line in lines)
    assert await everything(planned, scope) == before


@ON_SQLITE
async def test_a_closed_channel_waits_in_a_rehearsal_too(planned, workspace):
    async with planned.work(workspace.id) as session:
        await session.execute(sa.update(LaneRow).values(paused_at=BEFORE, paused_reason="is_archived"))
    rehearsal = Rehearsal(planned.url.render_as_string(hide_password=False), SPEECHES, BEFORE)
    assert [line.fate for line in await rehearsal.lines()] == ["waits: is_archived"]
    await rehearsal.close()


@ON_SQLITE
async def test_what_quiet_hours_hold_waits_in_a_rehearsal_too(store, workspace, people):
    await people.channel("C0TEAM")
    late = NINE + dt.timedelta(hours=12)
    digest = Occurrence("C0TEAM", "digest", late.date(), late, late + dt.timedelta(hours=30))
    async with store.work(workspace.id) as session:
        await enqueue(session, digest, late)
    given = DatabaseSettings(ember_database_url=store.url.render_as_string(hide_password=False))
    assert [row["fate"] for row in await ticking.rehearse(given, late)] == ["waits until 2026-05-14 08:00 UTC"]


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-05-14", "2026-05-14T09:00", "09:00+02:00"])
def test_an_instant_says_its_zone(text):
    with pytest.raises(ticking.BadInstant, match="--at 2026-05-14T09:00"):
        ticking.instant(text)


def test_an_instant_is_read_in_its_zone():
    assert ticking.instant(" 2026-05-14T09:00+02:00 ") == dt.datetime(2026, 5, 14, 7, tzinfo=dt.UTC)
    assert ticking.instant("2026-05-14T07:00Z") == dt.datetime(2026, 5, 14, 7, tzinfo=dt.UTC)


def test_what_is_still_to_come_is_sent_early_only_when_meant():
    ahead = Clock().now() + dt.timedelta(hours=1)
    with pytest.raises(ticking.BadInstant, match="--yes-send-early"):
        ticking.require_past(ahead, early=False)
    ticking.require_past(ahead, early=True)
    ticking.require_past(Clock().now(), early=False)


def test_the_table_and_the_json_say_the_same(capsys):
    row = {"to": "#team", "kind": "digest", "due_at": NINE.isoformat(), "fate": "goes out", "text": "Good [b]morning"}
    ticking.show([row], as_json=True)
    assert json.loads(capsys.readouterr().out) == [row]
    ticking.show([row], as_json=False)
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("#team", "2026-05-13", "09:00", "goes", "[b]morning"))
    ticking.show([], as_json=False)
    assert "Nothing is due" in capsys.readouterr().out


@ON_SQLITE
async def test_a_round_by_hand_sends_each_message_once(database_url, clock):
    async with agency(database_url, clock) as place:
        await with_a_past(place, "Orchard", 30, digest=place.elsewhere)
        workspace = next(iter(place.ember.workspaces.values()))
        now = clock.now()
        note = Occurrence(place.elsewhere.id, "digest", now.date(), now, now + dt.timedelta(hours=9))
        async with place.ember.store.work(workspace.id) as session:
            await enqueue(session, note, now)
        for _ in range(2):
            rows = await ticking.send(settings(place.slack, database_url), now)
            assert [(row["to"], row["kind"]) for row in rows] == [("#general", "digest")]
        [kept] = await place.rows(DeliveryRow)
        assert (kept.state, kept.last_error) == (State.SENT, None)
        [posted] = [one for one in place.slack.world.messages() if one.metadata]
        assert "Orchard" in str(posted.blocks)


@pytest.fixture
def tick(monkeypatch, migrated_sqlite, tmp_path):
    """Run the command in this process, on a database of its own."""
    for name in [name for name in os.environ if name.startswith(("SLACK_", "EMBER_"))]:
        monkeypatch.delenv(name)
    shutil.copy(migrated_sqlite, tmp_path / "ember.db")
    mask = os.umask(0o022)
    yield lambda *words, base="ember.db": CliRunner().invoke(
        cli, ["tick", *words], env={"EMBER_DATABASE_URL": f"sqlite:///{tmp_path / base}"}
    )
    os.umask(mask)
    log.set_up(as_json=False)


@pytest.mark.parametrize(
    ("words", "base", "says"),
    [
        (["--at", "tomorrow"], "ember.db", "is no instant"),
        (["--at", "2999-01-01T09:00Z"], "ember.db", "--yes-send-early"),
        (["--at", "2026-05-14T09:00Z"], "ember.db", "SLACK_BOT_TOKEN"),
        (["--at", "2999-01-01T09:00Z", "--dry-run"], "new.db", "migrate"),
    ],
)
def test_what_cannot_be_done_ends_with_what_to_do(tick, words, base, says):
    done = tick(*words, base=base)
    assert (done.exit_code, says in done.stderr, done.stdout) == (2, True, ""), done.output


def test_a_rehearsal_of_an_empty_day_needs_no_slack(tick):
    assert json.loads(tick("--at", "2999-01-01T09:00Z", "--dry-run", "--json").stdout) == []
    assert "Nothing is due" in tick("--at", "2999-01-01T09:00Z", "--dry-run").stdout
