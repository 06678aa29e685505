"""“We've spoken” and what contact days mean for the spark, on both databases."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.cadence import service as cadence
from bot.practices.checkins import contact, service
from bot.practices.checkins.rows import CheckinRow, Details, DraftRow
from bot.practices.checkins.rules import FutureDay, Signal, TooLongAgo, Via
from bot.practices.checkins.service import Note, NotTheAuthor, TooLateToUndo, UnknownCheckin
from bot.practices.clients import service as clients
from bot.practices.spark.rows import SparkRow
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.store.search import SearchEntry
from bot.workspaces.visibility import Person, Visibility
from tests.desk import set_up
from tests.support import NOW, TODAY, count

YESTERDAY = TODAY - dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
async def tom(people):
    return await people.member("U0TOM", "Tom", tz="America/New_York")


async def speak(session, client, by, on=None, *, key=None, now=NOW, moves=None):
    moved = moves.checkin.id if moves else None
    return await service.spoken(session, client.id, on=on, moves=moved, by=by, key=key or str(new_id()), now=now)


async def record(session, client, by, feeling=4, *, now=NOW, **more):
    note = Note(client.id, feeling, "Fine", Via.LINE, **more)
    return await service.record(session, note, by=by, key=str(new_id()), now=now)


async def days(session, client):
    return list((await service.facts(session, [client.id]))[client.id].days)


async def spark(session, client):
    columns = (SparkRow.contact_days, SparkRow.last_on, SparkRow.slow)
    return tuple((await session.execute(sa.select(*columns).where(SparkRow.client_id == client.id))).one())


async def test_we_ve_spoken_is_a_contact_day_without_a_word(ana, northwind, work):
    kept = await speak(work, northwind, ana)
    assert (kept.checkin.feeling, kept.checkin.note, kept.checkin.via) == (None, "", Via.SPOKEN)
    assert (kept.checkin.is_bare, kept.guess, kept.promise, kept.asks_why, kept.repeated) == (True,) + (None,) * 2 + (
        False,
        False,
    )
    assert await days(work, northwind) == [TODAY]
    assert await count(work, SearchEntry) == 0
    assert await service.receipt(work, kept.checkin.id, by=ana) == kept


async def test_the_question_why_they_hired_us_waits_for_the_first_note(ana, northwind, work):
    assert not (await speak(work, northwind, ana)).asks_why
    assert (await record(work, northwind, ana)).asks_why


async def test_the_same_delivery_notes_once(ana, northwind, work):
    first = await speak(work, northwind, ana, key="a")
    again = await speak(work, northwind, ana, key="a", now=NOW + dt.timedelta(days=1))
    assert (again.checkin.id, again.repeated) == (first.checkin.id, True)
    assert await days(work, northwind) == [TODAY]


async def test_a_second_press_on_the_same_day_changes_nothing(ana, northwind, work):
    first = await speak(work, northwind, ana)
    again = await speak(work, northwind, ana, now=NOW + 60 * MINUTE)
    assert (again.checkin.id, again.repeated) == (first.checkin.id, True)
    assert await count(work, CheckinRow) == 1


async def test_a_note_of_the_day_is_enough(ana, northwind, work):
    noted = await record(work, northwind, ana)
    again = await speak(work, northwind, ana)
    assert (again.checkin.id, again.checkin.feeling, again.repeated) == (noted.checkin.id, 4, True)
    assert await count(work, CheckinRow) == 1


async def test_somebody_elses_press_is_theirs(ana, tom, northwind, work):
    first, second = await speak(work, northwind, ana), await speak(work, northwind, tom)
    assert first.checkin.id != second.checkin.id
    assert await days(work, northwind) == [TODAY]
    assert (await spark(work, northwind))[:2] == (1, TODAY)


async def test_yesterday_moves_what_was_just_pressed(ana, northwind, work):
    first = await speak(work, northwind, ana)
    moved = await speak(work, northwind, ana, YESTERDAY, moves=first)
    assert (moved.checkin.id, moved.checkin.happened_on, moved.repeated) == (first.checkin.id, YESTERDAY, False)
    assert await days(work, northwind) == [YESTERDAY]
    assert (await spark(work, northwind))[:2] == (1, YESTERDAY)
    once_more = await speak(work, northwind, ana, TODAY - dt.timedelta(days=5), moves=first, now=NOW + 60 * MINUTE)
    assert once_more.checkin.id == first.checkin.id
    assert await days(work, northwind) == [TODAY - dt.timedelta(days=5)]


async def test_another_day_is_another_conversation_unless_it_is_said_which_one_moves(ana, northwind, work):
    await speak(work, northwind, ana)
    await speak(work, northwind, ana, YESTERDAY, now=NOW + MINUTE)
    assert await days(work, northwind) == [YESTERDAY, TODAY]


async def test_moving_to_a_day_with_a_note_leaves_the_note_alone(ana, northwind, work):
    noted = await record(work, northwind, ana, said_on=YESTERDAY)
    pressed = await speak(work, northwind, ana, key="a")
    moved = await speak(work, northwind, ana, YESTERDAY, moves=pressed, key="b")
    assert (moved.checkin.id, moved.repeated) == (noted.checkin.id, False)
    assert await days(work, northwind) == [YESTERDAY]
    for key in ("a", "b"):
        again = await speak(work, northwind, ana, YESTERDAY, moves=pressed, key=key)
        assert (again.checkin.id, again.repeated) == (noted.checkin.id, True)


async def test_what_was_taken_back_is_not_moved(ana, tom, northwind, work):
    pressed = await speak(work, northwind, ana)
    for other, fault in (((northwind, tom), NotTheAuthor), ((await set_up(work, ana, "Halden"), ana), UnknownCheckin)):
        with pytest.raises(fault):
            await speak(work, *other, YESTERDAY, moves=pressed)
    await service.take_back(work, pressed.checkin.id, by=ana, now=NOW)
    with pytest.raises(UnknownCheckin):
        await speak(work, northwind, ana, YESTERDAY, moves=pressed)
    assert await days(work, northwind) == []


async def test_a_press_is_taken_back_for_ten_minutes_and_never_with_a_note(ana, tom, northwind, work):
    pressed = await speak(work, northwind, ana)
    with pytest.raises(NotTheAuthor):
        await service.take_back(work, pressed.checkin.id, by=tom, now=NOW)
    with pytest.raises(TooLateToUndo):
        await service.take_back(work, pressed.checkin.id, by=ana, now=NOW + 11 * MINUTE)
    assert (await service.take_back(work, pressed.checkin.id, by=ana, now=NOW + 10 * MINUTE)) == pressed.checkin
    assert (await spark(work, northwind))[:2] == (0, None)
    pressed = await speak(work, northwind, ana)
    await service.edit(work, pressed.checkin.id, Note(northwind.id, 5, "Lovely", Via.MODAL), by=ana, now=NOW)
    for now in (NOW, NOW + 11 * MINUTE):
        assert await service.take_back(work, pressed.checkin.id, by=ana, now=now) is None
    assert await days(work, northwind) == [TODAY]
    assert (await count(work, CheckinRow), await count(work, DraftRow)) == (1, 0)


async def test_a_press_that_has_a_note_now_is_not_moved(ana, northwind, work):
    pressed = await speak(work, northwind, ana)
    await service.edit(work, pressed.checkin.id, Note(northwind.id, 5, "Lovely", Via.MODAL), by=ana, now=NOW)
    kept = await speak(work, northwind, ana, YESTERDAY, moves=pressed)
    assert (kept.checkin.id, kept.checkin.note, kept.repeated) == (pressed.checkin.id, "Lovely", True)
    assert await days(work, northwind) == [TODAY]


async def test_days_ahead_and_long_ago_are_refused(ana, northwind, work):
    with pytest.raises(FutureDay):
        await speak(work, northwind, ana, TODAY + dt.timedelta(days=1))
    with pytest.raises(TooLongAgo):
        await speak(work, northwind, ana, dt.date(2016, 5, 11))


async def test_a_relationship_that_ended_is_not_spoken_with(ana, northwind, work):
    await clients.end(work, northwind.id, TODAY)
    with pytest.raises(Refused, match="ended"):
        await speak(work, northwind, ana)


async def test_today_is_the_members_own(tom, northwind, work):
    late = dt.datetime(2026, 5, 13, 3, 30, tzinfo=dt.UTC)
    assert (await speak(work, northwind, tom, now=late)).checkin.happened_on == TODAY


@pytest.mark.parametrize(
    ("now", "on"),
    [
        (dt.datetime(2026, 3, 28, 22, 59, tzinfo=dt.UTC), dt.date(2026, 3, 28)),
        (dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC), dt.date(2026, 3, 29)),
        (dt.datetime(2026, 3, 29, 21, 59, tzinfo=dt.UTC), dt.date(2026, 3, 29)),
        (dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC), dt.date(2026, 3, 30)),
        (dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
        (dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
        (dt.datetime(2026, 10, 25, 23, 0, tzinfo=dt.UTC), dt.date(2026, 10, 26)),
    ],
)
async def test_the_night_the_clocks_change_has_one_contact_day(ana, northwind, work, now, on):
    """02:30 in Berlin comes never in March, twice in October."""
    assert (await speak(work, northwind, ana, now=now)).checkin.happened_on == on


async def test_both_half_past_twos_of_october_are_one_day(ana, northwind, work):
    for hour in (0, 1):
        await speak(work, northwind, ana, now=dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC))
    assert await days(work, northwind) == [dt.date(2026, 10, 25)]


async def test_undo_of_a_bare_conversation_leaves_no_draft(ana, tom, northwind, work):
    kept = await speak(work, northwind, ana, key="a")
    with pytest.raises(TooLateToUndo):
        await service.undo(work, kept.checkin.id, by=ana, now=NOW + 11 * MINUTE)
    await service.undo(work, kept.checkin.id, by=ana, now=NOW + 10 * MINUTE)
    assert await days(work, northwind) == []
    assert await count(work, DraftRow) == 0
    assert (await spark(work, northwind))[:2] == (0, None)
    with pytest.raises(UnknownCheckin):
        await speak(work, northwind, ana, key="a")
    assert not (await speak(work, northwind, ana)).repeated


async def test_a_note_added_to_it_can_be_undone_and_put_back(ana, northwind, work):
    kept = await speak(work, northwind, ana)
    await service.edit(work, kept.checkin.id, Note(northwind.id, 5, "Lovely", Via.MODAL), by=ana, now=NOW)
    draft = await service.undo(work, kept.checkin.id, by=ana, now=NOW)
    back = await service.settle_draft(work, draft, by=ana, now=NOW)
    assert (back.checkin.feeling, back.checkin.note, back.checkin.via) == (5, "Lovely", Via.SPOKEN)


async def test_the_spark_follows_everything_that_is_done_with_notes(ana, northwind, work):
    halden = await set_up(work, ana, "Halden")
    first = await record(work, northwind, ana, said_on=YESTERDAY)
    assert (await spark(work, northwind))[:2] == (1, YESTERDAY)
    second = await speak(work, northwind, ana)
    assert (await spark(work, northwind))[:2] == (2, TODAY)
    await service.edit(work, first.checkin.id, Note(halden.id, 4, "Fine", Via.LINE), by=ana, now=NOW)
    assert (await spark(work, northwind))[:2] == (1, TODAY)
    assert (await spark(work, halden))[:2] == (1, YESTERDAY)
    await service.delete(work, second.checkin.id, by=ana)
    assert (await spark(work, northwind))[:2] == (0, None)
    draft = await service.undo(work, first.checkin.id, by=ana, now=NOW)
    assert (await spark(work, halden))[:2] == (0, None)
    await service.settle_draft(work, draft, by=ana, now=NOW)
    assert (await spark(work, halden))[:2] == (1, YESTERDAY)


async def test_amending_moves_a_day_from_one_client_to_another(ana, northwind, work):
    halden = await set_up(work, ana, "Halden")
    for client in (northwind, halden):
        note = Note(client.id, 4, "Fine", Via.MODAL)
        await service.record(work, note, by=ana, key="view:1", now=NOW, amends=True)
    assert [(await spark(work, client))[0] for client in (northwind, halden)] == [0, 1]


async def test_private_ratings_and_healthy_disagreements_are_left_out_of_the_facts(ana, tom, northwind, work):
    disagreed = Details(signals=frozenset({Signal.HEALTHY_DISAGREEMENT, Signal.PAUSED}))
    await record(work, northwind, ana, 1, details=disagreed)
    await record(work, northwind, ana, 2, visibility=Visibility.ME)
    await record(work, northwind, ana, 4, details=Details(signals=frozenset({Signal.PAUSED, Signal.BLOCKER})))
    await record(work, northwind, tom, 5, visibility=Visibility.EVERYONE)
    await record(work, northwind, ana, 1, said_on=YESTERDAY, visibility=Visibility.ME)
    found = (await contact.facts(work, [northwind.id]))[northwind.id]
    assert list(found.days) == [YESTERDAY, TODAY]
    assert found.ratings == {TODAY: 4.5}


async def test_clients_without_a_spark_are_given_one(ana, northwind, work):
    await record(work, northwind, ana)
    await work.execute(sa.delete(SparkRow))
    assert await service.backfill(work, limit=10) == 1
    assert (await spark(work, northwind))[:2] == (1, TODAY)
    assert await service.backfill(work, limit=10) == 0


async def test_what_was_not_written_down_is_about_nothing(ana, northwind, work):
    await speak(work, northwind, ana)
    await record(work, northwind, ana)
    found = await service.lately(work, [northwind.id], Person(ana.id), since=YESTERDAY)
    assert sorted(about is None for _, about in found[northwind.id]) == [False, True]


async def test_a_conversation_leaves_a_not_now_alone_and_so_does_taking_it_back(ana, northwind, work):
    made = await cadence.snooze(work, northwind.id, until=TODAY + dt.timedelta(days=7), by=ana, now=NOW)
    later = NOW + dt.timedelta(days=1)
    await record(work, northwind, ana, now=later)
    pressed = await speak(work, northwind, ana, YESTERDAY, now=later)
    await service.take_back(work, pressed.checkin.id, by=ana, now=later)
    assert await cadence.snoozed(work, [northwind.id], Person(ana.id), TODAY) == {northwind.id: made}


async def test_the_last_words_are_the_newest_a_reader_may_see_however_many_days_have_none(ana, tom, northwind, work):
    halden = await set_up(work, ana, "Halden")
    kept = await record(work, northwind, ana, said_on=TODAY - dt.timedelta(days=20))
    await record(work, northwind, tom, said_on=TODAY - dt.timedelta(days=10), visibility=Visibility.ME)
    for ago in range(8):
        await speak(work, northwind, ana, TODAY - dt.timedelta(days=ago))
    found = await service.last_words(work, [northwind.id, halden.id], Person(ana.id))
    assert {client_id: checkin.id for client_id, checkin in found.items()} == {northwind.id: kept.checkin.id}


async def test_two_presses_at_once_are_one_conversation(ana, store, workspace):
    async with store.work(workspace.id) as session:
        client = await set_up(session, ana)

    async def press():
        async with store.work(workspace.id) as session:
            return await speak(session, client, ana)

    receipts = await asyncio.gather(*(press() for _ in range(5)))
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True, True]
    async with store.look(workspace.id) as session:
        assert await count(session, CheckinRow) == 1


async def test_notes_taken_at_once_are_all_counted(ana, tom, store, workspace):
    async with store.work(workspace.id) as session:
        client = await set_up(session, ana)

    async def note(day):
        async with store.work(workspace.id) as session:
            await record(session, client, ana, said_on=day)

    await asyncio.gather(*(note(TODAY - dt.timedelta(days=ago)) for ago in range(6)))
    async with store.look(workspace.id) as session:
        assert (await spark(session, client))[:2] == (6, TODAY)
