"""Being told that channels are closed to Ember: one message, on a day without another."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.kinds import Occurrence
from bot.courier.ledger import enqueue
from bot.courier.rows import DeliveryRow
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import Calendar, Occasion
from bot.store.search import Visibility
from bot.surfaces import notice
from bot.workspaces import away, directory
from bot.workspaces.directory import ChannelRow, MemberRow
from tests.front_door import reads
from tests.rhythm import move
from tests.support import ON_SQLITE
from tests.voice import WEDNESDAY_AT_NINE, Voice

pytestmark = ON_SQLITE
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
async def voice(place):
    voice = Voice(place, place.elsewhere)
    await voice.choose()
    voice.courier.carrier.troubled = notice.tell
    move(place, WEDNESDAY_AT_NINE)
    return voice


async def due(voice, channel):
    """Have a digest to be said in a channel at once."""
    now = voice.place.clock.now()
    async with voice.place.ember.store.work(voice.workspace.id) as session:
        await enqueue(session, Occurrence(channel.id, "digest", now.date() + DAY, now, now + 9 * HOUR), now)


async def overheard(voice, *names):
    """Set up channels of Ana's clients in which a guest reads along, and try to say something there."""
    place = voice.place
    for name in names:
        channel = place.slack.world.add_channel(name, members=[place.ana.member, place.slack.world.bot])
        place.join(f"Guest of {name}", channel, guest=True)
        await place.has_been_in(channel)
        [row] = await place.rows(ChannelRow, slack_id=channel.id)
        await voice.client(name.title(), 30, 20, digest_channel_id=row.id)
        await due(voice, channel)
    await voice.settle()


async def a_date(voice, name, on, *, ahead=0, backup=None):
    """Keep a date that is said alone on a day, so many before its own, to Ana, who looks after the client."""
    client = await voice.client(name, 1, backup=backup)
    ana, now = await voice.member(voice.place.ana), voice.place.clock.now() - 20 * DAY
    its_own = on + ahead * DAY
    calendar = Calendar(its_own.month, its_own.day, its_own.year, repeats=False)
    about = (client, None, Occasion.OTHER, "quiz night", calendar)
    details = milestones.Details(*about, (ahead,), None, Visibility.TEAM, alone=ahead > 0)
    async with voice.place.ember.store.work(voice.workspace.id) as session:
        await milestones.add(session, details, by=ana, key=name, now=now, today=now.date())


async def notices(voice):
    return list(await voice.deliveries(kind="notice"))


def heard(person):
    return [reads(one) for one in person.sees() if "could not say" in reads(one)]


async def test_three_closed_channels_are_one_message_that_names_them_all(place, voice):
    await overheard(voice, "alder", "birch", "cedar")
    await voice.settle()
    assert len(await notices(voice)) == 1
    [said] = heard(place.ana)
    assert said.startswith("*Ember could not say something in 3 channels*\n• ")
    assert said.count("Guests read along there, so Ember kept it back.") == 3
    await overheard(voice, "elm")
    first, second = await notices(voice)
    assert (first.local_date, second.local_date) == (dt.date(2026, 5, 13), dt.date(2026, 5, 14)), "one a day"
    await overheard(voice, "fir")
    assert len(await notices(voice)) == 2, "the one that waits will name it too"


async def test_a_channel_is_told_of_once_in_a_week(place, voice):
    await overheard(voice, "alder")
    assert len(heard(place.ana)) == 1
    channel = next(one for one in place.slack.world.channels.values() if one.name == "alder")
    for days in (1, 8):
        move(place, WEDNESDAY_AT_NINE + days * DAY)
        await due(voice, channel)
        await voice.settle()
    assert [one.local_date.day for one in await notices(voice)] == [13, 21]


async def test_whoever_cannot_have_a_channel_tried_again_is_told_who_can(place, voice):
    await voice.client("Alder", 30, 20)
    place.elsewhere.restricted = True
    await due(voice, place.elsewhere)
    await voice.settle()
    await voice.settle()
    [said] = heard(place.ana)
    assert "then ask an admin to press “Try again” on Ember's Home, under “Details”." in said


async def test_it_waits_for_a_working_day_on_which_no_date_is_said(place, voice):
    for name, day, ahead in (("Halden", 13, 0), ("Orchard", 14, 7)):
        await a_date(voice, name, dt.date(2026, 5, day), ahead=ahead)
    await overheard(voice, "alder")
    [waiting] = await notices(voice)
    assert waiting.local_date == dt.date(2026, 5, 15)
    assert heard(place.ana) == []


async def test_it_waits_for_a_day_on_which_no_date_is_made_up_for_after_days_away(place, voice):
    ana, now = await voice.member(place.ana), place.clock.now()
    await a_date(voice, "Orchard", dt.date(2026, 5, 14), ahead=7)
    async with place.ember.store.work(voice.workspace.id) as session:
        days = {"from_on": now.date(), "back_on": dt.date(2026, 5, 15)}
        await away.set_away(session, ana.id, **days, cover_id=None, today=now.date(), now=now)
    await overheard(voice, "alder")
    [waiting] = await notices(voice)
    assert waiting.local_date == dt.date(2026, 5, 18), "on Friday Orchard's date is said"


async def test_what_was_for_somebody_who_left_is_said_to_whoever_looks_after_the_client_now(place, voice):
    move(place, WEDNESDAY_AT_NINE - 2 * HOUR)
    await a_date(voice, "Halden", dt.date(2026, 5, 13), backup=place.tom)
    await voice.timetable()
    move(place, WEDNESDAY_AT_NINE - HOUR / 2)
    await voice.courier.plan()
    [planned] = await voice.deliveries(kind="milestone")
    async with place.ember.store.work(voice.workspace.id) as session:
        left = sa.update(MemberRow).where(MemberRow.slack_id == place.ana.id).values(is_gone=True)
        await session.execute(left)
        await session.execute(sa.update(DeliveryRow).where(DeliveryRow.id == planned.id).values(state="cancelled"))
        for _ in range(2):
            await notice.tell(session, delivery_of(place.ana.id, planned, voice), place.clock.now())
    await voice.settle()
    [said] = [reads(one) for one in place.tom.sees() if "quiz night" in reads(one)]
    assert "Halden" in said


async def test_whoever_has_left_is_noticed_when_their_message_is_due_and_the_backup_hears_instead(place, voice):
    move(place, WEDNESDAY_AT_NINE - 2 * HOUR)
    await a_date(voice, "Halden", dt.date(2026, 5, 13), ahead=7, backup=place.tom)
    await voice.timetable()
    move(place, WEDNESDAY_AT_NINE - HOUR / 2)
    await voice.courier.plan()
    place.ana.member.deleted = True
    async with place.ember.store.work(voice.workspace.id) as session:
        await directory.member_went_stale(session, place.ana.id)
    await voice.settle()
    await voice.settle()
    [said] = [reads(one) for one in place.tom.sees() if "quiz night" in reads(one)]
    assert "Halden" in said
    assert heard(place.ana) == []


def delivery_of(recipient, row, voice):
    return notice.Delivery(
        row.id, voice.workspace.id, recipient, row.kind, row.subject, row.local_date, row.op, row.revision, row.due_at,
        row.expires_at, row.created_at,
    )  # fmt: skip
