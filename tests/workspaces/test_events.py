import datetime as dt

import pytest

from bot.courier.rows import ScheduleRow
from bot.practices.checkins.rows import CheckinRow
from bot.workspaces.directory import ChannelRow, Exposure, MemberRow
from bot.workspaces.events import CHANNELS
from tests.front_door import agency, set_up_client
from tests.support import ON_SQLITE


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        await place.ana.command("/ember", "help", channel=place.northwind)
        await place.quiet()
        yield place


async def member(place, who):
    [row] = await place.rows(MemberRow, slack_id=who.id)
    return row


async def channel(place, where):
    [row] = await place.rows(ChannelRow, slack_id=where.id)
    return row


@ON_SQLITE
async def test_a_person_who_changed_is_asked_about_again_by_the_next_who_needs_them(place):
    asked = len(place.slack.calls("users.info"))
    place.ana.member.tz = "America/New_York"
    await place.slack.event("user_change", user=place.ana.member.seen(place.clock.now()))
    await place.quiet()
    assert (await member(place, place.ana)).checked_at is None
    await place.ana.command("/ember", "help")
    assert len(place.slack.calls("users.info")) == asked + 1
    row = await member(place, place.ana)
    assert (row.tz, row.checked_at) == ("America/New_York", place.clock.now())
    await place.ana.command("/ember", "help")
    assert len(place.slack.calls("users.info")) == asked + 1


@ON_SQLITE
async def test_a_member_who_became_a_guest_is_refused_from_then_on(place):
    place.ana.member.guest = True
    await place.slack.event("user_change", user=place.ana.member.seen(place.clock.now()))
    answer = await place.ana.command("/checkin", "Northwind 4 fine", channel=place.northwind)
    assert answer.text.startswith("Ember is for full members")
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_a_member_who_changed_is_not_taken_on_trust_while_slack_is_away(place):
    await place.slack.event("user_change", user=place.ana.member.seen(place.clock.now()))
    place.slack.faults.add("users.info", "refused", error="fatal_error", times=5)
    answer = await place.ana.command("/checkin", "Northwind 4 fine", channel=place.northwind)
    assert answer.text.startswith("Ember could not check with Slack who you are")
    place.slack.faults.clear()
    assert "Which client" in (await place.ana.command("/checkin", "Northwind 4 fine")).text


@ON_SQLITE
async def test_whoever_travels_has_their_morning_by_the_new_clock_at_once(place):
    await set_up_client(place, "Northwind")
    await place.quiet()
    for event in ({"tz": "America/New_York"}, {}):
        seen = {**place.ana.member.seen(place.clock.now()), **event}
        if not event:
            seen.pop("tz")
        await place.slack.event("user_change", user=seen)
        await place.quiet()
        [morning] = await place.rows(ScheduleRow, kind="morning")
        assert (morning.recipient, morning.tz) == (place.ana.id, "America/New_York")
        assert morning.next_due_at == dt.datetime(2026, 5, 12, 12, 30, tzinfo=dt.UTC)
    assert (await member(place, place.ana)).checked_at is None


@ON_SQLITE
async def test_whoever_moved_without_a_word_has_their_morning_by_the_new_clock_once_the_directory_is_read(place):
    await set_up_client(place, "Northwind")
    await place.quiet()
    place.ana.member.tz = "America/New_York"
    await place.ember.house.housekeep()
    await place.quiet()
    [morning] = await place.rows(ScheduleRow, kind="morning")
    assert morning.tz == "America/New_York"


async def test_somebody_new_is_looked_up_when_they_first_write(place):
    sam = place.slack.world.add_member("Sam")
    await place.slack.event("team_join", user=sam.seen(place.clock.now()))
    await place.slack.person(sam).command("/ember", "help")
    assert (await member(place, sam)).name == "Sam"


@ON_SQLITE
@pytest.mark.parametrize("event", CHANNELS)
async def test_whatever_happens_to_a_channel_nobody_counts_on_who_reads_it_until_slack_said(place, event):
    before = await channel(place, place.northwind)
    assert before.exposure is Exposure.INTERNAL
    named = {"id": place.northwind.id, "name": "renamed"} if event.endswith("_rename") else place.northwind.id
    await place.slack.event(event, channel=named, user=place.ana.id)
    await place.quiet()
    after = await channel(place, place.northwind)
    assert (after.exposure, after.checked_at) == (Exposure.UNKNOWN, None)
    first = await place.ana.command("/ember", "help", channel=place.northwind)
    assert "read along" in first.text
    await place.quiet()
    assert (await channel(place, place.northwind)).exposure is Exposure.INTERNAL
    await place.ana.close_modal(everything=True)
    assert "read along" not in (await place.ana.command("/ember", "help", channel=place.northwind)).text


async def test_a_channel_that_gets_shared_is_visible_at_once_and_stays_so(place):
    place.northwind.shared = True
    await place.slack.event("channel_shared", channel=place.northwind.id, connected_team_id="T0000000099")
    for _ in range(2):
        answer = await place.ana.command("/ember", "help", channel=place.northwind)
        assert "read along" in answer.text
        assert answer.blocks == []
        await place.quiet()
        await place.ana.close_modal(everything=True)
    assert (await channel(place, place.northwind)).exposure is Exposure.VISIBLE


async def test_a_guest_who_joins_makes_a_channel_visible_at_once(place):
    guest = place.slack.world.add_member("Gia", guest=True)
    place.northwind.members.append(guest.id)
    await place.slack.event("member_joined_channel", channel=place.northwind.id, user=guest.id)
    answer = await place.ana.command("/ember", "help", channel=place.northwind)
    assert "read along" in answer.text
    await place.quiet()
    assert (await channel(place, place.northwind)).exposure is Exposure.VISIBLE


@ON_SQLITE
@pytest.mark.parametrize("strange", [None, 7, {}, {"id": None}, ["C1"]])
async def test_an_event_of_a_strange_shape_changes_nothing(place, strange):
    for kind in ("user_change", "channel_rename"):
        assert (await place.slack.event(kind, user=strange, channel=strange)).status in {200, 400}
    assert (await member(place, place.ana)).checked_at is not None
    assert (await channel(place, place.northwind)).exposure is Exposure.INTERNAL


READ_ALONG = "read along"


async def asks(place, where):
    return (await place.ana.command("/ember", "help", channel=where)).text


@ON_SQLITE
async def test_a_guest_whose_coming_slack_did_not_tell_is_noticed_after_five_minutes(place, clock):
    place.join("Gia", place.northwind, guest=True)
    clock.advance(dt.timedelta(minutes=6))
    assert READ_ALONG in await asks(place, place.northwind)
    assert (await channel(place, place.northwind)).exposure is Exposure.VISIBLE


@ON_SQLITE
async def test_after_a_quiet_time_a_channel_of_ours_is_asked_about_before_the_answer_which_stays_in_place(place, clock):
    asked = len(place.slack.calls("conversations.info"))
    clock.advance(dt.timedelta(hours=20))
    for _ in range(2):
        assert READ_ALONG not in await asks(place, place.northwind)
    assert len(place.slack.calls("conversations.info")) == asked + 1


@ON_SQLITE
@pytest.mark.parametrize(("fault", "delay"), [("refused", 0), ("slow", 1.5)])
async def test_after_a_quiet_time_the_answer_is_a_window_when_slack_does_not_tell(place, clock, fault, delay):
    clock.advance(dt.timedelta(minutes=6))
    place.slack.faults.add("conversations.info", fault, delay=delay)
    answer = await place.ana.command("/ember", "help", channel=place.northwind)
    assert READ_ALONG in answer.text
    assert answer.elapsed < 1.4


async def test_a_member_who_became_a_guest_makes_their_channels_visible_at_once(place):
    place.tom.member.guest = True
    await place.slack.event("user_change", user=place.tom.member.seen(place.clock.now()))
    assert READ_ALONG in await asks(place, place.northwind)


@ON_SQLITE
async def test_a_member_who_only_moved_leaves_channels_as_they_were(place):
    asked = len(place.slack.calls("conversations.info"))
    place.tom.member.tz = "America/New_York"
    await place.slack.event("user_change", user=place.tom.member.seen(place.clock.now()))
    assert READ_ALONG not in await asks(place, place.northwind)
    assert len(place.slack.calls("conversations.info")) == asked


@ON_SQLITE
async def test_embers_own_dm_is_answered_in_place_and_a_dm_with_somebody_else_in_a_window(place):
    world = place.slack.world
    guest = world.add_member("Gia", guest=True)
    stranger = world.add_member("Stan", team="T0000000099")
    assert READ_ALONG not in await asks(place, world.dm(place.ana.member))
    for other in (guest, stranger, place.tom.member):
        assert READ_ALONG in await asks(place, world.other_dm(place.ana.member, other))
        await place.quiet()
        await place.ana.close_modal(everything=True)


@ON_SQLITE
@pytest.mark.parametrize("opened", ["by writing", "by opening Home"])
async def test_a_dm_that_slack_told_ember_of_is_its_own_without_asking(place, opened):
    await (place.ana.dm("hello") if opened == "by writing" else place.ana.open_home())
    await place.quiet()
    place.slack.faults.add("conversations.info", "refused", error="missing_scope", times=9)
    assert READ_ALONG not in await asks(place, place.slack.world.dm(place.ana.member))


async def test_a_dm_that_nobody_knows_of_is_a_window_while_slack_does_not_tell(place):
    place.slack.faults.add("conversations.info", "refused", error="missing_scope", times=9)
    assert READ_ALONG in await asks(place, place.slack.world.dm(place.ana.member))


@pytest.mark.parametrize(
    ("event", "who", "heard"),
    [
        ("channel_unarchive", "ana", True),
        ("group_unarchive", "ana", True),
        ("member_joined_channel", "ember", True),
        ("member_joined_channel", "ana", False),
        ("channel_archive", "ana", False),
    ],
)
async def test_whoever_waits_hears_that_ember_can_speak_in_a_channel_again(place, event, who, heard):
    told = []

    async def tell(workspace, slack_id):
        told.append((workspace.bot_slack_id, slack_id))

    place.ember.host.on_return.append(tell)
    user = place.slack.world.bot.id if who == "ember" else place.ana.id
    await place.slack.event(event, channel=place.northwind.id, user=user)
    await place.quiet()
    assert told == ([(place.slack.world.bot.id, place.northwind.id)] if heard else [])
