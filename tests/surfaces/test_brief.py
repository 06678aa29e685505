"""The brief: thirty seconds before a conversation, in twelve blocks."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from bot.practices.clients import service as clients
from bot.practices.meetings.service import Upcoming
from bot.practices.people import service as people
from bot.practices.people.service import Contact
from bot.practices.practice import Section, Value
from bot.slack.blocks_lint import problems
from bot.slack.text import Markup
from bot.surfaces import brief, brief_line
from bot.surfaces.brief import CAPS, ORDER, Brief, brief_message, collect, draw, news_of
from bot.workspaces.visibility import Person
from tests.front_door import add_person, reads, sees, set_up_client
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE

NOW = dt.datetime(2026, 5, 14, 10, 30, tzinfo=ZoneInfo("Europe/Berlin"))
AT = dt.datetime(2026, 5, 14, 14, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def value(part, text="something", weight=0, **more):
    return Value(part, Markup(text), weight, **more)


@pytest.fixture
async def northwind(office):
    """A client of Ana's, with Priya, who reports to Omar, and him."""
    client_id = await office.client("Northwind")
    ana = office.people["Ana"].id
    omar = await office.change(people.add, client_id, "Omar Aziz", None, None, by=ana, key="omar", now=NOW)
    priya = await office.change(people.add, client_id, "Priya", None, None, by=ana, key="priya", now=NOW)
    await office.change(people.edit, priya.id, "Priya", None, None, reports_to=omar.id)
    await office.change(clients.set_why, client_id, "ideas our own team cannot see")
    async with office.host.store.look(office.workspace.id) as session:
        client = await clients.get(session, client_id)
        theirs = {one.name: one for one in (await people.of_clients(session, [client_id]))[client_id]}
    return client, theirs["Priya"], theirs["Omar Aziz"]


async def test_however_much_there_is_to_say_it_takes_twelve_blocks(northwind):
    client, priya, omar = northwind
    values = [value(part, f"{part.name} {number} " + "x" * 400) for part in ORDER for number in range(9)]
    best = brief._best(values, ())
    panel = draw(Brief(client, [priya, omar], best, AT), NOW)
    assert len(panel.blocks) == 12
    assert problems(panel.as_message(), "message") == []
    texts = [block["text"]["text"] for block in panel.blocks if block["type"] == "section"]
    assert [text.count(" x") for text in texts[1:]] == [CAPS.get(part, 2) for part in ORDER]
    assert texts[0] == f"*Northwind, <!date^{int(AT.timestamp())}^{{time}}|14:00>* · Priya and Omar Aziz"
    assert panel.text == "Your conversation with Northwind at 14:00 with Priya and Omar Aziz."


async def test_what_is_sensitive_comes_first_and_headings_are_said_once(northwind):
    client, *_ = northwind
    values = [value(Section.WHY, "“ideas”"), value(Section.SENSITIVE, "the move"), value(Section.LISTEN, "a pause")]
    values += [value(Section.ASK, "What next?", 2), value(Section.ASK, "Why?", 1)]
    values.append(value(Section.PROMISES, "*We owe:* the plan"))
    panel = draw(Brief(client, [], brief._best(values, ())), NOW)
    said = [block["text"]["text"] for block in panel.blocks if block["type"] == "section"]
    assert said == [
        "*Northwind*",
        "*Take care:* the move",
        "*Why us:* “ideas”",
        "*We owe:* the plan",
        "*Listen for:* a pause",
        "*Ask:* What next?\nWhy?",
    ]


async def test_what_is_about_somebody_who_is_not_there_is_left_out_but_what_we_owe_them(northwind):
    priya, omar = (one.id for one in northwind[1:])
    values = [
        value(Section.OPENER, "his", 9, person=omar),
        value(Section.OPENER, "hers", 1, person=priya),
        value(Section.PROMISES, "owed to him", person=omar),
        value(Section.LISTEN, "anybody's"),
    ]
    assert [one.text for one in brief._best(values, {priya})] == ["hers", "owed to him", "anybody's"]
    assert [one.text for one in brief._best(values, ())] == ["his", "owed to him", "anybody's"]


async def test_a_brief_knows_what_the_last_one_said(northwind):
    client, *_ = northwind
    one, other = uuid.uuid4(), uuid.uuid4()
    values = [value(Section.PROMISES, "plan, in 3 days", subject=one), value(Section.ASK, "How come?")]
    first = Brief(client, [], values)
    posted = draw(first, NOW).as_message()
    assert news_of(posted) == first.news != ()
    assert Brief(client, [], [value(Section.PROMISES, "plan, today", subject=one)]).news == first.news
    assert Brief(client, [], [value(Section.PROMISES, "plan", subject=other)]).news != first.news
    assert news_of(None) == news_of({"text": "x"}) == Brief(client, [], [value(Section.ASK)]).news == ()


async def test_it_is_written_for_one_reader_with_what_every_practice_says(office, northwind):
    client, priya, _ = northwind
    about = Upcoming(None, client.id, frozenset({priya.id}), "one_to_one", AT)
    async with office.host.store.look(office.workspace.id) as session:
        found, message = await brief_message(session, about, Person(office.people["Ana"].id), NOW)
        with pytest.raises(clients.UnknownClient):
            await collect(session, Upcoming(None, uuid.uuid4()), Person(office.people["Ana"].id), NOW)
    assert found.people == [priya]
    assert "ideas our own team cannot see" in str(message.blocks)
    assert message.thread_ts == ""


TYPED = {
    "brief northwind": "*Northwind*",
    "brief northwind Priya": "*Northwind* · Priya",
    "brief northwind Priya, Omar 14:00": "|14:00>* · Omar and Priya",
    "brief northwind with priya and omar 9.30": "|09:30>* · Omar and Priya",
    "brief northwind Priya at 14:00": "|14:00>* · Priya",
    "brief northwind today AT 14:00": "|14:00>*",
    "brief northwind nobody 99:99": "*Northwind*",
    "brief northwind Priya 2:30 pm": "|14:30>* · Priya",
    "brief northwind Omar Priya 14h": "|14:00>* · Omar and Priya",
}


async def test_the_command_says_who_is_there_and_when(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    for name in ("Priya", "Omar"):
        await add_person(place, "northwind", name)
    for typed, title in TYPED.items():
        await place.ana.command("/client", typed, channel=place.elsewhere)
        shown = sees(place.ana)
        assert title in shown.split("\n")[0], typed
        assert "How did it go?" in shown, typed


NAMES = ("Frida Roy", "Omar Aziz", "Priya Shah")
THERE = [Contact(uuid.uuid4(), uuid.uuid4(), name, None, None, has_left=False) for name in NAMES]


def typed(said):
    """Return who, when ("14 14:00": day of the month and time), and what is named as not understood."""
    line = brief_line.read(said, THERE, NOW)
    who = " ".join(one.name.split()[0] for one in line.people)
    return who, f"{line.at:%d %H:%M}" if line.at else "", [*line.unknown, *line.odd]


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("Priya at 14:00", "14 14:00"),
        ("Priya today 14.00", "14 14:00"),
        ("Priya Tomorrow, at 14:00", "15 14:00"),
        ("Priya tomorrow", ""),
        ("Priya 2:30 pm", "14 14:30"),
        ("2:30pm Priya", "14 14:30"),
        ("Priya 9am", "14 09:00"),
        ("Priya at 3 p.m.", "14 15:00"),
        ("Priya, 11:15 PM", "14 23:15"),
        ("Priya 12 am", "14 00:00"),
        ("Priya 12pm", "14 12:00"),
        ("Priya 14h", "14 14:00"),
        ("tomorrow 14h30 with Priya", "15 14:30"),
        ("Priya 14:00-15:00", "14 14:00"),
    ],
)
def test_a_time_is_read_as_people_type_it_and_is_one_of_today_unless_tomorrow_is_said(said, at):
    assert typed(said) == ("Priya", at, [])


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize(
    ("said", "odd"),
    [
        ("Priya 25:00", "25:00"),
        ("Priya at 14", "14"),
        ("Priya 13:00 pm", "13:00 pm"),
        ("Priya friday 10:00", "friday 10:00"),
        ("on Friday, Priya", "Friday"),
        ("Priya next tue at 9am", "tue at 9am"),
        ("fri 10:00 Priya", "fri 10:00"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_named_and_costs_nobody_their_place(said, odd):
    assert typed(said) == ("Priya", "", [odd])


@pytest.mark.usefixtures("database_url")
def test_people_are_found_without_an_and_where_every_word_names_somebody():
    assert typed("Omar Priya") == ("Omar Priya", "", [])
    assert typed("Omar Aziz Priya Shah 9am") == ("Omar Priya", "14 09:00", [])
    assert typed("fri") == ("Frida", "", [])
    assert typed("Omar Pria") == ("", "", ["Omar Pria"])


async def test_a_day_that_is_not_read_is_said_under_the_brief_for_those_who_are_known(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    await add_person(place, "northwind", "Priya")
    await place.ana.command("/client", "brief northwind Priya friday 10:00", channel=place.elsewhere)
    first, second, *_ = sees(place.ana).split("\n")
    assert first.endswith("*Northwind* · Priya")
    assert second.startswith("Ember did not understand “friday 10:00”: it reads a time of today or tomorrow")


async def test_a_name_that_nobody_there_goes_by_is_said_and_the_brief_is_for_whoever_comes(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    for name in ("Priya Shah", "Priya Roy", "Omar"):
        await add_person(place, "northwind", name)
    for typed, who, unknown in (
        ("Omar, Pria", " · Omar", "“Pria” is"),
        ("Omar and Priya", " · Omar", "“Priya” is"),
        ("Priya's boss, Pria, Mo tomorrow", "", "“Priya's boss”, “Pria” and “Mo” are"),
        ("<!here> 14:00", "", "“&lt;!here&gt;” is"),
    ):
        await place.ana.command("/client", f"brief northwind {typed}", channel=place.elsewhere)
        first, second, *_ = sees(place.ana).split("\n")
        assert first.endswith(f"*{who}")
        assert second == f"Ember can't tell who {unknown} there: this is for whoever comes."


async def test_a_copy_of_a_brief_for_whoever_comes_is_for_whoever_comes(northwind):
    client, priya, omar = northwind
    for unknown, there in (((), f"{priya.id},{omar.id}"), (("Pria",), "")):
        *_, row = draw(Brief(client, [priya, omar], [], unknown=unknown), NOW).blocks
        assert row["elements"][-1]["value"] == f"{client.id}:{there}"


async def test_a_name_that_is_understood_is_asked_about_no_more(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    await add_person(place, "northwind", "Omar")
    await place.ana.command("/client", "brief northwind omar", channel=place.elsewhere)
    assert "can't tell" not in sees(place.ana)


async def test_a_button_on_the_card_leads_to_it_and_back(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    await place.ana.click("brief.open")
    await place.quiet()
    assert "Nothing is kept about them yet" in sees(place.ana) or "*Ask:*" in sees(place.ana)
    brief = place.ana.sees()[-1]
    await place.ana.click("client.open:brief", in_=brief)
    await place.quiet()
    assert "Log a check-in" in sees(place.ana)
    assert "How did it go?" in reads(brief)


async def test_a_client_that_is_not_known_is_answered_with_the_nearest(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    answer = await place.ana.command("/client", "brief nortwind", channel=place.elsewhere)
    assert "Did you mean Northwind" in str(answer)
