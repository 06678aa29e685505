"""Turning what was typed into what Slack keeps: people, channels and addresses become links."""

import re

from bot.playground.world import World

ADDRESS = re.compile(r"\bhttps?://[^\s<>|]+[^\s<>|.,;:!?)'\"]")
PERSON = re.compile(r"(?<![\w@])@(\w[\w.-]*\w|\w)")
CHANNEL = re.compile(r"(?<![\w&#])#(\w[\w-]*)")


def linked(world: World, words: str) -> str:
    """Return typed words with &, < and > escaped, and with names and addresses linked."""
    people = {one.handle: one.id for one in world.members.values() if not one.deleted}
    channels = {one.name: one.id for one in world.channels.values() if one.kind == "public"}

    def person(found: re.Match[str]) -> str:
        user = people.get(found[1].lower())
        return f"<@{user}>" if user else found[0]

    def channel(found: re.Match[str]) -> str:
        there = channels.get(found[1].lower())
        return f"<#{there}|{found[1].lower()}>" if there else found[0]

    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    pieces, end = [], 0
    for address in ADDRESS.finditer(escaped):
        pieces += [CHANNEL.sub(channel, PERSON.sub(person, escaped[end : address.start()])), f"<{address[0]}>"]
        end = address.end()
    return "".join([*pieces, CHANNEL.sub(channel, PERSON.sub(person, escaped[end:]))])
