"""A process ends, or stands still, at each step of one message; another takes over.  The exact row is asserted."""

import asyncio
import itertools

from bot.courier.rows import State
from bot.courier.timing import Timing


def told(row):
    """A row's state and what is known of its tries."""
    tried = row.first_try_at is not None
    return row.state, row.attempts, tried, row.body is not None, row.sent_ts is not None, row.last_error


QUEUED = (State.QUEUED, 0, False, False, False, None)
SENDING = (State.SENDING, 0, True, True, False, None)
UNKNOWN = (State.UNKNOWN, 0, True, True, False, "lease ran out")
SENT = (State.SENT, 0, True, True, True, None)


async def test_the_straight_way(office, team):
    delivery = await office.queue(team.id, "Good morning")

    assert told(await office.row(delivery)) == QUEUED
    assert await office.courier.dispatch() == 1

    row = await office.row(delivery)
    [message] = office.slack.posted(team)
    assert told(row) == SENT
    assert (row.sent_channel, row.sent_ts) == (team.id, message.ts)
    assert row.body["text"] == message.text == "Good morning"
    assert message.metadata == {"event_type": "ember_delivery", "event_payload": {"id": str(delivery)}}
    assert await office.steps(delivery) == ["queued", "sending", "sent"]
    [call] = office.slack.calls("chat.postMessage")
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) in {(False, False), ("0", "0"), (0, 0)}


async def test_a_crash_after_the_claim_leaves_it_queued(office, team):
    delivery = await office.queue(team.id)
    await office.claim_one()

    assert told(await office.row(delivery)) == QUEUED
    assert await office.another().dispatch() == 0
    await office.lease_runs_out()
    assert await office.another().dispatch() == 1

    assert told(await office.row(delivery)) == SENT
    assert len(office.texts(team)) == 1


async def test_a_crash_before_the_call_is_looked_up_and_said_once_it_has_settled(office, team):
    delivery = await office.queue(team.id)
    claim = await office.claim_one()
    assert await office.carrier.freeze(claim, await office.carrier.prepare(claim))

    assert told(await office.row(delivery)) == SENDING
    await office.lease_runs_out()
    lease_ended = (await office.lane(team.id)).lease_until
    other = office.another()
    assert await other.dispatch() == 1, "it is looked for at once"
    row = await office.row(delivery)
    assert (told(row), row.last_try_at) == (UNKNOWN, lease_ended), "so long a call may have been under way"
    assert office.texts(team) == [], "before it has settled nobody says it"
    await office.settles()
    assert await other.dispatch() == 2

    assert told(await office.row(delivery)) == SENT
    assert await office.steps(delivery) == ["queued", "sending", "unknown", "queued", "sending", "sent"]
    assert len(office.texts(team)) == 1
    looks = office.slack.calls("conversations.history")
    assert [look.args["include_all_metadata"] in {True, "1", "true", "True"} for look in looks] == [True, True]


async def test_a_crash_after_the_call_is_found_in_the_history(office, team):
    delivery = await office.queue(team.id, "Once")
    claim = await office.claim_one()
    body = await office.carrier.prepare(claim)
    await office.carrier.freeze(claim, body)
    outcome = await office.carrier.call(claim, body)

    assert outcome.state is State.SENT
    assert told(await office.row(delivery)) == SENDING
    await office.lease_runs_out()
    assert await office.another().dispatch() == 1

    row = await office.row(delivery)
    assert told(row) == SENT
    assert row.sent_ts == office.slack.posted(team)[0].ts
    assert office.texts(team) == ["Once"]
    assert len(office.slack.calls("chat.postMessage")) == 1


async def test_a_crash_after_finishing_changes_nothing(office, team):
    delivery = await office.queue(team.id)
    await office.courier.dispatch()
    before = await office.row(delivery)

    assert await office.another().dispatch() == 0
    assert told(await office.row(delivery)) == told(before) == SENT


async def test_a_process_that_stood_still_before_it_kept_the_message_says_nothing(office, team):
    delivery = await office.queue(team.id)
    claim = await office.claim_one()
    body = await office.carrier.prepare(claim)
    await office.lease_runs_out()
    assert await office.another().dispatch() == 1

    assert not await office.carrier.freeze(claim, body)
    assert told(await office.row(delivery)) == SENT


async def test_a_process_that_stood_still_before_the_call_says_nothing(office, team):
    delivery = await office.queue(team.id)
    await carried(office, stood_still=Timing().lease - Timing().timeout)

    assert told(await office.row(delivery))[0] is State.QUEUED
    assert office.texts(team) == []
    assert await office.another().dispatch() == 0, "its lane waits a while: what is slow is not asked at once again"
    await office.lanes_are_rested()
    assert await office.another().dispatch() == 1
    assert len(office.texts(team)) == 1


async def test_a_call_that_is_over_just_within_the_lease_is_made(office, team):
    delivery = await office.queue(team.id)
    await carried(office, stood_still=4.9)
    assert await office.state(delivery) is State.SENT
    assert len(office.texts(team)) == 1


async def carried(office, *, stood_still):
    """One message is carried by a process that keeps it for so many seconds before it calls."""
    seconds = itertools.chain([0.0], itertools.repeat(stood_still))
    courier = office.another(elapsed=lambda: next(seconds), timing=Timing(pace=0.0))
    [claim] = await courier.claim()
    await courier.carrier.carry(claim)


async def test_a_process_that_comes_back_cannot_write_over_what_another_knows(office, team):
    delivery = await office.queue(team.id)
    claim = await office.claim_one()
    body = await office.carrier.prepare(claim)
    await office.carrier.freeze(claim, body)
    outcome = await office.carrier.call(claim, body)
    await office.lease_runs_out()
    await office.settles()
    await office.another().dispatch()
    known = await office.row(delivery)

    assert not await office.carrier.finish(claim, outcome)
    after = await office.row(delivery)
    assert (told(after), after.sent_ts) == (told(known), known.sent_ts)
    assert len(office.texts(team)) == 1


async def test_two_processes_at_once_say_everything_once_and_in_order(office, slack):
    channels = [slack.world.add_channel(f"room-{number}") for number in range(4)]
    for number in range(3):
        for channel in channels:
            await office.queue(channel.id, f"{number}")

    couriers = [office.another(), office.another()]
    while any(await asyncio.gather(*[courier.dispatch() for courier in couriers])):
        pass

    for channel in channels:
        assert office.texts(channel) == ["0", "1", "2"]
