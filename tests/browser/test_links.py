"""Links of the workspace's own address stay in the playground: they lead to a message, into a thread, to a canvas."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Browser, Locator, expect

from bot.playground.people import Message
from tests.browser.conftest import visit
from tests.browser.exhibition import Exhibition, held
from tests.browser.hands import Keyboard, Mouse, by_mouse_and_by_keyboard
from tests.browser.test_accessible import findings
from tests.browser.test_phone import fits
from tests.browser.visitor import Visitor

HISTORY, OLD = 300, 40
ELSEWHERE = "https://elsewhere.example/"
MARKDOWN = r"""**Why us:** “ideas & \!\[x\](y)” 2\*3\*4

**Ask:** What next? · _only you see \*this\*_ my\_own\_file"""
READ = ["Why us: “ideas & ![x](y)” 2*3*4", "Ask: What next? · only you see *this* my_own_file"]

read_by_mouse_and_by_keyboard = pytest.mark.parametrize("reader", [Mouse, Keyboard], indirect=True)


class Signposts(Exhibition):
    """A channel where the app shows ways to what stands elsewhere, and does something when a button is pressed."""

    async def open(self) -> str:
        """Listen, and put the signposts up."""
        address, world = await super().open(), self.slack.world
        ana, sam, _ = self.people
        self.signs = world.add_channel("signs", members=self.people)
        leads = world.add_channel("leads", members=[sam], private=True)
        self.question = self.slack.person(ana).post(self.signs, "Which depot?").ts
        answer = world.post(Message(self.signs.id, "", sam.id, "The one in Leeds", thread_ts=self.question)).ts
        old = next(one.ts for one in world.messages(self.archive.id) if one.text.startswith(f"Note {OLD}: "))
        secret = self.slack.person(sam).post(leads, "Between us").ts
        self.old, self.secret = await self.link(self.archive.id, old), await self.link(leads.id, secret)
        links = {"An answer": await self.link(self.signs.id, answer), "A canvas": await self.canvas(ana.id)}
        says = "\n".join(f"<{url}|{name}>" for name, url in {**links, "Elsewhere": ELSEWHERE}.items())
        way = {**button("To the old note"), "url": self.old}
        buttons = {"type": "actions", "elements": [way, *map(button, ("Aloud", "Wave", "Window"))]}
        blocks = [section(says), self.ways(), buttons]
        await self.client.chat_postMessage(channel=self.signs.id, text="Signposts", blocks=blocks)
        return address

    async def answer(self, request: web.Request) -> web.Response:
        """Reply for all to read, react, or open a window."""
        answered = await super().answer(request)
        pressed = next((each["action_id"] for each in self.heard[-1].get("actions", ())), "")
        channel, client = self.signs.id, self.client
        if pressed == "Aloud":
            thread = self.question
            await client.chat_postMessage(channel=channel, thread_ts=thread, text="Leeds it is", reply_broadcast=True)
        elif pressed == "Wave":
            await client.reactions_add(channel=channel, timestamp=self.question, name="wave")
        elif pressed == "Window":
            view = {"type": "modal", "title": text("Signposts"), "blocks": [self.ways()]}
            await client.views_open(trigger_id=self.heard[-1]["trigger_id"], view=view)
        return answered

    def ways(self) -> dict[str, Any]:
        """Return the block with a way that is open to Ana and one that is not."""
        return section(f"<{self.old}|An old note> or <{self.secret}|A secret>")

    async def link(self, channel: str, ts: str) -> str:
        """Return the address of a message."""
        return str((await self.client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])

    async def canvas(self, reader: str) -> str:
        """Write a canvas that one person may read; return its address."""
        content = {"type": "markdown", "markdown": MARKDOWN}
        made = await self.client.canvases_create(title="Northwind, brief", document_content=content)
        key = made["canvas_id"]
        await self.client.canvases_access_set(canvas_id=key, access_level="read", user_ids=[reader])
        return f"https://{self.slack.world.team.domain}.slack.com/docs/{self.slack.world.team.id}/{key}"


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def button(name: str) -> dict[str, Any]:
    return {"type": "button", "action_id": name, "text": text(name)}


@pytest.fixture(scope="module")
def signposts() -> Iterator[str]:
    """The address of a workspace with signposts."""
    with held(Signposts(HISTORY, channels=0)) as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, signposts: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Ana, before the signposts: with a mouse, unless a test asks for other hands."""
    with visit(chromium, signposts, getattr(request, "param", Mouse)) as somebody:
        somebody.open("signs")
        yield somebody
        assert len(somebody.page.context.pages) == 1, "a tab was opened"


def takes(somebody: Visitor, link: str, *, within: Locator | None = None) -> None:
    """Follow a link."""
    somebody.hands.press((within or somebody.main).get_by_role("link", name=link, exact=True))


def looks_at(message: Locator) -> None:
    """Expect a message to be in sight and to have the focus."""
    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()


def old_note(reader: Visitor) -> Locator:
    """Return the note that the signposts show the way to."""
    expect(reader.main.get_by_role("heading", level=1)).to_have_text("archive")
    return reader.messages.filter(has_text=f"Note {OLD}: ")


@by_mouse_and_by_keyboard
def test_the_message_behind_a_check_in_is_gone_to(visitor: Visitor) -> None:
    visitor.open("northwind")
    visitor.on_message("Saw Omar at the logistics fair", "Log to Ember")
    visitor.tick("Neutral")
    visitor.save()
    visitor.sees("Saved: Northwind · neutral", within=visitor.dialog)

    takes(visitor, "The message", within=visitor.dialog)

    looks_at(visitor.messages.filter(has_text="Saw Omar at the logistics fair"))
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    assert len(visitor.page.context.pages) == 1


@read_by_mouse_and_by_keyboard
def test_a_link_leads_far_back_and_the_keys_go_on_from_there(reader: Visitor) -> None:
    takes(reader, "An old note")
    looks_at(old_note(reader))

    reader.page.keyboard.press("ArrowUp")
    looks_at(reader.messages.filter(has_text=f"Note {OLD - 1}: "))
    reader.press("Newest messages")
    expect(reader.newest).to_contain_text(f"Note {HISTORY - 1}: ")
    expect(reader.newest).to_be_in_viewport()


@read_by_mouse_and_by_keyboard
def test_a_link_to_a_reply_opens_its_thread(reader: Visitor) -> None:
    takes(reader, "An answer")
    looks_at(reader.thread.get_by_role("listitem").filter(has_text="The one in Leeds"))

    reader.press("Close thread", within=reader.thread)
    looks_at(reader.messages.filter(has_text="Which depot?"))


@read_by_mouse_and_by_keyboard
def test_a_button_with_such_an_address_leads_there_too(reader: Visitor) -> None:
    takes(reader, "To the old note")
    looks_at(old_note(reader))


@read_by_mouse_and_by_keyboard
def test_what_one_may_not_see_is_told_kindly(reader: Visitor) -> None:
    takes(reader, "A secret")
    reader.sees("You can't open that conversation.", within=reader.page.get_by_role("status"))
    expect(reader.main.get_by_role("heading", level=1)).to_have_text("signs")

    reader.becomes("Sam")
    takes(reader, "A canvas")
    reader.sees("nobody has shared it with you", within=reader.page.get_by_role("status"))
    takes(reader, "A secret")
    looks_at(reader.messages.filter(has_text="Between us"))


@read_by_mouse_and_by_keyboard
def test_a_window_says_what_keeps_one_away_and_gives_way_to_a_message(reader: Visitor) -> None:
    reader.press("Window")
    takes(reader, "A secret", within=reader.dialog)
    reader.sees("You can't open that conversation.", within=reader.dialog)

    takes(reader, "An old note", within=reader.dialog)
    looks_at(old_note(reader))
    expect(reader.page.get_by_role("dialog")).to_have_count(0)


@read_by_mouse_and_by_keyboard
def test_a_canvas_is_read_in_a_window_of_its_own(reader: Visitor) -> None:
    takes(reader, "A canvas")
    canvas = reader.page.get_by_role("dialog", name="Northwind, brief")
    words = canvas.get_by_role("region", name="Canvas")
    expect(words).to_be_focused()
    assert [line for line in words.inner_text().split("\n") if line] == READ
    expect(words.locator("b")).to_have_text(["Why us:", "Ask:"])
    expect(words.locator("i")).to_have_text("only you see *this*")

    reader.page.keyboard.press("Escape")
    expect(canvas).to_have_count(0)
    expect(reader.main.get_by_role("link", name="A canvas")).to_be_focused()


def test_a_brief_is_read_as_a_canvas_on_a_phone(on_a_phone: Visitor) -> None:
    on_a_phone.open("northwind")
    on_a_phone.ask("/client brief northwind")
    with on_a_phone.answered():
        on_a_phone.press("Copy to a canvas", within=on_a_phone.newest)
    on_a_phone.hands.press(on_a_phone.newest.get_by_role("link", name=re.compile("docs")))

    expect(on_a_phone.dialog).to_have_accessible_name(re.compile("^Northwind, brief of "))
    on_a_phone.sees("Why us:", within=on_a_phone.dialog)
    assert on_a_phone.dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    fits(on_a_phone)
    assert findings(on_a_phone) == []
    on_a_phone.press("Close", within=on_a_phone.dialog)
    expect(on_a_phone.page.get_by_role("dialog")).to_have_count(0)


def test_a_reply_for_all_stands_in_the_channel_at_once(reader: Visitor) -> None:
    reader.press("Aloud")
    reader.sees("Leeds it is", within=reader.newest)


def test_a_reaction_stands_under_its_message(reader: Visitor) -> None:
    reader.press("Wave")
    reactions = reader.messages.filter(has_text="Which depot?").get_by_role("list", name="Reactions")
    expect(reactions.get_by_role("img", name="wave")).to_be_visible()
    expect(reactions).to_contain_text("1")


def test_a_link_that_leads_away_is_heard_by_the_visitor(reader: Visitor) -> None:
    context = reader.page.context
    context.route(f"{ELSEWHERE}**", lambda route: route.abort())
    with context.expect_event("request"), context.expect_page() as opened:
        takes(reader, "Elsewhere")
    opened.value.close()
    assert reader.went_elsewhere == [ELSEWHERE]
    reader.went_elsewhere.clear()
