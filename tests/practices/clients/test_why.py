"""Why they hired us: the first line of a brief, and asked again once after 180 days."""

import datetime as dt

import pytest

from bot.practices.clients import service, why
from bot.practices.clients.rules import WhyType
from bot.practices.practice import Occasion, Section
from bot.workspaces.visibility import Person
from tests.support import ON_SQLITE

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()  # a Tuesday
DAY = dt.timedelta(days=1)
pytestmark = ON_SQLITE


@pytest.fixture
async def session(store, workspace):
    async with store.work(workspace.id) as session:
        yield session


@pytest.fixture
async def northwind(session, people, workspace, store):
    ana = await people.member()
    details = service.Details("Northwind", ana.id, 7)
    made = await service.set_up(session, details, by=ana.id, key="c", now=NOW, today=TODAY)
    return await service.set_why(session, made.id, "ideas our own team cannot see", WhyType.INNOVATION, on=TODAY)


def noon(on):
    return dt.datetime.combine(on, dt.time(12), dt.UTC)


async def test_why_they_hired_us_opens_the_brief_and_goes_stale_after_180_days(session, northwind):
    somebody = Person(northwind.created_by)
    said = (await why.brief(session, [Occasion(northwind.id)], somebody, NOW))[northwind.id]
    assert [(value.section, str(value.text)) for value in said] == [
        (Section.WHY, "*Why us:* “ideas our own team cannot see”")
    ]
    assert not why.is_stale(northwind, TODAY + 179 * DAY)
    assert why.is_stale(northwind, TODAY + 180 * DAY)
    asked = [
        on
        for on in (TODAY + number * DAY for number in range(170, 220))
        if await why.morning(session, [northwind.id], somebody, noon(on))
    ]
    due = TODAY + 180 * DAY  # a Sunday
    assert asked == [due + DAY]
    assert await why.stirring(session, due + DAY) == {northwind.id}
    assert await why.stirring(session, due - DAY) == set()
    confirmed = await service.confirm_why(session, northwind.id, due + DAY)
    assert not why.is_stale(confirmed, due + 2 * DAY)
    assert await why.morning(session, [northwind.id], somebody, noon(due + DAY)) == {}


async def test_a_client_whose_reason_nobody_knows_or_that_ended_is_not_asked_about(session, northwind):
    later = TODAY + 400 * DAY
    nobody = await service.confirm_why(session, northwind.id, later)
    assert nobody.why_confirmed_on == later
    ended = await service.end(session, northwind.id, TODAY)
    assert not why.is_stale(ended, later + 400 * DAY)
    forgotten = await service.set_why(session, northwind.id, " ", None, on=TODAY)
    assert (forgotten.why_hired, forgotten.why_confirmed_on, forgotten.why_asked_on) == (None, None, None)
    assert (await service.confirm_why(session, northwind.id, TODAY)).why_confirmed_on is None
