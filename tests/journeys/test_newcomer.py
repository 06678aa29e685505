"""What somebody meets who has just begun, and types what comes to mind."""

import datetime as dt

import pytest

from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients.rows import ClientRow
from tests.front_door import agency, sees, set_up_by_form
from tests.support import ON_SQLITE


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        yield place


@ON_SQLITE
@pytest.mark.parametrize("name", ["4", "Glowing", "cold"])
async def test_a_client_cannot_be_called_like_a_rating(place, name):
    await place.ana.command("/client", f"new {name}")
    answer = await place.ana.submit(name=name, rhythm="7")
    assert "Ember listens to" in answer.errors["name"]
    assert await place.rows(ClientRow) == []


@ON_SQLITE
async def test_a_client_whose_name_ends_in_a_sign_is_logged_in_one_line(place):
    await set_up_by_form(place, "Brew 🍺")
    await place.ana.command("/checkin", "Brew 🍺 4 nice evening")
    await place.ana.command("/checkin", "brew 🙂 another one")
    first, second = await place.rows(CheckinRow)
    assert (first.feeling, first.note) == (4, "nice evening")
    assert (second.feeling, second.note) == (4, "another one")


@ON_SQLITE
async def test_words_after_a_name_at_the_wrong_command_come_back(place):
    await set_up_by_form(place)
    answer = await place.ana.command("/client", "northwind 4 called about the launch")
    assert "/checkin" in answer.text + sees(place.ana)
    assert "4 called about the launch" in answer.text + sees(place.ana)


async def test_ending_twice_keeps_the_day_it_ended(place, clock):
    client = await set_up_by_form(place)
    await place.ana.command("/client", "end northwind")
    await place.quiet()
    await place.ana.click("client.end")
    await place.quiet()
    [ended] = await place.rows(ClientRow)
    clock.advance(dt.timedelta(days=30))
    await place.ana.command("/client", "end northwind")
    await place.quiet()
    await place.ana.click("client.end", str(client.id))
    await place.quiet()
    [still] = await place.rows(ClientRow)
    assert still.ended_on == ended.ended_on == dt.date(2026, 5, 12)


@ON_SQLITE
@pytest.mark.parametrize("call", ["HELP!", "/help", "hi!", "help."])
async def test_a_call_for_help_in_a_message_to_ember_is_no_note(place, call):
    await place.ana.dm(call)
    await place.quiet()
    assert "Which client" not in sees(place.ana)


@ON_SQLITE
@pytest.mark.parametrize("started", [dt.date(2099, 1, 1), dt.date(1066, 1, 1)])
async def test_a_relationship_starts_on_a_day_that_can_be(place, started):
    await place.ana.command("/client", "new Oldie")
    answer = await place.ana.submit(name="Oldie", rhythm="7", started=started)
    assert "between 1900 and today" in answer.errors["started"]


@ON_SQLITE
async def test_a_message_counts_on_the_day_it_was_written(place, clock):
    await set_up_by_form(place, heard_in=[place.northwind])
    message = place.ana.post(place.northwind, "They loved the draft")
    clock.advance(dt.timedelta(days=5))
    await place.ana.message_shortcut("checkin.from_message", message)
    await place.ana.submit(feeling="5")
    [checkin] = await place.rows(CheckinRow)
    assert checkin.happened_on == dt.date(2026, 5, 12)


@ON_SQLITE
async def test_a_day_of_another_year_says_which(place):
    await set_up_by_form(place, heard_in=[place.northwind])
    await place.ana.command("/checkin", "northwind 4 we owe her the plan by 11 May")
    await place.quiet()
    assert "Tue 11 May 2027" in sees(place.ana)
