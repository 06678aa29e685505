"""The way in that tests use: Ember served over HTTP, Slack's stand-in beside it, people who act."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.app import Ember, build
from bot.clock import Clock, MovableClock
from bot.config import Settings
from bot.playground.hosting import hosting
from bot.playground.person import Person
from bot.playground.server import StandIn

SECRET, BOT_TOKEN, APP_TOKEN = "a-signing-secret", "xoxb-a-bot", "xapp-an-app"


@dataclass
class Place:
    """Ember and Slack, both running, and who is there."""

    ember: Ember
    slack: StandIn
    clock: Clock
    ana: Person
    tom: Person
    northwind: Any
    elsewhere: Any
    address: str

    async def quiet(self) -> None:
        """Wait until Ember has finished everything it does behind an answer."""
        await self.ember.followups.drain()

    async def rows(self, table: type, **criteria: Any) -> list[Any]:
        """Return the rows of a table, as objects, oldest first."""
        import sqlalchemy as sa

        workspace = next(iter(self.ember.workspaces.values()))
        async with self.ember.store.look(workspace.id) as session:
            found = await session.execute(sa.select(table).filter_by(**criteria))
            return list(found.scalars())


def settings(slack: StandIn, database_url: str, *, socket: bool = False) -> Settings:
    """Return what Ember needs to talk to the stand-in."""
    return Settings(
        slack_signing_secret=SecretStr(SECRET),
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN) if socket else None,
        slack_api_url=slack.url,
        ember_database_url=database_url,
        ember_port=0,
    )


@asynccontextmanager
async def agency(database_url: str, clock: MovableClock, *, socket: bool = False) -> AsyncIterator[Place]:
    """Run Ember for a small agency: Ana and Tom, a client's channel and another one."""
    stand_in = StandIn(
        signing_secret=SECRET, bot_token=BOT_TOKEN, app_token=APP_TOKEN, clock=clock, retry_delays=(0, 0.01, 0.02)
    )
    async with stand_in as slack:
        ana = slack.world.add_member("Ana", tz="Europe/Berlin")
        tom = slack.world.add_member("Tom", tz="Europe/Berlin")
        northwind = slack.world.add_channel("northwind", members=[ana, tom])
        elsewhere = slack.world.add_channel("general", members=[ana, tom])
        ember = build(settings(slack, database_url, socket=socket), clock)
        async with hosting(ember.web) as address:
            if socket:
                await slack.connected()
            else:
                slack.connect(f"{address}/slack/events")
            await ember.followups.drain()
            yield Place(
                ember, slack, clock, slack.person(ana), slack.person(tom), northwind, elsewhere, address
            )
