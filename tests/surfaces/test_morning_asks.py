"""What a morning asks, each once: another way round a blocker, and whether a client still hires us for its reason."""

import datetime as dt

import sqlalchemy as sa

from bot.practices.blockers import service as blockers
from bot.practices.blockers.rows import BlockerRow
from bot.practices.blockers.rules import Side
from bot.practices.clients.rows import ClientRow
from bot.practices.promises.rows import PromiseRow
from bot.practices.promises.rules import Guess
from bot.store.search import Visibility
from tests.front_door import reads
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE
HALF_PAST_EIGHT = dt.datetime(2026, 5, 13, 6, 30, 30, tzinfo=dt.UTC)
WEDNESDAY = dt.date(2026, 5, 13)
DAY = dt.timedelta(days=1)


def mornings(person):
    return [one for one in person.sees() if one.app and one.text.startswith("Your ")]


async def keep_blocker(voice, client_id, by):
    details = blockers.Details("Legal holds the brief", None, Side.THEIRS, None, WEDNESDAY - 7 * DAY, Visibility.TEAM)
    async with voice.place.ember.store.work(voice.workspace.id) as session:
        now = voice.place.clock.now()
        await blockers.add(session, client_id, details, by=await voice.member(by), key="b", now=now)


async def test_a_week_on_a_morning_asks_for_another_way_round_and_the_day_after_it_does_not(place, voice):
    halden = await voice.client("Halden", 1)
    await keep_blocker(voice, halden, place.tom)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    [morning] = mornings(place.ana)
    assert "*Halden:* “Legal holds the brief”, since Wed 6 May. Is there another way round?" in reads(morning)
    assert morning.text == "Your Wednesday. 1 question for you."
    assert mornings(place.tom) == []
    await place.ana.click("blocker.edit", in_=morning)
    await place.ana.submit(other_way="Their agency sends it")
    await voice.settle()
    assert [row.other_way for row in await place.rows(BlockerRow)] == ["Their agency sends it"]
    assert "another way round" not in reads(mornings(place.ana)[-1])
    async with place.ember.store.work(voice.workspace.id) as session:
        await session.execute(sa.update(BlockerRow).values(other_way=None))
    await voice.at(HALF_PAST_EIGHT + DAY)
    assert len(mornings(place.ana)) == 1


async def test_half_a_year_on_whoever_looks_after_a_client_is_asked_once_whether_it_still_is_why(place, voice):
    await voice.client("Halden", 1)
    async with place.ember.store.work(voice.workspace.id) as session:
        why = {"why_hired": "ideas we lack", "why_confirmed_on": WEDNESDAY - 180 * DAY}
        await session.execute(sa.update(ClientRow).values(**why))
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    [morning] = mornings(place.ana)
    assert "*Why Halden hired us:* “ideas we lack”. Is it still that?\nStill true\nEdit" in reads(morning)
    await place.ana.click("client.why_true:morning", in_=morning)
    await voice.settle()
    assert "Still true?" in str(place.ana.confirmed)
    assert [row.why_confirmed_on for row in await place.rows(ClientRow)] == [place.clock.now().date()]
    assert "Is it still that?" not in reads(mornings(place.ana)[-1])


async def test_whoever_carries_a_promise_moves_it_from_their_morning(place, voice):
    halden = await voice.client("Halden", 1)
    await voice.note(halden, "ours", days=1, promise=Guess("media plan", WEDNESDAY, theirs=False))
    tom = await voice.member(place.tom)
    async with place.ember.store.work(voice.workspace.id) as session:
        values = {"carrier_id": tom.id, "visibility": Visibility.EVERYONE}
        await session.execute(sa.update(PromiseRow).values(**values))
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    assert mornings(place.ana) == []
    [morning] = mornings(place.tom)
    assert "*You promised* *Halden* media plan, today\nDone\nMove" in reads(morning)
    await place.tom.click("promise.move", in_=morning)
    await place.tom.submit(to="2026-05-20", why="Legal reads it")
    await voice.settle()
    assert [row.due_on for row in await place.rows(PromiseRow)] == [dt.date(2026, 5, 20)]
    assert "media plan" not in reads(mornings(place.tom)[-1])
