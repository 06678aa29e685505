"""Check-ins as use cases, on both databases."""

import datetime as dt

import pytest

from bot.practices.checkins import service
from bot.practices.checkins.rows import CheckinRow, Details, Draft, DraftRow
from bot.practices.checkins.rules import Via
from bot.practices.checkins.service import Note, NotTheAuthor, NotTheirPerson, TooLateToUndo, UnknownCheckin
from bot.practices.promises.rules import Guess
from bot.store.base import new_id
from bot.workspaces.visibility import Person, Room, Visibility
from tests.desk import set_up
from tests.support import NOW, count


@pytest.fixture
async def tom(people):
    return await people.member("U0TOM", "Tom")


async def record(session, client, by, text="Fine", key="view:1", now=NOW, amends=False, **more):
    note = Note(client.id, 4, text, Via.LINE, **more)
    return await service.record(session, note, by=by, key=key, now=now, amends=amends)


async def test_the_same_delivery_gets_the_same_receipt(ana, work):
    client = await set_up(work, ana)
    first = await record(work, client, ana, "we owe her the plan by Friday")
    second = await record(work, client, ana, "we owe her the plan by Friday")
    assert second.checkin.id == first.checkin.id
    assert second.guess == first.guess
    assert second.guess is not None
    assert (first.asks_why, second.asks_why) == (True, True)
    assert await count(work, CheckinRow) == 1


async def test_a_delivery_repeated_by_somebody_else_shows_them_nothing(ana, tom, work):
    client = await set_up(work, ana)
    await record(work, client, ana)
    with pytest.raises(NotTheAuthor):
        await record(work, client, tom)


async def test_only_people_of_the_client_can_have_been_there(ana, work):
    client = await set_up(work, ana)
    with pytest.raises(NotTheirPerson):
        await record(work, client, ana, details=Details(people=frozenset({new_id()})))


async def test_undo_ends_after_ten_minutes_and_is_the_authors(ana, tom, work):
    client = await set_up(work, ana)
    kept = await record(work, client, ana)
    with pytest.raises(NotTheAuthor):
        await service.undo(work, kept.checkin.id, by=tom, now=NOW)
    with pytest.raises(TooLateToUndo):
        await service.undo(work, kept.checkin.id, by=ana, now=NOW + dt.timedelta(minutes=11))
    draft = await service.undo(work, kept.checkin.id, by=ana, now=NOW + dt.timedelta(minutes=9))
    assert (draft.text, draft.feeling, draft.client_id) == ("Fine", 4, client.id)
    with pytest.raises(UnknownCheckin):
        await service.undo(work, kept.checkin.id, by=ana, now=NOW)


async def test_a_line_that_lacks_a_client_or_a_rating_is_not_settled(ana, work):
    client = await set_up(work, ana)
    for client_id, feeling in ((None, 4), (client.id, None)):
        waiting = Draft(new_id(), ana.id, client_id, feeling, "Fine", Via.LINE, NOW)
        with pytest.raises(UnknownCheckin):
            await service.settle_draft(work, waiting, by=ana, now=NOW)


async def test_a_waiting_line_counts_for_the_day_it_was_typed(ana, work):
    client = await set_up(work, ana)
    waiting = Draft(new_id(), ana.id, client.id, 4, "Fine", Via.LINE, NOW)
    kept = await service.settle_draft(work, waiting, by=ana, now=NOW + dt.timedelta(days=2))
    assert kept.checkin.happened_on == NOW.date()


async def test_lines_nobody_came_back_to_are_dropped_after_a_month(ana, store, work):
    waiting = Draft(new_id(), ana.id, None, None, "Fine", Via.LINE, NOW)
    assert await service.keep_draft(work, waiting, by=ana, key="k") == waiting
    await service.forget_drafts(work, now=NOW + dt.timedelta(days=30))
    assert await count(work, DraftRow) == 1
    await service.forget_drafts(work, now=NOW + dt.timedelta(days=30, seconds=1))
    assert await count(work, DraftRow) == 0


async def test_a_channel_reads_what_its_clients_team_may_read(ana, work):
    client, other = await set_up(work, ana), await set_up(work, ana, "Halden")
    notes = {
        visibility: (await record(work, client, ana, key=visibility, visibility=visibility)).checkin.id
        for visibility in Visibility
    }
    theirs, elsewhere = Room(frozenset({client.id})), Room(frozenset({other.id}))
    assert set(await service.readable(work, notes.values(), theirs)) == {notes["team"], notes["everyone"]}
    assert set(await service.readable(work, notes.values(), elsewhere)) == {notes["everyone"]}
    assert set(await service.readable(work, notes.values(), Person(ana.id))) == set(notes.values())
    seen = await service.history(work, [client.id], theirs, limit=5)
    assert {note.id for note in seen} == {notes["team"], notes["everyone"]}


async def test_deleting_leaves_nothing_of_a_line_that_waited_before_it_was_kept(ana, work):
    client = await set_up(work, ana)
    waiting = Draft(new_id(), ana.id, client.id, 4, "Fine", Via.LINE, NOW)
    other = Draft(new_id(), ana.id, client.id, None, "Another line", Via.LINE, NOW)
    for each in (waiting, other):
        await service.keep_draft(work, each, by=ana, key=str(each.id))
    kept = await service.settle_draft(work, waiting, by=ana, now=NOW)
    await service.delete(work, kept.checkin.id, by=ana)
    assert await service.draft(work, other.id, by=ana) == other
    with pytest.raises(UnknownCheckin):
        await service.draft(work, waiting.id, by=ana)


async def test_undoing_a_line_that_waited_leaves_one_draft_to_put_back(ana, work):
    client = await set_up(work, ana)
    waiting = Draft(new_id(), ana.id, client.id, 4, "Fine", Via.LINE, NOW)
    await service.keep_draft(work, waiting, by=ana, key="k")
    kept = await service.settle_draft(work, waiting, by=ana, now=NOW)
    undone = await service.undo(work, kept.checkin.id, by=ana, now=NOW)
    assert await count(work, DraftRow) == 1
    back = await service.settle_draft(work, undone, by=ana, now=NOW)
    await service.delete(work, back.checkin.id, by=ana)
    assert await count(work, DraftRow) == 0


async def test_what_was_changed_before_a_form_is_pressed_again_is_kept(ana, work):
    client, other = await set_up(work, ana), await set_up(work, ana, "Halden")
    first = await record(work, client, ana, "Fine", amends=True)
    for text in ("Fine, mostly", "Fine, mostly. She paused"):
        again = await record(work, client, ana, text, amends=True)
        assert (again.checkin.id, again.checkin.note, again.checkin.edited_at) == (first.checkin.id, text, None)
        assert again.repeated
    moved = await record(work, other, ana, text, amends=True, promise=Guess("The plan", NOW.date(), theirs=False))
    assert (moved.client.id, moved.checkin.client_id, moved.promise.what) == (other.id, other.id, "The plan")
    assert await count(work, CheckinRow) == 1


async def test_a_late_repeat_of_a_form_does_not_take_an_edit_back(ana, work):
    client = await set_up(work, ana)
    first = await record(work, client, ana, "Fine", amends=True)
    changed = Note(client.id, 2, "Not so fine", Via.MODAL)
    await service.edit(work, first.checkin.id, changed, by=ana, now=NOW)
    again = await record(work, client, ana, "Fine", amends=True)
    assert (again.checkin.feeling, again.checkin.note) == (2, "Not so fine")


async def test_a_late_repeat_of_a_form_keeps_a_promise_that_was_confirmed_since(ana, work):
    client = await set_up(work, ana)
    first = await record(work, client, ana, "we owe her the plan by Friday", amends=True)
    await service.confirm_promise(work, first.checkin.id, by=ana, now=NOW)
    again = await record(work, client, ana, "we owe her the plan by Friday", amends=True)
    assert again.promise is not None
