"""A sentence for one person's eyes, wherever they are looking: beside a message, over a modal, in their DM."""

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import modal, section
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import with_typed
from bot.slack.text import escape

REPLY_TIMEOUT_SECONDS = 10


async def reply(clients: SlackClients, response_url: str, message: dict[str, object]) -> None:
    """Post to a response_url, once; a refusal raises SlackApiError."""
    async with clients.session.post(response_url, json=message) as response:
        if response.status >= 400:
            raise SlackApiError(
                f"response_url answered {response.status}", {"ok": False, "error": await response.text()}
            )


async def whisper(clients: SlackClients, envelope: Envelope, sentence: str) -> None:
    """Tell the sender of a click, a shortcut or a DM something; other kinds are told in the answer itself."""
    if envelope.kind in {Kind.ACTION, Kind.SHORTCUT}:
        if envelope.response_url:
            text = with_typed(envelope, sentence)
            await reply(clients, envelope.response_url, {"text": text, "replace_original": False})
        elif envelope.trigger_id:
            view = modal("Ember", [section(escape(sentence))], callback_id="told", close="OK")
            in_modal = envelope.view.get("type") == "modal"
            opens = clients.posting.views_push if in_modal else clients.posting.views_open
            await opens(trigger_id=envelope.trigger_id, view=view)
    elif envelope.kind is Kind.EVENT and envelope.name == "message" and envelope.channel.startswith("D"):
        await clients.posting.chat_postMessage(channel=envelope.channel, text=with_typed(envelope, sentence))
