import datetime as dt

import pytest
import sqlalchemy as sa

from bot.practices.checkins.rules import Medium
from bot.practices.clients import service as clients
from bot.practices.people import service as people
from bot.practices.practice import Section, Value
from bot.slack.blocks import button
from bot.slack.blocks_lint import problems
from bot.slack.errors import Refused
from bot.slack.text import Markup, unescape
from bot.store.base import new_id
from bot.store.search import Visibility
from bot.surfaces.card import PARTS, Tab, draw, notes
from tests.shown import buttons, words

OFTEN = ["Log a check-in", "We've spoken", "Brief"]


async def tabs(office, name, client_id):
    return [await office.cards.card(office.here(name), client_id, tab) for tab in Tab]


async def whole(office, name, client_id):
    return "\n".join([words(panel) for panel in await tabs(office, name, client_id)])


async def test_every_tab_says_which_it_is_and_keeps_what_is_used_most(office):
    northwind = await office.client("Northwind")
    for tab, panel in zip(Tab, await tabs(office, "Ana", northwind), strict=True):
        first, *others = panel.blocks[1]["elements"]
        assert [e["text"]["text"] for e in (first, *others)] == ["Now", "People", "Notes", "Manage"]
        shown = [e["accessibility_label"] for e in (first, *others) if e.get("style") == "primary"]
        assert shown == [f"{tab.value.capitalize()}, shown now"]
        assert panel.text == f"This is Northwind's card: {tab.value.capitalize()}."
        assert [label for label in buttons(panel) if label in OFTEN] == OFTEN


def test_every_section_that_a_card_draws_stands_on_one_tab():
    drawn = [part for parts in PARTS.values() for part in parts]
    assert len(drawn) == len(set(drawn))
    assert set(Section) - set(drawn) == {Section.NICE}


async def test_a_new_clients_card_says_what_to_do(office):
    northwind = await office.client("Northwind")
    now, people_tab, notes_tab, _ = await tabs(office, "Ana", northwind)
    assert "nobody has said yet why they hired us" in words(now)
    assert "Nobody here yet." in words(people_tab)
    assert "Log the first conversation" in words(notes_tab)
    assert buttons(people_tab)[4:] == [*OFTEN, "Add a person"]
    assert "All notes" not in buttons(notes_tab)


async def test_a_card_shows_people_promises_and_the_newest_notes_with_edit_on_ones_own(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    await office.change(
        people.add,
        northwind,
        "Priya",
        "Head of Brand",
        None,
        by=office.people["Ana"].id,
        key="k",
        now=office.here("Ana").now,
    )
    await office.note(northwind, "She paused at Q3", "Ana")
    await office.note(northwind, "Happy <@U1>", "Tom")
    shown = await whole(office, "Ana", northwind)
    assert "Priya" in shown
    assert "&lt;@U1&gt;" in shown
    card = await office.cards.card(office.here("Ana"), northwind, Tab.NOTES)
    edits = [block["accessory"]["action_id"] for block in card.blocks if "accessory" in block]
    assert edits.count("checkin.edit") == 1
    assert shown.index("Priya") < shown.index("Q3")
    assert "All notes" in buttons(card)


async def test_others_private_notes_are_on_no_card(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    await office.note(northwind, "between us", visibility=Visibility.ME)
    assert "between us" in await whole(office, "Ana", northwind)
    assert "between us" not in await whole(office, "Tom", northwind)
    assert "between us" not in words(await notes(office.here("Tom"), northwind, offset=0))


async def test_the_buttons_follow_the_state_of_the_client(office):
    northwind = await office.client("Northwind")
    manage = await office.cards.card(office.here("Ana"), northwind, Tab.MANAGE)
    assert buttons(manage)[4:] == [
        *("Add a person", "Add a date", "Add a promise", "Note a blocker", "Note a difference"),
        *(
            "What's next for them?",
            "Edit",
            "Rename",
            "Why they hired us",
            "Hand over",
            "Not now",
            "Pause",
            "End",
            *OFTEN,
        ),
    ]
    await office.change(clients.pause, northwind, None, today=dt.date(2026, 5, 14))
    assert "Resume" in buttons(await office.cards.card(office.here("Ana"), northwind, Tab.MANAGE))
    await office.change(clients.end, northwind, dt.date(2026, 5, 1))
    assert buttons(await office.cards.card(office.here("Ana"), northwind, Tab.MANAGE))[4:] == [
        *("Add a person", "Edit", "Rename", "Why they hired us", "Resume", "Log a check-in", "Brief"),
    ]


async def test_a_full_card_fits_into_a_message_and_a_modal(office):
    name = "Ç" * 80
    northwind = await office.client(name)
    by = office.people["Ana"].id
    for number in range(30):
        await office.change(
            people.add,
            northwind,
            f"Person {number}",
            "j" * 100,
            None,
            by=by,
            key=f"k{number}",
            now=office.here("Ana").now,
        )
        await office.note(northwind, f"{number} " + "<&" * 1000)
    for card in await tabs(office, "Ana", northwind):
        assert len(card.title) <= 24
        assert len(card.blocks) <= 20
        assert problems(card.as_message(), "message") == []
        assert problems(card.as_modal(), "modal") == []


async def test_all_notes_are_paged_and_lead_back(office):
    northwind = await office.client("Northwind")
    for number in range(7):
        await office.note(northwind, f"note {number}", quote="ideas our own team cannot see", unsaid="the budget")
    first = await notes(office.here("Ana"), northwind, offset=0)
    assert buttons(first) == ["Older", "Back to the card"]
    last = await notes(office.here("Ana"), northwind, offset=5)
    assert buttons(last) == ["Newer", "Back to the card"]
    assert "note 0" in words(last)
    assert "_Not said:_ the budget" in words(last)
    assert problems(first.as_modal(), "modal") == []


async def test_an_unknown_client_has_no_card(office):
    with pytest.raises(Refused):
        await office.cards.card(office.here("Ana"), new_id())


async def test_a_card_costs_the_same_queries_however_much_there_is(office):
    async def queries(client_id):
        seen = []
        engine = office.host.store.engines[-1].sync_engine
        sa.event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        await office.cards.card(office.here("Ana"), client_id)
        return len(seen)

    bare, full = await office.client("Northwind"), await office.client("Halden")
    for number in range(8):
        await office.note(full, f"note {number}")
    assert await queries(full) <= await queries(bare) + 1


async def test_lines_with_a_button_keep_their_own_block_and_the_rest_share_one(office):
    client = await office.change(clients.get, await office.client("Northwind"))
    edit = button("Edit", "checkin.edit", value="1")
    values = [
        Value(Section.HISTORY, Markup(f"line {n}"), weight=-n, accessory=edit if n == 1 else None) for n in range(4)
    ]
    blocks = [
        block
        for block in draw(client, values, today=dt.date(2026, 5, 14), tab=Tab.NOTES).blocks
        if "line" in str(block)
    ]
    assert [block["text"]["text"] for block in blocks] == ["*Latest notes*\nline 0", "line 1", "line 2\nline 3"]


async def test_what_somebody_keeps_to_themselves_is_not_counted_on_anybody_elses_card(office):
    northwind = await office.client("Northwind", team=frozenset({office.people["Tom"].id}))
    for _ in range(4):
        await office.note(northwind, "between us", medium=Medium.CALL, visibility=Visibility.ME)
    await office.note(northwind, "for all", medium=Medium.EMAIL)
    assert "call 4" in await whole(office, "Ana", northwind)
    toms = await whole(office, "Tom", northwind)
    assert "e-mail 1" in toms
    assert "call" not in toms


async def test_a_card_says_what_is_due_once_a_pause_has_ended(office):
    northwind = await office.client("Northwind")
    today = office.here("Ana").local.date()
    await office.change(clients.pause, northwind, today, today=today - dt.timedelta(days=2))
    assert "Next due Tue 19 May" in words(await office.cards.card(office.here("Ana"), northwind))
    assert "Pause" in buttons(await office.cards.card(office.here("Ana"), northwind, Tab.MANAGE))


@pytest.mark.parametrize("character", ["x", "&"])
async def test_all_notes_show_each_of_five_in_full(office, character):
    northwind = await office.client("Northwind")
    for number in range(5):
        text = f"{number}" + character * 2998 + "z"
        await office.note(northwind, text, quote="q" + text[2:], unsaid="u" * 500)
    panel = await notes(office.here("Ana"), northwind, offset=0)
    texts = [unescape(block["text"]["text"]) for block in panel.blocks if block["type"] == "section"]
    for number in range(5):
        assert f"{number}" + character * 2998 + "z" in texts
    assert "_Not said:_ " + "u" * 500 in texts
    assert len(panel.blocks) <= 50
    assert problems(panel.as_message(), "message") == []
    assert problems(panel.as_modal(), "modal") == []
