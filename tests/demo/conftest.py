"""Demos in a folder of their own: as people run them, a process of its own, and as a part of the test's process."""

import asyncio
import io
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from rich.console import Console

from bot.demo.serving import Wanted, run
from tests.playground.tabs import Tab

HOUSE = Path(__file__).resolve().parents[2]
PROMPT, LAST = "  Open  ", "Ctrl+C stops.\n"


@dataclass
class Running:
    """A demo that runs."""

    address: str
    said: str

    @asynccontextmanager
    async def tab(self):
        """Open the page, as Ana."""
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{self.address}/live", headers={"Origin": self.address}) as socket,
        ):
            yield Tab(socket)


@dataclass
class Process(Running):
    """A demo that runs as people run it."""

    process: subprocess.Popen

    def stop(self, politely=signal.SIGINT):
        """Ask it to stop; return its exit code and what it said on both ways."""
        self.process.send_signal(politely)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


class Folder:
    """Where demos are started: the working directory, without settings."""

    def __init__(self, path):
        self.path = path
        self.started = []

    def refused(self, *words, **settings):
        """Start a demo that does not come up; return its exit code and its last words."""
        done = subprocess.run(
            _command(*words),
            cwd=self.path,
            env=_environment(settings),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stderr

    def spawn(self, *words):
        """Start a demo on a free port and return its process at once."""
        process = subprocess.Popen(
            _command("--port", "0", *words),
            cwd=self.path,
            env=_environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def start(self, *words):
        """Start a demo on a free port and wait until it says where it is."""
        process, said = self.spawn(*words), []
        for line in iter(process.stdout.readline, ""):
            said.append(line)
            if line.endswith(LAST):
                return Process(_address(said), "".join(said), process)
        raise AssertionError("".join(said) + process.stderr.read())

    @asynccontextmanager
    async def running(self, port=0, **wanted):
        """Run a demo in this very process while the block lasts.  Raises NotHere when it does not come up."""
        screen = io.StringIO()
        serving = asyncio.create_task(run(Wanted(port, opens=False, **wanted), Console(file=screen)))
        try:
            while not screen.getvalue().endswith(LAST):
                await asyncio.wait([serving], timeout=0.02)
                if serving.done():
                    await serving
                    raise AssertionError(screen.getvalue())
            said = screen.getvalue()
            yield Running(_address(said.splitlines()), said)
        finally:
            serving.cancel()
            await asyncio.wait([serving])

    def files(self):
        """Return what the demos keep."""
        return sorted(path.name for path in (self.path / "data" / "demo").iterdir())


def _address(said):
    return next(each.removeprefix(PROMPT).strip() for each in said if each.startswith(PROMPT))


def _command(*words):
    return [sys.executable, "-m", "bot", "demo", *words]


def _environment(settings):
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "EMBER_"))}
    return {**theirs, "PYTHONPATH": str(HOUSE), **settings}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("SLACK_", "EMBER_"))]:
        monkeypatch.delenv(name)
    made = Folder(tmp_path)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()
