import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.practices.clients import service as clients
from bot.practices.clients.service import Details
from bot.practices.people import service
from bot.practices.people.rules import BadBoss, BadName, UnknownZone, local_time, zones
from bot.practices.practice import Section
from bot.store.base import new_id
from bot.workspaces.visibility import Person
from tests.conftest import NOW

TODAY = dt.date(2026, 5, 12)


class Contacts:
    """Ana, and Northwind and Halden, whom she looks after."""

    def __init__(self, store, workspace):
        self.store, self.workspace = store, workspace

    async def open(self, people):
        self.ana = await people.member("U0ANA", "Ana")
        self.northwind, self.halden = [await self.client(name) for name in ("Northwind", "Halden")]
        return self

    def work(self):
        return self.store.work(self.workspace.id)

    async def client(self, name):
        async with self.work() as session:
            details = Details(name=name, owner=self.ana.id, rhythm_days=7)
            made = await clients.set_up(session, details, by=self.ana.id, key=f"view:{name}", now=NOW, today=TODAY)
        return made.id

    async def add(self, name="Priya", job="Head of Brand", tz=None, *, client=None, key=None):
        async with self.work() as session:
            return await service.add(
                session,
                client or self.northwind,
                name,
                job,
                tz,
                by=self.ana.id,
                key=key or f"view:{new_id()}",
                now=NOW,
            )


@pytest.fixture
async def desk(store, workspace, people):
    return await Contacts(store, workspace).open(people)


async def test_a_person_is_kept_at_their_client(desk):
    made = await desk.add("  Priya   Rao ", tz="Asia/Kolkata")
    assert (made.name, made.job, made.tz, made.has_left) == ("Priya Rao", "Head of Brand", "Asia/Kolkata", False)
    async with desk.work() as session:
        assert await service.of_clients(session, [desk.northwind, desk.halden]) == {
            desk.northwind: [made],
            desk.halden: [],
        }


async def test_the_same_submission_twice_makes_one_person(desk):
    assert await desk.add(key="view:1") == await desk.add("Somebody else", key="view:1")


async def test_a_name_is_taken_at_its_own_client_only(desk):
    made = await desk.add()
    with pytest.raises(service.NameTaken) as caught:
        await desk.add("PRIYA")
    assert caught.value.contact == made
    assert (await desk.add(client=desk.halden)).client_id == desk.halden


@pytest.mark.parametrize(
    ("name", "tz", "fault"),
    [("🔥", None, BadName), ("x" * 81, None, BadName), ("Priya", "Mars/Base", UnknownZone)],
)
async def test_what_nobody_can_have_is_refused(desk, name, tz, fault):
    with pytest.raises(fault):
        await desk.add(name, tz=tz)


async def test_a_person_at_no_client_is_refused(desk):
    with pytest.raises(clients.UnknownClient):
        await desk.add(client=new_id())


async def test_what_is_known_about_a_person_changes(desk):
    made, omar = await desk.add(), await desk.add("Omar")
    async with desk.work() as session:
        changed = await service.edit(session, made.id, "priya", None, "Europe/Madrid")
        assert (changed.name, changed.job, changed.tz) == ("priya", None, "Europe/Madrid")
        with pytest.raises(service.NameTaken):
            await service.edit(session, omar.id, "PRIYA", None, None)
        with pytest.raises(service.UnknownContact, match="not kept here"):
            await service.edit(session, new_id(), "Omar", None, None)


async def test_an_address_is_kept_in_lower_case_and_taken_at_its_own_client_only(desk):
    made, omar, elsewhere = await desk.add(), await desk.add("Omar"), await desk.add(client=desk.halden)
    async with desk.work() as session:
        kept = await service.edit(session, made.id, "Priya", None, None, email=" Priya@Example.COM ")
        assert kept.email == "priya@example.com"
        assert (await service.edit(session, elsewhere.id, "Priya", None, None, email=kept.email)).email == kept.email
        with pytest.raises(service.EmailTaken) as caught:
            await service.edit(session, omar.id, "Omar", None, None, email="PRIYA@example.com")
        assert caught.value.contact == kept
        with pytest.raises(service.EmailTaken):
            await service.add(
                session, desk.northwind, "Noor", None, None, email=kept.email, by=desk.ana.id, key="noor", now=NOW
            )
        assert (await service.edit(session, made.id, "Priya", None, None)).email is None


async def test_somebody_reports_to_another_one_at_the_same_client(desk):
    made, omar, elsewhere = await desk.add(), await desk.add("Omar"), await desk.add(client=desk.halden)
    async with desk.work() as session:
        kept = await service.edit(session, made.id, "Priya", None, None, reports_to=omar.id)
        assert kept.reports_to_id == omar.id
        for boss, told in ((made.id, "report to themselves"), (elsewhere.id, "not at this client")):
            with pytest.raises(BadBoss, match=told):
                await service.edit(session, omar.id, "Omar", None, None, reports_to=boss)


async def test_people_who_left_come_last_and_leave_the_card(desk):
    made, _ = await desk.add(), await desk.add("Zoe", None)
    async with desk.work() as session:
        assert (await service.mark_left(session, made.id)).has_left
        offered = await service.offer(session, desk.northwind, "")
        said = (await service.card(session, [desk.northwind], Person(desk.ana.id), NOW))[desk.northwind]
        assert not (await service.came_back(session, made.id)).has_left
    assert [contact.name for contact in offered] == ["Zoe", "Priya"]
    assert [str(value.text) for value in said] == ["*Zoe*"]


async def test_people_are_offered_by_the_first_letters_of_their_names(desk):
    for name in ("Priya Rao", "Omar", "Ömer"):
        await desk.add(name)
    async with desk.work() as session:

        async def names(typed):
            return [contact.name for contact in await service.offer(session, desk.northwind, typed)]

        assert await names("om") == ["Omar", "Ömer"]
        assert await names("ra PRI") == ["Priya Rao"]
        assert await names("iya") == []
        assert len(await service.offer(session, desk.northwind, "", limit=2)) == 2


async def test_the_card_says_who_is_there_what_they_do_and_where(desk):
    made = await desk.add("Priya", "Head of <Brand>", "Asia/Kolkata")
    async with desk.work() as session:
        local = NOW.astimezone(ZoneInfo("Europe/Berlin"))
        said = (await service.card(session, [desk.northwind], Person(desk.ana.id), local))[desk.northwind]
    assert [(value.section, str(value.text)) for value in said] == [
        (Section.PEOPLE, "*Priya* · Head of &lt;Brand&gt; · Kolkata, 3.5 h ahead")
    ]
    assert said[0].accessory["value"] == str(made.id)


@pytest.mark.parametrize(
    ("zone", "says"),
    [("America/New_York", "New York, 6 h behind"), ("Europe/Madrid", "Madrid, same time"), ("UTC", "UTC, 2 h behind")],
)
def test_a_time_zone_reads_as_a_place_and_a_distance(zone, says):
    assert local_time(zone, NOW.astimezone(ZoneInfo("Europe/Berlin"))) == says


def test_a_time_zone_is_found_by_its_city_the_members_own_first():
    assert zones("new y") == ["America/New_York"]
    assert zones("", first="Europe/Berlin")[0] == "Europe/Berlin"
    assert "Europe/Berlin" not in zones("tok", first="Europe/Berlin")
    assert len(zones("")) == 100
