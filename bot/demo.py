"""The demo: Ember on a throwaway database, Slack's stand-in beside it, and one journey from first client to export."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel as Box
from rich.table import Table

from bot.app import build
from bot.clock import Clock
from bot.config import Settings
from bot.playground import plain
from bot.playground.hosting import hosting
from bot.playground.modal import Modal
from bot.playground.person import Person
from bot.playground.server import StandIn
from bot.store.migrate import upgrade
from bot.surfaces.export import export

SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"  # noqa: S105  the stand-in's own


class Telling:
    """Prints a journey: what is typed, what Slack shows, what is kept."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def chapter(self, title: str) -> None:
        """Begin a part."""
        self._console.rule(f"[bold]{title}")

    def typed(self, who: str, what: str) -> None:
        """Print what somebody does."""
        self._console.print(f"\n[bold cyan]{who}[/] {escape(what)}")

    def shows(self, title: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Print what Slack shows."""
        self._console.print(Box(escape("\n".join(plain.lines(blocks))), title=title, title_align="left", width=88))

    def kept(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Print how many rows are kept, and the newest check-in's."""
        counted = Table("table", "rows", title="What was kept", title_justify="left")
        for name, rows in tables.items():
            counted.add_row(name, str(len(rows)))
        self._console.print(counted)
        for row in tables["checkin"]:
            self._console.print_json(json.dumps(row))


async def play(console: Console) -> None:
    """Run the journey and print it."""
    telling = Telling(console)
    with tempfile.TemporaryDirectory(prefix="ember-demo-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'ember.db'}"
        await asyncio.to_thread(upgrade, url)
        async with StandIn(signing_secret=SECRET, bot_token=TOKEN, clock=Clock()) as slack:
            ana = slack.world.add_member("Ana", tz="Europe/Berlin")
            tom = slack.world.add_member("Tom", tz="Europe/Lisbon")
            channel = slack.world.add_channel("northwind", members=[ana, tom])
            ember = build(
                Settings(
                    slack_signing_secret=SecretStr(SECRET),
                    slack_bot_token=SecretStr(TOKEN),
                    slack_api_url=slack.url,
                    ember_database_url=url,
                )
            )
            async with hosting(ember.web) as address:
                slack.connect(f"{address}/slack/events")
                await ember.followups.drain()
                await journey(telling, slack.person(ana), tom, channel, ember.followups.drain)
                parts: list[str] = []
                await export(ember.store, parts.append, lambda _rows: None)
                telling.chapter("Kept")
                telling.kept({k: v for k, v in json.loads("".join(parts))["workspaces"][0].items() if isinstance(v, list)})
    console.print("\nThat was Ember. `make test` runs everything; README.md says how to install it in your Slack.")
