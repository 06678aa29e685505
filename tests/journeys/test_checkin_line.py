"""Logging a conversation with one line of `/checkin`."""

import pytest

from bot.practices.checkins.rows import CheckinRow, DraftRow
from bot.practices.clients.rows import ClientRow
from tests.front_door import reads, sees, set_up_by_form, set_up_client
from tests.support import ON_SQLITE


async def kept(place):
    return [(row.feeling, row.note) for row in await place.rows(CheckinRow)]


@pytest.mark.parametrize(
    ("line", "feeling", "note"),
    [
        ("4 liked the launch plan", 4, "liked the launch plan"),
        ("warm: liked the launch plan", 4, "liked the launch plan"),
        ("🥶 did not say hello", 1, "did not say hello"),
        (":fire: can't wait", 5, "can't wait"),
        ("northwind 2 asked for a call", 2, "asked for a call"),
        ("NW glowing thanked the whole team", 5, "thanked the whole team"),
        ("Northwind: 3 asked about Q3", 3, "asked about Q3"),
        ("5 4 people came", 5, "4 people came"),
    ],
)
async def test_a_line_in_the_clients_channel_is_logged_at_once(place, line, feeling, note):
    await set_up_by_form(place, heard_in=[place.northwind], aliases="NW")
    answer = await place.ana.command("/checkin", line, channel=place.northwind)
    assert await kept(place) == [(feeling, note)]
    assert "Saved: Northwind" in reads(answer.message)
    assert note in reads(answer.message)
    assert answer.message.ephemeral_to == place.ana.id


@ON_SQLITE
async def test_a_name_works_anywhere_and_wins_over_the_channels_client(place, northwind):
    halden = await set_up_client(place, "Halden")
    await place.ana.command("/checkin", "halden 4 in Northwind's channel", channel=place.northwind)
    await place.ana.command("/checkin", "Halden warm in the corridor", channel=place.elsewhere)
    rows = await place.rows(CheckinRow)
    assert [row.client_id for row in rows] == [halden.id, halden.id]


@ON_SQLITE
async def test_a_rating_may_come_before_the_name_where_no_client_is_heard(place, northwind):
    await place.ana.command("/checkin", "4 Northwind called about the launch", channel=place.elsewhere)
    assert await kept(place) == [(4, "called about the launch")]


@ON_SQLITE
async def test_a_line_keeps_its_lines(place, northwind):
    await place.ana.command("/checkin", "4 three things:\n- budget\n\n  - launch", channel=place.northwind)
    assert await kept(place) == [(4, "three things:\n- budget\n\n  - launch")]


@ON_SQLITE
async def test_a_number_inside_a_sentence_is_no_rating_and_one_tap_gives_it(place, northwind):
    answer = await place.ana.command("/checkin", "we met 4 people", channel=place.northwind)
    assert await kept(place) == []
    assert "Northwind: how did it leave them?" in reads(answer.message)
    await place.ana.click("draft.feel:5")
    assert await kept(place) == [(5, "we met 4 people")]
    await place.quiet()
    assert "Saved: Northwind · glowing" in sees(place.ana)


async def test_tapping_a_rating_twice_saves_once(place, northwind):
    answer = await place.ana.command("/checkin", "we met 4 people", channel=place.northwind)
    tapped = await place.ana.click("draft.feel:5", in_=answer.message)
    await place.slack.redeliver(tapped)
    assert await kept(place) == [(5, "we met 4 people")]


@ON_SQLITE
async def test_a_misspelt_name_offers_the_nearest_and_leaves_the_note(place, northwind):
    for name in ("Northvale", "Norwood", "Orchard"):
        await set_up_client(place, name)
    answer = await place.ana.command("/checkin", "nortwind 4 paused when asked about Q3", channel=place.elsewhere)
    *nearest, another, new = answer.message.blocks[1]["elements"]
    assert nearest[0]["text"]["text"] == "Northwind"
    assert len(nearest) == 3
    assert (another["type"], another["placeholder"]["text"]) == ("external_select", "Another client")
    assert new["text"]["text"] == "New client"
    assert "nortwind 4 paused when asked about Q3" in reads(answer.message)
    assert await kept(place) == []
    await place.ana.click("draft.client:0")
    assert await kept(place) == [(4, "paused when asked about Q3")]
    [row] = await place.rows(CheckinRow)
    assert (row.client_id, row.via) == (northwind.id, "line")


@ON_SQLITE
async def test_a_client_that_is_not_among_the_nearest_is_looked_for(place, northwind):
    for name in ("Alder", "Birch", "Cedar"):
        await set_up_client(place, name)
    answer = await place.ana.command("/checkin", "Adler & co 4 paused when asked about Q3", channel=place.elsewhere)
    assert "Northwind" not in reads(answer.message)
    picker = answer.message.blocks[1]["elements"][-2]["action_id"]
    assert [one["text"]["text"] for one in await place.ana.search(picker, "")][:2] == ["Alder", "Birch"]
    await place.ana.choose(picker, "Northwind")
    await place.quiet()
    await place.ana.click("draft.feel:4")
    assert await kept(place) == [(4, "Adler & co 4 paused when asked about Q3")]
    [row] = await place.rows(CheckinRow)
    assert row.client_id == northwind.id


@ON_SQLITE
async def test_where_there_is_no_client_yet_there_is_none_to_look_for(place):
    answer = await place.ana.command("/checkin", "nortwind 4 fine", channel=place.elsewhere)
    assert [element["type"] for element in answer.message.blocks[1]["elements"]] == ["button"]


@ON_SQLITE
async def test_a_misspelt_name_without_a_rating_is_asked_for_it_next(place, northwind):
    await place.ana.command("/checkin", "nortwind is happy", channel=place.elsewhere)
    await place.ana.click("draft.client:0")
    await place.quiet()
    await place.ana.click("draft.feel:4")
    assert await kept(place) == [(4, "is happy")]


@ON_SQLITE
async def test_words_that_are_no_name_are_never_taken_for_one(place, northwind):
    await place.ana.command("/checkin", "we met 4 people at their office", channel=place.elsewhere)
    await place.ana.click("draft.client:0")
    await place.quiet()
    await place.ana.click("draft.feel:4")
    assert await kept(place) == [(4, "we met 4 people at their office")]


async def test_choosing_the_client_twice_does_not_eat_into_the_words(place, northwind):
    answer = await place.ana.command("/checkin", "nortwind north wing reopened", channel=place.elsewhere)
    tapped = await place.ana.click("draft.client:0", in_=answer.message)
    await place.slack.redeliver(tapped)
    assert [row.text for row in await place.rows(DraftRow)] == ["north wing reopened"]


@ON_SQLITE
async def test_a_misspelt_name_alone_opens_the_form_for_the_one_that_is_chosen(place, northwind):
    await place.ana.command("/checkin", "nortwind", channel=place.elsewhere)
    await place.ana.click("draft.client:0")
    modal = await place.ana.modal()
    assert modal.value("client") == str(northwind.id)
    assert modal.value("note") is None
    assert await kept(place) == []


@ON_SQLITE
async def test_a_name_alone_opens_the_form_for_that_client(place, northwind):
    await place.ana.command("/checkin", "northwind", channel=place.elsewhere)
    modal = await place.ana.modal()
    assert (modal.value("client"), modal.value("feeling")) == (str(northwind.id), None)


@ON_SQLITE
async def test_a_rating_alone_opens_the_form_with_it(place, northwind):
    await place.ana.command("/checkin", "4", channel=place.northwind)
    modal = await place.ana.modal()
    assert (modal.value("client"), modal.value("feeling")) == (str(northwind.id), "4")
    await place.ana.submit(note="All well")
    assert await kept(place) == [(4, "All well")]


@ON_SQLITE
async def test_more_than_three_thousand_characters_are_given_back(place, northwind):
    line = "4 " + "long " * 700
    answer = await place.ana.command("/checkin", line, channel=place.northwind)
    assert "longer than 3,000 characters" in answer.text
    assert line.strip() in answer.text
    assert await kept(place) == []


@ON_SQLITE
async def test_what_looks_like_markup_is_kept_as_typed_and_pings_nobody(place, northwind):
    typed = "4 R&D <!channel> asks if 3 < 5 > 2 *bold* <@U0000000001>"
    answer = await place.ana.command("/checkin", typed, channel=place.northwind)
    assert await kept(place) == [(4, typed[2:])]
    shown = answer.message.blocks[0]["text"]["text"]
    assert "R&amp;D &lt;!channel&gt; asks if 3 &lt; 5 &gt; 2 *bold* &lt;@U0000000001&gt;" in shown
    for payload, _ in place.slack.wire.drawn():
        assert "<!channel>" not in str(payload)
        assert "<@" not in str(payload)


@ON_SQLITE
async def test_a_client_named_like_a_mention_pings_nobody(place):
    await set_up_client(place, "R&D <!channel>", heard_in=[place.northwind])
    await place.ana.command("/checkin", "4 fine", channel=place.northwind)
    await place.ana.command("/checkin", "we met 4 people", channel=place.northwind)
    await place.ana.dm("R&D <!channel> 4")
    await place.quiet()
    for payload, surface in place.slack.wire.drawn():
        if surface == "message":
            assert "<!channel>" not in payload["text"]
            assert "<!channel>" not in str([block for block in payload.get("blocks", ()) if block["type"] == "section"])


@ON_SQLITE
async def test_an_unknown_client_is_set_up_and_the_waiting_line_logged(place):
    await place.ana.command("/checkin", "Orchard 4 signed today", channel=place.elsewhere)
    await place.ana.click("draft.new")
    await place.quiet()
    modal = await place.ana.modal()
    assert modal.value("name") == "Orchard"
    await place.ana.submit()
    assert "What you typed is kept." in sees(place.ana)
    await place.ana.click("draft.client")
    assert await kept(place) == [(4, "signed today")]
    await place.quiet()
    assert "Saved: Orchard · warm" in sees(place.ana)


@ON_SQLITE
async def test_a_rating_without_a_client_suggests_no_name_for_a_new_one(place):
    await place.ana.command("/checkin", "4 signed today", channel=place.elsewhere)
    await place.ana.click("draft.new")
    await place.quiet()
    assert (await place.ana.modal()).value("name") is None
    await place.ana.submit(name="Orchard")
    await place.ana.click("draft.client")
    assert await kept(place) == [(4, "signed today")]


@ON_SQLITE
async def test_a_waiting_line_is_its_writers_alone(place, northwind):
    answer = await place.ana.command("/checkin", "nortwind 4 fine", channel=place.elsewhere)
    for action in ("draft.client:0", "draft.new"):
        await place.tom.click(action, in_=answer.message)
        await place.quiet()
    assert await kept(place) == []
    assert "not there any more" in reads(place.tom.sees()[-1])


async def test_a_waiting_line_whose_client_is_gone_says_so(place, northwind):
    await place.ana.command("/checkin", "we met 4 people", channel=place.northwind)
    import sqlalchemy as sa

    async with place.ember.store.work(northwind.workspace_id) as session:
        await session.execute(sa.delete(ClientRow))
    await place.ana.click("draft.feel:4")
    await place.quiet()
    assert "not there any more" in sees(place.ana)
    assert await kept(place) == []


async def test_a_command_that_arrives_twice_is_kept_once(place, northwind):
    answer = await place.ana.command("/checkin", "4 liked the plan", channel=place.northwind)
    again = await place.slack.redeliver(answer)
    assert await kept(place) == [(4, "liked the plan")]
    assert again.json["blocks"] == answer.json["blocks"]


async def test_a_question_that_arrives_twice_keeps_one_line(place, northwind):
    answer = await place.ana.command("/checkin", "we met 4 people", channel=place.northwind)
    again = await place.slack.redeliver(answer)
    assert again.json["blocks"] == answer.json["blocks"]
    assert len(await place.rows(DraftRow)) == 1


@ON_SQLITE
async def test_a_command_that_arrives_again_after_its_undo_stays_undone(place, northwind):
    answer = await place.ana.command("/checkin", "4 liked the plan", channel=place.northwind)
    await place.ana.click("checkin.undo")
    again = await place.slack.redeliver(answer)
    assert await kept(place) == []
    assert "not there any more" in again.text
