"""Open differences where they come up: once in a digest, in the owner's morning, on the card, in a brief."""

import datetime as dt

from bot.practices.differences import service, speaking
from bot.practices.differences.service import Details
from bot.practices.practice import Occasion, Section
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.workspaces.visibility import Person, Room
from tests.front_door import reads, sees, turn_to
from tests.rhythm import WEEKLY
from tests.support import ON_SQLITE
from tests.surfaces.test_digest import digest_of
from tests.surfaces.test_morning import morning_of
from tests.voice import WEDNESDAY_AT_NINE

pytestmark = ON_SQLITE
DAY = dt.timedelta(days=1)
WEDNESDAY = WEDNESDAY_AT_NINE.date()
HALF_PAST_EIGHT = WEDNESDAY_AT_NINE - dt.timedelta(minutes=30)


async def differ(place, voice, client_id, text, resolve_by, *, by=None, visibility=Visibility.TEAM):
    """Keep a difference, as it was written down two weeks before its day; return its id."""
    member = await voice.member(by or place.ana)
    details = Details(client_id, text, resolve_by, visibility)
    today = resolve_by - 14 * DAY
    async with place.ember.store.work(voice.workspace.id) as session:
        now = place.clock.now()
        kept = await service.add(session, details, by=member, key=str(new_id()), now=now, today=today)
    return kept.id


async def test_an_overdue_difference_shows_once_in_the_digest_and_closing_removes_it(place, voice):
    northwind = await voice.client("Northwind", *WEEKLY)
    kept = await differ(place, voice, northwind, "one market or two", WEDNESDAY - DAY)
    await differ(place, voice, northwind, "for me alone", WEDNESDAY - DAY, visibility=Visibility.ME)
    await voice.timetable()
    await voice.at(WEDNESDAY_AT_NINE)
    said = reads(digest_of(voice))
    assert "to settle with Northwind: “one market or two”, 1 day late, Ana" in said
    assert "for me alone" not in said

    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    await place.ana.click(f"difference.close:{kept}")
    await place.ana.submit(resolution="One market first")
    assert "Settled with Northwind: One market first" in sees(place.ana)
    await voice.settle()
    assert "one market or two" not in reads(digest_of(voice))


async def test_it_is_in_one_mornings_digest_only(place, voice):
    northwind = await voice.client("Northwind", *WEEKLY)
    await differ(place, voice, northwind, "one market or two", WEDNESDAY + 3 * DAY)  # a Saturday
    room, heard = Room(frozenset({northwind})), []
    async with place.ember.store.look(voice.workspace.id) as session:
        for days in range(12):
            now = WEDNESDAY_AT_NINE + days * DAY
            assert northwind in await speaking.stirring(session, now.date()) or days < 3
            if (await speaking.digest(session, [northwind], room, now)).get(northwind):
                heard.append(days)
        assert await speaking.digest(session, [northwind], Room(frozenset()), WEDNESDAY_AT_NINE + 5 * DAY) == {}
    assert heard == [5]


async def test_the_owner_has_it_in_the_morning_of_its_day_and_settles_it_there(place, voice):
    northwind = await voice.client("Northwind", *WEEKLY)
    everyone = {"by": place.tom, "visibility": Visibility.EVERYONE}
    kept = await differ(place, voice, northwind, "one market or two", WEDNESDAY, **everyone)
    await differ(place, voice, northwind, "between Tom and himself", WEDNESDAY, by=place.tom, visibility=Visibility.ME)
    await voice.timetable()
    await voice.at(HALF_PAST_EIGHT)
    morning = morning_of(place.ana)
    assert "*To settle* with *Northwind*: “one market or two”, today" in reads(morning)
    assert "himself" not in reads(morning)
    await place.ana.click(f"difference.close:{kept}", in_=morning)
    answer = await place.ana.submit(resolution="One market first")
    assert answer.errors == {}
    await voice.settle()
    assert "one market or two" not in reads(morning_of(place.ana))


async def test_it_is_on_the_card_and_in_the_brief_of_those_who_may_read_it(place, voice):
    northwind = await voice.client("Northwind", 1)
    await differ(place, voice, northwind, "one market or two", WEDNESDAY + 2 * DAY)
    await differ(place, voice, northwind, "for me alone", WEDNESDAY + 2 * DAY, visibility=Visibility.ME)
    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    shown = reads(await turn_to(place, "notes"))
    assert "*Open difference:* “one market or two”, by Fri 15 May" in shown
    assert "for me alone" in shown
    ana = Person((await voice.member(place.ana)).id)
    async with place.ember.store.look(voice.workspace.id) as session:
        for audience, count in ((ana, 2), (Room(frozenset({northwind})), 1), (Room(frozenset()), 0)):
            said = await speaking.brief(session, [Occasion(northwind)], audience, WEDNESDAY_AT_NINE)
            values = said.get(northwind, ())
            assert [value.section for value in values] == [Section.LISTEN] * count
