"""What has to be said anew once something about a client is different."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Final

from bot.courier import ledger, said
from bot.courier.kinds import AFTERWARDS
from bot.practices.clients import service as clients
from bot.practices.fading import service as fading
from bot.practices.meetings import service as meetings
from bot.store.session import Work
from bot.surfaces import alert, digest, morning, unasked
from bot.workspaces import settings
from bot.workspaces.here import Here
from bot.workspaces.settings import Settings

STANDS: Final = dt.timedelta(hours=24)
"""For how long a digest and a morning are changed once they are out: until the next one comes."""

DAILY: Final = (digest.KIND, morning.KIND)


class Fresh:
    """Keeps what stands at Slack's up to date behind the answers; `nudge` has what was queued said soon."""

    def __init__(self, nudge: Callable[[], None]) -> None:
        self._nudge = nudge

    def changed(self, here: Here, client_id: uuid.UUID) -> None:
        """Take note that something about a client is different; to be told after the commit."""
        here.later("write anew what shows a client", self._refresh(here, client_id))

    async def _refresh(self, here: Here, client_id: uuid.UUID) -> None:
        async with here.work() as session:
            queued = await refresh(session, client_id, here.now)
        if queued:
            self._nudge()


async def _heard_in(session: Work, client_id: uuid.UUID, known: Settings) -> str:
    """Return the team channel (Slack's id) that hears of a client; empty where none does."""
    return next(iter(await clients.digest_channels(session, known.team_channel_id, client_ids=[client_id])), "")


async def refresh(session: Work, client_id: uuid.UUID, now: dt.datetime) -> int:
    """Settle the alert about a client, and have every message that shows them written anew; return how many those are.

    To be called after whatever changes something: a conversation, its undo, "not now", a pause, a promise.
    """
    known = await settings.read(session)
    today = await unasked.today_in(session, await _heard_in(session, client_id, known), now)
    await fading.settle(session, [client_id], today=today, now=now, fade_at=known.fade_at)
    queued = 0
    episode = (await fading.latest(session, [client_id])).get(client_id)
    if episode is not None:
        on = episode.opened_on
        queued += await ledger.bump(session, kind=alert.KIND, subject=client_id, local_date=on, lasting=True, now=now)
    for meeting_id in await meetings.asked_about(session, client_id, now):
        queued += await ledger.bump(session, kind=AFTERWARDS, subject=meeting_id, now=now)
    await ledger.outdate(session, DAILY, since=now - STANDS)
    for one in await said.showing(session, DAILY, client_id.hex, since=now - STANDS):
        queued += await ledger.bump(
            session, kind=one.kind, recipient=one.recipient, local_date=one.local_date, lasting=True, now=now
        )
    return queued
