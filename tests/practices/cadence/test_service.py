"""Setting a client aside, on both databases."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.practices.cadence import service
from bot.practices.cadence.rules import Reason
from bot.practices.clients import service as clients
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.workspaces.visibility import Person, Room
from tests.support import DAY, NOW, TODAY

NOBODY = Room(frozenset())


@pytest.fixture
async def sam(people):
    """Somebody outside the team."""
    return await people.member("U0SAM", "Sam")


@pytest.fixture
async def omar(people):
    return await people.member("U0OMAR", "Omar", is_admin=True)


async def aside(session, client, today=TODAY):
    return list(await service.snoozed(session, [client.id], NOBODY, today))


async def as_read_by(session, client, audience):
    return (await service.snoozed(session, [client.id], audience, TODAY))[client.id]


async def test_a_client_is_set_aside_until_its_day(ana, northwind, work):
    made = await service.snooze(
        work, northwind.id, until=TODAY + 2 * DAY, reason=Reason.AWAY, note="Back on Thursday", by=ana, now=NOW
    )
    found = await as_read_by(work, northwind, Person(ana.id))
    assert found == made
    assert (found.member_id, found.reason, found.note) == (ana.id, Reason.AWAY, "Back on Thursday")
    assert await aside(work, northwind, TODAY + DAY) == [northwind.id]
    assert await aside(work, northwind, TODAY + 2 * DAY) == []


async def test_a_second_time_changes_the_day(ana, northwind, work):
    for days in (2, 9):
        await service.snooze(work, northwind.id, until=TODAY + days * DAY, by=ana, now=NOW)
    found = await as_read_by(work, northwind, Person(ana.id))
    assert (found.until_on, found.reason, found.note) == (TODAY + 9 * DAY, None, None)


async def test_bringing_back_works_whether_or_not_it_was_set_aside(ana, northwind, work):
    await service.snooze(work, northwind.id, until=TODAY + DAY, by=ana, now=NOW)
    assert await service.wake(work, northwind.id, by=ana) == northwind
    assert await aside(work, northwind) == []
    assert await service.wake(work, northwind.id, by=ana) == northwind


async def test_a_form_that_comes_twice_does_not_undo_bringing_back(ana, northwind, work):
    async def press():
        await service.snooze(work, northwind.id, until=TODAY + DAY, by=ana, now=NOW, key="view:1")

    await press()
    await press()
    await service.wake(work, northwind.id, by=ana)
    with pytest.raises(Refused, match="brought back meanwhile"):
        await press()
    assert await aside(work, northwind) == []


async def test_what_ended_is_not_set_aside_and_strangers_are_unknown(ana, northwind, work):
    await clients.end(work, northwind.id, TODAY)
    with pytest.raises(Refused, match="ended"):
        await service.snooze(work, northwind.id, until=TODAY + DAY, by=ana, now=NOW)
    with pytest.raises(clients.UnknownClient):
        await service.snooze(work, new_id(), until=TODAY + DAY, by=ana, now=NOW)
    with pytest.raises(clients.UnknownClient):
        await service.wake(work, new_id(), by=ana)


async def test_a_form_that_comes_late_leaves_what_somebody_else_said_since(ana, omar, northwind, work):
    await service.snooze(work, northwind.id, until=TODAY + DAY, by=ana, now=NOW, key="view:1")
    theirs = await service.snooze(work, northwind.id, until=TODAY + 9 * DAY, by=omar, now=NOW, key="view:2")
    assert await service.snooze(work, northwind.id, until=TODAY + DAY, by=ana, now=NOW, key="view:1") == theirs
    assert await as_read_by(work, northwind, Person(omar.id)) == theirs


async def test_only_the_team_and_admins_set_aside_and_bring_back(ana, omar, sam, northwind, work):
    with pytest.raises(clients.NotTheirs, match="Ana can, or an admin"):
        await service.snooze(work, northwind.id, until=TODAY + DAY, by=sam, now=NOW)
    assert await aside(work, northwind) == []
    await service.snooze(work, northwind.id, until=TODAY + DAY, by=omar, now=NOW)
    with pytest.raises(clients.NotTheirs, match="Ana can, or an admin"):
        await service.wake(work, northwind.id, by=sam)
    assert await aside(work, northwind) == [northwind.id]
    await service.wake(work, northwind.id, by=omar)
    assert await aside(work, northwind) == []


async def test_the_words_are_for_the_team_and_whoever_wrote_them(ana, omar, sam, northwind, work):
    for by in (ana, omar):
        made = await service.snooze(
            work, northwind.id, until=TODAY + DAY, reason=Reason.AWAY, note="Ill", by=by, now=NOW
        )
        for reader in (Person(ana.id), Person(by.id), Room(frozenset({northwind.id}))):
            assert await as_read_by(work, northwind, reader) == made
        for reader in (Person(sam.id), NOBODY):
            assert await as_read_by(work, northwind, reader) == replace(made, note=None)


async def test_the_card_says_until_when_and_why(ana, northwind, work):
    async def says():
        found = await service.card(work, [northwind.id], Person(ana.id), NOW)
        return [(value.text, value.accessory["action_id"]) for value in found.get(northwind.id, ())]

    assert await says() == []
    until = dt.date(2026, 11, 30)
    await service.snooze(work, northwind.id, until=until, by=ana, now=NOW)
    assert await says() == [("Set aside until Mon 30 Nov", "cadence.wake")]
    await service.snooze(work, northwind.id, until=until, reason=Reason.AGREED, note="After <a> fair", by=ana, now=NOW)
    assert await says() == [("Set aside until Mon 30 Nov · we agreed to pause · After &lt;a&gt; fair", "cadence.wake")]
    await service.snooze(work, northwind.id, until=dt.date(2027, 1, 4), reason=Reason.OTHER, by=ana, now=NOW)
    assert await says() == [("Set aside until Mon 4 Jan 2027", "cadence.wake")]
