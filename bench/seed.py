"""A database with one agency, one member, one client heard in one channel."""

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.practices.clients import service as clients
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.workspaces import directory, installs
from bot.workspaces.directory import ChannelFacts, Exposure, MemberFacts

TEAM, USER, CHANNEL = "T0BENCH", "U0BENCH", "C0BENCH"
MEMBER = MemberFacts(
    USER, "Ana", "Europe/Berlin", is_guest=False, is_stranger=False, is_bot=False, is_gone=False, is_admin=False
)


@dataclass(frozen=True)
class Seeded:
    """What the benchmarks need to know of a seeded database."""

    url: str
    client_id: str


def seed(url: str) -> Seeded:
    """Migrate a database and put the agency in."""
    upgrade(url)
    return Seeded(url, asyncio.run(_seed(url)))


async def _seed(url: str) -> str:
    now = Clock().now()
    store = Store(url)
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=TEAM, name="Bench", address="https://bench.slack.com/", bot_slack_id="U0BOT", now=now
        )
    async with store.work(workspace.id) as session:
        await directory.keep_member(session, MEMBER, now=now)
        await directory.keep_channel(session, ChannelFacts(CHANNEL, "northwind", Exposure.INTERNAL, False), now=now)
        member = (await directory.find_members(session, [USER]))[USER]
        channel = (await directory.find_channels(session, [CHANNEL]))[CHANNEL]
        details = clients.Details("Northwind", member.id, 7, heard_in=frozenset({channel.id}))
        client = await clients.set_up(
            session, details, by=member.id, key="seed", now=now, today=now.astimezone(dt.UTC).date()
        )
        await clients.set_why(session, client.id, "ideas our own team cannot see")
    await store.close()
    return str(client.id)


async def counted(url: str, table: Any) -> int:
    """Return how many rows a table has."""
    import sqlalchemy as sa

    store = Store(url)
    async with store.look(None) as session:
        everywhere = {"all_workspaces": "a benchmark counts what was really done"}
        count = await session.execute(sa.select(sa.func.count()).select_from(table), execution_options=everywhere)
        found: int = count.scalar_one()
    await store.close()
    return found
