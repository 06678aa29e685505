"""How a press on a check-in is answered: with what was kept, or with why it was not."""

import uuid

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import panels, service
from bot.practices.checkins.service import Receipt
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.slack.errors import Refused
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

GONE = "That note is not there any more."
OTHERS = "Only the person who wrote a note can change it."
TOO_LATE = "Undo works for ten minutes. You can still change or delete it from the client's card."
NO_CLIENT = "That client is not there any more."


async def show_saved(here: Here, ack: AsyncAck, receipt: Receipt) -> None:
    """Say what was kept; whatever is kept fresh hears of it."""
    await here.show(ack, panels.saved(receipt, address=here.workspace.address, today=here.local.date()))
    here.changed(receipt.client.id)


async def client_of(session: Work, client_id: uuid.UUID | None) -> Client:
    """Return the client that a button is about.  Raises Refused."""
    try:
        return await clients.get(session, as_id(client_id))
    except clients.UnknownClient:
        raise Refused(NO_CLIENT) from None


def as_refused(error: Exception) -> Refused:
    """Return the sentence for a note that is gone, or somebody else's."""
    return Refused(OTHERS if isinstance(error, service.NotTheAuthor) else GONE)
