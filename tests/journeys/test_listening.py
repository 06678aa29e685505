"""Listening, through the front door: what a receipt offers, questions, three lines, open differences."""

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rows import CheckinRow
from bot.practices.differences.rows import DifferenceRow
from bot.practices.listening.rows import AnswerRow, QuestionRow, ReflectionRow
from bot.practices.milestones.rows import MilestoneRow
from tests.conftest import NOW
from tests.front_door import add_person, reads, sees, turn_to
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
async def ana(place, northwind):
    """Ana, with the whole form open in Northwind's channel; Priya is at the client."""
    await add_person(place, "northwind", "Priya")
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    await press(place, "checkin.more")
    return place.ana


async def log(person, **fields):
    answer = await person.submit({"feeling": "4", "note": "Talked about the launch", **fields})
    assert answer.errors == {}


async def press(place, action_id):
    """Have Ana press a button, and wait for what opens."""
    await place.ana.click(action_id)
    await place.quiet()


def labels(person):
    blocks = person.modals()[-1].shown.blocks
    return [e["text"]["text"] for block in blocks if block["type"] == "actions" for e in block["elements"]]


async def test_a_win_can_be_marked_as_a_milestone(place, ana):
    await log(ana, win="Promoted to head of brand", people=["Priya"], visibility="everyone")
    assert "Mark as milestone" in labels(ana)
    await press(place, "milestone.new:win")
    form = await ana.modal()
    assert form.value("title") == "Promoted to head of brand"
    assert (form.value("falls_on"), form.value("visibility")) == ("2026-05-12", "everyone")
    answer = await ana.submit(occasion="promotion")
    assert answer.errors == {}
    [kept] = await place.rows(MilestoneRow)
    assert (kept.occasion, kept.month, kept.day, kept.title) == ("promotion", 5, 12, "Promoted to head of brand")
    assert kept.contact_id is not None


async def test_a_struggle_can_be_noted_as_a_blocker_and_a_plain_note_offers_nothing(place, ana, northwind):
    await log(ana, struggle="Two people short")
    [kept] = await place.rows(CheckinRow)
    (offered,) = [
        element
        for block in ana.modals()[-1].shown.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == "blocker.new"
    ]
    assert offered["value"] == f"{northwind.id}:{kept.id}"
    answer = await place.ana.command("/checkin", "4 all fine", channel=place.northwind)
    assert "Note a blocker" not in reads(answer.message)
    assert "Mark as milestone" not in reads(answer.message)


async def test_wins_struggles_and_our_role_survive_editing_undoing_and_putting_back(place, ana):
    said = {"win": "Promoted", "struggle": "Two people short", "our_role": "Listened"}
    await log(ana, **said)

    async def kept():
        return [(row.win, row.struggle, row.our_role) for row in await place.rows(CheckinRow)]

    assert await kept() == [("Promoted", "Two people short", "listened")]
    await press(place, "checkin.edit")
    form = await ana.modal()
    assert [form.value(name) for name in ("win", "struggle", "our_role")] == [
        "Promoted",
        "Two people short",
        "listened",
    ]
    await ana.submit(struggle="Three people short", our_role="Challenged")
    assert await kept() == [("Promoted", "Three people short", "challenged")]
    await press(place, "checkin.undo")
    assert await kept() == []
    await place.quiet()
    await press(place, "draft.feel:4")
    assert await kept() == [("Promoted", "Three people short", "challenged")]
    found = await place.ana.command("/client", "find three short", channel=place.elsewhere)
    assert "*Three* people *short*" in reads(found.message)


async def test_an_emotional_decision_offers_three_lines_for_oneself(place, ana):
    await log(ana, signals=["Decision looked emotional"])
    assert "The decision looked emotional." in sees(ana)
    await press(place, "reflection.new")
    assert (await ana.modal()).value("visibility") == "me"
    answer = await ana.submit(feeling="Afraid of the board", fact="The trial went well", question="What would help?")
    assert answer.errors == {}
    [kept] = await place.rows(ReflectionRow)
    assert (kept.feeling, kept.fact, kept.question, kept.visibility) == (
        "Afraid of the board",
        "The trial went well",
        "What would help?",
        "me",
    )
    assert "Kept for you alone." in sees(ana)
    await press(place, "reflection.new")
    assert (await ana.modal()).value("fact") == "The trial went well"
    await ana.submit(fact="The trial went very well")
    assert [row.fact for row in await place.rows(ReflectionRow)] == ["The trial went very well"]
    assert labels(ana) == ["Edit"]
    await press(place, "reflection.new")
    await press(place, "reflection.drop")
    assert "You had written:" in sees(ana)
    assert await place.rows(ReflectionRow) == []


async def test_i_asked_leaves_the_brief_where_it_is_and_taking_it_back_keeps_the_lines(place, ana, northwind):
    await log(ana, signals=["Decision looked emotional"])
    await press(place, "reflection.new")
    await ana.submit(feeling="Afraid of the board", fact="The trial went well", question="What would help?")
    assert labels(ana) == ["Undo", "Edit"]
    await ana.close_modal(everything=True)
    brief = (await ana.command("/client", "brief northwind", channel=place.elsewhere)).message
    before, [kept] = reads(brief), await place.rows(ReflectionRow)
    for window, is_asked in (("reflection.asked", True), ("reflection.unasked", False)):
        await ana.click(f"{window}:{kept.id}" if is_asked else window, in_=brief if is_asked else None)
        await place.quiet()
        assert [row.asked_at is not None for row in await place.rows(ReflectionRow)] == [is_asked]
        assert "What would help?" in sees(ana)
    assert labels(ana) == ["Edit"]
    assert reads(brief) == before


async def test_nobody_reflects_on_a_note_of_somebody_else(place, ana):
    await log(ana, signals=["Decision looked emotional"], visibility="everyone")
    [kept] = await place.rows(CheckinRow)
    answer = await place.tom.command("/checkin", "4 all fine", channel=place.northwind)
    answer.message.blocks[-1]["elements"][0] |= {"action_id": "reflection.new", "value": str(kept.id)}
    await place.tom.click("reflection.new", in_=answer.message)
    await place.quiet()
    assert "Only the person who wrote a note can do that." in place.tom.sees()[-1].text
    assert place.tom.modals() == []


async def test_a_healthy_disagreement_is_kept_as_an_open_difference(place, ana):
    await log(ana, signals=["Healthy disagreement"], visibility="everyone")
    await press(place, "difference.new")
    assert (await ana.modal()).value("visibility") == "everyone"
    answer = await ana.submit(text="One market or two", resolve_by="2026-05-11")
    assert answer.errors == {"resolve_by": "That day has passed. Pick today or a later day."}
    answer = await ana.submit(text="One market or two", resolve_by="2026-05-15")
    assert answer.errors == {}
    [kept] = await place.rows(DifferenceRow)
    assert (kept.text, kept.resolve_by, kept.visibility) == ("One market or two", dt.date(2026, 5, 15), "everyone")
    assert kept.checkin_id == (await place.rows(CheckinRow))[0].id
    assert "Open with Northwind, to settle by Fri 15 May." in sees(ana)

    await press(place, f"difference.close:{kept.id}")
    await ana.submit(resolution="One market first")
    [kept] = await place.rows(DifferenceRow)
    assert (kept.resolution, kept.closed_at is None) == ("One market first", False)
    found = await place.tom.command("/client", "find market first", channel=place.elsewhere)
    assert "settled" in reads(found.message)
    await press(place, "difference.reopen")
    assert [row.closed_at for row in await place.rows(DifferenceRow)] == [None]
    assert "Undo" not in labels(ana)
    await press(place, f"difference.close:{kept.id}")
    assert (await ana.modal()).value("resolution") == "One market first"


async def test_a_difference_is_undone_once_it_is_new_and_not_once_it_is_edited(place, ana):
    await log(ana, signals=["Healthy disagreement"])
    await press(place, "difference.new")
    await ana.submit(text="One market or tow", resolve_by="2026-05-15")
    assert "Undo" in labels(ana)
    await press(place, "difference.edit")
    await ana.submit(text="One market or two")
    assert "Undo" not in labels(ana)
    assert [row.text for row in await place.rows(DifferenceRow)] == ["One market or two"]
    await press(place, "difference.edit")
    await ana.modal()
    await press(place, "difference.drop")
    assert "Delete this difference?" in str(ana.confirmed)
    assert await place.rows(DifferenceRow) == []


async def test_a_difference_that_two_people_settle_at_once_keeps_what_the_first_one_said(place, ana):
    await log(ana, signals=["Healthy disagreement"])
    await press(place, "difference.new")
    await ana.submit(text="One market or two", resolve_by="2026-05-15")
    [kept] = await place.rows(DifferenceRow)
    await ana.close_modal(everything=True)
    settles = f"difference.close:{kept.id}"
    await ana.command("/client", "northwind", channel=place.elsewhere)
    await ana.click(settles, in_=await turn_to(place, "notes"))
    await place.quiet()
    async with place.ember.store.work(place.workspace.id) as session:
        said = {"closed_at": NOW, "resolution": "Both in spring"}
        await session.execute(sa.update(DifferenceRow).values(**said))
    answer = await ana.submit(resolution="One market first")
    assert "Somebody changed this to “Both in spring” meanwhile." in answer.errors["resolution"]
    answer = await ana.submit(resolution="Both in spring")
    assert answer.errors == {}
    assert [(row.resolution, row.closed_at) for row in await place.rows(DifferenceRow)] == [("Both in spring", NOW)]


async def test_a_question_is_asked_answered_and_raises_the_next(place, northwind):
    await add_person(place, "northwind", "Priya")
    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    await turn_to(place, "notes")
    await press(place, "question.list")
    shown = sees(place.ana)
    assert "*For everybody*" in shown
    await press(place, "question.new")
    answer = await place.ana.submit(question="How is the new role?", people="Priya")
    assert answer.errors == {}
    assert "Kept for Priya: “How is the new role?”" in sees(place.ana)
    [asked] = [row for row in await place.rows(QuestionRow) if row.contact_id is not None]
    await press(place, "question.list")
    await place.ana.choose(f"question.more:{asked.id}", "What they said")
    await place.quiet()
    assert (await place.ana.modal()).value("people") == str(asked.contact_id)
    answer = await place.ana.submit(said="Lonelier than she thought", raises="Who could she talk to?")
    assert answer.errors == {}
    assert "*Next to ask Priya:* Who could she talk to?" in sees(place.ana)
    [kept] = await place.rows(AnswerRow)
    assert (kept.text, kept.contact_id) == ("Lonelier than she thought", asked.contact_id)
    found = await place.ana.command("/client", "find lonelier", channel=place.elsewhere)
    assert "*Lonelier* than she thought" in reads(found.message)


async def test_a_brief_asks_two_questions_and_what_they_said_is_noted_from_it(place, northwind):
    await add_person(place, "northwind", "Priya")
    brief = (await place.ana.command("/client", "brief northwind Priya", channel=place.elsewhere)).message
    pressed = [block["accessory"] for block in brief.blocks if "accessory" in block]
    assert [one["text"]["text"] for one in pressed] == ["Answered", "Answered"]
    await place.ana.click(pressed[0]["action_id"], in_=brief)
    assert (await place.ana.modal()).shown.blocks[0]["text"]["text"].strip("*") in reads(brief)
    answer = await place.ana.submit(said="A quiet one")
    assert answer.errors == {}
    await place.ana.close_modal(everything=True)
    again = (await place.ana.command("/client", "brief northwind Priya", channel=place.elsewhere)).message
    assert pressed[0]["action_id"] not in [
        block["accessory"]["action_id"] for block in again.blocks if "accessory" in block
    ]
    assert reads(again).count("(Priya)") == 2


async def test_a_question_that_is_asked_of_nobody_any_more_has_its_way_back_in_the_list(place, northwind):
    async def questions():
        await place.ana.command("/client", "northwind", channel=place.elsewhere)
        await turn_to(place, "notes")
        await press(place, "question.list")
        return sees(place.ana)

    assert "Not asked any more" not in await questions()
    menu = next(
        block["accessory"]["action_id"]
        for block in place.ana.sees()[-1].blocks
        if block.get("accessory", {}).get("type") == "overflow"
    )
    await place.ana.choose(menu, "Retire")
    await place.quiet()
    assert sees(place.ana).count("Not asked any more") == 1
    shown = await questions()
    assert shown.index("*For everybody*") < shown.index("*Not asked any more*") < shown.index("· since Tue 12 May")
    await place.ana.choose(menu, "Ask again")
    await place.quiet()
    assert "Not asked any more" not in sees(place.ana)
    assert [row.retired_at for row in await place.rows(QuestionRow) if row.retired_at is not None] == []


async def test_what_is_answered_asked_and_thought_is_told_to_whoever_draws_the_client(place, ana, northwind):
    told = []
    place.ember.host.on_change.append(lambda _, client_id: told.append(client_id))
    await log(ana, signals=["Decision looked emotional"])
    told.clear()
    await press(place, "reflection.new")
    await ana.submit(feeling="Afraid of the board", fact="The trial went well", question="What would help?")
    await press(place, "reflection.drop")
    await ana.close_modal(everything=True)
    await ana.command("/client", "northwind", channel=place.elsewhere)
    await turn_to(place, "notes")
    await press(place, "question.list")
    await press(place, "question.new")
    await ana.submit(question="How is the new role?", people="Priya")
    await press(place, "question.retire")
    await press(place, "question.unretire")
    assert told == [northwind.id] * 5


async def test_answered_pressed_again_shows_what_was_answered_and_a_second_form_says_so(place, ana):
    await log(ana)
    await ana.close_modal(everything=True)
    brief = (await ana.command("/client", "brief northwind Priya", channel=place.elsewhere)).message
    (first, *_) = [
        block["accessory"]["action_id"]
        for block in brief.blocks
        if block.get("accessory", {}).get("action_id", "").startswith("question.answer:")
    ]
    whole = "Fewer surprises, and " * 30 + "one of us on the phone"
    for person in (ana, place.tom):
        await person.click(first, in_=brief)
        await place.quiet()
        await person.modal()
    assert (await ana.submit(said=whole, visibility="everyone")).errors == {}
    answer = await place.tom.submit(said="More calls", raises="With whom?")
    assert list(answer.errors) == ["said"]
    assert "They have answered this: “Fewer surprises, and" in answer.errors["said"]
    assert (await place.tom.modal()).value("raises") == "With whom?"
    await ana.close_modal(everything=True)
    await ana.click(first, in_=brief)
    await place.quiet()
    assert whole in sees(ana)
    assert "Delete" in labels(ana)
    assert [row.text for row in await place.rows(AnswerRow)] == [whole]
    await ana.close_modal(everything=True)
    [kept] = await place.rows(AnswerRow)
    hits = (await ana.command("/client", "find surprises", channel=place.elsewhere)).message
    await ana.click(f"answer.open:{kept.id}", in_=hits)
    await place.quiet()
    assert whole in sees(ana)
