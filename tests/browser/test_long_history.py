"""A conversation with a long history: read back and down again, with only some of it drawn, however long it is."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import visit
from tests.browser.exhibition import exhibition
from tests.browser.visitor import Visitor

HISTORY = 300
DRAWN_AT_MOST = 150
TURN = 450
STEPS = 60
FOOT = f"Note {HISTORY - 1}: "
YEARS, CLIENTS = 5000, 200
DRAWN_AT_FIRST = 60
DRAWN_FOR_A_LETTER = 100
TYPED = "The board meets on Friday and Priya would like to see the plan before that."
COUNT_WHAT_IS_DRAWN = """async () => {
  const { options } = await import("preact");
  const before = options.diffed;
  window.drawn = 0;
  options.diffed = (node) => {
    window.drawn += 1;
    before?.(node);
  };
}"""


@pytest.fixture(scope="module")
def archive() -> Iterator[str]:
    """The address of a workspace with one long conversation."""
    with exhibition(history=HISTORY) as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, archive: str) -> Iterator[Visitor]:
    """Ana, before the newest of many notes."""
    with visit(chromium, archive) as somebody:
        somebody.open("archive")
        expect(somebody.newest).to_be_in_viewport()
        yield somebody


@pytest.fixture
def sam(chromium: Browser, archive: str) -> Iterator[Visitor]:
    """Sam, at a laptop of his own before the same conversation."""
    with visit(chromium, archive) as somebody:
        somebody.becomes("Sam")
        somebody.open("archive")
        yield somebody


def pane(reader: Visitor) -> Locator:
    return reader.main.get_by_role("region", name="Messages in #archive")


def in_sight(reader: Visitor) -> dict[str, float]:
    """Return what can be read now: the timestamps of messages in sight, and where each stands."""
    found: dict[str, float] = pane(reader).evaluate(
        """box => {
             const {top, bottom} = box.getBoundingClientRect();
             return Object.fromEntries([...box.querySelectorAll(".message")]
               .map((each) => [each.dataset.ts, each.getBoundingClientRect()])
               .filter(([, its]) => its.bottom > top && its.top < bottom)
               .map(([ts, its]) => [ts, its.top]));
           }"""
    )
    return found


def at_rest(reader: Visitor) -> dict[str, float]:
    """Return what can be read, once two frames in a row show the same."""
    before, now = {}, in_sight(reader)
    while before != now:
        reader.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        before, now = now, in_sight(reader)
    return now


def turn(reader: Visitor, by: int) -> tuple[dict[str, float], dict[str, float]]:
    """Turn the wheel, and return what was in sight before and after."""
    before = at_rest(reader)
    pane(reader).hover()
    reader.page.mouse.wheel(0, by)
    reader.page.wait_for_function(
        "([ts, top]) => document.querySelector(`main .message[data-ts='${ts}']`)?.getBoundingClientRect().top !== top",
        arg=list(next(iter(before.items()))),
    )
    return before, at_rest(reader)


def moved(before: dict[str, float], after: dict[str, float]) -> set[int]:
    """Return by how much what is in sight both times went down, in pixels."""
    both = before.keys() & after.keys()
    assert both, "nothing of what was being read is in sight any more"
    return {round(after[each] - before[each]) for each in both}


def first_words(reader: Visitor) -> Locator:
    return reader.messages.filter(has_text=re.compile(r"Note 0: "))


def test_reading_back_to_the_first_words_and_down_again(reader: Visitor) -> None:
    most = 0
    for by, end in ((-TURN, first_words(reader)), (TURN, reader.messages.filter(has_text=FOOT))):
        while not end.count():
            step = moved(*turn(reader, by))
            assert max(step) - min(step) <= 1, "the messages moved against each other"
            assert all(abs(each) <= TURN + 1 for each in step), "the place being read jumped"
            most = max(most, reader.messages.count())
    assert 100 < most <= DRAWN_AT_MOST


def test_what_arrives_while_one_reads_back_waits_at_the_newest(reader: Visitor, sam: Visitor) -> None:
    for _ in range(3):
        turn(reader, -TURN)
    before = at_rest(reader)
    sam.say("Karl liked the tour")
    sam.say("Omar too")
    jump = reader.main.get_by_role("button", name="2 new messages")
    expect(jump).to_be_visible()
    reader.misses("Omar too")
    assert at_rest(reader) == before

    reader.hands.press(jump)
    expect(reader.newest).to_contain_text("Omar too")
    expect(reader.newest).to_be_in_viewport()
    expect(jump).to_have_count(0)
    sam.say("And Priya")
    expect(reader.newest).to_contain_text("And Priya")
    expect(reader.newest).to_be_in_viewport()


def test_writing_leads_back_to_the_newest(reader: Visitor) -> None:
    turn(reader, -TURN)
    turn(reader, -TURN)
    reader.say("I have read it all")
    expect(reader.newest).to_contain_text("I have read it all")
    expect(reader.newest).to_be_in_viewport()


def test_the_keys_lead_through_the_history(reader: Visitor) -> None:
    pane(reader).focus()
    seen: list[int] = []
    for _ in range(STEPS):
        reader.page.keyboard.press("ArrowUp")
        at_rest(reader)
        note = re.search(r"Note (\d+): ", reader.page.locator(":focus").text_content() or "")
        seen += [int(note[1])] if note else []
    assert seen == list(range(seen[0], seen[0] - len(seen), -1))
    assert len(seen) > STEPS - 10

    reader.page.keyboard.press("End")
    expect(reader.newest).to_be_focused()
    reader.page.keyboard.press("Home")
    expect(reader.page.locator(".message:focus")).to_be_in_viewport()
    for _ in range(STEPS):
        if first_words(reader).count():
            break
        reader.page.keyboard.press("PageUp")
        at_rest(reader)
    expect(first_words(reader)).to_have_count(1)
    assert reader.messages.count() <= DRAWN_AT_MOST


def test_years_of_history_and_many_channels_are_drawn_as_lightly_as_weeks(chromium: Browser) -> None:
    with exhibition(history=YEARS, channels=CLIENTS) as address, visit(chromium, address) as reader:
        reader.open("archive")
        expect(reader.side.get_by_role("button", name=re.compile("^client-"))).to_have_count(CLIENTS)
        expect(reader.newest).to_be_in_viewport()
        at_rest(reader)
        assert reader.messages.count() <= DRAWN_AT_FIRST

        reader.page.evaluate(COUNT_WHAT_IS_DRAWN)
        reader.box.press_sequentially(TYPED)
        at_rest(reader)
        assert 0 < reader.page.evaluate("window.drawn") / len(TYPED) <= DRAWN_FOR_A_LETTER

        most = 0
        for _ in range(10):
            oldest = reader.messages.first.get_attribute("data-ts") or ""
            pane(reader).hover()
            reader.page.mouse.wheel(0, -TURN * 10)
            expect(reader.messages.first).not_to_have_attribute("data-ts", oldest)
            most = max(most, reader.messages.count())
        assert DRAWN_AT_FIRST < most <= DRAWN_AT_MOST
