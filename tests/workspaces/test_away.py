"""Who is away, and who covers."""

import datetime as dt

import pytest

from bot.slack.errors import Refused
from bot.workspaces import away
from bot.workspaces.away import BackTooLate, BackTooSoon, NoCover, Overlap
from tests.conftest import NOW

TODAY = dt.date(2026, 5, 12)
DAY = dt.timedelta(days=1)


@pytest.fixture
async def ana(people):
    return await people.member()


@pytest.fixture
async def tom(people):
    return await people.member("U0TOM", "Tom")


class Diary:
    """Sets people away and asks about it, each time in a transaction of its own."""

    def __init__(self, store, workspace):
        self.store, self.workspace = store, workspace

    async def sets(self, member, from_on, back_on, cover=None, **more):
        async with self.store.work(self.workspace.id) as session:
            return await away.set_away(
                session,
                member.id,
                from_on=from_on,
                back_on=back_on,
                cover_id=cover.id if cover else None,
                today=TODAY,
                now=NOW,
                **more,
            )

    async def do(self, use_case, *args, **more):
        async with self.store.work(self.workspace.id) as session:
            return await use_case(session, *args, **more)


@pytest.fixture
def diary(store, workspace):
    return Diary(store, workspace)


async def test_somebody_is_away_until_the_day_before_they_are_back(diary, ana, tom):
    made = await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom, note="Halden first")
    for on, found in (
        (TODAY - DAY, {}),
        (TODAY, {ana.id: made}),
        (TODAY + 2 * DAY, {ana.id: made}),
        (TODAY + 3 * DAY, {}),
    ):
        assert await diary.do(away.away_on, [ana.id, tom.id], on) == found
    assert (made.cover_id, made.note) == (tom.id, "Halden first")


async def test_whoever_covers_is_known_meanwhile(diary, ana, tom):
    await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom)
    assert [one.member_id for one in await diary.do(away.covered_by, tom.id, TODAY)] == [ana.id]
    assert await diary.do(away.covered_by, tom.id, TODAY + 3 * DAY) == []


async def test_a_second_time_away_keeps_the_first_and_shares_no_day_with_it(diary, ana, tom):
    august = await diary.sets(ana, TODAY + 30 * DAY, TODAY + 40 * DAY, tom)
    christmas = await diary.sets(ana, TODAY + 200 * DAY, TODAY + 210 * DAY, tom)
    for first, back in ((35, 45), (25, 31), (20, 50), (32, 33)):
        with pytest.raises(Overlap, match="from Thu 11 Jun, back on Sun 21 Jun already"):
            await diary.sets(ana, TODAY + first * DAY, TODAY + back * DAY, tom)
    assert await diary.do(away.upcoming, ana.id, TODAY) == [august, christmas]
    moved = await diary.sets(ana, TODAY + 35 * DAY, TODAY + 45 * DAY, tom, instead_of=august.id)
    after = await diary.sets(ana, TODAY + 45 * DAY, TODAY + 46 * DAY, tom)
    assert await diary.do(away.upcoming, ana.id, TODAY) == [moved, after, christmas]
    await diary.sets(tom, TODAY + 35 * DAY, TODAY + 36 * DAY)


async def test_what_is_over_makes_place(diary, ana, tom):
    await diary.sets(ana, TODAY - 3 * DAY, TODAY + 3 * DAY, tom)
    await diary.do(away.come_back, ana.id, today=TODAY)
    again = await diary.sets(ana, TODAY - DAY, TODAY + 2 * DAY, tom)
    assert await diary.do(away.away_on, [ana.id], TODAY - DAY) == {ana.id: again}


async def test_back_early_and_back_on_the_first_day(diary, ana, tom):
    await diary.sets(ana, TODAY - 2 * DAY, TODAY + 3 * DAY, tom)
    assert (await diary.do(away.come_back, ana.id, today=TODAY)).back_on == TODAY + 3 * DAY
    assert await diary.do(away.away_on, [ana.id], TODAY) == {}
    assert len(await diary.do(away.away_on, [ana.id], TODAY - DAY)) == 1
    assert await diary.do(away.come_back, ana.id, today=TODAY) is None
    await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom)
    await diary.do(away.come_back, ana.id, today=TODAY)
    assert await diary.do(away.upcoming, ana.id, TODAY) == []


async def test_a_form_pressed_again_sets_nobody_away_who_came_back(diary, ana, tom):
    made = await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom, key="view:1")
    assert await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom, key="view:1") == made
    await diary.do(away.come_back, ana.id, today=TODAY)
    with pytest.raises(Refused, match="came back"):
        await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom, key="view:1")


async def test_only_ones_own_time_away_can_be_given_up(diary, ana, tom):
    made = await diary.sets(ana, TODAY + DAY, TODAY + 3 * DAY, tom)
    assert not await diary.do(away.cancel, tom.id, made.id)
    assert await diary.do(away.cancel, ana.id, made.id)
    assert not await diary.do(away.cancel, ana.id, made.id)


@pytest.mark.parametrize(
    ("from_on", "back_on", "fault"),
    [
        (TODAY, TODAY, BackTooSoon),
        (TODAY + DAY, TODAY, BackTooSoon),
        (TODAY - 5 * DAY, TODAY, BackTooSoon),
        (TODAY, TODAY + 400 * DAY, BackTooLate),
    ],
)
async def test_days_that_make_no_sense(diary, ana, tom, from_on, back_on, fault):
    with pytest.raises(fault):
        await diary.sets(ana, from_on, back_on, tom)
    assert await diary.do(away.upcoming, ana.id, TODAY - 9 * DAY) == []


async def test_nobody_covers_for_themselves_or_while_away(diary, ana, tom):
    await diary.sets(tom, TODAY + 2 * DAY, TODAY + 4 * DAY, ana)
    with pytest.raises(NoCover, match="can't cover for yourself"):
        await diary.sets(ana, TODAY, TODAY + DAY, ana)
    with pytest.raises(NoCover, match="away then too"):
        await diary.sets(ana, TODAY, TODAY + 3 * DAY, tom)
    assert (await diary.sets(ana, TODAY, TODAY + 2 * DAY, tom)).cover_id == tom.id


async def test_each_is_away_on_the_day_it_is_where_they_are(diary, people, tom):
    # one instant: an hour past midnight of the 12th in Honolulu, of the 13th in Kiritimati
    honolulu = await people.member("U0KAI", "Kai", "Pacific/Honolulu")
    kiritimati = await people.member("U0TEI", "Tei", "Pacific/Kiritimati")
    late = dt.datetime(2026, 5, 12, 11, tzinfo=dt.UTC)
    for one in (honolulu, kiritimati):
        await diary.sets(one, TODAY, TODAY + DAY, tom)
    found = await diary.do(away.away_now, [honolulu, kiritimati, tom], late)
    assert found.keys() == {honolulu.id}
    assert await diary.do(away.away_now, [], late) == {}
