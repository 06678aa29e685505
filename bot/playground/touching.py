"""Finding what a person can touch on their screen."""

from collections.abc import Iterator
from typing import Any, Literal

from bot.playground.elements import ClientSideError, elements_of
from bot.playground.people import Member, Message
from bot.playground.views import View
from bot.playground.world import World

Json = dict[str, Any]
Place = Message | View | Literal["message", "modal", "home"]


def find_element(
    world: World,
    member: Member,
    action_id: str,
    in_: Place | None,
    *,
    kinds: set[str],
    value: str | None,
    label: str | None,
) -> tuple[View | Message, Json, Json]:
    """Return the place, block and element for an action_id; ClientSideError when it is not on the screen."""
    there = []
    for place in places(world, member, in_):
        for block, element in elements_of(place.blocks):
            there.append(element["action_id"])
            if _fits(element, action_id, kinds, value, label):
                return place, block, element
    raise ClientSideError(action_id, f"nothing like that on the screen (there are: {', '.join(there) or 'none'})")


def places(world: World, member: Member, in_: Place | None) -> Iterator[View | Message]:
    """Walk through what a person has before them, what lies on top first; an open modal covers the rest."""
    if isinstance(in_, Message | View):
        yield in_
        return
    stack = world.views.stack(member.id)
    if stack and in_ in {None, "modal"}:
        yield stack[-1]
        return
    if in_ in {None, "message"}:
        yield from (message for message in reversed(world.sees(member)) if message.app)
    home = world.views.home(member.id)
    if home is not None and in_ in {None, "home"}:
        yield home


def _fits(element: Json, action_id: str, kinds: set[str], value: str | None, label: str | None) -> bool:
    text = element.get("text")
    words = text.get("text") if isinstance(text, dict) else text
    return (
        element["action_id"] == action_id
        and (not kinds or element.get("type") in kinds)
        and value in {None, element.get("value")}
        and label in {None, words}
    )
