"""The demo's one process: Slack's stand-in, its page and Ember on one port of this machine."""

import asyncio
import contextlib
import datetime as dt
import errno
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from pydantic import HttpUrl, SecretStr
from rich.console import Console

from bot.app import Ember, build
from bot.clock import Clock, MovableClock
from bot.config import Settings
from bot.courier.timing import Timing
from bot.demo import agency, files, history, manifest, seal, seeding, tour
from bot.demo.alone import alone
from bot.demo.bridge import Bridge
from bot.demo.files import Files, NotHere
from bot.demo.looking import Looking
from bot.playground.changes import Change
from bot.playground.page.site import Page
from bot.playground.server import StandIn
from bot.practices.meetings.fetching import Fetcher

STALE = dt.timedelta(days=7)
"""After that the seeded clients have been left alone for so long that all of them look quiet."""
TIMING = Timing(timeout=5.0, settle=6.0, unsure=5.0, backoff=0.5)
"""Shorter than for Slack: the stand-in never keeps a message later than it answers, and somebody is watching."""
SECRET, TOKEN = "only-on-this-machine", "xoxb-only-on-this-machine"
KEY = "only-on-this-machine-where-nothing-is-real-="
NO_PORT = {
    errno.EADDRINUSE: "is taken, perhaps by a demo that is running already. Stop that one, or choose",
    errno.EACCES: "is not for everybody on this machine. Choose",
}


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line.

    calendars: a site of this machine, such as "http://127.0.0.1:8123", whose calendars may be linked; empty for none.
    ember: what to type to start Ember, without the command.
    """

    port: int
    reset: bool = False
    empty: bool = False
    opens: bool = True
    calendars: str = ""
    ember: str = "ember"


async def run(wanted: Wanted, console: Console) -> None:
    """Serve until SIGINT or SIGTERM.  Raises NotHere with a sentence that says the way out."""
    files.require_a_safe_place()
    serving = asyncio.create_task(_serve(wanted, console))
    with contextlib.suppress(NotImplementedError):  # Windows has no handlers: there Ctrl+C raises KeyboardInterrupt
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    _say(console, "Stopped. What you logged is kept for the next time.")


async def _serve(wanted: Wanted, console: Console) -> None:
    clock, bridge, looking = MovableClock(), Bridge(), Looking()
    steps, farewell = (tour.EMPTY, tour.SET_OUT) if wanted.empty else (tour.AGENCY, tour.FAREWELL)
    slack = StandIn(
        signing_secret=SECRET,
        bot_token=TOKEN,
        clock=clock,
        port=wanted.port,
        page=Page(manifest.facts(steps, farewell), glance=looking),
        routes=bridge.routes(),
    )
    told = agency.read()
    town = agency.move_in(slack.world, told, history.today_of(told, clock.now()))
    kept = files.files(empty=wanted.empty, ember=wanted.ember)
    async with _listening(slack, wanted) as address, _held(kept, address):
        with console.status("Setting up…"):
            await files.require_ours(kept, slack.world.team.id)
            found = None if wanted.reset else await _found(kept)
            old = None if found is None or wanted.empty else _grown_old(found, clock)
            if found is None or (old is not None and found.unbroken):
                stories = () if wanted.empty else told.stories
                await seeding.make(kept, slack, TOKEN, clock, replace(told, stories=stories), town)
            ember = build(_settings(address, kept), clock, TIMING, fetcher=_fetcher(wanted))
        async with bridge.to(ember.web), _keeping_pace(slack, ember):
            looking.store = ember.store
            slack.connect(f"{address}/slack/events")
            age = "" if found is None or old is None else _about_age(old, kept, made_anew=found.unbroken)
            _say(console, _welcome(address, kept, wanted, age))
            if wanted.opens and sys.stdout.isatty():
                await asyncio.to_thread(_open, address)
            await asyncio.Event().wait()


@asynccontextmanager
async def _keeping_pace(slack: StandIn, ember: Ember) -> AsyncIterator[None]:
    """Have Ember look at what is due as soon as somebody moves the clock."""

    def heard(change: Change) -> None:
        if change.what == "clock":
            ember.followups.start("look at what is due", ember.look_now())

    end = slack.world.listen(heard)
    try:
        yield
    finally:
        end()


@asynccontextmanager
async def _held(kept: Files, address: str) -> AsyncIterator[None]:
    with alone(kept.lock, address):
        yield


async def _found(kept: Files) -> seal.Seal | None:
    """Return what is known of a database that was kept, brought up to date; None when there is none."""
    if not kept.path.exists():
        return None
    await files.bring_up_to_date(kept)
    return await asyncio.to_thread(seal.look, kept.path)


def _grown_old(found: seal.Seal, clock: Clock) -> dt.date | None:
    """Return the day a database was made if that is so long ago that its clients have gone quiet since."""
    if found.made_at is None or clock.now() - found.made_at <= STALE:
        return None
    return found.made_at.date()


def _about_age(made_on: dt.date, kept: Files, *, made_anew: bool) -> str:
    day = f"{made_on.day} {made_on:%B %Y}"
    if made_anew:
        return f"The agency of {day}, in which nothing was logged since, was made anew."
    return f"This agency was made on {day}; `{kept.again}` makes a fresh one."


@asynccontextmanager
async def _listening(slack: StandIn, wanted: Wanted) -> AsyncIterator[str]:
    try:
        await slack.start()
    except OSError as error:
        await slack.stop()
        why = NO_PORT.get(error.errno or 0)
        if why is None:
            raise
        raise NotHere(
            f"Port {wanted.port} {why} another: `{wanted.ember} demo --port 0` takes any free one."
        ) from error
    try:
        yield slack.url.removesuffix("/api/")
    finally:
        await slack.stop()


def _open(address: str) -> None:
    """Show the page in a browser with windows; one for the terminal would take it over."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if type(browser) is not webbrowser.GenericBrowser:
        browser.open(address)


def _fetcher(wanted: Wanted) -> Fetcher:
    return Fetcher(allowed=frozenset({wanted.calendars} - {""}), public=False)


def _settings(address: str, kept: Files) -> Settings:
    return Settings(
        slack_signing_secret=SecretStr(SECRET),
        slack_bot_token=SecretStr(TOKEN),
        slack_app_token=None,
        slack_api_url=HttpUrl(f"{address}/api/"),
        ember_database_url=kept.url,
        ember_base_url=HttpUrl(address),
        ember_encryption_keys=SecretStr(KEY),
        ember_host="127.0.0.1",
        ember_port=0,
    )


def _welcome(address: str, kept: Files, wanted: Wanted, age: str) -> str:
    steps = tour.EMPTY if wanted.empty else tour.AGENCY
    lines = [f"{number}. {step.title}. {step.text}" for number, step in enumerate(steps, start=1)]
    return "\n".join(
        [
            "Ember is running, with a stand-in for Slack that answers to this machine only.",
            "",
            f"  Open  {address}",
            "",
            *([age, ""] if age else []),
            "Three things to try:",
            *(f"  {line}" for line in lines),
            "",
            f"What you log is kept in {kept.path}; `{kept.again}` starts over. Ctrl+C stops.",
        ]
    )


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    console.file.flush()
