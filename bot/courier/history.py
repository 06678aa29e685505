"""Looking in a conversation whether a message stands there: the only way out of not knowing."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.calls import UNCLEAR_CALL
from bot.courier.lanes import Claim
from bot.courier.outcomes import STRIPPED, Answer, refusal_of

EVENT_TYPE: Final = "ember_delivery"
PAGE: Final = 200
BEFORE: Final = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Found:
    """It stands there."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Absent:
    """It does not: everything since the first try was read."""


@dataclass(frozen=True)
class Unread:
    """Slack did not let us read to the end; `answer` says why."""

    answer: Answer


Sight: TypeAlias = Found | Absent | Unread
Look = Callable[[AsyncWebClient, Claim, str | None], Awaitable[Sight]]
"""Looks for a claimed message; the last argument is the conversation's id where the recipient is a person."""


def metadata_of(claim: Claim) -> dict[str, Any]:
    """Return what tells a message of ours from all others, and nothing else."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": str(claim.delivery.id)}}


async def look(slack: AsyncWebClient, claim: Claim, conversation: str | None) -> Sight:
    """Read everything since a minute before the first try, page by page, until the message turns up or nothing is left.

    One of Ember's that does not say which it is (Slack can leave the payload out) may be the one: then nobody knows.
    """
    try:
        channel = conversation or await _conversation(slack, claim)
        return await _read(slack, claim, channel)
    except SlackApiError as error:
        return Unread(refusal_of(error))
    except UNCLEAR_CALL:
        return Unread(Answer(error="no answer", unclear=True))


async def _conversation(slack: AsyncWebClient, claim: Claim) -> str:
    """Return the id of the conversation, a DM's too."""
    if not claim.to_person:
        return claim.channel
    opened = await slack.conversations_open(users=claim.channel)
    return str(opened["channel"]["id"])


async def _read(slack: AsyncWebClient, claim: Claim, channel: str) -> Sight:
    since = claim.first_try_at or claim.delivery.created_at
    asked: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{(since - BEFORE).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    wanted, cursor, is_one_nameless = str(claim.delivery.id), "", False
    thread = str((claim.body or {}).get("thread_ts") or "")
    while True:
        page = asked | ({"cursor": cursor} if cursor else {})
        if thread:
            answer = await slack.conversations_replies(**page, ts=thread)
        else:
            answer = await slack.conversations_history(**page)
        for message in answer["messages"]:
            found = _id_of(message)
            if found == wanted:
                return Found(channel, message["ts"])
            is_one_nameless = is_one_nameless or found == ""
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return Unread(Answer(error=STRIPPED)) if is_one_nameless else Absent()


def _id_of(message: dict[str, Any]) -> str | None:
    """Return the delivery's id that a message of Ember's carries, empty if it was lost; None for anybody else's."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return str((metadata.get("event_payload") or {}).get("id") or "")
