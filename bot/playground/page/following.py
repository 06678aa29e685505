"""Where a link of the workspace's own address leads: to a conversation, a message in it, or a canvas."""

import re
from typing import Any

from bot.playground.page.stage import Told
from bot.playground.people import Member
from bot.playground.reading import conversation, readable
from bot.playground.world import World

Json = dict[str, Any]

TALK = re.compile(r"/archives/(\w+)(?:/p(\d+)(\d{6}))?/?")
CANVAS = re.compile(r"/docs/\w+/(\w+)/?")


def destination(world: World, member: Member, url: str) -> Json:
    """Return {channel, ts, thread} or {canvas: {title, markdown}}; a conversation of its own has no `ts`.

    thread: the `ts` of the message whose thread is to be opened, or None.  Told: what keeps a person from going there.
    Refused: channel_not_found.
    """
    path, _, query = url.removeprefix(f"https://{world.team.domain}.slack.com").partition("?")
    if talk := TALK.fullmatch(path):
        return _talk(world, member, talk, in_thread="thread_ts=" in query)
    if canvas := CANVAS.fullmatch(path):
        return {"canvas": _canvas(world, member, canvas[1])}
    raise Told("The playground has no such page.")


def _talk(world: World, member: Member, found: re.Match[str], *, in_thread: bool) -> Json:
    channel = conversation(world, member, found[1])
    if found[2] is None:
        return {"channel": channel.id, "ts": None, "thread": None}
    message = readable(world, member, channel, f"{found[2]}.{found[3]}")
    thread = message.thread_ts or (message.ts if in_thread else None)
    return {"channel": channel.id, "ts": message.ts, "thread": thread}


def _canvas(world: World, member: Member, canvas_id: str) -> Json:
    canvas = world.canvases.get(canvas_id)
    if canvas is None or member.id not in canvas.users:
        raise Told("That canvas is gone, or nobody has shared it with you.")
    return {"title": canvas.title, "markdown": canvas.markdown}
