"""What is kept about somebody at a client, and how they are forgotten."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.cli import cli
from bot.courier import ledger
from bot.courier.kinds import A_BRIEF, A_MORNING, Message, Occurrence
from bot.courier.rows import DeliveryRow
from bot.courier.rows import State as Sent
from bot.practices.checkins.rows import CheckinPersonRow, CheckinRow, Details
from bot.practices.clients import service as clients
from bot.practices.meetings.service import Upcoming
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import Calendar, Occasion
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rows import FactRow
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Said
from bot.practices.people import service as people
from bot.practices.people.rows import ContactRow
from bot.practices.tables import metadata
from bot.slack.blocks import section
from bot.slack.text import Markup
from bot.store.base import Base, new_id
from bot.store.search import SearchEntry, Visibility
from bot.surfaces import brief, find, forget, handover
from bot.surfaces.export import columns_of
from bot.surfaces.forget import as_text, panel, question
from bot.workspaces.audit import tail
from bot.workspaces.directory import members_by_id
from tests.front_door import reads, sees, set_up_client
from tests.support import ON_SQLITE
from tests.surfaces.conftest import NOW

pytestmark = ON_SQLITE


@pytest.fixture
async def priya(office):
    """Somebody at a client of Ana's, of whom a few things are kept, some of them Tom's own."""
    client_id = await office.client("Northwind")
    ana, tom = office.people["Ana"], office.people["Tom"]
    made = await office.change(
        people.add, client_id, "Priya", "CMO", None, email="priya@example.com", by=ana.id, key="priya", now=NOW
    )
    for field, text, seen_by in (
        (Field.DETAIL, "oat milk", Visibility.TEAM),
        (Field.SENSITIVE, "the layoffs", Visibility.TEAM),
    ):
        await office.change(nuance.add, made.id, field, Said(text), seen_by, of_client=False, by=ana, key=text, now=NOW)
    await office.note(client_id, "Priya was glad about the launch", details=Details(frozenset({made.id})))
    await office.note(
        client_id, "a note of Tom's own", by="Tom", details=Details(frozenset({made.id})), visibility=Visibility.ME
    )
    details = milestones.Details(
        client_id, made.id, Occasion.BIRTHDAY, "", Calendar(5, 21), (7, 0), None, Visibility.TEAM
    )
    await office.change(milestones.add, details, by=ana, key="birthday", today=NOW.date(), now=NOW)
    assert tom
    return made


async def read(office, contact, name="Ana"):
    async with office.host.store.look(office.workspace.id) as session:
        return await forget.read(session, contact.id, office.here(name).me, by=office.people[name])


async def test_everything_kept_about_a_person_is_listed_and_what_is_not_yours_is_counted(office, priya):
    text = as_text(await read(office, priya))
    for said in ("E-mail: priya@example.com", "Little details: oat milk", "the layoffs", "glad about the launch"):
        assert said in text
    assert "Birthday" in text
    assert "Tom's own" not in text
    assert "and 1 of colleagues that are not yours to read" in text
    assert "a note of Tom's own" in as_text(await read(office, priya, "Tom"))


async def test_somebody_outside_the_team_sees_that_there_is_something_and_cannot_have_it_forgotten(office, priya):
    kept = await read(office, priya, "Sam")
    shown = repr(panel(kept).blocks)
    assert "oat milk" not in shown
    assert "2 private notes of colleagues" in shown
    assert "person.forget" not in shown


async def test_the_question_names_what_goes_by_count_and_what_stays(office, priya):
    asked = question(await read(office, priya))["text"]["text"]
    assert "What we know about them: 2" in asked
    assert "Dates that matter to them: 1" in asked
    assert "Conversations they were in: 2 stay, without them" in asked
    assert "can't be undone" in asked
    assert len(asked) <= 300


async def test_a_person_who_is_forgotten_is_nowhere_but_in_the_words_of_notes(office, priya):
    ana = office.people["Ana"]
    await office.change(forget.forget, priya.id, by=ana.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        for table in (ContactRow, FactRow, CheckinPersonRow):
            assert await rows_of(session, table) == []
        assert len(await rows_of(session, CheckinRow)) == 2
        assert {entry.kind.value for entry in await rows_of(session, SearchEntry)} == {"checkin"}
        [decision] = [one for one in await tail(session) if one.what == forget.WHAT]
    assert decision.member_id == ana.id
    assert "Priya" not in decision.about
    assert "What we know about them: 2" in decision.about
    assert "oat" not in repr(await find.find(office.here("Ana"), "oat")).replace("“oat”", "")
    with pytest.raises(people.UnknownContact):
        await read(office, priya)


async def keep_as_sent(office, message, kind, subject=None):
    """Have a message of today stand in the ledger as it does once Slack has taken it."""
    occurrence = Occurrence("U0ANA", kind, NOW.date(), NOW, NOW + dt.timedelta(hours=1), subject, part=str(new_id()))
    async with office.host.store.work(office.workspace.id) as session:
        key = await ledger.enqueue(session, occurrence, NOW)
        change = sa.update(DeliveryRow).where(DeliveryRow.id == key)
        await session.execute(change.values(body=message.body(), state=Sent.SENT, sent_ts="1.2", sent_channel="D0ANA"))
    return key


async def kept_words(office):
    """Return all that stands in a column of words, or of JSON, of any table, as one text."""
    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    assert tables.keys() == metadata.tables.keys()
    found = []
    async with office.host.store.look(None) as session:
        for name, table in tables.items():
            columns = [one for one in columns_of(table) if isinstance(one.type, sa.String | sa.JSON)]
            if columns:
                read_all = sa.select(*columns).execution_options(all_workspaces="a test looks at all that is kept")
                found += [f"{name}: {tuple(row)}" for row in await session.execute(read_all)]
    return "\n".join(found).casefold()


async def test_no_word_about_them_is_left_anywhere_not_even_in_messages_that_were_sent(office):
    client_id, ana = await office.client("Northwind & Söhne"), office.people["Ana"]
    named = {"email": "priya@example.com", "by": ana.id, "now": NOW}
    priya = await office.change(people.add, client_id, "Priyä", "CMO", None, key="a", **named)
    about = (
        (Field.SENSITIVE, "the layoffs", Visibility.TEAM),
        (Field.OBSERVATION, "her sister's illness", Visibility.TEAM),
        (Field.DETAIL, "oat milk", Visibility.TEAM),
    )
    for field, text, seen_by in about:
        said = Said(text, "it is why she asks twice")
        await office.change(
            nuance.add, priya.id, field, said, seen_by, of_client=False, by=ana, key=field.value, now=NOW
        )
    async with office.host.store.look(office.workspace.id) as session:
        me, client = office.here("Ana").me, await clients.get(session, client_id)
        told, before = await brief.brief_message(session, Upcoming(None, client_id), me, NOW)
        taking_over = handover.draw(client, await handover.read(session, client_id, me, NOW))
    shown = [section(Markup("Priyä: oat milk"), block_id=f"about:{client_id.hex}")]
    others = Message("Halden is due", [section(Markup("Halden is due")), section(Markup("Call"))])
    sent = await keep_as_sent(office, before, A_BRIEF)
    await keep_as_sent(office, Message(taking_over.text, taking_over.blocks), handover.KIND, client_id)
    morning = await keep_as_sent(office, Message("Your morning", shown, thread_ts="1.1"), A_MORNING)
    for line in ("Priyä: oat milk", "Northwind &amp; Söhne: oat milk"):
        await keep_as_sent(office, Message(line), A_MORNING)
    untouched = await keep_as_sent(office, others, A_MORNING)
    words = ("priy", "layoffs", "illness", "oat milk", "asks twice")
    kept = await kept_words(office)
    assert [word for word in words if word not in kept] == []
    await office.change(forget.forget, priya.id, by=ana.id, now=NOW)
    kept = await kept_words(office)
    assert [word for word in words if word in kept] == []
    async with office.host.store.look(office.workspace.id) as session:
        rows = {row.id: row for row in await rows_of(session, DeliveryRow)}
    assert rows[untouched].body == others.body()
    assert rows[morning].body == {
        "text": "",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}, "block_id": f"about:{client_id.hex}"}],
        "thread_ts": "1.1",
    }
    assert brief.news_of(rows[sent].body) == told.news
    assert told.news
    assert {(row.state, row.sent_ts) for row in rows.values()} == {(Sent.SENT, "1.2")}


async def test_a_name_of_three_letters_takes_no_words_from_messages_about_something_else(office):
    client_id, ana = await office.client("Northwind"), office.people["Ana"]
    may = await office.change(people.add, client_id, "May", None, None, by=ana.id, key="may", now=NOW)
    others = await keep_as_sent(office, Message("Halden is due on Tue 12 May, maybe"), A_MORNING)
    theirs = Message("May is back", [section(Markup("May is back"), block_id=f"about:{may.id.hex}")])
    about_her = await keep_as_sent(office, theirs, A_MORNING)
    await office.change(forget.forget, may.id, by=ana.id, now=NOW)
    async with office.host.store.look(office.workspace.id) as session:
        rows = {row.id: row.body["text"] for row in await rows_of(session, DeliveryRow)}
    assert rows == {others: "Halden is due on Tue 12 May, maybe", about_her: ""}


async def rows_of(session, table):
    return list((await session.execute(sa.select(table))).scalars())


async def test_from_the_command_to_the_notes_that_still_name_them(place):
    row = await set_up_client(place)
    await place.ana.command("/client", "person Northwind Priya")
    await place.ana.submit({"name": "Priya"})
    await place.ana.close_modal(everything=True)
    await place.ana.command("/checkin", "northwind 4 Priya liked it")
    await place.quiet()
    await place.ana.command("/ember", "forget northwind Priya")
    await place.quiet()
    assert "What we hold about Priya" in sees(place.ana)
    await place.ana.click("person.print")
    await place.quiet()
    assert "Name: Priya" in sees(place.ana)
    await place.ana.click("person.held")
    await place.quiet()
    await place.ana.click("person.forget")
    await place.quiet()
    assert "Forgotten, for good, at Northwind" in sees(place.ana)
    assert await place.rows(ContactRow, client_id=row.id) == []
    await place.ana.click("find.more")
    await place.quiet()
    assert "liked it" in sees(place.ana)


async def test_only_the_team_and_admins_have_somebody_forgotten(place):
    row = await set_up_client(place)
    ids = await place.our_ids(place.ana.member, place.tom.member)
    async with place.ember.store.work(place.workspace.id) as session:
        made = await people.add(
            session, row.id, "Priya", None, None, by=ids[place.ana.id], key=str(new_id()), now=place.clock.now()
        )
        tom = (await members_by_id(session, [ids[place.tom.id]]))[ids[place.tom.id]]
        kept = await forget.read(session, made.id, None, by=tom)
    assert not kept.may_forget
    await place.tom.command("/ember", "forget northwind Priya")
    await place.quiet()
    told = next(one for one in reversed(place.tom.sees()) if "What we hold about Priya" in reads(one))
    block, harmless = next(
        (block, one)
        for block in told.blocks
        for one in block.get("elements", ())
        if one.get("action_id") == "person.print"
    )
    made_up = {**harmless, "action_id": "person.forget"}
    assert made_up["value"] == str(made.id)
    await place.tom.hand.send(told, block, made_up, {})
    await place.quiet()
    assert "Only Northwind's team has somebody there forgotten. Ana can, or an admin." in sees(place.tom)
    assert [one.id for one in await place.rows(ContactRow, client_id=row.id)] == [made.id]


async def test_the_command_line_shows_all_of_it_and_forgets_on_yes(office, priya, database_url, monkeypatch):
    import asyncio

    monkeypatch.setenv("EMBER_DATABASE_URL", database_url)
    asked = ["forget", "--client", "northwind", "--person", "priya"]
    shown = await asyncio.to_thread(CliRunner().invoke, cli, asked)
    assert shown.exit_code == 0, shown.output
    assert "a note of Tom's own" in shown.output
    gone = await asyncio.to_thread(CliRunner().invoke, cli, [*asked, "--yes"])
    assert re.search(r"All of this is forgotten\.$", gone.output.strip())
    again = await asyncio.to_thread(CliRunner().invoke, cli, asked)
    assert (again.exit_code, "Nobody called priya" in again.output) == (2, True)
