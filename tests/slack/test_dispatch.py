import asyncio
import json
import re

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rows import CheckinRow
from bot.practices.clients.rows import ClientRow
from bot.slack.blocks import section
from bot.slack.errors import Refused
from bot.slack.forms import FieldErrors
from bot.slack.panel import Panel
from bot.slack.text import Markup
from tests.front_door import BOT_TOKEN, SECRET, agency
from tests.listening import listening
from tests.support import ON_SQLITE, PATIENCE

WORDS = "paused when asked about Q3"
WENT_WRONG = re.compile(r"Something went wrong on Ember's side \(reference [0-9a-f]{6}\)\. Please try once more\.")


@pytest.fixture
async def place(database_url, clock):
    async with agency(database_url, clock) as place:
        await place.ana.command("/client", "new Northwind", channel=place.northwind)
        await place.ana.submit(name="Northwind", rhythm="7", heard_in=[place.northwind])
        await place.ana.close_modal(everything=True)
        await place.quiet()
        yield place


@pytest.fixture
async def dry(migrated_sqlite, tmp_path, clock):
    """Ember on SQLite, for what no database has a say in."""
    (tmp_path / "ember.db").write_bytes(migrated_sqlite.read_bytes())
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock) as place:
        yield place


def form(callback_id="test.form"):
    field = {"type": "input", "block_id": "note", "label": {"type": "plain_text", "text": "Note"}}
    field["element"] = {"type": "plain_text_input", "action_id": "note"}
    texts = {key: {"type": "plain_text", "text": key.title()} for key in ("title", "submit")}
    return {"type": "modal", "callback_id": callback_id, "blocks": [field], **texts}


async def open_form(place, view):
    async def show(ack, here):
        await ack()
        here.open(view)

    place.ember.bolt.command("/form")(show)
    await place.ana.command("/form")
    await place.ana.modal()


async def test_a_command_of_another_team_is_told_so_in_words(dry):
    [team] = dry.ember.workspaces.items()
    dry.ember.workspaces.clear()
    answer = await dry.ana.command("/checkin", "4 fine")
    dry.ember.workspaces.update([team])
    assert answer.status == 200
    assert answer.text.startswith("Ember is not connected to this workspace yet.")
    assert "> 4 fine" in answer.text


async def test_a_submission_of_another_team_says_so_at_its_first_field(dry):
    await open_form(dry, form())
    [team] = dry.ember.workspaces.items()
    dry.ember.workspaces.clear()
    answer = await dry.ana.submit(note="hello")
    dry.ember.workspaces.update([team])
    assert answer.errors["note"].startswith("Ember is not connected to this workspace yet.")


async def test_an_unknown_command_is_told_where_help_is(dry):
    answer = await dry.ana.command("/unheard", "of this")
    assert answer.status == 200
    assert answer.text == (
        "That comes from another version of Ember. `/ember help` shows what works now.\nYou typed:\n> of this"
    )


@pytest.mark.parametrize("kind", ["block_actions", "shortcut", "message_action", "block_suggestion", "view_closed"])
async def test_what_nobody_handles_is_still_answered(dry, kind):
    from bot.playground import payloads

    body = payloads.interaction(dry.slack.ground, dry.ana.member, kind)
    body |= {"callback_id": "unheard", "action_id": "unheard", "value": "a secret search", "view": {"type": "modal"}}
    body |= {"actions": [{"action_id": "unheard", "block_id": "b", "type": "button", "value": "x"}]}
    with listening() as log:
        answer = await signed(dry, body)
        await dry.quiet()
    assert answer.status == 200
    assert answer.json == ({"options": []} if kind == "block_suggestion" else {})
    assert "a secret search" not in log.getvalue()


async def signed(place, body):
    from urllib.parse import urlencode

    raw = urlencode({"payload": json.dumps(body)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", **place.slack.sign(raw)}
    return await place.slack.raw(raw, headers)


async def test_a_click_that_nobody_handles_is_answered_over_the_message(dry):
    async def show(ack):
        button = {"type": "button", "action_id": "unheard.of", "text": {"type": "plain_text", "text": "Go"}}
        await ack(text="Here.", blocks=[{"type": "actions", "elements": [button]}])

    dry.ember.bolt.command("/button")(show)
    await dry.ana.command("/button", channel=dry.northwind)
    assert (await dry.ana.click("unheard.of")).ok
    await dry.quiet()
    assert dry.ana.sees(dry.northwind)[-1].text.startswith("That comes from another version of Ember.")


async def test_an_unknown_shortcut_and_an_unknown_button_in_a_modal_open_a_window_that_says_so(dry):
    assert (await dry.ana.shortcut("unheard.of")).ok
    modal = await dry.ana.modal()
    assert "another version of Ember" in json.dumps(modal.view["blocks"])


async def test_an_unknown_submission_says_so_at_its_first_field(dry):
    await open_form(dry, form())
    assert "another version of Ember" in (await dry.ana.submit(note="x")).errors["note"]


async def test_an_unknown_event_is_taken_and_forgotten(dry):
    answer = await dry.slack.event("channel_history_changed", channel=dry.northwind.id)
    await dry.quiet()
    assert (answer.status, answer.body, dry.slack.posted()) == (200, "", [])


async def test_a_listener_that_breaks_before_it_answers_leaves_a_reference_and_the_words(dry):
    async def broken(ack, here):
        raise KeyError(here.envelope.typed)

    dry.ember.bolt.command("/broken")(broken)
    with listening() as log:
        answer = await dry.ana.command("/broken", WORDS)
    assert answer.status == 200
    assert WENT_WRONG.match(answer.text)
    assert f"> {WORDS}" in answer.text
    [code] = re.findall(r"reference ([0-9a-f]{6})", answer.text)
    assert code in log.getvalue()
    assert "in broken" in log.getvalue()
    for secret in (WORDS, SECRET, BOT_TOKEN, "locals"):
        assert secret not in log.getvalue()


async def test_a_listener_that_breaks_after_it_answered_changes_nothing_for_the_user(dry):
    async def broken(ack):
        await ack("Saved.")
        raise KeyError("oh")

    dry.ember.bolt.command("/broken")(broken)
    with listening() as log:
        answer = await dry.ana.command("/broken")
    assert answer.text == "Saved."
    assert "request failed" in log.getvalue()


@pytest.mark.parametrize("late", [Refused("Not today."), FieldErrors({"note": "no"})])
async def test_a_refusal_after_the_answer_is_logged_and_changes_nothing_either(dry, late):
    async def broken(ack):
        await ack("Saved.")
        raise late

    dry.ember.bolt.command("/broken")(broken)
    with listening() as log:
        answer = await dry.ana.command("/broken")
    assert answer.text == "Saved."
    assert "request failed" in log.getvalue()


async def test_a_refusal_is_said_with_what_was_typed_and_mentions_nobody(dry):
    async def refuse(ack):
        raise Refused("<!channel> is no client.")

    dry.ember.bolt.command("/refuse")(refuse)
    answer = await dry.ana.command("/refuse", "<!here> & more")
    assert answer.text == "&lt;!channel&gt; is no client.\nYou typed:\n> &lt;!here&gt; &amp; more"


async def test_field_errors_land_on_their_fields(dry):
    async def save(ack):
        raise FieldErrors({"note": "Say a little more."})

    dry.ember.bolt.view("test.form")(save)
    await open_form(dry, form())
    assert (await dry.ana.submit(note="x")).errors == {"note": "Say a little more."}


async def test_a_broken_submission_keeps_its_form_open(dry):
    async def save(ack):
        raise LookupError

    dry.ember.bolt.view("test.form")(save)
    await open_form(dry, form())
    answer = await dry.ana.submit(note="x")
    assert WENT_WRONG.match(answer.errors["note"])
    assert (await dry.ana.modal()).title == "Title"


async def test_a_broken_middleware_is_inside_the_boundary_too(dry):
    async def broken(req):
        raise LookupError

    dry.ember.bolt.middleware(broken)
    answer = await dry.ana.command("/ember", "help")
    assert WENT_WRONG.match(answer.text)


async def hold_the_writer(place, held, free):
    store, workspace = place.ember.store, next(iter(place.ember.workspaces.values()))
    async with store.work(workspace.id) as session:
        begin = "SELECT 1" if store.dialect == "sqlite" else "LOCK TABLE seen IN ACCESS EXCLUSIVE MODE"
        await session.execute(sa.text(begin), execution_options={"all_workspaces": "a test holds everybody up"})
        held.set()
        await free.wait()


class SlowDatabase:
    def __init__(self, place):
        self._place, self._free = place, asyncio.Event()

    async def __aenter__(self):
        held = asyncio.Event()
        self._task = asyncio.create_task(hold_the_writer(self._place, held, self._free))
        self._place.ember.dispatcher.deadline = 0.3
        await held.wait()
        return self

    async def __aexit__(self, *_):
        self._free.set()
        await self._task


async def test_a_slow_database_is_admitted_in_time_and_the_answer_follows_once(place):
    with listening() as log:
        async with SlowDatabase(place):
            answer = await place.ana.command("/checkin", f"4 {WORDS}", channel=place.northwind)
            assert re.match(r"Ember is slow just now \(reference \w{6}\), and still at it\.", answer.text)
            assert answer.elapsed < PATIENCE
            assert await place.rows(CheckinRow) == []
        await place.quiet()
    [checkin] = await place.rows(CheckinRow)
    assert checkin.note == WORDS
    assert place.ana.sees(place.northwind)[-1].text.startswith("Saved:")
    assert WORDS not in log.getvalue()


async def test_a_late_answer_in_plain_words_follows_too(dry):
    async def slow(ack):
        await asyncio.sleep(0.3)
        await ack("Here at last.")

    dry.ember.bolt.command("/slow")(slow)
    dry.ember.dispatcher.deadline = 0.05
    assert "still at it" in (await dry.ana.command("/slow", channel=dry.northwind)).text
    await dry.quiet()
    assert dry.ana.sees(dry.northwind)[-1].text == "Here at last."


async def test_a_submission_to_a_slow_database_can_be_pressed_again_and_saves_once(place):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    async with SlowDatabase(place):
        late = await place.ana.submit(feeling="4", note=WORDS)
        assert "Press the button again: it saves once." in late.errors["client"]
        place.ember.dispatcher.deadline = PATIENCE
        again = asyncio.create_task(place.ana.submit())
        await asyncio.sleep(0.05)
    assert (await again).errors == {}
    await place.quiet()
    assert [row.note for row in await place.rows(CheckinRow)] == [WORDS]


@ON_SQLITE
async def test_an_event_that_slack_sends_again_makes_one_row(place):
    answer = await place.ana.dm(f"Northwind 4 {WORDS}")
    repeats = [place.slack.redeliver(answer) for _ in range(5)]
    assert {repeat.status for repeat in await asyncio.gather(*repeats)} == {200}
    await place.quiet()
    assert len(await place.rows(CheckinRow)) == 1


async def test_an_event_that_arrives_twice_at_once_makes_one_row(place):
    channel = place.slack.world.dm(place.ana.member)
    said = {"user": place.ana.id, "channel": channel.id, "channel_type": "im", "text": f"Northwind 4 {WORDS}"}
    answer = await place.slack.event("message", duplicate=True, ts="1.2", **said)
    await place.quiet()
    assert answer.ok
    assert len(await place.rows(CheckinRow)) == 1


async def test_an_event_that_was_late_is_sent_again_by_slack_and_makes_one_row(place):
    place.ember.dispatcher.deadline = 5
    place.slack._delivery.deadline = 0.3
    async with SlowDatabase(place) as slow:
        place.ember.dispatcher.deadline = 5
        first = await place.ana.dm(f"Northwind 4 {WORDS}")
        assert (first.error, bool(slow)) == ("operation_timeout", True)
    await place.slack.settled()
    await place.quiet()
    assert len(await place.rows(CheckinRow)) == 1


async def test_a_view_that_is_submitted_twice_at_once_is_one_check_in(place):
    await place.ana.command("/checkin", channel=place.northwind)
    await place.ana.modal()
    first = await place.ana.submit(feeling="4", note=WORDS)
    repeats = await asyncio.gather(*[place.slack.redeliver(first) for _ in range(5)])
    await place.quiet()
    assert {json.dumps(repeat.body) for repeat in repeats} == {json.dumps(repeats[0].body)}
    assert len(await place.rows(CheckinRow)) == 1


async def test_two_people_can_set_up_the_same_client_only_once(place):
    answers = []
    for person in (place.ana, place.tom):
        await person.command("/client", "new Halden", channel=place.elsewhere)
        await person.fill(name="Halden", rhythm="7")
    answers = await asyncio.gather(place.ana.submit(), place.tom.submit())
    assert sorted(bool(answer.errors) for answer in answers) == [False, True]
    assert len(await place.rows(ClientRow, name="Halden")) == 1


@pytest.fixture
def overlooked(dry):
    """A channel that another organisation reads too."""
    return dry.slack.world.add_channel("with-halden", members=[dry.ana.member], shared=True)


async def test_a_refusal_where_others_read_along_is_said_in_a_window_with_all_that_was_typed(dry, overlooked):
    async def refuse(ack):
        raise Refused("Did you mean <Halden>?")

    dry.ember.bolt.command("/refuse")(refuse)
    typed = "&" * 3000 + " the end"
    answer = await dry.ana.command("/refuse", typed, channel=overlooked)
    assert (answer.status, answer.text) == (200, "Others may be able to read along here, so Ember opened a window.")
    shown = json.dumps((await dry.ana.modal()).view["blocks"])
    assert "Did you mean &lt;Halden&gt;?" in shown
    assert shown.count("&amp;") == 3000
    assert "the end" in shown


async def test_a_click_that_is_refused_where_others_read_along_is_told_in_a_window(dry, overlooked):
    async def show(ack):
        button = {"type": "button", "action_id": "refuse", "text": {"type": "plain_text", "text": "Go"}}
        await ack(text="Here.", blocks=[{"type": "actions", "elements": [button]}])

    async def refuse(ack):
        raise Refused("Did you mean Halden?")

    dry.ember.bolt.command("/button")(show)
    dry.ember.bolt.action("refuse")(refuse)
    await dry.ana.command("/button", channel=overlooked)
    await dry.ana.click("refuse")
    assert "Did you mean Halden?" in json.dumps((await dry.ana.modal()).view["blocks"])
    await dry.quiet()
    assert "Halden" not in json.dumps([message.text for message in dry.ana.sees(overlooked)])


async def test_a_message_that_is_not_redrawn_still_says_what_was_done(dry):
    async def show(ack):
        button = {"type": "button", "action_id": "do", "text": {"type": "plain_text", "text": "Do it"}}
        await ack(text="Here.", blocks=[{"type": "actions", "elements": [button]}])

    async def do(ack, here):
        dry.slack.world.remove(dry.ana.sees(dry.northwind)[-1])
        await here.show(ack, Panel("Done", "Done.", [section(Markup("Done."))], outcome="It is done."))

    await dry.has_been_in(dry.northwind)
    dry.ember.bolt.command("/button")(show)
    dry.ember.bolt.action("do")(do)
    await dry.ana.command("/button", channel=dry.northwind)
    await dry.ana.click("do")
    await dry.quiet()
    assert dry.ana.sees(dry.northwind)[-1].text == "It is done. Slack did not redraw the message just now."


async def test_a_fourth_window_takes_the_place_of_the_third(dry):
    async def deeper(ack, here):
        await ack()
        here.open({**form(), "title": {"type": "plain_text", "text": "One more"}, "blocks": with_button})

    button = {"type": "button", "action_id": "deeper", "text": {"type": "plain_text", "text": "Deeper"}}
    with_button = [{"type": "actions", "elements": [button]}, *form()["blocks"]]
    dry.ember.bolt.action("deeper")(deeper)
    await open_form(dry, {**form(), "blocks": with_button})
    for deep in (2, 3, 3):
        await dry.ana.click("deeper")
        await dry.quiet()
        assert len(dry.ana.modals()) == deep
    assert len(dry.slack.calls("views.update")) == 1
