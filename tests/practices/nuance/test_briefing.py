import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.practices.milestones import ahead
from bot.practices.milestones import service as milestones
from bot.practices.milestones.rules import Calendar, Occasion
from bot.practices.nuance.rules import Field
from bot.practices.people import service as people
from bot.practices.practice import Section
from bot.store.search import Visibility
from bot.workspaces.visibility import Person
from tests.conftest import NOW
from tests.support import ON_SQLITE

TODAY = NOW.date()
pytestmark = ON_SQLITE  # test_service tries both


async def test_the_brief_prints_both_halves_the_fact_and_why_it_matters_to_the_work(desk):
    await desk.know(Field.DETAIL, "oat milk")
    await desk.know(Field.LIKES, "short memos", "send the summary first", days=20)
    await desk.know(Field.DISLIKES, "surprises")
    assert (await desk.says(Section.WITH_THEM, desk.priya))[:2] == [
        "*Priya:* likes short memos · _for the work:_ send the summary first",
        "*Priya:* dislikes surprises",
    ]


async def test_a_little_detail_appears_in_the_brief_of_the_next_meeting_with_that_person(desk):
    await desk.know(Field.DETAIL, "oat milk", "have some in", days=1)
    await desk.know(Field.DETAIL, "half marathon on Sunday")
    assert await desk.says(Section.OPENER, desk.priya) == ["*Open with:* half marathon on Sunday (Priya)"]
    assert await desk.says(Section.WITH_THEM, desk.priya) == [
        "*Priya, little details:* oat milk · _for the work:_ have some in"
    ]
    assert await desk.says(Section.WITH_THEM, desk.omar) == []


async def test_a_brief_for_in_front_of_their_boss_shows_that_note_and_not_the_one_to_one_note(desk):
    await desk.know(Field.DEPTH, "headline")
    await desk.know(Field.TONE_ALONE, "joke with her")
    await desk.know(Field.TONE_BOSS, "credit her team")
    await desk.know(Field.AVOIDS, "leverage")
    boss = "*Priya's there:* headline first, credit her team, avoid “leverage”"
    assert await desk.says(Section.WITH_THEM, desk.priya, setting="in_front_of_boss") == [boss]
    assert await desk.says(Section.WITH_THEM, desk.priya, desk.omar) == [boss]
    alone = boss.replace("credit her team", "joke with her")
    assert await desk.says(Section.WITH_THEM, desk.priya) == [alone]
    assert await desk.says(Section.WITH_THEM, desk.priya, setting="one_to_one") == [alone]


async def test_the_opener_never_uses_what_is_private_or_sensitive_whoever_reads(desk):
    await desk.know(Field.UP_AT_NIGHT, "the merger")
    await desk.know(Field.SENSITIVE, "her leave", "do not ask")
    await desk.know(Field.DETAIL, "planning a move", seen_by=Visibility.ME)
    for audience in (Person(desk.ana.id), desk.room):
        assert await desk.says(Section.OPENER, audience=audience) == []
    await desk.know(Field.DETAIL, "half marathon on Sunday", days=1)
    for audience in (Person(desk.ana.id), desk.room):
        assert await desk.says(Section.OPENER, audience=audience) == ["*Open with:* half marathon on Sunday (Priya)"]


async def test_sensitive_topics_come_with_how_to_approach_them_and_never_in_a_room(desk):
    await desk.know(Field.SENSITIVE, "the merger", "let her bring it up")
    await desk.know(Field.UP_AT_NIGHT, "the <board>")
    await desk.know(Field.SENSITIVE, "her leave", seen_by=Visibility.ME)
    await desk.know(Field.DETAIL, "planning a move", seen_by=Visibility.ME)
    mine = await desk.brief(desk.priya)
    assert [text for section, text in mine if section is Section.SENSITIVE] == [
        "*Sensitive, Priya:* her leave",
        "*Sensitive, Priya:* the merger: let her bring it up",
    ]
    assert any("up at night: the &lt;board&gt;" in text for _, text in mine)
    assert await desk.brief(desk.priya, audience=desk.room) == []
    assert await desk.brief(desk.priya, audience=Person(desk.sam.id)) == []
    toms = await desk.brief(desk.priya, audience=Person(desk.tom.id))
    assert not any("leave" in text or "move" in text for _, text in toms)


async def test_what_is_known_about_somebody_who_left_is_kept_but_in_no_brief_and_nobody_is_reminded(desk):
    await desk.know(Field.DETAIL, "oat milk")
    await desk.know(Field.SENSITIVE, "the merger")
    await desk.know(Field.CAUSE, "clean beaches")
    when = Calendar(TODAY.month, TODAY.day)
    details = milestones.Details(
        desk.northwind, desk.priya.id, Occasion.BIRTHDAY, "", when, (7, 0), None, Visibility.TEAM
    )
    await desk.do(milestones.add, details, by=desk.ana, key="date", now=NOW, today=TODAY)

    async def reminders():
        return await desk.do(ahead.coming, Person(desk.ana.id), TODAY, 14)

    assert len(await reminders()) == 1
    assert await desk.brief()
    await desk.do(people.mark_left, desk.priya.id)
    assert await reminders() == []
    assert await desk.brief() == await desk.brief(desk.priya) == []
    assert await desk.card() == ["*Omar*"]
    assert await desk.card(section=Section.WITH_THEM) == []
    assert len((await desk.page()).facts) == 3
    await desk.do(people.came_back, desk.priya.id)
    assert len(await reminders()) == 1
    assert await desk.brief(desk.priya)


async def test_nobody_named_means_whoever_is_there_and_no_guess_about_the_tone(desk):
    await desk.know(Field.TONE_ALONE, "joke with her")
    await desk.know(Field.TONE_WITH_TEAM, "formal")
    await desk.know(Field.DETAIL, "a dog", of=desk.omar, days=40)
    await desk.know(Field.DETAIL, "oat milk", days=50)
    with_them = await desk.says(Section.WITH_THEM)
    assert with_them in (["*Omar:* a dog"], ["*Priya:* oat milk"])
    weeks = {(await desk.says(Section.OPENER, now=NOW + dt.timedelta(weeks=week)))[0] for week in (0, 1)}
    assert weeks == {"*Open with:* a dog (Omar)", "*Open with:* oat milk (Priya)"}


async def test_a_brief_and_a_card_ask_the_same_few_questions_however_many_people_there_are(desk):
    async def asked():
        seen = []
        engines = [engine.sync_engine for engine in desk.store.engines]

        def note(*given):
            seen.append(given[2])

        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", note)
        await desk.brief()
        await desk.card()
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len([statement for statement in seen if statement.startswith("SELECT")])

    await desk.know(Field.DETAIL, "oat milk")
    few = await asked()
    for number in range(8):
        somebody = await desk.person(f"Person {number}")
        await desk.know(Field.SENSITIVE, "the merger", of=somebody)
    assert await asked() == few


async def test_of_several_people_each_has_a_line_with_what_we_know_best_and_their_newest_detail(desk):
    await desk.know(Field.DETAIL, "runs on Sunday")  # what the conversation opens with
    await desk.know(Field.DETAIL, "oat milk", days=2)
    await desk.know(Field.DETAIL, "a cat", days=3)
    await desk.know(Field.DISLIKES, "surprises", "send it the day before")
    await desk.know(Field.DETAIL, "brings his own tea", of=desk.omar, days=4)
    assert sorted(await desk.says(Section.WITH_THEM, desk.priya, desk.omar)) == [
        "*Omar:* brings his own tea",
        "*Priya:* dislikes surprises · _for the work:_ send it the day before; oat milk",
    ]


async def test_what_a_conversation_opens_with_is_new_by_the_readers_own_days(desk):
    await desk.know(Field.DETAIL, "oat milk", days=13.5)
    for days in (30, 40, 50):
        await desk.know(Field.DETAIL, f"{days} days ago", days=days)

    async def opens(zone):
        return await desk.says(Section.OPENER, desk.priya, now=NOW.astimezone(ZoneInfo(zone)))

    assert await opens("UTC") == ["*Open with:* 40 days ago (Priya)"]
    assert await opens("Pacific/Auckland") == ["*Open with:* oat milk (Priya)"]
