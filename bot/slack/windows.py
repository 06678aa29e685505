"""Windows that stay open while one presses in them: of two quick presses, the second one stands there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.log import refusal
from bot.slack.blocks import View

KEPT = 1000
"""How many windows are remembered; the one drawn in longest ago is forgotten first."""


@dataclass
class _Window:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    pressed: str = ""
    hash: str = ""


class Windows:
    """What presses have had this process draw lately, window by window.

    It lives as long as the process.  Where another process drew what stands there, Slack's hash alone decides.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._windows: dict[str, _Window] = {}
        self._kept = kept

    async def redraw(self, slack: AsyncWebClient, clicked: Mapping[str, Any], view: View, pressed: str) -> None:
        """Draw a view in the window that was clicked in; pressed: Slack's stamp of the click, empty for none.

        Of two quick presses the second one carries the hash from before the first was drawn.  It is drawn all the
        same, over what was drawn for an earlier press and over nothing else.  Raises what the Slack client raises:
        SlackApiError with hash_conflict where something else stands there, with not_found where the window is closed.
        """
        id_ = str(clicked.get("id", ""))
        window = self._window(id_)
        async with window.turn:
            try:
                answer = await slack.views_update(view_id=id_, hash=clicked.get("hash"), view=view)
            except SlackApiError as error:
                if refusal(error) != "hash_conflict" or not "" < window.pressed < pressed:
                    raise
                answer = await slack.views_update(view_id=id_, hash=window.hash, view=view)
            window.pressed, window.hash = pressed, str((answer.get("view") or {}).get("hash") or "")

    def _window(self, id_: str) -> _Window:
        window = self._windows[id_] = self._windows.pop(id_, _Window())
        while len(self._windows) > self._kept:
            del self._windows[next(iter(self._windows))]
        return window
