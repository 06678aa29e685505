"""The main job, from the first client to the export, through the front door."""

import pytest

from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients.rows import ClientRow
from tests.front_door import agency


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        yield place


async def test_a_client_is_set_up_and_a_first_conversation_logged_in_its_channel(place):
    await place.ana.command("/client", "new Northwind", channel=place.northwind)
    answer = await place.ana.submit(name="Northwind", rhythm="7", heard_in=[place.northwind])
    assert answer.errors == {}
    [client] = await place.rows(ClientRow)
    assert client.name == "Northwind"

    await place.ana.close_modal(everything=True)
    answer = await place.ana.command("/checkin", channel=place.northwind)
    modal = await place.ana.modal()
    assert modal.value("client") is not None
    answer = await place.ana.submit(feeling="4", note="Paused when asked about Q3, we owe her the plan by Friday")
    assert answer.errors == {}
    [checkin] = await place.rows(CheckinRow)
    assert (checkin.feeling, checkin.note[:6]) == (4, "Paused")
