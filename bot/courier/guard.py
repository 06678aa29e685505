"""The leak guard: nothing goes where somebody reads along who is not one of us.

It fails closed: what Slack does not tell us counts as unsure, and nothing is posted while it does.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.workspaces.directory import Channel, Exposure, Member
from bot.workspaces.installs import Workspace
from bot.workspaces.lookup import Lookup

SHARED: Final = "others_read_along"
GUESTS: Final = "guests_read_along"
NOT_OURS: Final = "not_a_full_member"
LEFT: Final = "left_the_workspace"
PERSON: Final = ("U", "W")
"""How Slack's ids of people begin."""


@dataclass(frozen=True)
class Clear:
    """Only our own people read there, or an admin has allowed it."""


@dataclass(frozen=True)
class Exposed:
    """Somebody else would read it; `why` is one of the words above."""

    why: str


@dataclass(frozen=True)
class Unsure:
    """We could not find out; `why` is Slack's code, or "no answer"."""

    why: str = ""


Verdict: TypeAlias = Clear | Exposed | Unsure


def judge(channel: Channel | None, *, is_direct: bool, person: Member | None) -> Verdict:
    """Return whether a message may go to a channel, or, if it is direct, to a person."""
    if is_direct:
        return _for_a_person(channel, person)
    if channel is None or channel.stale or channel.exposure is Exposure.UNKNOWN:
        return Unsure()
    if channel.exposure is Exposure.INTERNAL or channel.is_allowed:
        return Clear()
    return Exposed(SHARED if channel.is_shared else GUESTS)


def _for_a_person(channel: Channel | None, person: Member | None) -> Verdict:
    """Return the same for a DM: no admin can allow one, and a DM known by its own id was judged when it was read."""
    if person is None:
        if channel is None or channel.stale or channel.exposure is Exposure.UNKNOWN:
            return Unsure()
        return Clear() if channel.exposure is Exposure.INTERNAL else Exposed(NOT_OURS)
    if person.stale:
        return Unsure()
    if person.is_gone:
        return Exposed(LEFT)
    return Clear() if person.is_ours else Exposed(NOT_OURS)


class Guard:
    """Asks Slack again about what was read too long ago, then judges; to be asked right before each post."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def __call__(self, workspace: Workspace, recipient: str, now: dt.datetime) -> Verdict:
        """Return the verdict on a recipient, Slack's id of a channel, a DM or a person; no session may be open."""
        if recipient.startswith(PERSON):
            person = (await self._lookup.members(workspace, [recipient], now=now, afresh=True)).get(recipient)
            return judge(None, is_direct=True, person=person)
        channel = (await self._lookup.channels(workspace, [recipient], now=now)).get(recipient)
        verdict = judge(channel, is_direct=recipient.startswith("D"), person=None)
        return Unsure(await self._lookup.why_closed(recipient)) if isinstance(verdict, Unsure) else verdict
