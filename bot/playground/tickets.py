"""What Slack hands out with a request and takes back for a while: trigger ids and response URLs."""

import datetime as dt
import secrets
import time
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from bot.clock import Clock
from bot.playground.refusal import Refused

TRIGGER_LIFE = 3.0
HOOK_LIFE = 30 * 60.0
HOOK_USES = 5
KEPT = 2 * HOOK_LIFE


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for a person."""

    id: str
    user_id: str
    given: "Stamp"
    used: bool = False
    expired: bool = False


@dataclass(slots=True)
class Hook:
    """The right to answer in a channel a few times; `message_ts` is the message that was clicked."""

    token: str
    user_id: str
    channel_id: str
    message_ts: str | None
    thread_ts: str | None
    given: "Stamp"
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """An instant on two clocks: the one tests move and the machine's."""

    told: dt.datetime
    real: float

    @classmethod
    def now(cls, clock: Clock) -> "Stamp":
        """Return this instant."""
        return cls(clock.now(), time.monotonic())

    def age(self, clock: Clock) -> float:
        """Return the seconds since, on whichever clock has moved further."""
        return max((clock.now() - self.told).total_seconds(), time.monotonic() - self.real)


Issued = TypeVar("Issued", Trigger, Hook)


class Tickets:
    """Issues and checks both kinds."""

    def __init__(self, clock: Clock, *, trigger_life: float = TRIGGER_LIFE) -> None:
        self._clock = clock
        self._trigger_life = trigger_life
        self._triggers: dict[str, Trigger] = {}
        self._hooks: dict[str, Hook] = {}

    def trigger(self, user_id: str) -> str:
        """Return a new trigger_id for a person."""
        self._forget_old(self._triggers)
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(trigger_id, user_id, Stamp.now(self._clock))
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Check a trigger_id; the caller marks it used once the view is open.

        Refused: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if trigger.expired or trigger.given.age(self._clock) > self._trigger_life:
            raise Refused("expired_trigger_id")
        return trigger

    def expire(self, trigger_id: str) -> None:
        """Let a trigger_id be too old from now on, if it is one."""
        if (trigger := self._triggers.get(trigger_id)) is not None:
            trigger.expired = True

    def hook(self, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """Return the token of a new response URL."""
        self._forget_old(self._hooks)
        token = secrets.token_urlsafe(18)
        self._hooks[token] = Hook(token, user_id, channel_id, message_ts, thread_ts, Stamp.now(self._clock))
        return token

    def _forget_old(self, issued: dict[str, Issued]) -> None:
        """Drop what expired long ago, so that a stand-in may run for weeks."""
        for key, one in tuple(islice(issued.items(), 2)):
            if one.given.age(self._clock) > KEPT:
                del issued[key]

    def peek(self, token: str) -> Hook:
        """Return a response URL without using it."""
        return self._hooks[token]

    def use(self, token: str) -> Hook:
        """Count one use of a response URL.  Refused (404): no such URL, used_url, expired_url."""
        hook = self._hooks.get(token)
        if hook is None:
            raise Refused("invalid_url", status=404)
        if hook.given.age(self._clock) > HOOK_LIFE:
            raise Refused("expired_url", status=404)
        if hook.uses >= HOOK_USES:
            raise Refused("used_url", status=404)
        hook.uses += 1
        return hook
