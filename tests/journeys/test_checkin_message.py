"""Logging from a message, from the shortcut menu, and by writing to Ember."""

import pytest

from bot.playground.people import Message
from bot.practices.checkins.rows import CheckinRow, DraftRow
from tests.front_door import sees, set_up_client
from tests.support import ON_SQLITE


@pytest.fixture
async def shared(place):
    """A channel that a client's people read too, and the client heard in it."""
    place.theirs = place.join("Priya", team="T0000CLIENT")
    channel = place.slack.world.add_channel("with-halden", members=[place.ana.member, place.theirs.member], shared=True)
    await set_up_client(place, "Halden", heard_in=[channel])
    return channel


def posts_to(place, channel):
    """Return the calls and messages of Ember's in a channel."""
    calls = [call for call in place.slack.calls() if call.args.get("channel") == channel.id]
    messages = [message for message in place.slack.world.messages(channel.id) if message.app]
    return [call.method for call in calls if call.method.startswith("chat.")] + [message.text for message in messages]


async def log(person, message, **more):
    await person.message_shortcut("checkin.from_message", message)
    await person.modal()
    return await person.submit({"feeling": "4", **more})


@ON_SQLITE
async def test_a_message_in_a_clients_channel_becomes_a_note_with_a_way_back(place, northwind):
    message = place.tom.post(place.northwind, "They loved the plan")
    await place.ana.message_shortcut("checkin.from_message", message)
    modal = await place.ana.modal()
    assert (modal.value("client"), modal.value("note")) == (str(northwind.id), "They loved the plan")
    await place.ana.submit(feeling="5")
    [kept] = await place.rows(CheckinRow)
    assert (kept.note, kept.via) == ("They loved the plan", "message")
    assert (kept.source_channel, kept.source_ts) == (place.northwind.id, message.ts)
    link = f"archives/{place.northwind.id}/p{message.ts.replace('.', '')}|The message>"
    assert link in sees(place.ana)
    assert posts_to(place, place.northwind) == []


@ON_SQLITE
async def test_in_a_channel_shared_with_the_client_nothing_is_posted(place, shared):
    message = place.theirs.post(shared, "Thank you for the launch!")
    await log(place.ana, message)
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "Thank you for the launch!"
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert "Undone" in sees(place.ana)
    assert posts_to(place, shared) == []


@ON_SQLITE
async def test_a_message_between_two_colleagues_where_ember_is_not_becomes_a_note_too(place, northwind):
    between = place.slack.world.other_dm(place.ana.member, place.tom.member)
    message = place.tom.post(between, "Priya rang, she has the plan")
    await place.ana.message_shortcut("checkin.from_message", message)
    modal = await place.ana.modal()
    assert (modal.value("client"), modal.value("note")) == (None, "Priya rang, she has the plan")
    await place.ana.submit(client="Northwind", feeling="4")
    [kept] = await place.rows(CheckinRow)
    assert (kept.note, kept.source_channel) == ("Priya rang, she has the plan", between.id)
    await place.ana.click("checkin.undo")
    await place.quiet()
    assert "Undone" in sees(place.ana)
    assert posts_to(place, between) == []


@ON_SQLITE
async def test_a_channel_of_no_client_asks_which(place, northwind):
    message = place.tom.post(place.elsewhere, "Northwind called")
    await place.ana.message_shortcut("checkin.from_message", message)
    assert (await place.ana.modal()).value("client") is None
    await place.ana.submit(client="Northwind", feeling="4")
    assert len(await place.rows(CheckinRow)) == 1


@ON_SQLITE
@pytest.mark.parametrize("flags", [{"guest": True}, {"team": "T0000CLIENT"}])
async def test_guests_and_strangers_are_refused_without_content(place, shared, flags):
    outsider = place.join("Omar", shared, **flags)
    message = place.ana.post(shared, "An inner thought")
    await outsider.message_shortcut("checkin.from_message", message)
    await outsider.shortcut("checkin.open")
    answer = await outsider.command("/checkin", "halden", channel=shared)
    await place.quiet()
    assert "full members of this workspace" in answer.text
    told = [message for message in outsider.sees() if message.app]
    assert told
    assert all("full members of this workspace" in message.text for message in told)
    assert all("inner thought" not in message.text for message in told)
    assert [modal.title for modal in outsider.modals() if modal.title != "Ember"] == []


@ON_SQLITE
async def test_mentions_and_links_stay_readable(place, northwind):
    text = (
        f"<@{place.tom.id}> and <@U0UNKNOWN|bo> saw <https://example.com/a?b=1&amp;c=2|the plan>, <https://example.com>"
        f" and <http://example.com|example.com>, <mailto:priya@example.com|priya@example.com> in <#C0123456789|brand>"
        f" &lt;3 <!here> <!subteam^S01|@team> <!date^1778578200^{{date}}|12 May> R&amp;D"
    )
    world = place.slack.world
    message = world.post(Message(place.northwind.id, "", place.tom.id, text))
    await place.ana.message_shortcut("checkin.from_message", message)
    assert (await place.ana.modal()).value("note") == (
        "@Tom and @bo saw the plan (https://example.com/a?b=1&c=2), https://example.com"
        " and example.com, priya@example.com in #brand <3 @here @team 12 May R&D"
    )


@ON_SQLITE
async def test_a_forwarded_e_mail_is_its_subject_and_body(place, northwind):
    mail = {"mode": "email", "subject": "Launch", "plain_text": "It went well.\n\nPriya"}
    message = place.tom.post(place.northwind, "", files=[mail])
    await log(place.ana, message)
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "Launch\nIt went well.\n\nPriya"


@ON_SQLITE
async def test_a_clip_is_what_was_said_in_it(place, northwind):
    clip = {"subtype": "slack_audio", "transcription": {"status": "complete", "preview": {"content": "She paused."}}}
    message = place.tom.post(place.northwind, "After the call:", files=[clip])
    await log(place.ana, message)
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "After the call:\nShe paused."


@ON_SQLITE
async def test_an_empty_message_opens_an_empty_note(place, northwind):
    message = place.tom.post(place.northwind, "", files=[{"mode": "hosted", "name": "plan.pdf"}])
    await place.ana.message_shortcut("checkin.from_message", message)
    assert (await place.ana.modal()).value("note") is None


@ON_SQLITE
async def test_a_very_long_message_is_cut_to_what_a_note_holds(place, northwind):
    message = place.tom.post(place.northwind, "word " * 1000)
    await log(place.ana, message)
    [kept] = await place.rows(CheckinRow)
    assert 2990 <= len(kept.note) <= 3000
    assert kept.note.endswith("…")


async def test_adding_detail_keeps_where_the_note_came_from(place, northwind):
    message = place.tom.post(place.northwind, "They loved it")
    await log(place.ana, message)
    await place.ana.click("checkin.edit")
    await place.quiet()
    await place.ana.submit(quote="Loved it")
    [kept] = await place.rows(CheckinRow)
    assert (kept.quote, kept.source_ts, kept.via) == ("Loved it", message.ts, "message")
    assert "The message>" in sees(place.ana)


@ON_SQLITE
async def test_the_global_shortcut_opens_the_form_for_nobody_yet(place, northwind):
    await place.ana.shortcut("checkin.open")
    assert (await place.ana.modal()).value("client") is None
    await place.ana.submit(client="Northwind", feeling="4", note="Called from the train")
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "Called from the train"


@ON_SQLITE
async def test_a_message_to_ember_is_read_like_a_line(place, northwind):
    await place.ana.dm("Northwind 4 called about the launch")
    [kept] = await place.rows(CheckinRow)
    assert (kept.feeling, kept.note, kept.via) == (4, "called about the launch", "dm")
    await place.quiet()
    assert "Saved: Northwind · warm" in sees(place.ana)
    await place.ana.click("checkin.undo")
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_a_message_to_ember_is_kept_as_it_was_typed(place, northwind):
    await place.ana.dm("Northwind 4 R&D asks <!channel> if 3 < 5\nand &lt; too")
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "R&D asks <!channel> if 3 < 5\nand &lt; too"
    await place.quiet()
    assert all("<!channel>" not in str(payload) for payload, _ in place.slack.wire.drawn())


@ON_SQLITE
async def test_links_and_names_in_a_message_to_ember_stay_readable(place, northwind):
    text = f"Northwind 4 <@{place.tom.id}> sent <https://example.com/plan>"
    await event(place, text=text)
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "@Tom sent https://example.com/plan"


@ON_SQLITE
async def test_a_message_to_ember_without_a_rating_is_asked_for_it(place, northwind):
    await place.ana.dm("Northwind we met 4 people")
    await place.quiet()
    await place.ana.click("draft.feel:3")
    [kept] = await place.rows(CheckinRow)
    assert (kept.feeling, kept.note) == (3, "we met 4 people")


@ON_SQLITE
async def test_a_message_to_ember_without_words_asks_for_them_and_gives_the_line_back(place, northwind):
    await place.ana.dm("northwind 4")
    await place.quiet()
    assert "What happened?" in sees(place.ana)
    assert "> northwind 4" in sees(place.ana)
    assert await place.rows(CheckinRow) == []


@ON_SQLITE
async def test_a_client_with_an_ampersand_is_named_in_the_example(place):
    await set_up_client(place, "R&D")
    await place.ana.dm("R&D 4")
    await place.quiet()
    assert "`R&amp;D 4 paused when asked about Q3`" in sees(place.ana)


@ON_SQLITE
async def test_a_message_with_a_picture_is_a_message_too(place, northwind):
    await event(place, text="Northwind 4 the wall of fame", subtype="file_share", files=[{"mode": "hosted"}])
    [kept] = await place.rows(CheckinRow)
    assert kept.note == "the wall of fame"


async def event(place, duplicate=False, **fields):
    dm = place.slack.world.dm(place.ana.member)
    given = {"user": place.ana.id, "channel": dm.id, "channel_type": "im", "ts": place.slack.world.ts()} | fields
    return await place.slack.event("message", duplicate=duplicate, **given)


@ON_SQLITE
async def test_what_ember_says_itself_and_what_is_edited_is_no_check_in(place, northwind):
    bot = place.slack.world.bot
    await event(place, text="Northwind 4 fine", user=bot.id, bot_id=bot.bot_id)
    await event(place, text="Northwind 4 fine", bot_id="B0OTHERBOT")
    await event(place, subtype="message_changed", message={"text": "Northwind 4 fine", "user": place.ana.id})
    await event(place, subtype="message_deleted", deleted_ts="1.2")
    await event(place, text="")
    await place.quiet()
    assert await place.rows(CheckinRow) == []
    assert await place.rows(DraftRow) == []
    assert place.slack.posted() == []


@ON_SQLITE
async def test_a_message_in_a_channel_is_none_of_embers_business(place, northwind):
    await event(place, text="Northwind 4 fine", channel=place.northwind.id, channel_type="channel")
    await place.quiet()
    assert await place.rows(CheckinRow) == []
    assert place.slack.posted() == []


@pytest.mark.parametrize(("line", "table"), [("Northwind 4 fine", CheckinRow), ("Nortwind fine", DraftRow)])
async def test_an_event_that_arrives_twice_is_kept_once(place, northwind, line, table):
    await event(place, duplicate=True, text=line)
    await place.quiet()
    assert len(await place.rows(table)) == 1
    assert len(place.slack.posted(place.ana.member)) == 1
