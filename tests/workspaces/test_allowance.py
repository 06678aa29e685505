"""An admin's leave to post where others read along: who may give it, what it covers, where it may not be given."""

import datetime as dt

import pytest

from bot.workspaces import audit
from bot.workspaces.audit import AuditRow
from bot.workspaces.directory import ChannelRow
from tests.front_door import agency, reads, sees, set_up_by_form
from tests.support import ON_SQLITE

LIST = "channels"
pytestmark = ON_SQLITE


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        place.sam = place.join("Sam", admin=True)
        place.team = place.slack.world.add_channel("team", members=[place.ana.member, place.sam.member])
        place.join("Gia", place.team, guest=True)
        yield place


async def lists(place, person=None):
    person = person or place.sam
    await person.command("/ember", LIST)
    return sees(person)


async def allowed(place, where):
    [row] = await place.rows(ChannelRow, slack_id=where.id)
    return row.allowed_shared


async def picks_for_the_digest(place, where):
    """Return the sentence at the field where a client's digest is to go, and close the form."""
    await place.ana.command("/client", "new Orchard")
    answer = await place.ana.submit({"name": "Orchard", "rhythm": "7", "digest": where})
    await place.ana.close_modal(everything=True)
    return answer.errors.get("digest", "")


async def test_only_an_admin_is_asked(place):
    assert "Only an admin" in await lists(place, place.ana)


async def test_a_workspace_without_others_has_nothing_to_decide(place):
    await place.has_been_in(place.northwind)
    assert "nothing to decide" in await lists(place)


async def test_a_digest_goes_where_guests_read_along_once_an_admin_allows_it_and_no_longer_when_that_ends(place):
    assert "/ember channels" in await picks_for_the_digest(place, place.team)
    shown = await lists(place)
    assert f"<#{place.team.id}>" in shown
    assert "Guests read along.\nEmber posts nothing here." in shown
    await place.sam.click("channels.allow")
    assert "clients' names" in place.sam.confirmed[-1]["text"]["text"]
    await place.quiet()
    assert "Ember may post here: allowed by Sam on Tue 12 May." in sees(place.sam)
    assert await allowed(place, place.team) is False
    assert await picks_for_the_digest(place, place.team) == ""
    await place.sam.click("channels.stop")
    await place.quiet()
    assert "Ember posts nothing here." in sees(place.sam)
    assert await allowed(place, place.team) is None
    said = [(row.what, row.about) for row in await place.rows(AuditRow) if "channel" in row.what]
    about = "#team, guests read along"
    assert said == [("channel allowed", about), ("channel no longer allowed", about)]


async def test_leave_is_not_given_for_others_than_the_question_named(place):
    await place.has_been_in(place.team)
    await lists(place)
    place.team.shared = True
    await place.sam.click("channels.allow")
    await place.quiet()
    assert "Something has changed there" in reads(place.sam.sees()[-1])
    assert await allowed(place, place.team) is None
    assert "Another organisation reads along" in await lists(place)
    await place.sam.click("channels.allow", in_=place.sam.sees()[-1])
    assert "no client is among them" in place.sam.confirmed[-1]["text"]["text"]
    await place.quiet()
    assert await allowed(place, place.team) is True


async def test_a_channel_shared_with_a_client_is_for_listening_only(place):
    place.northwind.shared = True
    await set_up_by_form(place, heard_in=[place.northwind])
    shown = await lists(place)
    assert "Northwind is heard here. Ember listens and posts nothing." in shown
    assert "Allow Ember" not in shown
    [row] = await place.rows(ChannelRow, slack_id=place.northwind.id)
    place.northwind.shared = False
    place.join("Gia", place.northwind, guest=True)
    await place.ember.lookup.channels(
        next(iter(place.ember.workspaces.values())), [place.northwind.id], now=place.clock.now(), afresh=True
    )
    await lists(place)
    place.northwind.shared = True
    await place.sam.click("channels.allow", str(row.id))
    await place.quiet()
    assert await allowed(place, place.northwind) is None


async def test_the_buttons_are_for_admins_alone(place):
    await place.has_been_in(place.team)
    await lists(place)
    place.sam.member.admin = False
    await place.slack.event("user_change", user=place.sam.member.seen(place.clock.now()))
    await place.sam.click("channels.allow")
    await place.quiet()
    assert "Only an admin" in reads(place.sam.sees()[-1])
    assert await allowed(place, place.team) is None


async def test_channels_beyond_the_first_page_are_reached_and_what_was_decided_is_shown(place):
    for number in range(24):
        channel = place.slack.world.add_channel(f"room-{number:02}", members=[place.ana.member, place.sam.member])
        place.join(f"Guest {number}", channel, guest=True)
        await place.has_been_in(channel)
    shown = await lists(place)
    assert shown.count("Guests read along.") == 20
    await place.sam.click("channels.page:after")
    await place.quiet()
    assert sees(place.sam).count("Guests read along.") == 4
    [last] = await place.rows(ChannelRow, name="room-23")
    await place.sam.click("channels.allow", str(last.id))
    await place.quiet()
    shown = sees(place.sam)
    assert shown.count("Guests read along.") == 4
    assert f"<#{last.slack_id}>*\nGuests read along.\nEmber may post here: allowed by Sam" in shown
    await place.sam.click("channels.page:before")
    await place.quiet()
    assert "*Decided lately*\nTue 12 May · Sam · channel allowed: #room-23, guests read along" in sees(place.sam)


async def test_the_last_five_decisions_about_channels_are_shown_and_none_about_anything_else(place):
    await place.has_been_in(place.team)
    assert "Decided lately" not in await lists(place)
    for _ in range(3):
        place.clock.set(place.clock.now() + dt.timedelta(days=1))
        await place.sam.click("channels.allow")
        await place.quiet()
        await place.sam.click("channels.stop")
        await place.quiet()
    sam, now = (await place.our_ids(place.sam.member))[place.sam.id], place.clock.now()
    async with place.ember.store.work(place.workspace.id) as session:
        await audit.write(session, "digest time", "09:00 → 09:30", sam, now)
    _, decided = (await lists(place)).split("*Decided lately*\n")
    assert decided.splitlines()[:6] == [
        "Fri 15 May · Sam · channel no longer allowed: #team, guests read along",
        "Fri 15 May · Sam · channel allowed: #team, guests read along",
        "Thu 14 May · Sam · channel no longer allowed: #team, guests read along",
        "Thu 14 May · Sam · channel allowed: #team, guests read along",
        "Wed 13 May · Sam · channel no longer allowed: #team, guests read along",
    ]
