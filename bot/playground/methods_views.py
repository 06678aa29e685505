"""Web API methods that open and change modals and App Home."""

from typing import Any

from bot.playground.ground import Ground, needed
from bot.playground.refusal import Refused
from bot.playground.tickets import Trigger
from bot.playground.validity import check_view

Json = dict[str, Any]


def open_view(ground: Ground, args: Json) -> Json:
    """Open a modal for the person behind a trigger."""
    trigger = _trigger(ground, args)
    view = ground.world.views.open(trigger.user_id, check_view(args.get("view"), home=False))
    trigger.used = True
    return {"view": view.seen()}


def push_view(ground: Ground, args: Json) -> Json:
    """Put a modal on top of the one behind a trigger."""
    trigger = _trigger(ground, args)
    view = ground.world.views.push(trigger.user_id, check_view(args.get("view"), home=False))
    trigger.used = True
    return {"view": view.seen()}


def update_view(ground: Ground, args: Json) -> Json:
    """Change an open modal, found by exactly one of view_id and external_id."""
    view_id, external_id = str(args.get("view_id") or ""), str(args.get("external_id") or "")
    if bool(view_id) == bool(external_id):
        raise Refused("invalid_arguments" if view_id else "missing_argument", needed="view_id or external_id")
    source = check_view(args.get("view"), home=False)
    view = ground.world.views.update(
        source, view_id=view_id, external_id=external_id, hash_=str(args.get("hash") or "")
    )
    return {"view": view.seen()}


def publish_view(ground: Ground, args: Json) -> Json:
    """Show a person their App Home."""
    member = ground.world.user(needed(args, "user_id"))
    source = check_view(args.get("view"), home=True)
    view = ground.world.views.publish(member.id, source, hash_=str(args.get("hash") or ""))
    return {"view": view.seen()}


def _trigger(ground: Ground, args: Json) -> Trigger:
    return ground.tickets.exchange(needed(args, "trigger_id"))


METHODS = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
