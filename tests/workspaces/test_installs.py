import asyncio

from bot.store.engine import Store
from bot.workspaces import installs
from tests.conftest import NOW


async def install(store, name):
    async with store.work(None) as session:
        return await installs.install(
            session, slack_id="T0001", name=name, address="https://ours.slack.com/", bot_slack_id="U0BOT", now=NOW
        )


async def test_replicas_that_meet_a_workspace_at_once_keep_it_once(database_url):
    replicas = [Store(database_url) for _ in range(6)]
    kept = await asyncio.gather(*[install(replica, "Our agency") for replica in replicas])
    async with replicas[0].look(None) as session:
        assert await installs.all_workspaces(session) == [kept[0]]
    assert set(kept) == {kept[0]}
    for replica in replicas:
        await replica.close()


async def test_a_workspace_that_is_known_keeps_its_id_and_takes_what_slack_says_now(store):
    before = await install(store, "Our agency")
    after = await install(store, "Our studio")
    assert (after.id, after.name) == (before.id, "Our studio")
