"""What can be done about a client that Ember brought up by itself: the same buttons in digest, alert and morning.

The message is changed in place by the courier, for everyone who reads it; whoever pressed is answered beside it.
"""

import uuid
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.cadence import conversation as cadence
from bot.practices.checkins import conversation as checkins
from bot.practices.checkins import panels, spoken
from bot.practices.checkins.spoken import Asked
from bot.practices.practice import clicks
from bot.slack import limits
from bot.slack.blocks import Element, button, option, overflow
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.text import shorten
from bot.slack.whisper import reply
from bot.surfaces import handover, today, why
from bot.workspaces.here import Here, as_id

UNKNOWN: Final = "Ember does not know that choice any more. `/ember today` shows what is worth doing now."


def register(app: AsyncApp) -> None:
    """Connect the buttons and the menu."""
    app.action(clicks("call.spoken"))(have_spoken)
    app.action(clicks("call.not_now"))(not_now)
    app.action(clicks("call.why"))(explain)
    app.action(clicks("call.more"))(more)
    app.action(clicks("call.today"))(show_mine)


def spoken_button(client_id: uuid.UUID, name: str) -> Element:
    """Return the button that notes a conversation today."""
    return _named("We've spoken", "call.spoken", client_id, f"We've spoken with {name}", primary=True)


def not_now_button(client_id: uuid.UUID, name: str) -> Element:
    """Return the button that sets a client aside."""
    return _named("Not now", "call.not_now", client_id, f"Not now: set {name} aside")


def why_button(client_id: uuid.UUID, name: str) -> Element:
    """Return the button that explains a client's spark."""
    return _named("Why?", "call.why", client_id, f"Why {name}?")


def _named(label: str, action_id: str, client_id: uuid.UUID, aloud: str, *, primary: bool = False) -> Element:
    heard = shorten(aloud, limits.ACCESSIBILITY_LABEL)
    return button(
        label,
        action_id,
        value=str(client_id),
        style="primary" if primary else None,
        accessibility_label=heard,
    )


def menu(client_id: uuid.UUID, *, spoken_too: bool = True) -> Element:
    """Return a row's menu: five choices, or the four beside a button for the first."""
    choices = {
        "spoken": "We've spoken",
        "log": "Log a check-in",
        "not_now": "Not now",
        "hand": "Hand over",
        "why": "Why?",
    }
    shown = {key: label for key, label in choices.items() if spoken_too or key != "spoken"}
    return overflow("call.more", [option(label, f"{key}:{client_id}") for key, label in shown.items()])


async def have_spoken(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Note that the member spoke with a client today, and offer them alone to say more."""
    await _spoken(ack, here, as_id(action.get("value")))


async def not_now(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Ask until when a client is set aside."""
    await cadence.ask(ack, here, as_id(action.get("value")))


async def explain(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Explain a client's spark, to the member alone."""
    await _why(ack, here, as_id(action.get("value")))


async def show_mine(ack: AsyncAck, here: Here) -> None:
    """Show the member what is worth doing now for them."""
    panel = await today.today(here)
    await ack()
    here.open(panel.as_modal())


async def more(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Do what was chosen in a row's menu."""
    chosen, _, key = str((action.get("selected_option") or {}).get("value")).partition(":")
    client_id = as_id(key)
    match chosen:
        case "spoken":
            await _spoken(ack, here, client_id)
        case "log":
            await checkins.log_for(ack, here, {"value": key})
        case "not_now":
            await cadence.ask(ack, here, client_id)
        case "hand":
            await handover.ask(ack, here, client_id)
        case "why":
            await _why(ack, here, client_id)
        case _:
            raise Refused(UNKNOWN)


async def _spoken(ack: AsyncAck, here: Here, client_id: uuid.UUID) -> None:
    receipt = await spoken.note(here, Asked(client_id))
    await ack()
    _beside(here, panels.spoken(receipt, today=here.local.date()))


async def _why(ack: AsyncAck, here: Here, client_id: uuid.UUID) -> None:
    panel = await why.explain(here, client_id)
    await ack()
    here.open(panel.as_modal())


def _beside(here: Here, panel: Panel) -> None:
    """Show a panel to the member alone, next to the message that was clicked in, which stays as it is."""
    if here.envelope.response_url and here.is_among_us:
        message = {**panel.as_message(), "response_type": "ephemeral", "replace_original": False}
        here.later("answer beside a message", reply(here.host.clients, here.envelope.response_url, message))
    else:
        here.open(panel.as_modal())
