"""A client changes hands for good, and somebody who has left is replaced."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier import said
from bot.courier.rows import DeliveryRow
from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients import handing
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Said
from bot.practices.people import service as people
from bot.store.search import Visibility
from bot.surfaces import handover
from bot.workspaces.audit import tail
from bot.workspaces.directory import MemberRow
from bot.workspaces.teams import Role, teams
from bot.workspaces.visibility import Person, reader
from tests.front_door import sees, set_up_client
from tests.support import ON_SQLITE
from tests.surfaces.conftest import NOW

pytestmark = ON_SQLITE


@pytest.fixture
async def northwind(office):
    """A client of Ana's about whom a few things are kept, one of them hers alone."""
    client_id = await office.client("Northwind")
    ana = office.people["Ana"]
    priya = await office.change(people.add, client_id, "Priya", None, None, by=ana.id, key="priya", now=NOW)
    await office.change(
        nuance.add, priya.id, Field.SENSITIVE, Said("the layoffs", "let her begin"), Visibility.TEAM,
        by=ana, key="sensitive", now=NOW,
    )  # fmt: skip
    for number in range(7):
        await office.note(client_id, f"note {number}", said_on=dt.date(2026, 5, 4 + number))
    await office.note(client_id, "for Ana alone", visibility=Visibility.ME)
    return client_id


async def shown(office, client_id, name):
    async with office.host.store.look(office.workspace.id) as session:
        me = await reader(session, office.people[name], NOW)
        return repr(await handover.read(session, client_id, me, NOW))


async def test_whoever_takes_over_joins_the_team_and_reads_what_the_team_reads(office, northwind):
    tom, ana = office.people["Tom"], office.people["Ana"]
    assert "the layoffs" not in await shown(office, northwind, "Tom")
    await office.change(handing.hand_over, northwind, tom, by=ana.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        assert (await teams(session, [northwind]))[northwind] == {tom.id: Role.OWNER, ana.id: Role.TEAM}
        assert (await tail(session))[0].about == "Northwind: Ana → Tom"
    told = await shown(office, northwind, "Tom")
    assert "the layoffs" in told
    assert "let her begin" in told
    assert "for Ana alone" not in told
    panel = handover.draw(*[(await read_client(office, northwind)), await values(office, northwind, tom.id)])
    text = repr(panel.blocks)
    assert "Taking over Northwind" in text
    assert text.index("the layoffs") < text.index("note 6")
    assert "note 1" not in text


async def read_client(office, client_id):
    from bot.practices.clients import service as clients

    async with office.host.store.look(office.workspace.id) as session:
        return await clients.get(session, client_id)


async def values(office, client_id, member_id):
    async with office.host.store.look(office.workspace.id) as session:
        return await handover.read(session, client_id, Person(member_id), NOW)


async def test_handing_over_again_to_the_same_person_changes_nothing(office, northwind):
    ana = office.people["Ana"]
    await office.change(handing.hand_over, northwind, ana, by=ana.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        assert await tail(session) == []


async def test_an_owner_who_has_left_is_asked_about_once_whoever_stands_in_or_an_admin(office, northwind):
    ana = office.people["Ana"]
    async with office.host.store.work(office.workspace.id) as session:
        await session.execute(sa.update(MemberRow).where(MemberRow.id == ana.id).values(is_gone=True))
        await session.execute(sa.update(MemberRow).where(MemberRow.slack_id == "U0SAM").values(is_admin=True))
    assert await office.change(handover.ask_for_owners, NOW) == 1
    assert await office.change(handover.ask_for_owners, NOW + dt.timedelta(days=1)) == 0
    async with office.host.store.look(office.workspace.id) as session:
        [one] = (await session.execute(sa.select(DeliveryRow.kind, DeliveryRow.subject))).all()
        assert tuple(one) == (handover.LEFT, northwind)
        assert await said.is_waiting(session, "U0SAM", handover.LEFT)
    tom = office.people["Tom"]
    await office.change(handing.hand_over, northwind, tom, by=tom.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        assert (await teams(session, [northwind]))[northwind] == {tom.id: Role.OWNER}
        assert await handing.left_behind(session) == {}


async def test_from_the_card_to_the_new_owners_message(voice):
    place = voice.place
    client = await set_up_client(place)
    await place.ana.command("/checkin", "northwind 4 they liked the pitch")
    await place.ana.command("/client", "northwind")
    await place.ana.click("card.tab:manage")
    await place.quiet()
    await place.ana.click("client.hand")
    await place.quiet()
    assert "goes to somebody else" in sees(place.ana)
    answer = await place.ana.submit({"owner": place.tom.member})
    assert answer.errors == {}
    await place.quiet()
    assert "Tom looks after Northwind now" in sees(place.ana)
    await voice.settle()
    told = sees(place.tom)
    assert "Taking over Northwind" in told
    assert "they liked the pitch" in told
    assert len(await place.rows(CheckinRow, client_id=client.id)) == 1
    assert len(await place.rows(DeliveryRow, kind=handover.KIND)) == 1
