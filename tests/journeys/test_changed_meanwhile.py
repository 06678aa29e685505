"""What two people change at once, through the front door: nothing of the other's is overwritten unseen."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.anticipations.rows import AnticipationRow
from bot.practices.checkins.rows import CheckinRow
from bot.practices.milestones.rows import MilestoneRow
from bot.practices.promises.rows import PromiseEventRow, PromiseRow
from tests.front_door import add_person, card, set_up_client, turn_to
from tests.support import ON_SQLITE

FRIDAY, NEXT_WEEK = dt.date(2026, 5, 15), dt.date(2026, 5, 22)
pytestmark = ON_SQLITE


@pytest.fixture
async def northwind(place):
    """A client of Ana's and Tom's."""
    return await set_up_client(place, heard_in=[place.northwind], team=[place.tom.member], rhythm=30)


async def noted(place):
    """Log a check-in of Ana's with a promise by Friday; she has its form open again."""
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    await place.ana.click("checkin.more")
    await place.quiet()
    said = {"feeling": "3", "note": "They wait for the plan", "need": "A plan for autumn"}
    await place.ana.submit(client="Northwind", **said, promise="the media plan", promise_due="2026-05-15")
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.modal()
    [row] = await place.rows(PromiseRow)
    return row


async def menu(place, person, chosen, promise):
    await person.choose("promise.more:card", f"{chosen}:{promise.id}", in_=await card(place, person))
    await place.quiet()


async def test_a_check_in_whose_typo_is_mended_leaves_its_promise_as_others_have_moved_it(place, northwind):
    promise = await noted(place)
    await menu(place, place.tom, "move", promise)
    await place.tom.submit(to="2026-05-22")
    assert (await place.ana.submit(note="They wait for the media plan")).errors == {}
    [row], [note] = await place.rows(PromiseRow), await place.rows(CheckinRow)
    assert (row.due_on, row.moved_from, row.times_moved) == (NEXT_WEEK, FRIDAY, 1)
    assert note.note == "They wait for the media plan"


async def test_a_check_in_says_so_where_it_would_overwrite_another_day_and_moves_once_it_is_opened_again(
    place, northwind
):
    promise = await noted(place)
    await menu(place, place.tom, "move", promise)
    await place.tom.submit(to="2026-05-22")
    answer = await place.ana.submit(promise_due="2026-05-29")
    assert "Somebody changed this to “Fri 22 May" in answer.errors["promise_due"]
    await place.ana.close_modal(everything=True)
    await card(place)
    await place.ana.click("checkin.edit", in_=await turn_to(place, "notes"))
    await place.quiet()
    assert (await place.ana.submit(promise_due="2026-05-29")).errors == {}
    [row] = await place.rows(PromiseRow)
    assert (row.due_on, row.moved_from, row.times_moved) == (dt.date(2026, 5, 29), FRIDAY, 2)
    assert len(await place.rows(PromiseEventRow)) == 2


async def test_a_promise_or_a_need_deleted_meanwhile_is_not_made_again_by_an_edited_check_in(place, northwind):
    promise = await noted(place)
    await menu(place, place.tom, "edit", promise)
    await place.tom.modal()
    await place.tom.click("promise.drop")
    await place.quiet()
    await place.tom.close_modal(everything=True)
    async with place.ember.store.work(place.workspace.id) as session:
        await session.execute(sa.delete(AnticipationRow))
    assert (await place.ana.submit(note="They wait for the media plan")).errors == {}
    assert await place.rows(PromiseRow) == []
    assert await place.rows(AnticipationRow) == []


async def test_a_promise_says_what_somebody_else_wrote_meanwhile_and_keeps_what_one_left_alone(place, northwind):
    await place.ana.command("/client", "promise northwind media plan by Friday", channel=place.elsewhere)
    await place.ana.submit()
    await place.ana.close_modal(everything=True)
    [promise] = await place.rows(PromiseRow)
    await menu(place, place.ana, "edit", promise)
    await menu(place, place.tom, "edit", promise)
    await place.tom.modal()
    answer = await place.tom.submit(visibility="me")
    assert answer.errors == {"visibility": "Only Ana can make this theirs alone."}
    assert (await place.tom.submit(what="the whole media plan", visibility="everyone", due="2026-05-22")).errors == {}
    answer = await place.ana.submit(what="our media plan")
    assert list(answer.errors) == ["what"]
    assert "the whole media plan" in answer.errors["what"]
    assert (await place.ana.submit(what="the whole media plan", theirs=["yes"])).errors == {}
    [row] = await place.rows(PromiseRow)
    assert (row.what, row.due_on, row.theirs, row.visibility) == ("the whole media plan", NEXT_WEEK, True, "everyone")


async def test_a_message_too_long_for_a_promise_says_so_and_its_check_in_waits_beneath(place, northwind):
    message = place.tom.post(place.northwind, "They asked for much. " * 40)
    await place.ana.message_shortcut("checkin.from_message", message)
    await place.ana.modal()
    await place.ana.click("checkin.as_promise")
    await place.quiet()
    form = await place.ana.modal()
    assert form.title == "Promise"
    assert "longer than fits here" in str(form.view)
    await place.ana.close_modal()
    form = await place.ana.modal()
    assert form.title == "Log a check-in"
    assert form.value("note").startswith("They asked for much. They asked")


async def test_a_date_says_what_somebody_else_wrote_meanwhile_and_keeps_what_one_left_alone(place, northwind):
    await add_person(place, "northwind", "Priya")
    await place.ana.command("/client", "birthday northwind Priya", channel=place.elsewhere)
    await place.ana.submit(falls_on="2026-03-14", no_year=["yes"], title="her birthday")
    await place.ana.close_modal(everything=True)
    [date] = await place.rows(MilestoneRow)
    for person in (place.ana, place.tom):
        await card(place, person)
        await person.click(f"milestone.edit:{date.id}")
        await place.quiet()
        await person.modal()
    assert (await place.tom.submit(visibility="me")).errors == {"visibility": "Only Ana can make this theirs alone."}
    said = {"visibility": "team", "title": "Priya turns forty", "leads": ["14"], "people": None}
    assert (await place.tom.submit(**said)).errors == {}
    answer = await place.ana.submit(title="Priya is forty", leads=["2"])
    assert "“Priya turns forty”" in answer.errors["title"]
    assert "“Two weeks before”" in answer.errors["leads"]
    assert (await place.ana.submit(title="Priya turns forty", leads=["14"], note="Lilies")).errors == {}
    [row] = await place.rows(MilestoneRow)
    assert (row.title, row.leads, row.note, row.contact_id) == ("Priya turns forty", [14], "Lilies", None)
