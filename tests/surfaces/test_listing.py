import datetime as dt

import pytest

from bot.practices.clients import service as clients
from bot.slack.blocks_lint import problems
from bot.surfaces.listing import listing, read_cursor
from tests.shown import buttons, sections


async def test_without_clients_the_list_says_what_to_do(office):
    panel = await listing(office.here("Ana"))
    assert sections(panel)[0].startswith("*No clients yet.*")
    assert buttons(panel) == ["Add a client"]


async def test_the_most_overdue_comes_first_then_by_name_and_paused_ones_last(office):
    await office.client("Orchard", started=dt.date(2026, 5, 10))
    await office.client("Halden", started=dt.date(2026, 5, 10))
    await office.client("Northwind", started=dt.date(2026, 4, 25))
    calm = await office.client("Abel", started=dt.date(2026, 1, 1))
    await office.change(clients.pause, calm, dt.date(2026, 6, 1), today=dt.date(2026, 5, 14))
    panel = await listing(office.here("Ana"))
    assert sections(panel) == [
        "*Northwind* · Ana\nstill learning · long overdue · nothing logged yet, 19 days since the start (usually 7)",
        "*Halden* · Ana\nstill learning · next due Sun 17 May",
        "*Orchard* · Ana\nstill learning · next due Sun 17 May",
        "*Abel* · Ana\npaused until Mon 1 Jun",
    ]


async def test_a_check_in_moves_what_is_due(office):
    northwind = await office.client("Northwind", started=dt.date(2026, 4, 25))
    await office.note(northwind, "called")
    assert sections(await listing(office.here("Ana"))) == ["*Northwind* · Ana\nstill learning · next due Thu 21 May"]


async def test_a_row_says_how_bright_the_spark_is(office):
    northwind = await office.client("Northwind", started=dt.date(2026, 2, 1))
    for number in range(11):
        await office.note(northwind, "called", said_on=dt.date(2026, 5, 13) - dt.timedelta(days=7 * number))
    halden = await office.client("Halden", started=dt.date(2026, 2, 1))
    for number in range(5, 13):
        await office.note(halden, "called", said_on=dt.date(2026, 5, 13) - dt.timedelta(days=7 * number))
    assert sections(await listing(office.here("Ana"))) == [
        "*Halden* · Ana\nfading · long overdue · nothing logged for 36 days (usually 7)",
        "*Northwind* · Ana\nbright · next due Wed 20 May",
    ]


async def test_a_long_name_is_read_aloud_as_far_as_it_fits(office):
    await office.client("Northwind " * 8)
    [row] = [block for block in (await listing(office.here("Ana"))).blocks if block["type"] == "section"]
    assert row["accessory"]["accessibility_label"].endswith("Northwind…")


async def test_one_sees_ones_own_clients_and_all_on_request(office):
    await office.client("Northwind", "Ana")
    await office.client("Halden", "Tom")
    assert len(sections(await listing(office.here("Ana")))) == 1
    assert len(sections(await listing(office.here("Ana"), mine=False))) == 2
    assert buttons(await listing(office.here("Ana"))) == ["All clients", "Add a client"]


async def test_somebody_without_clients_is_shown_everyones(office):
    await office.client("Northwind", "Ana")
    panel = await listing(office.here("Sam"))
    assert sections(panel) == ["*Northwind* · Ana\nstill learning · next due Sun 17 May"]
    assert "no client's team" in str(panel.blocks)
    assert buttons(panel) == ["Add a client"]


async def test_twenty_rows_then_more_and_none_twice(office):
    for number in range(45):
        await office.client(f"Client {number:02} *<b>*")
    pages = [await listing(office.here("Ana"), offset=offset) for offset in (0, 20, 40, 400)]
    assert [len(sections(page)) for page in pages] == [20, 20, 5, 20]
    assert len({row for page in pages[:3] for row in sections(page)}) == 45
    assert "More" not in buttons(pages[2])
    for page in pages:
        assert problems(page.as_message(), "message") == []
        assert problems(page.as_modal(), "modal") == []


async def test_a_client_that_ended_is_not_listed(office):
    await office.client("Northwind")
    gone = await office.client("Halden")
    await office.change(clients.end, gone, dt.date(2026, 5, 1))
    assert len(sections(await listing(office.here("Ana")))) == 1


@pytest.mark.parametrize(
    ("value", "means"),
    [("mine:20", (True, 20)), ("all:0", (False, 0)), (None, (True, 0)), ("all:-5", (False, 0)), ("all:٣", (False, 0))],
)
def test_a_strange_cursor_is_the_first_page(value, means):
    assert read_cursor(value) == means
