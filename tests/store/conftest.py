import pytest

from tests.store.holdings import Seed, seed


@pytest.fixture
async def ours(store) -> Seed:
    return await seed(store, "T0OURS", country="DE", tz="Europe/Berlin")


@pytest.fixture
async def theirs(store) -> Seed:
    return await seed(store, "T0THEIRS", country="FR", tz="Europe/Paris")
