"""The courier with its real guard: what was planned for a channel is not said once others read along there."""

import datetime as dt

import pytest

from bot.courier.guard import GUESTS, SHARED
from bot.courier.health import health
from bot.courier.kinds import Occurrence
from bot.courier.ledger import enqueue
from bot.courier.rows import DeliveryRow, LaneRow, State
from bot.workspaces import allowance
from bot.workspaces.directory import ChannelRow
from tests.front_door import agency
from tests.rhythm import NOW, with_a_past
from tests.support import ON_SQLITE

LATER = NOW + dt.timedelta(minutes=6)


class Team:
    """A team channel for which a digest is planned."""

    def __init__(self, place):
        self.place, self.channel = place, place.elsewhere
        self.workspace = next(iter(place.ember.workspaces.values()))

    async def plans_a_digest(self):
        await with_a_past(self.place, "Orchard", 30, digest=self.channel)
        digest = Occurrence(self.channel.id, "digest", NOW.date(), NOW, NOW + dt.timedelta(hours=9))
        async with self.place.ember.store.work(self.workspace.id) as session:
            await enqueue(session, digest, NOW)

    async def allows(self):
        [row] = await self.place.rows(ChannelRow, slack_id=self.channel.id)
        [admin] = (await self.place.ember.lookup.members(self.workspace, [self.place.ana.id], now=NOW)).values()
        async with self.place.ember.store.work(self.workspace.id) as session:
            await allowance.allow(session, row.id, admin.id, NOW)

    async def says_it(self):
        self.place.clock.set(LATER)
        await self.place.ember.courier.dispatch()
        [row] = await self.place.rows(DeliveryRow, kind="digest")
        posted = [
            one for one in self.place.slack.world.messages() if one.metadata and one.channel_id == self.channel.id
        ]
        assert len(posted) == (row.state is State.SENT)
        assert all("Orchard" in str(one.blocks) for one in posted)
        return row

    async def told(self):
        """Return what Ana, who looks after the client, was told by DM."""
        await self.place.ember.courier.dispatch()
        dm = self.place.slack.world.dm(self.place.ana.member).id
        return [one.text for one in self.place.slack.world.messages() if one.metadata and one.channel_id == dm]

    async def health(self):
        async with self.place.ember.store.look(self.workspace.id) as session:
            return await health(session, LATER)


@pytest.fixture
async def team(database_url, clock):
    async with agency(database_url, clock) as place:
        team = Team(place)
        await team.plans_a_digest()
        yield team


def nothing(_team):
    pass


def shared(team):
    team.channel.shared = True


def guest(team):
    team.place.join("Gia", team.channel, guest=True)


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "is_allowed", "state", "why"),
    [
        (nothing, False, State.SENT, None),
        (shared, False, State.CANCELLED, SHARED),
        (guest, False, State.CANCELLED, GUESTS),
        (guest, True, State.SENT, None),
        (shared, True, State.CANCELLED, SHARED),
    ],
)
async def test_what_was_planned_is_judged_again_when_it_goes(team, change, is_allowed, state, why):
    change(team)
    if is_allowed and change is guest:
        await team.place.ember.lookup.channels(team.workspace, [team.channel.id], now=LATER, afresh=True)
    if is_allowed:
        await team.allows()
    row = await team.says_it()
    assert (row.state, row.last_error) == (state, why)
    assert (await team.health()).held_back == (state is State.CANCELLED)
    assert [text.startswith("Ember could not say") for text in await team.told()] == [True] * (why is not None)


@ON_SQLITE
async def test_whoever_looks_after_the_clients_is_told_once_in_a_week(team):
    guest(team)
    await team.says_it()
    assert "An admin can allow it" in (await team.told())[0]
    for days, told in ((1, 1), (7, 2)):
        again = LATER + dt.timedelta(days=days)
        team.place.clock.set(again)
        digest = Occurrence(team.channel.id, "digest", again.date(), again, again + dt.timedelta(hours=9))
        async with team.place.ember.store.work(team.workspace.id) as session:
            await enqueue(session, digest, again)
        await team.place.ember.courier.dispatch()
        assert len(await team.told()) == told


@ON_SQLITE
async def test_while_slack_does_not_tell_who_reads_it_waits_and_nothing_is_counted_against_it(team):
    team.place.slack.faults.add("conversations.info", "refused", error="fatal_error", times=2)
    row = await team.says_it()
    assert (row.state, row.attempts, row.last_error) == (State.QUEUED, 0, "fatal_error")
    assert (await team.health()).waiting == 1


@ON_SQLITE
async def test_a_channel_that_ember_was_put_out_of_is_closed_until_it_is_invited_again(team):
    team.channel.kind = "private"
    team.channel.members.remove(team.place.slack.world.bot.id)
    assert (await team.says_it()).state is State.QUEUED
    assert ["/invite @Ember" in text for text in await team.told()] == [True]
    [lane] = await team.place.rows(LaneRow, channel=team.channel.id)
    assert lane.paused_reason == "channel_not_found"
    team.channel.members.append(team.place.slack.world.bot.id)
    await team.place.slack.event("member_joined_channel", channel=team.channel.id, user=team.place.slack.world.bot.id)
    await team.place.quiet()
    [lane] = await team.place.rows(LaneRow, channel=team.channel.id)
    assert lane.paused_reason is None
