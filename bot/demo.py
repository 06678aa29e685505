"""The demo: Ember on a throwaway database, Slack's stand-in beside it, and one journey from first client to export."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import HttpUrl, SecretStr
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel as Box
from rich.table import Table

from bot.app import Ember, build
from bot.clock import Clock
from bot.config import Settings
from bot.playground import plain
from bot.playground.hosting import hosting
from bot.playground.modal import Modal
from bot.playground.people import Channel
from bot.playground.person import Person
from bot.playground.server import StandIn
from bot.store.migrate import upgrade
from bot.surfaces.export import export

SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"


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
        """Print how many rows of each kind are kept, and each check-in as it is exported."""
        counted = Table("table", "rows", title="What was kept", title_justify="left")
        for name, rows in tables.items():
            counted.add_row(name, str(len(rows)))
        self._console.print(counted)
        for row in tables["checkin"]:
            self._console.print_json(json.dumps(row))


async def play(console: Console) -> None:
    """Run the journey and print it."""
    with tempfile.TemporaryDirectory(prefix="ember-demo-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'ember.db'}"
        await asyncio.to_thread(upgrade, url)
        async with StandIn(signing_secret=SECRET, bot_token=TOKEN, clock=Clock()) as slack:
            ana = slack.world.add_member("Ana", tz="Europe/Berlin")
            channel = slack.world.add_channel("northwind", members=[ana])
            ember = build(_settings(slack.url, url))
            async with hosting(ember.web) as address:
                slack.connect(f"{address}/slack/events")
                await ember.followups.drain()
                await Journey(Telling(console), slack.person(ana), channel, ember).run()
    console.print("\nThat was Ember. README.md says how to put it into your own Slack.")


def _settings(api_url: str, database_url: str) -> Settings:
    return Settings(
        slack_signing_secret=SecretStr(SECRET),
        slack_bot_token=SecretStr(TOKEN),
        slack_api_url=HttpUrl(api_url),
        ember_database_url=database_url,
    )


class Journey:
    """From the first client to the export, by one person in one channel."""

    def __init__(self, telling: Telling, ana: Person, channel: Channel, ember: Ember) -> None:
        self._telling = telling
        self._ana = ana
        self._channel = channel
        self._ember = ember

    async def run(self) -> None:
        """Play every chapter."""
        await self._set_up()
        await self._check_in_by_form()
        await self._check_in_by_line()
        await self._look_back()
        await self._export()

    async def _set_up(self) -> None:
        self._telling.chapter("A client is set up")
        await self._type("/client", "new Northwind")
        await self._fill_in(rhythm="7", heard_in=[self._channel])

    async def _check_in_by_form(self) -> None:
        self._telling.chapter("A conversation is logged, by form")
        await self._type("/checkin", "")
        await self._fill_in(feeling="4", note="Paused when asked about Q3. We owe her the plan by Friday.")
        await self._press("checkin.promise", "Keep it")

    async def _check_in_by_line(self) -> None:
        self._telling.chapter("Another one, in one line; then taken back")
        await self._type("/checkin", "glowing the launch film made them proud")
        await self._press("checkin.undo", "Undo")

    async def _look_back(self) -> None:
        self._telling.chapter("The card, and search")
        await self._type("/client", "northwind")
        await self._type("/client", "find plan")

    async def _export(self) -> None:
        self._telling.chapter("What is kept")
        parts: list[str] = []
        await export(self._ember.store, parts.append, lambda _rows: None)
        [workspace] = json.loads("".join(parts))["workspaces"]
        self._telling.kept({name: rows for name, rows in workspace.items() if isinstance(rows, list) and rows})

    async def _type(self, command: str, words: str) -> None:
        if self._ana.modals():
            await self._ana.close_modal(everything=True)
        self._telling.typed(self._ana.member.name, f"types  {command} {words}".rstrip())
        answer = await self._ana.command(command, words, channel=self._channel)
        await self._ember.followups.drain()
        if answer.blocks:
            self._telling.shows("only for you", answer.blocks)
        else:
            self._show_modal(await self._ana.modal())

    async def _fill_in(self, **values: object) -> None:
        said = ", ".join(
            f"{name} = {value if isinstance(value, str) else '#northwind'}" for name, value in values.items()
        )
        self._telling.typed(self._ana.member.name, f"fills in  {said}  and saves")
        await self._ana.submit(values)
        await self._ember.followups.drain()
        self._show_modal(await self._ana.modal())

    async def _press(self, action_id: str, label: str) -> None:
        self._telling.typed(self._ana.member.name, f"presses  [{label}]")
        await self._ana.click(action_id)
        await self._ember.followups.drain()
        modals = self._ana.modals()
        if modals:
            self._show_modal(modals[-1])
        else:
            self._telling.shows("only for you", self._ana.sees(self._channel)[-1].blocks)

    def _show_modal(self, modal: Modal) -> None:
        self._telling.shows(f"window: {modal.title}", modal.view["blocks"])
