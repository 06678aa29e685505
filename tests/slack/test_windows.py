import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.blocks import modal, section
from bot.slack.windows import Windows
from tests.front_door import agency
from tests.support import PATIENCE

CONFLICT = {"ok": False, "error": "hash_conflict"}


def showing(words):
    press = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": "Press"}}
    return modal("Counted", [section(words), {"type": "actions", "elements": [press]}], callback_id="counted")


class Button:
    """Draws which press it was; the one that is `held` waits until it may go on."""

    def __init__(self, place):
        self.place, self.hashes, self.held = place, [], 0
        self.begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, ack, here):
        await ack()
        self.hashes.append(here.envelope.view["hash"])
        number = len(self.hashes)
        if number == self.held:
            self.begun.set()
            await self.may_go_on.wait()
        here.update(showing(f"Press {number}."))

    @property
    def view(self):
        [view] = self.place.slack.world.views.stack(self.place.ana.member.id)
        return view

    @property
    def says(self):
        return self.view.source["blocks"][0]["text"]["text"]

    @property
    def answers(self):
        return [call.response for call in self.place.slack.calls("views.update")]

    async def press(self):
        """Press, and wait until that is drawn."""
        await self.place.ana.click("press")
        await self.place.quiet()

    async def press_and_wait(self):
        """Press, and return that press once it is held."""
        pressing = asyncio.create_task(self.place.ana.click("press"))
        async with asyncio.timeout(PATIENCE):
            await self.begun.wait()
        return pressing

    async def goes_on(self, pressing):
        """Let the press that is held go on to its end."""
        self.may_go_on.set()
        await pressing
        await self.place.quiet()


@pytest.fixture
async def button(migrated_sqlite, tmp_path, clock):
    """A window with one button, before Ana."""
    (tmp_path / "ember.db").write_bytes(migrated_sqlite.read_bytes())
    async with agency(f"sqlite+aiosqlite:///{tmp_path}/ember.db", clock) as place:

        async def show(ack, here):
            await ack()
            here.open(showing("Not pressed."))

        button = Button(place)
        place.ember.bolt.command("/counted")(show)
        place.ember.bolt.action("press")(button)
        await place.ana.command("/counted")
        await place.ana.modal()
        yield button
        button.may_go_on.set()


async def test_of_two_quick_presses_the_second_one_stands_there(button):
    shown = button.view.hash
    await asyncio.gather(button.place.ana.click("press"), button.place.ana.click("press"))
    await button.place.quiet()
    assert button.hashes == [shown, shown], "both were pressed on the same drawing"
    assert button.says == "Press 2."

    await button.press()
    assert button.says == "Press 3."


async def test_a_press_that_takes_long_draws_nothing_over_a_later_one(button):
    button.held = 1
    pressing = await button.press_and_wait()
    await button.place.ana.click("press")
    await button.place.slack.world.until(lambda: button.says == "Press 2." or None, PATIENCE)
    await button.goes_on(pressing)
    assert button.says == "Press 2."
    assert button.answers[1:] == [CONFLICT]


async def test_nothing_is_drawn_over_what_came_by_another_way(button):
    button.held = 2
    await button.press()
    pressing = await button.press_and_wait()
    button.view.replace(showing("Saved."))
    await button.goes_on(pressing)
    assert button.says == "Saved."
    assert button.answers[1:] == [CONFLICT, CONFLICT]


async def test_a_window_that_was_closed_meanwhile_is_left_alone(button):
    button.held = 1
    pressing = await button.press_and_wait()
    await button.place.ana.close_modal()
    await button.goes_on(pressing)
    assert button.answers == [{"ok": False, "error": "not_found"}]


async def test_the_window_drawn_in_longest_ago_is_forgotten_first(button):
    place, windows = button.place, Windows(kept=2)
    views = [
        place.slack.world.views.open(member.id, showing("New.")) for member in (place.ana.member, place.tom.member)
    ]
    views.append(button.place.slack.world.views.push(place.tom.member.id, showing("New.")))
    first, second, third = ({"id": view.id, "hash": view.hash} for view in views)

    async def press(clicked, pressed):
        await windows.redraw(place.ember.clients.posting, clicked, showing(f"Press {pressed}."), pressed)

    for number, clicked in enumerate((first, second, first, third)):
        await press(clicked, str(number))
    await press(first, "4")
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await press(second, "5")
