""" "Why?", by the front door: the level, how it is counted, the check-ins behind it, and its course."""

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practices.clients import service as clients
from bot.practices.spark import rules
from bot.practices.spark.course import rebuild
from bot.practices.spark.rules import Reading
from bot.practices.spark.service import Facts
from bot.slack.blocks_lint import problems
from bot.surfaces.why import Behind, _arithmetic, draw
from tests.front_door import agency, reads, sees
from tests.rhythm import NOW, WEEKLY, WEEKLY_THEN_QUIET, move, with_a_past
from tests.support import ON_SQLITE

POINTS = re.compile(r": ([+−±]\d+)$", re.MULTILINE)


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        await place.has_been_in(place.northwind, place.elsewhere)
        yield place


async def why(place, person, name="Northwind"):
    """Ask from the client's card; return the message that explains."""
    await person.command("/client", name, channel=place.elsewhere)
    await person.click("spark.why")
    await place.quiet()
    return person.sees(place.elsewhere)[-1]


def charts(message):
    return [block for block in message.blocks if block["type"] == "data_visualization"]


@ON_SQLITE
async def test_the_card_explains_a_level_by_what_was_logged(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    shown = await why(place, place.ana)
    words = reads(shown)
    assert "Northwind's spark" in words
    assert "*Fading · " in words
    assert "nothing logged for 30 days" in words
    assert "• planned: a conversation every 7 days" in words
    assert "• logged: 11 contact days since Sun 1 Feb" in words
    assert "• their own rhythm: usually every 7 days" in words
    assert "• nothing logged since Sun 12 Apr: 30 days" in words
    assert "• a gap that long happens " in words
    assert "• pace of the last six weeks: " in words
    assert "*The check-ins behind it*\n• Sun 12 Apr · Ana, warm\n• Sun 5 Apr · Ana, warm" in words
    assert "and 6 contact days before" in words
    assert "fading from 41% down" in words
    assert shown.text.startswith("Northwind is fading: nothing logged for 30 days")
    assert problems({"text": shown.text, "blocks": shown.blocks}, "message") == []


@given(
    st.dictionaries(st.integers(0, 200), st.none() | st.integers(1, 5), min_size=4, max_size=30),
    st.randoms(use_true_random=False),
    st.integers(0, 60),
    st.integers(1, 60),
)
@settings(deadline=None)
def test_two_levels_are_never_explained_by_the_same_words(rated, random, quiet, cadence):
    days = [dt.date(2025, 9, 1) + dt.timedelta(days=day) for day in sorted(rated)]
    today = max(days[-1] + dt.timedelta(days=quiet), days[0] + dt.timedelta(days=28))
    told = {}
    for _ in range(4):
        ratings = [rating for rating in rated.values() if random.random() < 0.8]
        said = Facts(days, {on: float(rating) for on, rating in zip(days, ratings, strict=False) if rating})
        state = rebuild(said.days, said.ratings, ())
        reading = rules.reading(state, cadence, today.toordinal(), start=state.first)
        words = "\n".join(_arithmetic(reading, said, today))
        assert told.setdefault(words, reading.percent) == reading.percent
        shown = [int(points.replace("−", "-").replace("±", "")) for points in POINTS.findall(words)]
        assert rules.START + sum(shown) == reading.percent
        assert len(shown) == len(rules.Part)


@ON_SQLITE
async def test_ratings_and_the_length_of_a_history_are_part_of_the_explanation(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    words = reads(await why(place, place.ana))
    assert "*What that makes of it:* 47% to start with\n• a gap that long happens " in words
    assert "% of their usual: +" in words
    assert "• 11 contact days to go by: +" in words
    assert "• how the conversations felt: ±0" in words
    for ago in (2, 1):
        move(place, NOW - dt.timedelta(days=ago))
        await place.ana.command("/checkin", "Northwind 1 they were short with us", channel=place.elsewhere)
    assert "• how the conversations felt: −" in reads(await why(place, place.ana))


@ON_SQLITE
async def test_with_few_contact_days_no_share_of_gaps_is_named(place):
    await with_a_past(place, "Northwind", 50, 40, 30, 20)
    words = reads(await why(place, place.ana))
    assert "• a gap of 20 days: −" in words
    assert "of the time" not in words


@ON_SQLITE
async def test_the_course_is_a_chart_of_twenty_points_at_most_with_a_caption(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    shown = await why(place, place.ana)
    [chart] = charts(shown)
    [series] = chart["chart"]["series"]
    labels = [point["label"] for point in series["data"]]
    assert labels == chart["chart"]["axis_config"]["categories"]
    assert len(labels) == len(set(labels)) <= 20
    assert labels[-1] == "12 May"
    assert all(0 <= point["value"] <= 100 for point in series["data"])
    last = series["data"][-1]["value"]
    assert last <= 41
    assert f"*The course of the spark:* {series['data'][0]['value']}% on " in reads(shown)
    assert f"{last}% today." in reads(shown)


@ON_SQLITE
async def test_a_year_of_labels_has_no_two_alike(place):
    await with_a_past(place, "Northwind", *range(9, 400, 10))
    [chart] = charts(await why(place, place.ana))
    labels = chart["chart"]["axis_config"]["categories"]
    assert labels[0] == "12 May 2025"
    assert len(set(labels)) == len(labels) == 20


@ON_SQLITE
async def test_in_a_window_the_caption_stands_for_the_chart(place):
    await with_a_past(place, "Northwind", *WEEKLY)
    shared = place.slack.world.add_channel("with-northwind", members=[place.ana.member], shared=True)
    await place.ana.command("/client", "northwind", channel=shared)
    await place.ana.modal()
    await place.ana.click("spark.why")
    await place.quiet()
    assert "The course of the spark:" in sees(place.ana)
    assert "data_visualization" not in str(place.ana.modals()[-1].view)
    await place.ana.click("client.open")
    await place.quiet()
    await place.ana.click("card.tab:notes")
    await place.quiet()
    assert "*Latest notes*" in sees(place.ana)


@ON_SQLITE
async def test_days_in_notes_one_cannot_read_are_counted_and_no_more(place):
    await with_a_past(place, "Northwind", 30, 23, 16, 9, 2, team=[place.tom.member])
    for ago in (12, 6):
        move(place, NOW - dt.timedelta(days=ago))
        await place.tom.command("/checkin", channel=place.elsewhere)
        await place.tom.fill(client="Northwind", feeling="1", note="She may leave in autumn")
        await place.tom.click("checkin.more")
        await place.quiet()
        await place.tom.submit(visibility="me")
        await place.tom.close_modal(everything=True)
    move(place, NOW)
    ours, his = reads(await why(place, place.ana)), reads(await why(place, place.tom))
    assert "and 2 contact days in notes you can't read" in ours
    assert "Tom" not in ours
    assert "cold" not in ours
    assert "Wed 6 May · Tom, cold" in his
    assert "can't read" not in his
    sam = place.join("Sam", place.elsewhere)
    theirs = reads(await why(place, sam))
    assert "and 7 contact days in notes you can't read" in theirs
    assert "warm" not in theirs
    level = next(line for line in ours.split("\n") if line.startswith("*") and "%" in line)
    assert level in his
    assert level in theirs


@ON_SQLITE
async def test_several_notes_of_a_day_are_one_contact_day(place):
    await with_a_past(place, "Northwind", 3, team=[place.tom.member])
    await place.tom.command("/checkin", "Northwind 5 they wrote", channel=place.elsewhere)
    await place.ana.command("/checkin", "Northwind 2 they rang", channel=place.elsewhere)
    words = reads(await why(place, place.ana))
    assert "• Tue 12 May · Ana, cool · Tom, glowing" in words
    assert "• logged: 2 contact days since Sat 9 May" in words


@ON_SQLITE
async def test_still_learning_says_what_is_missing_and_draws_nothing(place):
    await with_a_past(place, "Northwind", 9, 2)
    shown = await why(place, place.ana)
    assert "*Still learning*" in reads(shown)
    says = "Ember needs 2 more contact days and 19 more days of getting to know them before it says how bright"
    assert says in reads(shown)
    assert "%*" not in reads(shown)
    assert charts(shown) == []


@ON_SQLITE
async def test_before_the_first_conversation_it_says_so(place):
    await with_a_past(place, "Northwind")
    words = reads(await why(place, place.ana))
    assert "Nothing is logged yet." in words
    assert "4 more contact days and 28 more days of getting to know them from the first on" in words


@ON_SQLITE
async def test_a_paused_client_says_that_it_is_paused(place):
    await with_a_past(place, "Northwind", *WEEKLY_THEN_QUIET)
    await place.ana.command("/ember", "today", channel=place.elsewhere)
    panel = place.ana.sees(place.elsewhere)[-1]
    await place.ana.command("/client", "pause Northwind", channel=place.elsewhere)
    await place.ana.submit()
    await place.ana.close_modal(everything=True)
    move(place, NOW + dt.timedelta(days=30))
    await place.ana.choose("today.more", "Why?", in_=panel)
    await place.quiet()
    assert "Paused" in sees(place.ana)
    assert "the pause of 30 days does not count" in sees(place.ana)


@ON_SQLITE
async def test_a_client_ember_has_not_looked_at_yet(office):
    client = await office.client("Northwind")
    here = office.here("Ana")
    async with here.look() as session:
        behind = Behind(await clients.get(session, client), None, Facts(()), frozenset(), [], {}, [])
    panel = draw(behind, today=here.local.date())
    assert "has not looked at this client yet" in str(panel.blocks)
    assert problems(panel.as_message(), "message") == []
    assert problems(panel.as_modal(), "modal") == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("levels", "says"),
    [
        ([0.8, 0.8], "80% on Sun 10 May, 80% today."),
        ([0.8, 0.3, 0.6], "80% on Sat 9 May, 30% at its lowest around Sun 10 May, 60% today."),
        ([0.8, 0.9, 0.3], "80% on Sat 9 May, 90% at its best around Sun 10 May, 30% today."),
        (
            [0.5, 0.9, 0.3, 0.6],
            "50% on Fri 8 May, 90% at its best around Sat 9 May, 30% at its lowest around Sun 10 May, 60% today.",
        ),
    ],
)
async def test_a_caption_names_the_ends_and_the_turns(office, levels, says):
    client = await office.client("N" * 80)
    here = office.here("Ana")
    first = dt.date(2026, 5, 11) - dt.timedelta(days=len(levels) - 1)
    course = [(first + dt.timedelta(days=number), level) for number, level in enumerate(levels)]
    reading = Reading(0.2, 0.2, 7, 7, 0.002, 9, 0, 0.5, 9, 60)
    async with here.look() as session:
        behind = Behind(await clients.get(session, client), reading, Facts([first]), frozenset([first]), [], {}, course)
    panel = draw(behind, today=dt.date(2026, 5, 11))
    assert says in str(panel.blocks)
    assert problems(panel.as_message(), "message") == []
