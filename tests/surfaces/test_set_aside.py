"""Where a client that is set aside stands in the list."""

import datetime as dt

from bot.practices.cadence import service as cadence
from bot.surfaces.listing import read
from tests.surfaces.conftest import NOW


async def test_clients_that_are_set_aside_come_before_paused_ones_the_first_to_be_back_first(office):
    for name, days in (("Halden", 3), ("Abel", 9), ("Northwind", 0), ("Orchard", 0)):
        client_id = await office.client(name, started=dt.date(2026, 1, 1))
        if days:
            until = NOW.date() + dt.timedelta(days=days)
            await office.change(cadence.snooze, client_id, until=until, by=office.people["Ana"], now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        page = await read(session, office.people["Ana"], mine=True, offset=0, today=NOW.date())
    assert [(row.client.name, row.due.startswith("set aside until")) for row in page.rows] == [
        ("Northwind", False),
        ("Orchard", False),
        ("Halden", True),
        ("Abel", True),
    ]
