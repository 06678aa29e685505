"""What becomes of the app's answers: messages in the body or on a response URL."""

from typing import Any

from bot.playground.ground import Ground, truthy
from bot.playground.methods_messages import drawn_blocks
from bot.playground.people import Message
from bot.playground.refusal import Refused
from bot.playground.tickets import Hook
from bot.playground.validity import check_message

Json = dict[str, Any]


def post_response(ground: Ground, hook: Hook, body: Json) -> Message | None:
    """Do what an answer asks for: delete or replace the clicked message, or post one (ephemeral unless in_channel).

    Refused: no_text, invalid_blocks and the like; message_not_found when there is nothing to replace.
    """
    world = ground.world
    clicked = world.message(hook.channel_id, hook.message_ts) if hook.message_ts else None
    if truthy(body.get("delete_original")):
        if clicked is None or not clicked.app:
            raise Refused("message_not_found", status=404)
        world.remove(clicked)
        return None
    check_message(body)
    text = str(body.get("text") or "")
    if truthy(body.get("replace_original")):
        if clicked is None or not clicked.app:
            raise Refused("message_not_found", status=404)
        clicked.text, clicked.typed = text, {}
        clicked.redraw(drawn_blocks(body, clicked.blocks))
        if clicked.ephemeral_to is None:
            clicked.edited = {"user": world.bot.id, "ts": world.ts()}
        world.message_changed(clicked)
        return clicked
    message = Message(hook.channel_id, "", world.bot.id, text, drawn_blocks(body), app=True)
    message.ephemeral_to = None if body.get("response_type") == "in_channel" else hook.user_id
    message.thread_ts = str(body["thread_ts"]) if body.get("thread_ts") else None
    return world.post(message)
