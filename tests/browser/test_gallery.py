"""Every block and element that Slack documents, as the page draws it in a message, on Home and in a window."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import visit
from tests.browser.exhibition import GALLERY, exhibition
from tests.browser.visitor import Visitor

NOT_DRAWN = re.compile("Slack shows .* here")
MISSING = {
    "message": ["context_actions", "file", "plan", "task_card", "video"],
    "home": [],
    "modal": ["file_input"],
}
WRITTEN = {
    "mrkdwn": (
        "<b>Bold</b> <i>italic</i> <s>struck</s> <code>code *not bold*</code>"
        ' <b><a href="https://example.com/plan">a bold link</a></b>'
        ' <a href="mailto:priya@example.com">Priya</a> 👋 👍🏼<br>'
        "2 * 3 * 4 and snake_case_name stay; &lt;tags&gt; &amp; signs too. @here @leads"
        "<blockquote>A quote<br>on two lines</blockquote>"
        "Dates: <time>2026-05-14 May 14th May 14, 2026 Thursday, May 14th, 2026 11:13 AM 11:13:20 AM</time>,"
        " <time>Today</time>, <time>2 hours ago</time>"
        "<pre>fenced https://example.com\n  kept   as is</pre>"
        'and on <a href="https://example.com/bare">https://example.com/bare</a>.'
    ),
    "mentions": (
        "@Sam and @Priya in <button>#gallery</button>, not in #launch; @channel,"
        ' <a href="https://example.com/plan"><time>May 14, 2026</time></a><br>'
        "<b>bold <i>and italic</i></b>, un*break*able, un*made* and *over*due stay"
        "<blockquote>To the<br>end</blockquote>"
    ),
    "plain": "Plain text: *nothing* is _formatted_ here ✨",
    "rich": (
        "<div>Rich text: <b>bold</b>, <i>italic</i>, <s>struck</s>, <code>code</code>,"
        ' <a href="https://example.com/plan">a link</a>, 🎉, @here, @Sam, <button>#gallery</button>,'
        " <i><b>both</b></i>, <time>Today at 11:13 AM</time></div>"
        "<ul><li>Media plan</li><li>Brand files</li></ul><ol><li>First</li><li>Second</li></ol>"
        "<blockquote>Ideas our own team cannot see</blockquote><pre>trial cost  41\ntrial cost  48</pre>"
    ),
    "markdown": (
        "<p>Markdown</p>"
        "<div><b>Bold</b>, <i>italic</i>, <s>struck</s>, <code>code</code>,"
        ' <a href="https://example.com">a link</a></div>'
        "<ul><li>one</li><li>two</li></ul><ol><li>first</li><li>second</li></ol>"
        "<blockquote>quoted</blockquote><pre>fenced</pre><hr>"
        "<div>The end: snake_case_name, 2 * 3 * 4 and *stars* stay. 🎉</div>"
    ),
}
TAGS_AND_WORDS = """written => {
  const copy = written.cloneNode(true);
  for (const each of copy.querySelectorAll("*")) {
    for (const { name } of [...each.attributes]) if (name !== "href") each.removeAttribute(name);
    if (each.matches("span")) each.replaceWith(...each.childNodes);
  }
  return copy.innerHTML;
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the exhibition."""
    with exhibition() as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[Visitor]:
    """Ana, in the channel where everything was posted."""
    with visit(chromium, address) as somebody:
        somebody.open("gallery")
        yield somebody


def go_to(visitor: Visitor, surface: str) -> Locator:
    """Go to where a surface is shown and return it."""
    if surface == "message":
        return visitor.newest
    if surface == "home":
        visitor.open("Gallery")
        return visitor.page.get_by_role("region", name="Home of Gallery")
    visitor.say("/gallery")
    expect(visitor.dialog).to_be_visible()
    return visitor.dialog


def elements_in(block: Any) -> Iterator[dict[str, Any]]:
    """Yield every interactive element of a block."""
    if isinstance(block, dict):
        if "action_id" in block:
            yield block
        block = list(block.values())
    if isinstance(block, list):
        for each in block:
            yield from elements_in(each)


@pytest.mark.parametrize("surface", ["message", "home", "modal"])
def test_every_block_is_drawn(visitor: Visitor, surface: str) -> None:
    shown = go_to(visitor, surface)

    for block in GALLERY[surface]["blocks"]:
        expect(shown.locator(f"[data-block='{block['block_id']}']")).to_have_count(1)
    told = shown.get_by_text(NOT_DRAWN).all_text_contents()
    assert re.findall("“(.*?)”", " ".join(told)) == MISSING[surface]


def test_each_way_of_writing_becomes_the_tags_and_words_it_stands_for(visitor: Visitor) -> None:
    expect(visitor.newest.get_by_role("img", name="sparkles").first).to_be_visible()
    drawn = {
        block: visitor.newest.locator(f"[data-block='{block}'] .written").evaluate(TAGS_AND_WORDS) for block in WRITTEN
    }
    assert drawn == WRITTEN


def test_every_select_opens_with_something_to_choose(visitor: Visitor) -> None:
    window = go_to(visitor, "modal")
    selects = [
        each for each in elements_in(GALLERY["modal"]["blocks"]) if re.search(r"(?<!external)_select$", each["type"])
    ]
    assert len({each["type"] for each in selects}) == 8

    for element in selects:
        block = next(each for each in GALLERY["modal"]["blocks"] if each.get("element") == element)
        box = window.get_by_role("combobox", name=re.compile(rf"^{re.escape(block['label']['text'])}")).and_(
            window.locator(f"[data-block='{block['block_id']}'] input")
        )
        box.click()
        expect(visitor.page.get_by_role("option").first).to_be_visible()
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.get_by_role("listbox")).to_have_count(0)


def test_external_selects_show_what_the_app_answers(visitor: Visitor) -> None:
    window = go_to(visitor, "modal")
    box = window.get_by_role("combobox", name=re.compile("^Client"))
    visitor.hands.search(box, "or", visitor.page.get_by_role("option", name="Northwind"))
    expect(box).to_have_value("Northwind")

    several = window.locator("[data-block='who']").get_by_role("combobox")
    visitor.hands.search(several, "hal", visitor.page.get_by_role("option", name="Halden"))
    expect(window.get_by_role("button", name="Remove Halden")).to_be_visible()


@pytest.mark.parametrize(("surface", "title"), [("message", "The spark's course"), ("home", "Mix of media")])
def test_a_chart_can_be_read_as_a_table(visitor: Visitor, surface: str, title: str) -> None:
    chart = go_to(visitor, surface).get_by_role("figure").filter(has_text=title)
    expect(chart.get_by_role("img", name=re.compile(f"^{re.escape(title)}, a "))).to_be_visible()

    visitor.press("Show as table", within=chart)

    numbers = chart.get_by_role("table", name=title)
    expect(numbers).to_be_visible()
    rows = 4 if surface == "home" else 7
    expect(numbers.get_by_role("row")).to_have_count(rows)


def test_a_data_table_is_sorted_by_the_column_that_is_pressed(visitor: Visitor) -> None:
    table = visitor.newest.get_by_role("table", name="This month beside last month")
    visitor.press("This month", within=table)
    expect(table.get_by_role("columnheader", name="This month")).to_have_attribute("aria-sort", "ascending")
    visitor.press("This month", within=table)
    expect(table.get_by_role("columnheader", name="This month")).to_have_attribute("aria-sort", "descending")


def test_moments_stand_in_the_readers_own_time_zone(visitor: Visitor) -> None:
    visitor.becomes("Sam")
    expect(visitor.newest.locator("[data-block='mrkdwn']")).to_contain_text("5:13")
    moment = visitor.newest.locator("[data-block='pickers'] input[type=datetime-local]")
    expect(moment).to_have_value("2026-05-14T05:13")

    visitor.becomes("Yuki")
    expect(visitor.newest.locator("[data-block='mrkdwn']")).to_contain_text("6:13")
    expect(moment).to_have_value("2026-05-14T18:13")


def test_every_wrong_field_says_so_at_its_place(visitor: Visitor) -> None:
    window = go_to(visitor, "modal")
    visitor.write("E-mail", "no address")
    visitor.save()

    expect(window.get_by_role("textbox", name=re.compile("^What happened"))).to_be_focused()
    expect(window.locator("[data-block='email'] .field-error")).to_be_visible()
    expect(window.locator("[data-block='day'] .field-error")).to_be_visible()
