"""Making the demo's database: migrated, acquainted with the stand-in's workspace, and with its year written."""

import asyncio

from bot.clock import Clock
from bot.demo import history, seal
from bot.demo.agency import Agency, Town
from bot.demo.files import Files, address
from bot.playground.server import StandIn
from bot.slack.client import SlackClients
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.surfaces import timetable
from bot.workspaces import installs
from bot.workspaces.lookup import Lookup


async def make(kept: Files, slack: StandIn, token: str, clock: Clock, agency: Agency, town: Town) -> None:
    """Make a demo's database beside its place and put it there when it is complete; until then the old one stays.

    slack: running, with the town in it; its record of this is cleared.  An agency without stories leaves
    Ember without clients.
    """
    kept.path.parent.mkdir(parents=True, exist_ok=True)
    kept.forget(kept.draft)
    await asyncio.to_thread(upgrade, address(kept.draft))
    store, clients = Store(address(kept.draft)), SlackClients(slack.url, token)
    try:
        await clients.open()
        await _fill(store, Lookup(store, clients.reading), slack, clock, agency, town)
    finally:
        await clients.close()
        await store.close()
    await asyncio.to_thread(seal.put, kept.draft)
    kept.publish()
    slack.wire.clear()


async def _fill(store: Store, lookup: Lookup, slack: StandIn, clock: Clock, agency: Agency, town: Town) -> None:
    world, now = slack.world, clock.now()
    async with store.work(None) as session:
        workspace = await installs.install(
            session,
            slack_id=world.team.id,
            name=world.team.name,
            address=f"https://{world.team.domain}.slack.com/",
            bot_slack_id=world.bot.id,
            now=now,
        )
    await lookup.read_everyone(workspace, now=now)
    await history.write(store, lookup, workspace, agency, town, now)
    async with store.work(workspace.id) as session:
        await timetable.keep(session, now)
