"""Who was picked in a form: a full member of ours, asked of Slack."""

from typing import Final

from bot.slack.forms import FieldErrors
from bot.workspaces.directory import Member
from bot.workspaces.here import Here

NOT_READ: Final = "Ember could not check that with Slack. Please try again in a minute."


def not_ours(so: str) -> str:
    """Return what is said of anybody else; so: what they can't do, as in "can't cover"."""
    return f"Pick a full member of this workspace; guests, bots and people who left {so}."


async def ours(here: Here, slack_id: str, block: str, so: str) -> Member:
    """Return who was picked; asks Slack, so no session may be open.  Raises FieldErrors at the block."""
    found = (await here.host.lookup.members(here.workspace, [slack_id], now=here.now)).get(slack_id)
    if found is None or not found.is_ours:
        raise FieldErrors({block: NOT_READ if found is None else not_ours(so)})
    return found
