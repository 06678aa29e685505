import datetime as dt
import json

import sqlalchemy as sa

from bot.practices.checkins.rows import CheckinRow
from bot.practices.checkins.rules import Purpose, Via
from bot.practices.clients.rows import ClientRow
from bot.practices.clients.rules import Stage, Status
from bot.practices.tables import metadata
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.surfaces.export import LEFT_OUT, export, kept_tables
from bot.workspaces.directory import MemberFacts, MemberRow, find_members, keep_member
from bot.workspaces.installs import install
from bot.workspaces.settings import SettingRow, Settings

NOW = dt.datetime(2026, 5, 14, 8, 30, tzinfo=dt.UTC)
FLAGS = ("is_guest", "is_stranger", "is_bot", "is_gone", "is_admin")
ANA = MemberFacts("U1", "Ana", "Europe/Berlin", **dict.fromkeys(FLAGS, False))


async def everything(store):
    pieces, counts = [], []
    await export(store, pieces.append, counts.append)
    return json.loads("".join(pieces)), counts


async def a_workspace(store, slack_id):
    async with store.work(None) as session:
        return await install(
            session, slack_id=slack_id, name="Studio", address="https://s.slack.com/", bot_slack_id="B", now=NOW
        )


async def a_workspace_with_a_private_note(store, slack_id, note):
    workspace = await a_workspace(store, slack_id)
    client = new_id()
    async with store.work(workspace.id) as session:
        await keep_member(session, ANA, now=NOW)
        ana = (await find_members(session, ["U1"]))["U1"]
        await session.add_row(
            ClientRow, id=client, name="Northwind", sort_name="northwind", status=Status.ACTIVE, stage=Stage.STEADY,
            rhythm_days=7, started_on=dt.date(2026, 1, 2), created_by=ana.id, created_at=NOW,
        )  # fmt: skip
        await session.add_row(
            CheckinRow, id=new_id(), client_id=client, author_id=ana.id, feeling=4, note=note, purpose=Purpose.SERVICE,
            visibility=Visibility.ME, happened_on=dt.date(2026, 5, 14), via=Via.LINE, created_at=NOW,
        )  # fmt: skip
    return client


def test_every_table_is_exported_or_left_out_for_a_reason():
    assert set(kept_tables()) | set(LEFT_OUT) == set(metadata.tables)
    assert not set(kept_tables()) & set(LEFT_OUT)


def test_what_is_derived_from_the_rest_is_left_out():
    assert {"client_word", "search_entry", "spark"} <= set(LEFT_OUT)
    assert all(LEFT_OUT[name].startswith("derived from") for name in ("client_word", "search_entry", "spark"))


def test_a_table_comes_after_those_it_refers_to():
    order = list(kept_tables())
    for name in order:
        for other in {key.column.table.name for key in metadata.tables[name].foreign_keys} - {name, *LEFT_OUT}:
            assert order.index(other) < order.index(name), (other, name)


async def test_nothing_kept_is_still_a_document(store):
    assert await everything(store) == ({"format": 1, "workspaces": []}, [])


async def test_rows_read_back_with_ids_dates_and_instants_as_text_and_private_ones_flagged(store):
    client = await a_workspace_with_a_private_note(store, "T1", 'she said "hm" ☂\n<!channel>')
    document, counts = await everything(store)
    (studio,) = document["workspaces"]
    assert studio["workspace"]["slack_id"] == "T1"
    (checkin,) = studio["checkin"]
    assert checkin["client_id"] == str(client) == studio["client"][0]["id"]
    assert checkin["note"] == 'she said "hm" ☂\n<!channel>'
    assert (checkin["visibility"], checkin["happened_on"]) == ("me", "2026-05-14")
    assert checkin["created_at"] == "2026-05-14T08:30:00Z"
    assert counts == [1, 2, 3]


async def test_each_workspace_holds_its_own_rows_and_every_column(store):
    await a_workspace_with_a_private_note(store, "T1", "one")
    await a_workspace_with_a_private_note(store, "T2", "two")
    document, _ = await everything(store)
    assert [[row["note"] for row in part["checkin"]] for part in document["workspaces"]] == [["one"], ["two"]]
    columns = {column.name for column in metadata.tables["checkin"].columns} - {"workspace_id"}
    assert set(document["workspaces"][0]["checkin"][0]) == columns


async def test_more_rows_than_a_page_come_out_whole(store):
    workspace = await a_workspace(store, "T1")
    async with store.work(workspace.id) as session:
        about = {**vars(ANA), "workspace_id": workspace.id, "checked_at": NOW, "home_opened_at": None}
        rows = [{**about, "id": new_id(), "slack_id": f"U{number}"} for number in range(1201)]
        await session.execute(sa.insert(MemberRow), rows)
    document, counts = await everything(store)
    assert len(document["workspaces"][0]["member"]) == 1201
    assert counts == [500, 1000, 1201]


async def test_what_a_workspace_has_chosen_is_one_row_with_its_times(store):
    workspace = await a_workspace(store, "T1")
    async with store.work(workspace.id) as session:
        await session.add_row(SettingRow, **vars(Settings(digest_at=dt.time(8, 15))))

    written, counts = await everything(store)

    (chosen,) = written["workspaces"][0]["setting"]
    assert (chosen["digest_at"], chosen["quiet_from"]) == ("08:15:00", "19:00:00")
    assert counts[-1] == 1
