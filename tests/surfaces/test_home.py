from bot.slack.blocks_lint import problems
from bot.surfaces.home import draw, empty, refresh
from bot.surfaces.listing import read


def buttons(view):
    return [e["text"]["text"] for block in view["blocks"] if block["type"] == "actions" for e in block["elements"]]


def test_the_first_home_offers_to_add_a_client():
    assert problems(empty(), "home") == []
    assert buttons(empty()) == ["Add a client", "Log a check-in", "Help"]


async def test_home_shows_twenty_clients_and_the_way_to_the_others(office):
    for number in range(23):
        await office.client(f"Client {number:02}")
    here = office.here("Ana")
    async with here.look() as session:
        first = draw(await read(session, here.member, mine=True, offset=0, today=here.local.date()))
        last = draw(await read(session, here.member, mine=True, offset=20, today=here.local.date()))
        others = draw(await read(session, office.people["Sam"], mine=True, offset=0, today=here.local.date()))
        everyone = draw(await read(session, office.people["Sam"], mine=False, offset=0, today=here.local.date()))
    start = ["What is worth doing now?", "Log a check-in", "Add a client", "Help"]
    assert buttons(first) == [*start, "More", "All clients"]
    assert buttons(last) == [*start, "All clients"]
    assert "no client's team" in str(others)
    assert "My clients" in buttons(everyone)
    for view in (first, last, others, everyone):
        assert problems(view, "home") == []


async def test_a_home_that_slack_does_not_take_is_logged_and_nothing_more(office):
    await refresh(office.host, office.workspace, office.people["Ana"])
