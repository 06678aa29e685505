"""A sentence for one person's eyes, wherever they are looking: beside a message, over a modal, in their DM."""

from slack_sdk.errors import SlackApiError

from bot.log import CODE, refusal
from bot.slack.blocks import View, modal, section
from bot.slack.client import SlackClients
from bot.slack.envelope import Envelope, Kind
from bot.slack.errors import with_typed
from bot.slack.text import escape


async def reply(clients: SlackClients, response_url: str, message: dict[str, object]) -> None:
    """Post to a response_url, once; a refusal raises SlackApiError."""
    async with clients.session.post(response_url, json=message) as response:
        if response.status >= 400:
            said = await response.text()
            code = said if CODE.fullmatch(said) else f"http_{response.status}"
            raise SlackApiError("response_url said no", {"ok": False, "error": code})


async def open_window(clients: SlackClients, envelope: Envelope, view: View) -> None:
    """Open a modal, over the one that was clicked in; in its place where Slack stacks no more of them."""
    clicked, slack = envelope.view, clients.posting
    if clicked.get("type") != "modal":
        await slack.views_open(trigger_id=envelope.trigger_id, view=view)
        return
    try:
        await slack.views_push(trigger_id=envelope.trigger_id, view=view)
    except SlackApiError as error:
        if refusal(error) != "push_limit_reached":
            raise
        await slack.views_update(view_id=str(clicked.get("id", "")), view=view)


async def whisper(clients: SlackClients, envelope: Envelope, sentence: str) -> None:
    """Tell the sender of a click, a shortcut or a DM something; other kinds are told in the answer itself."""
    if envelope.kind in {Kind.ACTION, Kind.SHORTCUT}:
        if envelope.response_url:
            text = with_typed(envelope, sentence)
            await reply(clients, envelope.response_url, {"text": text, "replace_original": False})
        elif envelope.trigger_id:
            view = modal("Ember", [section(escape(sentence))], callback_id="told", close="OK")
            await open_window(clients, envelope, view)
    elif envelope.kind is Kind.EVENT and envelope.name == "message" and envelope.channel.startswith("D"):
        await clients.posting.chat_postMessage(channel=envelope.channel, text=with_typed(envelope, sentence))
