"""A client changes hands for good, and somebody who has left is replaced."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.courier.kinds import Delivery
from bot.courier.rows import DeliveryRow, LaneRow, Op, State
from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients import handing
from bot.practices.clients import service as clients
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import Calendar, Occasion
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Said
from bot.practices.people import service as people
from bot.slack.blocks_lint import problems
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.surfaces import handover
from bot.workspaces.audit import tail
from bot.workspaces.directory import MemberRow
from bot.workspaces.picking import not_ours
from bot.workspaces.teams import ClientMemberRow, Role, set_team, teams
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


async def change_member(office, name, **values):
    async with office.host.store.work(office.workspace.id) as session:
        change = sa.update(MemberRow).where(MemberRow.slack_id == f"U0{name.upper()}").values(**values)
        await session.execute(change)


async def asked_of(office):
    """Who is asked about clients without an owner, and on which days."""
    async with office.host.store.look(office.workspace.id) as session:
        query = sa.select(LaneRow.channel, DeliveryRow.local_date).join(LaneRow, LaneRow.id == DeliveryRow.lane_id)
        query = query.where(DeliveryRow.kind == handover.LEFT).order_by(DeliveryRow.id)
        return [tuple(row) for row in await session.execute(query)]


async def question(office, name="Sam", *, op=Op.POST, now=NOW):
    on, until = now.date(), now + handover.OF_USE
    slack_id, kind = f"U0{name.upper()}", handover.LEFT
    delivery = Delivery(new_id(), office.workspace.id, slack_id, kind, None, on, op, 0, now, until, now)
    async with office.host.store.look(office.workspace.id) as session:
        return await handover.ask_whom(session, delivery, now)


async def test_an_owner_who_has_left_is_asked_about_once_whoever_stands_in_or_an_admin(office, northwind):
    await change_member(office, "Ana", is_gone=True)
    await change_member(office, "Sam", is_admin=True)
    assert await office.change(handover.ask_for_owners, NOW) == 1
    assert await office.change(handover.ask_for_owners, NOW + dt.timedelta(days=1)) == 0
    assert await asked_of(office) == [("U0SAM", NOW.date())]
    message = await question(office)
    assert "Who looks after Northwind now?" in repr(message)
    assert "Northwind* · Ana has left" in repr(message)
    tom = office.people["Tom"]
    await office.change(handing.hand_over, northwind, tom, by=tom.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        assert (await teams(session, [northwind]))[northwind] == {tom.id: Role.OWNER}
        assert await handing.left_behind(session) == {}
    assert await question(office) is None
    assert (await question(office, op=Op.UPDATE)).text == handover.SETTLED


async def test_an_admin_who_need_not_decide_any_more_is_not_told_that_somebody_looks_after_them(office, northwind):
    await change_member(office, "Ana", is_gone=True)
    await change_member(office, "Sam", is_admin=True)
    assert "Who looks after Northwind now?" in repr(await question(office))
    async with office.host.store.work(office.workspace.id) as session:
        team = {office.people["Ana"].id: Role.OWNER, office.people["Tom"].id: Role.BACKUP}
        await set_team(session, northwind, team)
    assert "Who looks after Northwind now?" in repr(await question(office, "Tom"))
    assert (await question(office, op=Op.UPDATE)).text == "Nothing is left for you to decide here."


async def test_one_message_a_day_asks_about_all_the_clients_of_whoever_left(office):
    for number in range(13):
        await office.client(f"Client {number:02} <&>")
    await change_member(office, "Ana", is_gone=True)
    await change_member(office, "Sam", is_admin=True)
    assert await office.change(handover.ask_for_owners, NOW) == 1
    assert await asked_of(office) == [("U0SAM", NOW.date())]
    message = await question(office)
    assert problems(message.body(), "message") == []
    assert [str(one).count("'Hand over'") for one in message.blocks].count(1) == handover.ASKED
    assert "and 3 more" in repr(message.blocks)
    assert message.text == "Whoever looked after 13 of our clients has left."


async def test_who_leaves_on_the_same_day_is_asked_about_on_the_next_and_while_one_waits_no_other_is_queued(office):
    tomorrow = NOW + dt.timedelta(days=1)
    await office.client("Northwind")
    await office.client("Halden", "Tom")
    await change_member(office, "Sam", is_admin=True)
    await change_member(office, "Ana", is_gone=True)
    assert await office.change(handover.ask_for_owners, NOW) == 1
    await office.change(ledger_says, State.SENT)
    await change_member(office, "Tom", is_gone=True)
    assert await office.change(handover.ask_for_owners, NOW) == 0
    assert await office.change(handover.ask_for_owners, tomorrow) == 1
    assert await asked_of(office) == [("U0SAM", NOW.date()), ("U0SAM", tomorrow.date())]
    await office.client("Orchard", "Tom")
    later = NOW + dt.timedelta(days=9)
    assert await office.change(handover.ask_for_owners, later) == 0
    assert "Orchard" in repr(await question(office, now=later))


async def ledger_says(session, state):
    await session.execute(sa.update(DeliveryRow).values(state=state))


async def test_whoever_is_away_for_a_week_is_still_asked(office, northwind):
    await change_member(office, "Ana", is_gone=True)
    await change_member(office, "Sam", is_admin=True)
    await office.change(handover.ask_for_owners, NOW)
    async with office.host.store.look(office.workspace.id) as session:
        (until,) = (await session.execute(sa.select(DeliveryRow.expires_at))).scalars()
    assert until >= NOW + dt.timedelta(days=21)


async def test_the_backup_who_takes_over_and_the_owner_change_places(office, northwind):
    tom, ana = office.people["Tom"], office.people["Ana"]
    async with office.host.store.work(office.workspace.id) as session:
        await set_team(session, northwind, {ana.id: Role.OWNER, tom.id: Role.BACKUP})
    await office.change(handing.hand_over, northwind, tom, by=ana.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        assert (await teams(session, [northwind]))[northwind] == {tom.id: Role.OWNER, ana.id: Role.BACKUP}


async def test_who_takes_over_reads_a_name_as_text_in_the_notification_too(office):
    client_id = await office.client("R&D <!channel>")
    client = await read_client(office, client_id)
    panel = handover.draw(client, [])
    assert panel.text == "R&amp;D &lt;!channel&gt; is yours to look after now."
    assert panel.as_message()["text"] == panel.text


async def test_a_backup_who_takes_over_from_somebody_who_left_hears_that_there_is_none_now(place):
    client = await set_up_client(place, backup=place.tom.member)
    async with place.ember.store.work(place.workspace.id) as session:
        await session.execute(sa.update(MemberRow).where(MemberRow.slack_id == place.ana.id).values(is_gone=True))
    await place.tom.command("/client", "northwind")
    await place.quiet()
    await place.tom.click("card.tab:manage")
    await place.quiet()
    await place.tom.click("client.hand")
    await place.quiet()
    await place.tom.submit({"owner": place.tom.member})
    await place.quiet()
    assert "They have no backup now: /client edit Northwind names one." in sees(place.tom).replace("`", "")
    assert [row.role for row in await place.rows(ClientMemberRow, client_id=client.id)] == [Role.OWNER]


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
    assert "comes at once, or when their working hours begin" in sees(place.ana)
    await voice.settle()
    told = sees(place.tom)
    assert "Taking over Northwind" in told
    assert "they liked the pitch" in told
    await place.ana.click("client.handed")
    await place.quiet()
    assert "To take over at Northwind" in sees(place.ana), "whoever gave it away is not told that it is theirs"
    assert "they liked the pitch" in sees(place.ana)
    assert len(await place.rows(CheckinRow, client_id=client.id)) == 1
    assert len(await place.rows(DeliveryRow, kind=handover.KIND)) == 1


async def test_slackbot_takes_over_nothing(place):
    await set_up_client(place)
    await place.ana.command("/client", "northwind")
    await place.ana.click("card.tab:manage")
    await place.quiet()
    await place.ana.click("client.hand")
    await place.quiet()
    answer = await place.ana.submit({"owner": "USLACKBOT"})
    assert answer.errors == {"owner": not_ours("can't take over")}


async def test_what_comes_is_headed_once(office, northwind):
    about = (northwind, None, Occasion.OTHER, "launch", Calendar(5, 20, 2026, repeats=False))
    launch = milestones.Details(*about, (0,), None, Visibility.TEAM)
    ana = office.people["Ana"]
    await office.change(milestones.add, launch, by=ana, key="launch", now=NOW, today=NOW.date())
    panel = handover.draw(await read_client(office, northwind), await values(office, northwind, ana.id))
    assert repr(panel.blocks).count("Coming up") == 1
