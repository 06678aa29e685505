"""Acting on exactly one element, as a client with a mouse does: named by its place, its block and its action."""

from collections.abc import Mapping
from typing import Any

from bot.playground import payloads
from bot.playground.delivery import Answer, Delivery, Parcel
from bot.playground.elements import STATE, ClientSideError, Field, elements_of, options_of
from bot.playground.ground import Ground
from bot.playground.modal import Modal
from bot.playground.people import Member, Message
from bot.playground.states import state_of
from bot.playground.submitting import Submitting
from bot.playground.views import View

Json = dict[str, Any]
MENUS = 50
"""How many searched menus a hand remembers the offers of."""

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Acting:
    """One member's hand.  Every method raises ClientSideError where Slack's client would not let them."""

    def __init__(self, ground: Ground, delivery: Delivery, member: Member) -> None:
        self.member = member
        self._ground = ground
        self._delivery = delivery
        self._submitting = Submitting(ground, delivery, member)
        self._offered: dict[tuple[str, str, str], dict[str, Json]] = {}

    async def act(self, where: View | Message, block_id: str, action_id: str, given: Mapping[str, Any]) -> Answer:
        """Press or choose; `given` is a state as Slack's actions carry it."""
        block, element = _element(where, block_id, action_id)
        state = self._state(where, block, element, given)
        if element["type"] in STATE:
            where.typed.setdefault(block_id, {})[action_id] = state
        return await self.send(where, block, element, state)

    async def send(self, where: View | Message, block: Json, element: Json, state: Json) -> Answer:
        """Tell the app what was pressed or chosen."""
        ground = self._ground
        payload = payloads.interaction(ground, self.member, "block_actions")
        payload |= payloads.place_of(ground, self.member, where, hook=True)
        payload["actions"] = [payloads.action(block, element, state, ground.world.ts())]
        return await self._delivery.send(Parcel("interactive", "block_actions", payload))

    async def options(self, where: View | Message, block_id: str, action_id: str, query: str) -> Json:
        """Return what an external select offers for some words: {"options": …} or {"option_groups": …}."""
        block, element = _element(where, block_id, action_id)
        if element["type"] not in {"external_select", "multi_external_select"}:
            raise ClientSideError(action_id, "this menu has its own options")
        body = await self._submitting.load(where, Field(block, element), query)
        known = self._offered.setdefault((_id(where), block_id, action_id), {})
        known.update({str(option["value"]): option for option in options_of(body)})
        while len(self._offered) > MENUS:
            del self._offered[next(iter(self._offered))]
        return body

    def type_in(self, view: View, block_id: str, action_id: str, given: Mapping[str, Any]) -> tuple[Json, Json, Json]:
        """Keep what was typed so far, right or wrong; return block, element and state."""
        block, element = _element(view, block_id, action_id)
        state = self._state(view, block, element, given)
        view.typed.setdefault(block_id, {})[action_id] = state
        view.errors.pop(block_id, None)
        return block, element, state

    def fill(self, view: View, values: Values) -> dict[str, str]:
        """Put values into a modal and return what keeps Slack's client from sending it, by block_id."""
        for block_id, actions in values.items():
            for action_id, given in actions.items():
                self.type_in(view, block_id, action_id, given)
        held = view.values()
        complaints = {one.block_id: one.complaint(held[one.block_id][one.action_id]) for one in Modal(view).inputs}
        return {block_id: text for block_id, text in complaints.items() if text is not None}

    async def submit(self, view: View) -> Answer:
        """Press the modal's button."""
        if not view.source.get("submit"):
            raise ClientSideError(Modal(view).title, "this modal has no submit button")
        return await self._submitting.press(Modal(view))

    def _state(self, where: View | Message, block: Json, element: Json, given: Mapping[str, Any]) -> Json:
        block_id, action_id = str(block.get("block_id")), str(element.get("action_id"))
        offered = list(self._offered.get((_id(where), block_id, action_id), {}).values())
        held = where.typed.get(block_id, {}).get(action_id, {}).get(STATE.get(element["type"], ("", ""))[0])
        offered += held if isinstance(held, list) else [held] if isinstance(held, dict) else []
        return state_of(self._ground.world, self.member, block, element, given, offered)


def _element(where: View | Message, block_id: str, action_id: str) -> tuple[Json, Json]:
    for block, element in elements_of([*where.blocks, *where.past]):
        if block.get("block_id") == block_id and element["action_id"] == action_id:
            return block, element
    raise ClientSideError(action_id, "that is not there any more")


def _id(where: View | Message) -> str:
    return where.id if isinstance(where, View) else f"{where.channel_id}/{where.ts}"
