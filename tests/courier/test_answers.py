"""What Slack may answer to a message, and what becomes of it."""

import itertools

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import ledger
from bot.courier.guard import GUESTS, LEFT, Exposed, Unsure
from bot.courier.history import EVENT_TYPE
from bot.courier.observer import Nobody
from bot.courier.rows import State
from bot.courier.timing import Timing
from bot.playground.people import Message
from tests.courier.conftest import TOKEN
from tests.courier.post_office import HOURS, QUICK
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE

STORED = ["error_500_stored", "dropped_after_store"]
NOT_STORED = ["error_500_not_stored", "dropped_before_store"]


@pytest.mark.parametrize("fault", STORED)
async def test_stored_but_not_answered_is_found_at_once(office, slack, team, fault):
    slack.faults.add("chat.postMessage", fault)
    delivery = await office.queue(team.id, "Once")
    following = await office.queue(team.id, "Then")
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert (row.state, row.sent_ts) == (State.SENT, slack.posted(team)[0].ts)
    assert await office.steps(delivery) == ["queued", "sending", "unknown", "sent"]
    assert await office.state(following) is State.SENT, "its lane goes on"
    assert office.texts(team) == ["Once", "Then"]


@pytest.mark.parametrize("fault", NOT_STORED)
async def test_not_stored_is_sent_again_once(office, slack, team, fault):
    slack.faults.add("chat.postMessage", fault)
    delivery = await office.queue(team.id, "Once")
    await office.courier.dispatch()
    assert await office.state(delivery) is State.UNKNOWN
    assert await office.courier.dispatch() == 0, "it has been looked for once, and is half-way next"
    await office.lanes_are_rested()
    assert await office.courier.dispatch() == 1
    assert len(slack.calls("conversations.history")) == 2
    assert len(slack.calls("chat.postMessage")) == 1, "nothing is posted before it has settled"

    await office.settles()
    await office.courier.dispatch()

    assert await office.state(delivery) is State.SENT
    assert await office.steps(delivery) == ["queued", "sending", "unknown", "queued", "sending", "sent"]
    assert office.texts(team) == ["Once"]
    assert len(slack.calls("chat.postMessage")) == 2


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_an_error_that_leaves_it_open_is_looked_up(office, slack, team, code):
    slack.faults.add("chat.postMessage", "refused", error=code)
    delivery = await office.queue(team.id)
    await office.courier.dispatch()
    assert (await office.row(delivery)).last_error == code

    await office.settles()
    await office.courier.dispatch()
    assert await office.steps(delivery) == ["queued", "sending", "unknown", "queued", "sending", "sent"]


async def test_one_that_is_stored_late_is_found_again(office, slack, team):
    slack.faults.add("chat.postMessage", "slow", delay=1.0)
    office.courier = office.another(timing=Timing(timeout=0.05, pace=0.0))
    delivery = await office.queue(team.id, "Once")
    await office.courier.dispatch()
    assert await office.state(delivery) is State.UNKNOWN

    assert office.texts(team) == []
    await slack.until_posted(1, team)
    await office.lanes_are_rested()
    await office.courier.dispatch()
    assert (await office.state(delivery), office.texts(team)) == (State.SENT, ["Once"])
    assert len(slack.calls("conversations.history")) == 2


async def test_what_slack_has_to_show_a_message_counts_from_the_end_of_the_call(office, slack, team):
    slack.faults.add("chat.postMessage", "slow", delay=1.0)
    office.courier = office.another(timing=Timing(timeout=0.3, pace=0.0))
    delivery = await office.queue(team.id)
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert row.state is State.UNKNOWN
    assert (row.last_try_at - row.first_try_at).total_seconds() >= 0.25


async def test_a_look_that_takes_too_long_is_given_up_within_the_lease(office, slack, team):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    slack.faults.add("conversations.history", "slow", delay=1.5, times=5)
    office.courier = office.another(timing=Timing(lease=1.0, timeout=0.3, pace=0.0))
    delivery = await office.queue(team.id, "Once")
    await office.courier.dispatch()

    row, lane = await office.row(delivery), await office.lane(team.id)
    assert (row.state, row.last_error, lane.lease_until) == (State.UNKNOWN, "no answer", None)
    assert await office.courier.dispatch() == 0, "its lane is let go, and waits"


async def test_a_message_that_stays_unknown_is_counted_once(office, slack, team):
    counted = Counted()
    office.carrier.observer = counted
    slack.faults.add("chat.postMessage", "dropped_before_store")
    await office.queue(team.id)
    await office.courier.dispatch()
    await office.lanes_are_rested()
    await office.courier.dispatch()
    assert len(slack.calls("conversations.history")) == 2
    assert counted.states == [State.UNKNOWN]

    await office.settles()
    await office.courier.dispatch()
    assert counted.states == [State.UNKNOWN, State.QUEUED, State.SENT]


class Counted(Nobody):
    """Keeps what became of messages."""

    def __init__(self) -> None:
        self.states: list[State] = []

    def ended(self, kind: str, state: State) -> None:
        self.states.append(state)


async def test_the_history_is_read_to_its_end(office, slack, team):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    slack.faults.add("conversations.history", "error_500_not_stored")
    await office.queue(team.id, "Once")
    await office.courier.dispatch()
    for number in range(250):
        slack.world.post(Message(team.id, "", team.members[0], f"{number}"))

    await office.settles()
    await office.courier.dispatch()
    assert office.texts(team) == ["Once"]
    assert len(slack.calls("conversations.history")) == 3


async def test_a_reply_whose_answer_is_lost_is_looked_for_in_its_thread(office, slack, team):
    await office.queue(team.id, "Above")
    await office.courier.dispatch()
    (above,) = slack.world.messages()
    office.words.thread_ts = above.ts
    slack.faults.add("chat.postMessage", "dropped_after_store")
    reply = await office.queue(team.id, "Below")
    await office.courier.dispatch()
    await office.settles()
    await office.courier.dispatch()
    assert await office.state(reply) is State.SENT
    assert [(one.text, one.thread_ts) for one in slack.world.messages()] == [("Above", None), ("Below", above.ts)]
    assert len(slack.calls("conversations.replies")) == 1


async def test_a_reply_that_slack_takes_as_text_alone_still_stands_in_its_thread(office, slack, team):
    await office.queue(team.id, "Above")
    await office.courier.dispatch()
    (above,) = slack.world.messages()
    office.words.thread_ts = above.ts
    slack.faults.add("chat.postMessage", "refused", error="invalid_blocks")
    await office.queue(team.id, "Below")
    await office.courier.dispatch()
    below = slack.world.messages()[-1]
    assert (below.text, below.thread_ts, below.blocks) == ("Below", above.ts, [])


@pytest.mark.parametrize("code", ["missing_scope", "no_permission"])
async def test_without_the_history_it_is_parked(office, slack, team, code):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    slack.faults.add("conversations.history", "refused", error=code, times=2)
    delivery = await office.queue(team.id, "Once")
    later = await office.queue(team.id, "Later")
    await office.courier.dispatch()
    assert [await office.state(one) for one in (delivery, later)] == [State.UNKNOWN, State.QUEUED]
    await office.settles()
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert (row.state, row.last_error) == (State.PARKED, code)
    assert await office.state(later) is State.SENT
    assert office.texts(team) == ["Once", "Later"]


async def test_one_of_embers_that_slack_leaves_nameless_may_be_it(office, slack, team):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    slack.faults.add("conversations.history", "error_500_not_stored")
    delivery = await office.queue(team.id, "Once")
    await office.courier.dispatch()
    slack.posted(team)[0].metadata = {"event_type": EVENT_TYPE, "event_payload": {}}
    await office.settles()
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert (row.state, row.last_error) == (State.PARKED, "metadata_stripped")
    assert office.texts(team) == ["Once"]


async def test_without_a_connection_nothing_was_said_and_nothing_counts(office, client, team):
    office.carrier.slack = AsyncWebClient(token=TOKEN, base_url="http://127.0.0.1:1/", retry_handlers=[])
    office.carrier.timing = Timing(pace=0.0)
    delivery = await office.queue(team.id, "Once")
    for _ in range(9):
        await office.lanes_are_rested()
        assert await office.courier.dispatch() == 1
    row = await office.row(delivery)
    assert (row.state, row.attempts, row.last_error) == (State.QUEUED, 0, "no connection (ClientConnectorError)")
    assert await office.courier.dispatch() == 0, "its lane waits a while"

    office.carrier.slack = client
    await office.lanes_are_rested()
    await office.courier.dispatch()
    assert (await office.state(delivery), office.texts(team)) == (State.SENT, ["Once"])


async def test_a_history_out_of_reach_is_asked_again(office, slack, team):
    slack.faults.add("chat.postMessage", "dropped_after_store")
    slack.faults.add("conversations.history", "error_500_not_stored")
    slack.faults.add("conversations.history", "rate_limited", retry_after=0)
    delivery = await office.queue(team.id, "Once")
    await office.courier.dispatch()
    await office.settles()
    await office.courier.dispatch()

    assert await office.state(delivery) is State.SENT
    assert office.texts(team) == ["Once"]


async def test_a_direct_message_is_looked_for_in_its_conversation(office, slack, team):
    tom = slack.world.add_member("Tom")
    slack.faults.add("chat.postMessage", "dropped_after_store", times=1)
    first = await office.queue(tom.id, "First")
    await office.courier.dispatch()
    assert len(slack.calls("conversations.open")) == 1

    slack.faults.add("chat.postMessage", "dropped_after_store", times=1)
    second = await office.queue(tom.id, "Second")
    await office.courier.dispatch()
    assert [await office.state(one) for one in (first, second)] == [State.SENT, State.SENT]
    assert office.texts(tom) == ["First", "Second"]
    assert len(slack.calls("conversations.open")) == 1, "where we spoke before is known"


async def test_429_waits_as_long_as_slack_says_and_counts_for_nothing(office, slack, team):
    slack.faults.add("chat.postMessage", "rate_limited", retry_after=20)
    delivery = await office.queue(team.id)
    await office.courier.dispatch()

    row, lane = await office.row(delivery), await office.lane(team.id)
    assert (row.state, row.attempts, row.last_error) == (State.QUEUED, 0, "ratelimited")
    assert 19 < (lane.next_ok_at - row.last_try_at).total_seconds() < 27
    assert (await office.posting()).blocked_until is None
    await office.lanes_are_rested()
    await office.courier.dispatch()
    assert await office.state(delivery) is State.SENT


async def test_two_lanes_with_429_hold_up_the_workspace(office, slack, team):
    other, third = slack.world.add_channel("other"), slack.world.add_channel("third")
    slack.faults.add("chat.postMessage", "rate_limited", retry_after=20, times=2)
    for channel in (team, other):
        await office.queue(channel.id)
    await office.courier.dispatch()
    assert (await office.posting()).blocked_until is not None

    await office.queue(third.id)
    assert await office.courier.dispatch() == 0
    await office.lanes_are_rested()
    assert await office.courier.dispatch() == 3


async def test_a_lane_keeps_its_pace(office, slack, team):
    office.courier = office.another(timing=Timing(pace=0.15))
    for number in range(3):
        await office.queue(team.id, str(number))
    assert await office.courier.dispatch() == 3, "one round waits for a lane's pace"

    times = [float(message.ts) for message in slack.posted(team)]
    assert all(after - before >= 0.15 for before, after in itertools.pairwise(times))
    assert Timing().pace >= 1.0


async def test_a_lane_that_has_to_wait_longer_is_left_for_later(office, team):
    office.courier = office.another(timing=Timing(pace=0.0, unsure=30.0))
    office.guard.verdict = Unsure()
    await office.queue(team.id)
    assert await office.courier.dispatch() == 1
    assert await office.courier.dispatch() == 0


def shut(slack, team, code):
    """Have Slack refuse a channel for good; returns what opens it again."""
    if code == "is_archived":
        team.archived = True
        return lambda: setattr(team, "archived", False)
    if code == "restricted_action":
        team.restricted = True
        return lambda: setattr(team, "restricted", False)
    team.kind = "private" if code == "channel_not_found" else "public"
    team.members.remove(slack.world.bot.id)
    return lambda: team.members.append(slack.world.bot.id)


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action"])
async def test_a_closed_channel_pauses_its_lane_until_it_opens_again(office, slack, team, code):
    let_in = shut(slack, team, code)
    delivery = await office.queue(team.id)
    elsewhere = await office.queue(slack.world.add_channel("other").id)
    await office.courier.dispatch()
    await office.courier.dispatch()

    row, lane = await office.row(delivery), await office.lane(team.id)
    assert (row.state, row.attempts, row.last_error) == (State.QUEUED, 0, code)
    assert (lane.paused_reason, lane.paused_at) == (code, office.clock.now())
    assert await office.state(elsewhere) is State.SENT
    assert len(slack.calls("chat.postMessage")) == 2

    let_in()
    async with office.store.work(office.workspace.id) as session:
        assert await ledger.resume(session, team.id)
        assert not await ledger.resume(session, team.id)
    await office.courier.dispatch()
    assert await office.state(delivery) is State.SENT


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked", "invalid_auth"])
async def test_a_worthless_token_suspends_the_workspace(office, slack, team, code):
    slack.faults.add("chat.postMessage", "refused", error=code)
    delivery = await office.queue(team.id)
    await office.courier.dispatch()
    assert (await office.state(delivery), (await office.posting()).suspended_reason) == (State.QUEUED, code)
    assert await office.courier.dispatch() == 0

    async with office.store.work(office.workspace.id) as session:
        await ledger.resume_all(session)
    await office.courier.dispatch()
    assert await office.state(delivery) is State.SENT


async def test_a_message_to_somebody_who_left_is_cancelled(office, slack):
    gone = slack.world.add_member("Gone", deleted=True)
    delivery = await office.queue(gone.id)
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert (row.state, row.last_error) == (State.CANCELLED, "channel_not_found")
    assert (await office.lane(gone.id)).paused_at is None


async def test_blocks_that_slack_refuses_go_as_text_once(office, slack, team):
    slack.faults.add("chat.postMessage", "refused", error="invalid_blocks")
    delivery = await office.queue(team.id, "Plain")
    await office.courier.dispatch()

    [message] = slack.posted(team)
    row = await office.row(delivery)
    assert (row.state, row.body, row.attempts) == (State.SENT, {"text": "Plain"}, 1)
    assert (message.text, message.blocks) == ("Plain", [])


async def test_text_that_slack_refuses_too_is_dead(office, slack, team):
    slack.faults.add("chat.postMessage", "refused", error="msg_too_long", times=2)
    delivery, next_one = await office.queue(team.id), await office.queue(team.id, "Next")
    await office.courier.dispatch()

    assert (await office.row(delivery)).state is State.DEAD
    assert await office.state(next_one) is State.SENT
    assert office.texts(team) == ["Next"]


async def test_eight_definite_failures_are_enough_and_the_lane_moves_on(office, slack, team):
    slack.faults.add("chat.postMessage", "refused", error="as_you_like", times=8)
    delivery, next_one = await office.queue(team.id), await office.queue(team.id, "Next")
    await office.courier.dispatch()

    row = await office.row(delivery)
    assert (row.state, row.attempts, row.last_error) == (State.DEAD, 8, "as_you_like")
    assert await office.state(next_one) is State.SENT
    assert len(slack.calls("chat.postMessage")) == 9


async def test_a_message_that_cannot_be_written_does_not_stop_the_others(office, team):
    office.words.broken = True
    delivery = await office.queue(team.id)
    office.courier = office.another(timing=Timing(pace=0.0))
    await office.courier.dispatch()
    row = await office.row(delivery)
    assert (row.state, row.attempts, row.last_error) == (State.QUEUED, 1, "could_not_be_written")

    office.words.broken = False
    await office.lanes_are_rested()
    await office.courier.dispatch()
    assert await office.state(delivery) is State.SENT


async def test_nothing_to_say_is_cancelled(office, team):
    delivery = await office.queue(team.id)
    office.words.said[await office.subject(delivery)] = None
    await office.courier.dispatch()
    assert (await office.state(delivery), office.texts(team)) == (State.CANCELLED, [])


async def test_what_waited_past_its_time_expires(office, team):
    delivery = await office.queue(team.id, life=HOURS)
    fresh = await office.queue(team.id, "Fresh")
    office.clock.advance(HOURS)
    await office.courier.dispatch()
    assert [await office.state(one) for one in (delivery, fresh)] == [State.EXPIRED, State.SENT]


async def test_what_waits_in_a_paused_lane_expires_too(office, slack, team):
    team.archived = True
    delivery = await office.queue(team.id, life=HOURS)
    await office.courier.dispatch()
    office.clock.advance(HOURS)
    assert await office.courier.housekeep() == 1
    assert await office.state(delivery) is State.EXPIRED


async def test_nothing_goes_where_others_read(office, slack, team):
    office.guard.verdict = Exposed(GUESTS)
    delivery = await office.queue(team.id)
    await office.courier.dispatch()
    row = await office.row(delivery)
    assert (row.state, row.last_error, row.body) == (State.CANCELLED, GUESTS, None)
    assert office.guard.asked == [team.id]
    assert slack.calls("chat.postMessage") == []


@pytest.mark.parametrize(("why", "paused"), [("", None), ("channel_not_found", "channel_not_found")])
async def test_while_nobody_knows_who_reads_there_it_waits_uncounted(office, slack, team, why, paused):
    office.guard.verdict = Unsure(why)
    office.courier = office.another(timing=Timing())
    delivery = await office.queue(team.id)
    await office.courier.dispatch()
    row, lane = await office.row(delivery), await office.lane(team.id)
    assert (row.state, row.attempts, row.first_try_at) == (State.QUEUED, 0, None)
    assert (lane.paused_reason, lane.lease_until) == (paused, None)
    assert slack.calls("chat.postMessage") == []


async def test_a_message_to_somebody_the_guard_knows_has_left(office, slack):
    office.guard.verdict = Exposed(LEFT)
    delivery = await office.queue("U0GONE")
    await office.courier.dispatch()
    assert (await office.row(delivery)).last_error == LEFT


async def test_a_held_message_does_not_hold_up_the_others(office, team):
    at = office.clock.now()

    async def hold(_session, delivery, now):
        return at + HOURS if delivery.kind == "digest" and now < at + HOURS else None

    office.courier = office.another(hold=hold, timing=QUICK)
    held = await office.queue(team.id, "Held", kind="digest")
    other = await office.queue(team.id, "Other")
    await office.courier.dispatch()
    assert [await office.state(one) for one in (held, other)] == [State.QUEUED, State.SENT]

    office.clock.advance(HOURS)
    await office.courier.dispatch()
    assert office.texts(team) == ["Other", "Held"]


async def test_an_unknown_message_holds_up_its_lane_alone(office, slack, team):
    other = slack.world.add_channel("other")
    slack.faults.add("chat.postMessage", "dropped_before_store")
    await office.queue(team.id, "1")
    await office.queue(team.id, "2")
    await office.courier.dispatch()
    await office.queue(other.id, "Other")
    await office.courier.dispatch()
    assert (office.texts(team), office.texts(other)) == ([], ["Other"])

    await office.settles()
    await office.courier.dispatch()
    assert office.texts(team) == ["1", "2"]
