"""One answer, two places: beside the channel for one person's eyes, or in a modal where others look on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.slack.blocks import Block, View, message, modal
from bot.slack.blocks_lint import fit

CHART = "data_visualization"


@dataclass(frozen=True)
class Panel:
    """What to show: a title (24 characters), a full sentence for notifications and screen readers, and blocks.

    `outcome` says what was done without naming anybody, for where the panel itself cannot be shown.  A modal holds no
    chart: it is left out there, so a caption beside it says what it shows.
    """

    title: str
    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    outcome: str = ""

    def as_message(self) -> dict[str, Any]:
        """Return it as a message."""
        return fit(message(self.text, list(self.blocks)), "message")

    def as_modal(self) -> View:
        """Return it as a modal that only shows."""
        shown = [block for block in self.blocks if block["type"] != CHART]
        return fit(modal(self.title, shown, callback_id="panel", close="Done"), "modal")
