"""A person's page, through the front door: opened, filled in, added to; nothing typed is lost."""

import pytest

from bot.practices.nuance import service
from bot.practices.nuance.rows import FactRow
from bot.practices.nuance.rules import Field
from bot.practices.nuance.service import Said
from bot.practices.people.rows import ContactRow
from bot.store.search import Visibility
from bot.workspaces.directory import members_by_id
from tests.front_door import add_person, reads, sees, set_up_client, turn_to
from tests.support import ON_SQLITE

pytestmark = ON_SQLITE  # tests/practices/nuance tries both


@pytest.fixture
async def northwind(place):
    """A client of Ana's and Tom's, with Priya and Omar."""
    client = await set_up_client(place, heard_in=[place.northwind], team=[place.tom.member])
    for name in ("Priya", "Omar"):
        await add_person(place, "northwind", name)
    return client


async def opens(place, person=None, name="Priya"):
    """Have somebody open a person's page; return what it says."""
    who = person or place.ana
    return reads((await who.command("/client", f"person northwind {name}", channel=place.elsewhere)).message)


async def form(place, action, person=None):
    """Press a button that opens a form; return the form."""
    who = person or place.ana
    await who.click(action)
    await place.quiet()
    return await who.modal()


async def edits(place):
    """Open the form with the one thing that is kept; return it."""
    return await form(place, f"fact.edit:{(await place.rows(FactRow))[0].id}")


async def kept(place):
    return {(row.field.value, row.text, row.why) for row in await place.rows(FactRow)}


async def test_a_profile_is_opened_from_the_card_filled_in_and_counted(place, northwind):
    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    await turn_to(place, "people")
    await place.ana.click(f"person.profile:{(await place.rows(ContactRow))[0].id}")
    await place.quiet()
    assert "What we know · 0/6" in sees(place.ana)
    assert "Not known yet: beyond the role, likes, dislikes, makes them tick" in sees(place.ana)
    shown = await form(place, "profile.open")
    assert len(shown.fields) == 5
    answer = await place.ana.submit(likes="Handwritten <notes>", dislikes="Surprises")
    assert answer.errors == {}
    said = sees(place.ana)
    assert "What we know · 2/6" in said
    assert "*Likes:* Handwritten &lt;notes&gt;" in said
    await place.ana.close_modal(everything=True)
    await place.ana.command("/client", "northwind", channel=place.elsewhere)
    assert "*Priya* · 2/6 known" in reads(await turn_to(place, "people"))


async def test_the_rest_of_the_form_opens_with_what_was_typed_and_up_at_night_carries_its_hint(place, northwind):
    await opens(place)
    await form(place, "profile.open")
    await place.ana.fill(likes="Mountains")
    await place.ana.click("profile.more")
    await place.quiet()
    whole = await place.ana.modal()
    assert len(whole.fields) == 12
    assert whole.value("likes") == "Mountains"
    assert "Write it as if they will read it one day." in str(whole.block("up_at_night")["hint"])
    answer = await place.ana.submit(up_at_night="The merger", motivated_by_why="So ask her first")
    assert answer.errors == {"motivated_by": "Write what it is, too."}
    assert (await place.ana.modal()).value("up_at_night") == "The merger"
    answer = await place.ana.submit(motivated_by="Being asked")
    assert answer.errors == {}
    assert await kept(place) == {
        ("likes", "Mountains", None),
        ("motivated_by", "Being asked", "So ask her first"),
        ("up_at_night", "The merger", None),
    }
    assert "*Motivated by:* Being asked · _for the work:_ So ask her first" in sees(place.ana)
    again = await form(place, "profile.open")
    assert len(again.fields) == 12
    await place.ana.submit(likes=None)
    assert ("likes", "Mountains", None) not in await kept(place)


async def test_what_a_colleague_wrote_meanwhile_is_told_at_its_field(place, northwind):
    for person in (place.ana, place.tom):
        await opens(place, person)
        await form(place, "profile.open", person)
    await place.tom.submit(likes="The sea")
    answer = await place.ana.submit(likes="Mountains", dislikes="Calls")
    assert list(answer.errors) == ["likes"]
    assert "Somebody changed this to “The sea” meanwhile." in answer.errors["likes"]
    assert (await place.ana.modal()).value("dislikes") == "Calls"


async def test_two_who_edit_different_questions_of_one_profile_keep_both(place, northwind):
    await opens(place)
    await form(place, "profile.open")
    await place.ana.submit(likes="Mountains", dislikes="Calls")
    await place.ana.close_modal(everything=True)
    for person in (place.ana, place.tom):
        await opens(place, person)
        await form(place, "profile.open", person)
    assert (await place.tom.submit(likes="The sea", dislikes=None)).errors == {}
    answer = await place.ana.submit(makes_them_tick="Being asked first", dislikes="Long calls")
    assert answer.errors == {"dislikes": "Somebody cleared this meanwhile. Copy yours, and open the form again."}
    assert (await place.ana.submit(dislikes="Calls")).errors == {}
    assert await kept(place) == {("likes", "The sea", None), ("makes_them_tick", "Being asked first", None)}


async def test_a_why_for_what_a_colleague_cleared_meanwhile_is_asked_about(place, northwind):
    await opens(place)
    await form(place, "profile.open")
    await place.ana.submit(likes="Mountains", dislikes="Calls")
    await place.ana.close_modal(everything=True)
    for person in (place.ana, place.tom):
        await opens(place, person)
        await form(place, "profile.open", person)
        await person.click("profile.more")
        await place.quiet()
    assert (await place.tom.submit(likes=None, dislikes_why="Write instead")).errors == {}
    answer = await place.ana.submit(likes_why="Send a card from there", dislikes=None)
    assert answer.errors == {
        "likes": "Somebody cleared this meanwhile. Copy yours, and open the form again.",
        "dislikes": "Somebody changed this to “Write instead” meanwhile. Copy yours, and open the form again.",
    }
    assert await kept(place) == {("dislikes", "Calls", "Write instead")}


async def test_two_who_edit_one_card_of_how_to_talk_to_them_keep_both(place, northwind):
    await opens(place)
    await form(place, "language.open")
    await place.ana.submit(depth="headline", avoids="leverage, circle back")
    await place.ana.close_modal(everything=True)
    for person in (place.ana, place.tom):
        await opens(place, person)
        await form(place, "language.open", person)
    assert (await place.tom.submit(depth="unknown", avoids="leverage")).errors == {}
    assert (await place.ana.submit(hours="Mornings")).errors == {}
    assert await kept(place) == {("avoids", "leverage", None), ("hours", "Mornings", None)}


async def test_two_who_edit_one_line_are_told_and_its_author_alone_keeps_it_to_themselves(place, northwind):
    await opens(place)
    await form(place, "fact.new:detail")
    await place.ana.submit(text="Oat milk")
    await place.ana.close_modal(everything=True)
    key = (await place.rows(FactRow))[0].id
    for person in (place.ana, place.tom):
        await opens(place, person)
        await form(place, f"fact.edit:{key}", person)
    answer = await place.tom.submit(seen_by="me")
    assert answer.errors == {"seen_by": "Only Ana can make this theirs alone."}
    assert (await place.tom.submit(text="Oat milk, hot", seen_by="team")).errors == {}
    answer = await place.ana.submit(text="Oat milk, cold", why="Have some in")
    assert list(answer.errors) == ["text"]
    assert "Somebody changed this to “Oat milk, hot” meanwhile." in answer.errors["text"]
    assert (await place.ana.submit(text="Oat milk")).errors == {}
    assert await kept(place) == {("detail", "Oat milk, hot", "Have some in")}


async def test_outside_the_team_nothing_of_the_teams_is_read_and_with_guests_about_a_window_opens(place, northwind):
    await opens(place)
    await form(place, "fact.new:sensitive")
    await place.ana.submit(text="The merger", why="Let her bring it up")
    await place.ana.close_modal(everything=True)
    assert "The merger: Let her bring it up" in await opens(place, place.tom)
    sam = place.join("Sam", place.elsewhere)
    page = await opens(place, sam)
    assert "What the client's team knows about them is for the team." in page
    assert "merger" not in page
    assert "Edit profile" not in page
    found = reads((await sam.command("/client", "find merger", channel=place.elsewhere)).message)
    assert "Nothing found" in found
    guests = place.slack.world.add_channel("with-guests", members=[place.tom.member])
    place.join("Lee", guests, guest=True)
    await place.tom.command("/client", "person northwind Priya", channel=guests)
    assert "The merger: Let her bring it up" in (await place.tom.modal()).text()
    assert not any("merger" in f"{one.text}{one.blocks}" for one in place.tom.sees(guests))
    await place.tom.close_modal(everything=True)
    theirs = reads((await place.tom.command("/client", "find merger", channel=place.elsewhere)).message)
    assert "*Northwind* · Priya · sensitive topics, Tue 12 May · Ana" in theirs
    assert "The *merger*" in theirs


async def test_a_detail_is_added_and_changed_outlasts_that_she_left_and_is_deleted_with_a_question(place, northwind):
    await opens(place)
    await form(place, "fact.new:detail")
    answer = await place.ana.submit(text="Oat milk", why="Have some in")
    assert (await place.slack.redeliver(answer)).errors == {}
    assert await kept(place) == {("detail", "Oat milk", "Have some in")}
    await edits(place)
    await place.ana.submit(text="Oat milk, hot")
    assert "Oat milk, hot" in sees(place.ana)
    await place.ana.click("person.left")
    await place.quiet()
    assert "Reminders about them stop" in place.ana.confirmed[-1]["text"]["text"]
    assert "*has left*" in sees(place.ana)
    assert "Oat milk, hot" in sees(place.ana)
    await place.ana.click("person.back")
    await place.quiet()
    assert "has left" not in sees(place.ana)
    await edits(place)
    await place.ana.click("fact.drop")
    assert place.ana.confirmed[-1]["title"]["text"] == "Delete this detail?"
    await place.quiet()
    assert await kept(place) == set()
    assert "“Oat milk, hot” is not kept any more." in sees(place.ana)


async def test_a_draft_with_an_avoided_word_shows_a_warning_at_the_draft_and_nothing_is_sent(place, northwind):
    await opens(place)
    await form(place, "language.open")
    answer = await place.ana.submit(depth="headline", avoids="leverage, circle back", hours="Mornings")
    assert answer.errors == {}
    said = sees(place.ana)
    assert "*Wants:* the headline first" in said
    assert "*Avoid:* leverage, circle back" in said
    await place.ana.close_modal(everything=True)
    await opens(place)
    await form(place, "words.check")
    before = len(place.slack.world.messages())
    draft = "Leveraging the trial, we circled back"
    answer = await place.ana.submit(draft=draft)
    assert answer.errors == {"draft": "Priya would rather not read “leverage”, “circle back”. Nothing is sent."}
    assert (await place.ana.modal()).value("draft") == draft
    answer = await place.ana.submit(draft="We use the trial")
    assert answer.errors == {}
    assert "There is no word in it that Priya avoids." in sees(place.ana)
    assert len(place.slack.world.messages()) == before


async def test_outside_the_team_no_draft_is_checked_and_none_is_called_fine(place, northwind):
    await opens(place)
    await form(place, "language.open")
    await place.ana.submit(avoids="leverage")
    await place.ana.close_modal(everything=True)
    sam = place.join("Sam", place.elsewhere)
    priya = (await place.rows(ContactRow, name="Priya"))[0].id
    page = (await sam.command("/client", "person northwind Priya", channel=place.elsewhere)).message
    assert "Check a draft" not in str(page.blocks)
    page.blocks[-1]["elements"][0] |= {"action_id": "words.check", "value": str(priya)}
    await sam.click("words.check", in_=page)
    await place.quiet()
    assert sam.modals() == []
    assert "What is known about Northwind's people is for their team. Ana can add you." in sam.sees()[-1].text


async def test_an_address_and_a_boss_are_kept_and_refused_at_their_fields(place, northwind):
    await opens(place)
    await form(place, "person.edit")
    answer = await place.ana.submit(email="Priya@Example.com", reports_to="Omar", job="Head of Brand")
    assert answer.errors == {}
    await place.ana.close_modal(everything=True)
    assert "Northwind* · Head of Brand · priya@example.com · reports to Omar" in await opens(place)
    await opens(place, name="Omar")
    await form(place, "person.edit")
    answer = await place.ana.submit(email="priya@example.com")
    assert answer.errors == {"email": "Priya has that address already."}
    answer = await place.ana.submit(email=None, reports_to="Priya")
    assert answer.errors == {"reports_to": "They would report to themselves that way. Pick somebody else."}


async def test_outside_the_team_a_name_is_changed_and_an_address_is_not(place, northwind):
    await opens(place)
    await form(place, "person.edit")
    await place.ana.submit(email="priya@example.com")
    await place.ana.close_modal(everything=True)
    sam = place.join("Sam", place.elsewhere)
    await opens(place, sam)
    await form(place, "person.edit", sam)
    answer = await sam.submit(name="Priya Rao", email="sam@example.com")
    assert answer.errors == {"email": "Only Northwind's team changes this. Ana can, or an admin."}
    assert (await sam.submit(email="priya@example.com")).errors == {}
    [priya] = await place.rows(ContactRow, name="Priya Rao")
    assert priya.email == "priya@example.com"


async def test_a_new_name_opens_the_form_and_half_a_name_asks_whom(place, northwind):
    await place.ana.command("/client", "person northwind Noor, Head of Finance", channel=place.elsewhere)
    new = await place.ana.modal()
    assert (new.value("name"), new.value("job")) == ("Noor", "Head of Finance")
    await place.ana.submit()
    await place.ana.close_modal(everything=True)
    await add_person(place, "northwind", "Priya Rao")
    assert "This is" not in await opens(place, name="priy")
    assert "Who at Northwind do you mean?" in sees(place.ana)
    assert "Add a detail" in await opens(place, name="priya rao")


async def test_many_details_are_a_few_lines_and_all_of_them_behind_a_button(place, northwind):
    priya = (await place.rows(ContactRow, name="Priya"))[0].id
    ana = (await place.our_ids(place.ana.member))[place.ana.id]
    async with place.ember.store.work(place.workspace.id) as session:
        by = (await members_by_id(session, [ana]))[ana]
        for number in range(7):
            detail = (priya, Field.DETAIL, Said(f"detail {number}"), Visibility.TEAM)
            await service.add(session, *detail, by=by, key=str(number), now=place.clock.now())
    page = await opens(place)
    assert "detail 6" in page
    assert "detail 2" not in page
    assert "and 3 more" in page
    await place.ana.click("fact.list:detail")
    await place.quiet()
    assert [line for line in sees(place.ana).splitlines() if line.startswith("detail")] == [
        f"detail {number}" for number in reversed(range(7))
    ]
    await place.ana.click("person.profile")
    await place.quiet()
    assert "and 3 more" in sees(place.ana)


async def test_what_is_known_is_at_hand_before_the_next_meeting_with_that_person(place, northwind):
    await opens(place)
    await form(place, "person.edit")
    await place.ana.submit(reports_to="Omar")
    await place.ana.close_modal(everything=True)
    await opens(place)
    await form(place, "language.open")
    await place.ana.click("profile.more")
    await place.quiet()
    await place.ana.submit(depth="headline", tone_alone="Joke with her", tone_boss="Credit her team")
    for kind, text in (("detail", "Oat milk"), ("detail", "Half marathon on Sunday"), ("sensitive", "The merger")):
        await form(place, f"fact.new:{kind}")
        await place.ana.submit(text=text)
    await place.ana.close_modal(everything=True)

    async def brief(who):
        return reads((await place.ana.command("/client", f"brief northwind {who}", channel=place.elsewhere)).message)

    alone = await brief("Priya")
    assert "*Sensitive, Priya:* The merger" in alone
    assert "*Open with:* Half marathon on Sunday (Priya)" in alone
    assert "*Priya's there:* headline first, Joke with her" in alone
    assert "*Priya, little details:* Oat milk" in alone
    assert alone.index("The merger") < alone.index("Half marathon")
    with_omar = await brief("Priya, Omar")
    assert "headline first, Credit her team" in with_omar
    assert "Joke with her" not in with_omar
    assert "Oat milk" not in await brief("Omar")
