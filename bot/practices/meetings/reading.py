"""Reading a calendar's meetings without ever being held up: in another process, bounded in time and memory."""

import asyncio
import contextlib
import datetime as dt
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from bot.practices.meetings import parsing
from bot.practices.meetings.rules import Event, Why

MOST_MEETINGS: Final = 500
BACK: Final = dt.timedelta(days=1)
AHEAD: Final = dt.timedelta(days=14)
LONGEST_ANSWER: Final = 8_000_000
GONE: Final = (OSError, EOFError, asyncio.IncompleteReadError)


class NotRead(Exception):
    """What was fetched holds no meetings that could be read."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Bounds:
    """What one calendar may take: seconds by the clock, seconds of computing, bytes of memory of the whole process."""

    seconds: float = 10.0
    cpu: int = 5
    memory: int = 400_000_000


class Reader:
    """Reads calendars one after another, in one process that is started for the first and ends with the last."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Begin; nothing is started yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the process."""
        await self._end()

    async def read(self, body: bytes, now: dt.datetime, zone: str) -> list[Event]:
        """Return the meetings from a day ago to two weeks ahead, oldest first.  Raises NotRead.

        zone: where times that name none are meant.
        """
        job = {
            "since": (now - BACK).astimezone(dt.UTC).isoformat(),
            "until": (now + AHEAD).astimezone(dt.UTC).isoformat(),
            "zone": zone,
            "most": MOST_MEETINGS,
        }
        async with self._turn:
            answer = await self._answer(json.dumps(job).encode(), body)
        if "why" in answer:
            raise NotRead(Why(answer["why"]))
        return [_event(one) for one in answer["meetings"]]

    async def _answer(self, job: bytes, body: bytes) -> dict[str, Any]:
        """Return what the process says; one that takes too long, or ends over a calendar, is never asked again."""
        answered = False
        try:
            async with asyncio.timeout(self.bounds.seconds):
                said = await self._ask(job, body)
            answered = True
            found: dict[str, Any] = json.loads(said)
            return found
        except (TimeoutError, *GONE):
            raise NotRead(Why.TOO_MUCH) from None
        finally:
            if not answered:
                await self._end()

    async def _ask(self, job: bytes, body: bytes) -> bytes:
        process = await self._started()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        for frame in (job, body):
            process.stdin.write(parsing.HEAD.pack(len(frame)) + frame)
        await process.stdin.drain()
        (size,) = parsing.HEAD.unpack(await process.stdout.readexactly(parsing.HEAD.size))
        if size > LONGEST_ANSWER:
            raise EOFError
        return await process.stdout.readexactly(size)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            limits = (str(self.bounds.memory), str(self.bounds.cpu))
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(Path(parsing.__file__)), *limits),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _event(told: dict[str, Any]) -> Event:
    starts, ends = (dt.datetime.fromisoformat(told[name]) for name in ("starts_at", "ends_at"))
    return Event(told["key"], told["title"], starts, ends, frozenset(told["attendees"]))
