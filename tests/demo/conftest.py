"""Demos as people run them: a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.playground.tabs import Tab

HOUSE = Path(__file__).resolve().parents[2]
PROMPT, LAST = "  Open  ", "Ctrl+C stops.\n"


@dataclass
class Running:
    """A demo that runs."""

    process: subprocess.Popen
    address: str
    said: str

    def stop(self, politely=signal.SIGINT):
        """Ask it to stop; return its exit code and what it said on both ways."""
        self.process.send_signal(politely)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    @asynccontextmanager
    async def tab(self):
        """Open the page, as Ana."""
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{self.address}/live", headers={"Origin": self.address}) as socket,
        ):
            yield Tab(socket)


class Folder:
    """Where demos are started."""

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
                address = next(each.removeprefix(PROMPT).strip() for each in said if each.startswith(PROMPT))
                return Running(process, address, "".join(said))
        raise AssertionError("".join(said) + process.stderr.read())

    def files(self):
        """Return what the demos keep."""
        return sorted(path.name for path in (self.path / "data" / "demo").iterdir())


def _command(*words):
    return [sys.executable, "-m", "bot", "demo", *words]


def _environment(settings):
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "EMBER_"))}
    return {**theirs, "PYTHONPATH": str(HOUSE), **settings}


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()
