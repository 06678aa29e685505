import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.practices.clients.service import NotTheirs
from bot.practices.clients.whose import NotTheirsAlone
from bot.practices.nuance import keeping, service
from bot.practices.nuance.drawing import page
from bot.practices.nuance.rules import QUESTIONS, Field
from bot.practices.nuance.service import Said
from bot.practices.practice import Section
from bot.slack.errors import Refused
from bot.slack.text import day
from bot.store.search import Kind, Visibility, find_entries
from bot.surfaces.export import export
from bot.surfaces.find import readable_by
from bot.workspaces.visibility import Person, Room, as_reader, may_see
from tests.conftest import NOW
from tests.support import ON_SQLITE


async def found(desk, words, by):
    async with desk.work() as session:
        return await find_entries(session, words, allowed=readable_by(Person(by.id)), limit=10)


async def test_the_six_questions_are_kept_once_each_and_can_be_changed_and_cleared(desk):
    for field in QUESTIONS:
        await desk.know(field, f"about {field}", "it matters")
    await desk.know(Field.LIKES, "mountains", by=desk.tom)
    await desk.know(Field.DISLIKES, None)
    known = await desk.reads(desk.ana)
    assert len((await desk.page()).facts) == 5
    assert known[Field.LIKES] == "mountains"
    assert Field.DISLIKES not in known
    assert [hit.kind for hit in await found(desk, "mountains", desk.ana)] == [Kind.FACT]
    assert await found(desk, "dislikes", desk.ana) == []


async def test_python_and_sql_agree_about_every_fact_and_every_reader(desk):
    kept = [
        await desk.know(field, f"{field} {seen_by}", by=by, seen_by=seen_by)
        for field in (Field.DETAIL, Field.SENSITIVE)
        for seen_by in Visibility
        for by in (desk.ana, desk.sam)
    ]
    team = {desk.ana.id, desk.tom.id}
    readers = [*(Person(one.id) for one in (desk.ana, desk.tom, desk.sam)), desk.room, Room(frozenset())]
    for audience in readers:
        by_sql = set(await desk.do(service.readable, [fact.id for fact in kept], audience))
        about = {"client_id": desk.northwind, "team": team}
        by_python = {
            fact.id
            for fact in kept
            if may_see(audience, fact.visibility, **about, author_id=fact.author_id, private=fact.private)
        }
        assert by_sql == by_python
        if isinstance(audience, Room):
            assert not any(fact.private for fact in kept if fact.id in by_sql)


@ON_SQLITE
async def test_the_card_says_how_many_of_the_six_questions_are_answered(desk):
    assert await desk.card() == ["*Omar*", "*Priya*"]
    await desk.know(Field.LIKES, "mountains")
    await desk.know(Field.UP_AT_NIGHT, "the merger")
    await desk.know(Field.DETAIL, "oat milk")
    assert await desk.card() == ["*Omar*", "*Priya* · 2/6 known"]
    assert await desk.card(desk.sam) == ["*Omar*", "*Priya*"]


@ON_SQLITE
async def test_the_card_says_in_short_how_somebody_likes_to_be_spoken_with(desk):
    await desk.know(Field.PREFERS, "call")
    await desk.know(Field.HOURS, "before <ten>")
    await desk.know(Field.DEPTH, "headline")
    assert await desk.card() == ["*Omar*", "*Priya*\na call · before &lt;ten&gt; · the headline first"]


@ON_SQLITE
async def test_blank_stays_blank_and_is_never_filled_in_by_itself(desk):
    await desk.know(Field.LIKES, "mountains", "she reads on the train")
    await desk.know(Field.OBSERVATION, "She dislikes surprises and is motivated by praise")
    await desk.know(Field.DETAIL, "dislikes cilantro")
    assert set(await desk.reads(desk.ana)) & set(QUESTIONS) == {Field.LIKES}


@ON_SQLITE
async def test_up_at_night_is_hidden_from_whoever_is_not_in_the_team_and_the_export_flags_it(desk):
    await desk.know(Field.UP_AT_NIGHT, "the merger")
    await desk.know(Field.LIKES, "mountains")
    assert Field.UP_AT_NIGHT in await desk.reads(desk.tom)
    assert await desk.reads(desk.sam) == {}
    assert await found(desk, "merger", desk.sam) == []
    assert len(await found(desk, "merger", desk.tom)) == 1
    written: list[str] = []
    await export(desk.store, written.append, lambda _: None)
    lines = "".join(written).splitlines()
    (line,) = [line for line in lines if "the merger" in line]
    assert '"private": true' in line
    assert '"visibility": "team"' in line
    assert any('"private": false' in line for line in lines if "mountains" in line)


@ON_SQLITE
async def test_a_sensitive_topic_is_private_by_default_and_never_for_everyone(desk):
    await desk.know(Field.SENSITIVE, "the merger", "let her bring it up", seen_by=Visibility.EVERYONE)
    mine = await desk.know(Field.SENSITIVE, "her leave", "do not ask", seen_by=Visibility.ME)
    assert [fact.visibility for fact in (await desk.page()).facts] == [Visibility.ME, Visibility.TEAM]
    assert [fact.text for fact in (await desk.page(desk.tom)).facts] == ["the merger"]
    assert await desk.reads(desk.sam) == {}
    with pytest.raises(Refused, match="not kept here any more"):
        await desk.do(service.drop, mine.id, by=desk.tom)


@ON_SQLITE
async def test_an_observation_is_found_by_a_word_of_it(desk):
    await desk.know(Field.OBSERVATION, "Always asks the newest colleague first", by=desk.tom)
    kept = (await desk.page()).many(Field.OBSERVATION)
    assert [(fact.author_id, fact.created_at) for fact in kept] == [(desk.tom.id, NOW)]
    (hit,) = await found(desk, "newest coll", desk.ana)
    assert hit.ref == kept[0].id


@ON_SQLITE
async def test_what_is_only_mine_is_read_by_nobody_else(desk):
    await desk.know(Field.DETAIL, "planning a move", seen_by=Visibility.ME)
    assert await desk.reads(desk.tom) == {}
    assert await found(desk, "move", desk.tom) == []
    assert await desk.card(desk.tom) == ["*Omar*", "*Priya*"]


@ON_SQLITE
async def test_only_the_team_writes_what_the_team_reads_and_an_author_changes_their_own(desk):
    with pytest.raises(NotTheirs, match="Ana can add you"):
        await desk.know(Field.LIKES, "mountains", by=desk.sam)
    seen = await desk.know(Field.DETAIL, "oat milk", by=desk.ana, seen_by=Visibility.EVERYONE)
    own = await desk.know(Field.DETAIL, "a dog, Otto", by=desk.sam)
    with pytest.raises(NotTheirs):
        await desk.do(service.drop, seen.id, by=desk.sam)
    edited = await desk.do(
        service.edit, own.id, Said("a dog, Bruno"), Visibility.TEAM, by=desk.sam, now=NOW + dt.timedelta(days=1)
    )
    assert edited.text == "a dog, Bruno"
    assert len(await found(desk, "bruno", desk.tom)) == 1
    assert await found(desk, "otto", desk.tom) == []
    await desk.do(service.drop, own.id, by=desk.tom)
    assert await found(desk, "bruno", desk.sam) == []


@ON_SQLITE
async def test_a_colleague_cannot_make_somebody_elses_words_their_own_secret(desk):
    kept = await desk.know(Field.DETAIL, "oat milk")
    with pytest.raises(NotTheirsAlone, match="Only Ana can"):
        await desk.do(service.edit, kept.id, Said("oat milk, hot"), Visibility.ME, by=desk.tom, now=NOW)
    assert await desk.reads(desk.ana) == {Field.DETAIL: "oat milk"}
    await desk.do(service.edit, kept.id, Said("oat milk, hot"), Visibility.ME, by=desk.ana, now=NOW)
    assert await desk.reads(desk.tom) == {}


@ON_SQLITE
async def test_a_cover_reads_and_changes_what_the_team_knows(desk):
    kept = await desk.know(Field.DETAIL, "oat milk")
    covers = replace(desk.sam, covers=frozenset({desk.northwind}))
    known = await desk.do(service.profile, desk.priya.id, as_reader(covers))
    assert (known.in_team, [fact.text for fact in known.facts]) == (True, ["oat milk"])
    assert not (await desk.page(desk.sam)).in_team
    await desk.do(service.edit, kept.id, Said("oat milk, hot"), Visibility.TEAM, by=covers, now=NOW)
    said = {Field.LIKES: Said("mountains")}
    await desk.do(service.write, desk.priya.id, said, by=covers, now=NOW)
    assert await desk.reads(desk.ana) == {Field.DETAIL: "oat milk, hot", Field.LIKES: "mountains"}


@ON_SQLITE
async def test_an_observation_says_who_saw_it_on_the_readers_own_day_and_who_edited_it(desk):
    kept = await desk.know(Field.OBSERVATION, "Asks the newest colleague first")
    there = NOW.astimezone(ZoneInfo("Pacific/Honolulu"))
    assert there.date() < NOW.date()

    async def said(by, now):
        return str(page(await desk.page(by), now).blocks)

    assert f"*{day(NOW.date())}, Ana* · Asks" in await said(desk.tom, NOW)
    await desk.do(service.edit, kept.id, Said("Asks the newest first"), Visibility.TEAM, by=desk.tom, now=NOW)
    assert f"*{day(NOW.date())}, Ana, edited by Tom* · Asks the newest first" in await said(desk.ana, NOW)
    assert f"*{day(there.date())}, Ana, edited by Tom*" in await said(desk.ana, there)


@ON_SQLITE
async def test_a_second_submission_keeps_one_line(desk):
    for _ in range(2):
        await desk.do(
            service.add,
            desk.priya.id,
            Field.DETAIL,
            Said("oat milk"),
            Visibility.TEAM,
            by=desk.ana,
            key="view:1",
            now=NOW,
        )
    assert len((await desk.page()).facts) == 1


@ON_SQLITE
async def test_a_cause_they_care_about_is_cited_as_something_to_do_for_them(desk):
    assert await desk.card(section=Section.WITH_THEM) == []
    await desk.know(Field.CAUSE, "clean <beaches>", of_client=True)
    assert await desk.card(section=Section.WITH_THEM) == [
        "*Something to do for them:* they care about clean &lt;beaches&gt;"
    ]
    assert Field.CAUSE in await desk.reads(desk.ana, desk.omar)
    assert await desk.card(desk.sam, Section.WITH_THEM) == []


@ON_SQLITE
async def test_a_draft_is_checked_against_the_words_that_a_reader_may_know_of(desk):
    await desk.know(Field.AVOIDS, "leverage, circle back")
    asked = (desk.priya.id, "Leveraging this, we circle back")
    assert await desk.do(service.check_draft, *asked, Person(desk.tom.id)) == ["leverage", "circle back"]
    assert await desk.do(service.check_draft, *asked, Person(desk.sam.id)) == []


@ON_SQLITE
async def test_what_was_chosen_from_a_list_is_not_searched(desk):
    await desk.know(Field.DEPTH, "headline")
    assert await found(desk, "headline", desk.ana) == []


@ON_SQLITE
async def test_nobody_learns_that_somebody_keeps_something_about_a_person_to_themselves(desk):
    await desk.know(Field.DETAIL, "planning a move", seen_by=Visibility.ME)
    await desk.know(Field.SENSITIVE, "the merger")
    for member, told in ((desk.ana, {True}), (desk.tom, {True}), (desk.sam, {False})):
        held = await desk.do(keeping.holds, desk.priya.id, Person(member.id))
        assert len(held) == (2 if member is desk.ana else 1)
        assert {one.text is not None for one in held} == told
    assert len(await desk.do(keeping.holds, desk.priya.id, None)) == 2
