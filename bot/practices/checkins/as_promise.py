"""From a message straight to a promise: its form, words and all, over the one of a check-in, which stays beneath."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.checkins import forms
from bot.practices.clients import service as clients
from bot.practices.promises import forms as promise_forms
from bot.practices.promises import recognise
from bot.store.base import new_id
from bot.workspaces.here import Here, as_id


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action("checkin.as_promise")(instead)


async def instead(ack: AsyncAck, here: Here, view: dict[str, Any] | None, body: dict[str, Any]) -> None:
    """Show the form of a promise with what the message says; nothing is kept until it is saved."""
    shown = view or body.get("view") or {}
    typed = forms.FORM.state(shown)
    picked, words = typed.get("client"), str(typed.get("note") or "")
    client = None
    if picked is not None:
        async with here.look() as session:
            client = (await clients.get_many(session, [as_id(picked.id)])).get(as_id(picked.id))
    guess = recognise.guess(words, here.local.date())
    await ack()
    here.open(promise_forms.blank(new_id(), client, here.member.slack_id, said=guess, words=words))
