"""What a receipt offers beyond itself: a next step for what was noted, each one tap away."""

from bot.practices.checkins.receipts import Receipt
from bot.practices.checkins.rules import Signal
from bot.slack.blocks import Block, actions, button, section
from bot.slack.text import Markup

LOOKED_EMOTIONAL = Markup(
    "The decision looked emotional. Three lines for yourself may help; they stay yours unless you choose otherwise."
)


def offers(receipt: Receipt) -> list[Block]:
    """Return the next steps for a win, a struggle or a blocker, a difference, and a decision that looked emotional."""
    checkin, row = receipt.checkin, []
    value = f"{checkin.client_id}:{checkin.id}"
    if checkin.win:
        row.append(button("Mark as milestone", "milestone.new:win", value=value))
    if checkin.struggle or Signal.BLOCKER in receipt.signals:
        row.append(button("Note a blocker", "blocker.new", value=value))
    if Signal.HEALTHY_DISAGREEMENT in receipt.signals:
        row.append(button("Keep the difference", "difference.new", value=value))
    found = [actions(*row, block_id="offers")] if row else []
    if Signal.EMOTIONAL_DECISION in receipt.signals:
        write = button("Write them", "reflection.new", value=str(checkin.id))
        found.append(section(LOOKED_EMOTIONAL, accessory=write))
    return found
