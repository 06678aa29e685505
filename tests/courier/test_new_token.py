"""A workspace whose token was revoked speaks again once Ember starts with one that works."""

import datetime as dt

from bot.app import build
from bot.courier.kinds import Occurrence
from bot.courier.ledger import enqueue
from bot.courier.rows import DeliveryRow, PostingRow, State
from bot.playground.hosting import hosting
from tests.front_door import agency, settings
from tests.rhythm import NOW, with_a_past
from tests.support import ON_SQLITE


@ON_SQLITE
async def test_it_speaks_again_with_a_token_that_works(database_url, clock):
    async with agency(database_url, clock) as place:
        await with_a_past(place, "Orchard", 30, digest=place.elsewhere)
        workspace = next(iter(place.ember.workspaces.values()))
        digest = Occurrence(place.elsewhere.id, "digest", NOW.date(), NOW, NOW + dt.timedelta(hours=9))
        async with place.ember.store.work(workspace.id) as session:
            await enqueue(session, digest, NOW)
        place.slack.faults.add("chat.postMessage", "refused", error="token_revoked")
        await place.ember.courier.dispatch()
        [posting] = await place.rows(PostingRow)
        assert posting.suspended_reason == "token_revoked"
        assert await place.ember.courier.dispatch() == 0

        again = build(settings(place.slack, database_url), clock)
        async with hosting(again.web):
            await again.followups.drain()
            await place.slack.until_posted(1, place.elsewhere, within=8)
        [row] = await place.rows(DeliveryRow, kind="digest")
        assert row.state is State.SENT
