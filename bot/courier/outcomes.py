"""What Slack's answer to a message means: pure decisions, from codes alone.

A definite refusal says that nothing was posted.  Whatever leaves that open makes the message unknown, and an unknown
message is never posted again on the strength of an answer.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.courier.rows import Op, State

CLOSED: Final = frozenset({"channel_not_found", "not_in_channel", "is_archived", "restricted_action"})
"""Ember may not speak there until somebody lets it in again."""

NO_TOKEN: Final = frozenset(
    {"account_inactive", "token_revoked", "invalid_auth", "token_expired", "not_authed", "team_access_not_granted"}
)
NOBODY: Final = frozenset({"channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot"})
"""The person a DM is for is no longer there."""

TOO_MUCH: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long"})
GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
"""What the message was to change or to answer is not there any more."""

LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
UNCLEAR: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
STRIPPED: Final = "metadata_stripped"
ILLEGIBLE: Final = frozenset(
    {
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "access_denied",
        "unknown_method",
        "method_deprecated",
        STRIPPED,
    }
)
"""Answers to a look into a history that we are not given to read, or in which Slack leaves out whose a message is."""

ANYWAY_SECONDS: Final = 30.0
UNHURRIED: Final = 10.0
MOST_FAILURES: Final = 8
LONGEST_WAIT: Final = 120.0


@dataclass(frozen=True)
class Answer:
    """What came back: where a message stands, or Slack's code; `unclear`: it may stand there all the same.

    unsent: no connection came about, so Slack was told nothing.  retry_after: seconds, where Slack asked us to wait.
    """

    channel: str = ""
    ts: str = ""
    error: str = ""
    unclear: bool = False
    unsent: bool = False
    retry_after: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What becomes of a delivery and its lane.

    wait: seconds until the lane may be used again, the usual pace if None.  failed: it counts as a definite failure.
    limited, pauses, suspends: what the answer says about the lane and about the whole workspace.
    """

    state: State
    why: str | None = None
    wait: float | None = None
    failed: bool = False
    plain: bool = False
    sent: tuple[str, str] | None = None
    due_at: dt.datetime | None = None
    limited: bool = False
    pauses: bool = False
    suspends: bool = False


def refusal_of(error: SlackApiError) -> Answer:
    """Return what an error of the SDK's says; what cannot be read leaves it open whether anything was posted."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Answer(error="undecodable", unclear=True)
    if response.status_code == 429:
        return Answer(error="ratelimited", retry_after=_seconds(response.headers))
    says = response.data.get("error") if isinstance(response.data, dict) else None
    if not isinstance(says, str) or response.status_code >= 500:
        return Answer(error=f"http_{response.status_code}", unclear=True)
    if says in LIMITED:
        return Answer(error=says, retry_after=_seconds(response.headers))
    return Answer(error=says, unclear=says in UNCLEAR)


def _seconds(headers: Mapping[str, Any]) -> float:
    given = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(given) if given.isdigit() else ANYWAY_SECONDS


def outcome_of(
    answer: Answer, *, op: Op, to_person: bool, failures: int, is_plain: bool, backoff: float = 1.0
) -> Outcome:
    """Return what an answer to a post or an update means.

    failures: how often it was definitely refused before.  is_plain: it went out as text alone.  backoff: seconds that
    a first wait is counted in.
    """
    code = answer.error
    if answer.ts:
        return Outcome(State.SENT, sent=(answer.channel, answer.ts))
    if answer.unsent:
        return Outcome(State.QUEUED, code, wait=UNHURRIED * backoff)
    if answer.unclear:
        return Outcome(State.UNKNOWN, code) if op is Op.POST else Outcome(State.QUEUED, code, wait=UNHURRIED * backoff)
    if answer.retry_after is not None:
        return Outcome(State.QUEUED, code, wait=answer.retry_after, limited=True)
    if code in NO_TOKEN:
        return Outcome(State.QUEUED, code, suspends=True)
    if code in GONE or (to_person and code in NOBODY):
        return Outcome(State.CANCELLED, code)
    if code in CLOSED or code.startswith("restricted_action"):
        return Outcome(State.QUEUED, code, pauses=True)
    if code in TOO_MUCH:
        return Outcome(State.DEAD, code) if is_plain else Outcome(State.QUEUED, code, plain=True, failed=True)
    return failure(code, failures, backoff=backoff)


def failure(code: str, failures: int, *, backoff: float = 1.0) -> Outcome:
    """Return what one more definite failure means: another try after a longer wait, at the eighth none."""
    if failures + 1 >= MOST_FAILURES:
        return Outcome(State.DEAD, code, failed=True)
    return Outcome(State.QUEUED, code, wait=min(2.0 ** (failures + 1), LONGEST_WAIT) * backoff, failed=True)


def until_next_look(age: float, settle: float) -> float:
    """Return in how many seconds to look again for a message that did not stand there `age` seconds after its call.

    That is when half its settle time has passed, and when all of it has.
    """
    half = settle / 2
    return (half if age < half else settle) - age
