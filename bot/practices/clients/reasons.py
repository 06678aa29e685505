"""What people say in Slack about why a client hired us: first, again, and that it still is so."""

import datetime as dt
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import forms, service, why
from bot.practices.clients.forms import why_view
from bot.practices.clients.service import Client
from bot.practices.practice import clicks
from bot.slack.blocks import Element, button
from bot.slack.errors import Refused
from bot.slack.forms import read_metadata
from bot.slack.panel import Panel
from bot.slack.text import markup
from bot.store.session import Work
from bot.workspaces.here import Here, as_id

NO_DAY: Final = "Ember does not know that day any more. Please open the card."


def register(app: AsyncApp) -> None:
    """Listen to the form and the buttons."""
    app.view("client.why")(save_why)
    app.action(clicks("client.why"))(open_why)
    app.action(clicks("client.why_true"))(confirm_why)
    app.action(clicks("client.why_undo"))(undo_confirm_why)


async def open_why(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask why a client hired us."""
    async with here.look() as session:
        client = await service.get(session, as_id(action.get("value")))
    await ack()
    here.open(why_view(client))


async def save_why(ack: AsyncAck, here: Here, view: dict[str, Any]) -> None:
    """Keep why a client hired us: anyone may say it first, the client's team may change it."""
    async with here.work() as session:
        client = await service.hold(session, as_id(read_metadata(view).get("c")))
        reason, kind = forms.read_why(view, client)
        if client.why_hired:
            await service.require_editor(session, client, here.member)
        client = await service.set_why(session, client.id, reason, kind, on=here.local.date())
    await here.show(ack, _done("Thank you", client, "has it on its card now."))
    here.changed(client.id)


async def confirm_why(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that a client still hires us for what is known."""
    async with here.work() as session:
        before = await _editable(session, here, action.get("value"))
        client = await service.confirm_why(session, before.id, here.local.date())
    undo = button("Undo", "client.why_undo", value=f"{client.id}:{before.why_confirmed_on}")
    await _show_why(ack, here, action, client, _done("Noted", client, "still hires us for that.", undo))


async def undo_confirm_why(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Have it be as it was before somebody said that it still is so."""
    client_id, _, said = str(action.get("value")).partition(":")
    try:
        before = min(dt.date.fromisoformat(said), here.local.date())
    except ValueError:
        raise Refused(NO_DAY) from None
    async with here.work() as session:
        client = await service.confirm_why(session, (await _editable(session, here, client_id)).id, before)
    await _show_why(ack, here, action, client, _done("Undone", client, "has its reason as it was."))


async def _show_why(ack: AsyncAck, here: Here, action: dict[str, Any], client: Client, panel: Panel) -> None:
    """Show a press where it was made; somebody's own morning is written anew a moment later."""
    if str(action.get("action_id")).endswith(f":{why.IN_MORNING}"):
        await ack()
    else:
        await here.show(ack, panel)
    here.changed(client.id)


async def _editable(session: Work, here: Here, value: object) -> Client:
    """Return the client of a button, if this member may change it."""
    client = await service.get(session, as_id(value))
    await service.require_editor(session, client, here.member)
    return client


def _done(title: str, client: Client, words: str, *more: Element) -> Panel:
    return forms.done_panel(title, markup("{client} {words}", client=client.name, words=words), client, *more)
