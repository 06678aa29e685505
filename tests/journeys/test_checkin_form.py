"""Logging a conversation with the form."""

import datetime as dt

import pytest

from bot.playground.elements import ClientSideError
from bot.practices.checkins.rows import CheckinPersonRow, CheckinRow, CheckinSignalRow
from bot.practices.people.rows import ContactRow
from bot.practices.promises.rows import PromiseRow
from tests.front_door import add_person, sees, set_up_client
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)


@pytest.fixture
async def ana(place, northwind):
    """Ana, with the form open in Northwind's channel."""
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    return place.ana


async def expand(person):
    before = (await person.modal()).shown.hash
    await person.click("checkin.more")
    await person._ground.world.until(lambda: person._top().hash != before or None, 2)
    return await person.modal()


@ON_SQLITE
async def test_the_form_knows_the_client_of_its_channel_and_saves_before_it_closes(place, ana, northwind):
    assert (await ana.modal()).value("client") == str(northwind.id)
    answer = await ana.submit(feeling="Warm", note="  Liked the launch plan \n")
    [kept] = await place.rows(CheckinRow)
    assert answer.errors == {}
    assert (kept.client_id, kept.feeling, kept.note) == (northwind.id, 4, "Liked the launch plan")
    assert (kept.happened_on, kept.visibility, kept.via, kept.purpose) == (TODAY, "team", "modal", "service")
    assert "Saved: Northwind · warm" in sees(ana)
    assert "the client's team can see it" in sees(ana)


@ON_SQLITE
async def test_elsewhere_the_client_is_picked_by_typing(place, northwind):
    await place.ana.command("/checkin", channel=place.elsewhere)
    assert (await place.ana.modal()).value("client") is None
    await place.ana.submit(client="nor", feeling="2", note="Short on words")
    [kept] = await place.rows(CheckinRow)
    assert (kept.client_id, kept.feeling) == (northwind.id, 2)


@ON_SQLITE
@pytest.mark.parametrize("missing", ["client", "feeling", "note"])
async def test_slack_asks_for_each_of_the_three_answers(place, northwind, missing):
    await place.ana.command("/checkin", channel=place.elsewhere)
    answers = {"client": "Northwind", "feeling": "4", "note": "Fine"} | {missing: None}
    with pytest.raises(ClientSideError) as refusal:
        await place.ana.submit(answers)
    assert refusal.value.field == missing
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_a_note_of_nothing_but_spaces_is_refused_at_the_note(place, ana):
    answer = await ana.submit(feeling="4", note=" \n  ")
    assert answer.errors == {"note": "Write a few words about what happened."}
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_more_questions_open_without_losing_what_was_typed(place, ana, northwind):
    await ana.fill(feeling="2", note="She paused,\n  then changed the subject ")
    assert len((await ana.modal()).fields) == 3
    modal = await expand(ana)
    assert len(modal.fields) == 18
    assert modal.value("client") == str(northwind.id)
    assert modal.value("feeling") == "2"
    assert modal.value("note") == "She paused,\n  then changed the subject "


async def test_everything_that_was_noticed_is_kept(place, northwind):
    await add_person(place, "northwind", "Priya")
    await add_person(place, "northwind", "Omar")
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.fill(feeling="2", note="Went through the Q3 numbers")
    await expand(place.ana)
    answer = await place.ana.submit(
        people=["Priya", "Omar"],
        setting="In front of their boss",
        medium="Video",
        purpose="project",
        signals=["Paused", "May leave"],
        unsaid="Whether the budget stays",
        quote="We'll see",
        promise="The plan",
        promise_due="2026-05-15",
        visibility="everyone",
        when="2026-05-11",
    )
    assert answer.errors == {}
    [kept] = await place.rows(CheckinRow)
    assert (kept.setting, kept.medium, kept.purpose) == ("in_front_of_boss", "video", "project")
    assert (kept.unsaid, kept.quote, kept.visibility) == ("Whether the budget stays", "We'll see", "everyone")
    assert kept.happened_on == dt.date(2026, 5, 11)
    assert {row.signal for row in await place.rows(CheckinSignalRow)} == {"paused", "may_leave"}
    there = {row.contact_id for row in await place.rows(CheckinPersonRow)}
    assert there == {contact.id for contact in await place.rows(ContactRow)}
    [promise] = await place.rows(PromiseRow)
    assert (promise.what, promise.due_on, promise.theirs) == ("The plan", dt.date(2026, 5, 15), False)
    assert (promise.visibility, promise.checkin_id) == ("everyone", kept.id)
    assert "Promised:* The plan, by Fri 15 May" in sees(place.ana)


@ON_SQLITE
async def test_somebody_of_another_client_is_refused_at_the_people(place, northwind):
    await set_up_client(place, "Halden")
    await add_person(place, "halden", "Hanna")
    await place.ana.command("/checkin", channel=place.elsewhere)
    await expand(place.ana)
    await place.ana.fill(client="Halden", people=["Hanna"])
    answer = await place.ana.submit(client="Northwind", feeling="4", note="Fine")
    assert answer.errors == {"people": "Somebody you picked is not at this client. Pick again."}
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "where"), [({"promise": "The plan"}, "promise_due"), ({"promise_due": "2026-05-15"}, "promise")]
)
async def test_half_a_promise_is_asked_for_the_other_half(place, ana, given, where):
    await expand(ana)
    answer = await ana.submit(feeling="4", note="Fine", **given)
    assert list(answer.errors) == [where]
    assert await place.rows(CheckinRow) == []
    assert (await ana.modal()).value("note") == "Fine"


@ON_SQLITE
@pytest.mark.parametrize(("day", "says"), [("2026-05-13", "still ahead"), ("2016-05-11", "more than 10 years ago")])
async def test_a_day_that_cannot_be_meant_is_refused_at_when(place, ana, day, says):
    await expand(ana)
    answer = await ana.submit(feeling="4", note="Fine", when=day)
    assert list(answer.errors) == ["when"]
    assert says in answer.errors["when"]
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_todays_date_is_the_authors(place, northwind):
    place.clock.set(dt.datetime(2026, 5, 12, 22, 30, tzinfo=dt.UTC))
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.submit(feeling="4", note="Late call from Berlin")
    [kept] = await place.rows(CheckinRow)
    assert kept.happened_on == dt.date(2026, 5, 13)


@ON_SQLITE
async def test_cancelling_changes_nothing(place, ana):
    await ana.fill(feeling="4", note="Half a thought")
    await ana.close_modal()
    await place.quiet()
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_a_status_meeting_counts_for_the_project(place, ana):
    await ana.submit(feeling="3", note="Weekly status: all on track")
    [kept] = await place.rows(CheckinRow)
    assert kept.purpose == "project"


async def test_a_client_that_is_gone_meanwhile_is_reported_at_its_field(place, ana, northwind):
    import sqlalchemy as sa

    from bot.practices.clients.rows import ClientRow

    async with place.ember.store.work(northwind.workspace_id) as session:
        await session.execute(sa.delete(ClientRow).where(ClientRow.id == northwind.id))
    answer = await ana.submit(feeling="4", note="Fine")
    assert answer.errors == {"client": "That client is not there any more. Pick another."}
