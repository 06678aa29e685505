"""Going round: calendars are read when it is their time, meetings that have ended are taken as held."""

import asyncio
import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from bot.clock import Clock
from bot.courier import ledger
from bot.courier.kinds import Occurrence
from bot.courier.times import day_ends
from bot.practices.meetings import rows, rules, service, syncing
from bot.practices.meetings.fetching import Fetched, Fetcher, Marks, NotFetched
from bot.practices.meetings.reading import NotRead, Reader
from bot.practices.meetings.rows import Link
from bot.practices.meetings.rules import Event, Why
from bot.store.engine import Store
from bot.store.session import Work
from bot.workspaces import directory
from bot.workspaces.directory import Member
from bot.workspaces.sealing import Seal, Unreadable

log = structlog.get_logger(__name__)

TROUBLE: Final = "calendar"
"""The kind of the message that says that somebody's calendar can't be read."""

AT_ONCE: Final = 4
BATCH: Final = 40
LEASE: Final = dt.timedelta(minutes=2)
Heard = Callable[[uuid.UUID, uuid.UUID, dt.datetime], Awaitable[None]]


async def nobody(_workspace_id: uuid.UUID, _client_id: uuid.UUID, _now: dt.datetime) -> None:
    """Have nobody hear of a conversation."""


class Rounds:
    """Reads calendars and settles meetings, for every workspace; one workspace's trouble is nobody else's.

    seal: None where nobody has set a key, so that no calendar is linked.  heard: is told, after the commit, of each
    client with whom there was a conversation, by our ids of the workspace and the client.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        seal: Seal | None,
        *,
        fetcher: Fetcher | None = None,
        heard: Heard = nobody,
        chance: random.Random | None = None,
    ) -> None:
        self.fetcher, self.reader = fetcher or Fetcher(), Reader
        self._store, self._clock, self._seal, self._heard = store, clock, seal, heard
        self._chance = chance or random.Random()  # noqa: S311  it spreads load, it keeps no secret
        self._reading, self._settling, self._by_hand = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

    async def look(self) -> None:
        """Read what it is time to read, and settle what has ended."""
        await self.read_due()
        await self.settle_due()

    async def read_due(self) -> int:
        """Read the calendars that it is time to read, a few at a time; return how many those were."""
        if self._reading.locked():
            return 0
        async with self._reading:
            now, count, seen = self._clock.now(), 0, set[uuid.UUID]()
            while batch := [link for link in await self._due(now, len(seen)) if link.id not in seen]:
                seen |= {link.id for link in batch}
                async with self.reader() as reader:
                    gate = asyncio.Semaphore(AT_ONCE)
                    await asyncio.gather(*(self._in_turn(gate, link, reader) for link in batch))
                count += len(batch)
            return count

    async def _due(self, now: dt.datetime, seen: int) -> list[Link]:
        async with self._store.look(None) as session:
            return await rows.due_links(session, now, limit=BATCH + seen)

    async def _in_turn(self, gate: asyncio.Semaphore, link: Link, reader: Reader) -> None:
        async with gate:
            try:
                if (ours := await self._claim(link)) is not None:
                    await self._read(ours, reader)
            except Exception:  # the round's boundary: one calendar never keeps the others from being read
                log.exception("a calendar could not be read", workspace=str(link.workspace_id), link=str(link.id))

    async def _claim(self, link: Link) -> Link | None:
        now = self._clock.now()
        async with self._store.work(link.workspace_id) as session:
            return await rows.claim_link(session, link, now=now, until=now + LEASE)

    async def read(self, workspace_id: uuid.UUID, member_id: uuid.UUID) -> Why | None:
        """Read a member's calendar now; return what was wrong, None where it was read, is being read or there is none.

        One after another, for each has a process of its own; what waits too long for that is left to the next round.
        """
        async with self._store.look(workspace_id) as session:
            link = await rows.link_of(session, member_id)
        ours = await self._claim(link) if link is not None else None
        if ours is None:
            return None
        async with self._by_hand, self.reader() as reader:
            return await self._read(ours, reader)

    async def _read(self, link: Link, reader: Reader) -> Why | None:
        async with self._store.look(link.workspace_id) as session:
            member = (await directory.members_by_id(session, [link.member_id])).get(link.member_id)
        if member is None or not member.is_ours:
            async with self._store.work(link.workspace_id) as session:
                await rows.drop_link(session, link.member_id)
            return None
        try:
            fetched, events = await self._fetched(link, member, reader, self._clock.now())
            await self._succeeded(link, member, fetched, events)
        except Unreadable:
            return await self._failed(link, member, Why.SEALED)
        except (NotFetched, NotRead) as error:
            return await self._failed(link, member, error.why)
        except Exception:  # whatever it was, its member hears of it, and it is tried later and later
            log.exception("a calendar could not be read", workspace=str(link.workspace_id), link=str(link.id))
            return await self._failed(link, member, Why.OURS)
        return None

    async def _fetched(
        self, link: Link, member: Member, reader: Reader, now: dt.datetime
    ) -> tuple[Fetched, list[Event] | None]:
        """Return what was fetched, and the meetings in it; None where it is the same as before."""
        if self._seal is None:
            raise Unreadable
        whole = rules.reads_whole(link.parsed_at, now)
        marks = Marks() if whole else Marks(link.etag, link.modified)
        fetched = await self.fetcher.fetch(self._seal.open(link.sealed), marks)
        if fetched.body is None or (not whole and _digest(fetched.body) == link.digest):
            return fetched, None
        return fetched, await reader.read(fetched.body, now, member.tz)

    async def _succeeded(self, link: Link, member: Member, fetched: Fetched, events: list[Event] | None) -> None:
        now = self._clock.now()
        values: dict[str, Any] = {"read_at": now, "next_read_at": rules.next_read(now, 0, self._chance)}
        values |= {"failures": 0, "wrong": None, "failing_since": None, "told": False, "claimed_until": None}
        if events is not None and fetched.body is not None:
            marks = {"etag": fetched.marks.etag, "modified": fetched.marks.modified}
            values |= {**marks, "parsed_at": now, "digest": _digest(fetched.body)}
        async with self._store.work(link.workspace_id) as session:
            if await rows.change_link(session, link, **values) and events is not None:
                await syncing.sync(session, member, events, linked_at=link.linked_at, now=now)

    async def _failed(self, link: Link, member: Member, why: Why) -> Why:
        """Keep what is wrong, try again later and later, and have the member told, once."""
        now, failures = self._clock.now(), link.failures + 1
        since = link.failing_since or now
        tells = not link.told and (link.read_at is None or rules.is_worth_telling(why, failures))
        values: dict[str, Any] = {"next_read_at": rules.next_read(now, failures, self._chance), "claimed_until": None}
        values |= {"failures": failures, "wrong": why, "failing_since": since, "told": link.told or tells}
        async with self._store.work(link.workspace_id) as session:
            if await rows.change_link(session, link, **values) and tells:
                await _tell(session, link, member, now)
        return why

    async def settle_due(self) -> int:
        """Take the meetings that have ended as held; return how many those were."""
        if self._settling.locked():
            return 0
        async with self._settling:
            now, count, stuck = self._clock.now(), 0, set[uuid.UUID]()
            while batch := [one for one in await self._over(now, len(stuck)) if one[1] not in stuck]:
                for workspace_id, meeting_id in batch:
                    try:
                        await self._settle(workspace_id, meeting_id, now)
                        count += 1
                    except Exception:  # the round's boundary: one meeting never keeps the others from being settled
                        log.exception("a meeting could not be settled", workspace=str(workspace_id))
                        stuck.add(meeting_id)
            return count

    async def _over(self, now: dt.datetime, stuck: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
        async with self._store.look(None) as session:
            return await rows.over(session, now, limit=BATCH + stuck)

    async def _settle(self, workspace_id: uuid.UUID, meeting_id: uuid.UUID, now: dt.datetime) -> None:
        async with self._store.work(workspace_id) as session:
            client_id = await service.settle(session, meeting_id, now)
        if client_id is not None:
            await self._heard(workspace_id, client_id, now)


async def _tell(session: Work, link: Link, member: Member, now: dt.datetime) -> None:
    """Have a member told that their calendar can't be read."""
    on = now.date()
    part = f".{now:%H%M%S}"
    until = day_ends(on, member.tz) + dt.timedelta(days=3)
    await ledger.enqueue(session, Occurrence(member.slack_id, TROUBLE, on, now, until, link.id, part), now)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
