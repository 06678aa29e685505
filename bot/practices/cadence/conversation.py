"""“Not now”: setting a client aside for a while, and bringing it back."""

import uuid
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.cadence import forms, service
from bot.practices.clients import service as clients
from bot.practices.clients.service import Client
from bot.practices.practice import clicks
from bot.slack.forms import read_metadata
from bot.store.base import new_id
from bot.workspaces.here import Here, as_id


def register(app: AsyncApp) -> None:
    """Connect the form and the buttons."""
    app.action(clicks("cadence.not_now"))(not_now)
    app.action(clicks("cadence.wake"))(wake)
    app.view(forms.FORM.name)(save)


async def not_now(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Open the form for the client of a button."""
    await ask(ack, here, as_id(action.get("value")))


async def ask(ack: AsyncAck, here: Here, client_id: uuid.UUID) -> None:
    """Open the form for a client.

    Raises clients.UnknownClient, clients.NotTheirs, and Refused for a relationship that has ended.
    """
    async with here.look() as session:
        client = await clients.get(session, client_id)
        clients.require_running(client)
        await clients.require_editor(session, client, here.member)
        known = (await service.snoozed(session, [client_id], here.me, here.local.date())).get(client_id)
    await ack()
    here.open(forms.view(client, new_id(), known))


async def save(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Set a client aside, as the form says."""
    today = here.local.date()
    said = forms.read(view, today=today)
    carried = read_metadata(view)
    async with here.work() as session:
        client = await clients.get(session, as_id(carried.get("c")))
        made = await service.snooze(
            session,
            client.id,
            until=said.until,
            reason=said.reason,
            note=said.note,
            by=here.member,
            now=here.now,
            key=f"view:{as_id(carried.get('n'))}",
        )
    await here.show(ack, forms.aside(client, made, today=today))
    here.changed(client.id)


async def wake(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Bring the client of a button back."""
    client = await brought_back(here, as_id(action.get("value")))
    await here.show(ack, forms.back(client))


async def brought_back(here: Here, client_id: uuid.UUID) -> Client:
    """Bring a client back, and say so to whoever keeps something fresh."""
    async with here.work() as session:
        client = await service.wake(session, client_id, by=here.member)
    here.changed(client.id)
    return client
