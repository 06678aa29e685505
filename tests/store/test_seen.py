"""A delivery that comes twice, even at once, gets the first one's receipt."""

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.store.base import new_id
from bot.store.seen import Seen, first_time, forget_seen
from bot.workspaces import installs

NOW = dt.datetime(2026, 5, 12, 9, 30, tzinfo=dt.UTC)


async def test_of_many_at_once_one_wins_and_the_others_get_its_receipt(store, workspace):
    async def handle():
        mine = new_id()
        async with store.work(workspace.id) as session:
            earlier = await first_time(session, "view:nonce", ref=mine, now=NOW)
            await asyncio.sleep(0)
        return mine, earlier

    answers = await asyncio.gather(*[handle() for _ in range(20)])
    winners = [mine for mine, earlier in answers if earlier is None]
    assert len(winners) == 1
    assert {earlier for _, earlier in answers} == {None, winners[0]}


async def test_one_that_failed_leaves_the_key_to_the_next(store, workspace):
    async def fail():
        async with store.work(workspace.id) as session:
            assert await first_time(session, "event:1", ref=new_id(), now=NOW) is None
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with store.work(workspace.id) as session:
        assert await first_time(session, "event:1", ref=new_id(), now=NOW) is None


async def test_another_workspace_may_use_the_same_key(store, workspace):
    async with store.work(None) as session:
        other = await installs.install(
            session, slack_id="T0002", name="Other", address="https://o.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    for one in (workspace, other):
        async with store.work(one.id) as session:
            assert await first_time(session, "event:1", ref=new_id(), now=NOW) is None


async def test_old_keys_are_dropped_in_every_workspace(store, workspace):
    day = dt.timedelta(days=1)
    async with store.work(workspace.id) as session:
        await first_time(session, "old", ref=new_id(), now=NOW - day)
        await first_time(session, "new", ref=new_id(), now=NOW)
    async with store.work(None) as session:
        await forget_seen(session, before=NOW)
    async with store.look(workspace.id) as session:
        assert (await session.execute(sa.select(Seen.key))).scalars().all() == ["new"]
