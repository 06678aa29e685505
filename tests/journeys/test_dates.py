"""Dates that matter, through the front door: kept, changed, answered; nothing typed is lost."""

import datetime as dt

import pytest

from bot.courier.rows import DeliveryRow, LaneRow
from bot.practices.milestones.rows import MilestoneRow, MilestoneStepRow
from tests.front_door import add_person, card, reads, sees, set_up_client
from tests.support import ON_SQLITE
from tests.voice import Voice

TODAY = dt.date(2026, 5, 12)
pytestmark = ON_SQLITE  # tests/practices/milestones tries both


@pytest.fixture
async def northwind(place):
    """A client of Ana's and Tom's, with Priya."""
    client = await set_up_client(place, heard_in=[place.northwind], team=[place.tom.member], rhythm=30)
    await add_person(place, "northwind", "Priya")
    return client


@pytest.fixture
async def form(place, northwind):
    """The form, open before Ana, for Priya."""
    await place.ana.command("/client", "date northwind Priya", channel=place.elsewhere)
    return await place.ana.modal()


async def kept(place):
    return [(row.occasion, row.month, row.day, row.year, row.next_on) for row in await place.rows(MilestoneRow)]


async def test_five_years_at_northwind(place, form):
    shown = {name: form.value(name) for name in ("client", "people", "repeats", "leads", "visibility")}
    assert shown["repeats"] == "yearly"
    assert shown["leads"] == ["7", "0"]
    answer = await place.ana.submit(
        occasion="anniversary", falls_on="2021-05-21", note="Likes handwritten notes, no fuss in front of her team"
    )
    assert answer.errors == {}
    assert await kept(place) == [("anniversary", 5, 21, 2021, dt.date(2026, 5, 21))]
    said = sees(place.ana)
    assert "Priya, 5 years at Northwind is kept: Thu 21 May." in said
    assert "Whoever looks after Northwind is reminded 7 days before and on the day." in said
    await place.ana.close_modal(everything=True)
    assert "*Coming up:* Thu 21, Priya, 5 years at Northwind" in reads(await card(place))


async def test_a_birthday_without_a_year_and_its_occasion_from_the_word(place, northwind):
    await place.ana.command("/client", "birthday northwind Priya", channel=place.elsewhere)
    form = await place.ana.modal()
    assert form.value("occasion") == "birthday"
    answer = await place.ana.submit(falls_on="2026-03-14", no_year=["yes"])
    assert answer.errors == {}
    assert await kept(place) == [("birthday", 3, 14, None, dt.date(2027, 3, 14))]
    assert "Priya's birthday (Northwind) is kept: Sun 14 Mar 2027." in sees(place.ana)


async def test_a_persons_date_is_found_by_their_new_name_once_they_are_called_something_else(place, form):
    await place.ana.submit(occasion="birthday", falls_on="2026-06-02", no_year=["yes"])
    await place.ana.close_modal(everything=True)
    await place.ana.command("/client", "person northwind Priya", channel=place.elsewhere)
    await place.ana.click("person.edit")
    await place.quiet()
    await place.ana.submit(name="Mira Sol")
    await place.ana.close_modal(everything=True)
    for words, there in (("mira birthday", True), ("priya birthday", False)):
        said = reads((await place.ana.command("/client", f"find {words}", channel=place.elsewhere)).message)
        assert ("a date, Tue 2 Jun" in said) is there


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"falls_on": "2026-05-11", "repeats": "once"}, "falls_on", "That day has passed."),
        ({"falls_on": "1850-05-11"}, "falls_on", "between 1900"),
        ({"occasion": "other", "title": None}, "title", "Say in a few words what it is."),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(place, form, fields, field, told):
    given = {"occasion": "exam", "falls_on": "2026-06-01", "note": "CFA, level two", **fields}
    answer = await place.ana.submit(given)
    assert list(answer.errors) == [field]
    assert told in answer.errors[field]
    assert await kept(place) == []
    assert (await place.ana.modal()).value("note") == "CFA, level two"
    answer = await place.ana.submit(falls_on="2026-06-01", title="CFA exam")
    assert answer.errors == {}
    assert len(await kept(place)) == 1


async def test_somebody_of_another_client_is_told_at_the_person(place, form):
    await place.ana.close_modal(everything=True)
    await set_up_client(place, "Halden")
    await place.ana.command("/client", "date northwind Priya", channel=place.elsewhere)
    await place.ana.modal()
    answer = await place.ana.submit(client="Halden", occasion="exam", falls_on="2026-06-01")
    assert answer.errors == {"people": "That person is not at this client. Pick again."}


async def test_29_february_is_asked_about_only_then_and_what_was_typed_stays(place, form):
    assert "leap_day" not in [one["block_id"] for one in form.shown.blocks if "block_id" in one]
    await place.ana.fill(occasion="birthday", note="Born on a leap day")
    await place.ana.choose("falls_on", "1988-02-29")
    await place.quiet()
    form = await place.ana.modal()
    assert (form.value("leap_day"), form.value("note"), form.value("occasion")) == (
        "feb28",
        "Born on a leap day",
        "birthday",
    )
    answer = await place.ana.submit(leap_day="mar1")
    assert answer.errors == {}
    assert [(row.leap_day, row.next_on) for row in await place.rows(MilestoneRow)] == [("mar1", dt.date(2027, 3, 1))]


async def test_a_second_submission_is_the_same_date(place, form):
    answer = await place.ana.submit(occasion="launch", falls_on="2026-09-01")
    again = await place.slack.redeliver(answer)
    assert again.errors == {}
    assert len(await kept(place)) == 1


async def test_it_is_changed_and_deleted_from_the_card_by_the_team_only(place, form):
    await place.ana.submit(occasion="launch", falls_on="2026-09-01", visibility="everyone", note="The new shop")
    await place.ana.close_modal(everything=True)
    sam = place.join("Sam", place.elsewhere)
    await card(place, sam)
    await sam.click("milestone.edit:" + str((await place.rows(MilestoneRow))[0].id))
    await place.quiet()
    assert "Only Northwind's team changes this. Ana can, or an admin." in sees(sam)
    await card(place, place.tom)
    await place.tom.click("milestone.edit:" + str((await place.rows(MilestoneRow))[0].id))
    form = await place.tom.modal()
    assert (form.value("note"), form.value("falls_on")) == ("The new shop", "2026-09-01")
    await place.tom.submit(falls_on="2026-09-02", leads=["14"])
    assert [(row.day, row.leads) for row in await place.rows(MilestoneRow)] == [(2, [14])]
    await place.tom.close_modal(everything=True)
    await card(place, place.tom)
    await place.tom.click("milestone.edit:" + str((await place.rows(MilestoneRow))[0].id))
    await place.tom.modal()
    gone = await place.tom.click("milestone.drop")
    await place.slack.redeliver(gone)
    await place.quiet()
    assert place.tom.confirmed[-1]["title"]["text"] == "Delete this date?"
    assert await kept(place) == []


async def test_what_is_for_the_team_is_not_shown_to_others(place, form):
    await place.ana.submit(occasion="launch", falls_on="2026-06-01", note="Not announced")
    await place.ana.close_modal(everything=True)
    sam = place.join("Sam", place.elsewhere)
    assert "launch" in reads(await card(place, place.tom))
    assert "launch" not in reads(await card(place, sam))


async def test_a_date_that_is_today_is_answered_at_once_with_undo(place, form):
    await place.ana.submit(occasion="birthday", falls_on="1986-05-12")
    assert "Priya turns 40 (Northwind) is kept: today." in sees(place.ana)
    milestone = (await place.rows(MilestoneRow))[0]
    assert milestone.next_on == TODAY
    marked = await place.ana.click(f"milestone.mark:{milestone.id}")
    await place.quiet()
    await place.slack.redeliver(marked)
    await place.quiet()
    assert [(row.step, row.occurs_on) for row in await place.rows(MilestoneStepRow)] == [("marking", TODAY)]
    assert "✓ Ana marks it" in sees(place.ana)
    await place.ana.click(f"milestone.plan:{milestone.id}")
    await place.quiet()
    await place.ana.submit(plan="Team card")
    await place.quiet()
    assert "✓ Ana: Team card" in sees(place.ana)
    await place.ana.click(f"milestone.undo:{milestone.id}")
    await place.quiet()
    assert [row.step for row in await place.rows(MilestoneStepRow)] == ["marking"]


@pytest.fixture
def voice(place):
    """What speaks first; there is no team channel, so that it is to Ana alone."""
    return Voice(place, place.elsewhere)


async def speaks(voice, at):
    """Move to an instant and have Ember say what is due; return all that Ana was told."""
    await voice.timetable()
    await voice.at(at)
    return told(voice)


def told(voice):
    return [message for message in voice.place.ana.sees() if message.app and message.ephemeral_to is None]


async def test_it_is_said_ahead_of_time_in_the_morning_and_alone_on_the_day(place, form, voice):
    await place.ana.submit(occasion="birthday", falls_on="1986-05-20", leads=["7", "0"], note="No fuss, please")
    await place.ana.close_modal(everything=True)
    milestone = (await place.rows(MilestoneRow))[0]
    (morning,) = await speaks(voice, dt.datetime(2026, 5, 13, 6, 30, tzinfo=dt.UTC))
    assert "*In 7 days, Wed 20:* Priya turns 40 (Northwind). No fuss, please." in reads(morning)
    await place.ana.choose(f"milestone.more:{milestone.id}", f"day:{milestone.id}:2026-05-20", in_=morning)
    await voice.settle()
    assert "✓ Ana is reminded on the day" in reads(morning)
    (*_, alone) = await speaks(voice, dt.datetime(2026, 5, 20, 6, 30, tzinfo=dt.UTC))
    assert reads(alone).startswith("*Today:* Priya turns 40 (Northwind). No fuss, please.")
    await place.ana.click(f"milestone.undo:{milestone.id}", in_=alone)
    await place.quiet()
    await place.ana.click(f"milestone.mark:{milestone.id}", in_=alone)
    await place.quiet()
    assert "✓ Ana marks it" in reads(alone)
    await place.ana.click(f"milestone.plan:{milestone.id}", in_=alone)
    await place.quiet()
    await place.ana.submit(plan="Team card")
    await voice.settle()
    assert "✓ Ana: Team card" in reads(alone)
    assert len(await speaks(voice, dt.datetime(2026, 5, 20, 12, 0, tzinfo=dt.UTC))) == 2


async def test_a_reminder_wanted_alone_comes_with_what_is_today_beside_at_most_one_morning(place, form, voice):
    await place.ana.submit(occasion="birthday", falls_on="1986-05-20", leads=["7"], alone=["yes"])
    assert "is reminded 7 days before, in a message of its own." in sees(place.ana)
    await place.ana.close_modal(everything=True)
    (priya,) = await place.rows(MilestoneRow)
    for occasion, falls_on in (("launch", "2026-05-13"), ("exam", "2026-05-20")):
        await place.ana.command("/client", "date northwind", channel=place.elsewhere)
        await place.ana.modal()
        fields = {"client": "Northwind", "occasion": occasion, "falls_on": falls_on, "repeats": "once"}
        assert (await place.ana.submit(fields)).errors == {}
        await place.ana.close_modal(everything=True)
    said = await speaks(voice, dt.datetime(2026, 5, 13, 6, 30, tzinfo=dt.UTC))
    morning, alone = sorted(said, key=lambda message: "*Today:*" in reads(message))
    assert "*In 7 days, Wed 20:* Northwind, exam." in reads(morning)
    assert "Priya" not in reads(morning)
    assert reads(alone).startswith("*Today:* Northwind, launch.")
    assert "*In 7 days, Wed 20:* Priya turns 40 (Northwind)." in reads(alone)
    await place.ana.click(f"milestone.mark:{priya.id}", in_=alone)
    await voice.settle()
    assert "✓ Ana marks it" in reads(alone)
    await card(place)
    await place.ana.click(f"milestone.edit:{priya.id}")
    assert (await place.ana.modal()).value("alone") == ["yes"]
    await place.ana.close_modal(everything=True)
    for days in (1, 7):
        await speaks(voice, dt.datetime(2026, 5, 13, 6, 30, tzinfo=dt.UTC) + dt.timedelta(days=days))
    said = [(row.local_date.day, row.kind) for row in await place.rows(DeliveryRow, op="post", state="sent")]
    assert sorted(said) == [(13, "milestone"), (13, "morning"), (20, "milestone")]


async def test_a_date_kept_on_its_own_day_is_told_to_whoever_looks_after_the_client(place, northwind, voice):
    await place.tom.command("/client", "date northwind Priya", channel=place.elsewhere)
    await place.tom.modal()
    place.clock.set(dt.datetime(2026, 5, 12, 13, 0, tzinfo=dt.UTC))
    await place.tom.submit(occasion="exam", falls_on="2026-05-12", repeats="once")
    assert "Priya, exam (Northwind) is kept: today." in sees(place.tom)
    await voice.settle()
    (alone,) = told(voice)
    assert reads(alone).startswith("*Today:* Priya, exam (Northwind).")


async def test_a_date_kept_on_the_day_of_a_reminder_wanted_alone_is_told_that_day_too(place, northwind, voice):
    await place.tom.command("/client", "date northwind Priya", channel=place.elsewhere)
    await place.tom.modal()
    place.clock.set(dt.datetime(2026, 5, 12, 8, 0, tzinfo=dt.UTC))
    dated = {"occasion": "exam", "falls_on": "2026-05-19", "repeats": "once"}
    await place.tom.submit(dated, leads=["7"], alone=["yes"])
    await voice.settle()
    (alone,) = told(voice)
    assert reads(alone).startswith("*In 7 days, Tue 19:* Priya, exam (Northwind).")
    assert len(await speaks(voice, dt.datetime(2026, 5, 13, 6, 30, tzinfo=dt.UTC))) == 1


async def test_a_date_deleted_on_its_day_leaves_one_calm_line_and_everybody_elses_message_alone(place, form, voice):
    await place.ana.submit(occasion="birthday", falls_on="1986-05-20")
    await place.ana.close_modal(everything=True)
    priya = (await place.rows(MilestoneRow))[0]
    await place.tom.command("/client", "date northwind Priya", channel=place.elsewhere)
    await place.tom.modal()
    await place.tom.submit(occasion="exam", falls_on="2026-05-20", visibility="me", repeats="once")
    await place.tom.close_modal(everything=True)
    (alone,) = await speaks(voice, dt.datetime(2026, 5, 20, 6, 30, tzinfo=dt.UTC))
    await place.ana.click(f"milestone.mark:{priya.id}", in_=alone)
    await voice.settle()
    assert await changed_for(place) == {place.ana.id}
    await card(place)
    await place.ana.click(f"milestone.edit:{priya.id}")
    await place.ana.modal()
    await place.ana.click("milestone.drop")
    await voice.settle()
    assert reads(alone) == "This date was removed, or is somebody else's now."
    assert await changed_for(place) == {place.ana.id}


async def changed_for(place):
    """Return for whom what is said alone was written anew."""
    lanes = {row.id: row.channel for row in await place.rows(LaneRow)}
    return {lanes[row.lane_id] for row in await place.rows(DeliveryRow, op="update", kind="milestone")}
