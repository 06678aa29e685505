"""The end of the week in Friday's digest: their words, promises kept, thanks; six lines at most."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from bot.courier.kinds import Schedule
from bot.practices.checkins.rows import Details
from bot.practices.checkins.rules import Signal
from bot.practices.promises.rows import PromiseRow
from bot.practices.promises.rules import Guess, PromiseState
from bot.store.search import Visibility
from bot.surfaces import digest
from bot.surfaces.unasked import is_last_working_day
from tests.front_door import agency, reads
from tests.rhythm import move
from tests.support import ON_SQLITE
from tests.voice import Voice

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


@ON_SQLITE
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


async def wraps(voice, *mornings):
    """Return on which of some days (0 is Friday 15 May) the digest ended a week, with what it said then."""
    await voice.timetable()
    found = {}
    for days in mornings:
        before = len(voice.said_in(voice.team))
        await voice.at(FRIDAY_AT_NINE + dt.timedelta(days=days))
        found[days] = "\n".join(reads(one) for one in voice.said_in(voice.team)[before:])
    return {days: says for days, says in found.items() if "This week" in says}


@pytest.mark.parametrize(("country", "ends"), [(None, -1), ("DE", -2)])
@ON_SQLITE
async def test_a_week_ends_on_the_last_of_its_own_working_days_or_before_a_holiday(voice, country, ends):
    await voice.choose(workdays=0b0001111, country=country)
    client = await voice.client("Northwind", 1)
    await voice.note(client, "we met", quote="the best week")
    assert list(await wraps(voice, -2, -1, 0)) == [ends], "Thursday 14 May is Ascension Day"


@ON_SQLITE
async def test_what_came_after_the_digest_of_the_last_day_is_in_the_next_one(voice):
    client = await voice.client("Northwind", 1)
    await voice.note(client, "we met", quote="the best week")
    assert "the best week" in (await wraps(voice, 0))[0]
    move(voice.place, FRIDAY_AT_NINE + dt.timedelta(hours=6))
    await voice.note(client, "we met again", quote="see you on Monday")
    assert "see you on Monday" in (await wraps(voice, 7))[7]


@pytest.mark.parametrize(
    ("days_ago", "is_kept", "quote", "is_told"),
    [
        (0, False, None, False),
        (0, False, "the best week", True),
        (3, True, None, True),
        (7, True, None, True),
        (10, True, "the best week", False),
    ],
    ids=["nothing to quote", "quoted", "kept", "on the day of the last wrap", "before that"],
)
@ON_SQLITE
async def test_a_week_is_told_only_where_there_is_anything_to_tell(voice, days_ago, is_kept, quote, is_told):
    move(voice.place, FRIDAY_AT_NINE - dt.timedelta(days=days_ago))
    now = voice.place.clock.now()
    client = await voice.client("Northwind", 1)
    promise = Guess("media plan", now.date() + dt.timedelta(days=30), theirs=False)
    await voice.note(client, "we met", quote=quote, promise=promise)
    if is_kept:
        async with voice.place.ember.store.work(voice.workspace.id) as session:
            await session.execute(sa.update(PromiseRow).values(state=PromiseState.KEPT, settled_at=now))
    move(voice.place, FRIDAY_AT_NINE)
    await voice.note(client, "we met again, so nothing is due", days=1)
    friday = FRIDAY_AT_NINE.date()
    asked = [await stirred_on(voice, day) for day in (friday, friday - dt.timedelta(days=1))]
    assert asked == [is_told, False], "on the last day of the week alone"
    await voice.choose(wants_wrap=False)
    assert not await stirred_on(voice, friday)


async def stirred_on(voice, day) -> bool:
    """Whether the team's digest of a day is worked out at all."""
    due = dt.datetime.combine(day, dt.time(7), dt.UTC)
    what = (uuid.uuid4(), voice.workspace.id, voice.team.id, digest.KIND, dt.time(9), "Europe/Berlin", 127)
    schedule = Schedule(*what, grace=dt.timedelta(hours=9), due_at=due)
    async with voice.place.ember.store.look(None) as session:
        return await digest.stirring(session, [schedule], due) == {schedule.id}


def test_a_week_ends_before_its_longest_rest():
    for workdays, last in ((0b0011111, 4), (0b1001111, 3), (0b1111111, 6), (0b0010101, 4), (0b0000100, 2)):
        days = [dt.date(2026, 5, 11) + dt.timedelta(days=ahead) for ahead in range(7)]
        assert [day.weekday() for day in days if is_last_working_day(day, workdays, None)] == [last]
