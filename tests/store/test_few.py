"""A limit of each client's rows: the many of one leave room for another's few."""

from dataclasses import replace

import pytest

from bot.practices.anticipations import rows as anticipations
from bot.practices.blockers import rows as blockers
from bot.practices.checkins import queries
from bot.practices.checkins import rows as checkins
from bot.practices.clients import service as clients
from bot.practices.differences import rows as differences
from bot.practices.promises import rows as promises
from bot.store.base import new_id
from bot.workspaces.visibility import Person
from tests.store.holdings import LONG_AGO, NOW, TODAY


async def keep(session, ours, client_id, count):
    """Have so many more of everything about a client."""
    for _ in range(count):
        own = {"id": new_id(), "client_id": client_id}
        await promises.insert_once(session, replace(ours.promise, **own, checkin_id=None))
        await blockers.insert(session, replace(ours.blocker, **own))
        await anticipations.insert_once(session, replace(ours.need, **own, checkin_id=None))
        await differences.insert(session, replace(ours.difference, **own))
        await checkins.insert(session, replace(ours.checkin, **own), checkins.Details())


READS = {
    "promises": lambda s, ids, me: promises.open_ones(s, ids, me, limit=2),
    "blockers": lambda s, ids, me: blockers.open_ones(s, ids, me, limit=2),
    "needs": lambda s, ids, me: anticipations.open_ones(s, ids, me, limit=2),
    "differences": lambda s, ids, me: differences.open_ones(s, ids, me, limit=2),
    "checkins": lambda s, ids, me: queries.since(s, ids, me, LONG_AGO, limit=2),
}


@pytest.mark.parametrize("what", READS)
async def test_a_client_of_whom_there_is_much_leaves_room_for_one_of_whom_there_is_little(store, ours, what):
    me = Person(ours.member.id)
    async with store.work(ours.workspace.id) as session:
        details = clients.Details("Orchard", ours.member.id, 7)
        other = await clients.set_up(session, details, by=ours.member.id, key="orchard", now=NOW, today=TODAY)
        await keep(session, ours, ours.client.id, 3)
        await keep(session, ours, other.id, 1)
        found = await READS[what](session, [ours.client.id, other.id], me)
    of = [one.client_id for one in found]
    assert (of.count(ours.client.id), of.count(other.id)) == (2, 1)
