"""The end of the week in Friday's digest: their words, promises kept, thanks; six lines at most."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Signal
from bot.practices.promises.rows import PromiseRow
from bot.practices.promises.rules import Guess, PromiseState
from bot.store.search import Visibility
from tests.front_door import agency, reads
from tests.voice import Voice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FRIDAY_AT_NINE = dt.datetime(2026, 5, 15, 7, 0, 30, tzinfo=dt.UTC)


@pytest.fixture
async def voice(database_url, clock):
    async with agency(database_url, clock) as place:
        voice = Voice(place, place.elsewhere)
        await voice.choose()
        yield voice


async def a_week(voice):
    """Four clients with a word each, one of them private and one marked, and a promise that was kept."""
    place = voice.place
    for name in ("Northwind", "Halden", "Orchard"):
        client = await voice.client(name, 1)
        await voice.note(client, "we met", quote=f"the best week, says {name}", by=place.tom)
    await voice.note(client, "hidden", quote="only for me", visibility=Visibility.ME)
    marked = Details(signals=frozenset({Signal.MAY_LEAVE}))
    await voice.note(client, "marked", quote="we may go", details=marked)
    await voice.note(client, "plan", promise=Guess("media plan", dt.date(2026, 5, 13), theirs=False))
    async with place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(PromiseRow).values(state=PromiseState.KEPT, settled_at=place.clock.now()))


async def test_fridays_digest_has_their_words_what_was_kept_and_thanks_where_it_is_wanted(voice):
    await a_week(voice)
    await voice.timetable()
    await voice.at(FRIDAY_AT_NINE - dt.timedelta(days=1))
    assert voice.said_in(voice.team) == []
    await voice.at(FRIDAY_AT_NINE)
    [digest] = voice.said_in(voice.team)
    says = reads(digest)
    assert (
        "*This week*\n“the best week, says Orchard” Orchard\n“the best week, says Halden” Halden\n"
        "“the best week, says Northwind” Northwind\nPromises kept: media plan (Orchard)\nThanks, Ana and Tom."
    ) in says
    assert "only for me" not in says
    assert "we may go" not in says
    assert digest.text == "Good morning. This is how the week was."
    async with voice.place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(PromiseRow).values(settled_at=FRIDAY_AT_NINE + dt.timedelta(days=5)))
    await voice.choose(wants_wrap=False)
    await voice.at(FRIDAY_AT_NINE + dt.timedelta(days=7))
    assert "This week" not in reads(voice.said_in(voice.team)[-1])
