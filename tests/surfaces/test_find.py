import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practices.checkins.service import Details
from bot.practices.nuance import service as nuance
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Said
from bot.practices.people import service as people
from bot.slack.blocks_lint import problems
from bot.store.search import Visibility, terms
from bot.surfaces import found
from bot.surfaces.find import find, snippet
from tests.shown import sections
from tests.support import ON_SQLITE
from tests.surfaces.conftest import NOW


def test_found_words_are_bold_however_they_are_written():
    assert snippet("The Büdget and the budgets", ["budg"]) == "The *Büdget* and the *budgets*"


def test_a_snippet_begins_a_few_words_before_the_first_word_found():
    shown = snippet("one two three " * 40 + "launch is late", ["launch"])
    assert shown.startswith("…")
    assert shown.endswith("three *launch* is late")


def test_nothing_in_a_snippet_is_a_mention_or_a_link():
    assert snippet("<!channel> & <@U1> launch", ["launch"]) == "&lt;!channel&gt; &amp; &lt;@U1&gt; *launch*"


@given(st.text(), st.text())
def test_a_snippet_of_anything_is_short_and_safe(text, query):
    shown = snippet(text, terms(query))
    assert "<" not in shown
    assert len(shown) < 3000


async def test_somebody_elses_private_note_is_never_found(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    await office.note(northwind, "Budget is a worry", visibility=Visibility.ME)
    await office.note(northwind, "Budget agreed")
    assert len(sections(await find(office.here("Ana"), "budget"))) == 2
    (seen_by_tom,) = sections(await find(office.here("Tom"), "budget"))
    assert seen_by_tom == "*Northwind* · Thu 14 May · Ana\n*Budget* agreed"
    assert "Nothing found" in sections(await find(office.here("Sam"), "budget"))[0]


async def test_notes_come_newest_first_ten_at_a_time(office):
    northwind = await office.client("Northwind")
    for number in range(12):
        await office.note(northwind, f"launch {number}x")
    first = await find(office.here("Ana"), "launch")
    assert problems(first.as_message(), "message") == []
    assert "11x" in sections(first)[0]
    more = first.blocks[-1]["elements"][0]
    assert more["value"] == "10:launch"
    rest = await find(office.here("Ana"), "launch", offset=10)
    assert [text.rpartition("launch* ")[2] for text in sections(rest)] == ["1x", "0x"]


@pytest.mark.parametrize("query", ["", "  ", "!?", "<!channel>", "x" * 500, '"AND" OR NEAR(', "ä*"])
async def test_any_query_gets_an_answer_that_slack_takes(office, query):
    panel = await find(office.here("Ana"), query)
    assert problems(panel.as_message(), "message") == []
    assert problems(panel.as_modal(), "modal") == []
    assert "Try fewer words" in str(panel.blocks)


async def test_names_of_clients_and_people_lead_to_card_and_page(office):
    northwind = await office.client("Northwind")
    more = {"by": office.people["Ana"].id, "now": office.here("Ana").now}
    priya = await office.change(people.add, northwind, "Priyá Nand", "Head of Brand", None, key="k", **more)
    await office.note(northwind, "She paused at the budget", details=Details(frozenset({priya.id})))
    panel = await find(office.here("Sam"), "NORTH")
    assert sections(panel) == ["*Northwind* · client"]
    assert panel.blocks[0]["text"]["text"] == "Found: “NORTH”"
    assert panel.blocks[1]["accessory"]["action_id"] == "client.open"
    panel = await find(office.here("Sam"), "nand pri")
    assert sections(panel) == ["*Priyá* *Nand* · Head of Brand · *Northwind*"]
    assert panel.blocks[1]["accessory"]["value"] == str(priya.id)
    assert problems(panel.as_message(), "message") == []
    (said,) = sections(await find(office.here("Ana"), "budget"))
    assert said == "*Northwind* · Priyá Nand · Thu 14 May · Ana\nShe paused at the *budget*"


async def test_a_page_leads_back_to_the_newer_one(office):
    northwind = await office.client("Northwind")
    for number in range(12):
        await office.note(northwind, f"launch {number}x")
    (newer,) = (await find(office.here("Ana"), "launch", offset=10)).blocks[-1]["elements"]
    assert (newer["text"]["text"], newer["value"]) == ("Newer", "0:launch")


@ON_SQLITE
@pytest.mark.parametrize(("zone", "day"), [("America/New_York", "Tue 12 May"), ("Europe/Berlin", "Wed 13 May")])
async def test_what_is_found_was_kept_on_the_day_it_was_where_the_reader_is(office, zone, day):
    northwind, ana = await office.client("Northwind"), office.people["Ana"]
    made = await office.change(people.add, northwind, "Priya", None, None, by=ana.id, key="priya", now=NOW)
    late = dt.datetime(2026, 5, 12, 22, 30, tzinfo=dt.UTC)
    fact = await office.change(
        nuance.add, made.id, Field.DETAIL, Said("oat milk"), Visibility.TEAM,
        of_client=False, by=ana, key="detail", now=late,
    )  # fmt: skip
    async with office.host.store.look(office.workspace.id) as session:
        said = await found.read(session, [fact.id], office.here("Ana").me, NOW.astimezone(ZoneInfo(zone)))
    assert said[fact.id].when.endswith(f", {day}")
