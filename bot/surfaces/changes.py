"""What has to be said anew once something about a client is different."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from bot.courier import ledger, said
from bot.practices.fading import service as fading
from bot.store.session import Work
from bot.surfaces import alert, digest, morning
from bot.workspaces import settings
from bot.workspaces.here import Here

STANDS: Final = dt.timedelta(hours=24)
"""For how long a digest and a morning are changed once they are out: until the next one comes."""


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


async def refresh(session: Work, client_id: uuid.UUID, now: dt.datetime) -> int:
    """Settle the alert about a client, and have every message that shows them written anew; return how many those are.

    To be called after whatever changes something: a conversation, its undo, "not now", a pause, a promise.
    """
    known = await settings.read(session)
    today = now.astimezone(ZoneInfo(await settings.zone(session, known))).date()
    await fading.settle(session, [client_id], today=today, now=now, fade_at=known.fade_at)
    queued = 0
    episode = (await fading.latest(session, [client_id])).get(client_id)
    if episode is not None:
        on = episode.opened_on
        queued += await ledger.bump(session, kind=alert.KIND, subject=client_id, local_date=on, lasting=True, now=now)
    for one in await said.showing(session, (digest.KIND, morning.KIND), client_id.hex, since=now - STANDS):
        queued += await ledger.bump(
            session, kind=one.kind, recipient=one.recipient, local_date=one.local_date, lasting=True, now=now
        )
    return queued
