import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.playground.refusal import Refused as SlackRefused
from bot.practices.clients import service as clients
from bot.practices.clients.rows import ClientRow
from bot.slack.blocks_lint import problems
from bot.surfaces import home_panel
from bot.surfaces.home import draw, refresh
from bot.surfaces.home_panel import Segment, Spot, empty, read_spot
from bot.surfaces.listing import read
from bot.workspaces import directory
from tests.front_door import set_up_client
from tests.shown import buttons
from tests.support import ON_SQLITE


def test_the_first_home_offers_to_add_a_client():
    assert problems(empty(), "home") == []
    assert buttons(empty()) == ["Add a client", "Log a check-in", "Help"]


async def test_home_shows_twenty_clients_and_the_way_to_the_others(office):
    for number in range(23):
        await office.client(f"Client {number:02}")
    here = office.here("Ana")
    tabs, start = ["Today", "Clients", "Settings"], ["Log a check-in", "Add a client", "Help"]
    async with here.look() as session:
        today = here.local.date()
        first = home_panel.clients(await read(session, here.member, mine=True, offset=0, today=today))
        last = home_panel.clients(await read(session, here.member, mine=True, offset=20, today=today))
        others = home_panel.clients(await read(session, office.people["Sam"], mine=True, offset=0, today=today))
        everyone = home_panel.clients(await read(session, office.people["Sam"], mine=False, offset=0, today=today))
    assert buttons(first) == [*tabs, "More", "All clients", *start]
    assert buttons(last) == [*tabs, "Back", "All clients", *start]
    assert "no client's team" in str(others)
    assert "My clients" in buttons(everyone)
    for view in (first, last, others, everyone):
        assert problems(view, "home") == []
        assert len(view["blocks"]) < 100


async def test_a_home_that_slack_does_not_take_is_logged_and_nothing_more(office):
    await refresh(office.host, office.workspace, office.people["Ana"])


async def shown(office, name, segment=Segment.TODAY):
    here = office.here(name)
    async with here.look() as session:
        view = await draw(session, office.people[name], Spot(segment), here.now)
    assert problems(view, "home") == []
    return view


async def test_today_holds_calls_promises_dates_and_whys_to_ask_again(office):
    northwind = await office.client("Northwind", started=dt.date(2026, 4, 25))
    await office.change(clients.set_why, northwind, "ideas our own team cannot see", on=dt.date(2025, 10, 1))
    view = await shown(office, "Ana")
    assert "Your Thursday" in str(view)
    assert "*Northwind*\nLong overdue · nothing logged" in view["blocks"][3]["text"]["text"]
    assert buttons(view)[3:5] == ["We've spoken", "Open"]
    assert "Northwind: still why?" in buttons(view)
    assert "*Messages:*" in str(view)
    sams = await shown(office, "Sam")
    assert "everyone's day" in str(sams)
    assert "still why?" not in str(sams)


async def test_a_full_day_stays_on_a_phone_and_within_slacks_limits(office):
    for number in range(30):
        made = await office.client(f"Client {number:02} " + "&" * 60, started=dt.date(2026, 4, 1))
        await office.note(made, "x" * 900, said_on=dt.date(2026, 4, 2))
    view = await shown(office, "Ana")
    assert len(view["blocks"]) <= 25
    assert "and 25 more" in buttons(view)


async def test_only_admins_are_led_to_channels_and_decisions(office):
    await office.client("Northwind")
    assert "Channels and decisions" not in str(await shown(office, "Ana", Segment.SETTINGS))


@pytest.mark.parametrize(
    ("words", "spot"),
    [
        ("today", Spot()),
        ("mine:20", Spot(Segment.CLIENTS, mine=True, offset=20)),
        ("all:0", Spot(Segment.CLIENTS, mine=False)),
        ("clients", Spot(Segment.CLIENTS)),
        ("settings", Spot(Segment.SETTINGS)),
        ("", Spot()),
        ("all:-1", Spot(Segment.CLIENTS, mine=False)),
        (None, Spot()),
    ],
)
def test_where_somebody_is_on_home_is_kept_in_a_word(words, spot):
    assert read_spot(words) == spot
    assert read_spot(spot.words) == spot


@ON_SQLITE
async def test_the_part_of_home_somebody_is_on_stays_when_others_change_something(place):
    await set_up_client(place)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("home.show:settings", in_="home")
    await place.quiet()
    assert "Away and cover" in str(place.ana.home())
    await place.tom.command("/checkin", "Northwind 4 called")
    await place.quiet()
    assert "Away and cover" in str(place.ana.home())
    await place.ana.click("home.show:today", in_="home")
    await place.quiet()
    assert "All calm" in str(place.ana.home())
    await place.ana.click("home.show:settings", in_="home")
    await place.quiet()
    for action, title in (("settings.open:home", "My settings"), ("away.open:home", "Away and cover")):
        await place.ana.click(action, in_="home")
        assert title in (await place.ana.modal()).title
        await place.ana.close_modal(everything=True)


@ON_SQLITE
async def test_of_two_homes_that_race_the_one_read_later_stays(place):
    await set_up_client(place)
    await place.ana.open_home()
    await place.quiet()
    views = place.slack.world.views
    someone_else = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "older"}}]}
    views.publish(place.ana.member.id, someone_else, hash_="")
    ana = (await place.our_ids(place.ana.member))[place.ana.member.id]
    host, workspace = place.ember.host, place.workspace
    async with host.store.look(workspace.id) as session:
        (member,) = (await directory.members_by_id(session, [ana])).values()
    await refresh(host, workspace, member)
    assert "Your " in str(place.ana.home())
    with pytest.raises(SlackRefused):
        views.publish(place.ana.member.id, someone_else, hash_="an older one")


@ON_SQLITE
async def test_a_home_that_was_read_before_a_change_and_comes_after_it_gives_way(place):
    await set_up_client(place)
    await place.ana.open_home()
    await place.quiet()
    await place.ana.click("home.show:clients", in_="home")
    await place.quiet()
    assert "Northwind" in str(place.ana.home())
    ana = (await place.our_ids(place.ana.member))[place.ana.member.id]
    host, workspace = place.ember.host, place.workspace
    async with host.store.look(workspace.id) as session:
        (member,) = (await directory.members_by_id(session, [ana])).values()
    held = place.slack.faults.add("views.publish", "slow", delay=0.8)
    older = asyncio.create_task(refresh(host, workspace, member))
    while held.left:
        await asyncio.sleep(0.01)
    async with host.store.work(workspace.id) as session:
        await session.execute(sa.update(ClientRow).values(name="Orchard"))
    await refresh(host, workspace, member)
    await older
    assert "Orchard" in str(place.ana.home())
    assert "Northwind" not in str(place.ana.home())


def published(place):
    return [one for one in place.slack.wire if one.kind == "call:views.publish"]


@ON_SQLITE
async def test_homes_of_one_process_never_race_and_the_part_pressed_last_stays(place):
    await set_up_client(place)
    await place.ana.open_home()
    await place.quiet()
    held = place.slack.faults.add("views.publish", "slow", delay=0.5)
    await place.ana.click("home.show:settings", in_="home")
    while held.left:
        await asyncio.sleep(0.01)
    await place.ana.click("home.show:today", in_="home")
    await place.ana.click("home.show:clients", in_="home")
    await place.quiet()
    assert "My clients" in str(place.ana.home())
    assert all(one.response["ok"] for one in published(place))


@ON_SQLITE
async def test_a_home_gives_way_to_other_processes_more_than_once(place):
    await set_up_client(place)
    await place.ana.open_home()
    await place.quiet()
    ana = (await place.our_ids(place.ana.member))[place.ana.member.id]
    host, workspace = place.ember.host, place.workspace
    async with host.store.look(workspace.id) as session:
        (member,) = (await directory.members_by_id(session, [ana])).values()
    elsewhere = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "elsewhere"}}]}
    place.slack.world.views.publish(place.ana.member.id, elsewhere, hash_="")
    met = len(published(place))
    ours = asyncio.create_task(refresh(host, workspace, member))
    while len(published(place)) == met:
        await asyncio.sleep(0.01)
    async with host.store.work(workspace.id) as session:
        await directory.published_home(session, ana, "the word for one between")
    await ours
    assert "Your " in str(place.ana.home())
