"""Who can read a check-in, and where nothing is shown at all."""

import pytest

from bot.practices.checkins.rows import CheckinRow
from tests.front_door import reads, sees, set_up_client, turn_to
from tests.support import ON_SQLITE

SECRET = "She may leave in autumn"


@pytest.fixture
async def sam(place):
    """Somebody of ours in no team."""
    return place.join("Sam", place.northwind, place.elsewhere)


@pytest.fixture
async def halden(place):
    """A client of Ana's, with Tom in its team."""
    return await set_up_client(place, "Halden", heard_in=[place.northwind], team=[place.tom.member])


async def note(place, visibility):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.fill(feeling="2", note=SECRET)
    await place.ana.click("checkin.more")
    await place.quiet()
    await place.ana.submit(visibility=visibility, promise="Talk to her", promise_due="2026-05-15")
    await place.ana.close_modal(everything=True)


async def reads_it(place, person):
    """Return whether a person reads the note on the card, among all notes, and by searching."""
    card = await person.command("/client", "halden", channel=place.elsewhere)
    now = reads(card.message)
    shown = "\n".join([now, reads(await turn_to(place, "notes", person))])
    found = await person.command("/client", "find autumn", channel=place.elsewhere)
    said = [shown, reads(found.message)]
    assert ("Talk to her" in said[0]) is (SECRET in said[0])
    return SECRET in said[0], SECRET in said[1].replace("*", "")


@ON_SQLITE
@pytest.mark.parametrize(
    ("visibility", "author", "team", "others"),
    [("me", True, False, False), ("team", True, True, False), ("everyone", True, True, True)],
)
async def test_a_note_is_read_by_whom_its_author_chose(place, halden, sam, visibility, author, team, others):
    await note(place, visibility)
    [kept] = await place.rows(CheckinRow)
    assert kept.visibility == visibility
    assert await reads_it(place, place.ana) == (author, author)
    assert await reads_it(place, place.tom) == (team, team)
    assert await reads_it(place, sam) == (others, others)


async def test_changing_who_can_see_a_note_changes_what_others_find(place, halden, sam):
    await note(place, "everyone")
    assert await reads_it(place, sam) == (True, True)
    await place.ana.command("/client", "halden", channel=place.elsewhere)
    await turn_to(place, "notes")
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.submit(visibility="me")
    await place.ana.close_modal(everything=True)
    assert await reads_it(place, sam) == (False, False)
    assert await reads_it(place, place.tom) == (False, False)
    assert await reads_it(place, place.ana) == (True, True)


@ON_SQLITE
async def test_only_its_author_is_offered_to_change_a_note(place, halden, sam):
    await note(place, "everyone")
    await sam.command("/client", "halden", channel=place.elsewhere)
    card = await turn_to(place, "notes", sam)
    assert SECRET in reads(card)
    assert "checkin.edit" not in str(card.blocks)


@pytest.fixture(params=["shared", "pending", "guest"])
async def read_along(request, place):
    """A channel where others read along, with Halden heard in it."""
    flags = {request.param: True} if request.param != "guest" else {}
    channel = place.slack.world.add_channel("with-halden", members=[place.ana.member], **flags)
    if request.param == "guest":
        place.join("Omar", channel, guest=True)
    await set_up_client(place, "Halden", heard_in=[channel])
    return channel


@ON_SQLITE
@pytest.mark.parametrize("line", ["4 She may leave in autumn", "She may leave in autumn", "haldn 4 She may leave"])
async def test_where_others_read_along_the_answer_is_a_window_for_one(place, read_along, line):
    answer = await place.ana.command("/checkin", line, channel=read_along)
    assert "Halden" not in str(answer.body)
    assert "autumn" not in str(answer.body)
    assert answer.json["response_type"] == "ephemeral"
    await place.ana.modal()
    await place.quiet()
    assert "Halden" in sees(place.ana)
    assert all(call.method != "chat.postMessage" for call in place.slack.calls())


@ON_SQLITE
async def test_where_others_read_along_a_waiting_line_is_finished_in_the_window(place, read_along):
    await place.ana.command("/checkin", "She may leave in autumn", channel=read_along)
    await place.ana.modal()
    await place.ana.click("draft.feel:2")
    await place.quiet()
    [kept] = await place.rows(CheckinRow)
    assert (kept.feeling, kept.note) == (2, "She may leave in autumn")
    assert "Saved: Halden · cool" in sees(place.ana)
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert "Undone" in sees(place.ana)
    await place.ana.click("draft.feel:2")
    assert len(await place.rows(CheckinRow)) == 1


@ON_SQLITE
async def test_a_channel_ember_knows_nothing_about_yet_counts_as_read_by_others(place, northwind):
    unknown = place.slack.world.add_channel("new-one", members=[place.ana.member])
    answer = await place.ana.command("/checkin", "northwind 4 fine", channel=unknown)
    assert "Northwind" not in str(answer.body)
    await place.ana.modal()
    await place.ana.close_modal()
    await place.quiet()
    answer = await place.ana.command("/checkin", "northwind 4 fine again", channel=unknown)
    assert "Saved: Northwind" in reads(answer.message)


async def test_a_channel_that_has_just_been_shared_counts_as_read_by_others_at_once(place, halden):
    place.northwind.shared = True
    await place.slack.event("channel_shared", channel=place.northwind.id, connected_team_id="T0000CLIENT")
    for _ in range(2):
        answer = await place.ana.command("/checkin", "4 fine", channel=place.northwind)
        assert "Halden" not in str(answer.body)
        await place.quiet()
        await place.ana.close_modal(everything=True)


@ON_SQLITE
async def test_where_others_read_along_a_refusal_names_clients_in_the_window_alone(place, read_along):
    answer = await place.ana.command("/client", "edit haldn", channel=read_along)
    assert "Halden" not in str(answer.body)
    await place.ana.modal()
    await place.quiet()
    assert "Halden" in sees(place.ana)
    assert "edit haldn" in sees(place.ana)
