"""A brief as a canvas: what the team's channel may read, for the asker alone, and what to do where there is none."""

import datetime as dt

import pytest

from bot.practices.checkins import service as checkins
from bot.practices.checkins.rules import Via
from bot.slack.text import Markup
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.surfaces.canvas import plain_markdown
from tests.front_door import add_person, sees, set_up_client
from tests.support import ON_SQLITE


async def open_brief(place):
    """Have Ana open the brief for Northwind, in which something is for her alone."""
    await place.has_been_in(place.elsewhere)
    client = await set_up_client(place, "Northwind")
    key, now = place.ana.member.id, place.clock.now()
    ana = (await place.ember.lookup.members(place.workspace, [key], now=now))[key]
    for words, visibility in (("go on like this", Visibility.TEAM), ("keep this between us", Visibility.ME)):
        note = checkins.Note(client.id, 4, "we spoke", Via.MODAL, visibility, quote=words)
        async with place.ember.store.work(place.workspace.id) as session:
            await checkins.record(session, note, by=ana, key=str(new_id()), now=now)
    await place.ana.command("/client", "brief northwind", channel=place.elsewhere)
    assert "keep this between us" in sees(place.ana)


async def press(place):
    """Have her press the button on it."""
    await place.ana.click("brief.canvas")
    await place.quiet()


@ON_SQLITE
async def test_it_holds_what_the_teams_channel_may_read_and_is_the_askers(place):
    await open_brief(place)
    await press(place)
    [canvas] = place.slack.world.canvases.values()
    assert canvas.title == "Northwind, brief of 12 May 2026"
    assert "**Their words:** “go on like this”" in canvas.markdown
    assert "keep this between us" not in canvas.markdown
    assert canvas.users == {place.ana.member.id: "write"}
    assert f"docs/{place.slack.world.team.id}/{canvas.id}" in sees(place.ana)


@ON_SQLITE
async def test_pressed_twice_within_a_minute_it_is_written_once(place):
    await open_brief(place)
    shown = place.ana.sees()[-1]
    for seconds in (0, 1, 45):
        place.clock.advance(dt.timedelta(seconds=seconds))
        await place.ana.click("brief.canvas", in_=shown)
        await place.quiet()
        assert len(place.slack.world.canvases) == 1
    assert "One press writes one canvas" in sees(place.ana)
    place.clock.advance(dt.timedelta(minutes=2))
    await place.ana.click("brief.canvas", in_=shown)
    await place.quiet()
    assert len(place.slack.world.canvases) == 2


@ON_SQLITE
async def test_after_a_canvas_that_was_not_written_it_can_be_tried_again_at_once(place):
    place.slack.faults.add("canvases.create", error="canvas_creation_failed")
    await open_brief(place)
    shown = place.ana.sees()[-1]
    for count in (0, 1):
        await place.ana.click("brief.canvas", in_=shown)
        await place.quiet()
        assert len(place.slack.world.canvases) == count


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("missing_scope", "canvases:write"),
        ("free_teams_cannot_create_non_tabbed_canvases", "not part of this workspace's plan"),
        ("canvas_creation_failed", "Slack wrote no canvas just now (canvas_creation_failed)"),
    ],
)
@ON_SQLITE
async def test_where_slack_writes_none_the_asker_hears_why(place, error, says):
    place.slack.faults.add("canvases.create", error=error)
    await open_brief(place)
    await press(place)
    assert says in sees(place.ana)
    assert place.slack.world.canvases == {}


@ON_SQLITE
@pytest.mark.parametrize(
    ("deleting", "says", "left"),
    [(None, "Slack wrote no canvas just now", 0), ("fatal_error", "only the app can. The brief is here.", 1)],
)
async def test_a_canvas_that_nobody_could_open_is_not_left_behind_unsaid(place, deleting, says, left):
    await open_brief(place)
    place.slack.faults.add("canvases.access.set", error="fatal_error")
    if deleting:
        place.slack.faults.add("canvases.delete", error=deleting)
    await press(place)
    assert says in sees(place.ana)
    assert len(place.slack.world.canvases) == left


@ON_SQLITE
async def test_it_is_for_the_people_that_the_brief_is_for(place):
    await place.has_been_in(place.elsewhere)
    await set_up_client(place, "Northwind")
    for name in ("Priya", "Omar"):
        await add_person(place, "northwind", name)
    await place.ana.command("/client", "brief northwind Priya", channel=place.elsewhere)
    await press(place)
    [canvas] = place.slack.world.canvases.values()
    assert canvas.markdown.startswith("With Priya\n\n")


@ON_SQLITE
async def test_where_slack_cannot_say_who_asks_nothing_is_written(place):
    await open_brief(place)
    place.clock.advance(dt.timedelta(minutes=20))
    place.slack.faults.add("users.info", error="fatal_error", times=9)
    await press(place)
    assert "could not check with Slack who would read it" in sees(place.ana)
    assert place.slack.world.canvases == {}


def test_bold_stays_bold_and_what_people_typed_stays_plain():
    said = Markup("*Why us:* “ideas &amp; ![x](y) <!date^1^{time}|14:00>” 2*3*4")
    assert plain_markdown(said) == r"**Why us:** “ideas & \!\[x\](y) 14:00” 2\*3\*4"


def test_italics_stay_italic_and_words_with_underscores_stay_as_they_are():
    said = Markup("*Ask:* What next? · _only you see *this*_ my_own_file _ open")
    assert plain_markdown(said) == r"**Ask:** What next? · _only you see \*this\*_ my\_own\_file \_ open"
