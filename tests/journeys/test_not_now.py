"""“Not now”: a client is set aside for a while, and comes back by itself or by a press."""

import datetime as dt

import pytest

from bot.practices.cadence.rows import SnoozeRow
from bot.practices.clients.rows import ClientRow
from tests.front_door import card, reads, sees, set_up_client
from tests.support import ON_SQLITE

TODAY = dt.date(2026, 5, 12)


@pytest.fixture
async def northwind(place):
    """A client that Ana and Tom look after."""
    return await set_up_client(place, "Northwind", heard_in=[place.northwind], team=[place.tom.member])


@pytest.fixture
async def form(place, northwind):
    """The form, open before Ana."""
    await card(place)
    await place.ana.click("cadence.not_now")
    return await place.ana.modal()


async def aside(place):
    return [(row.until_on, row.reason, row.note) for row in await place.rows(SnoozeRow)]


@ON_SQLITE
async def test_a_week_is_one_press(place, form):
    assert (form.title, form.value("until"), form.value("day")) == ("Not now", "week", None)
    answer = await place.ana.submit()
    assert answer.errors == {}
    assert await aside(place) == [(dt.date(2026, 5, 19), None, None)]
    assert "Northwind is set aside until Tue 19 May." in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize(
    ("until", "day"),
    [("tomorrow", dt.date(2026, 5, 13)), ("week", dt.date(2026, 5, 19)), ("month", dt.date(2026, 6, 12))],
)
async def test_spans_are_the_members_own_days(place, form, until, day):
    await place.ana.submit(until=until, reason="away", note="Back from the fair")
    assert await aside(place) == [(day, "away", "Back from the fair")]


@ON_SQLITE
async def test_a_date_of_ones_own(place, form):
    await place.ana.submit(until="day", day="2026-11-30", reason="agreed")
    assert await aside(place) == [(dt.date(2026, 11, 30), "agreed", None)]
    assert "Northwind is set aside until Mon 30 Nov." in sees(place.ana)


@ON_SQLITE
async def test_a_date_counts_before_the_choice_above_it(place, form):
    await place.ana.submit(day="2026-05-20")
    assert await aside(place) == [(dt.date(2026, 5, 20), None, None)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"until": "day"}, "Pick the day"),
        ({"until": "day", "day": "2026-05-12"}, "Pick a day after today."),
        ({"day": "2025-05-20"}, "Pick a day after today."),
        ({"day": "2027-05-20"}, "within a year"),
    ],
)
async def test_a_wrong_day_is_told_at_its_field_and_nothing_is_lost(place, form, fields, told):
    answer = await place.ana.submit(reason="other", note="A long story", **fields)
    assert list(answer.errors) == ["day"]
    assert told in answer.errors["day"]
    assert await aside(place) == []
    modal = await place.ana.modal()
    assert (modal.value("reason"), modal.value("note")) == ("other", "A long story")
    answer = await place.ana.submit(until="day", day="2026-05-20")
    assert answer.errors == {}
    assert await aside(place) == [(dt.date(2026, 5, 20), "other", "A long story")]


async def test_a_late_repeat_leaves_what_a_colleague_said_since(place, form):
    answer = await place.ana.submit(until="month", note="After the fair")
    await place.ana.close_modal(everything=True)
    await card(place, place.tom)
    await place.tom.click("cadence.not_now")
    await place.tom.modal()
    await place.tom.submit(until="day", day="2026-05-20", note="Priya is back on Wednesday")
    again = await place.slack.redeliver(answer)
    assert again.errors == {}
    assert "Northwind is set aside until Wed 20 May." in str(again.body)
    assert await aside(place) == [(dt.date(2026, 5, 20), None, "Priya is back on Wednesday")]


@ON_SQLITE
async def test_pressed_again_with_another_day_changes_the_day(place, form):
    await place.ana.submit(until="month")
    await place.ana.close_modal(everything=True)
    await card(place)
    await place.ana.click("cadence.not_now")
    await place.ana.modal()
    await place.ana.submit(until="week")
    assert await aside(place) == [(dt.date(2026, 5, 19), None, None)]


@ON_SQLITE
async def test_the_choice_made_last_counts_where_a_day_stood_already(place, form):
    await place.ana.submit(until="day", day="2026-11-30", note="Fair")
    await place.ana.close_modal(everything=True)
    await card(place)
    await place.ana.click("cadence.not_now")
    modal = await place.ana.modal()
    assert (modal.value("until"), modal.value("day")) == ("day", "2026-11-30")
    await place.ana.submit(until="week")
    assert await aside(place) == [(dt.date(2026, 5, 19), None, "Fair")]


@ON_SQLITE
async def test_a_day_that_stood_already_can_be_kept(place, form):
    await place.ana.submit(until="day", day="2026-11-30")
    await place.ana.close_modal(everything=True)
    await card(place)
    await place.ana.click("cadence.not_now")
    await place.ana.modal()
    await place.ana.submit(reason="away")
    assert await aside(place) == [(dt.date(2026, 11, 30), "away", None)]


@ON_SQLITE
async def test_the_words_are_for_the_team_the_day_and_the_reason_for_everyone(place, form):
    sam = place.join("Sam", place.elsewhere)
    assert "Only the client's team and you can read this." in sees(place.ana)
    await place.ana.submit(reason="away", note="Priya is ill")
    await place.ana.close_modal(everything=True)
    for person, may in ((place.tom, True), (place.ana, True), (sam, False)):
        shown = reads(await card(place, person))
        assert "Set aside until Tue 19 May · they're away" in shown
        assert ("Priya is ill" in shown) is may
        listed = reads((await person.command("/client", "list all", channel=place.elsewhere)).message)
        assert "set aside until Tue 19 May · they're away" in listed
        assert ("Priya is ill" in listed) is may
        await person.open_home()
        await place.quiet()
        await person.click("home.show:clients", in_="home")
        await place.quiet()
        await person.click("home.all", in_="home")
        await place.quiet()
        assert "they're away" in str(person.home())
        assert ("Priya is ill" in str(person.home())) is may


@ON_SQLITE
async def test_who_is_not_in_the_team_is_told_whom_to_ask(place, form):
    sam = place.join("Sam", place.elsewhere)
    await card(place, sam)
    await sam.click("cadence.not_now")
    await place.quiet()
    assert sam.modals() == []
    assert "Only Northwind's team changes this. Ana can, or an admin." in sees(sam)
    await place.ana.submit()
    await card(place, sam)
    await sam.click("cadence.wake")
    await place.quiet()
    assert "Only Northwind's team changes this. Ana can, or an admin." in sees(sam)
    assert len(await aside(place)) == 1


@ON_SQLITE
async def test_an_admin_may(place, form):
    boss = place.join("Sam", place.elsewhere, admin=True)
    await place.ana.submit()
    await card(place, boss)
    await boss.click("cadence.wake")
    await place.quiet()
    assert await aside(place) == []


@ON_SQLITE
async def test_a_late_repeat_does_not_undo_bringing_back(place, form):
    answer = await place.ana.submit()
    await place.ana.click("cadence.wake")
    await place.quiet()
    assert await aside(place) == []
    assert "Northwind is back." in sees(place.ana)
    again = await place.slack.redeliver(answer)
    assert "brought back meanwhile" in str(again.body)
    assert await aside(place) == []


@ON_SQLITE
async def test_the_form_shows_what_is_set_already(place, form):
    await place.ana.submit(until="day", day="2026-05-20", reason="away", note="Fair")
    await place.ana.close_modal(everything=True)
    await card(place, place.tom)
    await place.tom.click("cadence.not_now")
    modal = await place.tom.modal()
    shown = {name: modal.value(name) for name in ("until", "day", "reason", "note")}
    assert shown == {"until": "day", "day": "2026-05-20", "reason": "away", "note": "Fair"}
    await place.tom.submit(until="week", day=None)
    assert await aside(place) == [(dt.date(2026, 5, 19), "away", "Fair")]


@ON_SQLITE
async def test_card_and_list_say_until_when(place, form):
    await place.ana.submit(reason="away")
    await place.ana.close_modal(everything=True)
    shown = reads(await card(place, place.tom))
    assert "Set aside until Tue 19 May · they're away" in shown
    assert "Bring back" in shown
    answer = await place.tom.command("/client", "list", channel=place.elsewhere)
    assert "set aside until Tue 19 May" in reads(answer.message)


@ON_SQLITE
async def test_it_comes_back_by_itself_on_the_day(place, form):
    await place.ana.submit(until="tomorrow")
    await place.ana.close_modal(everything=True)
    place.clock.advance(dt.timedelta(days=1))
    assert "set aside" not in reads(await card(place)).lower()


async def test_a_colleague_may_bring_it_back_twice(place, form):
    await place.ana.submit()
    await card(place, place.tom)
    back = await place.tom.click("cadence.wake")
    await place.slack.redeliver(back)
    await place.quiet()
    assert await aside(place) == []
    assert "Northwind is back." in sees(place.tom)


@ON_SQLITE
async def test_a_conversation_does_not_end_it(place, form):
    await place.ana.submit(until="month", reason="agreed")
    await place.ana.close_modal(everything=True)
    await place.ana.command("/checkin", "4 agreed to pause until June", channel=place.northwind)
    place.clock.advance(dt.timedelta(days=1))
    shown = await card(place)
    await place.ana.click("spark.spoken", in_=shown)
    await place.quiet()
    assert await aside(place) == [(dt.date(2026, 6, 12), "agreed", None)]
    assert "Bring back" in reads(await card(place))


@ON_SQLITE
async def test_what_ended_or_is_gone_is_not_set_aside(place, form):
    await place.tom.command("/client", "northwind", channel=place.elsewhere)
    shown = place.tom.sees()[-1]
    await place.ana.command("/client", "end northwind")
    await place.ana.click("client.end", in_="message")
    answer = await place.ana.submit()
    assert "has ended. Resume it first." in "".join(answer.errors.values())
    await place.tom.click("cadence.not_now", in_=shown)
    await place.quiet()
    assert place.tom.modals() == []
    assert "has ended" in sees(place.tom)
    assert await aside(place) == []


@ON_SQLITE
async def test_a_client_that_is_gone_is_said_to_be(place, form):
    workspace = next(iter(place.ember.workspaces.values()))
    async with place.ember.store.work(workspace.id) as session:
        import sqlalchemy as sa

        await session.execute(sa.delete(ClientRow))
    answer = await place.ana.submit()
    assert "That client is gone" in "".join(answer.errors.values())
