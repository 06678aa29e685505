"""`/ember channels`: where others read along, and where an admin lets Ember post all the same."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.practices.clients import service as clients
from bot.practices.practice import clicks
from bot.slack.blocks import Block, Element, actions, button, confirm, section
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.text import Markup, day, lines
from bot.surfaces.decided import decided_lately
from bot.workspaces import allowance, directory, settings
from bot.workspaces.directory import Channel, Exposure
from bot.workspaces.here import Here, as_id

SHOWN: Final = 20
DECISIONS: Final = (allowance.ALLOWED, allowance.DISALLOWED, directory.LAPSED)
PAGE: Final = "channels"
"""Opens the block ids of the rows: after it stands on which page they are, so that a press stays there."""

GONE: Final = "Ember does not know that channel any more. `/ember channels` shows those it knows."
CHANGED: Final = "Something has changed there: another organisation can read that channel too now. Please look again."
THEIR_OWN: Final = "A client is heard in that channel and reads along, so Ember never posts there."
SETTLED: Final = "That is settled."
NOTHING: Final = Markup(
    "*Only your own people read along* in the channels that Ember knows. There is nothing to decide."
)
INTRO: Final = Markup(
    "*Where others read along*\nEmber posts nothing that guests or another organisation could read, unless an admin"
    " allows it here, one channel at a time."
)
ALLOWING: Final = confirm(
    "Let Ember post here?",
    "Guests in this channel will read what Ember posts: clients' names, what is promised, who is worth a call. If"
    " another organisation joins, this ends.",
    "Allow it",
    "Keep it closed",
)
ALLOWING_SHARED: Final = confirm(
    "Let Ember post here?",
    "People outside your organisation will read what Ember posts, now and whoever joins later: clients' names, what is"
    " promised, who is worth a call. Do this only if no client is among them.",
    "Allow it",
    "Keep it closed",
)


@dataclass(frozen=True)
class Known:
    """A channel that others read along in, the client heard there, and who has allowed Ember to post and on which day.

    Both are empty where there is none.
    """

    channel: Channel
    client: str = ""
    allowed: str = ""

    @property
    def is_theirs(self) -> bool:
        """Whether it is a client's own: shared with them, for listening only."""
        return self.channel.is_shared and bool(self.client)


def register(app: AsyncApp) -> None:
    """Connect the buttons."""
    app.action("channels.allow")(allow)
    app.action("channels.stop")(stop)
    app.action(clicks("channels.page"))(turn)


async def channels(here: Here, since: int = 0) -> Panel:
    """Return what `/ember channels` shows, from so many channels on.  Raises Refused for all but admins."""
    settings.require_admin(here.member)
    async with here.look() as session:
        found = await allowance.read_by_others(session)
        since = since if since < len(found) else 0
        page = found[since : since + SHOWN]
        leaves = await allowance.leaves(session, [channel.id for channel in page])
        known = []
        for channel in page:
            client = await clients.in_channel(session, channel.slack_id)
            known.append(Known(channel, client.name if client else "", _by_whom(leaves, channel, here)))
        decided = await decided_lately(session, here, DECISIONS) if since == 0 else Markup("")
    return draw(known, since=since, count=len(found), decided=decided)


async def turn(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Show another page of the channels."""
    await here.show(ack, await channels(here, _number(action.get("value"))))


async def allow(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Let Ember post in a channel, for those who read along as the question said."""
    settings.require_admin(here.member)
    carried, _, asked = str(action.get("value") or "").partition(":")
    channel_id = as_id(carried)
    async with here.look() as session:
        channel = (await directory.channels_by_id(session, [channel_id])).get(channel_id)
    if channel is None:
        raise Refused(GONE)
    slack_id = channel.slack_id
    channel = (await here.host.lookup.channels(here.workspace, [slack_id], now=here.now, afresh=True))[slack_id]
    if channel.is_shared and asked != "shared":
        raise Refused(CHANGED)
    async with here.work() as session:
        if channel.is_shared and await clients.in_channel(session, slack_id) is not None:
            raise Refused(THEIR_OWN)
        await allowance.allow(session, channel.id, here.member.id, here.now)
    await here.show(ack, replace(await channels(here, _page_of(action)), outcome=SETTLED))


async def stop(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Have Ember post nothing more in a channel while others read along."""
    settings.require_admin(here.member)
    async with here.work() as session:
        if await allowance.disallow(session, as_id(action.get("value")), here.member.id, here.now) is None:
            raise Refused(GONE)
    await here.show(ack, replace(await channels(here, _page_of(action)), outcome=SETTLED))


def _by_whom(leaves: Mapping[uuid.UUID, tuple[str | None, dt.datetime]], channel: Channel, here: Here) -> str:
    if channel.id not in leaves:
        return ""
    name, at = leaves[channel.id]
    return f"{name or 'an admin'} on {day(here.member.day(at), here.local.date())}"


def draw(known: Sequence[Known], *, since: int, count: int, decided: Markup) -> Panel:
    """Return the panel: a row for each channel of a page.

    since: how many channels come before these; count: how many there are in all; decided: what was decided last; empty
    where nothing was.
    """
    title = "Channels"
    log: list[Block] = [section(decided)] if decided else []
    if not known:
        none = "Only your own people read along in the channels that Ember knows."
        return Panel(title, none, [section(NOTHING), *log])
    rows = [section(_row(one), accessory=_button(one), block_id=f"{PAGE}:{since}:{one.channel.id}") for one in known]
    says = f"Others read along in {count} channel{'' if count == 1 else 's'} that Ember knows."
    return Panel(title, says, [section(INTRO), *rows, *_pages(since, count), *log])


def _pages(since: int, count: int) -> list[Block]:
    """Return the ways to the other channels, which stand by name before and after these."""
    ways = []
    if since > 0:
        ways.append(button("Those before", "channels.page:before", value=str(max(0, since - SHOWN))))
    if since + SHOWN < count:
        ways.append(button(f"{count - since - SHOWN} more", "channels.page:after", value=str(since + SHOWN)))
    return [actions(*ways)] if ways else []


def _page_of(action: Mapping[str, Any]) -> int:
    """Return from which channel on the page goes on which somebody pressed a button."""
    return _number(str(action.get("block_id")).removeprefix(f"{PAGE}:").partition(":")[0])


def _number(carried: object) -> int:
    return int(str(carried)) if str(carried).isdecimal() else 0


def _row(known: Known) -> Markup:
    name = Markup(f"*<#{known.channel.slack_id}>*")
    return lines([name, _readers(known.channel), _standing(known)])


def _readers(channel: Channel) -> str:
    if channel.exposure is Exposure.UNKNOWN:
        return "Ember asks Slack again who reads along before it posts."
    if channel.exposure is Exposure.INTERNAL:
        return "Only your own people read along now."
    return "Another organisation reads along, or is invited to." if channel.is_shared else "Guests read along."


def _standing(known: Known) -> str:
    if known.is_theirs:
        return f"{known.client} is heard here. Ember listens and posts nothing."
    if known.channel.is_allowed:
        return f"Ember may post here: allowed by {known.allowed}."
    return "Ember posts nothing here."


def _button(known: Known) -> Element | None:
    channel = known.channel
    if channel.allowed_shared is not None:
        return button("Stop", "channels.stop", value=str(channel.id))
    if known.is_theirs:
        return None
    label, value = "Allow Ember to post here", str(channel.id)
    if channel.is_shared:
        return button(label, "channels.allow", value=f"{value}:shared", confirm=ALLOWING_SHARED)
    return button(label, "channels.allow", value=value, confirm=ALLOWING)
