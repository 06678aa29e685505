"""How long a brief, a card and Home take: a client with 5 years and 3,000 check-ins among 500 clients.

`python -m bench.brief [--clients 500] [--checkins 3000] [--rounds 40] [--limit 150] [--only sqlite]`.  What is
timed is our own: reading from the database and drawing, without Slack and its network.  Fails where 95 of 100 take
longer than the limit, in milliseconds.  "statements" is how often the database was asked: however much there is, as
often.
"""

import argparse
import asyncio
import datetime as dt
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from bench.agencies import migrated, server
from bench.seed import MEMBER, TEAM, USER
from bot import memory
from bot.clock import MovableClock
from bot.practices.blockers import service as blockers
from bot.practices.blockers.rules import Side
from bot.practices.catalogue import PRACTICES
from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Medium, Signal, Via
from bot.practices.clients import service as clients
from bot.practices.meetings.service import Upcoming
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import LEADS, Calendar, Occasion
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.people import service as people
from bot.practices.promises.rules import Guess
from bot.practices.spark import service as spark
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import Followups
from bot.store.base import new_id
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.store.search import Visibility
from bot.surfaces import brief, find, home
from bot.surfaces.card import Cards, Tab
from bot.surfaces.home_panel import Segment, Spot
from bot.workspaces import directory, installs
from bot.workspaces.here import Here, Host
from bot.workspaces.lookup import Lookup

NOW = dt.datetime(2026, 5, 14, 8, 30, tzinfo=dt.UTC)
DAYS = 5 * 365
A_BATCH = 200
WEEKS = 5
WEEKS = 5
MORE = 1_000_000
PEOPLE = ("Priya", "Omar", "Mia", "Jonas", "Karl", "Ingrid")
SAID = "She paused when I asked about Q3, then talked about the website instead. The board reviews the budget soon."


@dataclass
class Scene:
    """A filled workspace, and who asks there about which client."""

    here: Here
    client_id: uuid.UUID
    cards: Cards

    async def brief(self) -> None:
        async with self.here.look() as session:
            await brief.brief_message(session, Upcoming(None, self.client_id), self.here.me, self.here.local)

    async def card(self, tab: Tab) -> None:
        await self.cards.card(self.here, self.client_id, tab)

    async def home(self, spot: Spot) -> None:
        async with self.here.look() as session:
            await home.draw(session, self.here.member, spot, self.here.now)

    async def find(self) -> None:
        await find.find(self.here, "budget")

    async def more(self, count: int) -> None:
        """Add so many clients, and so many check-ins with the one that is asked about."""
        for number in range(count):
            await _client(self.here, MORE + number)
        await _history(self.here, self.client_id, count)

    def asked(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return what is timed, by name."""
        return {
            "brief": self.brief,
            "card, now": lambda: self.card(Tab.NOW),
            "card, people": lambda: self.card(Tab.PEOPLE),
            "card, notes": lambda: self.card(Tab.NOTES),
            "Home, today": lambda: self.home(Spot()),
            "Home, clients": lambda: self.home(Spot(Segment.CLIENTS)),
            "search": self.find,
        }


@dataclass(frozen=True)
class Took:
    """What something took: milliseconds in the middle and for 95 of 100, of them our processor's, and statements."""

    p50: float
    p95: float
    cpu: float
    statements: int


async def fill(url: str, count: int, notes: int) -> Scene:
    """Fill a migrated, empty database: so many clients of Ana's, and for the first of them so many check-ins."""
    store = Store(url)
    async with store.work(None) as session:
        workspace = await installs.install(
            session, slack_id=TEAM, name="Bench", address="https://bench.slack.com/", bot_slack_id="U0BOT", now=NOW
        )
    async with store.work(workspace.id) as session:
        await directory.keep_member(session, MEMBER, now=NOW)
        ana = (await directory.find_members(session, [USER]))[USER]
    slack = SlackClients("http://127.0.0.1:9/api/", "xoxb-example")
    host = Host(store, slack, Followups(), MovableClock(NOW), Lookup(store, slack.reading))
    here = Here(host, workspace, ana, Envelope(Kind.COMMAND, team=TEAM, user=USER), NOW, is_among_us=True)
    first = await _client(here, 0)
    for number in range(1, count):
        await _client(here, number)
    await _known(here, first)
    await _history(here, first, notes)
    return Scene(here, first, Cards(PRACTICES))


async def _client(here: Here, number: int) -> uuid.UUID:
    """Set up a client that was spoken with weekly until lately, with a promise and somebody there; return its id."""
    by, today = here.member, NOW.date()
    last = today - dt.timedelta(days=number % 30 + 1)
    async with here.work() as session:
        details = clients.Details(f"Northwind {number}", by.id, 7, started_on=today - dt.timedelta(days=DAYS))
        made = await clients.set_up(session, details, by=by.id, key=f"c{number}", now=NOW, today=today)
        await clients.set_why(session, made.id, "ideas our own team cannot see", on=dt.date(2025, 10, 1))
        who = await people.add(session, made.id, "Priya", "Head of Brand", None, by=by.id, key=f"p{number}", now=NOW)
        for week in range(WEEKS, 0, -1):
            spoken = checkins.Note(made.id, None, "", Via.SPOKEN, said_on=last - dt.timedelta(weeks=week))
            await checkins.record(session, spoken, by=by, key=f"s{number}:{week}", now=NOW)
        note = checkins.Note(
            made.id,
            4,
            SAID,
            Via.MODAL,
            said_on=last,
            details=checkins.Details(frozenset({who.id})),
            promise=Guess("media plan", today + dt.timedelta(days=3), theirs=False),
        )
        await checkins.record(session, note, by=by, key=f"n{number}", now=NOW)
        return made.id


async def _known(here: Here, client_id: uuid.UUID) -> None:
    """Have six people at a client that are known well, a date that is near, and something in the way."""
    by = here.member
    async with here.work() as session:
        known = [
            (await people.add(session, client_id, name, "team", None, by=by.id, key=f"h{name}", now=NOW)).id
            for name in PEOPLE[1:]
        ]
        known += [one.id for one in (await people.of_clients(session, [client_id]))[client_id] if one.name == "Priya"]
        said = nuance.Said("handwritten notes", "send a card")
        single = dict.fromkeys((Field.LIKES, Field.UP_AT_NIGHT, Field.TONE_ALONE, Field.HOURS), said)
        for contact_id in known:
            await nuance.write(session, contact_id, single, by=by, now=NOW)
            for field in (Field.CAUSE, Field.DETAIL, Field.SENSITIVE):
                key = f"{contact_id}{field}"
                await nuance.add(session, contact_id, field, said, Visibility.TEAM, by=by, key=key, now=NOW)
        soon = NOW.date() + dt.timedelta(days=5)
        date = milestones.Details(
            client_id, known[0], Occasion.BIRTHDAY, "", Calendar(soon.month, soon.day, None), LEADS, "", Visibility.TEAM
        )
        await milestones.add(session, date, by=by, key="date", now=NOW, today=NOW.date())
        blocked = blockers.Details("no brand files", "their boss", Side.THEIRS, None, NOW.date(), Visibility.TEAM)
        await blockers.add(session, client_id, blocked, by=by, key="blocker", now=NOW)


async def _history(here: Here, client_id: uuid.UUID, notes: int) -> None:
    """Have a client with so many check-ins over five years."""
    by, chance = here.member, random.Random(7)
    async with here.look() as session:
        known = [one.id for one in (await people.of_clients(session, [client_id]))[client_id]]
    for start in range(0, notes, A_BATCH):
        async with here.work() as session:
            for number in range(start, min(start + A_BATCH, notes)):
                when = NOW.date() - dt.timedelta(days=DAYS - 1 - number * (DAYS - 1) // notes)
                there = frozenset(chance.sample(known, 2))
                noted = frozenset({Signal.PAUSED}) if number % 10 == 0 else frozenset()
                note = checkins.Note(
                    client_id,
                    chance.choice((2, 3, 4, 5)),
                    f"{SAID} {number}",
                    Via.MODAL,
                    details=checkins.Details(there, noted),
                    said_on=when,
                    medium=chance.choice(list(Medium)),
                    quote="Let me get through the board first." if number % 7 == 0 else None,
                    unsaid="Whether the budget stands." if number % 9 == 0 else None,
                )
                await checkins.record(session, note, by=by, key=str(new_id()), now=NOW)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Collect the statements that a database is asked meanwhile."""
    said: list[str] = []

    def note(*given: object) -> None:
        said.append(str(given[2]))

    engines = [engine.sync_engine for engine in store.engines]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


async def statements(scene: Scene) -> dict[str, int]:
    """Return how many statements each thing takes."""
    found = {}
    for name, ask in scene.asked().items():
        with counted(scene.here.host.store) as said:
            await ask()
        found[name] = len(said)
    return found


async def measure(url: str, count: int, notes: int, rounds: int) -> dict[str, Took]:
    """Fill a database and time everything in turn."""
    spark.warm()
    memory.settle()  # as `ember serve` does
    scene = await fill(url, count, notes)
    asks = await statements(scene)
    walls: dict[str, list[float]] = {name: [] for name in asks}
    cpus: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(rounds):
        for name, ask in scene.asked().items():
            began, spent = time.perf_counter(), time.process_time()
            await ask()
            walls[name].append(1000 * (time.perf_counter() - began))
            cpus[name].append(1000 * (time.process_time() - spent))
    await scene.here.host.store.close()
    return {name: Took(*_half_and_most(walls[name]), _half_and_most(cpus[name])[1], asks[name]) for name in asks}


def _half_and_most(times: list[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=20)
    return cuts[9], cuts[18]


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.brief", description=__doc__)
    asked.add_argument("--clients", type=int, default=500)
    asked.add_argument("--checkins", type=int, default=3_000)
    asked.add_argument("--rounds", type=int, default=40)
    asked.add_argument("--limit", type=float, default=150.0)
    asked.add_argument("--only", choices=("sqlite", "postgres"))
    args = asked.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="ember-brief-") as name:
        for kind in (args.only,) if args.only else ("sqlite", "postgres"):
            with database(kind, Path(name)) as url:
                found = asyncio.run(measure(url, args.clients, args.checkins, args.rounds))
            table = Table(
                "what", "p50 ms", "p95 ms", "our CPU, p95 ms", "statements", title=f"{kind}, {args.clients:,} clients"
            )
            for what, one in found.items():
                table.add_row(what, f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.cpu:.1f}", str(one.statements))
                worst = max(worst, one.p95)
            Console().print(table)
    sys.exit(worst > args.limit)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """A migrated, empty database of a kind."""
    if kind == "sqlite":
        url = f"sqlite+aiosqlite:///{folder / 'brief.db'}"
        upgrade(url)
        yield url
        return
    with server(folder / "postgres") as desk:
        yield migrated(desk, "brief").replace("postgresql://", "postgresql+psycopg://")


if __name__ == "__main__":
    main()
