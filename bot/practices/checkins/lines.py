"""One typed line: whose it is, how it left them, what happened."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.practices.checkins.forms import FEELING
from bot.practices.clients import service as clients
from bot.practices.clients.service import Found
from bot.practices.clients.rules import fold
from bot.store.session import Work

WORD = re.compile(r"\S+")
NAME_WORDS = 4
ALIKE = 70


@dataclass(frozen=True)
class Heard:
    """What a line says; what it does not say is None, or empty."""

    client: Found | None
    feeling: int | None
    words: str


async def hear(session: Work, text: str, channel: str) -> Heard:
    """Read a line typed in a channel (by Slack's id).

    A name or alias at its start wins over the channel's own client.  The rating comes first, or right after the name.
    """
    split = await clients.split_line(session, text)
    if split is not None:
        return _rated(split[1], split[0])
    here = await clients.in_channel(session, channel)
    return _rated(text, Found(here.id, here.name, here.status) if here else None)


def without_name(text: str, name: str) -> Heard:
    """Read a line that opens with a misspelt name: up to four words that look like it, or that stand before a rating."""
    starts = [found.start() for found in WORD.finditer(text)] + [len(text)]
    for end in reversed(starts[1 : NAME_WORDS + 1]):
        if fuzz.ratio(fold(text[:end]), fold(name)) >= ALIKE:
            return _rated(text[end:], None)
    for start in starts[:NAME_WORDS]:
        heard = _rated(text[start:], None)
        if heard.feeling is not None:
            return heard
    return Heard(None, None, text)


def likely_name(text: str) -> str:
    """Return the words of a line that stand where a client's name would: those before a rating, else the first."""
    starts = [found.start() for found in WORD.finditer(text)]
    for start in starts[1:NAME_WORDS]:
        if FEELING.take(text[start:])[0] is not None:
            return text[:start].strip()
    return text.split()[0] if starts else ""


def _rated(text: str, client: Found | None) -> Heard:
    feeling, words = FEELING.take(text)
    return Heard(client, int(feeling) if feeling else None, words.strip())
