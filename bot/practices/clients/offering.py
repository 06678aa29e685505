"""Answering what is typed into a picker of clients."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service
from bot.practices.clients.rules import Status
from bot.practices.clients.service import Found
from bot.slack import limits
from bot.slack.blocks import Element, option
from bot.slack.text import shorten
from bot.workspaces.here import Here


async def offer(ack: AsyncAck, here: Here, payload: dict[str, Any]) -> None:
    """Offer the clients whose names fit; the member's own first, where nothing is typed."""
    typed = payload.get("value")
    async with here.look() as session:
        found = await service.offer(session, typed if isinstance(typed, str) else "", first_of=here.member.id)
    await ack(options=[_offered(client, here) for client in found[: limits.SELECT_OPTIONS]])


def _offered(client: Found, here: Here) -> Element:
    mark = " (paused)" if client.status_on(here.local.date()) is Status.PAUSED else ""
    return option(shorten(client.name, limits.OPTION_TEXT - len(mark)) + mark, str(client.id))
