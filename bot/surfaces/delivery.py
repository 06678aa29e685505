"""How Ember's own messages are doing: a line on Home for everybody, and for admins what to do about it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier import ledger
from bot.courier.guard import GUESTS, PERSON, SHARED
from bot.courier.health import Health, Paused, Trouble, health, troubles
from bot.courier.rows import State
from bot.practices.practice import clicks
from bot.slack.blocks import Block, button, context, section
from bot.slack.panel import Panel
from bot.slack.text import Markup, escape, lines, markup, when
from bot.workspaces import settings
from bot.workspaces.here import Here

TRIED: Final = "That channel is tried again."
PAUSED_SHOWN: Final = 10
NOTHING_PLANNED: Final = Markup("*Messages:* nothing is scheduled yet")
ALL_WELL: Final = Markup(
    "*All is well.* No message of the last seven days was lost. What would have come too late was left out."
)
WORDS: Final = {
    "digest": "The team digest",
    "fade": "An alert that a spark is fading",
    "morning": "Somebody's morning message",
    "milestone": "A date that matters",
    "notice": "A word about a channel that is closed",
    "brief": "The brief before a meeting",
    "afterwards": "The question after a meeting",
    "calendar": "A word about a calendar that can't be read",
    "handover": "The card for whoever takes a client over",
    "owner_left": "The question who takes over from somebody who left",
}
ADVICE: Final = {
    "not_in_channel": "Ember is not in that channel. Type `/invite @Ember` there, and it goes on by itself.",
    "channel_not_found": "Ember is not let in there. Type `/invite @Ember` there, or pick another channel.",
    "is_archived": "The channel is archived. Unarchive it, and Ember goes on by itself, or pick another channel.",
}
RESTRICTED: Final = "Only some people may post there. Let Ember post in the channel's settings, then {again}."
ANY_OTHER: Final = "Slack does not let Ember post there just now. Look at who may post there, then {again}."
PRESS: Final = "press “Try again”"
ASK_AN_ADMIN: Final = "ask an admin to press “Try again” on Ember's Home, under “Details”"
HELD: Final = {
    GUESTS: "Guests read along there, so Ember kept it back. An admin can allow it: `/ember channels`.",
    SHARED: (
        "Another organisation reads along there, so Ember kept it back. Pick another channel for it, or,"
        " if no client is among them, have an admin allow this one: `/ember channels`."
    ),
}
PARKED: Final = (
    "Nobody can tell whether it arrived, because Ember may not read the history there. Please look; it is not sent"
    " again. With the history permissions of Ember's manifest it would look by itself."
)
FAILED: Final = "Slack did not take it. The next one is tried as usual."
KEY_REFUSED: Final = Markup(
    "*Ember can't post here at all just now.* Slack does not accept its key any more. Whoever runs Ember has to install"
    " it in this workspace again."
)


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action("delivery.open")(details)
    app.action(clicks("delivery.resume"))(resume)


def line(found: Health, *, is_admin: bool) -> Block:
    """Return Home's line; for admins it leads on to the details."""
    says = _in_a_line(found)
    if not is_admin or found.planned_at is None:
        return context(says)
    return section(says, accessory=button("Details", "delivery.open", accessibility_label="How messages are doing"))


def _in_a_line(found: Health) -> Markup:
    if found.suspended is not None:
        return Markup("*Messages:* stopped, because Slack does not accept Ember's key any more")
    if found.planned_at is None:
        return NOTHING_PLANNED
    parts = [markup("*Messages:* last looked {at}", at=_at(found.planned_at)), escape(f"{found.waiting} waiting")]
    closed = len(found.paused)
    counted = (
        (found.failed, "failed"),
        (found.parked, "unclear"),
        (found.held_back, "held back"),
        (closed, "channel closed" if closed == 1 else "channels closed"),
    )
    return lines([*parts, *(f"{count} {word}" for count, word in counted if count)], " · ")


async def details(ack: AsyncAck, here: Here) -> None:
    """Show admins what did not arrive, and what to do about it."""
    await here.show(ack, await panel(here))


async def resume(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Try a channel again that was closed to Ember."""
    settings.require_admin(here.member)
    async with here.work() as session:
        await ledger.resume(session, str(action.get("value") or ""))
    await here.show(ack, replace(await panel(here), outcome=TRIED))


async def panel(here: Here) -> Panel:
    """Return the details.  Raises Refused for all but admins."""
    settings.require_admin(here.member)
    async with here.look() as session:
        found, missing = await health(session, here.now), await troubles(session, here.now)
    return draw(found, missing)


def draw(found: Health, missing: Sequence[Trouble]) -> Panel:
    """Return the panel: what is closed, then what did not arrive, each with what to do."""
    blocks: list[Block] = [section(_in_a_line(found))]
    if found.suspended is not None:
        blocks.append(section(KEY_REFUSED))
    blocks += [_closed(paused, place) for place, paused in enumerate(found.paused[:PAUSED_SHOWN])]
    blocks += [section(_missing(trouble)) for trouble in missing]
    if len(blocks) == 1:
        blocks.append(section(ALL_WELL))
    more = len(found.paused) - PAUSED_SHOWN
    if more > 0:
        blocks.append(context(markup("{more} more channels are closed to Ember.", more=more)))
    return Panel("Messages", "How Ember's own messages are doing, and what to do where one did not arrive.", blocks)


def _closed(paused: Paused, place: int) -> Block:
    head = markup("*{where}* since {at}", where=_where(paused.channel), at=_at(paused.since))
    again = button("Try again", f"delivery.resume:{place}", value=paused.channel)
    return section(lines([head, Markup(advice(paused.reason, PRESS))]), accessory=again)


def advice(reason: str, again: str) -> str:
    """Return what to do about a channel that is closed, by Slack's word for why; again: how to have it tried again."""
    says = RESTRICTED if reason.startswith("restricted_action") else ADVICE.get(reason, ANY_OTHER)
    return says.format(again=again)


def _missing(trouble: Trouble) -> Markup:
    what = WORDS.get(trouble.kind, "A message")
    head = markup("*{what}* for {where}, {at}", what=what, where=_where(trouble.channel), at=_at(trouble.due_at))
    if trouble.state is State.PARKED:
        return lines([head, PARKED])
    if trouble.state is State.CANCELLED:
        return lines([head, Markup(HELD.get(trouble.why, ""))])
    return lines([head, FAILED, markup("Slack's word for it: `{why}`", why=trouble.why)])


def _where(channel: str) -> Markup:
    return Markup(f"<@{channel}>" if channel.startswith(PERSON) else f"<#{channel}>")


def _at(instant: dt.datetime) -> Markup:
    return when(instant, f"{instant:%Y-%m-%d %H:%M} UTC")
