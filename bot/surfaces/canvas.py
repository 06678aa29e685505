"""A brief as a canvas, to be worked on together: what the client's team channel may read, and nothing else.

A canvas can be handed on, so nothing private stands in it, whoever asks.  It hangs in no channel, where somebody could
join who reads along: it is the asker's, to be shared on or not.  Slack's free plan has no such canvases.
"""

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Collection
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.courier.guard import Clear, Guard
from bot.log import refusal
from bot.practices.meetings.service import Upcoming
from bot.practices.people import service as people
from bot.practices.practice import clicks
from bot.slack.text import Markup, unescape
from bot.store.seen import first_time, was_nothing
from bot.surfaces.brief import Brief, collect, led, setting_of
from bot.workspaces.here import Here, as_id
from bot.workspaces.lookup import UNREACHABLE
from bot.workspaces.teams import teams
from bot.workspaces.visibility import to_be_shown

log = structlog.get_logger(__name__)

NOT_SURE: Final = (
    "Ember could not check with Slack who would read it, so it wrote no canvas. Please try again in a minute."
)
NO_SCOPE: Final = (
    "Ember may not write canvases here. Whoever installed it can add the permission “canvases:write” to the app in"
    " Slack's settings and install it again. Until then the brief is here."
)
NO_PLAN: Final = "Canvases of this kind are not part of this workspace's plan, or are switched off. The brief is here."
LEFT_BEHIND: Final = (
    "Slack wrote a canvas but let nobody open it ({code}), and would not delete it: only the app can."
    " The brief is here."
)
FAILED: Final = "Slack wrote no canvas just now ({code}). The brief is here; please try again in a minute."
WRITTEN: Final = (
    "The brief is a canvas now: {link}\nIt holds what the client's team channel may read, and only you can open it yet."
)
TWICE: Final = (
    "One press writes one canvas: the link to it is in Ember's answer to the press before, or comes in a moment. For"
    " another canvas of this brief, press again in two minutes."
)
PLANLESS: Final = frozenset(
    (
        *("canvas_disabled_user_team", "restricted_action"),
        *("free_teams_cannot_create_non_tabbed_canvases", "free_teams_cannot_create_standalone_canvases"),
    )
)
TOKEN: Final = re.compile(r"<!date\^[^|>]*\|([^>]*)>|<[^|>]+\|([^>]*)>")
SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#!|~])")
STYLED: Final = re.compile(r"(?<!\w)(?:\*(?=\S)([^*\n]+?)\*|_(?=\S)([^_\n]+?)_)(?!\w)")


def register(app: AsyncApp) -> None:
    """Connect the button."""
    app.action(clicks("brief.canvas"))(copy)


async def copy(ack: AsyncAck, here: Here, action: dict[str, Any]) -> None:
    """Write the brief for a button's client as a canvas, behind the answer, and tell where it is."""
    client, _, people_there = str(action.get("value")).partition(":")
    there = {as_id(one) for one in people_there.split(",") if one}
    await ack()
    here.later("write a canvas", _copy(here, as_id(client), there))


async def _copy(here: Here, client_id: uuid.UUID, ids: Collection[uuid.UUID]) -> None:
    verdict = await Guard(here.host.lookup)(here.workspace, here.member.slack_id, here.now)
    if not isinstance(verdict, Clear):
        await here.tell(NOT_SURE)
        return
    async with here.look() as session:
        room = to_be_shown(here.me, client_id, (await teams(session, [client_id]))[client_id])
        there = [one for one in (await people.of_clients(session, [client_id]))[client_id] if one.id in ids]
        about = Upcoming(None, client_id, frozenset(one.id for one in there), setting_of(there))
        found = await collect(session, about, room, here.local)
    pressed = hashlib.sha256(f"{client_id}:{sorted(one.id for one in found.people)}".encode()).hexdigest()
    minute = int(here.now.timestamp()) // 60
    keys = [f"canvas:{here.member.id}:{pressed}:{one}" for one in (minute, minute + 1)]
    async with here.work() as session:
        is_first = await first_time(session, keys[0], ref=client_id, now=here.now) is None
        if is_first:
            await first_time(session, keys[1], ref=client_id, now=here.now)
    if not is_first:
        await here.tell(TWICE)
        return
    is_written, sentence = await _write(here, found)
    if not is_written:
        async with here.work() as session:
            for key in keys:
                await was_nothing(session, key)
    await here.tell(sentence)


async def _write(here: Here, found: Brief) -> tuple[bool, str]:
    """Return whether it is written, and what became of it, in a sentence."""
    slack, key = here.host.clients.posting, ""
    content = {"type": "markdown", "markdown": as_markdown(found)}
    try:
        made = await slack.canvases_create(title=title_of(found, here.local), document_content=content)
        key = str(made["canvas_id"])
        await slack.canvases_access_set(canvas_id=key, access_level="write", user_ids=[here.member.slack_id])
    except UNREACHABLE as error:
        code = refusal(error)
        log.warning("a canvas was not written", why=code)
        if key and not await _deleted(here, key):
            return False, LEFT_BEHIND.format(code=code)
        sentences = {"missing_scope": NO_SCOPE, **dict.fromkeys(PLANLESS, NO_PLAN)}
        return False, sentences.get(code, FAILED.format(code=code))
    return True, WRITTEN.format(link=f"{here.workspace.address}docs/{here.workspace.slack_id}/{key}")


async def _deleted(here: Here, key: str) -> bool:
    """Delete a canvas that nobody can open; return whether Slack has."""
    try:
        await here.host.clients.posting.canvases_delete(canvas_id=key)
    except UNREACHABLE as error:
        log.warning("a canvas was not deleted", canvas=key, why=refusal(error))
        return False
    return True


def title_of(found: Brief, now: dt.datetime) -> str:
    """Return what a canvas is called: "Northwind, brief of 12 May 2026"."""
    return f"{found.client.name}, brief of {now.day} {now:%B %Y}"


def as_markdown(found: Brief) -> str:
    """Return a brief in the Markdown of canvases, a paragraph for each line."""
    there = ", ".join(one.name for one in found.people)
    said = [*([f"With {escaped(there)}"] if there else []), *(plain_markdown(line) for line in led(found.values))]
    return "\n\n".join(said) or "Nothing is kept yet that helps before a conversation."


def plain_markdown(line: Markup) -> str:
    """Return a line in Slack's mark-up as Markdown: bold and italics stay, links are words, the rest is text."""
    flat = TOKEN.sub(lambda found: found.group(1) or found.group(2) or "", line)
    said, place = "", 0
    for found in STYLED.finditer(flat):
        inner, mark = (found[1], "**") if found[1] else (found[2], "_")
        said += f"{_plain(flat[place : found.start()])}{mark}{_plain(inner)}{mark}"
        place = found.end()
    return said + _plain(flat[place:])


def _plain(text: str) -> str:
    return escaped(unescape(text))


def escaped(text: str) -> str:
    """Return text in which nothing is mark-up."""
    return SPECIAL.sub(r"\\\1", text)
