import pytest

from tests.desk import Desk, set_up


@pytest.fixture
async def desk(store, workspace, people):
    return await Desk(store, workspace, people).open()


@pytest.fixture
async def ana(people):
    return await people.member("U0ANA", "Ana")


@pytest.fixture
async def work(store, workspace):
    """A transaction that is open for the whole test."""
    async with store.work(workspace.id) as session:
        yield session


@pytest.fixture
async def northwind(work, ana):
    return await set_up(work, ana)
