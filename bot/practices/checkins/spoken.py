"""“We've spoken”: one press notes that there was a conversation, today or on another day.

Whoever draws the button says what is shown afterwards: here it is the receipt, elsewhere a list without the client.
"""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import panels, rules, service
from bot.practices.checkins.service import Receipt
from bot.practices.practice import clicks
from bot.slack.errors import Refused
from bot.store.base import new_id
from bot.workspaces.here import Here, as_id

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NO_DAY = "Ember does not know that day. Please pick another."
TAKEN_BACK = "You took that back a moment ago. Press “We've spoken” again to note it."


@dataclass(frozen=True)
class Asked:
    """What a click is about: a client, a local day (None for today), and the check-in that gets that day, if any."""

    client_id: uuid.UUID
    on: dt.date | None = None
    moves: uuid.UUID | None = None


def register(app: AsyncApp) -> None:
    """Connect the buttons and the date picker that answer with a receipt."""
    app.action(clicks("spark.spoken"))(answer)
    app.action(clicks("spark.spoken_on"))(answer)


async def answer(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note a conversation and show what was noted."""
    receipt = await note(here, asked(here, action))
    await here.show(ack, panels.spoken(receipt, today=here.local.date()))


async def note(here: Here, about: Asked) -> Receipt:
    """Note that the member spoke with a client; whatever is kept fresh hears of it.

    Raises Refused, with a sentence to show, and clients.UnknownClient.
    """
    key = f"action:{here.envelope.trigger_id or new_id()}"
    try:
        async with here.work() as session:
            receipt = await service.spoken(
                session, about.client_id, on=about.on, moves=about.moves, by=here.member, key=key, now=here.now
            )
    except (rules.FutureDay, rules.TooLongAgo) as error:
        raise Refused(str(error)) from None
    except (service.UnknownCheckin, service.NotTheAuthor):
        raise Refused(TAKEN_BACK) from None
    here.changed(about.client_id)
    return receipt


def asked(here: Here, action: Mapping[str, Any]) -> Asked:
    """Return what a click is about.

    A button's or a menu's value is the client's id, with ":yesterday" or ":2026-05-14" behind it for another day; a
    date picker stands in a block called "spoken:" and the client's id.  Either may end in ":" and the id of a check-in.
    Raises Refused for anything else.
    """
    if "selected_date" in action:
        client_id, _, moves = str(action.get("block_id")).removeprefix(panels.PICKED_IN).partition(":")
        day = str(action["selected_date"])
    else:
        option = action.get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else action.get("value")
        client_id, _, more = str(value).partition(":")
        day, _, moves = more.partition(":")
    return Asked(as_id(client_id), day_of(here, day) if day else None, as_id(moves) if moves else None)


def day_of(here: Here, said: str) -> dt.date:
    """Return the member's local day that a button or a date picker said.  Raises Refused for what is none."""
    if said == panels.YESTERDAY:
        return here.local.date() - dt.timedelta(days=1)
    try:
        if DATE.fullmatch(said):
            return dt.date.fromisoformat(said)
    except ValueError:
        pass
    raise Refused(NO_DAY)
