import pytest

from tests.front_door import agency, set_up_client


@pytest.fixture
async def place(database_url, clock):
    """A small agency with Ember, on a fresh database of each kind."""
    async with agency(database_url, clock) as place:
        await place.has_been_in(place.northwind, place.elsewhere)
        yield place


@pytest.fixture
async def northwind(place):
    """A client that Ana looks after, heard in its own channel."""
    return await set_up_client(place, "Northwind", heard_in=[place.northwind])
