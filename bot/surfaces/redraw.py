"""Panels of today whose row is being settled in a window of its own: they are drawn afresh once that is done.

What is remembered here lives as long as the process; without it a panel merely shows what was so before.
"""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from bot.log import refusal
from bot.slack.panel import Panel
from bot.slack.whisper import reply
from bot.workspaces.here import Here
from bot.workspaces.lookup import UNREACHABLE

log = structlog.get_logger(__name__)

FOR: Final = dt.timedelta(minutes=30)
"""How long Slack lets an app redraw what was clicked in."""

Draw = Callable[[Here, Sequence[uuid.UUID]], Awaitable[Panel]]


@dataclass(frozen=True)
class Left:
    """A panel that somebody left for a window: about which client, what it shows, and where it stands."""

    client_id: uuid.UUID
    shown: Sequence[uuid.UUID]
    response_url: str
    view_id: str
    at: dt.datetime


class Redrawing:
    """Remembers the panel that each member left last, and draws it afresh."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._left: dict[uuid.UUID, Left] = {}

    def leave(self, here: Here, client_id: uuid.UUID, shown: Sequence[uuid.UUID]) -> None:
        """Take note of the panel that was clicked in."""
        view_id = str(here.envelope.view.get("id", ""))
        if view_id or (here.envelope.response_url and here.is_among_us):
            self._left[here.member.id] = Left(client_id, shown, here.envelope.response_url, view_id, here.now)

    def forget(self, here: Here) -> None:
        """Leave the member's last panel alone: it has been drawn already."""
        self._left.pop(here.member.id, None)

    def changed(self, here: Here, client_id: uuid.UUID) -> None:
        """Draw the panel afresh on which somebody has just settled a client."""
        left = self._left.get(here.member.id)
        if left is not None and left.client_id == client_id:
            self.forget(here)
            if here.now - left.at <= FOR:
                here.later("redraw today's panel", self._redraw(here, left))

    async def _redraw(self, here: Here, left: Left) -> None:
        panel = await self._draw(here, left.shown)
        slack = here.host.clients
        try:
            if left.view_id:
                await slack.posting.views_update(view_id=left.view_id, view=panel.as_modal())
            else:
                await reply(slack, left.response_url, {**panel.as_message(), "replace_original": True})
        except UNREACHABLE as error:
            log.info("a panel was not redrawn", member=str(here.member.id), why=refusal(error))
