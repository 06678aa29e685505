"""Saying that a promise is done, or not after all: the message that shows it is written anew."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.practice import clicks
from bot.practices.promises import service
from bot.workspaces.here import Here, as_id


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action(clicks("promise.done"))(done)
    app.action(clicks("promise.undo"))(undo)


async def done(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a button's promise is done."""
    await _settle(ack, here, action, done=True)


async def undo(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a button's promise is open after all."""
    await _settle(ack, here, action, done=False)


async def _settle(ack: AsyncAck, here: Here, action: dict[str, Any], *, done: bool) -> None:
    async with here.work() as session:
        promise = await service.settle(session, as_id(action.get("value")), by=here.member, done=done, now=here.now)
    await ack()
    here.changed(promise.client_id)
