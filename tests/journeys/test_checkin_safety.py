"""What was typed is saved once, before Slack is answered, and never lost when something fails."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.slack.forms import read_metadata
from tests.front_door import reads, sees
from tests.support import ON_SQLITE, PATIENCE

LINE = "northwind 4 liked the launch plan"


async def filled(place):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.fill(feeling="4", note="Liked the launch plan")


@pytest.fixture
def stuck(place, monkeypatch):
    """Keep every follow-up from running, as if the process died right after its answer."""

    def never(what, work):
        work.close()

    return lambda: monkeypatch.setattr(place.ember.followups, "start", never)


@pytest.fixture
async def overlooked(place):
    """A channel in which others read along, so that answers come in a window."""
    shared = place.slack.world.add_channel("with-northwind", members=[place.ana.member], shared=True)
    await place.has_been_in(shared)
    return shared


async def test_a_form_pressed_twice_is_one_check_in_with_one_receipt(place, northwind):
    await filled(place)
    first = await place.ana.submit()
    second = await place.slack.redeliver(first)
    assert len(await place.rows(CheckinRow)) == 1
    assert second.json["view"]["blocks"][0] == first.json["view"]["blocks"][0]


async def test_a_form_pressed_twice_at_the_same_instant_is_one_check_in(place, northwind):
    await filled(place)
    parcel = (await place.ana.submit(note=" ")).sent
    modal = await place.ana.modal()
    for block in parcel.payload["view"]["state"]["values"].values():
        if "note" in block:
            block["note"]["value"] = "Liked the launch plan"
    answers = await asyncio.gather(*(place.slack._delivery.send(parcel) for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len(await place.rows(CheckinRow)) == 1
    assert read_metadata(modal.view)["n"]


@ON_SQLITE
async def test_two_forms_are_two_check_ins(place, northwind):
    for _ in range(2):
        await filled(place)
        await place.ana.submit()
        await place.ana.close_modal(everything=True)
    assert len(await place.rows(CheckinRow)) == 2


async def test_what_is_acknowledged_is_kept_even_if_nothing_runs_after_it(place, northwind, stuck):
    await filled(place)
    stuck()
    await place.ana.submit()
    assert len(await place.rows(CheckinRow)) == 1
    await place.ana.close_modal(everything=True)
    await place.ana.command("/checkin", LINE, channel=place.northwind)
    assert len(await place.rows(CheckinRow)) == 2
    await place.ana.dm(LINE)
    assert len(await place.rows(CheckinRow)) == 3
    await place.ana.command("/checkin", "no rating yet", channel=place.northwind)
    assert [row.text for row in await place.rows(DraftRow)] == ["no rating yet"]
    await place.ana.click("draft.feel:4")
    assert len(await place.rows(CheckinRow)) == 4
    await place.ana.click("checkin.undo")


@ON_SQLITE
async def test_slack_refusing_the_form_is_said_in_words_with_what_was_typed(place, northwind):
    place.slack.faults.add("views.open", error="expired_trigger_id")
    await place.ana.command("/checkin", "northwind", channel=place.elsewhere)
    await place.quiet()
    assert "Slack did not open the window just now. Please try again." in sees(place.ana)
    assert "> northwind" in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize("kind", ["rate_limited", "error_500_not_stored", "dropped_before_store"])
async def test_slack_failing_to_open_the_form_is_said_too(place, northwind, kind):
    place.slack.faults.add("views.open", kind)
    await place.ana.command("/checkin", "northwind", channel=place.elsewhere)
    await place.quiet()
    assert "Slack did not open the window" in sees(place.ana)


@ON_SQLITE
async def test_a_shortcut_whose_form_does_not_open_is_answered_where_the_person_looks(place, northwind):
    place.slack.faults.add("views.open", error="expired_trigger_id", times=2)
    await place.ana.shortcut("checkin.open")
    await place.quiet()
    [told] = place.slack.posted(place.ana.member)
    assert "Slack did not open the window" in told.text
    message = place.tom.post(place.northwind, "They loved it")
    await place.ana.message_shortcut("checkin.from_message", message)
    await place.quiet()
    told = place.ana.sees(place.northwind)[-1]
    assert told.ephemeral_to == place.ana.id
    assert "Slack did not open the window" in told.text


@ON_SQLITE
async def test_a_window_that_does_not_open_still_says_that_the_note_is_saved(place, northwind, overlooked):
    place.slack.faults.add("views.open", error="expired_trigger_id")
    await place.ana.command("/checkin", LINE, channel=overlooked)
    await place.quiet()
    assert len(await place.rows(CheckinRow)) == 1
    assert sees(place.ana) == "Your note is saved. Slack did not open the window just now."


@ON_SQLITE
@pytest.mark.parametrize("kind", ["refused", "dropped_before_store"])
async def test_a_window_that_is_not_redrawn_still_says_what_was_done(place, northwind, overlooked, kind):
    await place.ana.command("/checkin", LINE, channel=overlooked)
    await place.quiet()
    place.slack.faults.add("views.update", kind)
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert await place.rows(CheckinRow) == []
    [told] = place.slack.posted(place.ana.member)
    assert told.text == "Your note is taken back. Slack did not redraw the window just now."


@ON_SQLITE
@pytest.mark.parametrize("error", ["hash_conflict", "not_found"])
async def test_a_window_that_has_moved_on_or_is_closed_is_left_in_peace(place, northwind, overlooked, error):
    await place.ana.command("/checkin", LINE, channel=overlooked)
    await place.quiet()
    place.slack.faults.add("views.update", error=error)
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert await place.rows(CheckinRow) == []
    assert place.slack.posted(place.ana.member) == []


@ON_SQLITE
async def test_details_that_do_not_open_leave_the_form_as_it_was(place, northwind):
    await filled(place)
    place.slack.faults.add("views.update", error="internal_error")
    await place.ana.click("checkin.more")
    await place.quiet()
    assert (await place.ana.modal()).value("note") == "Liked the launch plan"
    await place.ana.submit()
    assert len(await place.rows(CheckinRow)) == 1


@pytest.fixture
async def hurried(place, northwind):
    """An Ember that gives up waiting early, in front of a database that somebody else holds on to."""
    await filled(place)
    place.ember.dispatcher.deadline = 0.15
    store = place.ember.store
    connection = await store.engines[0].connect() if store.dialect == "postgresql" else None
    if connection is not None:
        await connection.execute(sa.text("LOCK TABLE checkin, draft, seen IN ACCESS EXCLUSIVE MODE"))
        yield connection.rollback
        await connection.close()
        return
    import sqlite3

    other = sqlite3.connect(store.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def let_go():
        other.execute("ROLLBACK")

    yield let_go
    other.close()


@ON_SQLITE
async def test_a_form_that_cannot_be_saved_in_time_stays_and_says_so(place, hurried):
    answer = await place.ana.submit()
    assert "Ember is slow just now" in answer.errors["client"]
    assert "Press the button again: it saves once." in answer.errors["client"]
    assert (await place.ana.modal()).value("note") == "Liked the launch plan"
    await hurried()
    await place.quiet()
    place.ember.dispatcher.deadline = PATIENCE
    again = await place.ana.submit()
    assert again.errors == {}
    assert "Saved: Northwind" in sees(place.ana)
    assert len(await place.rows(CheckinRow)) == 1


async def test_a_line_that_takes_too_long_is_answered_late_and_kept_once(place, hurried):
    await place.ana.close_modal(everything=True)
    answer = await place.ana.command("/checkin", LINE, channel=place.northwind)
    assert "Ember is slow just now" in answer.text
    assert f"> {LINE}" in answer.text
    await hurried()
    await place.quiet()
    assert "Saved: Northwind · warm" in sees(place.ana)
    assert len(await place.rows(CheckinRow)) == 1


async def test_a_database_that_fails_leaves_the_form_and_gives_the_line_back(place, northwind):
    await filled(place)
    async with place.ember.store.work(northwind.workspace_id) as session:
        session.info["all"] = True
        await session.execute(sa.text("ALTER TABLE checkin RENAME TO elsewhere"), execution_options=WHY)
    try:
        answer = await place.ana.submit()
        assert "Something went wrong on Ember's side" in answer.errors["client"]
        assert (await place.ana.modal()).value("note") == "Liked the launch plan"
        await place.ana.close_modal(everything=True)
        told = await place.ana.command("/checkin", LINE, channel=place.northwind)
        assert f"> {LINE}" in reads(told.message)
        await place.ana.dm(LINE)
        await place.quiet()
        assert f"> {LINE}" in sees(place.ana)
    finally:
        async with place.ember.store.work(northwind.workspace_id) as session:
            await session.execute(sa.text("ALTER TABLE elsewhere RENAME TO checkin"), execution_options=WHY)


WHY = {"all_workspaces": "a test breaks the table"}


@ON_SQLITE
@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("checkin.undo", "no id"),
        ("checkin.edit", "0190a0a0-0000-7000-8000-000000000001"),
        ("checkin.log", "0190a0a0-0000-7000-8000-000000000001"),
        ("checkin.promise", ""),
        ("draft.client:0", "x:y"),
        ("draft.feel:9", "0190a0a0-0000-7000-8000-000000000001:9"),
        ("draft.feel:4", "0190a0a0-0000-7000-8000-000000000001:4"),
        ("draft.new", "0190a0a0-0000-7000-8000-000000000001"),
    ],
)
async def test_a_button_from_another_time_is_answered_in_words(place, northwind, action, value):
    answer = await place.ana.command("/checkin", LINE, channel=place.northwind)
    answer.message.blocks[2]["elements"][0] |= {"action_id": action, "value": value}
    clicked = await place.ana.click(action, in_=answer.message)
    await place.quiet()
    assert clicked.ok
    told = place.ana.sees()[-1].text
    assert any(words in told for words in ("not there any more", "does not know that", "gone", "open it again"))
    assert len(await place.rows(CheckinRow)) == 1


async def test_a_sentence_added_before_the_second_press_is_kept(place, hurried):
    await place.ana.submit()
    await place.ana.fill(note="Liked the launch plan. She paused at the budget")
    await hurried()
    await place.quiet()
    place.ember.dispatcher.deadline = PATIENCE
    again = await place.ana.submit()
    assert again.errors == {}
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "Liked the launch plan. She paused at the budget"
    assert "She paused at the budget" in sees(place.ana)
    await place.ana.close_modal(everything=True)
    found = await place.ana.command("/client", "find budget", channel=place.elsewhere)
    assert "Northwind" in reads(found.message)


@ON_SQLITE
async def test_details_asked_for_by_a_form_of_no_use_are_refused_in_words(place, northwind):
    await filled(place)
    modal = await place.ana.modal()
    modal.shown.source["private_metadata"] = "{}"
    await place.ana.click("checkin.more")
    await place.quiet()
    assert "Please open it again." in sees(place.ana)
