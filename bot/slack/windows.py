"""Windows that stay open while one presses in them: however quickly, what was pressed last is what stands there."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.log import refusal
from bot.slack.blocks import View

KEPT = 1000
"""How many windows are remembered; the one opened longest ago is forgotten first."""


@dataclass
class _Window:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    hash: str = ""
    asked: dt.datetime | None = None


class Windows:
    """What this process has drawn lately, window by window."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    async def redraw(self, slack: AsyncWebClient, clicked: Mapping[str, Any], view: View, asked: dt.datetime) -> None:
        """Draw a view in the window that was clicked in; asked: when that was.

        Whoever presses twice at once has the second press sent with the hash of what the first one changes: it is
        drawn over it all the same.  Raises SlackApiError, hash_conflict where something newer stands there.
        """
        id_ = str(clicked.get("id", ""))
        window = self._window(id_)
        async with window.turn:
            ours = window.hash if window.asked and window.asked <= asked else ""
            try:
                answer = await slack.views_update(view_id=id_, hash=clicked.get("hash"), view=view)
            except SlackApiError as error:
                if not ours or refusal(error) != "hash_conflict":
                    raise
                answer = await slack.views_update(view_id=id_, hash=ours, view=view)
            window.hash, window.asked = str((answer.get("view") or {}).get("hash") or ""), asked

    def _window(self, id_: str) -> _Window:
        while len(self._windows) > KEPT:
            del self._windows[next(iter(self._windows))]
        return self._windows.setdefault(id_, _Window())
