import pytest

from bot.practices.checkins.rows import DraftRow
from bot.practices.clients import service as clients
from bot.practices.clients.rows import ClientRow
from bot.slack.blocks_lint import problems
from bot.workspaces.directory import MemberRow
from tests.front_door import turn_to
from tests.support import ON_SQLITE


async def set_up(place, name, person=None, **more):
    person = person or place.ana
    await person.command("/client", f"new {name}")
    answer = await person.submit(name=name, rhythm="7", **more)
    assert answer.errors == {}
    await person.close_modal(everything=True)


def shown(answer):
    assert answer.status == 200
    assert problems(answer.json, "message") == []
    return str(answer.json["blocks"])


@ON_SQLITE
async def test_client_opens_the_card_by_name_and_in_the_clients_channel(place):
    await set_up(place, "Northwind", heard_in=[place.northwind])
    assert "'Northwind'" in shown(await place.ana.command("/client", "northwind"))
    assert "'Northwind'" in shown(await place.ana.command("/client", channel=place.northwind))
    assert "'Northwind'" in shown(await place.ana.command("/ember", "NORTHWIND"))


@ON_SQLITE
async def test_client_alone_is_the_list_or_the_way_to_start(place):
    assert "No clients yet" in shown(await place.ana.command("/client"))
    await set_up(place, "Northwind")
    assert "My clients" in shown(await place.ana.command("/client"))
    assert "All clients" in shown(await place.ana.command("/client", "list all"))
    assert "My clients" in shown(await place.ana.command("/ember", "list"))


@ON_SQLITE
async def test_an_unknown_name_offers_the_nearest_and_a_new_client_by_that_name(place):
    await set_up(place, "Northwind")
    answer = await place.ana.command("/client", "Nortwind <b>")
    assert "&gt; Nortwind" not in shown(answer)
    assert "Nortwind &lt;b&gt;" in shown(answer)
    await place.ana.click("client.new_named")
    modal = await place.ana.modal()
    assert modal.value("name") == "Nortwind <b>"
    await place.ana.close_modal(everything=True)
    await place.ana.click("client.open:0")
    await place.quiet()
    assert "Northwind" in str(place.ana.sees()[-1].blocks)


@ON_SQLITE
async def test_where_the_nearest_are_all_wrong_another_is_looked_for(place):
    await set_up(place, "Northwind")
    await place.ana.command("/client", "frob")
    await place.ana.choose("client.another", "Northwind")
    await place.quiet()
    assert "This is Northwind's card" in place.ana.sees()[-1].text


@ON_SQLITE
@pytest.mark.parametrize("command", ["/checkin", "/client", "/ember"])
async def test_help_is_anywhere(place, command):
    assert "*Try*" in shown(await place.ana.command(command, "help"))


@ON_SQLITE
@pytest.mark.parametrize(("command", "text"), [("/client", "away now"), ("/client", "list foo"), ("/ember", "frob")])
async def test_an_unknown_word_gets_help_and_keeps_what_was_typed(place, command, text):
    answer = shown(await place.ana.command(command, text))
    assert f"> {text}" in answer
    assert "*Try*" in answer


@ON_SQLITE
async def test_examples_name_a_client_that_exists(place):
    await set_up(place, "Halden")
    assert "/client Halden" in shown(await place.ana.command("/client", "help"))
    assert "/checkin Halden 4" in shown(await place.tom.command("/checkin", "help"))


@ON_SQLITE
async def test_notes_are_found_and_more_is_a_click_away(place):
    await set_up(place, "Northwind")
    for number in range(11):
        await place.ana.command("/checkin", f"Northwind 4 budget talk {number}z")
    assert "*budget* talk 10z" in shown(await place.ana.command("/client", "find budg"))
    await place.ana.click("find.more")
    await place.quiet()
    assert "*budget* talk 0z" in str(place.ana.sees()[-1].blocks)
    assert "Nothing found" in shown(await place.tom.command("/ember", "find budget"))


@ON_SQLITE
async def test_all_notes_open_from_the_card(place):
    await set_up(place, "Northwind")
    for number in range(7):
        await place.ana.command("/checkin", f"Northwind 4 talk {number}z")
    await place.ana.command("/client", "northwind")
    await turn_to(place, "notes")
    await place.ana.click("card.notes")
    await place.quiet()
    await place.ana.click("card.notes:older")
    await place.quiet()
    assert "talk 0z" in str(place.ana.sees()[-1].blocks)
    await place.ana.click("card.tab:notes")
    await place.quiet()
    assert "checkin.log" in str(place.ana.sees()[-1].blocks)


@ON_SQLITE
async def test_home_starts_empty_then_shows_clients_and_the_card_opens_over_it(place):
    await place.ana.open_home()
    await place.quiet()
    assert "No clients yet" in str(place.ana.home())
    await set_up(place, "Northwind")
    await set_up(place, "Halden", place.tom)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("home.show:clients", in_="home")
    await place.quiet()
    home = str(place.ana.home())
    assert "*Northwind* · Ana" in home
    assert "Halden" not in home
    await place.ana.click("home.all", in_="home")
    await place.quiet()
    assert "*Halden* · Tom" in str(place.ana.home())
    await place.ana.click("home.mine", in_="home")
    await place.quiet()
    await place.ana.click("client.open", in_="home")
    modal = await place.ana.modal()
    assert modal.title == "Northwind"
    await place.ana.close_modal(everything=True)
    await place.ana.click("home.help", in_="home")
    assert (await place.ana.modal()).title == "Help: /ember"


@ON_SQLITE
async def test_home_stays_fresh_for_the_team_that_has_opened_it(place):
    await set_up(place, "Northwind", team=[place.tom.member])
    await place.tom.open_home()
    await place.quiet()
    assert "Tue 19 May" in str(place.tom.home())
    place.clock.set(place.clock.now().replace(day=14))
    await place.ana.command("/checkin", "Northwind 4 called")
    await place.quiet()
    assert "Thu 21 May" in str(place.tom.home())
    assert place.ana.home() is None


async def test_the_messages_tab_publishes_nothing(place):
    await place.ana.open_home("messages")
    await place.quiet()
    assert place.ana.home() is None
    assert not any(member.home_opened_at for member in await place.rows(MemberRow))


@ON_SQLITE
async def test_where_a_client_reads_along_the_card_opens_in_a_window(place):
    await set_up(place, "Northwind")
    shared = place.slack.world.add_channel("shared", members=[place.ana.member], shared=True)
    for _ in range(2):
        answer = await place.ana.command("/client", "northwind", channel=shared)
        assert answer.blocks == []
        assert "Northwind" not in answer.text
        assert (await place.ana.modal()).title == "Northwind"
        await place.ana.close_modal(everything=True)


@ON_SQLITE
@pytest.mark.parametrize("name", ["New Balance", "End Zone", "People Power", "Find Ltd", "List Brothers"])
async def test_a_client_whose_name_opens_with_one_of_embers_words_opens_by_its_name(place, name):
    await place.ana.command("/client", "new")
    await place.ana.submit(name=name, rhythm="7")
    await place.ana.close_modal(everything=True)
    for command in ("/client", "/ember"):
        answer = await place.ana.command(command, name.lower())
        assert f"'{name}'" in shown(answer)
        assert "'card.tab:manage'" in shown(answer)
    assert place.ana.modals() == []


@ON_SQLITE
@pytest.mark.parametrize("text", ["help", "?", "Hi", " hello "])
async def test_hello_and_help_in_a_message_to_ember_show_how_to_log_a_line(place, text):
    await set_up(place, "Halden")
    await place.ana.dm(text)
    await place.quiet()
    answer = str(place.ana.sees()[-1].blocks)
    assert "/checkin Halden 4" in answer
    assert await place.rows(DraftRow) == []


@ON_SQLITE
async def test_hello_in_a_channel_is_none_of_embers_business(place):
    ts = place.slack.world.ts()
    await place.slack.event(
        "message", user=place.ana.id, channel=place.elsewhere.id, channel_type="channel", ts=ts, text="hello"
    )
    await place.quiet()
    assert place.slack.posted() == []


@ON_SQLITE
async def test_a_name_comes_back_in_a_refusal_as_it_is_written(place):
    await set_up(place, "R&D <b>")
    answer = await place.tom.command("/client", "edit r&d b")
    assert "Only R&amp;D &lt;b&gt;'s team changes this. Ana can" in answer.text
    answer = await place.ana.command("/client", "edit r&d x")
    assert "Did you mean R&amp;D &lt;b&gt;?" in answer.text


async def test_of_two_people_who_edit_a_client_the_second_is_told(place):
    await set_up(place, "Northwind", team=[place.tom.member])
    await place.ana.command("/client", "edit northwind")
    await place.ana.modal()
    await place.tom.command("/client", "edit northwind")
    assert (await place.tom.submit(rhythm="30")).errors == {}
    refused = await place.ana.submit(rhythm="14")
    assert refused.errors == {"name": "Somebody changed this client meanwhile. Close this and open it again."}
    [client] = await place.rows(ClientRow)
    assert client.rhythm_days == 30


async def test_a_client_form_pressed_twice_is_no_conflict_with_itself(place):
    await set_up(place, "Northwind")
    await place.ana.command("/client", "edit northwind")
    first = await place.ana.submit(rhythm="30")
    again = await place.slack.redeliver(first)
    assert "response_action" not in again.json or again.json["response_action"] == "update"
    [client] = await place.rows(ClientRow)
    assert client.rhythm_days == 30


@ON_SQLITE
async def test_pausing_says_that_a_relationship_has_ended(place):
    await set_up(place, "Northwind")
    await place.ana.command("/client", "pause northwind")
    await place.ana.modal()
    [client] = await place.rows(ClientRow)
    async with place.ember.store.work(client.workspace_id) as session:
        await clients.end(session, client.id, client.started_on)
    answer = await place.ana.submit()
    assert answer.errors == {"until": "That relationship has ended. Resume it first."}
    await place.ana.close_modal(everything=True)
    told = await place.ana.command("/client", "pause northwind")
    assert "That relationship has ended. Resume it first." in told.text


@ON_SQLITE
async def test_more_other_names_than_fit_come_back_with_what_was_typed(place):
    await set_up(place, "Northwind")
    names = ", ".join("n" * 70 + f"{number}" for number in range(40))
    told = await place.ana.command("/client", f"aliases northwind {names}")
    assert "Please keep it to 20 other names." in told.text
    assert names in told.text


@ON_SQLITE
async def test_a_word_in_a_clients_own_channel_is_about_that_client(place):
    await set_up(place, "Northwind", heard_in=[place.northwind])
    assert "|14:00>" in shown(await place.ana.command("/client", "brief 14:00", channel=place.northwind))
    assert "“Priya”" in shown(await place.ana.command("/client", "brief Priya 14:00", channel=place.northwind))
    assert "Northwind, " in shown(await place.ana.command("/client", "story 2024", channel=place.northwind))
    await place.ana.command("/client", "promise the plan, the list and the invoice by Friday", channel=place.northwind)
    form = await place.ana.modal()
    assert (form.value("what"), form.value("due")) == ("the plan, the list and the invoice", "2026-05-15")
    assert "Northwind" in str(form.view)
    await place.ana.close_modal(everything=True)
    assert "Did you mean Northwind" in str(await place.ana.command("/client", "end nortwind", channel=place.northwind))


@ON_SQLITE
@pytest.mark.parametrize("word", ["brief", "story", "Pause"])
async def test_a_word_without_a_client_shows_how_that_word_is_used(place, word):
    await place.has_been_in(place.elsewhere)
    await set_up(place, "Northwind")
    answer = await place.ana.command("/client", word, channel=place.elsewhere)
    assert f"Add the name, as in `/client {word.casefold()} northwind`." in str(answer)


@ON_SQLITE
@pytest.mark.parametrize("typed", ["promise help", "brief HELP", "story ?", "edit help"])
async def test_help_after_a_word_of_client_is_the_help_of_client(place, typed):
    await set_up(place, "Northwind")
    assert "Here is what /client can do" in str(await place.ana.command("/client", typed))
