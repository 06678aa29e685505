"""The secret link to one's own calendar: made, shown once, ended; a wrong one shows nothing."""

import httpx
import icalendar
import pytest
import sqlalchemy as sa

from bot.practices.milestones import feed
from bot.slack.errors import Refused
from bot.surfaces import calendar
from bot.workspaces.directory import MemberRow
from tests.front_door import agency, sees
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        await place.has_been_in(place.elsewhere)
        yield place


async def link(place):
    """Return the path of a fresh link of Ana's."""
    await place.ana.command("/ember", "calendar", channel=place.elsewhere)
    await place.ana.click("calendar.new")
    await place.quiet()
    said = sees(place.ana)
    assert "https://ember.example.com/calendar/" in said
    return said.partition("https://ember.example.com")[2].partition("`")[0]


async def test_the_link_works_until_there_is_a_new_one(place):
    async with httpx.AsyncClient(base_url=place.address) as browser:
        first = await link(place)
        answer = await browser.get(first)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        assert icalendar.Calendar.from_ical(answer.content)["x-wr-calname"] == feed.NAME
        again = await browser.get(first, headers={"if-none-match": f'W/{answer.headers["etag"]}, "other"'})
        assert (again.status_code, again.content) == (304, b"")
        head = await browser.head(first)
        assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")
        second = await link(place)
        assert [(await browser.get(each)).status_code for each in (first, second)] == [404, 200]
        await place.ana.command("/ember", "calendar", channel=place.elsewhere)
        ended = await place.ana.click("calendar.end")
        await place.slack.redeliver(ended)
        await place.quiet()
        assert (await browser.get(second)).status_code == 404


async def test_a_press_that_is_delivered_twice_makes_one_link(place):
    await place.ana.command("/ember", "calendar", channel=place.elsewhere)
    pressed = await place.ana.click("calendar.new")
    await place.quiet()
    path = sees(place.ana).partition("https://ember.example.com")[2].partition("`")[0]
    await place.slack.redeliver(pressed)
    async with httpx.AsyncClient(base_url=place.address) as browser:
        assert (await browser.get(path)).status_code == 200


@pytest.mark.parametrize("secret", ["x", "A" * 43, "%00" * 43, "..%2f" * 8])
async def test_a_wrong_link_shows_nothing(place, secret):
    async with httpx.AsyncClient(base_url=place.address) as browser:
        answer = await browser.get(f"/calendar/{secret}.ics")
    assert (answer.status_code, "etag" in answer.headers) == (404, False)


async def test_who_has_left_has_no_calendar(place):
    path = await link(place)
    async with place.ember.store.work(next(iter(place.ember.workspaces.values())).id) as session:
        await session.execute(sa.update(MemberRow).values(is_gone=True))
    async with httpx.AsyncClient(base_url=place.address) as browser:
        assert (await browser.get(path)).status_code == 404


async def test_without_an_address_it_says_what_to_set(office):
    shown = {}

    async def ack(**answer):
        shown.update(answer)

    await calendar.opened(ack, office.here("Ana"))
    assert "EMBER_BASE_URL" in str(shown["blocks"])
    with pytest.raises(Refused, match="EMBER_BASE_URL"):
        await calendar.make(None, office.here("Ana"), {})
