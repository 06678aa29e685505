"""Everyone's own calendar of dates that matter: the secret link to it, and what stands behind the link."""

import asyncio
import hashlib
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.practices.milestones import ahead, feed
from bot.practices.practice import clicks
from bot.slack.blocks import Block, Element, actions, button, confirm, context, section
from bot.slack.errors import Refused
from bot.slack.panel import Panel
from bot.slack.text import Markup, escape, markup
from bot.surfaces import linking
from bot.workspaces import directory, feeds
from bot.workspaces.here import Here, Host
from bot.workspaces.visibility import reader

PATH: Final = "/calendar/{secret}.ics"
WHAT: Final = Markup(
    "*Dates that matter in your own calendar.* A link for you alone shows the dates that you may see, in any calendar"
    " that can subscribe to one."
)
WHERE: Final = Markup("In your calendar, choose “subscribe by link” or “from URL”, and paste it there.")
ONCE: Final = Markup("Ember keeps no copy of the link, so this is the only time it is shown. Share it with nobody.")
THERE: Final = Markup("You have a link. Ember kept no copy, so it can't show it again; a new one ends the old one.")
NO_ADDRESS: Final = (
    "Ember does not know under which address your calendar could reach it. Whoever runs Ember sets EMBER_BASE_URL to"
    " that address, such as https://ember.example.com; then this works."
)
NEW_ENDS_OLD: Final = confirm(
    "Make a new link?", "Calendars that use the old link stop being kept up to date.", "Make a new one", "Keep the old"
)


def register(app: AsyncApp) -> None:
    """Connect the buttons of the link."""
    app.action(clicks("calendar.open"))(opened)
    app.action("calendar.new")(make)
    app.action("calendar.end")(end)


async def opened(ack: AsyncAck, here: Here) -> None:
    """`/ember calendar`: one's own calendar, and the link to one's dates."""
    async with here.look() as session:
        is_there = await feeds.has_one(session, here.member.id)
    offered = _offer(is_there=is_there) if here.host.base_url else [section(WHAT), context(escape(NO_ADDRESS))]
    above = await linking.blocks(here)
    await here.show(ack, Panel("Your calendar", "Your calendar in Ember, and your dates in yours.", [*above, *offered]))


def _offer(*, is_there: bool) -> list[Block]:
    blocks: list[Block] = [section(WHAT)]
    if is_there:
        blocks.append(section(THERE))
    end = [button("End the link", "calendar.end", style="danger")] if is_there else []
    return [*blocks, actions(_new(is_there=is_there), *end)]


def _new(*, is_there: bool) -> Element:
    """Return the button that makes a link; it carries the secret, so that pressed twice it makes the same one."""
    label = "Make a new link" if is_there else "Make a link"
    asks = NEW_ENDS_OLD if is_there else None
    return button(label, "calendar.new", value=feeds.fresh(), style=None if is_there else "primary", confirm=asks)


async def make(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Make a link and show it once; the one before ends.  Raises Refused where no address is set."""
    address, secret = _require_address(here), str(action.get("value"))
    if not feeds.is_secret(secret):
        raise Refused("Please open your calendar's link again: `/ember calendar`.")
    async with here.work() as session:
        await feeds.put(session, here.member.id, secret)
    link = f"{address}{PATH.format(secret=secret)}"
    said = markup("Your link:\n`{link}`", link=link)
    blocks = [section(said), section(WHERE), context(ONCE)]
    await here.show(ack, Panel("Your calendar", f"Your link is {link}", blocks, outcome="Your link is made."))


async def end(ack: AsyncAck, here: Here) -> None:
    """End a link: whoever has it sees nothing any more."""
    async with here.work() as session:
        await feeds.put(session, here.member.id, None)
    sentence = escape("Your link has ended. Calendars that used it stop being kept up to date.")
    again = actions(_new(is_there=False))
    await here.show(ack, Panel("Your calendar", sentence, [section(sentence), again], outcome="Your link has ended."))


def _require_address(here: Here) -> str:
    if not here.host.base_url:
        raise Refused(NO_ADDRESS)
    return here.host.base_url


def route(host: Host) -> Route:
    """Return the way to everyone's calendar."""

    async def answer(request: Request) -> Response:
        return await _answer(host, request)

    return Route(PATH, answer, methods=["GET"])


async def _answer(host: Host, request: Request) -> Response:
    body = await _calendar(host, str(request.path_params["secret"]))
    if body is None:
        return PlainTextResponse("There is no such calendar.", status_code=404)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "referrer-policy": "no-referrer"}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'inline; filename="ember.ics"'
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _tags(given: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in given.split(",")}


async def _calendar(host: Host, secret: str) -> bytes | None:
    """Return what the holder of a link may see; None where nobody of ours holds it."""
    async with host.store.look(None) as session:
        held = await feeds.holder(session, secret)
    if held is None:
        return None
    workspace_id, member_id = held
    async with host.store.look(workspace_id) as session:
        member = (await directory.members_by_id(session, [member_id])).get(member_id)
        if member is None or not member.is_ours:
            return None
        now = host.clock.now()
        today = member.day(now)
        found = await ahead.coming(session, await reader(session, member, now), today, None)
    return await asyncio.to_thread(feed.write, found, today)
