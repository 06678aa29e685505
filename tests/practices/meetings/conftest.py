import pytest

from tests.calendars import Site


@pytest.fixture
async def site():
    async with Site() as opened:
        yield opened
