"""The two calls that put a message before people, each made once."""

import asyncio
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.outcomes import Answer, refusal_of

UNCLEAR_CALL: Final = (aiohttp.ClientError, TimeoutError, OSError, AttributeError, KeyError, TypeError, ValueError)
"""What a call raises whose answer did not come or cannot be read: the SDK trips over an answer of another shape."""


async def post(
    slack: AsyncWebClient, channel: str, body: dict[str, Any], metadata: dict[str, Any], *, seconds: float
) -> Answer:
    """Post a message; wait for the answer so long."""
    try:
        async with asyncio.timeout(seconds):
            says = await slack.chat_postMessage(
                channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **body
            )
        return Answer(channel=str(says["channel"]), ts=str(says["ts"]))
    except SlackApiError as error:
        return refusal_of(error)
    except aiohttp.ClientConnectorError as error:
        return Answer(error=f"no connection ({type(error).__name__})", unsent=True)
    except UNCLEAR_CALL as error:
        return Answer(error=f"no answer ({type(error).__name__})", unclear=True)


async def update(
    slack: AsyncWebClient, stands: tuple[str, str], body: dict[str, Any], metadata: dict[str, Any], *, seconds: float
) -> Answer:
    """Change a message where it stands (its channel and time)."""
    channel, ts = stands
    words = {"text": body["text"], "blocks": body.get("blocks", [])}
    try:
        async with asyncio.timeout(seconds):
            await slack.chat_update(channel=channel, ts=ts, metadata=metadata, **words)
        return Answer(channel=channel, ts=ts)
    except SlackApiError as error:
        return refusal_of(error)
    except UNCLEAR_CALL as error:
        return Answer(error=f"no answer ({type(error).__name__})", unclear=True)
